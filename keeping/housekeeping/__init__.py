"""What goes by itself, when, and what keeps it: one list of rules, one way to follow them."""
