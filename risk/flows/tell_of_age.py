"""Law and lists that have grown old -> one notice for each edition, for those who can bring a newer one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.conf import settings

from risk.flows.tell_of_screening import is_own, stale_after
from risk.models import ListEdition, Notice, PolicyEdition

LAW_STALE, LIST_STALE = "policy.stale", "list.stale"
Told = tuple[str, str, str]


def tell_of_age(today: date, *, now: datetime) -> int:
    """Put on record that what is in force is older than the settings allow; returns how many notices are new, for
    what was told of once is not told again."""
    made = [
        Notice.objects.get_or_create(kind=kind, about=about, defaults={"sentence": sentence, "made_at": now})[
            1
        ]
        for kind, about, sentence in (*_old_law(today), *_old_lists(today))
    ]
    return sum(made)


def _old_law(today: date) -> Iterator[Told]:
    edition = PolicyEdition.objects.current()
    if edition is None or edition.verified_through is None:
        return
    days = (today - edition.verified_through).days
    if days > settings.POLICY_STALE_AFTER_DAYS:
        sentence = (
            f"The law was last checked through {edition.verified_through}, {days} days ago (edition "
            f"{edition.number}). What changed since is in no number; check it and publish a new edition."
        )
        yield LAW_STALE, f"edition {edition.number} {edition.digest}", sentence


def _old_lists(today: date) -> Iterator[Told]:
    for edition in ListEdition.objects.in_force():
        if not is_own(edition) and today > edition.data_date + stale_after():
            sentence = (
                f"The list {edition} is older than {settings.LIST_STALE_AFTER_DAYS} days, so no maker counts as "
                "screened against it; load a newer one."
            )
            yield LIST_STALE, f"{edition} {edition.sha256}"[:120], sentence
