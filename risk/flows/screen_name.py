"""All lists in force -> one screener, made once a process and edition -> what a name is like."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError

from risk.engine.screening import HitCandidate, ScreenedParty, Screener
from risk.flows.lists_in_force import screener_of
from risk.models import ListEdition, ScreeningRun


def screen_party(party: ScreenedParty, *, list_code: str | None = None) -> tuple[HitCandidate, ...]:
    """The hits at or over the threshold of review, strongest first.

    Raises ValidationError where no list is loaded, or none with that code: that nobody was found on a list that
    nobody looked at would read as clean.
    """
    editions = ListEdition.objects.in_force()
    known = sorted({code for edition in editions for code in edition.rows})
    if not known:
        raise ValidationError(
            "No government list is loaded; run `manage.py load_list FORMAT FILE`.", code="no_list_loaded"
        )
    if list_code is not None and list_code not in known:
        raise ValidationError(
            f"No list {list_code} is loaded; there are {', '.join(known)}.", code="list_unknown"
        )
    return _screener(editions).screen(party, list_code=list_code)


def screener_in_force() -> Screener | None:
    """All lists in force, ready to be asked about many names; None where none is loaded."""
    editions = ListEdition.objects.in_force()
    return _screener(editions) if editions else None


def _screener(editions: Sequence[ListEdition]) -> Screener:
    last = ScreeningRun.objects.last_run()
    return screener_of(editions, last.weights if last else None)
