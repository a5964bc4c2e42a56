"""What is kept and what goes: backups, restores, moves between databases, and housekeeping."""
