"""Under a supposed book the short way finds what the long way finds, whatever the books and the lots."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from risk.engine.amounts import LotValue
from risk.engine.outcomes import Considered
from risk.engine.sittings import Sitting
from risk.engine.suppositions import SupposedSitting
from tests.engine.random_law import LOTS, ON, VALUES, VENDORS, books, in_one_order, spans


@st.composite
def two_books(draw):
    """A book, and another that keeps some of its measures, ends some and has some of its own."""
    book, other = draw(books()), draw(books())
    kept = [
        replace(measure, span=draw(st.just(measure.span) | spans()))
        for measure in book.measures[1:]
        if draw(st.booleans())
    ]
    further = [replace(measure, code=f"{measure.code}-SUPPOSED") for measure in other.measures[1:]]
    measures = dict.fromkeys([book.measures[0], *kept, *further])
    return book, replace(book, measures=tuple(measures))


@given(two_books(), st.lists(LOTS, min_size=1, max_size=6), VENDORS, VALUES, ON)
def test_a_supposition_finds_what_a_sitting_under_its_book_finds(pair, lots, vendor, value, on):
    known, supposed = pair
    beside = SupposedSitting.beside(Sitting(Considered(known), on), supposed)
    alone = Sitting(Considered(supposed), on)
    worth = LotValue(in_fleet=value, ever=value)
    for lot in lots:
        found, expected = beside.assess(lot, vendor, worth), alone.assess(lot, vendor, worth)
        assert in_one_order(found)._replace(holds=expected.holds) == in_one_order(expected)
