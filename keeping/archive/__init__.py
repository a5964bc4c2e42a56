"""Backups: one file with every row, every kept file, and a manifest that says what must be in it."""
