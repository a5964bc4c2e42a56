"""The makers of the field as far as sources tell: names, seats, ties, suppliers, assembly. Shipped data."""
