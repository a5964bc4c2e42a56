"""Goods received against a purchase order: on order becomes entered, and nothing is counted twice."""

from contextlib import suppress

import pytest
from django.core.management import CommandError
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from fleet.flows.holding_counts import refresh_holdings
from fleet.models import Holding, Lot, Receipt, Rig, Upload
from fleet.services import correct_rigs, take_back_receipt
from ledger.models import AuditEntry
from risk.models import Assessment
from tests.commands import answer_of
from tests.console.visitors import a_fleet, a_person, an_operator
from tests.database import NOW
from tests.receipts import a_manifest, an_order, cents_of, ordered, received, refused, serials, units_of
from tests.sheets import a_csv, a_row, a_workbook

pytestmark = pytest.mark.usefixtures("shipped")

MACS = ("aa:bb:cc:dd:ee:01", "aa:bb:cc:dd:ee:02", "aa:bb:cc:dd:ee:03")


@pytest.fixture
def operator():
    return an_operator()


def holdings(operator):
    fields = ("lot_id", "site__name", "status", "units", "value_cents", "hashrate_ghs", "power_w")
    return sorted(Holding.objects.of(operator).values_list(*fields), key=str)


def the_holdings_are_in_step(operator):
    kept = holdings(operator)
    refresh_holdings(operator, Lot.objects.of(operator).values_list("pk", flat=True), at=NOW)
    return kept == holdings(operator)


def test_a_part_of_a_shipment_splits_the_lot_and_the_sums_stay_equal(operator, tmp_path):
    ordered(tmp_path, operator, an_order(quantity=500, customs_value="3333.33"))
    before = cents_of(operator)
    answer = received(operator, "--units", "Antminer S21=200")
    assert (answer["state"], answer["units"], answer["units_left"]) == ("received", 200, 300)
    assert (units_of(operator), cents_of(operator)) == (500, before)
    assert (units_of(operator, status="on order"), units_of(operator, status="stored")) == (300, 200)
    entered, waiting = Lot.objects.of(operator).order_by("-entry_date")
    if entered.entry_date is None:
        entered, waiting = waiting, entered
    assert (str(entered.entry_date), entered.entry_number, entered.transport_mode, entered.has_arrived) == (
        "2025-06-10",
        "ABC-1234567-8",
        "air",
        True,
    )
    assert (entered.model_id, entered.country_of_origin, entered.purchase_order) == (
        waiting.model_id,
        "CN",
        "PO-1",
    )
    assert the_holdings_are_in_step(operator)


def test_the_rest_comes_with_a_second_receipt(operator, tmp_path):
    ordered(tmp_path, operator)
    received(operator, "--units", "Antminer S21=200")
    answer = received(operator, "--units", "Antminer S21=300", entry_number="ABC-2", entry_date="2025-07-01")
    assert (answer["units"], answer["units_left"]) == (300, 0)
    assert units_of(operator, status="on order") == 0
    assert units_of(operator, status="stored") == 500
    told = refused(operator, "--units", "Antminer S21=1", entry_number="ABC-3")
    assert "all 500 rigs have come; the last entry is of 2025-07-01" in told["purchase_order_received"]


def test_the_same_receipt_twice_changes_nothing(operator, tmp_path):
    ordered(tmp_path, operator)
    first = received(operator, "--units", "Antminer S21=200")
    rigs = list(Rig.objects.order_by("pk").values())
    again = received(operator, "--units", "Antminer S21=200")
    assert (again["same_as"], Receipt.objects.count()) == (first["receipt"], 1)
    assert list(Rig.objects.order_by("pk").values()) == rigs


def test_a_manifest_gives_every_rig_its_serial_number_and_address(operator, tmp_path):
    ordered(tmp_path, operator, an_order(quantity=5))
    lines = [
        {"S/N": serial, "MAC": f"aa:bb:cc:dd:ee:0{place}", "Pallet": "7"}
        for place, serial in enumerate(serials(1, 3))
    ]
    answer = received(operator, "--manifest", a_workbook(tmp_path, lines))
    assert (answer["units"], answer["units_left"]) == (3, 2)
    rigs = Rig.objects.filter(status="stored").order_by("serial_number")
    assert [rig.serial_number for rig in rigs] == serials(1, 3)
    assert all(rig.quantity == 1 and rig.mac_address and rig.site.name == "Rockdale" for rig in rigs)
    assert {rig.customs_value_cents for rig in rigs} == {500_000}
    assert units_of(operator) == 5
    assert "Pallet" in answer["notices"][0]["sentence"]
    assert the_holdings_are_in_step(operator)


