"""Facts in, findings out: every rule of the field, in plain Python without Django, clock or network."""
