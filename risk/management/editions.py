"""Which policy edition a command asks about."""

from __future__ import annotations

from django.core.management.base import CommandError

from risk.models import PolicyEdition


def edition_numbered(number: int | None) -> PolicyEdition:
    """The edition of a number, or the current one; a refusal when there is none."""
    if number is None:
        edition = PolicyEdition.objects.current()
        sentence = "No policy edition is published; run `manage.py load_policies --publish`."
    else:
        edition = PolicyEdition.objects.filter(number=number).first()
        sentence = f"There is no policy edition {number}."
    if edition is None:
        raise CommandError(sentence, returncode=1)
    return edition
