"""A policy book as policy files: what the reader would read back as the same book, to the last digit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import yaml

from risk.engine.policy import MeasureSpec, PolicyBook
from risk.policy_files.citations import cited_in
from risk.policy_files.records import (
    UNSAID,
    Record,
    plain_value,
    record_of,
    record_of_refused_heading,
    record_of_renumbering,
)
from risk.policy_files.series import chains

CLASSIFICATION_FILE = "classification.yaml"
NOT_ON_RECORD = "not on record"
FITS_ON_A_LINE = 90
_DAYS = ("verified_through", "usmca_exempt_from", "loaded_before", "entered_before", "from", "since")
_PLAIN_WORDS = ("kind", "rate_type", "confidence", "effect", "import_country", "code")
# Said by the file's place and by the days under which a value stands.
_SAID_OTHERWISE = ("family", "effective_from", "effective_through", "refundable_from")
_OF_VALUE_ALONE = ("code", "title", "ad_valorem_rate", "legal_reference")


def files_of(book: PolicyBook) -> dict[str, str]:
    """The text of each file under its name, relative to a folder; `read_texts` makes the same book of them.

    A refund for which the book names no decision (it could not be published so) gets one "not on record".
    """
    by_file: dict[str, list[MeasureSpec]] = {}
    for family in dict.fromkeys(measure.family for measure in book.measures):
        name = _file_name(family, taken=by_file)
        by_file[name] = [measure for measure in book.measures if measure.family == family]
    files = {name: text_of(measures, file=name) for name, measures in sorted(by_file.items())}
    classification = _classification(book)
    return files | ({CLASSIFICATION_FILE: _dumped(classification)} if classification else {})


def text_of(measures: Iterable[MeasureSpec], *, file: str = "") -> str:
    """One policy file with the measures of one family; the family stands in it unless the file's name says it."""
    runs = [[_value(measure) for measure in chain] for chain in chains(measures)]
    shared = _said_by_all([value for run in runs for value in run])
    family = next(iter(runs))[0]["family"]
    named = {} if file == f"{family}.yaml" else {"family": family}
    series = [{"values": _dated(run, shared)} for run in runs]
    return _dumped(named | {key: _written(key, value) for key, value in shared.items()} | {"series": series})


def _value(measure: MeasureSpec) -> Record:
    """What a file says of a measure beside its days; what goes without saying is left out."""
    cited = cited_in(measure)
    said = {key: value for key, value in record_of(measure).items() if value != _UNSAID.get(key, ...)}
    said |= {"note": cited.note, "ended_by": cited.act}
    if measure.refundable_from:
        decision = cited.decision or NOT_ON_RECORD
        said["refundable"] = {"from": str(measure.refundable_from), "legal_reference": decision}
    return {key: value for key, value in said.items() if value != ""}


_UNSAID = {key: plain_value(value) for key, value in UNSAID.items()}


def _said_by_all(values: Sequence[Record]) -> Record:
    """What stands once for the whole file."""
    beside = (*_SAID_OTHERWISE, *_OF_VALUE_ALONE, "ended_by")
    first, *others = values
    return {
        key: value
        for key, value in first.items()
        if key not in beside and all(other.get(key) == value for other in others)
    }


def _dated(run: Sequence[Record], shared: Record) -> dict[date, Any]:
    """Each value under its day, and the end of the last under the first day without it."""
    dated: dict[date, Any] = {}
    for value in run:
        own = {key: said for key, said in value.items() if key not in (*shared, *_SAID_OTHERWISE, "ended_by")}
        dated[_day(value["effective_from"])] = {key: _written(key, said) for key, said in own.items()}
    if through := run[-1].get("effective_through"):
        following = date.fromordinal(_day(through).toordinal() + 1)
        act = run[-1].get("ended_by")
        dated[following] = {"ended_by": _Quoted(act)} if act else {"followed": True}
    return dated


def _classification(book: PolicyBook) -> dict[str, Any]:
    held = {
        "renumberings": [record_of_renumbering(each) for each in book.renumberings],
        "refused_headings": [record_of_refused_heading(each) for each in book.refused_headings],
    }
    return {
        key: [{name: _written(name, value) for name, value in item.items()} for item in items]
        for key, items in held.items()
        if items
    }


def _file_name(family: str, *, taken: Mapping[str, object]) -> str:
    """A name that stays inside the folder, whatever the family is called."""
    parts = [re.sub(r"[^\w-]+", "-", part).strip("-") for part in family.split("/")]
    name = "/".join(part for part in parts if part) or "measures"
    name = f"{name}-measures" if f"{name}.yaml" == CLASSIFICATION_FILE else name
    number = next(n for n in range(1, len(taken) + 2) if _numbered(name, n) not in taken)
    return _numbered(name, number)


def _numbered(name: str, number: int) -> str:
    return f"{name}.yaml" if number == 1 else f"{name}-{number}.yaml"


def _written(key: str, value: Any) -> Any:
    """A record's value as a file writes it: days bare, everything that is no plain word in quotes."""
    match value:
        case dict():
            return {name: _written(name, part) for name, part in value.items()}
        case list() if value and isinstance(value[0], dict):
            return [_written(key, part) for part in value]
        case list():
            return _Flow(_Quoted(part) if key in _QUOTED_LISTS else part for part in value)
        case str() if key in _DAYS:
            return _day(value)
        case str() if key not in _PLAIN_WORDS:
            return _Quoted(value)
        case _:
            return value


_QUOTED_LISTS = ("hts_prefixes", "excluded_hts_prefixes", "names")


def _day(value: str) -> date:
    return date.fromisoformat(value)


class _Quoted(str):
    """A text, whatever it looks like."""

    __slots__ = ()


class _Flow(list[Any]):
    """A list that stands in one line."""


class _Dumper(yaml.SafeDumper):
    """Writes keys in the order given, and no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        """What is said twice is written twice."""
        return True


def _text(dumper: _Dumper, text: _Quoted) -> yaml.Node:
    """In quotes what fits on a line, folded over several lines what does not."""
    style = ">" if len(text) > FITS_ON_A_LINE else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style=style)


_Dumper.add_representer(_Quoted, _text)
_Dumper.add_representer(
    _Flow, lambda dumper, items: dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)
)


def _dumped(content: Mapping[str, Any]) -> str:
    return str(yaml.dump(dict(content), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110))
