"""How days and moments are written on every page, by language, where Django looks for it."""
