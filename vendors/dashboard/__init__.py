"""What the console shows of a vendor, worked out as frozen values; no rule of the field is decided here."""
