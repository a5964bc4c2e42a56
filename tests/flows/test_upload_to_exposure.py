"""Spreadsheet to dashboard, through the real pipeline: what is in the sheet is what is exposed."""

from decimal import Decimal

import pytest
from django.core.management import CommandError

from fleet.models import Holding, Lot, Operator, Rig, Site, Upload
from ledger.models import AuditEntry
from risk.models import Assessment, Exposure
from tests.commands import answer_of
from tests.sheets import a_csv, a_row, a_workbook

pytestmark = pytest.mark.usefixtures("shipped")


def imported(path, *arguments):
    return answer_of(
        "import_fleet", str(path), "--operator", "prairie", "--create-operator", "Prairie", *arguments
    )


@pytest.mark.parametrize("make", [a_csv, a_workbook])
def test_a_sheet_becomes_lots_rigs_holdings_and_findings(tmp_path, make):
    answer = imported(make(tmp_path, [a_row(n) for n in range(1, 4)]))
    assert (answer["state"], answer["new"], answer["lots"]) == ("applied", 3, 1)
    assert Lot.objects.count() == 1
    assert Rig.objects.count() == 3
    holding = Holding.objects.get()
    assert (holding.units, holding.hashrate_ghs, holding.power_w, holding.value_cents) == (
        3,
        600_000,
        10_500,
        1_500_000,
    )
    assert Exposure.objects.current().count() == 1
    assert not Assessment.objects.exists()


def test_the_same_sheet_twice_changes_nothing(tmp_path):
    path = a_csv(
        tmp_path, [a_row(1), a_row(2, country_of_origin="MY"), a_row(serial_number="", quantity="500")]
    )
    imported(path)
    before = list(Rig.objects.values()), list(Holding.objects.values()), list(Exposure.objects.values())
    again = imported(path)
    assert (again["new"], again["changed"], again["unchanged"], again["missing"]) == (0, 0, 3, 0)
    assert (
        list(Rig.objects.values()),
        list(Holding.objects.values()),
        list(Exposure.objects.values()),
    ) == before


def test_an_empty_cell_and_a_missing_column_keep_what_is_on_record(tmp_path):
    imported(a_csv(tmp_path, [a_row()]))
    short = {
        "Serial Number": a_row()["Serial Number"],
        "Model": "Antminer S21 200T",
        "Site": "",
        "Status": "stored",
    }
    answer = imported(a_csv(tmp_path, [short], name="short.csv"), "--set", "site=Rockdale")
    assert answer["changed"] == 1
    rig = Rig.objects.get()
    assert (rig.status, rig.customs_value_cents, rig.lot.entry_number) == ("stored", 500_000, "ABC-1234567-8")


def test_a_changed_fact_moves_the_rig_to_the_lot_of_its_facts(tmp_path):
    imported(a_csv(tmp_path, [a_row(1), a_row(2)]))
    answer = imported(a_csv(tmp_path, [a_row(1), a_row(2, country_of_origin="MY")], name="two.csv"))
    assert (answer["changed"], answer["unchanged"]) == (1, 1)
    assert dict(Holding.objects.values_list("lot__country_of_origin", "units")) == {"CN": 1, "MY": 1}
    exposure = answer_of(
        "exposure", "--operator", "prairie", "--by", "country_of_origin", "--on", "2026-11-22"
    )
    assert {group["key"]: group["units"] for group in exposure["groups"]} == {"CN": 1, "MY": 1}


def test_a_rig_is_found_by_its_mac_address_where_the_sheet_has_no_serial_number(tmp_path):
    imported(a_csv(tmp_path, [a_row() | {"MAC Address": "AABBCCDDEEFF"}]))
    row = a_row(serial_number="", status="repair") | {"MAC Address": "aa-bb-cc-dd-ee-ff"}
    assert imported(a_csv(tmp_path, [row], name="mac.csv"))["changed"] == 1
    assert Rig.objects.get().serial_number == a_row()["Serial Number"]


def test_one_wrong_row_refuses_the_whole_file_and_nothing_is_written(tmp_path):
    path = a_csv(tmp_path, [a_row(1), a_row(2, hts_code="84.71")])
    with pytest.raises(CommandError, match="1 of 2 rows are wrong; nothing was written") as refusal:
        imported(path)
    assert refusal.value.returncode == 1
    assert not Rig.objects.exists()
    assert not Site.objects.exists()
    problem = Upload.objects.get().problems.get(is_warning=False)
    assert (problem.row, problem.column, problem.value) == (3, "HTS Code", "84.71")
    assert "8 or 10" in problem.sentence


def test_the_right_rows_can_be_taken_without_the_wrong_ones(tmp_path):
    path = a_csv(tmp_path, [a_row(1), a_row(2, model="Toaster 3000"), a_row(3, entry_date="31/31/2024")])
    answer = imported(path, "--accept-partial")
    assert (answer["state"], answer["new"], answer["wrong"]) == ("applied", 1, 2)
    assert {problem["row"] for problem in answer["problems"]} == {3, 4}


def test_a_dry_run_checks_everything_and_writes_nothing(tmp_path):
    answer = imported(a_csv(tmp_path, [a_row(1), a_row(2)]), "--dry-run")
    assert (answer["state"], answer["new"]) == ("checked", 2)
    assert not Rig.objects.exists()


