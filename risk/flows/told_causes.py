"""What caused assessments, in the words of an alert: the edition with its measures, the list, the upload, the day."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db.models.fields.json import KT

from fleet.models import Upload
from risk.book import book_of
from risk.engine.facts import EntryFacts
from risk.engine.policy import MeasureSpec, PolicyBook, PolicyChanges
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import HtsCode
from risk.engine.terms.words import day as day_in_words
from risk.flows.alert_rows import listed
from risk.flows.follow_policy_change import ANY_DAY
from risk.models import Exposure, PolicyEdition, ScreeningHit, ScreeningRun

CAUSES_NAMED = 3
MEASURES_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a cause is in words, and which measures changed by it, each with what became of it."""

    words: str
    changed: tuple[tuple[MeasureSpec, str], ...] = ()
    book: PolicyBook | None = None


def told_causes(causes: Mapping[int, Iterable[str]]) -> dict[int, str]:
    """The causes of each operator in words; of the measures those that could look at its goods."""
    meant = {cause: _meant(cause) for cause in sorted({one for some in causes.values() for one in some})}
    goods = _goods_of(causes) if any(each.changed for each in meant.values()) else {}
    return {
        operator_id: listed([_told(meant[cause], goods.get(operator_id, ())) for cause in some], CAUSES_NAMED)
        for operator_id, some in causes.items()
    }


def measures_on(day: date, book: PolicyBook) -> tuple[tuple[MeasureSpec, str], ...]:
    """The measures that begin on a day or applied last on the day before."""
    begun = [(m, f"{m.title} begins") for m in book.measures if m.span.first == day]
    ended = [(m, f"{m.title} no longer applies") for m in book.measures if m.span.day_after == day]
    return (*begun, *ended)


def _meant(cause: str) -> Meant:
    for pattern, tell in _WAYS.items():
        if match := re.fullmatch(pattern, cause):
            return tell(match[1]) or Meant(words=cause)
    return Meant(words=cause)


def _of_edition(number: str) -> Meant | None:
    """An edition with the measures that it has otherwise than the one before; when their text was checked, and how
    surely, changes nobody's duty."""
    edition = PolicyEdition.objects.published().filter(number=int(number)).first()
    if edition is None:
        return None
    words = f"edition {number} ({edition.title})" if edition.title else f"edition {number}"
    before = PolicyEdition.objects.published().filter(number__lt=edition.number).first()
    if before is None:
        return Meant(words=words)
    differing = {*map(_in_force, book_of(edition).measures)} ^ {*map(_in_force, book_of(before).measures)}
    changed = {each.code: each for each in sorted(differing, key=lambda each: each.code)}
    return Meant(
        words=words,
        changed=tuple((each, each.title) for each in changed.values()),
        book=book_of(edition),
    )


def _in_force(measure: MeasureSpec) -> MeasureSpec:
    return replace(measure, verified_through=date.min, confidence="", source="")


def _of_day(text: str) -> Meant | None:
    edition, day = PolicyEdition.objects.current(), date.fromisoformat(text)
    if edition is None:
        return None
    book = book_of(edition)
    return Meant(words=day_in_words(day), changed=measures_on(day, book), book=book)


def _of_run(number: str) -> Meant | None:
    run = ScreeningRun.objects.filter(number=int(number)).only("number", "cause").first()
    return Meant(words=f"screening run {number} ({run.cause})") if run else None


def _of_upload(number: str) -> Meant | None:
    upload = Upload.objects.filter(pk=int(number)).only("file_name").first()
    return Meant(words=f"upload {number} ({upload.file_name})") if upload else None


def _of_undo(number: str) -> Meant | None:
    undone = _of_upload(number)
    return Meant(words=f"undo of {undone.words}") if undone else None


def _of_hit(number: str) -> Meant | None:
    hit = ScreeningHit.objects.filter(pk=int(number)).select_related("vendor").first()
    return Meant(words=f"hit {number} decided ({hit.vendor} on {hit.list_code})") if hit else None


_WAYS: Mapping[str, Callable[[str], Meant | None]] = {
    r"edition (\d+)(?: published)?": _of_edition,
    r"the calendar: (\d{4}-\d\d-\d\d)(?:;.*)?": _of_day,
    r"screening run (\d+)": _of_run,
    r"upload (\d+)(?: applied)?": _of_upload,
    r"undo of upload (\d+)": _of_undo,
    r"hit (\d+) .*": _of_hit,
}


def _goods_of(operator_ids: Iterable[int]) -> dict[int, set[EntryFacts]]:
    """What measures look at first, of the goods that each operator holds; one query."""
    current = Exposure.objects.current().filter(lot__operator__in=list(operator_ids)).order_by()
    rows = current.annotate(
        digits=KT("facts__hts_code__digits"), country=KT("facts__import_country")
    ).values_list("lot__operator_id", "origin", "contested_origin", "digits", "country")
    goods: defaultdict[int, set[EntryFacts]] = defaultdict(set)
    for operator_id, origin, contested, digits, country in rows.distinct():
        for each in {origin, contested or origin}:
            goods[operator_id].add(
                EntryFacts(
                    day=ANY_DAY,
                    import_country=CountryCode(country) if country else None,
                    hts_code=HtsCode(digits) if digits else None,
                    country_of_origin=CountryCode(each) if each else None,
                )
            )
    return goods


def _told(meant: Meant, goods: Iterable[EntryFacts]) -> str:
    """ "edition 5 (title): a measure; another"."""
    book = meant.book
    names = [
        words for measure, words in meant.changed if book and PolicyChanges(book, (measure,)).touches(goods)
    ]
    return ": ".join(filter(None, [meant.words, listed(names, MEASURES_NAMED)]))