def test_the_last_of_a_count_becomes_a_rig_of_its_own(operator, tmp_path):
    ordered(tmp_path, operator, an_order(quantity=3))
    bulk = Rig.objects.get()
    received(operator, "--manifest", a_manifest(tmp_path, *serials(1, 3)))
    bulk.refresh_from_db()
    assert (bulk.quantity, bulk.status) == (1, "stored")
    assert (Rig.objects.count(), units_of(operator)) == (3, 3)
    assert sorted(Rig.objects.values_list("serial_number", flat=True)) == serials(1, 3)


def test_rigs_that_are_on_order_by_serial_number_are_found_by_it(operator, tmp_path):
    rows = [{**an_order(quantity=1), "Quantity": "", "Serial Number": serial} for serial in serials(1, 2)]
    ordered(tmp_path, operator, *rows, an_order(quantity=10, model="Antminer S19j Pro 104T"))
    received(operator, "--manifest", a_manifest(tmp_path, serials(1, 1)[0].lower()))
    assert units_of(operator, status="on order") == 11
    assert Rig.objects.get(status="stored").serial_number == serials(1, 1)[0]


def known_one_by_one(*serial_numbers, **said):
    """Rows of rigs that are on order with their serial numbers."""
    return [
        {**an_order(quantity=1, **said), "Quantity": "", "Serial Number": serial, "MAC Address": mac}
        for serial, mac in zip(serial_numbers, MACS, strict=False)
    ]


def test_of_rigs_known_one_by_one_a_manifest_must_say_which_came(operator, tmp_path):
    ordered(tmp_path, operator, *known_one_by_one(*serials(1, 3)))
    assert "say in a manifest" in refused(operator, "--units", "Antminer S21=2")["rigs_known_one_by_one"]
    told = refused(operator, "--manifest", a_manifest(tmp_path, *serials(3, 4)))
    assert f"'{serials(4, 4)[0]}' is not among the rigs on order" in told["rig_not_on_order"]
    assert received(operator, "--units", "Antminer S21=3")["units_left"] == 0
    assert sorted(Rig.objects.values_list("serial_number", flat=True)) == serials(1, 3)


def test_a_line_that_contradicts_the_rig_on_order_is_refused(operator, tmp_path):
    ordered(tmp_path, operator, *known_one_by_one(*serials(1, 2)))
    first, second = serials(1, 2)
    path = a_manifest(tmp_path, first, MAC=MACS[1])
    assert "identifiers_disagree" in refused(operator, "--manifest", path)
    path = a_csv(tmp_path, [{"Serial Number": first, "MAC": ""}, {"Serial Number": "", "MAC": MACS[0]}])
    assert "is named by another line already" in refused(operator, "--manifest", path)["rig_twice"]
    assert received(operator, "--manifest", a_manifest(tmp_path, second, MAC=MACS[1]))["units"] == 1


def test_units_of_different_values_are_received_oldest_first_and_that_is_told(operator, tmp_path):
    ordered(tmp_path, operator, an_order(quantity=3), an_order(quantity=3, customs_value="4000.00"))
    answer = received(operator, "--units", "Antminer S21=4")
    assert "values_differ" in [each["code"] for each in answer["notices"]]
    assert cents_of(operator) == 3 * 500_000 + 3 * 400_000
    stored = Rig.objects.filter(status="stored").order_by("pk").values_list("customs_value_cents", "quantity")
    assert list(stored) == [(500_000, 3), (400_000, 1)]


def test_the_history_of_a_rig_tells_the_receipt(operator, tmp_path):
    ordered(tmp_path, operator, an_order(quantity=3))
    answer = received(operator, "--manifest", a_manifest(tmp_path, *serials(1, 2)))
    for rig in Rig.objects.filter(status="stored"):
        change = rig.changes.get()
        assert (change.receipt_id, change.author) == (answer["receipt"], f"receipt {answer['receipt']}")
        assert (change.before["status"], change.after["status"]) == ("on order", "stored")
        assert change.after["serial_number"] == rig.serial_number
        assert change.after["entry_date"] == "2025-06-10"
    assert AuditEntry.objects.filter(deed="goods received", subject=f"receipt {answer['receipt']}").exists()


