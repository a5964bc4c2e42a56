"""Pages of the vendor register: the list, a record with all that is said of it, changing it, merging two."""
