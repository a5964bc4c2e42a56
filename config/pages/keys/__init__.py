"""API keys for an operator's managers: the list, one with its record, a new one, and how each ends."""