def test_all_problems_of_a_row_are_told_at_once(tmp_path):
    row = a_row(model="S19 XPP", country_of_origin="Maylasia", customs_value="-5", entry_date="yesterday")
    answer = imported(a_csv(tmp_path, [row]), "--dry-run")
    columns = {problem["column"] for problem in answer["problems"]}
    assert columns == {"Model", "Country of Origin", "Customs Value", "Entry Date"}


def test_an_unknown_model_is_told_with_the_nearest_names(tmp_path):
    answer = imported(a_csv(tmp_path, [a_row(model="S19 XPP")]), "--dry-run")
    assert "Antminer S19 XP" in answer["problems"][0]["sentence"]


def test_an_ambiguous_model_is_settled_by_the_maker_column(tmp_path):
    assert imported(a_csv(tmp_path, [a_row(model="KS3")]), "--dry-run")["wrong"] == 1
    named = a_row(model="KS3") | {"Maker": "IceRiver"}
    assert imported(a_csv(tmp_path, [named]), "--dry-run")["wrong"] == 0


def test_a_maker_that_contradicts_the_model_is_a_problem(tmp_path):
    answer = imported(a_csv(tmp_path, [a_row() | {"Maker": "MicroBT"}]), "--dry-run")
    assert answer["problems"][0]["code"] == "maker_contradicts_model"


def test_the_country_of_import_is_the_sites_where_nobody_names_another(tmp_path):
    rows = [a_row(1), a_row(2, import_country="")]
    imported(a_csv(tmp_path, rows))
    assert set(Lot.objects.values_list("import_country", flat=True)) == {"US"}


def test_two_operators_may_have_the_same_serial_number_and_never_learn_of_it(tmp_path):
    path = a_csv(tmp_path, [a_row()])
    imported(path)
    other = answer_of("import_fleet", str(path), "--operator", "other", "--create-operator", "Other")
    assert (other["new"], other["changed"], other["problems"]) == (1, 0, [])
    assert Rig.objects.of(Operator.objects.get(slug="other")).count() == 1


def test_the_command_refuses_an_unknown_operator_and_names_the_known_ones(tmp_path):
    imported(a_csv(tmp_path, [a_row()]))
    with pytest.raises(CommandError, match="There is no operator 'nobody'; the operators are: prairie"):
        answer_of("import_fleet", str(tmp_path / "fleet.csv"), "--operator", "nobody")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "The file is empty"), (b"\x89PNG\r\n\x1a\n" + b"0" * 64, "."), (b"PK\x03\x04" + b"0" * 64, ".")],
    ids=["empty", "a picture", "cut short"],
)
def test_a_wreck_of_a_file_is_one_sentence_and_nothing_is_written(tmp_path, content, sentence):
    path = tmp_path / "fleet.xlsx"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=sentence) as refusal:
        imported(path)
    assert refusal.value.returncode == 1
    assert not Rig.objects.exists()


def test_a_file_over_the_limit_is_refused_with_the_limit(tmp_path, settings):
    settings.UPLOAD_MAX_BYTES = 100
    with pytest.raises(CommandError, match="the limit is"):
        imported(a_csv(tmp_path, [a_row()]))


def test_every_upload_is_on_the_audit_record(tmp_path):
    imported(a_csv(tmp_path, [a_row()]))
    entry = AuditEntry.objects.get(deed="upload applied")
    assert entry.detail["new"] == 1


def test_the_exposed_share_equals_a_sum_done_by_hand_over_the_sheet(tmp_path):
    """Six lots, added up here row by row with nothing but the rates of the law on the day."""
    rows = (
        [a_row(n) for n in range(1, 11)]  # China: 25 + 12.5 points over base
        + [a_row(n, country_of_origin="MY", country_of_assembly="MY") for n in range(11, 31)]  # 10 points
        + [a_row(n, country_of_origin="MO", country_of_assembly="MO") for n in range(31, 36)]  # none
        + [a_row(n, country_of_origin="", country_of_assembly="") for n in range(36, 40)]  # unknown
        + [a_row(40, import_country="PY", site="Villeta", customs_value="")]  # outside
        + [a_row(n, status="sold") for n in range(41, 44)]  # gone
    )
    imported(a_csv(tmp_path, rows))
    answer = answer_of("exposure", "--operator", "prairie", "--on", "2026-11-22")
    assert answer["fleet"]["units"] == 40
    assert Decimal(answer["exposed"]["tariff"]["share_of_units"]) == Decimal(30) / 40
    assert Decimal(answer["exposed"]["tariff"]["share_of_value"]).quantize(Decimal("0.0001")) == Decimal(
        "0.7692"
    )
    assert answer["bar"]["tariff"]["units"] == 30
    assert answer["bar"]["unknown"]["units"] == 10  # no list is loaded, so nobody is clear
    assert answer["bar"]["clear"]["units"] == 0
    replacement = 10 * 5000 * Decimal("0.401") + 20 * 5000 * Decimal("0.126") + 5 * 5000 * Decimal("0.026")
    assert Decimal(answer["duty"]["replacement"]) == replacement
    # Entered 2025-06-10: China's sold rigs are still owed their refund (20 + 10 points), Malaysia and Macau 10.
    assert Decimal(answer["duty"]["refundable"]) == 13 * 5000 * Decimal("0.30") + 25 * 5000 * Decimal("0.10")
    # Bitmain's origins other than China are contested: 25 points of List 2 that would stay.
    assert Decimal(answer["duty"]["contingent"]) == 25 * 5000 * Decimal("0.25")
    assert answer["doubt"]["facts"]["country_of_origin"] == 1
