"""The commands of risk, as docs/commands.md tells them."""
