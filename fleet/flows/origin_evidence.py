"""Evidence of origin: which lots and rigs a paper covers, brought to it in bulk, and read back for the engine."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from itertools import takewhile
from operator import or_

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from fleet.models import EvidenceRange, Lot, Operator, OriginEvidence, Rig
from fleet.selectors import in_chunks
from fleet.sheets.cells.identities import identity_of
from risk.engine.reserve import EvidenceOfOrigin, Strength
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.spans import ONE_DAY, DateSpan

BEGINNINGS_A_QUERY = 200
LOT_FILTERS = {
    "entry_number": "entry_number",
    "purchase_order": "purchase_order",
    "maker": "model__maker__name",
    "origin": "country_of_origin",
}


@dataclass(frozen=True, slots=True)
class SerialRange:
    """Serial numbers from the first through the last, letter by letter, case aside; both of one length."""

    first: str
    last: str
    ends: tuple[str, str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ends", (identity_of(self.first), identity_of(self.last)))

    @classmethod
    def of(cls, first: str, last: str) -> SerialRange:
        """A range as typed. Raises ValidationError for ends of different lengths or the wrong way round."""
        first, last = first.strip(), last.strip()
        ends = identity_of(first), identity_of(last)
        if not first or len(ends[0]) != len(ends[1]) or ends[0] > ends[1]:
            sentence = (
                f"'{first}' to '{last}' is no range of serial numbers: both ends need the same length, the "
                "lower one first."
            )
            raise ValidationError(sentence, code="serial_range_wrong")
        return cls(first, last)

    @property
    def beginning(self) -> str:
        """What all its serial numbers begin with."""
        alike = takewhile(lambda pair: pair[0] == pair[1], zip(*self.ends, strict=True))
        return "".join(letter for letter, _ in alike)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredRig:
    """A rig on record whose serial number a range names; its value None where the sheet has none."""

    pk: int
    lot_id: int
    identity: str
    value_cents: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperOnRecord:
    """A paper that was not withdrawn, as the engine takes it, with what it covers."""

    pk: int
    evidence: EvidenceOfOrigin
    lot_ids: frozenset[int]
    ranges: tuple[SerialRange, ...]


def lots_covered(operator: Operator, *, lot_ids: Iterable[int], filters: dict[str, str]) -> set[int]:
    """The operator's lots by id and by a filter whose words must all agree; two queries.

    Raises ValidationError for a lot of somebody else, a filter that is none and one that finds nothing.
    """
    wanted = set(lot_ids)
    found = {
        pk
        for some in in_chunks(wanted)
        for pk in Lot.objects.of(operator).filter(pk__in=some).values_list("pk", flat=True)
    }
    if lacking := wanted - found:
        raise ValidationError(f"There is no lot {min(lacking)}.", code="lot_unknown")
    asked = {name: value.strip() for name, value in filters.items() if value.strip()}
    return found | set(_filtered(operator, asked)) if asked else found


class SerialRegister:
    """Rigs in the order of their serial numbers, so that a range is a slice however many there are."""

    def __init__(self, rigs: Iterable[CoveredRig]) -> None:
        self._rigs = sorted(rigs, key=lambda rig: _place(rig.identity))
        self._places = [_place(rig.identity) for rig in self._rigs]

    def within(self, ranges: Iterable[SerialRange]) -> list[CoveredRig]:
        """The rigs that at least one of the ranges names, each once."""
        found = {rig.pk: rig for each in ranges for rig in self._slice(each)}
        return list(found.values())

    def _slice(self, named: SerialRange) -> list[CoveredRig]:
        first, last = (_place(end) for end in named.ends)
        return self._rigs[bisect_left(self._places, first) : bisect_right(self._places, last)]


def rigs_in(operator: Operator, ranges: Iterable[SerialRange]) -> list[CoveredRig]:
    """The rigs whose serial numbers the ranges name; a query for some hundred ranges. What the database finds by
    the beginning is compared here, since databases order letters in their own ways."""
    ranges = tuple(set(ranges))
    found: dict[int, CoveredRig] = {}
    for some in in_chunks({each.beginning for each in ranges}, BEGINNINGS_A_QUERY):
        begins = reduce(or_, (Q(serial_number__istartswith=beginning) for beginning in some))
        rows = Rig.objects.of(operator).filter(begins, serial_number__isnull=False)
        for pk, lot, serial, cents in rows.values_list(
            "pk", "lot_id", "serial_number", "customs_value_cents"
        ):
            found[pk] = CoveredRig(pk=pk, lot_id=lot, identity=identity_of(serial or ""), value_cents=cents)
    return SerialRegister(found.values()).within(ranges)


def _place(identity: str) -> tuple[int, str]:
    """Serial numbers of one length stand together, so that a range holds no longer and no shorter ones."""
    return len(identity), identity


def attach(evidence: OriginEvidence, *, lot_ids: Iterable[int], ranges: Iterable[SerialRange]) -> set[int]:
    """Put lots and ranges under a paper, in a few queries for any number of rigs; what is there already stays.
    Returns the lots that it now touches."""
    operator = evidence.operator
    through, lot_ids, ranges = OriginEvidence.lots.through, set(lot_ids), tuple(ranges)
    links = [through(originevidence_id=evidence.pk, lot_id=pk) for pk in sorted(lot_ids)]
    through.objects.bulk_create(links, batch_size=1000, ignore_conflicts=True)
    rows = [EvidenceRange(evidence=evidence, first=each.first, last=each.last) for each in ranges]
    EvidenceRange.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    return lot_ids | {rig.lot_id for rig in rigs_in(operator, ranges)}


def lots_under(evidence: OriginEvidence) -> set[int]:
    """Every lot of which a paper covers at least one rig."""
    ranges = [SerialRange(each.first, each.last) for each in evidence.ranges.all()]
    lots = set(evidence.lots.values_list("pk", flat=True))
    return lots | {rig.lot_id for rig in rigs_in(evidence.operator, ranges)}


def resting_on_origin(lot_ids: Iterable[int]) -> list[int]:
    """Those of the lots that were entered: only what customs has seen can be disputed."""
    return [
        pk
        for some in in_chunks(lot_ids)
        for pk in Lot.objects.filter(pk__in=some, entry_date__isnull=False).values_list("pk", flat=True)
    ]


def papers_of(operator: Operator) -> list[PaperOnRecord]:
    """The papers of an operator that were not withdrawn; three queries."""
    papers = list(standing_papers(operator))
    covered: dict[int, set[int]] = defaultdict(set)
    ranges: dict[int, list[SerialRange]] = defaultdict(list)
    links = OriginEvidence.lots.through.objects.filter(originevidence__operator=operator)
    for paper, lot in links.values_list("originevidence_id", "lot_id"):
        covered[paper].add(lot)
    rows = EvidenceRange.objects.filter(evidence__operator=operator).order_by("pk")
    for paper, first, last in rows.values_list("evidence_id", "first", "last"):
        ranges[paper].append(SerialRange(first, last))
    return [
        PaperOnRecord(
            pk=paper.pk,
            evidence=as_evidence(paper),
            lot_ids=frozenset(covered[paper.pk]),
            ranges=tuple(ranges[paper.pk]),
        )
        for paper in papers
    ]


def papers_on(lot: Lot) -> list[tuple[PaperOnRecord, int | None]]:
    """The papers that cover a lot, each with how many of its rigs it names; None: it covers the lot whole."""
    papers = papers_of(lot.operator)
    register = SerialRegister(_rigs_of(lot) if any(paper.ranges for paper in papers) else ())
    found = [
        (paper, None if lot.pk in paper.lot_ids else len(register.within(paper.ranges))) for paper in papers
    ]
    return [(paper, named) for paper, named in found if named != 0]


def _rigs_of(lot: Lot) -> Iterator[CoveredRig]:
    rows = Rig.objects.filter(lot=lot, serial_number__isnull=False)
    for pk, serial, cents in rows.values_list("pk", "serial_number", "customs_value_cents"):
        yield CoveredRig(pk=pk, lot_id=lot.pk, identity=identity_of(serial or ""), value_cents=cents)


def standing_papers(operator: Operator) -> QuerySet[OriginEvidence]:
    """Those that were not withdrawn."""
    papers: QuerySet[OriginEvidence] = OriginEvidence.objects.of(operator)
    return papers.filter(withdrawn_at__isnull=True).order_by("pk")


def as_evidence(paper: OriginEvidence) -> EvidenceOfOrigin:
    """A paper as the engine takes it."""
    through = paper.expires_on - ONE_DAY if paper.expires_on else None
    return EvidenceOfOrigin(
        title=paper.title,
        country=CountryCode(paper.country),
        span=DateSpan(paper.issued_on or date.min, through),
        strength=Strength(paper.strength),
    )


def _filtered(operator: Operator, asked: dict[str, str]) -> Iterator[int]:
    if unknown := sorted(set(asked) - set(LOT_FILTERS)):
        raise ValidationError(f"Lots cannot be chosen by '{unknown[0]}'.", code="filter_unknown")
    lots = Lot.objects.of(operator).filter(**{LOT_FILTERS[name]: value for name, value in asked.items()})
    found = list(lots.values_list("pk", flat=True))
    if not found:
        raise ValidationError("No lot fits the filter; nothing was attached.", code="no_lot_fits")
    yield from found
