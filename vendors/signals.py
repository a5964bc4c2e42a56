"""What vendors tell the outside, inside the transaction of the change."""

from django.dispatch import Signal

# vendor_ids: the vendors whose facts (names, ties, contested origins) now read differently.
vendors_changed = Signal()