def test_after_the_receipt_duty_is_that_of_the_entry_date_and_units_count_once(operator, tmp_path):
    ordered(tmp_path, operator, an_order(quantity=500))
    received(operator, "--units", "Antminer S21=200")
    assert not Assessment.objects.exists()
    (entry,) = answer_of("entries", "--operator", operator.slug, "--on", "2026-11-22")["entries"]
    assert (entry["units"], entry["customs_value"], entry["duty"]) == (200, "1000000.00", "576000.00")
    share = answer_of("exposure", "--operator", operator.slug, "--on", "2026-11-22")
    assert (share["fleet"]["units"], share["fleet"]["customs_value"]) == (500, "2500000.00")


def test_a_dry_run_shows_what_the_receipt_then_does(operator, tmp_path):
    ordered(tmp_path, operator)
    call = ("--units", "Antminer S21=200")
    shown = received(operator, *call, "--dry-run", import_country="CA")
    assert (shown["state"], shown["units"], shown["units_left"]) == ("checked", 200, 300)
    assert shown["received"] == [{"lot": None, "model": "Bitmain Antminer S21", "units": 200}]
    assert (Receipt.objects.count(), units_of(operator, status="stored")) == (0, 0)
    received(operator, *call, import_country="CA")
    after = answer_of("exposure", "--operator", operator.slug)
    for part in ("fleet", "exposed", "bar"):
        assert shown["preview"]["after"][part] == after[part]
    unknown = [shown["preview"][name]["bar"]["unknown"]["units"] for name in ("before", "after")]
    assert unknown == [0, 200]


def test_a_lot_that_is_there_already_is_not_made_again(operator, tmp_path):
    ordered(tmp_path, operator)
    received(operator, "--units", "Antminer S21=200")
    answer = received(operator, "--units", "Antminer S21=100", site="Garden City")
    assert Lot.objects.count() == 2
    assert answer["received"][0]["lot"] is not None
    assert units_of(operator, site__name="Garden City") == 100


def test_two_expected_shipments_of_equal_goods_are_received_as_they_are_expected(operator, tmp_path):
    ordered(
        tmp_path,
        operator,
        an_order(quantity=100, expected_entry_date="2025-08-01"),
        an_order(quantity=100, expected_entry_date="2025-06-01"),
    )
    received(operator, "--units", "Antminer S21=120")
    waiting = Rig.objects.get(status="on order")
    assert (waiting.quantity, str(waiting.lot.expected_entry_date)) == (80, "2025-08-01")
    assert Lot.objects.filter(entry_date__isnull=False).count() == 1


def test_goods_in_transit_may_be_entered_before_they_arrive(operator, tmp_path):
    ordered(tmp_path, operator)
    received(operator, "--units", "Antminer S21=200", "--status", "in transit", site="")
    lot = Lot.objects.get(entry_date__isnull=False)
    assert (lot.has_arrived, units_of(operator, status="in transit")) == (False, 200)


# ---------------------------------------------------------------------------------------------- what is refused


def test_every_problem_of_a_manifest_is_told_and_nothing_is_written(operator, tmp_path):
    rows = [an_order(quantity=3), {**a_row(77), "Purchase Order": "PO-0"}]
    ordered(tmp_path, operator, *rows)
    rigs = list(Rig.objects.order_by("pk").values())
    same = a_row(77)["Serial Number"]
    lines = [
        *({"Serial Number": serial, "Model": "Antminer S21"} for serial in serials(1, 4)),
        {"Serial Number": serials(1, 1)[0], "Model": "Antminer S21"},
        {"Serial Number": same, "Model": "Antminer S21"},
        {"Serial Number": "NGSBYAHBCJABH0099", "Model": "Whatsminer M50S"},
        {"Serial Number": "", "Model": "Antminer S21"},
    ]
    told = refused(operator, "--manifest", a_csv(tmp_path, lines, name="wrong.csv"), entry_date="2199-01-01")
    assert told.keys() >= {
        "serial_number_twice",
        "serial_number_in_fleet",
        "model_not_on_order",
        "identifier_missing",
        "entry_date_in_future",
    }
    assert (
        f"'{same}' is in the fleet already: rig {same}, deployed at Rockdale."
        in told["serial_number_in_fleet"]
    )
    assert "there are: Bitmain Antminer S21" in told["model_not_on_order"]
    assert list(Rig.objects.order_by("pk").values()) == rigs
    assert Receipt.objects.count() == 0


