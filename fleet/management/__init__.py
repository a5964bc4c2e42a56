"""The command line of fleet."""
