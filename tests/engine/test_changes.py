"""What a change of the law touches: never less than what it moves, and told by what measures look at first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from risk.engine.amounts import LotValue
from risk.engine.facts import EntryFacts
from risk.engine.outcomes import Considered
from risk.engine.sittings import Sitting
from tests.engine.random_law import COUNTRIES, LOTS, ON, VALUES, VENDORS, books, in_one_order

ANY_DAY = date(2018, 7, 1)


def entries(lot, vendor):
    """Under every origin that a question about the lot could bring, on a day that is not asked about."""
    contested = {claim.country for claim in vendor.contested_origins}
    origins = {lot.origin, lot.hashboard_origin or lot.origin, *contested}
    return [lot.entry(on=ANY_DAY, origin=origin) for origin in origins]


@st.composite
def duties_changed(draw):
    """A book, and one that has other duties: whom a list names touches every lot."""
    book, other = draw(books()), draw(books())
    always = book.measures[:2]  # the schedule and a list
    duties = [measure for measure in book.measures[2:] if draw(st.booleans())]
    duties += [replace(measure, code=f"{measure.code}-NEW") for measure in other.measures[2:]]
    return book, replace(book, measures=(*always, *duties))


@given(duties_changed(), st.lists(LOTS, min_size=1, max_size=6), VENDORS, VALUES, ON)
def test_a_lot_that_no_change_touches_is_found_as_before(pair, lots, vendor, value, on):
    before, after = pair
    changes = after.changes_since(before)
    then, now = (Sitting(Considered(book), on) for book in pair)
    worth = LotValue(in_fleet=value, ever=value)
    untouched = [lot for lot in lots if not changes.touches(entries(lot, vendor))]
    assume(untouched)
    for lot in untouched:
        was, found = then.assess(lot, vendor, worth), now.assess(lot, vendor, worth)
        assert in_one_order(found)._replace(holds=was.holds) == in_one_order(was)


@given(duties_changed(), LOTS, st.none() | COUNTRIES, ON)
def test_whether_a_change_touches_an_entry_hangs_on_code_and_countries_alone(pair, lot, origin, on):
    before, after = pair
    changes = after.changes_since(before)
    bare = EntryFacts(
        day=ANY_DAY, import_country=lot.import_country, hts_code=lot.hts_code, country_of_origin=origin
    )
    assert changes.touches([lot.entry(on=on, origin=origin)]) == changes.touches([bare])
