"""How fresh the numbers are, and what waits for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils.timezone import localtime

from fleet.models import Lot, Operator, OriginEvidence, Upload
from fleet.models.upload import UploadState
from risk.dashboard.words import counted, day, days_until
from risk.flows.tell_of_age import days_unverified, is_law_stale
from risk.models import PolicyEdition, ScreeningHit
from risk.selectors import Progress

RECENT = timedelta(days=30)
UPLOADS_SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """What the numbers rest on. `days_unverified`: how long ago the law was last checked; None while it is."""

    edition: PolicyEdition | None
    days_unverified: int | None
    assessed_at: datetime | None
    progress: Progress

    @property
    def owed_lots(self) -> int:
        """Lots that wait to be assessed."""
        return self.progress.owed_lots

    @property
    def set_aside_lots(self) -> int:
        """Lots that could not be assessed."""
        return self.progress.set_aside_lots

    @property
    def is_stale(self) -> bool:
        """Whether the law was last checked longer ago than POLICY_STALE_AFTER_DAYS."""
        return is_law_stale(self.days_unverified)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """One thing that waits for a person: a sentence, what to do, and the name of the address where."""

    sentence: str
    detail: str
    deed: str
    page: str
    argument: int | None = None


def freshness(assessed_at: datetime | None, today: date, progress: Progress) -> Freshness:
    """The edition, the last assessment and what was still owed before the fleet was read."""
    edition = PolicyEdition.objects.current()
    return Freshness(
        edition=edition,
        days_unverified=days_unverified(edition, today),
        assessed_at=assessed_at,
        progress=progress,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleLaw:
    """An edition whose text was last checked too long ago."""

    edition: PolicyEdition
    days_unverified: int


def stale_law(today: date) -> StaleLaw | None:
    """The current edition, where it was last checked too long ago; one query."""
    edition = PolicyEdition.objects.current()
    days = days_unverified(edition, today)
    return (
        StaleLaw(edition=edition, days_unverified=days) if edition and days and is_law_stale(days) else None
    )


def attention(
    operator: Operator, fresh: Freshness, today: date, *, keeps_register: bool
) -> tuple[Attention, ...]:
    """What waits for a person, most pressing first; a fixed number of queries."""
    return (
        *_without_edition(fresh, keeps_register),
        *_hits(operator, keeps_register),
        *_law_to_check(fresh, keeps_register),
        *_set_aside(fresh),
        *_uploads(operator, today),
        *_papers(operator, today),
        *_drafts(keeps_register),
    )


def _without_edition(fresh: Freshness, keeps_register: bool) -> Iterator[Attention]:
    if fresh.edition is None:
        yield Attention(
            sentence="No policy edition is published, so nothing can be assessed",
            detail="Platform staff publish one in the register.",
            deed="register" if keeps_register else "",
            page="admin:register",
        )


def _hits(operator: Operator, keeps_register: bool) -> Iterator[Attention]:
    """Hits that wait: all of the register for its keepers; for everybody those of makers of its rigs, and those of
    the operator's own vendors."""
    hits = ScreeningHit.objects.awaiting_decision()
    if keeps_register:
        hits = hits.filter(operator__isnull=True)
    else:
        held = Lot.objects.of(operator).filter(holdings__isnull=False)
        of_makers = Q(operator__isnull=True, vendor__in=held.values("model__maker"))
        hits = hits.filter(of_makers | Q(operator=operator))
    if number := hits.count():
        yield Attention(
            sentence=f"{counted(number, 'screening hit')} not decided",
            detail="A vendor may be a party on a government list; until a person decides it is watched.",
            deed="review" if keeps_register else "see",
            page="admin:screening",
        )


def _law_to_check(fresh: Freshness, keeps_register: bool) -> Iterator[Attention]:
    """The law has gone unchecked too long; only platform staff can check it anew."""
    if fresh.edition and fresh.days_unverified and fresh.is_stale:
        yield Attention(
            sentence=f"The law was last checked {counted(fresh.days_unverified, 'day')} ago",
            detail="Platform staff check it against its sources and publish a new edition.",
            deed="register" if keeps_register else "",
            page="admin:register",
        )


def _set_aside(fresh: Freshness) -> Iterator[Attention]:
    if fresh.set_aside_lots:
        yield Attention(
            sentence=f"{counted(fresh.set_aside_lots, 'lot')} could not be assessed",
            detail="A fault of the product; they count as unknown until it is mended.",
            deed="",
            page="admin:lots",
        )


def _uploads(operator: Operator, today: date) -> Iterator[Attention]:
    """Recent uploads that were refused, failed, or left rows behind."""
    troubled = Q(state__in=[UploadState.REFUSED, UploadState.FAILED]) | Q(wrong__gt=0)
    uploads = Upload.objects.of(operator).filter(troubled, uploaded_at__date__gte=today - RECENT)
    for upload in uploads.order_by("-pk")[:UPLOADS_SHOWN]:
        rows = f"{counted(upload.wrong, 'row')} wrong" if upload.wrong else ""
        yield Attention(
            sentence=f"{upload.file_name}: {upload.state}" + (f", {rows}" if rows else ""),
            detail=f"uploaded {day(localtime(upload.uploaded_at))}",
            deed="see",
            page="admin:upload",
            argument=upload.pk,
        )


def _papers(operator: Operator, today: date) -> Iterator[Attention]:
    """Evidence of origin that soon bears nothing any more."""
    papers = OriginEvidence.objects.of(operator).filter(
        withdrawn_at__isnull=True, expires_on__gt=today, expires_on__lte=today + RECENT
    )
    ending = papers.aggregate(number=Count("pk"), first=Min("expires_on"))
    if ending["number"]:
        first = days_until(ending["first"], today)
        several = f"{counted(ending['number'], 'paper')} on origin expire, the first {first}"
        yield Attention(
            sentence=f"A paper on origin expires {first}" if ending["number"] == 1 else several,
            detail="What has expired bears no origin against a dispute.",
            deed="see",
            page="admin:evidence",
        )


def _drafts(keeps_register: bool) -> Iterator[Attention]:
    if not keeps_register:
        return
    for draft in PolicyEdition.objects.filter(state=PolicyEdition.State.DRAFT).order_by("-number")[:1]:
        yield Attention(
            sentence=f"Draft edition {draft.number} is not published",
            detail=draft.title,
            deed="review",
            page="admin:risk_policyedition_change",
            argument=draft.pk,
        )
