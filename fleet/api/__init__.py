"""The fleet's part of the API: who calls, and what they may see, send and take back."""
