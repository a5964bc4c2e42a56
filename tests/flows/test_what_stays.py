"""What a sheet may not silently undo, what it may clear, and counts that say the same."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files import File

from fleet.flows.export_fleet import csv_pieces
from fleet.flows.read_upload import apply_upload, read_upload
from fleet.models import Lot, Rig, Upload
from fleet.services import accept_upload, correct_rigs, register_operator
from tests.console.visitors import a_person
from tests.database import NOW
from tests.sheets import a_csv, a_row

pytestmark = pytest.mark.usefixtures("shipped")


@pytest.fixture
def operator():
    return register_operator(slug="prairie", name="Prairie")


@pytest.fixture
def send_file(operator):
    def send_file(path, **choices) -> Upload:
        with path.open("rb") as stream:
            upload = accept_upload(
                operator=operator,
                file=File(stream),
                file_name=path.name,
                choices=choices,
                in_background=False,
            )
        return read_upload(upload.pk, clock=lambda: NOW)

    return send_file


@pytest.fixture
def send(send_file, tmp_path):
    return lambda *rows, **choices: send_file(a_csv(tmp_path, rows), **choices)


def corrected(operator, **values):
    correct_rigs(
        operator=operator, rig_ids=[rig.pk for rig in Rig.objects.all()], values=values, at=NOW, by=a_person()
    )


def test_a_value_that_a_person_corrected_stays_and_is_listed(send, operator):
    send(a_row(1, status="deployed"))
    corrected(operator, status="repair", country_of_origin="MY")
    upload = send(a_row(1, status="deployed", customs_value="4000.00"))
    rig = Rig.objects.select_related("lot").get()
    assert (rig.status, rig.lot.country_of_origin, rig.customs_value_cents) == ("repair", "MY", 400_000)
    kept = list(upload.problems.filter(code="value_kept", is_warning=True))
    assert {problem.column for problem in kept} == {"status", "country_of_origin"}
    assert any("'repair' on 2026-11-22; the sheet says 'deployed'" in problem.sentence for problem in kept)


def test_a_sheet_that_differs_only_in_corrected_values_changes_nothing(send, operator):
    send(a_row(1))
    corrected(operator, status="repair")
    version = Rig.objects.get().version
    again = send(a_row(1), a_row(2))
    assert (again.unchanged, again.new) == (1, 1)
    assert Rig.objects.get(serial_number=a_row(1)["Serial Number"]).version == version


def test_corrected_values_are_overwritten_where_that_was_chosen(send, operator):
    send(a_row(1))
    corrected(operator, status="repair")
    assert send(a_row(1), fixed="overwrite").changed == 1
    assert Rig.objects.get().status == "deployed"


def test_a_correction_that_was_overwritten_by_choice_holds_no_more(send, operator):
    send(a_row(1))
    corrected(operator, status="repair")
    send(a_row(1), fixed="overwrite")
    assert send(a_row(1, status="stored")).changed == 1


def test_a_cell_that_says_clear_clears_and_an_empty_one_keeps(send):
    send(a_row(1) | {"Rack": "R-1", "Notes": "fan"})
    send(a_row(1, entry_number="<clear>", customs_value="<CLEAR>") | {"Rack": "<clear>", "Notes": ""})
    rig = Rig.objects.select_related("lot").get()
    assert (rig.rack, rig.notes, rig.customs_value_cents, rig.lot.entry_number) == ("", "fan", None, "")


def test_a_column_that_the_sheet_lacks_is_never_cleared(send):
    send(a_row(1) | {"Rack": "R-1"})
    send(a_row(1, entry_number=""), empty="clear")
    rig = Rig.objects.select_related("lot").get()
    assert (rig.rack, rig.lot.entry_number) == ("R-1", "")


def test_a_bin_of_another_model_does_not_stay_with_the_rig(send):
    send(a_row(1, model="Antminer S21 200T"))
    assert Rig.objects.get().bin_id
    send(a_row(1, model="Whatsminer M30S++", hashrate_ths="", power_w=""))
    rig = Rig.objects.select_related("bin__model", "lot").get()
    assert rig.bin is None or rig.bin.model_id == rig.lot.model_id


def counted(quantity, **said):
    return a_row(serial_number="", quantity=quantity, **said)


def test_two_counts_that_come_to_say_the_same_go_out_and_in_unchanged(send, send_file, operator, tmp_path):
    send(counted(20), counted(30, site="Pecos"))
    for rig in Rig.objects.all():
        correct_rigs(
            operator=operator,
            rig_ids=[rig.pk],
            values={"site": "Pecos", "status": "retired"},
            at=NOW,
            by=None,
        )
    out = tmp_path / "out.csv"
    out.write_text("".join(csv_pieces(operator)), encoding="utf-8")
    again = send_file(out)
    assert (again.new, again.changed, again.wrong) == (0, 0, 0)
    assert sorted(Rig.objects.values_list("quantity", flat=True)) == [20, 30]


def test_a_sheet_with_fewer_than_counts_on_record_that_cannot_be_told_apart_is_asked_back(send, operator):
    send(counted(20), counted(30, site="Pecos"))
    for rig in Rig.objects.all():
        correct_rigs(operator=operator, rig_ids=[rig.pk], values={"site": "Pecos"}, at=NOW, by=None)
    assert send(counted(60, site="Pecos")).changed == 1
    assert sum(Rig.objects.values_list("quantity", flat=True)) == 60
    assert send(counted(5, site="Pecos")).problems.get(is_warning=False).code == "counts_not_told_apart"


def test_a_rig_in_transit_that_is_missing_and_retired_goes_out_and_in_unchanged(
    send, send_file, operator, tmp_path
):
    on_its_way = {"site": "", "status": "in transit", "entry_date": ""}
    send(a_row(1, **on_its_way), a_row(2))
    send(a_row(2), missing="retire")
    assert Rig.objects.get(status="retired").site is None
    out = tmp_path / "out.csv"
    out.write_text("".join(csv_pieces(operator)), encoding="utf-8")
    again = send_file(out)
    assert (again.new, again.changed, again.wrong) == (0, 0, 0)


def test_us_content_with_and_without_zeros_is_one_lot(send):
    send(a_row(1) | {"US Content %": "25.0"}, a_row(2) | {"US Content %": "25"})
    assert Lot.objects.count() == 1
    assert send(a_row(1) | {"US Content %": "25.00"}).unchanged == 1


def test_a_drifted_fleet_names_the_rigs_of_the_sheet_that_moved(send, operator):
    send(a_row(1), a_row(2))
    checked = send(a_row(1, status="stored"), a_row(2, status="stored"), dry_run=True)
    Upload.objects.filter(pk=checked.pk).update(checked_at=NOW + timedelta(hours=1))
    rig, later = Rig.objects.get(serial_number=a_row(2)["Serial Number"]), NOW + timedelta(hours=2)
    correct_rigs(operator=operator, rig_ids=[rig.pk], values={"notes": "fan"}, at=later, by=a_person())
    with pytest.raises(ValidationError) as drift:
        apply_upload(checked.pk, clock=lambda: NOW)
    assert f"since the check: {rig.serial_number} moved." in drift.value.messages[0]
