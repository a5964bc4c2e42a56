"""What a lot stands to cost: stages, the four amounts, doubt, score, and the days on which a finding holds."""

from datetime import date
from decimal import Decimal

import pytest

from risk.engine.amounts import LotValue
from risk.engine.clocks import ClockStage
from risk.engine.exposure import Band, Stage, assess
from risk.engine.facts import Affiliation, ContestedOrigin
from risk.engine.findings import SanctionLevel
from risk.engine.outcomes import Considered
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.money import NO_MONEY, Money
from risk.engine.terms.spans import DateSpan
from tests.facts import a_lot, a_vendor, shipped_book

TODAY = date(2026, 11, 22)
LAW = Considered(shipped_book())
MY, CN, TH, US, MO, PY = map(CountryCode, ("MY", "CN", "TH", "US", "MO", "PY"))
CONTESTED = ContestedOrigin(country=CN, span=DateSpan(date(2024, 4, 1)), source="customs notices")
BITMAIN = a_vendor(contested_origins=(CONTESTED,))


def value_of(amount: str, **said) -> LotValue:
    return LotValue(**({"in_fleet": Money.parse(amount), "ever": Money.parse(amount)} | said))


def assessed(lot, *, vendor=BITMAIN, value=None, on=TODAY):
    return assess(lot, vendor, value or value_of("1000000.00"), considered=LAW, on=on)


def money(amount: str) -> Money:
    return Money.parse(amount)


def test_the_disputed_25_points_on_a_million_are_a_quarter_of_a_million():
    """The CleanSpark kind of entry: declared Malaysia at 2.6 %, asserted China at 27.6 %."""
    found = assessed(a_lot(country_of_origin=MY, country_of_assembly=MY, entry_date=date(2024, 5, 15)))
    assert found.stage is Stage.ENTERED
    assert found.contested_origin == CN
    assert found.amounts.contingent == money("250000.00")
    assert found.clock is ClockStage.PENALTY_ONLY


def test_a_contested_origin_counts_until_five_years_after_the_entry():
    lot = a_lot(country_of_origin=MY, country_of_assembly=MY, entry_date=date(2024, 5, 15))
    assert assessed(lot, on=date(2029, 5, 15)).amounts.contingent == money("250000.00")
    assert assessed(lot, on=date(2029, 5, 16)).amounts.contingent == NO_MONEY


def test_hashboards_of_another_origin_are_where_customs_would_look_first():
    lot = a_lot(
        country_of_origin=MY, country_of_assembly=MY, hashboard_origin=TH, entry_date=date(2024, 5, 15)
    )
    assert assessed(lot).contested_origin == TH
    assert assessed(lot).amounts.contingent == NO_MONEY  # both pay 2.6 %


def test_a_maker_whose_origin_nobody_contests_has_no_contingent_duty():
    lot = a_lot(country_of_origin=MY, country_of_assembly=MY, entry_date=date(2024, 5, 15))
    assert assessed(lot, vendor=a_vendor(name="Auradine")).amounts.contingent == NO_MONEY


def test_refundable_duties_are_owed_at_entry_and_come_back_later():
    lot = a_lot(entry_date=date(2025, 3, 20))
    assert assessed(lot, value=value_of("500000.00")).amounts.refundable == money("100000.00")
    assert assessed(lot, value=value_of("500000.00"), on=date(2026, 2, 19)).amounts.refundable == NO_MONEY


def test_the_refundable_part_of_a_contested_duty_stands_apart():
    """Malaysia in June 2025 paid 10 % reciprocal; China 25 % of List 2 that stay, and 30 % that come back."""
    lot = a_lot(country_of_origin=MY, country_of_assembly=MY, entry_date=date(2025, 6, 10))
    assert assessed(lot).amounts.contingent == money("250000.00")


def test_duty_to_come_is_asked_for_at_the_expected_entry_date():
    lot = a_lot(entry_date=None, expected_entry_date=date(2026, 12, 15), has_arrived=False)
    found = assessed(lot)
    assert found.stage is Stage.TO_COME
    assert found.amounts.duty_to_come == money("401000.00")  # 2.6 + 25 + 12.5 percent
    assert found.amounts.contingent == found.amounts.refundable == NO_MONEY


@pytest.mark.parametrize("expected", [None, date(2026, 11, 1)])
def test_an_expected_date_that_is_missing_or_past_becomes_the_day_of_the_assessment(expected):
    found = assessed(a_lot(entry_date=None, expected_entry_date=expected, has_arrived=False))
    assert found.amounts.duty_to_come == money("401000.00")
    assert "no_expected_entry_date" in {reason.code for reason in found.findings}


def test_a_rig_that_stands_there_without_a_date_is_entered_and_its_past_is_unknown_never_zero():
    found = assessed(a_lot(entry_date=None))
    assert found.stage is Stage.ENTERED_UNDATED
    assert found.amounts.contingent is None
    assert found.amounts.refundable is None
    assert found.amounts.replacement == money("401000.00")
    assert "entry_date" in {doubt.fact for doubt in found.doubts}


