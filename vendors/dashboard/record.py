"""A vendor's record as the console shows it: every fact in words, with its period, its source and whose it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from ledger.models import AuditEntry
from risk.dashboard import words
from vendors.dashboard.ownership import period_in_words
from vendors.flows.merge_vendors import merge_sentence
from vendors.models import Vendor, VendorDocument
from vendors.models.kinds import KINDS, Kind
from vendors.services.audited import subject_of

DEEDS_SHOWN = 30
FIELD_WORDS = {"share_low": "share, at least", "share_high": "share, at most", "kept_by": "kept by"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FactLine:
    """One fact: what it says, more of it, when it holds and who says so. `is_own`: an operator's, seen by it
    alone; `may_change`: whether the reader may."""

    row: int
    told: str
    more: str
    period: str
    source: str
    confidence: str
    note: str
    is_own: bool
    may_change: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """All facts of one kind."""

    name: str
    title: str
    thing: str
    lines: tuple[FactLine, ...]
    has_sources: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """One paper. `standing` is "in force", "expired", "not yet in force" or "withdrawn"."""

    row: int
    title: str
    kind: str
    issued: str
    expires: str
    standing: str
    told: str
    sha256: str
    has_file: bool
    expires_on: date | None
    is_own: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One deed: when, who, what, why, and what differs."""

    number: int
    at: Any
    by: str
    deed: str
    why: str
    told: tuple[str, ...]
    is_own: bool


MayChange = Callable[[Kind, Any], bool]


def sections_of(vendor: Vendor, *, operator: Any, may_change: MayChange) -> tuple[Section, ...]:
    """The kinds of facts with those that an operator may see; one query a kind. Documents are told apart.

    `may_change`: whether the reader may change a row of a kind.
    """
    kinds = [kind for kind in KINDS.values() if kind.name != "documents"]
    return tuple(_section(vendor, kind, operator, may_change) for kind in kinds)


def documents_of(
    vendor: Vendor, *, operator: Any, today: date, may_change: MayChange
) -> tuple[DocumentLine, ...]:
    """The papers that an operator may see, those in force first."""
    rows = VendorDocument.objects.visible_to(operator).filter(vendor=vendor).select_related("added_by")
    kind = KINDS["documents"]
    lines = [_document(row, today, may_change(kind, row)) for row in rows.order_by("-pk")]
    order = ["in force", "not yet in force", "expired", "withdrawn"]
    return tuple(sorted(lines, key=lambda line: order.index(line.standing)))


def documents_in_words(lines: Sequence[DocumentLine]) -> str:
    """ "2 in force, the next expires 20 Dec 2026; 1 expired", or "none on file"."""
    counts = Counter(line.standing for line in lines)
    ends = [line.expires_on for line in lines if line.standing == "in force" and line.expires_on]
    following = f", the next expires {words.day(min(ends))}" if ends else ""
    told = [
        f"{count} {standing}{following if standing == 'in force' else ''}"
        for standing, count in counts.items()
    ]
    return "; ".join(told) or "none on file"


def history_of(
    vendor: Vendor, *, operator: Any, before: int | None = None
) -> tuple[tuple[HistoryLine, ...], int | None]:
    """The deeds that an operator may see, newest first, those of merged records too; and where older ones begin."""
    kept = Q(operator_id=operator.pk) | Q(operator_id=None) if operator else Q(operator_id=None)
    records = [vendor, *Vendor.objects.visible_to(operator).filter(merged_into=vendor)]
    deeds = AuditEntry.objects.filter(kept, subject__in=[subject_of(each) for each in records])
    # A merge stands on record at both vendors; once is enough to read.
    others = [subject_of(each) for each in records[1:]]
    deeds = deeds.exclude(deed="vendors merged", subject__in=others)
    if before:
        deeds = deeds.filter(pk__lt=before)
    rows = list(deeds.select_related("by").order_by("-pk")[: DEEDS_SHOWN + 1])
    shown = rows[:DEEDS_SHOWN]
    return tuple(_deed(row) for row in shown), shown[-1].pk if len(rows) > DEEDS_SHOWN else None


def _section(vendor: Vendor, kind: Kind, operator: Any, may_change: MayChange) -> Section:
    rows = kind.rows.filter(vendor=vendor)
    if kind.is_scoped:
        rows = rows.filter(Q(operator__isnull=True) | Q(operator=operator) if operator else Q(operator=None))
    related = {"ties": ("document", "vendor"), "notes": ("written_by",)}.get(kind.name, ())
    rows = rows.select_related(*related) if related else rows
    return Section(
        name=kind.name,
        title=kind.title,
        thing=kind.thing,
        lines=tuple(_fact(row, kind, may_change(kind, row)) for row in rows.order_by("pk")),
        has_sources="source" in kind.fields,
    )


