"""The data paths of risk, and nothing else."""
