"""The only word that fleet says to the outside, inside the transaction of the change."""

from django.dispatch import Signal

# lot_ids: the lots whose facts changed, or what they hold and its value; cause: one short sentence for the record.
lots_changed = Signal()
