"""One file of a measure family -> its measures.

A value begins on the day under which it stands and lasts until the next one, or until the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from pathlib import PurePosixPath
from typing import Any

from risk.engine.policy import MeasureSpec
from risk.engine.terms.spans import ONE_DAY
from risk.policy_files import levels
from risk.policy_files import readers as read
from risk.policy_files.citations import Cited, joined
from risk.policy_files.complaints import Complaint
from risk.policy_files.levels import UNREADABLE, Said
from risk.policy_files.named_lists import NamedLists
from risk.policy_files.readers import Reader, Unreadable, shown
from risk.policy_files.records import spec_of

Dated = tuple[date, Mapping[str, Any]]


def measures_in(
    document: Mapping[str, Any], *, file: str, lists: NamedLists
) -> tuple[tuple[MeasureSpec, ...], tuple[Complaint, ...]]:
    """The measures of a file that can be read, and a complaint for everything that cannot."""
    family = _Family(file, lists)
    return tuple(family.measures(document)), tuple(family.complaints)


@dataclass
class _Family:
    """The reading of one file."""

    file: str
    lists: NamedLists
    complaints: list[Complaint] = field(default_factory=list)

    def measures(self, document: Mapping[str, Any]) -> Iterator[MeasureSpec]:
        """The measures of every series; complaints are collected on the way."""
        said = self._level(document, levels.OF_FILE, beside=("series",))
        said.setdefault("family", str(PurePosixPath(self.file).with_suffix("")))
        series = document["series"]
        if not isinstance(series, list) or not series:
            self._complain("no_series", "series must be a list of goods with their dated values.")
            return
        for one in series:
            yield from self._measures_of_series(one, said)

    def _measures_of_series(self, series: object, said: Said) -> Iterator[MeasureSpec]:
        if not isinstance(series, dict) or not isinstance(series.get("values"), dict) or not series["values"]:
            self._complain(
                "no_values", f"a series must hold values, each under its day, not {shown(series)}."
            )
            return
        said = said | self._level(series, levels.OF_SERIES, beside=("values",))
        dated = sorted(self._dated(series["values"]), key=lambda pair: pair[0])
        for (day, value), following in zip_longest(dated, dated[1:]):
            if not _is_end(value):
                yield from self._measure(value, day, following, said)

    def _dated(self, values: Mapping[object, object]) -> Iterator[Dated]:
        """Values and ends under their days; what is neither is told and left out."""
        for written, value in values.items():
            try:
                day = read.a_day(written)
            except Unreadable as error:
                self._complain(error.code, str(error), measure=_code(value))
                continue
            if not isinstance(value, dict) or value.get("ad_valorem_rate", ...) is None:
                self._complain(*_no_value(value), measure=_code(value), day=day)
                continue
            if _is_end(value):
                self._level(value, levels.OF_END, day=day)
            yield day, value

    def _measure(
        self, value: Mapping[str, Any], day: date, following: Dated | None, said: Said
    ) -> Iterator[MeasureSpec]:
        code = _code(value)
        said = said | self._level(value, levels.OF_VALUE, measure=code, day=day)
        missing = list(levels.missing_from(said))
        self._complain_all(missing, measure=code, day=day)
        if missing or UNREADABLE in said.values():
            return
        try:
            yield spec_of(_with_days_and_note(said, day, following))
        except ValueError as error:
            self._complain("contradiction", str(error), measure=code, day=day)

    def _level(
        self,
        mapping: Mapping[Any, object],
        keys: Mapping[str, Reader],
        *,
        beside: tuple[str, ...] = (),
        measure: str = "",
        day: date | None = None,
    ) -> Said:
        said, faults = levels.read_level(mapping, keys, beside=beside, lists=self.lists)
        self._complain_all(faults, measure=measure, day=day)
        return said

    def _complain_all(self, faults: Iterable[Unreadable], *, measure: str, day: date | None) -> None:
        for fault in faults:
            self._complain(fault.code, str(fault), measure=measure, day=day)

    def _complain(self, code: str, fault: str, *, measure: str = "", day: date | None = None) -> None:
        self.complaints.append(Complaint(file=self.file, code=code, fault=fault, measure=measure, day=day))


def _code(value: object) -> str:
    return str(value.get("code", "")) if isinstance(value, dict) else ""


def _is_end(value: Mapping[str, Any]) -> bool:
    return not levels.OF_END.keys().isdisjoint(value)


def _no_value(value: object) -> tuple[str, str]:
    if value is None or isinstance(value, dict):
        return "missing_citation", 'an end needs its citation; write {ended_by: "the act"} under this day.'
    return "no_value", f"{shown(value)} is no value; write code, ad_valorem_rate and legal_reference."


def _with_days_and_note(said: Said, day: date, following: Dated | None) -> Said:
    """The value with its days; citations for which a measure has no place of its own join its note."""
    refundable_from, decision = said.get("refundable") or (None, "")
    ends_before = following[0] if following else None
    own = {key: value for key, value in said.items() if key not in ("refundable", "goods")}
    return own | {
        "effective_from": day,
        "effective_through": ends_before - ONE_DAY if ends_before else None,
        "refundable_from": refundable_from,
        "note": joined(
            Cited(said.get("note", ""), decision, _act_that_ends(following)),
            refundable_from=refundable_from,
            ends_before=ends_before,
        ),
    }


def _act_that_ends(following: Dated | None) -> str:
    if following is None or not isinstance(following[1].get("ended_by"), str):
        return ""
    return read.a_text(following[1]["ended_by"])
