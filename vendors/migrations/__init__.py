"""Changes of the tables of vendors, in order."""
