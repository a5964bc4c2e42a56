"""Remarks of OFAC's legacy files: weak aliases in quotes, numbers, websites, wallets and ties, in one text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from risk.engine.listed import Identifier, Link, ListedName, NameKind
from risk.lists.reading.places import country_of
from risk.lists.reading.text import distinct, spaced

_WEAK_ALIAS = re.compile(r"^(?:alt\. )?(a|f|n)\.k\.a\.,? '(.+?)'\.?$", re.I)
_LINKED = re.compile(r"^\(?Linked To: (.+?)\)?\.?$", re.I)
_WALLET = re.compile(r"^(?:alt\. )?Digital Currency Address - (\w+) (\w+)")
_NUMBER = re.compile(
    r"^(?:alt\. )?"
    r"(?P<system>[A-Z][\w./&'() -]*?(?:\bNo\.|\bNumber|\bID|\bCode(?: \(USCC\))?|\bNIT #|\bD-U-N-S Number|\(CBLS\)))"
    r"(?:\s*:)?\s+(?!No\.|Number|Card)(?P<value>(?=[^()]*\d)[^()]+?)(?:\s*\((?P<where>[^()]+)\))?(?: \([^()]*\))*\.?$"
)
_ADDRESS = re.compile(
    r"^(?:alt\. )?(?P<system>Website|Email Address|SWIFT/BIC|BIK \(RU\)) (?P<value>\S+?)\.?$", re.I
)
_KINDS = {"a": NameKind.ALSO_KNOWN_AS, "f": NameKind.FORMERLY_KNOWN_AS, "n": NameKind.NOW_KNOWN_AS}


@dataclass(frozen=True, slots=True)
class Remarks:
    """What a remark holds besides prose."""

    weak_names: tuple[ListedName, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    linked_to: tuple[Link, ...] = ()


def read_remarks(text: str) -> Remarks:
    """The parts of a remark, which semicolons divide; what is not understood stays prose and is left out."""
    names, identifiers, links = [], [], []
    for part in _parts(text):
        if alias := _WEAK_ALIAS.match(part):
            names.append(ListedName(spaced(alias[2]), _KINDS[alias[1].lower()], is_weak=True))
        elif link := _LINKED.match(part):
            links.append(Link("linked to", spaced(link[1])))
        elif found := _identifier(part):
            identifiers.append(found)
    return Remarks(
        tuple(dict.fromkeys(names)), tuple(dict.fromkeys(identifiers)), tuple(dict.fromkeys(links))
    )


def _parts(text: str) -> tuple[str, ...]:
    """'A; B (Linked To: C); D.' — a tie in brackets is a part of its own."""
    opened = text.replace(" (Linked To:", "; (Linked To:")
    return distinct(part.strip() for part in opened.split(";") if part.strip())


def _identifier(part: str) -> Identifier | None:
    if wallet := _WALLET.match(part):
        return Identifier(f"Digital Currency Address - {wallet[1]}", wallet[2])
    if found := _NUMBER.match(part):
        return Identifier(found["system"], spaced(found["value"]), country_of(found["where"] or ""))
    if found := _ADDRESS.match(part):
        return Identifier(found["system"], found["value"])
    return None
