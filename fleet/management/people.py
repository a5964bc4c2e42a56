"""What a command of Django's saves of a person, put on the audit in the transaction that saves it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models.signals import post_save

from fleet.models import User
from fleet.models.signing_in import subject_of
from ledger.audit import differing, record
from ledger.origins import Door, coming_from, running_as


@contextmanager
def people_on_record(command: str, deed: str) -> Iterator[None]:
    """For as long as the block lasts, a person who is saved is an entry: `deed`, from that command."""

    def note(instance: User, created: bool, **_: Any) -> None:
        said = {"username": instance.get_username(), "is_superuser": instance.is_superuser}
        told: dict[str, Any] = {"changed": differing({}, said)} if created else {}
        record(deed=deed, subject=subject_of(instance), **told)

    with coming_from(Door.COMMAND, running_as(command)):
        post_save.connect(note, sender=User, weak=False)
        try:
            yield
        finally:
            post_save.disconnect(note, sender=User)
