"""The pictures of README and docs: which there are, and how they are made."""
