"""The reference cases of screening, asked of the lists that they were made for, and what came of it.

451 names (SCREENING.md beside them says how they were made): 329 that are on a list, each with what was done to
the name, and 122 companies that are not. Organisations only; an alias that a case holds out is hidden first.
"""

from __future__ import annotations

import csv
import io
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bench.processes import ROOT
from risk.engine.listed import ListedEntity, ListedName
from risk.engine.screening import REVIEW_THRESHOLD, HitCandidate, ScreenedParty, Screener
from risk.lists import FORMATS

REFERENCE = ROOT.parent / "shared" / "reference"
HARD = ("alias_holdout", "cjk_name")
"""Kinds of cases that no spelling leads to: another name of the party, and Chinese names."""

_PREFIXES = {
    "US-OFAC-SDN": "ofac",
    "US-OFAC-SSI": "SSI",
    "US-OFAC-CMIC": "CMIC",
    "US-OFAC-CAPTA": "CAP",
    "US-OFAC-MBS": "MBS",
    "US-BIS-EL": "EL",
    "US-BIS-MEU": "MEU",
    "US-BIS-UVL": "UVL",
    "US-BIS-DPL": "DPL",
    "US-STATE-DTC": "DTC",
    "US-STATE-ISN": "ISN",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What came of the cases: shares of 1, and seconds for each query in the order of the cases."""

    recall: float
    recall_without_hard: float
    precision: float
    innocents_alerted: float
    found: dict[str, tuple[int, int]]
    seconds: tuple[float, ...]

    @property
    def f1(self) -> float:
        """The harmonic mean of recall and precision."""
        return 2 * self.recall * self.precision / (self.recall + self.precision)


def cases() -> list[dict[str, str]]:
    """The cases as they are written."""
    with (REFERENCE / "screening" / "cases.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def case_id(entity: ListedEntity) -> str:
    """The number by which the cases call a party: OFAC's own, or the first ten digits of the row's."""
    prefix = _PREFIXES[entity.list_code]
    return f"{prefix}-{entity.entity_id if entity.entity_id.isdigit() else entity.row_id[:10]}"


def listed_organisations(*, with_native_names: bool = False) -> list[ListedEntity]:
    """The SDN list of 2024-07 with the aliases of 2025-12, and the consolidated list of 2022-04 without its SDN part.

    With native names, the Chinese and Cyrillic ones that OFAC's ENHANCED_XML of 2025-01 gives its parties.
    """
    folder = REFERENCE / "lists"
    with (folder / "sdn_2024-07-02.csv").open("rb") as sdn, (folder / "alt_2025-12.csv").open("rb") as alt:
        parties = list(FORMATS["ofac_sdn"].read(sdn, {"alt": alt}))
    with (folder / "consolidated_2022-04.csv").open("rb") as csl:
        others = [each for each in FORMATS["csl"].read(csl, {}) if each.list_code != "US-OFAC-SDN"]
    told = [
        each for each in (*parties, *others) if each.list_code in _PREFIXES and each.may_be_an_organisation
    ]
    native = native_names(folder) if with_native_names else {}
    return [replace(each, names=(*each.names, *native.get(each.key, ()))) for each in told]


def native_names(folder: Path) -> dict[tuple[str, str], tuple[ListedName, ...]]:
    """Names in other scripts, by party."""
    with zipfile.ZipFile(folder / "CONS_ENHANCED.ZIP") as packed:
        stream = io.BytesIO(packed.read("CONS_ENHANCED.XML"))
    parties = FORMATS["ofac_enhanced_xml"].read(stream, {})
    return {each.key: tuple(name for name in each.names if not name.text.isascii()) for each in parties}


def without_held_out(entities: Iterable[ListedEntity]) -> Iterator[ListedEntity]:
    """The parties without the aliases that the cases hold out."""
    hidden: dict[str, set[str]] = defaultdict(set)
    for case in cases():
        if case["kind"] == "alias_holdout":
            for party in case["accept"].split("|"):
                hidden[party].add(case["query"].casefold())
    for entity in entities:
        held_out = hidden.get(case_id(entity), set())
        yield replace(
            entity, names=tuple(name for name in entity.names if name.text.casefold() not in held_out)
        )


def measured(screener: Screener) -> Measured:
    """Every case asked; right is a strongest hit that is an accepted party, at the threshold of review.

    Precision is right answers among all alerts: an innocent alerted and a wrong strongest hit are both wrong.
    """
    asked, right = Counter[str](), Counter[str]()
    wrong = alerted = 0
    seconds = []
    for case in cases():
        began = time.perf_counter()
        hits = screener.screen(ScreenedParty(names=(case["query"],)), at_least=REVIEW_THRESHOLD)
        seconds.append(time.perf_counter() - began)
        asked[case["kind"]] += 1
        is_right = _is_right(case, hits)
        right[case["kind"]] += is_right
        wrong += bool(hits) and not is_right
        alerted += bool(hits) and case["expected"] == "none"
    listed = [kind for kind in asked if kind != "hard_negative"]
    spelled = [kind for kind in listed if kind not in HARD]
    return Measured(
        recall=_share(right, asked, listed),
        recall_without_hard=_share(right, asked, spelled),
        precision=right.total() / (right.total() + wrong),
        innocents_alerted=alerted / asked["hard_negative"],
        found={kind: (right[kind], asked[kind]) for kind in asked},
        seconds=tuple(seconds),
    )


def _is_right(case: dict[str, str], hits: tuple[HitCandidate, ...]) -> bool:
    accepted = {case["expected"], *case["accept"].split("|")}
    strongest = [hit for hit in hits if hit.strength == hits[0].strength]
    return any(case_id(hit.entity) in accepted for hit in strongest)


def _share(right: Counter[str], asked: Counter[str], kinds: list[str]) -> float:
    return sum(right[kind] for kind in kinds) / sum(asked[kind] for kind in kinds)
