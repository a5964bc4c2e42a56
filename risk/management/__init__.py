"""The command line of risk."""
