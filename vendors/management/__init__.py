"""The command line of vendors."""
