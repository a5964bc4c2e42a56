"""Risk for programs: the exposed share, and what would become of it."""