def test_assembly_stands_for_a_silent_origin_and_the_finding_says_so():
    found = assessed(a_lot(country_of_origin=None, country_of_assembly=MY))
    assert found.origin == MY
    assert "origin_from_assembly" in {reason.code for reason in found.findings}


def test_assembly_never_supplies_a_domestic_origin_for_an_entered_lot():
    found = assessed(a_lot(country_of_origin=None, country_of_assembly=US))
    assert found.origin is None
    assert found.rate is None
    assert found.best.fraction == 0
    assert found.worst is not None and found.worst.fraction > 0
    assert {doubt.fact for doubt in found.doubts} == {"country_of_origin"}
    assert found.band is Band.UNKNOWN


def test_a_lot_assembled_where_it_stands_and_never_entered_is_domestic():
    found = assessed(a_lot(country_of_origin=None, country_of_assembly=US, entry_date=None))
    assert found.stage is Stage.DOMESTIC
    assert found.amounts.replacement == NO_MONEY
    assert found.rate is not None and found.rate.fraction == 0


def test_a_declared_us_origin_pays_column_1_and_is_contested_at_its_hashboards():
    found = assessed(
        a_lot(country_of_origin=US, country_of_assembly=US, hashboard_origin=CN, entry_date=date(2024, 5, 15))
    )
    assert [line.measure for line in found.lines_of("as entered")] == ["US-MFN-854370"]
    assert found.amounts.contingent == money("250000.00")


def test_a_rig_in_paraguay_carries_no_us_tariff_exposure_and_still_a_sanction_level():
    found = assessed(a_lot(import_country=PY))
    assert found.rate is not None and found.rate.fraction == 0
    assert found.sanction.level is SanctionLevel.CLEAR
    assert "outside_the_law_on_record" in {reason.code for reason in found.findings}


def test_a_country_of_import_that_nobody_gave_leaves_the_answer_open():
    found = assessed(a_lot(import_country=None, entry_date=None, has_arrived=False))
    assert found.rate is None
    assert found.best.fraction == 0
    assert found.worst is not None and found.worst.percent == "37.5"


def test_a_code_without_a_base_rate_is_unknown_not_free():
    found = assessed(a_lot(hts_code=None))
    assert found.rate is None
    assert found.amounts.replacement is None


def test_rigs_without_a_value_have_no_amounts_and_their_rates_all_the_same():
    found = assessed(a_lot(), value=LotValue(in_fleet=None, ever=None, units_without_value=3))
    assert found.amounts.replacement is None
    assert found.rate is not None and found.rate.percent == "37.5"


def test_rigs_that_left_the_fleet_keep_their_entry_open_to_customs_and_to_refunds():
    sold = LotValue(in_fleet=NO_MONEY, ever=money("500000.00"))
    found = assessed(a_lot(entry_date=date(2025, 3, 20)), value=sold)
    assert found.amounts.refundable == money("100000.00")
    assert found.amounts.replacement == NO_MONEY


def test_a_maker_that_was_never_screened_is_unknown_not_clear():
    found = assessed(a_lot(), vendor=a_vendor(lists_screened=()))
    assert found.sanction.level is SanctionLevel.UNKNOWN
    assert not found.sanction.is_screened


def test_an_affiliate_of_a_listed_party_is_on_watch():
    tie = Affiliation(other_party="Xiamen Sophgo Technologies", relation="common control")
    found = assessed(a_lot(country_of_origin=MO), vendor=a_vendor(affiliations=(tie,)))
    assert found.sanction.level is SanctionLevel.WATCH
    assert (found.score, found.band) == (25, Band.ELEVATED)


def test_a_party_that_a_blocking_measure_names_is_blocked():
    found = assessed(a_lot(country_of_origin=MO), vendor=a_vendor(name="BitRiver AG"))
    assert found.sanction.level is SanctionLevel.BLOCKED
    assert (found.score, found.band) == (100, Band.SEVERE)


@pytest.mark.parametrize(
    ("origin", "band"), [(MO, Band.NONE), (MY, Band.LOW), (TH, Band.ELEVATED), (CN, Band.HIGH)]
)
def test_bands_follow_the_additional_rate(origin, band):
    assert assessed(a_lot(country_of_origin=origin)).band is band


def test_a_finding_is_the_same_on_every_day_on_which_it_holds():
    lot = a_lot(country_of_origin=MY, country_of_assembly=MY, entry_date=date(2026, 8, 1))
    found = assessed(lot)
    assert found.holds.first == date(2026, 11, 10)  # the last day before on which a measure began
    assert found.holds.through == date(2027, 6, 11)  # 314 days after the entry
    assert assessed(lot, on=found.holds.first).amounts == assessed(lot, on=found.holds.through).amounts


def test_us_content_is_spared_by_reciprocal_duties_only():
    lot = a_lot(country_of_origin=MY, entry_date=date(2025, 6, 10), us_content_percent=Decimal(25))
    lines = {line.measure: line for line in assessed(lot).lines_of("as entered")}
    assert lines["US-RECIP-BASE-W2"].share_of_value == Decimal("0.75")
    assert lines["US-MFN-854370"].share_of_value == 1
