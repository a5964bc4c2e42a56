"""How one book differs from another, measure by measure: in sentences, and as old and new values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from risk.engine.policy import MeasureSpec, PolicyBook
from risk.engine.terms.countries import country_names
from risk.policy_files.citations import cited_in
from risk.policy_files.readers import EVERY, a_rate
from risk.policy_files.records import Record, record_of


class Deed(StrEnum):
    """What became of a measure. One that is removed was taken out as if it had never been law."""

    ADDED = "added"
    ENDED = "ended"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One key of a policy file that reads differently; `old` and `new` are plain values, as in a file."""

    field: str
    old: Any
    new: Any
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureChange:
    """One measure that differs, in a sentence, with every key that reads differently where it stood before."""

    code: str
    title: str
    authority: str
    deed: Deed
    sentence: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everything in which a book differs from another. `classification` is about codes, not about measures.

    `days` are those on which a measure that differs begins or is over, in either book, in order.
    """

    measures: tuple[MeasureChange, ...] = ()
    classification: tuple[str, ...] = ()
    unchanged: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    days: tuple[date, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.measures or self.classification)


def compare(new: PolicyBook, old: PolicyBook) -> Comparison:
    """What the new book adds, ends, changes and removes against the old one, by authority and code."""
    before = {measure.code: measure for measure in old.measures}
    after = {measure.code: measure for measure in new.measures}
    changes = [
        *(_added(measure) for code, measure in after.items() if code not in before),
        *(_removed(measure) for code, measure in before.items() if code not in after),
        *(_changed(m, before[code]) for code, m in after.items() if code in before and m != before[code]),
    ]
    return Comparison(
        measures=tuple(sorted(changes, key=lambda change: (change.authority, change.code))),
        classification=tuple(_classification(new, old)),
        unchanged=sum(before.get(code) == measure for code, measure in after.items()),
        counts={deed.value: sum(change.deed is deed for change in changes) for deed in Deed},
        days=_days(set(new.measures) ^ set(old.measures)),
    )


def _days(measures: Iterable[MeasureSpec]) -> tuple[date, ...]:
    days = {day for measure in measures for day in (measure.span.first, measure.span.day_after)}
    return tuple(sorted(day for day in days if day))


def _added(measure: MeasureSpec) -> MeasureChange:
    sentence = f"{measure.code} is new: {_in_short(measure)} {measure.legal_reference}."
    return _change(measure, Deed.ADDED, sentence)


def _removed(measure: MeasureSpec) -> MeasureChange:
    sentence = f"{measure.code} is taken out, as if it had never been law: {_in_short(measure)}"
    return _change(measure, Deed.REMOVED, sentence)


def _changed(new: MeasureSpec, old: MeasureSpec) -> MeasureChange:
    """A measure that ends earlier than it did, and differs in nothing else, is ended."""
    fields = tuple(_fields(record_of(new), record_of(old)))
    if {each.field for each in fields} <= {"effective_through", "note"} and _ends_earlier(new, old):
        act = cited_in(new).act
        before = f"so far until {_day(old.span.through)}" if old.span.through else "so far without end"
        sentence = f"{new.code} ends on {_day(new.span.through)} ({before})." + (f" {act}." if act else "")
        return _change(new, Deed.ENDED, sentence, fields)
    sentence = f"{new.code} changes in {', '.join(_label(each.field) for each in fields)}."
    return _change(new, Deed.CHANGED, sentence, fields)


def _change(
    measure: MeasureSpec, deed: Deed, sentence: str, fields: tuple[FieldChange, ...] = ()
) -> MeasureChange:
    return MeasureChange(
        code=measure.code,
        title=measure.title,
        authority=measure.authority,
        deed=deed,
        sentence=sentence,
        fields=fields,
    )


def _ends_earlier(new: MeasureSpec, old: MeasureSpec) -> bool:
    through = new.span.through
    return through is not None and (old.span.through is None or through < old.span.through)


def _in_short(measure: MeasureSpec) -> str:
    """What it charges, on what, from when, in one sentence."""
    record = record_of(measure)
    rate = f"{measure.rate}" if measure.rate else "no rate"
    goods = "" if not record["hts_prefixes"] else f" on {_codes(record['hts_prefixes'])}"
    origins = (
        "" if not record["countries_of_origin"] else f" from {_countries(record['countries_of_origin'])}"
    )
    through = f" through {_day(measure.span.through)}" if measure.span.through else ""
    return f"{measure.title}, {rate}{goods}{origins}, from {_day(measure.span.first)} on{through}."


def _fields(new: Record, old: Record) -> Iterator[FieldChange]:
    for key in new:
        if new[key] != old[key]:
            sentence = f"{_first_letter_up(_label(key))}: {_told(key, new[key], old[key])}."
            yield FieldChange(field=key, old=old[key], new=new[key], sentence=sentence.replace("..", "."))


def _told(key: str, new: Any, old: Any) -> str:
    """Lists in what joins and leaves them; everything else in its old and its new value."""
    if _is_list_of_words(new) and _is_list_of_words(old):
        told = [
            f"{_items(key, items)} {verb}"
            for items, verb in ((_not_in(new, old), "joined"), (_not_in(old, new), "left"))
            if items
        ]
        return "; ".join(told) or "in another order"
    return f"{_value(key, old)} becomes {_value(key, new)}"


def _is_list_of_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _not_in(items: Sequence[str], others: Sequence[str]) -> list[str]:
    return [item for item in items if item not in others]


def _value(key: str, value: Any) -> str:
    if value in (None, "", []):
        return "no end" if key == "effective_through" else "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _WORDS.get(key, _plainly)(value)


def _items(key: str, items: Sequence[str]) -> str:
    return _WORDS.get(key, _plainly)(items)


def _plainly(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else f"“{value}”"


def _day(value: Any) -> str:
    day = value if isinstance(value, date) else date.fromisoformat(value)
    return f"{day.day} {day:%B %Y}"


def _rate(value: Any) -> str:
    return f"{a_rate(value)}"


def _codes(value: Sequence[str]) -> str:
    return "every HTS code" if list(value) == [EVERY] else ", ".join(value)


def _countries(value: Iterable[str]) -> str:
    return "every origin" if EVERY in value else ", ".join(country_names().get(c, c) for c in value)


def _tiers(value: Iterable[Record]) -> str:
    return "; ".join(
        f"{_rate(tier['ad_valorem_rate'])} where loaded before "
        f"{_day(tier['loaded_before'])} and entered before {_day(tier['entered_before'])}"
        + ("" if tier["modes"] == "any" else f", by {' or '.join(tier['modes'])}")
        for tier in value
    )


def _dollars(value: Any) -> str:
    return f"${value}"


_WORDS: dict[str, Callable[[Any], str]] = {
    "ad_valorem_rate": _rate,
    "relief_in_transit": _tiers,
    **dict.fromkeys(("effective_from", "effective_through", "usmca_exempt_from"), _day),
    **dict.fromkeys(("refundable_from", "verified_through"), _day),
    **dict.fromkeys(("hts_prefixes", "excluded_hts_prefixes"), _codes),
    **dict.fromkeys(("countries_of_origin", "excluded_countries_of_origin"), _countries),
    **dict.fromkeys(("customs_value_over", "minimum_usd", "maximum_usd"), _dollars),
}

_LABELS = {
    "ad_valorem_rate": "rate",
    "effective_from": "first day",
    "effective_through": "last day",
    "hts_prefixes": "HTS codes",
    "excluded_hts_prefixes": "exempt HTS codes",
    "countries_of_origin": "countries of origin",
    "excluded_countries_of_origin": "exempt countries of origin",
    "legal_reference": "citation",
    "usmca_exempt_from": "day from which USMCA goods are spared",
    "customs_value_over": "least customs value",
    "applies_by_default": "whether it applies without a claim",
    "spares_us_content": "whether US content is spared",
    "refundable_from": "day from which it is refundable",
    "minimum_usd": "minimum",
    "maximum_usd": "maximum",
    "names": "parties named",
    "means": "what it means for an operator",
}


def _label(key: str) -> str:
    return _LABELS.get(key, key.replace("_", " "))


def _first_letter_up(words: str) -> str:
    return words[0].upper() + words[1:]


def _classification(new: PolicyBook, old: PolicyBook) -> Iterator[str]:
    for numbering, verb in _moved(new.renumberings, old.renumberings):
        yield (
            f"The renumbering of {numbering.old} as {numbering.new} from {_day(numbering.since)} on {verb}. "
            f"{numbering.legal_reference}."
        )
    for heading, verb in _moved(new.refused_headings, old.refused_headings):
        yield f"The refusal of heading {heading.heading} {verb}. {heading.legal_reference}."


def _moved(new: Sequence[Any], old: Sequence[Any]) -> Iterator[tuple[Any, str]]:
    yield from ((each, "joined") for each in new if each not in old)
    yield from ((each, "left") for each in old if each not in new)
