"""The audit as a file for auditors: each entry with its place in the chain, so that the file can be verified alone.

A line is one JSON object. Lines of entries hold all that their digest is made of. Where entries were left out, a line
`link` can stand for each, without what it says: then the whole chain can be followed to its end. The last line tells
what was asked and how much it is, and is signed (ledger.closing).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.timezone import get_default_timezone

from ledger.audit import AuditEntry, AuditEntryQuerySet, AuditSeal, in_words_of_today
from ledger.chain import BEGINNING, CONTENT, content_digest, moment, seal_digest
from ledger.closing import Tally, closed, complaint_about_end

PIECE = 2_000
HEADINGS = ("number", "entry", *CONTENT, "sealed_at", "previous", "content", "digest")
NAMES = frozenset((*HEADINGS, "link"))


def on_days(entries: AuditEntryQuerySet, first: date | None, through: date | None) -> AuditEntryQuerySet:
    """The entries of some days of the product's time zone, both counted."""
    zone = get_default_timezone()
    if first:
        entries = entries.filter(at__gte=datetime.combine(first, time.min, zone))
    if through and through < date.max:
        entries = entries.filter(at__lt=datetime.combine(through + timedelta(days=1), time.min, zone))
    return entries


def exported(
    entries: AuditEntryQuerySet, *, links: bool = False, through: int | None = None
) -> Iterator[dict[str, Any]]:
    """The sealed ones of some entries by their numbers, each with its seal; with `links` also the places of the
    others, without what they say. A piece is a few questions, however many entries there are."""
    number, last = 0, _last_number() if through is None else through
    while number < last:
        if links:
            seals = list(_seals().filter(number__gt=number, number__lte=last)[:PIECE])
            told = {each.pk: each for each in entries.filter(pk__in=[each.entry_id for each in seals])}
        else:
            rows = entries.filter(seal__number__gt=number, seal__number__lte=last).select_related("seal")
            told = {each.pk: each for each in rows.order_by("seal__number")[:PIECE]}
            seals = [each.seal for each in told.values()]
        if not seals:
            return
        previous = _digests_before(seals)
        for seal in seals:
            yield _line(seal, told.get(seal.entry_id), previous.get(seal.number - 1, BEGINNING))
        number = seals[-1].number


def json_lines(
    entries: AuditEntryQuerySet, *, asked: Mapping[str, Any], by: str, at: datetime, links: bool = False
) -> Iterator[str]:
    """The file: a line an entry, and the last with what was `asked`, by whom and when, and the newest of the chain at
    that moment."""
    newest, tally = AuditSeal.objects.order_by("-number").first(), Tally()
    for line in exported(entries, links=links, through=newest.number if newest else 0):
        tally.take(line)
        yield json.dumps(line, ensure_ascii=False) + "\n"
    end = {"number": newest.number, "digest": newest.digest} if newest else None
    said = {"newest": end, "asked": {**asked, "links": links}, "by": by, "at": moment(at)}
    yield json.dumps(closed(tally, said), ensure_ascii=False) + "\n"


def row_of(line: dict[str, Any]) -> list[Any]:
    """A line as a row of a table, to be read: what was changed is JSON, people are people in old entries too."""
    cells = {**line, "detail": json.dumps(line.get("detail"), ensure_ascii=False)}
    cells |= {name: in_words_of_today(line.get(name, "")) for name in ("deed", "subject")}
    return [cells.get(name) for name in HEADINGS]


@dataclass(kw_only=True)
class FileSeen:
    """A file of an export as it was read: how much, its last line, and what is wrong first, or nothing."""

    tally: Tally = field(default_factory=Tally)
    end: dict[str, Any] = field(default_factory=dict)
    complaint: str = ""


def file_seen(lines: Iterable[bytes], *, keys: Collection[str], unsigned: bool = False) -> FileSeen:
    """Verify a file without the database; `keys` are the public keys that are believed. `unsigned`: as far as it can
    be without a last line. Raises ValueError, KeyError or TypeError for what is no export."""
    seen, last_number, last_digest = FileSeen(), 0, ""
    for text in lines:
        line = json.loads(text)
        after_end = "Something stands after the closing line." if seen.end else ""
        seen.complaint = after_end or _wrong(line, last_number, last_digest)
        if seen.complaint:
            return seen
        if "number" in line:
            seen.tally.take(line)
            last_number, last_digest = line["number"], line["digest"]
        else:
            seen.end = line
    if not unsigned:
        seen.complaint = complaint_about_end(seen.end, seen.tally, keys)
    return seen


def _wrong(line: dict[str, Any], last_number: int, last_digest: str) -> str:
    if "number" not in line:
        return ""
    number = line["number"]
    if strange := sorted(set(line) - NAMES):
        return f"Number {number} says something that no entry does: {strange[0]}."
    if number <= last_number:
        return f"Number {number} stands after number {last_number}."
    if number == last_number + 1 and last_number and line["previous"] != last_digest:
        return f"Number {number} does not follow from number {last_number}."
    if "deed" in line and content_digest(line) != line["content"]:
        return f"Entry {line['entry']} (number {number}) was altered."
    parts = {name: line[name] for name in ("number", "entry", "previous", "content", "sealed_at")}
    return "" if seal_digest(**parts) == line["digest"] else f"The seal of number {number} was altered."


def _line(seal: AuditSeal, entry: AuditEntry | None, previous: str) -> dict[str, Any]:
    return {
        "number": seal.number,
        "entry": seal.entry_id,
        **(entry.told if entry else {"link": True}),
        "sealed_at": moment(seal.sealed_at),
        "previous": previous,
        "content": seal.content,
        "digest": seal.digest,
    }


def _seals() -> Any:
    return AuditSeal.objects.order_by("number")


def _last_number() -> int:
    last = AuditSeal.objects.order_by("-number").values_list("number", flat=True).first()
    return int(last or 0)


def _digests_before(seals: list[AuditSeal]) -> dict[int, str]:
    known = {each.number: each.digest for each in seals}
    lacking = [each.number - 1 for each in seals if each.number - 1 not in known]
    return known | dict(AuditSeal.objects.filter(number__in=lacking).values_list("number", "digest"))
