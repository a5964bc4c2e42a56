"""Values that cannot be wrong: once made, an HTS code, a country, an amount or a span is a valid one."""
