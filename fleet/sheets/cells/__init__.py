"""From a raw cell to a typed value: one module for each sort of thing that a cell can hold."""
