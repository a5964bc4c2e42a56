"""What every address of the API shares: problems, pages, limits, answers given once. Knows no other app."""
