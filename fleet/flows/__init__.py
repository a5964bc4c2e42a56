"""The data paths of the fleet, and nothing else."""
