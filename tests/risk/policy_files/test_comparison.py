"""Two books side by side: what differs, in sentences that a compliance officer reads and in values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from risk.engine.policy import PolicyBook, Renumbering
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import HtsPrefix
from risk.engine.terms.spans import DateSpan
from risk.policy_files import compare, ended_by_act
from tests.facts import a_book, a_measure, a_rate, shipped_book, the_conditions

BEFORE = a_measure(
    conditions=the_conditions(
        prefixes=(HtsPrefix.parse("8543.70"),), origins=frozenset({CountryCode("CN"), CountryCode("HK")})
    )
)


def only_change(new, old=BEFORE):
    (change,) = compare(a_book(new), a_book(old)).measures
    return change


def test_a_book_does_not_differ_from_itself():
    found = compare(shipped_book(), shipped_book())
    assert not found
    assert (found.unchanged, sum(found.counts.values())) == (117, 0)


def test_a_measure_that_is_new_is_told_with_rate_goods_origins_day_and_act():
    (change,) = compare(a_book(BEFORE), PolicyBook(())).measures
    assert (change.deed, change.sentence) == (
        "added",
        "US-EXAMPLE is new: An example, 25 % on 8543.70 from China, Hong Kong, from 1 January 2018 on. "
        "An act, its page.",
    )


def test_a_measure_that_is_gone_is_told_as_if_it_had_never_been_law():
    (change,) = compare(PolicyBook(()), a_book(a_measure())).measures
    assert (change.deed, change.sentence) == (
        "removed",
        "US-EXAMPLE is taken out, as if it had never been law: An example, 25 % on every HTS code from every "
        "origin, from 1 January 2018 on.",
    )


def test_a_measure_that_only_ends_is_ended_by_its_act():
    ended = ended_by_act(replace(BEFORE, span=DateSpan(BEFORE.span.first, date(2026, 12, 31))), "92 FR 1")
    change = only_change(ended)
    assert (change.deed, change.sentence) == (
        "ended",
        "US-EXAMPLE ends on 31 December 2026 (so far without end). 92 FR 1.",
    )


def test_a_measure_that_lasts_longer_is_changed_not_ended():
    old = replace(BEFORE, span=DateSpan(BEFORE.span.first, date(2026, 1, 1)))
    change = only_change(replace(BEFORE, span=DateSpan(BEFORE.span.first, date(2026, 6, 1))), old)
    assert change.deed == "changed"
    assert [each.sentence for each in change.fields] == ["Last day: 1 January 2026 becomes 1 June 2026."]


CHANGES = {
    "rate": (replace(BEFORE, rate=a_rate("30.5")), "ad_valorem_rate", "Rate: 25 % becomes 30.5 %."),
    "citation": (
        replace(BEFORE, legal_reference="Another act"),
        "legal_reference",
        "Citation: “An act, its page” becomes “Another act”.",
    ),
    "origins": (
        replace(
            BEFORE,
            conditions=the_conditions(
                prefixes=(HtsPrefix.parse("8543.70"),),
                origins=frozenset({CountryCode("CN"), CountryCode("MY")}),
            ),
        ),
        "countries_of_origin",
        "Countries of origin: Malaysia joined; Hong Kong left.",
    ),
    "goods": (
        replace(
            BEFORE,
            conditions=the_conditions(
                prefixes=(HtsPrefix.parse("8543.70"), HtsPrefix.parse("8471")),
                origins=frozenset({CountryCode("CN"), CountryCode("HK")}),
            ),
        ),
        "hts_prefixes",
        "HTS codes: 8471 joined.",
    ),
    "US content": (
        replace(BEFORE, spares_us_content=True),
        "spares_us_content",
        "Whether US content is spared: no becomes yes.",
    ),
    "what it yields to": (
        replace(BEFORE, yields_to=frozenset({"us/other"})),
        "yields_to",
        "Yields to: us/other joined.",
    ),
}


@pytest.mark.parametrize(("new", "field", "sentence"), CHANGES.values(), ids=list(CHANGES))
def test_a_change_is_told_by_field_with_old_and_new(new, field, sentence):
    change = only_change(new)
    assert (change.deed, [(each.field, each.sentence) for each in change.fields]) == (
        "changed",
        [(field, sentence)],
    )
    assert change.fields[0].old != change.fields[0].new


def test_every_key_of_the_shipped_law_can_be_told_as_changed():
    for one, other in zip(shipped_book().measures, shipped_book().measures[1:], strict=False):
        change = only_change(replace(other, code=one.code), one)
        assert all(each.sentence.endswith(".") and each.sentence[0].isupper() for each in change.fields)


def test_a_renumbering_that_joins_is_told():
    numbering = Renumbering(
        old=HtsPrefix("85437099"),
        new=HtsPrefix("85437098"),
        since=date(2022, 1, 27),
        legal_reference="A note",
    )
    found = compare(PolicyBook((), (numbering,)), PolicyBook(()))
    assert found.classification == (
        "The renumbering of 8543.70.99 as 8543.70.98 from 27 January 2022 on joined. A note.",
    )
