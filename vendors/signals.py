"""What vendors tell the outside, inside the transaction of the change."""

from django.dispatch import Signal

# vendor_ids, cause: the vendors of which something that screening or exposure reads (names, home, identifiers, ties,
# contested origins) now reads differently.
vendors_changed = Signal()

# vendor_ids: the vendors that are now called otherwise, or of which other models now are.
vendors_renamed = Signal()

# from_id, into_id: what pointed at the first points at the second now, rows of other apps too.
vendors_merged = Signal()
