"""Ownership through the vendor graph: who is reached by listed owners, under rules with their days.

Shares are added over holders and passed on without multiplying: whoever listed parties own by the threshold or
more counts in full as an owner in turn. A share that nobody knows lies between 0 and 100, so the question is
asked twice, of the low bounds (reached for certain) and of the high ones (cannot be excluded).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from functools import lru_cache

from risk.engine.facts import ALL, NOTHING, Holding
from risk.engine.findings import Reason, SanctionLevel, Verdict
from risk.engine.terms.spans import DateSpan

__all__ = [
    "ALL",
    "BIS_AFFILIATES",
    "NOTHING",
    "OFAC_50_PERCENT",
    "OWNERSHIP_RULES",
    "Holding",
    "OwnershipFinding",
    "OwnershipRule",
    "RulePhase",
    "Standing",
    "ownership_findings",
]

_MILLIONTHS = 1_000_000
"""Shares are counted in millionths of a percent: sums of whole numbers are exact in any order."""


class Standing(StrEnum):
    """How far listed owners reach a company, strongest first."""

    LISTED = "listed"
    BY_OWNERSHIP = "blocked by ownership"
    NOT_EXCLUDED = "cannot be excluded"
    MINORITY = "minority"


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePhase:
    """A stretch of days in which a rule holds, is suspended (FAILS), or awaits a person's word (UNKNOWN)."""

    span: DateSpan
    state: Verdict
    legal_reference: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipRule:
    """What being owned by parties of some lists means: from which share on, and what it does, day by day."""

    code: str
    title: str
    list_codes: frozenset[str]
    threshold: Decimal
    level: SanctionLevel
    phases: tuple[RulePhase, ...]

    def phase_on(self, day: date) -> RulePhase | None:
        """The phase of a day; None before the rule and after its last day."""
        return next((phase for phase in self.phases if day in phase.span), None)

    def state_on(self, day: date) -> Verdict:
        """Whether the rule holds that day; UNKNOWN is never taken for either."""
        phase = self.phase_on(day)
        return Verdict.FAILS if phase is None else phase.state


OFAC_50_PERCENT = OwnershipRule(
    code="US-OFAC-50",
    title="OFAC 50 percent rule",
    list_codes=frozenset({"US-OFAC-SDN"}),
    threshold=Decimal(50),
    level=SanctionLevel.BLOCKED,
    phases=(
        RulePhase(
            span=DateSpan(date(2014, 8, 13)),
            state=Verdict.HOLDS,
            legal_reference="OFAC revised guidance of 13 Aug 2014; OFAC FAQ 398 and 401 (own knowledge)",
            note="50 percent or more, directly or indirectly, in aggregate.",
        ),
    ),
)
BIS_AFFILIATES = OwnershipRule(
    code="US-BIS-AFF",
    title="BIS affiliates rule",
    # The rule reaches some SDN programmes too; owners on that list are reached by OFAC's own rule.
    list_codes=frozenset({"US-BIS-EL", "US-BIS-MEU"}),
    threshold=Decimal(50),
    level=SanctionLevel.RESTRICTED,
    phases=(
        RulePhase(
            span=DateSpan(date(2025, 9, 29), date(2025, 11, 9)),
            state=Verdict.HOLDS,
            legal_reference="Interim final rule published 30 Sep 2025 (90 FR 47201 own knowledge)",
        ),
        RulePhase(
            span=DateSpan(date(2025, 11, 10), date(2026, 11, 9)),
            state=Verdict.FAILS,
            legal_reference="90 FR 50857: suspended 10 Nov 2025 through 9 Nov 2026",
        ),
        RulePhase(
            span=DateSpan(date(2026, 11, 10)),
            state=Verdict.UNKNOWN,
            legal_reference="90 FR 50857: suspended 10 Nov 2025 through 9 Nov 2026",
            note="Back in force by its text unless delayed or amended; a person has to confirm it.",
        ),
    ),
)
OWNERSHIP_RULES = (OFAC_50_PERCENT, BIS_AFFILIATES)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipFinding:
    """What a rule makes of one company on a day: shares in percent held by reached owners, and by whom.

    `holders` are the holdings of owners who are reached or may be. `path` leads from a listed party to the company.
    """

    company: str
    rule: OwnershipRule
    on: date
    standing: Standing
    low: Decimal
    high: Decimal
    holders: tuple[Holding, ...] = ()
    path: tuple[str, ...] = ()

    @property
    def level(self) -> SanctionLevel:
        """The sanction level that follows: what is not certain is unknown, what does not bind is on watch."""
        state = self.rule.state_on(self.on)
        if self.standing is Standing.LISTED:
            return self.rule.level
        if self.standing is Standing.MINORITY or state is Verdict.FAILS:
            return SanctionLevel.WATCH
        certain = self.standing is Standing.BY_OWNERSHIP and state is Verdict.HOLDS
        return self.rule.level if certain else SanctionLevel.UNKNOWN

    @property
    def reason(self) -> Reason:
        """The finding in one sentence, with its holders, its path and the state of the rule."""
        phase = self.rule.phase_on(self.on)
        rule = f"{self.rule.title} ({phase.legal_reference})" if phase else f"{self.rule.title}, not in force"
        if self.standing is Standing.LISTED:
            return Reason("listed_itself", f"{self.company} is itself on a list that the {rule} looks at.")
        held = ", ".join(f"{holding.owner} {holding}" for holding in self.holders)
        share = f"{self.low:f}" if self.low == self.high else f"{self.low:f} to {self.high:f}"
        sentence = (
            f"{self.company}: {self.standing} under the {rule}; {share} % is held by {held}"
            f"{_state_words(self.rule.state_on(self.on))}; path: {' → '.join(self.path)}."
        )
        return Reason(_CODES[self.standing], sentence)


