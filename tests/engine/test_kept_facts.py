"""Facts that were kept with a finding are read back as they were, or refused."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from risk.engine.facts import LotFacts, facts_that_bear
from risk.engine.kept_facts import TextOfAlike, as_plain, from_plain, text_of
from tests.engine.random_law import LOTS, VENDORS, WORTH
from tests.facts import a_lot


@given(LOTS, VENDORS, WORTH)
def test_facts_that_were_kept_are_read_back_as_they_were(lot, vendor, worth):
    for facts in (lot, vendor, worth):
        again = from_plain(type(facts), json.loads(json.dumps(as_plain(facts))))
        assert again == facts
        assert as_plain(again) == as_plain(facts)


@given(LOTS, VENDORS, WORTH)
def test_the_text_of_facts_is_that_of_their_plain_values(lot, vendor, worth):
    for facts in (lot, vendor, worth):
        plain = json.dumps(as_plain(facts), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert text_of(facts) == plain


@given(LOTS, st.data())
def test_lots_that_agree_in_what_bears_are_written_as_if_each_were_alone(lot, data):
    names = st.none() | st.text(st.sampled_from('ab%s\\"é'))
    named = {
        name: data.draw(names, name) for name in ("entry_number", "importer_of_record", "purchase_order")
    }
    longer = lot.us_content_percent and lot.us_content_percent + Decimal("0.000")
    like = replace(lot, maker="100 % Rigs", model="%s", us_content_percent=longer, **named)
    assume(facts_that_bear(like) == facts_that_bear(lot))
    assert TextOfAlike(lot).of(like) == text_of(like)
    assert TextOfAlike(like).of(lot) == text_of(lot)


def test_the_text_of_facts_keeps_every_letter():
    lot = a_lot(entry_number='"\\\n\u2028é矿', importer_of_record="\x00")
    assert json.loads(text_of(lot)) == as_plain(lot)


@pytest.mark.parametrize(
    "spoilt",
    [{"colour": "red"}, {"has_arrived": "yes"}, {"entry_date": "soon"}, {"country_of_origin": "XX"}],
)
def test_values_that_are_no_facts_are_refused(spoilt):
    with pytest.raises(ValueError, match=r"."):
        from_plain(LotFacts, as_plain(a_lot()) | spoilt)
