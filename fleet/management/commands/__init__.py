"""The commands of fleet, as docs/commands.md tells them."""