def test_an_address_that_is_in_the_fleet_already_is_refused(operator, tmp_path):
    ordered(tmp_path, operator, an_order(quantity=3))
    a_fleet(tmp_path, operator, [{**a_row(77), "MAC Address": "AA-BB-CC-DD-EE-01"}])
    path = a_manifest(tmp_path, *serials(1, 1), **{"MAC": "aabbccddee01"})
    assert "is in the fleet already" in refused(operator, "--manifest", path)["mac_address_in_fleet"]


def test_lines_of_another_order_are_not_received_against_this_one(operator, tmp_path):
    ordered(tmp_path, operator, an_order(quantity=3), an_order("PO-2", quantity=3))
    path = a_manifest(tmp_path, *serials(1, 1), PO="po-2")
    assert "receive it against that one" in refused(operator, "--manifest", path)["line_of_another_order"]
    path = a_manifest(tmp_path, *serials(1, 1), name="sellers.csv", PO="SO-5512")
    assert received(operator, "--manifest", path)["units"] == 1


def test_of_a_manifest_with_several_sheets_one_is_named(operator, tmp_path):
    ordered(tmp_path, operator, an_order(quantity=3))
    book = Workbook()
    for title, serial in (("Container 1", serials(1, 1)[0]), ("Container 2", serials(2, 2)[0])):
        sheet = book.create_sheet(title)
        sheet.append(["Serial Number"])
        sheet.append([serial])
    path = tmp_path / "manifest.xlsx"
    book.save(path)
    assert (
        "'Container 1', 'Container 2'; name the one"
        in refused(operator, "--manifest", path)["several_sheets"]
    )
    received(operator, "--manifest", path, "--sheet", "Container 2")
    received(operator, "--manifest", path, "--sheet", "Container 1")
    stored = Rig.objects.filter(status="stored").values_list("serial_number", flat=True)
    assert sorted(stored) == serials(1, 2)


def test_evidence_of_a_whole_lot_does_not_go_with_its_rigs_unsaid(operator, tmp_path):
    ordered(tmp_path, operator)
    paper = tmp_path / "certificate.pdf"
    paper.write_bytes(b"%PDF-1.7 paper")
    said = ("--title", "Certificate 7", "--country", "CN", "--strength", "strong", "--purchase-order", "PO-1")
    answer_of("add_evidence", str(paper), "--operator", operator.slug, *said)
    answer = received(operator, "--units", "Antminer S21=2", "--dry-run")
    told = {each["code"]: each["sentence"] for each in answer["notices"]}
    assert "'Certificate 7' covers lot" in told["evidence_left_behind"]


def test_more_units_than_are_on_order_are_refused(operator, tmp_path):
    ordered(tmp_path, operator, an_order(quantity=3))
    told = refused(operator, "--manifest", a_manifest(tmp_path, *serials(1, 5)))
    assert (
        "3 Bitmain Antminer S21 are on order under PO-1, and 2 more came (row 5, 6)"
        in told["more_than_on_order"]
    )
    assert "more_than_on_order" in refused(operator, "--units", "Antminer S21=4")


def test_an_unknown_order_is_told_with_the_nearest_one(operator, tmp_path):
    ordered(tmp_path, operator, an_order("PO-2025-017"), an_order("XYZ"))
    told = refused(operator, "--units", "Antminer S21=4", purchase_order="PO-2025-071")
    assert "The nearest one on order is PO-2025-017." in told["purchase_order_unknown"]
    told = refused(operator, "--units", "Antminer S21=4", purchase_order="nothing like it")
    assert "On order are: PO-2025-017, XYZ." in told["purchase_order_unknown"]


def test_the_number_of_an_order_is_found_in_other_capitals(operator, tmp_path):
    ordered(tmp_path, operator)
    assert (
        received(operator, "--units", "Antminer S21=4", purchase_order=" po-1 ")["purchase_order"] == "PO-1"
    )


def test_with_several_models_on_order_every_line_must_say_which(operator, tmp_path):
    ordered(tmp_path, operator, an_order(quantity=5), an_order(quantity=5, model="Whatsminer M50S"))
    told = refused(operator, "--manifest", a_manifest(tmp_path, *serials(1, 2)))
    assert "MicroBT Whatsminer M50S" in told["lots_not_told_apart"]
    assert "give the model, or the origin, in a column" in told["lots_not_told_apart"]
    path = a_manifest(tmp_path, *serials(1, 2), Model="M50S")
    assert received(operator, "--manifest", path)["received"][0]["model"] == "MicroBT Whatsminer M50S"


