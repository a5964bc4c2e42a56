"""Answers without fractions are the same to the byte as those of the framework's renderer, whatever is told."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.serializer_helpers import ReturnDict

from fleet.models import Operator
from ledger.api.rendering import AnswerRenderer
from risk.engine.facts import LotFacts
from risk.models import Turn

EAST = datetime(2026, 11, 29, 12, 30, 1, 123456, tzinfo=UTC)
PLAIN = st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]))
ANSWERS = st.recursive(
    PLAIN, lambda some: st.lists(some) | st.dictionaries(st.text('aé\u2028\u2029\x00"\\'), some)
)


def both(data, accepted=None):
    return AnswerRenderer().render(data, accepted, {}), JSONRenderer().render(data, accepted, {})


@given(ANSWERS)
def test_any_answer_is_written_as_the_framework_writes_it(data):
    mine, its = both(data)
    assert mine == its


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False)))
def test_numbers_with_a_point_may_be_spelled_otherwise_and_are_the_same(data):
    mine, its = both(data)
    assert json.loads(mine) == json.loads(its) == data


@pytest.mark.parametrize(
    "data",
    [
        [EAST, EAST.date(), time(1, 2, 3, 456789), timedelta(seconds=90), date(2026, 2, 28)],
        [Decimal("12.50"), Decimal("0E-12"), UUID(int=7), gettext_lazy("Rig"), Turn.PROMPT, b"abc"],
        ReturnDict({"rigs": (1, 2)}, serializer=None),
        {1: "a number for a key", 2**70: "and a large one"},
        {"large": 2**70},
        0.1,
    ],
)
def test_what_answers_are_made_of_is_told_alike(data):
    mine, its = both(data)
    assert mine == its


def test_an_answer_is_set_out_in_lines_for_who_asks_for_it():
    mine, its = both({"rigs": [1]}, "application/json; indent=4")
    assert mine == its == b'{\n    "rigs": [\n        1\n    ]\n}'
    assert both(None) == (b"", b"")


@pytest.mark.parametrize("strange", [Operator(), LotFacts(maker="Bitmain", model="Antminer S21")])
def test_what_nobody_can_write_is_refused_as_before(strange):
    with pytest.raises(TypeError, match="not JSON serializable"):
        AnswerRenderer().render({"strange": strange}, None, {})
