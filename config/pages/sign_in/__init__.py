"""The door of the console, and what people keep of it: second steps, passwords, sessions."""