_CODES = {
    Standing.BY_OWNERSHIP: "blocked_by_ownership",
    Standing.NOT_EXCLUDED: "ownership_cannot_be_excluded",
    Standing.MINORITY: "minority_holding",
}


def ownership_findings(
    holdings: Iterable[Holding], listed: Collection[str], *, rule: OwnershipRule, on: date
) -> Mapping[str, OwnershipFinding]:
    """Every company that the listed parties reach in any way, under a rule on a day.

    `listed` are the parties that are themselves on one of the rule's lists that day. Holdings of other days are
    left out. A company that is in no finding has no listed owner on record.
    """
    graph = _Graph(each for each in holdings if each.span is None or on in each.span)
    threshold = int(rule.threshold * _MILLIONTHS)
    certain = graph.reached_from(listed, threshold, graph.lows)
    possible = graph.reached_from(listed, threshold, graph.highs)
    return {
        company: _finding(company, graph, rule, on, listed, certain, possible)
        for company in sorted({*listed, *graph.owned_by_any(possible)})
    }


class _Graph:
    """Holdings by owner and by company; several holdings of one owner in one company add up."""

    def __init__(self, holdings: Iterable[Holding]) -> None:
        self.of_company: dict[str, list[Holding]] = defaultdict(list)
        self.lows: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self.highs: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for each in holdings:
            if each.owner == each.owned:
                continue  # own shares make nobody an owner
            self.of_company[each.owned].append(each)
            if each.low:
                self.lows[each.owner].append((each.owned, _whole(each.low, ROUND_FLOOR)))
            self.highs[each.owner].append((each.owned, _whole(each.high, ROUND_CEILING)))

    def reached_from(
        self, listed: Collection[str], threshold: int, shares: Mapping[str, list[tuple[str, int]]]
    ) -> dict[str, str]:
        """Who is reached, with the owner who tipped it ('' for the listed), each looked at once: cycles end."""
        reached = dict.fromkeys(sorted(listed), "")
        held: dict[str, int] = defaultdict(int)
        waiting = deque(reached)
        while waiting:
            owner = waiting.popleft()
            for company, share in shares.get(owner, ()):
                held[company] += share
                if held[company] >= threshold and company not in reached:
                    reached[company] = owner
                    waiting.append(company)
        return reached

    def owned_by_any(self, owners: Iterable[str]) -> Iterator[str]:
        """Every company that one of the owners may hold something of."""
        return (company for owner in owners for company, share in self.highs.get(owner, ()) if share > 0)


@lru_cache(maxsize=4096)
def _whole(share: Decimal, rounding: str) -> int:
    return int((share * _MILLIONTHS).to_integral_value(rounding))


def _finding(
    company: str,
    graph: _Graph,
    rule: OwnershipRule,
    on: date,
    listed: Collection[str],
    certain: Mapping[str, str],
    possible: Mapping[str, str],
) -> OwnershipFinding:
    holders = [each for each in graph.of_company.get(company, ()) if each.owner in possible and each.high]
    if len(holders) > 1:
        holders.sort(key=lambda each: (-each.low, -each.high, each.owner, each.source))
    low = high = NOTHING
    for each in holders:
        high += each.high
        if each.owner in certain:
            low += each.low
    return OwnershipFinding(
        company=company,
        rule=rule,
        on=on,
        standing=_standing(company, listed, certain, possible),
        low=min(ALL, low),
        high=min(ALL, high),
        holders=tuple(holders),
        path=_path(company, holders, certain, possible),
    )


def _standing(
    company: str, listed: Collection[str], certain: Mapping[str, str], possible: Mapping[str, str]
) -> Standing:
    if company in listed:
        return Standing.LISTED
    if company in certain:
        return Standing.BY_OWNERSHIP
    return Standing.NOT_EXCLUDED if company in possible else Standing.MINORITY


def _path(
    company: str, holders: Sequence[Holding], certain: Mapping[str, str], possible: Mapping[str, str]
) -> tuple[str, ...]:
    """From a listed party down to the company, over the owners who tipped each step."""
    known = certain if company in certain or any(each.owner in certain for each in holders) else possible
    path = [company]
    at = known.get(company) or next((each.owner for each in holders if each.owner in known), "")
    while at:
        path.append(at)
        at = known[at]
    return tuple(reversed(path))


def _state_words(state: Verdict) -> str:
    if state is Verdict.HOLDS:
        return ""
    return (
        "; the rule is suspended that day"
        if state is Verdict.FAILS
        else "; the rule awaits confirmation by a person"
    )
