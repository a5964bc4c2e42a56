"""The 50 percent rule by cascade: shares add up and pass on whole, and what is not known is not excluded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.engine.findings import SanctionLevel, Verdict
from risk.engine.ownership import (
    BIS_AFFILIATES,
    OFAC_50_PERCENT,
    OWNERSHIP_RULES,
    Holding,
    Standing,
    ownership_findings,
)
from risk.engine.terms.spans import DateSpan

TODAY = date(2026, 11, 28)


def holds(owner: str, owned: str, low: str | int, high: str | int | None = None, **more) -> Holding:
    return Holding(
        owner=owner, owned=owned, low=Decimal(low), high=Decimal(low if high is None else high), **more
    )


def unknown(owner: str, owned: str) -> Holding:
    return Holding(owner=owner, owned=owned)


def found(*holdings: Holding, listed=("L",), rule=OFAC_50_PERCENT, on=TODAY):
    """The standing of every company that is reached and not itself listed."""
    findings = ownership_findings(holdings, set(listed), rule=rule, on=on)
    return {name: each.standing for name, each in findings.items() if each.standing is not Standing.LISTED}


def level(*holdings: Holding, rule, on) -> SanctionLevel:
    return ownership_findings(holdings, {"L"}, rule=rule, on=on)["X"].level


# ----------------------------------------------------------------------------------------------------- the rule


def test_two_listed_owners_of_30_percent_block_together():
    assert found(holds("L", "X", 30), holds("M", "X", 30), listed=("L", "M")) == {"X": Standing.BY_OWNERSHIP}


def test_one_listed_owner_of_49_percent_is_a_minority():
    assert found(holds("L", "X", 49)) == {"X": Standing.MINORITY}


def test_exactly_half_blocks():
    assert found(holds("L", "X", 50)) == {"X": Standing.BY_OWNERSHIP}
    assert found(holds("L", "X", "49.999999")) == {"X": Standing.MINORITY}


def test_a_chain_of_halves_blocks_to_its_end_without_multiplying():
    chain = (holds("L", "A", 50), holds("A", "B", 50), holds("B", "C", 50))
    assert found(*chain) == dict.fromkeys("ABC", Standing.BY_OWNERSHIP)


def test_a_minority_is_not_passed_on():
    assert found(holds("L", "A", 49), holds("A", "B", 100)) == {"A": Standing.MINORITY}


def test_a_company_blocked_by_ownership_adds_its_whole_share():
    assert found(holds("L", "A", 60), holds("A", "X", 30), holds("L", "X", 20))["X"] is Standing.BY_OWNERSHIP


def test_an_unknown_share_cannot_be_excluded():
    assert found(unknown("L", "X")) == {"X": Standing.NOT_EXCLUDED}


def test_what_cannot_be_excluded_above_cannot_be_excluded_below():
    assert found(unknown("L", "A"), holds("A", "B", 80)) == dict.fromkeys("AB", Standing.NOT_EXCLUDED)


def test_bounds_on_both_sides_of_the_threshold_cannot_be_excluded():
    assert found(holds("L", "X", 40, 60)) == {"X": Standing.NOT_EXCLUDED}
    assert found(holds("L", "X", 20, 45)) == {"X": Standing.MINORITY}


def test_a_cycle_ends():
    ring = (holds("A", "B", 60), holds("B", "C", 60), holds("C", "A", 60))
    assert found(*ring) == {}
    assert found(*ring, holds("L", "B", 50)) == dict.fromkeys("ABC", Standing.BY_OWNERSHIP)


def test_a_company_does_not_block_itself():
    assert found(holds("X", "X", 60), holds("L", "X", 10)) == {"X": Standing.MINORITY}


def test_a_holding_of_another_time_is_left_out():
    past = holds("L", "X", 80, span=DateSpan(date(2015, 1, 1), date(2020, 1, 1)))
    assert found(past) == {}
    assert found(past, on=date(2019, 6, 1)) == {"X": Standing.BY_OWNERSHIP}


def test_a_share_out_of_bounds_is_refused():
    with pytest.raises(ValueError, match="cannot own 60 to 40 %"):
        holds("L", "X", 60, 40)


def test_the_finding_says_who_holds_what_and_the_way_there():
    findings = ownership_findings(
        [holds("L", "A", 75), holds("A", "X", 51)], {"L"}, rule=OFAC_50_PERCENT, on=TODAY
    )
    assert findings["X"].path == ("L", "A", "X")
    assert [str(each) for each in findings["X"].holders] == ["51 %"]
    sentence = findings["X"].reason.sentence
    assert sentence.startswith("X: blocked by ownership under the OFAC 50 percent rule")
    assert "51 % is held by A 51 %" in sentence
    assert "L → A → X" in sentence


# ------------------------------------------------------------------------------------------------- rules and days


@pytest.mark.parametrize(
    ("on", "state", "found_level"),
    [
        (date(2025, 9, 28), Verdict.FAILS, SanctionLevel.WATCH),
        (date(2025, 9, 29), Verdict.HOLDS, SanctionLevel.RESTRICTED),
        (date(2025, 11, 9), Verdict.HOLDS, SanctionLevel.RESTRICTED),
        (date(2025, 11, 10), Verdict.FAILS, SanctionLevel.WATCH),
        (date(2026, 11, 9), Verdict.FAILS, SanctionLevel.WATCH),
        (date(2026, 11, 10), Verdict.UNKNOWN, SanctionLevel.UNKNOWN),
    ],
)
def test_the_affiliates_rule_is_suspended_for_a_year_and_then_unknown(on, state, found_level):
    assert BIS_AFFILIATES.state_on(on) is state
    assert level(holds("L", "X", 50), rule=BIS_AFFILIATES, on=on) is found_level


def test_what_cannot_be_excluded_is_unknown_and_a_minority_is_watched():
    assert level(unknown("L", "X"), rule=OFAC_50_PERCENT, on=TODAY) is SanctionLevel.UNKNOWN
    assert level(holds("L", "X", 10), rule=OFAC_50_PERCENT, on=TODAY) is SanctionLevel.WATCH
    assert level(holds("L", "X", 50), rule=OFAC_50_PERCENT, on=TODAY) is SanctionLevel.BLOCKED


def test_a_person_confirms_a_rule_by_a_phase():
    *before, last = BIS_AFFILIATES.phases
    confirmed = replace(BIS_AFFILIATES, phases=(*before, replace(last, state=Verdict.HOLDS)))
    assert level(holds("L", "X", 50), rule=confirmed, on=TODAY) is SanctionLevel.RESTRICTED


def test_every_phase_has_its_citation_and_no_two_overlap():
    for rule in OWNERSHIP_RULES:
        spans = [phase.span for phase in rule.phases]
        assert all(phase.legal_reference for phase in rule.phases)
        assert not any(one.overlaps(other) for one, other in pairwise(spans))


# ----------------------------------------------------------------------------------------------------------- laws

shares = st.integers(0, 100).map(Decimal)
parties = st.sampled_from("ABCDEFGL")


@st.composite
def graphs(draw):
    """Up to twenty holdings among eight parties, with bounds and cycles."""
    size = draw(st.integers(0, 20))
    bounds = [sorted((draw(shares), draw(shares))) for _ in range(size)]
    return [Holding(owner=draw(parties), owned=draw(parties), low=low, high=high) for low, high in bounds]


def by_naive_fixpoint(holdings, listed, bound):
    """Everything once more until nothing changes: slow, and plainly right."""
    reached = set(listed)
    while True:
        more = {
            company
            for company in "ABCDEFGL"
            if sum(
                getattr(h, bound)
                for h in holdings
                if h.owned == company and h.owner in reached and h.owner != company
            )
            >= 50
        }
        if more <= reached:
            return reached
        reached |= more


@given(graphs(), st.sets(parties, min_size=1, max_size=2))
def test_the_cascade_is_the_fixpoint(holdings, listed):
    findings = ownership_findings(holdings, listed, rule=OFAC_50_PERCENT, on=TODAY)
    certain = {
        name for name, each in findings.items() if each.standing in (Standing.LISTED, Standing.BY_OWNERSHIP)
    }
    possible = certain | {name for name, each in findings.items() if each.standing is Standing.NOT_EXCLUDED}
    assert certain == by_naive_fixpoint(holdings, listed, "low")
    assert possible == by_naive_fixpoint(holdings, listed, "high")


STRENGTH = {None: 0, Standing.MINORITY: 1, Standing.NOT_EXCLUDED: 2, Standing.BY_OWNERSHIP: 3}


@given(graphs(), graphs())
def test_more_ownership_never_unblocks(holdings, more):
    before, after = found(*holdings), found(*holdings, *more)
    assert all(STRENGTH[after.get(name)] >= STRENGTH[standing] for name, standing in before.items())


@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_of_holdings_does_not_matter(holdings, chance):
    shuffled = list(holdings)
    chance.shuffle(shuffled)
    assert found(*shuffled) == found(*holdings)


@given(graphs())
def test_every_reached_company_has_a_path_from_a_listed_party(holdings):
    for name, each in ownership_findings(holdings, {"L"}, rule=OFAC_50_PERCENT, on=TODAY).items():
        assert each.path[-1] == name
        assert each.path[0] == "L" or each.standing is Standing.LISTED
