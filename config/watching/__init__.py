"""What those who run the product ask of it: whether it is ready, and how it does in figures."""
