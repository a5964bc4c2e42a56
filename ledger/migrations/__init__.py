"""Changes of the tables of ledger, in order."""
