"""Changes of the tables of fleet, in order."""
