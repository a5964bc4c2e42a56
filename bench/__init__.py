"""Benchmarks: what the product's work costs, beside what it is compared with, in one run (docs/benchmarks.md)."""