def test_lots_of_two_origins_are_told_apart_by_the_origin_or_by_their_number(operator, tmp_path):
    malaysia = {"country_of_origin": "MY", "country_of_assembly": "MY"}
    ordered(tmp_path, operator, an_order(quantity=5), an_order(quantity=5, **malaysia))
    told = refused(operator, "--units", "Antminer S21=2")
    assert 'give the units of each as "lot NUMBER"' in told["lots_not_told_apart"]
    path = a_manifest(tmp_path, *serials(1, 2), **{"Country of Origin": "Malaysia"})
    received(operator, "--manifest", path)
    lot = Lot.objects.get(country_of_origin="CN")
    received(operator, "--units", f"lot {lot.pk}=3")
    assert units_of(operator, status="stored", lot__country_of_origin="MY") == 2
    assert units_of(operator, status="stored", lot__country_of_origin="CN") == 3


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"site": ""}, "site_missing"),
        ({"loaded_date": "2025-06-11"}, "loaded_after_entry"),
        ({"entry_date": "2199-01-01"}, "entry_date_in_future"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(operator, tmp_path, said, code):
    ordered(tmp_path, operator)
    assert set(refused(operator, "--units", "Antminer S21=4", **said)) == {code}


def test_a_file_that_is_no_manifest_is_refused_with_a_sentence(operator, tmp_path):
    ordered(tmp_path, operator)
    path = tmp_path / "packing.pdf"
    path.write_bytes(b"%PDF-1.7 packing list")
    assert refused(operator, "--manifest", path)
    assert Receipt.objects.count() == 0


def test_a_call_without_goods_is_a_wrong_call(operator):
    with pytest.raises(CommandError, match="one of the arguments --manifest --units is required"):
        received(operator)


def test_the_same_sheet_of_the_order_again_does_not_count_what_was_received_twice(operator, tmp_path):
    ordered(tmp_path, operator)
    received(operator, "--units", "Antminer S21=200")
    path = a_csv(tmp_path, [an_order()], name="again.csv")
    with pytest.raises(CommandError):
        answer_of("import_fleet", str(path), "--operator", operator.slug)
    problem = Upload.objects.latest("pk").problems.get(is_warning=False)
    assert problem.code == "received_already"
    assert "200 of these were received by receipt" in problem.sentence
    assert units_of(operator) == 500


# ---------------------------------------------------------------------------------------------------------- undo


def test_an_undo_puts_everything_on_order_again(operator, tmp_path):
    ordered(tmp_path, operator, an_order(quantity=5))
    before = holdings(operator)
    answer = received(operator, "--manifest", a_manifest(tmp_path, *serials(1, 5)))
    assert answer_of("undo_receipt", str(answer["receipt"])) == {"reverted": 5, "kept": [], "impossible": []}
    rig = Rig.objects.get()
    assert (rig.quantity, rig.serial_number, rig.status, rig.site) == (5, None, "on order", None)
    assert holdings(operator) == before
    assert not Assessment.objects.exists()
    again = received(operator, "--manifest", a_manifest(tmp_path, *serials(1, 5)))
    assert (again["units"], "same_as" in again) == (5, False)


def test_what_was_changed_since_stays_and_is_named(operator, tmp_path):
    ordered(tmp_path, operator, an_order(quantity=5))
    answer = received(operator, "--manifest", a_manifest(tmp_path, *serials(1, 3)))
    changed = Rig.objects.get(serial_number=serials(2, 2)[0])
    correct_rigs(operator=operator, rig_ids=[changed.pk], values={"status": "repair"}, at=NOW, by=a_person())
    report = take_back_receipt(receipt=Receipt.objects.get(pk=answer["receipt"]), at=NOW)
    assert report["kept"] == [{"serial_number": changed.serial_number, "changed_by": "ann by a correction"}]
    assert (report["reverted"], units_of(operator, status="on order"), units_of(operator)) == (2, 4, 5)
    assert the_holdings_are_in_step(operator)


def test_a_first_receipt_can_be_undone_after_a_second(operator, tmp_path):
    ordered(tmp_path, operator, an_order(quantity=5))
    first = received(operator, "--manifest", a_manifest(tmp_path, *serials(1, 2)))
    received(operator, "--manifest", a_manifest(tmp_path, *serials(3, 5)), entry_number="ABC-2")
    answer_of("undo_receipt", str(first["receipt"]))
    assert (units_of(operator, status="on order"), units_of(operator, status="stored")) == (2, 3)
    assert Rig.objects.get(status="on order").quantity == 2
    assert the_holdings_are_in_step(operator)


def test_what_an_undo_kept_is_not_ordered_again_by_the_same_sheet(operator, tmp_path):
    ordered(tmp_path, operator)
    received(operator, "--units", "Antminer S21=200")
    rig = Rig.objects.get(status="stored")
    correct_rigs(operator=operator, rig_ids=[rig.pk], values={"status": "repair"}, at=NOW, by=a_person("bob"))
    assert take_back_receipt(receipt=Receipt.objects.get(), at=NOW)["kept"]
    with pytest.raises(CommandError):
        a_fleet(tmp_path, operator, [an_order()])
    assert sum(Rig.objects.values_list("quantity", flat=True)) == 500


def test_a_line_whose_origin_is_another_than_that_of_the_rig_on_order_is_refused(operator, tmp_path):
    ordered(tmp_path, operator, an_order(quantity=1, serial_number=serials(1, 1)[0]))
    manifest = a_manifest(tmp_path, *serials(1, 1), **{"Country of Origin": "MY"})
    assert "line_contradicts_order" in str(refused(operator, "--manifest", manifest))


def test_an_origin_that_only_the_manifest_tells_is_told_of(operator, tmp_path):
    ordered(tmp_path, operator, an_order(quantity=5, country_of_origin="", country_of_assembly=""))
    manifest = a_manifest(tmp_path, *serials(1, 2), **{"Country of Origin": "CN"})
    told = [each["sentence"] for each in received(operator, "--manifest", manifest)["notices"]]
    assert any(sentence.startswith("2 lines give an origin that the order does not") for sentence in told)


def test_a_receipt_is_undone_once(operator, tmp_path):
    ordered(tmp_path, operator)
    answer = received(operator, "--units", "Antminer S21=200")
    answer_of("undo_receipt", str(answer["receipt"]))
    with pytest.raises(CommandError, match="is undone; only what was received can be taken back"):
        answer_of("undo_receipt", str(answer["receipt"]))
    with pytest.raises(CommandError, match="There is no receipt"):
        answer_of("undo_receipt", "999999")


def test_undoing_the_upload_of_an_order_leaves_what_was_received(operator, tmp_path):
    ordered(tmp_path, operator, an_order(quantity=5))
    answer = received(operator, "--units", "Antminer S21=2")
    report = answer_of("undo_upload", str(Upload.objects.get().pk))
    assert report["kept"][0]["changed_by"] == f"receipt {answer['receipt']}"
    assert units_of(operator) == 5


DEEDS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["units", "manifest"]), st.integers(1, 6)),
        st.tuples(st.sampled_from(["undo", "correct"]), st.integers(0, 5)),
    ),
    max_size=8,
)


