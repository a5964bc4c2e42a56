"""Before a purchase: the answer says what the product finds once the order is placed, entered and assessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleet.flows.read_upload import read_upload
from fleet.models import Lot, Rig, Site, Upload
from fleet.selectors import facts_of
from fleet.services import take_back
from risk.api.purchase_records import checked_and_kept
from risk.engine.findings import SanctionLevel
from risk.engine.reviews import Decision
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import HtsCode
from risk.engine.terms.money import NO_MONEY, Money
from risk.engine.terms.rigs import TransportMode
from risk.engine.verdicts import PurchaseVerdict
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.check_purchase import check_purchase, limits_of
from risk.flows.load_list import load_list
from risk.flows.named_goods import vendors_of
from risk.flows.purchase_parties import MOST_NAMES_SCREENED
from risk.flows.screen_vendors import screen_vendors
from risk.lists import FORMATS
from risk.models import PolicyEdition, PurchaseCheck, ScreeningHit
from risk.scenarios import AskedLine, AskedOrder
from risk.selectors import exposed_share
from risk.services import OrderRefused, decide_hit, order_purchase, set_purchase_limits
from tests.commands import answer_of
from tests.console.visitors import a_person, an_operator
from tests.database import NOW, TODAY
from tests.flows.test_checked_uploads import clock, imported, operator
from tests.risk.lists.samples import SAMPLES
from tests.sheets import a_csv, a_row
from tests.vendors.records import said_of
from vendors.catalogue.identifiers import identifier_key
from vendors.models import Vendor, VendorIdentifier

pytestmark = pytest.mark.usefixtures("shipped")
__all__ = ["operator"]

US, MY, CN, TH = map(CountryCode, ("US", "MY", "CN", "TH"))
THERE = date(2026, 12, 15)


def a_line(**said) -> AskedLine:
    line = {
        "model": "Antminer S21 XP",
        "units": 500,
        "unit_value": Money.parse("3900.00"),
        "vendor": "Bitmain",
        "country_of_origin": MY,
        "country_of_assembly": MY,
        "import_country": US,
        "expected_entry_date": THERE,
        "transport_mode": TransportMode.AIR,
    }
    return AskedLine(**(line | said))


def asked(operator, *lines: AskedLine, number: str | None = "PO-9", on: date = TODAY):
    order = AskedOrder(lines=lines, purchase_order=number)
    return check_purchase(operator, order, edition=PolicyEdition.objects.current(), on=on, today=TODAY)


def kept(operator, *lines: AskedLine, number: str | None = "PO-9") -> PurchaseCheck:
    order = AskedOrder(lines=lines, purchase_order=number)
    edition = PolicyEdition.objects.current()
    return checked_and_kept(operator, order, edition=edition, on=TODAY, today=TODAY, at=NOW)


def duty_told(day: str):
    """What the command says of 500 rigs of Malaysia at 3,900 USD, flown in on a day."""
    said = (
        "--hts",
        "8543.70.9860",
        "--origin",
        "MY",
        "--entry-date",
        day,
        "--value",
        "1950000",
        "--mode",
        "air",
    )
    return answer_of("duty", *said)


@pytest.fixture
def fleet(operator, tmp_path):
    rows = [
        a_row(1),
        a_row(2, country_of_origin="MY", country_of_assembly="MY", entry_date="2024-05-20"),
        a_row(3, country_of_origin="", country_of_assembly="US", entry_date="2025-01-10", customs_value=""),
    ]
    imported(operator, a_csv(tmp_path, rows))
    assess_owed_lots(assessed_on=TODAY, clock=clock)
    return operator


@pytest.fixture
def screened(db):
    """All vendors screened against a list that is fresh on the day of the tests."""
    load_list(
        form=FORMATS["ofac_sdn"], file=SAMPLES / "sdn.csv", companions={}, as_of=TODAY, at=NOW, floors={}
    )
    screen_vendors(clock=clock)


def test_duty_and_fees_of_a_line_are_those_of_the_command(operator):
    (line,) = kept(operator, a_line()).answer["lines"]
    assert line["duty"] == duty_told("2026-12-15")
    assert line["total_duty"] == line["duty"]["total_duty"]
    assert line["fees"] == line["duty"]["total_fees"]


def test_landed_units_add_up_to_the_landed_cost_to_the_cent(operator):
    lines = asked(operator, a_line(units=7, unit_value=Money.parse("3333.33")), a_line(units=3)).lines
    for line in lines:
        assert line.landed_cost == line.value + line.duty + line.fees
        assert sum(units for units, _ in line.landed_units) == line.asked.units
        assert sum(each.cents * units for units, each in line.landed_units) == line.landed_cost.cents
        assert line.landed_unit_cost == max(each for _, each in line.landed_units)


def test_lines_that_will_be_one_entry_bear_its_fees_once(operator):
    checked = asked(
        operator, a_line(), a_line(country_of_origin=TH), a_line(expected_entry_date=date(2027, 1, 5))
    )
    first, second = checked.entries
    assert (first.lines, second.lines) == ((0, 1), (2,))
    (mpf,) = first.fees
    assert checked.lines[0].fees + checked.lines[1].fees == mpf.amount
    assert checked.lines[2].fees == sum((fee.amount for fee in second.fees), NO_MONEY)


def test_what_is_told_is_what_the_entry_says_once_the_goods_are_entered(operator, tmp_path):
    on, day = date(2026, 11, 20), "2026-11-20"
    lines = [
        a_line(units=7, unit_value=Money.parse("3333.33"), expected_entry_date=on),
        a_line(units=3, country_of_origin=CN, expected_entry_date=on),
    ]
    checked = asked(operator, *lines, on=on)
    imported(operator, a_csv(tmp_path, [entered(each, day) for each in lines]))
    (entry,) = answer_of("entries", "--operator", operator.slug, "--on", TODAY.isoformat())["entries"]
    told = {line.facts.country_of_origin: line for line in checked.lines}
    assert entry["total_fees"] == str(sum((line.fees for line in checked.lines), NO_MONEY))
    for lot in entry["lots"]:
        line = told[lot["country_of_origin"]]
        assert (lot["duty"], lot["fees"]) == (str(line.duty), str(line.fees))


def entered(line: AskedLine, day: str) -> dict[str, object]:
    """The row of a sheet that says of a line that it has been entered."""
    row = a_row(
        model=line.model,
        quantity=line.units,
        customs_value=str(line.unit_value),
        entry_date=day,
        entry_number="",
        country_of_origin=line.country_of_origin,
        country_of_assembly="MY",
        hts_code="",
    )
    return row | {"Serial Number": "", "Purchase Order": "PO-9"}


def test_the_share_with_the_purchase_is_that_of_the_fleet_once_it_is_on_order(fleet, screened):
    assess_owed_lots(assessed_on=TODAY, clock=clock)
    nowhere = a_line(country_of_origin=None, country_of_assembly=None, units=9)
    lines = [
        a_line(),
        a_line(unit_value=Money.parse("4000.01"), units=3),
        nowhere,
        a_line(unit_value=None, units=2),
    ]
    checked, check = asked(fleet, *lines), kept(fleet, *lines)
    assert checked.before.whole == exposed_share(fleet, on=TODAY).whole
    upload, _ = order_purchase(today=TODAY, check=check, because="The origin is being asked for.")
    assert read_upload(upload.pk, clock=clock).state == "applied"
    assess_owed_lots(assessed_on=TODAY, clock=clock)
    assert exposed_share(fleet, on=TODAY).whole == checked.after
    assert checked.after.fleet.units == checked.before.whole.fleet.units + 514
    assert Lot.objects.filter(purchase_order="PO-9").count() == 2


def test_a_model_that_nobody_knows_leaves_the_line_in_doubt_with_the_nearest_names(operator):
    checked = asked(operator, a_line(model="Antminer S91 XQ"))
    (line,), (decided,) = checked.lines, checked.decided_lines
    assert (line.is_in_doubt, line.duty, line.landed_unit_cost) == (True, None, None)
    assert "model" in line.unknown
    assert "hts_code" in line.unknown
    assert line.model.candidates
    assert line.model.candidates[0] in line.model.sentence
    (doubt,) = (each for each in line.found.doubts if each.fact == "hts_code")
    assert doubt.best < doubt.worst
    assert decided.verdict is PurchaseVerdict.ASK


def test_a_code_settles_the_duty_of_a_model_that_nobody_knows(operator):
    (line,) = asked(operator, a_line(model="Antminer S91 XQ", hts_code=HtsCode.parse("8543.70.9860"))).lines
    (known,) = asked(operator, a_line()).lines
    assert (line.duty, line.unknown[0]) == (known.duty, "model")


def test_a_vendor_that_nobody_knows_is_never_clean(operator, screened):
    checked = asked(operator, a_line(vendor="Bitmian"), a_line(vendor=None), a_line(vendor="Bitmain"))
    unknown, unnamed, known = checked.lines
    assert unknown.vendor.candidates[0] == "Bitmain"
    assert "did you mean" in unknown.vendor.sentence or "may be" in unknown.vendor.sentence
    assert unknown.parties[1].sanction.level is SanctionLevel.UNKNOWN
    assert "vendor_unknown" in [reason.code for reason in unknown.found.sanction.reasons]
    assert "vendor_not_named" in [reason.code for reason in unnamed.found.sanction.reasons]
    assert not unknown.found.sanction.is_screened
    assert known.found.sanction.is_screened
    assert "vendor" not in known.unknown


def test_an_unknown_vendor_whose_name_is_like_a_listed_one_is_told_of(operator, screened):
    (line,) = asked(operator, a_line(vendor="Banco Nacional of Cuba")).lines
    vendor = line.parties[1]
    assert (vendor.sanction.level, vendor.sanction.is_screened) == (SanctionLevel.WATCH, False)
    assert [hit.entity.entity_id for hit in vendor.hits] == ["306"]
    assert "US-OFAC-SDN 306" in " ".join(reason.sentence for reason in line.found.sanction.reasons)


@pytest.mark.parametrize("is_on_record", [True, False])
def test_a_vendor_that_the_law_names_refuses_the_order_whatever_the_maker_is(
    operator, screened, is_on_record
):
    if is_on_record:
        Vendor.objects.create(slug="bitriver-rus", name="BitRiver Rus LLC", home_country="RU")
    checked = asked(operator, a_line(), a_line(vendor="BitRiver Rus LLC"))
    assert [line.found.sanction.level for line in checked.lines] == [
        SanctionLevel.WATCH,
        SanctionLevel.BLOCKED,
    ]
    assert [line.found.band.value for line in checked.lines] == ["elevated", "severe"]
    assert checked.decided_lines[1].verdict is PurchaseVerdict.REFUSE
    assert (checked.decided.verdict, checked.decided.decided_by.line) == (PurchaseVerdict.REFUSE, 1)


def test_a_vendor_is_found_by_an_identifier_of_ones_own_system_and_by_no_others(operator):
    other, vendor = an_operator("other", "Other"), Vendor.objects.get(name="Bitmain")
    key = identifier_key("erp", "V-0042")
    VendorIdentifier.objects.create(vendor=vendor, operator=operator, system="erp", value="V-0042", key=key)
    (mine,), (theirs,) = (asked(each, a_line(vendor="V-0042")).lines for each in (operator, other))
    assert (mine.vendor.vendor, theirs.vendor.vendor) == (vendor, None)


def test_a_vendor_is_found_in_any_case_spacing_and_script_and_nobody_is_taken_for_one_of_two(operator):
    names = ("Öresund Rigs", "ÖRESUND  RIGS", "Plains Hosting", "plains  hosting")
    for number, name in enumerate(names):
        Vendor.objects.create(slug=f"rigs-{number}", name=name)
    bitmain = Vendor.objects.get(name="Bitmain")
    said_of(bitmain, "names", name="比特大陆科技", kind="legal name")
    said_of(bitmain, "names", name="Beijing Tecđ", kind="legal name")
    lines = [
        a_line(vendor=text)
        for text in (" BITMAIN ", "比特大陆科技", "beijing TECĐ", "öresund rigs", "plains HOSTING")
    ]
    found = [line.vendor for line in asked(operator, *lines).lines]
    assert [each.vendor for each in found] == [bitmain] * 3 + [None, None]
    assert [each.candidates for each in found[3:]] == [names[:2], names[2:]]


def test_of_the_register_only_the_vendors_that_lines_name_are_read(operator, django_assert_num_queries):
    with django_assert_num_queries(4) as known:
        vendors_of([a_line(), a_line(vendor="microbt"), a_line(vendor="神马矿机")], operator)
    assert all(" IN (" in each["sql"] and "WHERE" in each["sql"] for each in known)
    with django_assert_num_queries(6):
        (stranger,) = [vendors_of([a_line(vendor="Bitmian")], operator)["Bitmian"]]
    assert stranger.candidates[0] == "Bitmain"


def test_another_operators_private_vendor_is_nobody(operator):
    other = an_operator("other", "Other")
    Vendor.objects.create(slug="repairs", name="Rockdale Repairs", operator=other)
    (line,) = asked(operator, a_line(vendor="Rockdale Repairs")).lines
    assert line.vendor.vendor is None
    assert "Rockdale" not in " ".join(line.vendor.candidates)


def test_a_clean_line_within_all_limits_is_allowed(operator, screened):
    maker = Vendor.objects.get(name="Bitmain")
    limits = [("sanction_level", "restricted", "refuse"), ("unknown", "", "ask")]
    set_purchase_limits(operator=operator, limits=limits, by=a_person("boss"))
    checked = asked(operator, a_line(vendor=maker.slug))
    assert checked.lines[0].unknown == ()
    assert (checked.decided.verdict.value, checked.decided.decided_by) == ("allow", None)


def test_origin_that_is_not_given_is_in_doubt_between_the_best_and_the_worst_duty(operator):
    check = kept(operator, a_line(country_of_origin=None, country_of_assembly=None))
    (line,) = check.answer["lines"]
    (doubt,) = line["doubts"]
    assert doubt["fact"] == "country_of_origin"
    assert (line["duty"], line["total_duty"], line["landed_cost"]) == (None, None, None)
    assert Decimal(doubt["best_duty"]) < Decimal(doubt["worst_duty"])
    assert line["best_additional_rate_percent"] == doubt["best_percent"]
    assert "country_of_origin" in line["unknown"]
    assert check.answer["totals"]["total_duty"] is None
    assert check.answer["totals"]["unknown_lines"]["total_duty"] == 1


def test_a_value_that_is_not_given_leaves_money_unknown_and_never_0(operator):
    checked = asked(operator, a_line(unit_value=None), a_line())
    silent, other = checked.lines
    assert (silent.value, silent.duty, silent.landed_unit_cost) == (None, None, None)
    assert silent.found.rate == other.found.rate
    assert (other.fees, checked.entries[0].fees) == (None, None)
    assert checked.landed_cost is None


def test_goods_for_a_country_whose_law_is_not_on_record_cost_nobody_knows_what(operator):
    checked = asked(operator, a_line(import_country=CountryCode("PY")))
    (line,), (decided,) = checked.lines, checked.decided_lines
    assert (line.duty, line.fees) == (None, None)
    assert "import_law" in line.unknown
    assert decided.verdict is PurchaseVerdict.ASK


@pytest.mark.parametrize(
    ("sites", "said", "country"),
    [
        ({}, {}, "US"),
        ({"Villeta": "PY"}, {}, "PY"),
        ({"Villeta": "PY", "Rockdale": "US"}, {}, "US"),
        ({"Villeta": "PY", "Rockdale": "US"}, {"site": "Villeta"}, "PY"),
        ({"Villeta": "PY"}, {"import_country": US}, "US"),
    ],
)
def test_the_country_of_import_that_is_taken_is_told(operator, sites, said, country):
    for name, code in sites.items():
        Site.objects.create(operator=operator, name=name, country=code)
    (line,) = asked(operator, replace(a_line(import_country=None), **said)).lines
    assert line.facts.import_country == country
    assert bool(line.notes) is not bool(said)


def test_another_day_asks_the_law_of_that_day(operator):
    (then,) = asked(operator, a_line(expected_entry_date=None), on=date(2025, 6, 10)).lines
    assert then.entry.day == date(2025, 6, 10)
    assert str(then.duty) == duty_told("2025-06-10")["total_duty"]


def test_the_same_question_on_the_same_facts_has_the_same_digest(operator):
    one, two = asked(operator, a_line()), asked(operator, a_line())
    assert one.digest == two.digest
    assert one.digest != asked(operator, a_line(units=501)).digest
    set_purchase_limits(operator=operator, limits=[("unknown", "", "refuse")], by=a_person("boss"))
    assert one.digest != asked(operator, a_line()).digest


def test_the_number_of_queries_does_not_hang_on_the_number_of_lines(fleet, screened):
    few = [a_line(vendor="Nobody & Sons"), a_line(vendor="MicroBT"), a_line(model="Nothing 5")]
    many = [
        a_line(
            units=n + 1,
            vendor=("Nobody & Sons", "MicroBT", "Canaan", f"Stranger {n}")[n % 4],
            model=("Antminer S21", "Whatsminer M60S", "Avalon A1566", f"Nothing {n}")[n % 4],
            country_of_origin=(MY, CN, TH)[n % 3],
            expected_entry_date=date(2026, 12, 1 + n % 28),
        )
        for n in range(500)
    ]
    asked(fleet, *few)
    with CaptureQueriesContext(connection) as first:
        kept(fleet, *few)
    with CaptureQueriesContext(connection) as second:
        kept(fleet, *many)
    assert len(second) == len(first)


def test_an_answer_stays_word_for_word_when_law_limits_and_fleet_have_moved(fleet, tmp_path):
    check = kept(fleet, a_line())
    before = check.told
    set_purchase_limits(operator=fleet, limits=[("unknown", "", "refuse")], by=a_person("boss"))
    imported(fleet, a_csv(tmp_path, [a_row(9)], name="more.csv"))
    assert PurchaseCheck.objects.get(pk=check.pk).told == before
    assert check.answer["rests_on"]["digest"] == check.digest


def test_an_order_is_placed_once_and_can_be_undone_as_any_upload_and_placed_again(operator):
    check = kept(operator, a_line())
    upload, _ = order_purchase(today=TODAY, check=check, because="cleared")
    again, is_new = order_purchase(today=TODAY, check=check, because="cleared")
    assert (again, is_new) == (upload, False)
    applied = read_upload(upload.pk, clock=clock)
    assert (applied.state, applied.wrong) == ("applied", 0), applied.refusal
    (rig,) = Rig.objects.select_related("lot__model")
    assert (rig.quantity, rig.status, rig.customs_value_cents) == (500, "on order", 390_000)
    assert (rig.lot.purchase_order, rig.lot.country_of_origin, rig.lot.import_country) == ("PO-9", "MY", "US")
    assert (rig.lot.expected_entry_date, rig.lot.transport_mode) == (THERE, "air")
    assert (rig.lot.model.name, rig.lot.has_arrived) == ("Antminer S21 XP", False)
    assert order_purchase(today=TODAY, check=check)[0] == upload
    take_back(upload=applied, at=NOW)
    assert not Rig.objects.exists()
    other, is_new = order_purchase(today=TODAY, check=check, because="once more")
    assert is_new
    assert other != upload


def test_the_lot_that_is_ordered_has_the_facts_that_were_checked(operator):
    line = a_line(
        hashboard_origin=CN,
        hts_code=HtsCode.parse("8543.70.9860"),
        loaded_date=date(2026, 12, 1),
        us_content_percent=Decimal("12.5"),
        usmca_claim=False,
        importer_of_record="Prairie Hash LLC",
        hashrate_ths=Decimal("270.5"),
        power_w=3645,
    )
    checked = asked(operator, line)
    upload, _ = order_purchase(today=TODAY, check=kept(operator, line), because="cleared")
    applied = read_upload(upload.pk, clock=clock)
    assert applied.state == "applied", [each.sentence for each in applied.problems.all()]
    assert facts_of(Lot.objects.select_related("model__maker").get()) == checked.lines[0].facts
    assert (Rig.objects.get().hashrate_ghs, Rig.objects.get().power_w) == (270_500, 3_645)


def test_what_stands_in_the_way_of_an_order_is_said_and_nothing_is_written(operator, tmp_path):
    asks = kept(operator, a_line())
    with pytest.raises(OrderRefused, match="why it is ordered all the same"):
        order_purchase(today=TODAY, check=asks)
    with pytest.raises(OrderRefused) as unknown:
        order_purchase(
            today=TODAY, check=kept(operator, a_line(), a_line(model="Nothing 5")), because="cleared"
        )
    assert list(unknown.value.lines) == [1]
    with pytest.raises(OrderRefused, match="number of the purchase order"):
        order_purchase(today=TODAY, check=kept(operator, a_line(), number=None), because="cleared")
    imported(operator, a_csv(tmp_path, [{**a_row(1), "Purchase Order": "po-9"}]))
    with pytest.raises(OrderRefused, match="has 1 rigs on record already"):
        order_purchase(today=TODAY, check=asks, because="cleared")
    set_purchase_limits(
        operator=operator, limits=[("country_of_origin", "MY", "refuse")], by=a_person("boss")
    )
    with pytest.raises(OrderRefused, match="refuses this order: The country of origin is Malaysia"):
        order_purchase(today=TODAY, check=kept(operator, a_line()), because="cleared", number="PO-10")
    assert not PurchaseCheck.objects.filter(upload__isnull=False).exists()


def test_an_old_check_is_not_ordered_when_the_limits_have_become_others(operator):
    check = kept(operator, a_line())
    set_purchase_limits(
        operator=operator, limits=[("country_of_origin", "MY", "refuse")], by=a_person("boss")
    )
    with pytest.raises(OrderRefused, match="the limits") as refusal:
        order_purchase(today=TODAY, check=check, because="cleared")
    assert refusal.value.code == "check_stale"
    assert not Upload.objects.exists()
    assert PurchaseCheck.objects.count() == 1


def test_an_old_check_is_not_ordered_when_its_vendor_was_screened_since(operator):
    check = kept(operator, a_line())
    load_list(
        form=FORMATS["ofac_sdn"], file=SAMPLES / "sdn.csv", companions={}, as_of=TODAY, at=NOW, floors={}
    )
    screen_vendors(clock=clock)
    with pytest.raises(OrderRefused, match="the lists") as refusal:
        order_purchase(today=TODAY, check=check, because="cleared")
    assert refusal.value.code == "check_stale"


def test_an_old_check_is_not_ordered_when_its_vendor_was_found_to_be_the_one_that_is_listed(
    operator, settings
):
    settings.SCREENING_NEEDS_SECOND_PERSON = False
    name = next(iter(FORMATS["ofac_sdn"].read(BytesIO((SAMPLES / "sdn.csv").read_bytes()), {}))).name
    Vendor.objects.create(slug="listed", name=name)
    load_list(
        form=FORMATS["ofac_sdn"], file=SAMPLES / "sdn.csv", companions={}, as_of=TODAY, at=NOW, floors={}
    )
    screen_vendors(clock=clock)
    check = kept(operator, a_line(vendor=name))
    (hit,) = ScreeningHit.objects.filter(vendor__slug="listed")
    said = {"decision": Decision.CONFIRMED, "reason": "The same address.", "digest": hit.evidence_digest}
    decide_hit(hit_id=hit.pk, by=a_person("one"), at=NOW, **said)
    with pytest.raises(OrderRefused, match="the parties") as refusal:
        order_purchase(today=TODAY, check=check, because="cleared")
    assert refusal.value.code == "check_stale"


def test_a_check_under_a_law_that_was_replaced_is_not_ordered(operator):
    check = kept(operator, a_line())
    PurchaseCheck.objects.filter(pk=check.pk).update(
        edition=PolicyEdition.objects.create(number=99, title="Next")
    )
    with pytest.raises(OrderRefused, match="the law"):
        order_purchase(today=TODAY, check=check, because="cleared")


def test_a_fleet_that_moved_makes_no_check_stale(operator, tmp_path):
    check = kept(operator, a_line())
    imported(operator, a_csv(tmp_path, [a_row(1)]))
    assert order_purchase(today=TODAY, check=check, because="cleared")[1]


def test_a_limit_on_duty_alone_lets_no_unknown_vendor_pass(operator):
    set_purchase_limits(operator=operator, limits=[("additional_rate_over", "30", "ask")], by=None)
    assert asked(operator, a_line(vendor="Nobody & Sons")).decided.verdict is PurchaseVerdict.ASK


def test_a_vendor_out_of_the_register_is_refused_by_its_name(operator):
    set_purchase_limits(operator=operator, limits=[("vendor", "Nobody & Sons", "refuse")], by=None)
    assert asked(operator, a_line(vendor="NOBODY & sons")).decided.verdict is PurchaseVerdict.REFUSE


def test_units_in_doubt_may_pass_the_limit_on_the_exposed_share_and_ask(operator):
    set_purchase_limits(operator=operator, limits=[("exposed_share_over", "40", "refuse")], by=None)
    doubted = a_line(country_of_origin=None, country_of_assembly=None)
    spoke = [each for each in asked(operator, doubted).decided.because if each.line is None]
    assert [(each.limit.kind.value, each.verdict.value) for each in spoke] == [("exposed_share_over", "ask")]
    assert "100.0 % may be" in spoke[0].sentence


def test_names_that_were_not_searched_for_because_there_are_too_many_say_so(operator, screened):
    lines = [a_line(vendor=f"Stranger {number}") for number in range(MOST_NAMES_SCREENED + 2)]
    reasons = [
        [each.code for each in line.parties[1].sanction.reasons] for line in asked(operator, *lines).lines
    ]
    told = ["not_screened_too_many_names" in codes for codes in reasons]
    assert told == [False] * MOST_NAMES_SCREENED + [True] * 2


def test_one_number_is_not_ordered_twice_while_the_first_upload_waits(operator):
    first, second = kept(operator, a_line(), number="PO-1"), kept(operator, a_line(units=7), number="po-1")
    upload, _ = order_purchase(today=TODAY, check=first, because="cleared")
    assert upload.state == "waiting"
    with pytest.raises(OrderRefused, match=first.code) as refusal:
        order_purchase(today=TODAY, check=second, because="cleared")
    assert refusal.value.code == "purchase_order_on_record"
    elsewhere = kept(an_operator("other", "Other"), a_line(), number="PO-1")
    assert order_purchase(today=TODAY, check=elsewhere, because="cleared")[1]
    Upload.objects.filter(pk=upload.pk).update(state="cancelled")
    assert order_purchase(today=TODAY, check=second, because="cleared")[1]


def test_whoever_sets_limits_waits_for_whoever_does_so_for_the_same_operator(operator):
    with CaptureQueriesContext(connection) as asked_of:
        set_purchase_limits(operator=operator, limits=[("unknown", "", "refuse")], by=None)
    tables = [query["sql"] for query in asked_of if "FROM" in query["sql"]]
    assert 'FROM "fleet_operator"' in tables[0]


def test_limits_are_all_kept_or_none_and_none_are_the_shipped_ones(operator):
    shipped, boss = limits_of(operator), a_person("boss")
    with pytest.raises(ValidationError) as refusal:
        wrong = [("unknown", "", "ask"), ("colour", "", "ask"), ("vendor", "", "ask")]
        set_purchase_limits(operator=operator, limits=wrong, by=boss)
    assert len(refusal.value.messages) == 2
    assert limits_of(operator) == shipped
    with pytest.raises(ValidationError, match="twice"):
        set_purchase_limits(
            operator=operator, limits=[("unknown", "", "ask"), ("unknown", "", "refuse")], by=boss
        )
    set_purchase_limits(operator=operator, limits=[("country_of_origin", "PRC", "refuse")], by=boss)
    assert [limit.words for limit in limits_of(operator)] == [
        "refuse of origin CN",
        *(limit.words for limit in shipped),
    ]
    assert limits_of(an_operator("other", "Other")) == shipped
    set_purchase_limits(operator=operator, limits=[], by=boss)
    assert limits_of(operator) == shipped


def test_the_command_answers_as_the_address_does_and_keeps_it(operator, tmp_path):
    path = tmp_path / "order.json"
    path.write_text(
        '{"lines": [{"model": "Antminer S21 XP", "quantity": 5, "vendor": "Bitmain"}]}', encoding="utf-8"
    )
    told = answer_of("check_purchase", str(path), "--operator", operator.slug, "--on", "2026-11-22")
    assert told == PurchaseCheck.objects.get(code=told["id"]).answer
    assert told["lines"][0]["unknown"] == ["unit_value", "list_screening", "country_of_origin"]


@pytest.mark.parametrize("text", ["[]", '{"lines": [{"model": "S21"}]}', "{", "<cXML/>", "<"])
def test_a_file_that_holds_no_order_is_refused_by_the_command(operator, tmp_path, text):
    path = tmp_path / "order.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError):
        answer_of("check_purchase", str(path), "--operator", operator.slug)
    assert not PurchaseCheck.objects.exists()
