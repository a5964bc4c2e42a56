"""The audit as a file for auditors: each entry with its place in the chain, so that the file can be verified alone.

A line is one JSON object. Lines of entries hold all that their digest is made of. Where entries were left out, a line
`link` can stand for each, without what it says: then the whole chain can be followed to its end.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.timezone import get_default_timezone

from ledger.audit import AuditEntry, AuditEntryQuerySet, AuditSeal, in_words_of_today
from ledger.chain import BEGINNING, CONTENT, content_digest, moment, seal_digest

PIECE = 2_000
HEADINGS = ("number", "entry", *CONTENT, "sealed_at", "previous", "content", "digest")


def on_days(entries: AuditEntryQuerySet, first: date | None, through: date | None) -> AuditEntryQuerySet:
    """The entries of some days of the product's time zone, both counted."""
    zone = get_default_timezone()
    if first:
        entries = entries.filter(at__gte=datetime.combine(first, time.min, zone))
    if through and through < date.max:
        entries = entries.filter(at__lt=datetime.combine(through + timedelta(days=1), time.min, zone))
    return entries


def exported(entries: AuditEntryQuerySet, *, links: bool = False) -> Iterator[dict[str, Any]]:
    """The sealed ones of some entries by their numbers, each with its seal; with `links` also the places of the
    others, without what they say. A piece is a few questions, however many entries there are."""
    number, last = 0, _last_number()
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


def json_lines(lines: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The file: a line an entry, and at the end the number and digest of the newest of all."""
    for line in lines:
        yield json.dumps(line, ensure_ascii=False) + "\n"
    newest = AuditSeal.objects.order_by("-number").first()
    end = {"number": newest.number, "digest": newest.digest} if newest else None
    yield json.dumps({"newest": end}) + "\n"


def row_of(line: dict[str, Any]) -> list[Any]:
    """A line as a row of a table, to be read: what was changed is JSON, people are people in old entries too."""
    cells = {**line, "detail": json.dumps(line.get("detail"), ensure_ascii=False)}
    cells |= {name: in_words_of_today(line.get(name, "")) for name in ("deed", "subject")}
    return [cells.get(name) for name in HEADINGS]


def complaint_about(lines: Iterable[str]) -> tuple[int, str]:
    """Verify a file without the database: how many entries it holds, and what is wrong first, or nothing."""
    entries, last_number, last_digest = 0, 0, ""
    for text in lines:
        line = json.loads(text)
        if "number" not in line:
            continue
        if complaint := _wrong(line, last_number, last_digest):
            return entries, complaint
        entries += "deed" in line
        last_number, last_digest = line["number"], line["digest"]
    return entries, ""


def _wrong(line: dict[str, Any], last_number: int, last_digest: str) -> str:
    number = line["number"]
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
