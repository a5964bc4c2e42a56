"""What the ledger says to the outside, inside the transaction: an event went into the outbox."""

from django.dispatch import Signal

event_told = Signal()
"""Sent with `event`; after the commit it is there for everybody, after a rollback it never was."""
