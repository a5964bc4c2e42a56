"""A rig is known by dated identifiers: a swapped control board is asked about, and never a second rig by guess."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files import File

from fleet.flows.known_fleet import LotKey
from fleet.flows.read_upload import read_upload
from fleet.flows.undo_upload import undo_upload
from fleet.models import Rig, RigIdentifier, Upload
from fleet.models.upload import UploadState
from fleet.services import accept_upload, correct_rigs, register_operator
from tests.console.visitors import a_person
from tests.database import NOW
from tests.sheets import a_csv, a_row

pytestmark = pytest.mark.usefixtures("shipped")

OLD, NEW = "YNAHEAUBCJCBA0001", "YNAHEAUBCJCBA0777"
MAC, OTHER_MAC = "aa:bb:cc:dd:ee:01", "aa:bb:cc:dd:ee:02"


@pytest.fixture
def operator():
    return register_operator(slug="prairie", name="Prairie")


@pytest.fixture
def send(operator, tmp_path):
    def send(*rows: dict, **choices) -> Upload:
        path = a_csv(tmp_path, rows)
        with path.open("rb") as stream:
            upload = accept_upload(
                operator=operator, file=File(stream), file_name="a.csv", choices=choices, in_background=False
            )
        return read_upload(upload.pk, clock=lambda: NOW)

    return send


def a_rig(serial=OLD, mac=MAC, **said):
    return a_row(serial_number=serial, **said) | {"MAC Address": mac}


def told(upload: Upload) -> list[str]:
    return list(upload.problems.order_by("pk").values_list("code", flat=True))


def test_a_row_that_shares_the_mac_address_model_and_site_of_a_rig_is_asked_about(send):
    send(a_rig())
    asked = send(a_rig(NEW))
    assert (asked.state, asked.wrong, told(asked)) == (UploadState.REFUSED, 1, ["identifier_changed"])
    problem = asked.problems.get()
    assert (problem.column, problem.value) == ("Serial Number", NEW)
    assert OLD in problem.sentence
    assert Rig.objects.count() == 1


@pytest.mark.parametrize("choices", [{"identifiers": "same"}, {"answers": {NEW: "same"}}])
def test_the_same_rig_takes_its_new_serial_number_and_keeps_the_old_one_with_its_days(send, choices):
    send(a_rig())
    upload = send(a_rig(NEW), **choices)
    rig = Rig.objects.get()
    assert (upload.new, upload.changed, rig.serial_number) == (0, 1, NEW)
    former = RigIdentifier.objects.get()
    assert (former.rig, former.kind, former.value) == (rig, "serial_number", OLD)
    assert (former.used_from, former.used_until) == (NOW, NOW)
    assert rig.changes.get().before == {"serial_number": OLD}


@pytest.mark.parametrize("choices", [{"identifiers": "new"}, {"answers": {NEW: "new"}}])
def test_another_machine_in_its_place_is_a_new_rig(send, choices):
    send(a_rig())
    assert send(a_rig(NEW), **choices).new == 1
    assert set(Rig.objects.values_list("serial_number", flat=True)) == {OLD, NEW}
    assert not RigIdentifier.objects.exists()


def test_an_answer_that_is_none_is_refused(send):
    with pytest.raises(Exception, match="is no answer; choose one of: ask, same, new"):
        send(a_rig(), answers={NEW: "perhaps"})


@pytest.mark.parametrize("said", [{"model": "Whatsminer M30S++"}, {"site": "Pecos"}])
def test_a_board_that_went_into_another_model_or_site_makes_a_new_rig_and_a_warning(send, said):
    send(a_rig())
    upload = send(a_rig(NEW, **said))
    assert (upload.state, upload.new) == (UploadState.APPLIED, 1)
    assert "mac_address_of_another_rig" in told(upload)


def test_a_rig_with_a_row_of_its_own_is_not_taken_for_another(send):
    send(a_rig())
    upload = send(a_rig(), a_rig(NEW, OTHER_MAC))
    assert (upload.unchanged, upload.new) == (1, 1)


def test_a_rig_called_by_a_serial_number_that_it_had_before_is_asked_about(send):
    send(a_rig())
    send(a_rig(NEW), identifiers="same")
    assert told(send(a_rig(OLD, OTHER_MAC))) == ["identifier_changed"]


def test_a_known_serial_number_with_another_mac_address_is_the_same_rig_and_the_old_address_is_kept(send):
    send(a_rig())
    upload = send(a_rig(OLD, OTHER_MAC))
    assert (upload.changed, Rig.objects.get().mac_address) == (1, OTHER_MAC)
    assert RigIdentifier.objects.values_list("kind", "value").get() == ("mac_address", MAC)


def test_an_undo_gives_a_rig_its_identifier_back(send):
    send(a_rig())
    upload = send(a_rig(NEW), identifiers="same")
    undo_upload(upload.pk, at=NOW)
    assert Rig.objects.get().serial_number == OLD
    assert not RigIdentifier.objects.exists()


def test_a_person_who_corrects_a_serial_number_leaves_the_old_one_on_record(send, operator):
    send(a_rig())
    rig = Rig.objects.get()
    correct_rigs(operator=operator, rig_ids=[rig.pk], values={"serial_number": NEW}, at=NOW, by=a_person())
    assert RigIdentifier.objects.get().value == OLD


def test_the_zeros_that_a_whatsminer_adds_to_its_serial_number_are_no_other_rig(send):
    label = "BTM3CS40HD240831"
    send(a_rig(label, "", model="Whatsminer M30S++"))
    padded = send(a_rig(label + "0" * 17, "", model="Whatsminer M30S++"))
    assert (padded.new, padded.unchanged, Rig.objects.get().serial_number) == (0, 1, label)


def test_a_serial_number_in_small_letters_is_the_same_rig(send):
    send(a_rig())
    assert send(a_rig(OLD.lower())).unchanged == 1


def test_the_mac_address_finds_the_rig_first_where_that_was_chosen(send):
    send(a_rig())
    upload = send(a_rig(NEW), key="mac_address")
    assert (upload.new, upload.changed, Rig.objects.get().serial_number) == (0, 1, NEW)


def test_a_small_sheet_finds_its_rigs_in_a_large_fleet_by_all_their_names(send):
    send(*(a_rig(f"YNAHEAUBCJCBA{n:04d}", f"aa:bb:cc:dd:00:{n:02x}") for n in range(1, 61)))
    assert told(send(a_rig(NEW, "aa:bb:cc:dd:00:07"))) == ["identifier_changed"]
    send(a_rig(NEW, "aa:bb:cc:dd:00:07"), identifiers="same")
    assert told(send(a_rig("YNAHEAUBCJCBA0007", ""))) == ["identifier_changed"]
    assert send(a_rig("ynaheaubcjcba0009", "")).unchanged == 1


def test_a_mac_address_of_two_rigs_finds_neither_and_names_both(send):
    send(a_rig(OLD), a_rig(NEW, OTHER_MAC))
    Rig.objects.update(mac_address=MAC)
    asked = send(a_rig("", MAC))
    assert told(asked) == ["mac_address_of_several_rigs"]
    assert OLD in asked.problems.get().sentence
    assert NEW in asked.problems.get().sentence


def test_one_rig_by_its_serial_number_in_one_row_and_by_its_mac_address_in_another_is_there_twice(send):
    send(a_rig())
    asked = send(a_rig(OLD, ""), a_rig("", MAC))
    assert told(asked) == ["rig_twice"] * 2
    assert "Row 3 means the same rig" in asked.problems.order_by("row")[0].sentence


def test_a_serial_number_of_another_rig_is_not_given_to_the_one_that_the_mac_address_finds(send):
    send(a_rig(), a_rig(NEW, OTHER_MAC))
    asked = send(a_rig(NEW, MAC), key="mac_address")
    assert told(asked) == ["serial_number_of_another_rig"]
    assert OLD in asked.problems.get().sentence


def test_the_digest_of_a_lot_on_record_is_what_it_always_was():
    """Lots on record are found by it."""
    key = LotKey(
        model_id=7, country_of_origin="CN", entry_date=date(2025, 6, 10), us_content_percent=Decimal(25)
    )
    assert key.digest == "1ee1ce0998a1c77f7a87437873e00d1b8415cf29ae8a9f6b70dac4e2fb5ddff0"
