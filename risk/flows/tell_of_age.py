"""Law and lists that have grown old -> one alert for each edition, for those who can bring a newer one and for every
operator whose numbers rest on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.conf import settings

from fleet.models import Operator
from risk.flows.alert_rows import put_on_record, rules_of
from risk.flows.tell_of_screening import is_stale
from risk.models import Alert, AlertKind, ListEdition, PolicyEdition

Told = tuple[AlertKind, str, str]


def tell_of_age(today: date, *, now: datetime) -> int:
    """Put on record that what is in force is older than the settings allow; returns how many alerts are new, for
    what was told of once is not told again."""
    old = [*_old_law(today), *_old_lists(today)]
    return put_on_record(each for told in old for each in _alerts(told, now)) if old else 0


def _alerts(told: Told, now: datetime) -> Iterator[Alert]:
    """For those who keep the register, and for each operator whose rule asks for it."""
    kind, about, sentence = told
    rules = rules_of(Operator.objects.order_by("pk"))
    for operator_id in [None, *(pk for pk, rule in rules.items() if rule.wants(kind))]:
        yield Alert(
            kind=kind, operator_id=operator_id, about=about, cause=about, sentence=sentence, made_at=now
        )


def days_unverified(edition: PolicyEdition | None, today: date) -> int | None:
    """Days since the law of an edition was last checked; None through that day, and where nobody said when it was."""
    if edition is None or edition.verified_through is None or today <= edition.verified_through:
        return None
    return (today - edition.verified_through).days


def is_law_stale(days: int | None) -> bool:
    """Whether law that was last checked so many days ago is older than POLICY_STALE_AFTER_DAYS."""
    return days is not None and days > settings.POLICY_STALE_AFTER_DAYS


def _old_law(today: date) -> Iterator[Told]:
    edition = PolicyEdition.objects.current()
    days = days_unverified(edition, today)
    if edition and is_law_stale(days):
        sentence = (
            f"The law was last checked through {edition.verified_through}, {days} days ago (edition "
            f"{edition.number}). What changed since is in no number; check it and publish a new edition."
        )
        yield AlertKind.LAW_STALE, f"edition {edition.number} {edition.digest}", sentence


def _old_lists(today: date) -> Iterator[Told]:
    for edition in ListEdition.objects.in_force():
        if is_stale(edition, today):
            sentence = (
                f"The list {edition} is older than {settings.LIST_STALE_AFTER_DAYS} days, so no maker counts as "
                "screened against it; load a newer one."
            )
            yield AlertKind.LIST_STALE, f"{edition} {edition.sha256}"[:120], sentence