def do(operator, folder, number, deed, size):
    """A receipt of so many units, an undo, or a correction of a rig; what cannot be done is refused."""
    entry = {"entry_number": f"ENTRY-{number}"}
    if deed == "units":
        received(operator, "--units", f"Antminer S21={size}", **entry)
    elif deed == "manifest":
        lines = a_manifest(folder, *serials(number * 10, number * 10 + size - 1), name=f"{number}.csv")
        received(operator, "--manifest", lines, **entry)
    elif deed == "undo" and (ids := list(Receipt.objects.order_by("pk").values_list("pk", flat=True))):
        answer_of("undo_receipt", str(ids[size % len(ids)]))
    elif deed == "correct":
        ids = list(Rig.objects.order_by("pk").values_list("pk", flat=True))
        told = {"values": {"notes": f"seen {number}"}, "at": NOW, "by": None}
        correct_rigs(operator=operator, rig_ids=[ids[size % len(ids)]], **told)


def test_whatever_is_received_and_undone_the_units_of_the_order_are_as_many(operator, tmp_path):
    ordered(tmp_path, operator, an_order(quantity=12, customs_value="3333.33"), an_order(quantity=1))
    cents = cents_of(operator)

    @given(DEEDS)
    def tried(deeds):
        with transaction.atomic():
            for number, (deed, size) in enumerate(deeds, start=1):
                with suppress(CommandError):
                    do(operator, tmp_path, number, deed, size)
                assert (units_of(operator, lot__purchase_order="PO-1"), cents_of(operator)) == (13, cents)
            assert the_holdings_are_in_step(operator)
            transaction.set_rollback(True)

    tried()
