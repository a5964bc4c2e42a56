"""Changes of the tables of risk, in order."""
