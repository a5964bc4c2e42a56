"""What happened, for every app: the audit entries that nobody edits."""
