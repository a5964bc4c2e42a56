"""A decision stands as long as what it was made on: whatever the order, whatever the day, and no longer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.engine.reviews import Decision, HitState, binds, state_of, what_changed

DIGESTS = st.sampled_from(["a", "b", "c"])
DECISIONS = st.none() | st.sampled_from(list(Decision))
EVIDENCE = {"vendor_name": "X", "matched_name": "X LTD", "is_weak": False, "features": []}


@given(found=DIGESTS, decision=st.sampled_from(list(Decision)))
def test_a_decision_on_the_evidence_of_now_stands(found, decision):
    assert state_of(found=found, decision=decision, decided_on=found).value == decision.value


@given(found=DIGESTS, decided_on=DIGESTS, decision=DECISIONS)
def test_a_hit_is_open_decided_or_lapsed_by_its_evidence_alone(found, decided_on, decision):
    state = state_of(found=found, decision=decision, decided_on=decided_on)
    if decision is None:
        assert state is HitState.OPEN
    else:
        assert (state is HitState.LAPSED) == (found != decided_on)


@given(decision=DECISIONS, decided_on=DIGESTS)
def test_what_is_found_no_more_is_gone_and_binds_nobody(decision, decided_on):
    state = state_of(found=None, decision=decision, decided_on=decided_on)
    assert state is HitState.GONE
    assert not binds(state, decision)


@given(found=DIGESTS, decided_on=DIGESTS)
def test_new_evidence_never_unblocks(found, decided_on):
    state = state_of(found=found, decision=Decision.CONFIRMED, decided_on=decided_on)
    assert binds(state, Decision.CONFIRMED)
    assert not binds(
        state_of(found=found, decision=Decision.DISMISSED, decided_on=decided_on), Decision.DISMISSED
    )


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        ({"matched_name": "Y LTD"}, "the listed name was 'X LTD' and is 'Y LTD'"),
        ({"is_weak": True}, "the listed name is now a weak alias"),
        ({"features": [{"sentence": "Both are of RU."}]}, '"Both are of RU" is new'),
    ],
)
def test_what_changed_is_told(now, sentence):
    assert sentence in what_changed(EVIDENCE, EVIDENCE | now)
    assert what_changed(EVIDENCE, EVIDENCE) == ""
