"""The rules followed: counted, or carried out in batches, each a transaction of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from keeping.archive.kept_files import names_in
from keeping.archive.tables import all_tables
from keeping.housekeeping.rules import RULES, Rule
from ledger.isolating import by_itself
from ledger.models import record

AT_ONCE = 500
STRAY = "stray_files"
"""Files that no row names: a process was killed between the file and its row."""


@dataclass(frozen=True)
class Cleared:
    """What went of one rule, or would go."""

    name: str
    what: str
    days: int
    rows: int


def housekeep(*, now: datetime, is_dry: bool = False, only: Iterable[str] = ()) -> list[Cleared]:
    """Clear what was kept for as long as KEEP_DAYS tells, of all rules or `only` of some. Safe to run twice, and at
    once. A rule that fails is logged, and the others are followed. What went is on record in the audit trail."""
    asked = set(only)
    done = []
    for name, what, step in _steps(now, is_dry):
        days = settings.KEEP_DAYS[name]
        if days and (not asked or name in asked):
            with by_itself(f"Clearing {name}"):
                done.append(Cleared(name, what, days, step(now - timedelta(days=days))))
    if not is_dry and (went := {each.name: each.rows for each in done if each.rows}):
        record(deed="housekeeping", subject="housekeeping", cleared=went)
    return done


def _steps(now: datetime, is_dry: bool) -> Iterator[tuple[str, str, Any]]:
    for rule in RULES:
        yield rule.name, rule.what, partial(_count if is_dry else _clear, rule, now)
    yield STRAY, "kept files that no row names", partial(_stray, is_dry)


def _count(rule: Rule, _: datetime, before: datetime) -> int:
    return rule.due(before).count()


def _clear(rule: Rule, now: datetime, before: datetime) -> int:
    """Follow a rule, the oldest first; how many rows it was."""
    cleared, last = 0, None
    while batch := _batch(rule, before, last):
        last = batch[-1].pk
        with transaction.atomic():
            # Asked again, and held: what a person took up meanwhile stays.
            rows = list(_held(rule.due(before), batch))
            for row in rows:
                _clear_row(rule, row, now)
        cleared += len(rows)
    return cleared


def _batch(rule: Rule, before: datetime, last: Any) -> list[Any]:
    rows = rule.due(before).order_by("pk")
    return list((rows if last is None else rows.filter(pk__gt=last)).only("pk")[:AT_ONCE])


def _held(rows: Any, batch: list[Any]) -> Any:
    return rows.filter(pk__in=[row.pk for row in batch]).select_for_update(of=("self",))


def _clear_row(rule: Rule, row: Any, now: datetime) -> None:
    if rule.instead:
        days = settings.KEEP_DAYS[rule.name]
        rule.instead(row, now, f"kept for {days} days")
        return
    name = getattr(row, rule.file).name if rule.file else ""
    row.delete()
    if name:
        transaction.on_commit(partial(default_storage.delete, name))


def _stray(is_dry: bool, before: datetime) -> int:
    """Files are there before their rows, so only old ones are strays."""
    named = set(names_in(all_tables(apps), "default"))
    strays = [path for name, path in _lying(before) if name not in named]
    for path in [] if is_dry else strays:
        path.unlink(missing_ok=True)
    return len(strays)


def _lying(before: datetime) -> list[tuple[str, Path]]:
    """What was laid into the folder of kept files before a moment, by its name there."""
    root = Path(settings.MEDIA_ROOT)
    old = (path for path in root.rglob("*") if path.is_file() and _laid_at(path) < before)
    return [(path.relative_to(root).as_posix(), path) for path in old]


def _laid_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
