"""Company names: into Latin letters, into words without legal forms, compared word by word, found among many."""

NORMALISER_VERSION = 1
"""Goes up with every change of a rule or a table here: what was stored under another version is made anew."""
