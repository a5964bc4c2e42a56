"""From a file to raw cells: what kind of file it is, and how each is read without danger to the caller."""
