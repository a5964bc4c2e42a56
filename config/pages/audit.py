"""The audit: who did what, when, from where and why, with what was before and after; and its files for auditors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from config.pages.address import a_number, address_with
from config.pages.attachment import CSV
from config.pages.visit import Visit
from fleet.models import Operator
from fleet.rights import READ_AUDIT, READ_WHOLE_AUDIT
from fleet.sheets.answer_tables import table_in_pieces
from ledger.audit import AuditEntry, AuditEntryQuerySet, record, seal_recent
from ledger.exporting import HEADINGS, exported, json_lines, on_days, row_of

PAGE_SIZE = 50
LONGEST_SHOWN = 300
WORDED, DAYS = ("deed", "subject"), ("first", "through")
PLATFORM = "platform"
JSON_LINES = "application/jsonl; charset=utf-8"
# Told in places of their own.
NOT_REPEATED = {"changed", "why", "reason", "through"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that differs; empty text for what was not there."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One entry as people read it."""

    entry: AuditEntry
    operator: str
    why: str
    changes: tuple[Change, ...]
    more: tuple[tuple[str, str], ...]


def audit_page(visit: Visit) -> HttpResponse:
    """The newest entries that the visitor may read; `?before=` goes on to older ones."""
    asked = _asked(visit)
    entries = _found(visit, asked)
    if before := a_number(visit.request, "before"):
        entries = entries.filter(pk__lt=before)
    rows = list(entries.select_related("seal").order_by("-pk")[: PAGE_SIZE + 1])
    shown, names = rows[:PAGE_SIZE], dict(Operator.objects.values_list("pk", "name"))
    return visit.render(
        "console/audit.html",
        lines=[line_of(each, names) for each in shown],
        asked=asked,
        reads_all=_reads_all(visit),
        operators=Operator.objects.order_by("name") if _reads_all(visit) else (),
        following=address_with(**asked, before=shown[-1].pk) if len(rows) > PAGE_SIZE else "",
        files=address_with(**asked),
    )


def audit_lines(visit: Visit) -> HttpResponseBase:
    """What the page finds, all of it, oldest first, as JSON lines that can be verified."""
    said = {"asked": _told_asked(visit), "by": visit.person.get_username(), "at": visit.now}
    return _file(visit, "jsonl", JSON_LINES, json_lines(_sealed(visit), **said))


def audit_sheet(visit: Visit) -> HttpResponseBase:
    """The same as CSV, to be read."""
    return _file(visit, "csv", CSV, table_in_pieces(HEADINGS, map(row_of, exported(_sealed(visit)))))


def _sealed(visit: Visit) -> AuditEntryQuerySet:
    entries = _found(visit, _asked(visit))
    seal_recent()
    return entries


def _told_asked(visit: Visit) -> dict[str, str]:
    """What a file was asked for, and what its reader may not read in any case."""
    asked = {name: text for name, text in _asked(visit).items() if name not in DAYS or _day(text)}
    if not _reads_all(visit):
        return {**asked, "of": visit.operator.slug}
    return {**asked, "without": "what operators keep to themselves of vendors"}


def _file(visit: Visit, ending: str, kind: str, pieces: Iterator[str]) -> HttpResponseBase:
    """A file that is written as it goes; that it was taken along is on the audit itself."""
    owner = None if _reads_all(visit) else visit.operator.pk
    told = {"format": ending, "asked": _asked(visit)}
    record(deed="audit exported", subject="audit", by=visit.person, operator_id=owner, **told)
    headers = {"Content-Disposition": f'attachment; filename="audit.{ending}"'}
    encoded = (piece.encode() for piece in pieces)
    return StreamingHttpResponse(encoded, content_type=kind, headers=headers)


def line_of(entry: AuditEntry, operators: Mapping[int, str]) -> AuditLine:
    """An entry in words: what differs as before and after, whatever else it says as pairs."""
    detail, changed = entry.detail, entry.detail.get("changed")
    changes = changed if isinstance(changed, dict) else {}
    pairs = {name: value for name, value in changes.items() if isinstance(value, list) and len(value) == 2}
    rest = {
        name: value
        for name, value in detail.items()
        if name not in NOT_REPEATED
        and value not in (None, "", [], {})
        and (name, value) != ("address", entry.came_from)
    }
    if not pairs and changed:
        rest["changed"] = changed
    return AuditLine(
        entry=entry,
        operator=operators.get(entry.operator_id or 0, ""),
        why=str(detail.get("why") or detail.get("reason") or ""),
        changes=tuple(
            Change(name=_words(name), before=_shown(old), after=_shown(new))
            for name, (old, new) in pairs.items()
        ),
        more=tuple((_words(name), _shown(value)) for name, value in rest.items()),
    )


def _found(visit: Visit, asked: Mapping[str, str]) -> AuditEntryQuerySet:
    entries = _readable(visit, asked.get("of", ""))
    for name in WORDED:
        if asked.get(name):
            entries = entries.worded(name, asked[name])
    if asked.get("by"):
        entries = entries.filter(by_name__iexact=asked["by"])
    return on_days(entries, _day(asked.get("first", "")), _day(asked.get("through", "")))


def _readable(visit: Visit, of: str) -> AuditEntryQuerySet:
    """All for the platform's staff who may, but for what operators keep to themselves; else the deeds at the operator
    that is shown, for its managers. Raises PermissionDenied."""
    if not _reads_all(visit):
        if visit.chosen is None or not visit.may(READ_AUDIT):
            raise PermissionDenied("Only a manager of this operator reads its audit.")
        return AuditEntry.objects.of(visit.operator.pk)
    entries = AuditEntry.objects.all().read_by_platform(visit.person.memberships.values("operator_id"))
    if of == PLATFORM:
        return entries.filter(operator_id__isnull=True)
    return entries.filter(operator_id__in=Operator.objects.filter(slug=of).values("pk")) if of else entries


def _reads_all(visit: Visit) -> bool:
    return visit.keeps_register and bool(visit.person.has_perm(READ_WHOLE_AUDIT))


def _asked(visit: Visit) -> dict[str, str]:
    names = ("of", *WORDED, "by", *DAYS)
    return {
        name: text
        for name in names
        if (text := visit.request.GET.get(name, "").replace("\0", "").strip()[:120])
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _words(name: str) -> str:
    return name.replace("_", " ")


def _shown(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if isinstance(value, list) and all(isinstance(each, str | int) for each in value):
        text = ", ".join(map(str, value))
    if isinstance(value, bool):
        text = "yes" if value else "no"
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