def _fact(row: Any, kind: Kind, may_change: bool) -> FactLine:
    told, more = WORDS[kind.name](row)
    return FactLine(
        row=row.pk,
        told=told,
        more=", ".join(each for each in more if each),
        period=period_in_words(getattr(row, "since", ""), getattr(row, "through", "")),
        source=getattr(row, "source", ""),
        confidence=getattr(row, "confidence", ""),
        note=getattr(row, "note", ""),
        is_own=getattr(row, "operator_id", None) is not None,
        may_change=may_change,
    )


Told = tuple[str, Iterable[str]]


def _country(code: str) -> str:
    return words.country(code) if code else ""


def _name(row: Any) -> Told:
    return row.name, (row.kind, row.script, row.language, _country(row.country))


def _identifier(row: Any) -> Told:
    return row.value, (row.get_system_display(), _country(row.country))


def _tie(row: Any) -> Told:
    share = f"share {row.share}" if row.holding() else ""
    paper = f"document: {row.document}" if row.document else ""
    return row.other_party, (row.kind, row.relation if row.relation != row.kind else "", share, paper)


def _site(row: Any) -> Told:
    customer = f"for {row.customer}" if row.customer else ""
    return _country(row.country) or "country not known", (row.place, customer)


def _contested(row: Any) -> Told:
    until = f"through {words.day(row.through_date)}" if row.through_date else ""
    reported = f"reported {words.day(row.reported_on)}" if row.reported_on else ""
    return words.country(row.country), (f"entries from {words.day(row.first_date)}", until, reported)


def _note(row: Any) -> Told:
    by = f"by {row.written_by}" if row.written_by else ""
    return row.text, (words.day(row.written_at), by)


WORDS: Mapping[str, Callable[[Any], Told]] = {
    "names": _name,
    "identifiers": _identifier,
    "roles": lambda row: (row.get_role_display(), ()),
    "addresses": lambda row: (row.lines, (row.get_kind_display(), _country(row.country))),
    "ties": _tie,
    "sites": _site,
    "contested": _contested,
    "statements": lambda row: (
        row.told,
        (row.get_kind_display(), row.other_party, _country(row.country)),
    ),
    "contacts": lambda row: (row.name, (row.position, row.email, row.phone)),
    "notes": _note,
}


def _document(row: VendorDocument, today: date, may_change: bool) -> DocumentLine:
    by = f" by {row.added_by}" if row.added_by else ""
    withdrawn = (
        f"withdrawn {words.day(row.withdrawn_at)}: {row.withdrawn_because}" if row.withdrawn_at else ""
    )
    return DocumentLine(
        row=row.pk,
        title=row.title,
        kind=row.get_kind_display(),
        issued=words.day(row.issued_on) if row.issued_on else "–",
        expires=f"{words.day(row.expires_on)}, {words.days_until(row.expires_on, today)}"
        if row.expires_on
        else "no end",
        standing=_standing(row, today),
        told=withdrawn or f"added {words.day(row.added_at)}{by}",
        sha256=row.sha256,
        has_file=bool(row.file),
        expires_on=row.expires_on,
        is_own=row.operator_id is not None,
        may_withdraw=may_change and not row.withdrawn_at,
    )


def _standing(row: VendorDocument, today: date) -> str:
    if row.withdrawn_at:
        return "withdrawn"
    if row.expires_on and row.expires_on <= today:
        return "expired"
    return "not yet in force" if row.issued_on and row.issued_on > today else "in force"


def _deed(entry: AuditEntry) -> HistoryLine:
    detail = entry.detail
    return HistoryLine(
        number=entry.pk,
        at=entry.at,
        by=str(entry.by or detail.get("through") or "the product"),
        deed=entry.deed,
        why=detail.get("why", ""),
        told=tuple(_told(detail)),
        is_own=entry.operator_id is not None,
    )


def _told(detail: Mapping[str, Any]) -> Iterable[str]:
    if "into_id" in detail:
        yield merge_sentence(detail["merged"], detail["into"], detail["moved"], detail["stayed"])
    if "told" in detail:
        yield detail["told"]
    for name, (old, new) in detail.get("changed", {}).items():
        field = FIELD_WORDS.get(name, name.replace("_", " "))
        yield f"{field}: {old or 'nothing'} → {new or 'nothing'}"
    if said := detail.get("said"):
        yield ", ".join(str(value) for value in said.values())
    if "title" in detail:
        yield detail["title"]
