"""Webhooks for an operator's managers: the list, one with its log, one delivery, and every deed."""
