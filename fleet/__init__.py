"""The fleet: sites, lots and rigs of an operator, and the sheets that they come from."""
