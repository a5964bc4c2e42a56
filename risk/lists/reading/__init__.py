"""What every list format reads alike: text and its encoding, tables, days, places, citations, remarks."""
