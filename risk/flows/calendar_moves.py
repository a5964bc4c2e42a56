"""What moves on a day, named for people: measures, relief, refunds; clocks and dates of lots; papers, ties, lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.db.models import Q

from fleet.models import Lot, OriginEvidence
from ledger.id_sets import among
from risk.book import book_of
from risk.engine.clocks import LIQUIDATION, PROTEST, RELIQUIDATION, EntryClocks
from risk.engine.policy import PolicyBook
from risk.engine.terms.spans import ONE_DAY
from risk.flows.tell_of_screening import is_stale
from risk.models import ListEdition, PolicyEdition
from vendors.models import Ownership

PENALTY_AT_MOST = timedelta(days=5 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One thing that is otherwise from a day on. `what` sorts it, `code` is a measure's or empty."""

    what: str
    code: str
    sentence: str

    @property
    def told(self) -> dict[str, str]:
        """As a run keeps it."""
        return asdict(self)


def moved_on(day: date, lot_ids: Sequence[int]) -> tuple[Moved, ...]:
    """What of the law, of these lots and of what they rest on is otherwise from the day on. No counts and no names of
    an operator's things: every operator whose lots are among them reads it."""
    edition = PolicyEdition.objects.current()
    law = _law(book_of(edition), day) if edition else iter(())
    return (*law, *_lots(day, lot_ids), *_papers(day, lot_ids), *_ties(day), *_lists(day))


def _law(book: PolicyBook, day: date) -> Iterator[Moved]:
    for measure in book.measures:
        code = measure.code
        if measure.span.first == day:
            yield Moved(what="measure_begins", code=code, sentence=f"{code} begins")
        if measure.span.day_after == day:
            yield Moved(what="measure_ended", code=code, sentence=f"{code} ended")
        if any(tier.entered_before == day for tier in measure.relief):
            yield Moved(what="relief_closed", code=code, sentence=f"relief from {code} closed")
        if measure.refundable_from == day:
            yield Moved(what="refund_opens", code=code, sentence=f"a refund of {code} opens")
    if any(numbering.since == day for numbering in book.renumberings):
        yield Moved(what="renumbered", code="", sentence="codes are renumbered")
    if book.verified_through + ONE_DAY == day:
        yield Moved(what="law_unverified", code="", sentence="the law is verified no further")


def _lots(day: date, lot_ids: Sequence[int]) -> Iterator[Moved]:
    """The dates and clocks of the lots; one query for each kind."""
    lots = Lot.objects.filter(pk__in=among(lot_ids))
    if lots.filter(entry_date=day).exists():
        yield Moved(what="entry", code="", sentence="lots enter")
    if lots.filter(expected_entry_date=day - ONE_DAY).exists():
        yield Moved(what="expected_date_passed", code="", sentence="expected entry dates passed")
    if lots.filter(_clock_ran_out(day)).exists():
        yield Moved(what="clock", code="", sentence="clocks of customs entries ran out")


def _clock_ran_out(day: date) -> Q:
    """Entries of which a stage begins on the day (risk.engine.clocks)."""
    ends = (LIQUIDATION, LIQUIDATION + RELIQUIDATION, LIQUIDATION + PROTEST)
    candidates = {day - ONE_DAY - end for end in ends}
    oldest = day - PENALTY_AT_MOST
    candidates |= {oldest + timedelta(days=days) for days in range(5)}
    return Q(entry_date__in=[each for each in candidates if day in EntryClocks.of(each).change_days()])


def _papers(day: date, lot_ids: Sequence[int]) -> Iterator[Moved]:
    expired = OriginEvidence.objects.filter(expires_on=day, withdrawn_at__isnull=True)
    if expired.filter(lots__in=among(lot_ids)).exists():
        yield Moved(what="evidence_expired", code="", sentence="papers that bear an origin expired")


def _ties(day: date) -> Iterator[Moved]:
    began_or_ended = Q(first_date=day) | Q(through_date=day - ONE_DAY)
    if Ownership.objects.filter(began_or_ended).exists():
        yield Moved(what="ownership", code="", sentence="ties of ownership began or ended")


def _lists(day: date) -> Iterator[Moved]:
    for edition in ListEdition.objects.in_force():
        if is_stale(edition, day) and not is_stale(edition, day - ONE_DAY):
            yield Moved(
                what="list_stale", code=edition.format, sentence=f"the list {edition.format} is stale"
            )
