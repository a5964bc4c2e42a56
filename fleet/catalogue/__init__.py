"""The rig models of the field and the ways in which people write their names, shipped as data."""
