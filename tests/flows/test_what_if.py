"""What is supposed is found as it would be found if it were so, to the last digit, and nothing is recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fleet.models import Holding, Lot, Rig
from risk.api.answers import what_if_answer
from risk.book import book_of
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.follow_policy_change import follow_unfollowed_editions
from risk.flows.what_if import what_if
from risk.models import Assessment, Exposure, PolicyEdition
from risk.policy_files import ended_by_act
from risk.scenarios import ScenarioRefused, read_scenario, supposed_book
from risk.selectors import exposed_share
from risk.services import publish_edition, start_draft
from tests.commands import answer_of
from tests.database import TODAY
from tests.flows.test_checked_uploads import clock, imported, operator
from tests.sheets import a_csv, a_row
from vendors.models import ContestedOrigin, Vendor

pytestmark = pytest.mark.usefixtures("shipped")
__all__ = ["operator"]

ROWS = [
    a_row(1),
    a_row(2, country_of_origin="MY", country_of_assembly="MY", entry_date="2024-05-20"),
    a_row(
        3, country_of_origin="", country_of_assembly="TH", site="Villeta", import_country="PY", entry_date=""
    ),
    a_row(
        4, status="on order", entry_date="", expected_entry_date="2026-12-20", country_of_origin="TH", site=""
    ),
    a_row(5, country_of_origin="TH", country_of_assembly="TH", entry_date="2026-08-01"),
]


@pytest.fixture
def fleet(operator, tmp_path):
    """An operator with five lots, read and assessed."""
    imported(operator, a_csv(tmp_path, ROWS))
    assess_owed_lots(assessed_on=TODAY, clock=clock)
    return operator


def supposed(operator, **said):
    return what_if(operator, read_scenario(said), edition=PolicyEdition.objects.current(), on=TODAY)


def shares(operator):
    assess_owed_lots(assessed_on=TODAY, clock=clock)
    return exposed_share(operator, on=TODAY).whole


A_DUTY = {"code": "X", "rate": "0.1", "effective_from": "2026-01-01"}
LAWS = {
    "a duty on three origins": {
        "added": [
            {
                "code": "IF-301",
                "rate": "0.25",
                "effective_from": "2026-10-01",
                "countries_of_origin": ["MY", "TH", "CN"],
                "hts_prefixes": ["8543.70"],
            }
        ]
    },
    "a duty ended": {"ended": [{"code": "US-301-CN-L2", "through": "2025-12-31"}]},
    "a rate from a day on": {"changed": [{"code": "US-301-CN-L2", "rate": "0.6", "since": "2025-01-01"}]},
    "a deadline shifted": {"changed": [{"code": "US-301-CN-L2", "effective_through": "2026-06-30"}]},
}


@pytest.mark.parametrize("measures", LAWS.values(), ids=list(LAWS))
def test_a_law_that_is_supposed_finds_what_it_finds_once_it_is_published(fleet, measures):
    shown = supposed(fleet, measures=measures)
    assert shown.before.whole == shares(fleet)
    book = supposed_book(book_of(PolicyEdition.objects.current()), read_scenario({"measures": measures}))
    published(book)
    assert shown.after.whole == shares(fleet)
    assert shown.after.whole != shown.before.whole


def published(book):
    """The same measures as an edition: with the citations that law has, and a code of its own for each."""
    publish_edition(
        edition=start_draft(book=replace(book, measures=tuple(enacted(book)))), on=TODAY, at=clock()
    )
    follow_unfollowed_editions(now=clock())


def enacted(book):
    known, taken = set(book_of(PolicyEdition.objects.current()).measures), set()
    for measure in book.measures:
        cited = {"legal_reference": "91 FR 1", "source": "test", "verified_through": date(2026, 10, 10)}
        code = f"{measure.code}-2" if measure.code in taken else measure.code
        law = replace(measure, code=code, **(cited if measure.family == "supposed" else {}))
        yield ended_by_act(law, "91 FR 2") if measure not in known and measure.span.through else law
        taken.add(code)


def test_an_origin_that_is_supposed_to_be_contested(fleet):
    shown = supposed(
        fleet, origins={"contested": [{"maker": "Bitmain", "country": "VN", "since": "2020-01-01"}]}
    )
    maker = Vendor.objects.get(name="Bitmain")
    ContestedOrigin.objects.filter(vendor=maker).delete()
    ContestedOrigin.objects.create(vendor=maker, country="VN", first_date=date(2020, 1, 1), source="test")
    answer_of("assess", "--operator", fleet.slug, "--on", TODAY.isoformat(), "--full")
    assert shown.after.whole == exposed_share(fleet, on=TODAY).whole
    assert shown.after.whole.duty["contingent"] != shown.before.whole.duty["contingent"]


def test_a_vendor_that_is_supposed_to_be_listed(fleet):
    shown = supposed(fleet, vendors={"listed": [{"vendor": "Bitmain", "effect": "blocks"}]})
    assert shown.before.whole.exposed["sanction"].of_units == 0
    assert shown.after.whole.exposed["sanction"].of_units == 1
    assert {lot.after.sanction.value for lot in shown.moved} == {"blocked"}


RIGS = {
    "sold": ({"sold": [{"site": "Rockdale", "country_of_origin": "CN"}]}, [a_row(1, status="sold")]),
    "bought": (
        {
            "bought": [
                {
                    **{
                        "model": "Antminer S21 200T",
                        "units": 30,
                        "unit_value": "3900.00",
                        "status": "on order",
                    },
                    **{"country_of_origin": "MY", "country_of_assembly": "MY", "import_country": "US"},
                    **{
                        "expected_entry_date": "2026-12-15",
                        "transport_mode": "air",
                        "hts_code": "8543.70.9860",
                    },
                    **{"hashrate_ths": "200", "power_w": 3500},
                }
            ]
        },
        [
            a_row(
                **{"serial_number": "", "quantity": "30", "status": "on order", "site": ""},
                **{"country_of_origin": "MY", "country_of_assembly": "MY", "customs_value": "3900.00"},
                **{"entry_date": "", "entry_number": "", "expected_entry_date": "2026-12-15"},
            )
        ],
    ),
    "delayed": (
        {"delayed": [{"status": "on order", "days": 40}]},
        [a_row(4, **(ROWS[3] | {"Expected Entry Date": "2027-01-29"}))],
    ),
}


@pytest.mark.parametrize(("rigs", "rows"), RIGS.values(), ids=list(RIGS))
def test_rigs_that_are_supposed_find_what_they_find_once_they_are_uploaded(fleet, tmp_path, rigs, rows):
    shown = supposed(fleet, rigs=rigs)
    imported(fleet, a_csv(tmp_path, rows, name="then.csv"))
    assert shown.after.whole == shares(fleet)
    assert shown.moved


def test_rigs_that_are_moved_abroad_leave_their_entry_open(fleet):
    shown = supposed(
        fleet, rigs={"moved": [{"lots": [first_lot().pk], "to_country": "PY", "to_site": "Villeta"}]}
    )
    assert shown.after.whole.duty["contingent"].known == shown.before.whole.duty["contingent"].known
    assert shown.after.whole.duty["refundable"].known == shown.before.whole.duty["refundable"].known
    assert (
        shown.after.whole.exposed["tariff"].rigs.units == shown.before.whole.exposed["tariff"].rigs.units - 1
    )
    assert shown.after.whole.fleet.units == shown.before.whole.fleet.units


def first_lot():
    return Rig.objects.get(serial_number="YNAHEAUBCJCBA0001").lot


def test_a_part_of_a_holding_is_sold_and_nothing_is_lost(fleet, tmp_path):
    imported(
        fleet,
        a_csv(tmp_path, [a_row(serial_number="", quantity="100", entry_date="2025-07-01")], name="more.csv"),
    )
    before = shares(fleet)
    shown = supposed(fleet, rigs={"sold": [{"country_of_origin": "CN", "units": 31}]})
    assert shown.after.whole.fleet.units == before.fleet.units - 31
    assert shown.after.whole.duty["refundable"] == before.duty["refundable"]


def test_nothing_of_a_supposition_is_recorded(fleet):
    tables = (Lot, Rig, Holding, Exposure, Assessment, PolicyEdition)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    supposed(fleet, measures=LAWS["a duty on three origins"], rigs=RIGS["bought"][0])
    assert before == [list(table.objects.order_by("pk").values()) for table in tables]


def test_the_law_is_as_it_was_for_the_question_after(fleet):
    first = supposed(fleet, measures=LAWS["a duty on three origins"])
    second = supposed(fleet, measures=LAWS["a duty on three origins"])
    assert what_if_answer(first) == what_if_answer(second)
    assert second.before.whole == shares(fleet)


def test_a_fleet_that_changed_meanwhile_is_seen_as_it_is(fleet, tmp_path):
    supposed(fleet, rigs=RIGS["sold"][0])
    imported(fleet, a_csv(tmp_path, [a_row(9)], name="more.csv"))
    assert supposed(fleet, rigs=RIGS["sold"][0]).before.whole == shares(fleet)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "supposes nothing"),
        ({"laws": {}}, "'laws' is nothing that can be supposed"),
        (
            {"measures": {"ended": [{"code": "US-301-CN-L2"}]}},
            "measures.ended, entry 1: through must be said",
        ),
        (
            {"measures": {"ended": [{"code": "US-301-CN-X", "through": "2026-01-01"}]}},
            "did you mean US-301-CN-L",
        ),
        (
            {"measures": {"added": [{"code": "X", "rate": "25", "effective_from": "2026-01-01"}]}},
            "out of range",
        ),
        (
            {
                "measures": {
                    "added": [
                        {"code": "X", "rate": "0.1", "effective_from": "2026-01-01", "rate_type": "base"}
                    ]
                }
            },
            "a base rate is not supposed",
        ),
        ({"rigs": {"bought": [{"model": "Antminer Z99", "units": 1}]}}, "model 'Antminer Z99' is not known"),
        ({"rigs": {"bought": [{"model": "S21", "units": 0}]}}, "0 rigs are out of range"),
        ({"rigs": {"sold": [{"site": "Nowhere"}]}}, "0 rigs of the fleet fit"),
        ({"rigs": {"sold": [{"colour": "red"}]}}, "'colour' is not known here"),
        (
            {"vendors": {"listed": [{"vendor": "Bitmain", "effect": "eats"}]}},
            "none of blocks, restricts, watches",
        ),
    ],
)
def test_what_cannot_be_supposed_is_refused_with_its_place(fleet, said, sentence):
    with pytest.raises(ScenarioRefused, match=sentence):
        supposed(fleet, **said)


def test_the_command_reads_a_file_and_answers_both_sides(fleet, tmp_path):
    change = tmp_path / "change.yaml"
    change.write_text(
        "title: A buyer's question\n"
        "rigs:\n  bought: [{model: Antminer S21 200T, units: 30, unit_value: '3900.00', country_of_origin: MY}]\n"
    )
    answer = answer_of(
        "what_if", "--operator", fleet.slug, "--change", str(change), "--on", TODAY.isoformat()
    )
    assert answer["title"] == "A buyer's question"
    assert answer["after"]["fleet"]["units"] == answer["before"]["fleet"]["units"] + 30
    assert answer["moved"][0] == {**answer["moved"][0], "lot": None, "units_before": 0, "units_after": 30}
