"""The guided upload: a page a step, each with a question about the file that was sent (docs/adr/0004)."""
