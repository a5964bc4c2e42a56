"""The commands of vendors, as docs/commands.md tells them."""
