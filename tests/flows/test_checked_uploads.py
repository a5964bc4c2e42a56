"""Check, preview, apply, undo: nothing is overwritten silently, and what people changed since stays."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.management import CommandError

from fleet.flows import read_upload as reading
from fleet.flows.read_upload import apply_upload, read_upload
from fleet.flows.undo_upload import undo_upload
from fleet.models import Holding, Lot, Operator, Rig, RigChange, RigModel, Upload, User
from fleet.models.upload import UploadState
from fleet.services import accept_upload, cancel_upload, check_again, correct_rigs, register_operator
from tests.commands import answer_of
from tests.database import NOW
from tests.sheets import a_csv, a_row
from vendors.models import Vendor
from vendors.services import change_vendor

pytestmark = pytest.mark.usefixtures("shipped")


def clock():
    return NOW


@pytest.fixture
def operator():
    return register_operator(slug="prairie", name="Prairie")


def accepted(operator, path, **choices) -> Upload:
    with path.open("rb") as stream:
        return accept_upload(
            operator=operator, file=File(stream), file_name=path.name, choices=choices, in_background=False
        )


def imported(operator, path, **choices) -> Upload:
    return read_upload(accepted(operator, path, **choices).pk, clock=clock)


def state_of_fleet():
    rigs = Rig.objects.order_by("serial_number").values(
        "serial_number", "status", "lot__country_of_origin", "site__name"
    )
    return list(rigs), list(
        Holding.objects.order_by("lot__country_of_origin", "status").values("units", "status")
    )


def test_a_checked_upload_is_applied_later_and_does_what_was_shown(operator, tmp_path):
    checked = imported(operator, a_csv(tmp_path, [a_row(1), a_row(2)]), dry_run=True)
    assert (checked.state, checked.new, Rig.objects.count()) == (UploadState.CHECKED, 2, 0)
    applied = apply_upload(checked.pk, clock=clock)
    assert (applied.state, applied.new, Rig.objects.count()) == (UploadState.APPLIED, 2, 2)


def test_a_fleet_that_moved_since_the_check_refuses_and_says_how(operator, tmp_path):
    checked = imported(operator, a_csv(tmp_path, [a_row(1), a_row(2)]), dry_run=True)
    imported(operator, a_csv(tmp_path, [a_row(1, status="stored")], name="other.csv"))
    with pytest.raises(ValidationError, match="1 new, 1 changed") as drift:
        apply_upload(checked.pk, clock=clock)
    assert drift.value.code == "fleet_drifted"
    assert Rig.objects.count() == 1
    assert Upload.objects.get(pk=checked.pk).state == UploadState.CHECKED


def test_a_fleet_that_moves_while_a_file_is_compared_is_compared_anew(operator, tmp_path, monkeypatch):
    """Between plan and writing another upload brings one of the rigs; no rig is there twice."""
    other = accepted(operator, a_csv(tmp_path, [a_row(1, status="stored")], name="other.csv"))
    compared, meanwhile = reading.plan, [other.pk]

    def slowly_compared(*arguments):
        decided = compared(*arguments)
        if meanwhile:
            read_upload(meanwhile.pop(), clock=clock)
        return decided

    monkeypatch.setattr(reading, "plan", slowly_compared)
    applied = imported(operator, a_csv(tmp_path, [a_row(1), a_row(2)]))
    assert (applied.new, applied.changed) == (1, 1)
    assert Rig.objects.count() == 2


def test_an_undone_upload_leaves_the_fleet_as_it_was(operator, tmp_path):
    imported(operator, a_csv(tmp_path, [a_row(1), a_row(2)]))
    before = state_of_fleet()
    rows = [a_row(1, status="repair", country_of_origin="MY"), a_row(2), a_row(3)]
    upload = imported(operator, a_csv(tmp_path, rows, name="second.csv"))
    assert undo_upload(upload.pk, at=NOW) == {"reverted": 2, "kept": [], "impossible": []}
    assert state_of_fleet() == before
    assert Upload.objects.get(pk=upload.pk).state == UploadState.UNDONE


def test_undo_keeps_what_was_changed_since_and_names_it(operator, tmp_path):
    upload = imported(operator, a_csv(tmp_path, [a_row(n) for n in range(1, 6)]))
    later = imported(
        operator, a_csv(tmp_path, [a_row(n, status="repair") for n in (1, 2, 3)], name="later.csv")
    )
    report = undo_upload(upload.pk, at=NOW)
    assert report["reverted"] == 2
    assert [(each["serial_number"], each["changed_by"]) for each in report["kept"]] == [
        (a_row(n)["Serial Number"], f"upload {later.pk}") for n in (1, 2, 3)
    ]
    assert Rig.objects.count() == 3


def test_undo_keeps_what_people_edited_since_and_names_them(operator, tmp_path):
    upload = imported(operator, a_csv(tmp_path, [a_row(n) for n in range(1, 101)]))
    person = User.objects.create(username="ann")
    edited = list(Rig.objects.order_by("serial_number").values_list("pk", flat=True)[:3])
    for rig_id, values in zip(
        edited, ({"status": "repair"}, {"notes": "fan"}, {"country_of_origin": "MY"}), strict=True
    ):
        correct_rigs(operator=operator, rig_ids=[rig_id], values=values, at=NOW, by=person)
    report = undo_upload(upload.pk, at=NOW)
    assert (report["reverted"], len(report["kept"])) == (97, 3)
    assert {each["changed_by"] for each in report["kept"]} == {"ann by a correction"}
    assert set(Rig.objects.values_list("pk", flat=True)) == set(edited)


def test_a_corrected_rig_moves_to_the_lot_of_its_facts_and_holdings_follow(operator, tmp_path):
    imported(operator, a_csv(tmp_path, [a_row(1), a_row(2)]))
    rig = Rig.objects.get(serial_number=a_row(1)["Serial Number"])
    changed = correct_rigs(
        operator=operator, rig_ids=[rig.pk], values={"country_of_origin": "MY"}, at=NOW, by=None
    )
    assert changed == 1
    assert dict(Holding.objects.values_list("lot__country_of_origin", "units")) == {"CN": 1, "MY": 1}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"colour": "red"}, "no fact 'colour'"),
        ({"status": "lost"}, "no status"),
        ({"site": "Mars"}, "no site 'Mars'"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_with_a_sentence(operator, tmp_path, values, sentence):
    imported(operator, a_csv(tmp_path, [a_row()]))
    with pytest.raises(ValidationError, match=sentence):
        correct_rigs(operator=operator, rig_ids=[Rig.objects.get().pk], values=values, at=NOW, by=None)


def test_an_upload_is_undone_once(operator, tmp_path):
    upload = imported(operator, a_csv(tmp_path, [a_row()]))
    answer_of("undo_upload", str(upload.pk))
    with pytest.raises(CommandError, match="only an applied upload"):
        answer_of("undo_upload", str(upload.pk))


def test_what_an_upload_changed_is_kept_old_and_new(operator, tmp_path):
    imported(operator, a_csv(tmp_path, [a_row()]))
    upload = imported(
        operator, a_csv(tmp_path, [a_row(status="repair", country_of_origin="MY")], name="two.csv")
    )
    change = RigChange.objects.get()
    assert (change.upload_id, change.version) == (upload.pk, 2)
    assert change.before == {"status": "deployed", "country_of_origin": "CN"}
    assert change.after == {"status": "repair", "country_of_origin": "MY"}


def test_the_same_bytes_again_are_a_link_to_the_upload_that_was_applied(operator, tmp_path):
    path = a_csv(tmp_path, [a_row(1), a_row(2)])
    first = imported(operator, path)
    assert accepted(operator, path) == first
    assert accepted(operator, path, missing="retire") != first
    undo_upload(first.pk, at=NOW)
    assert accepted(operator, path) != first


def test_rigs_that_the_sheet_lacks_are_left_flagged_or_retired_as_chosen(operator, tmp_path):
    imported(operator, a_csv(tmp_path, [a_row(n) for n in range(1, 5)]))
    short = a_csv(tmp_path, [a_row(1)], name="short.csv")
    assert imported(operator, short).missing == 3
    assert not Rig.objects.filter(is_missing=True).exists()
    imported(operator, short, missing="flag")
    assert Rig.objects.filter(is_missing=True).count() == 3
    retired = imported(operator, short, missing="retire")
    assert Rig.objects.filter(status="retired").count() == 3
    undo_upload(retired.pk, at=NOW)
    assert not Rig.objects.filter(status="retired").exists()


def test_a_rig_that_is_seen_again_is_no_longer_missing(operator, tmp_path):
    imported(operator, a_csv(tmp_path, [a_row(1), a_row(2)]))
    imported(operator, a_csv(tmp_path, [a_row(1)], name="short.csv"), missing="flag")
    imported(operator, a_csv(tmp_path, [a_row(2, status="stored")], name="back.csv"))
    assert not Rig.objects.filter(is_missing=True).exists()


def test_an_upload_that_may_only_change_adds_nothing(operator, tmp_path):
    imported(operator, a_csv(tmp_path, [a_row(1)]))
    refused = imported(
        operator, a_csv(tmp_path, [a_row(1, status="stored"), a_row(2)], name="u.csv"), mode="update"
    )
    assert refused.state == UploadState.REFUSED
    assert refused.problems.get(is_warning=False).code == "rig_not_on_record"


def test_an_upload_that_may_only_add_changes_nothing(operator, tmp_path):
    imported(operator, a_csv(tmp_path, [a_row(1)]))
    added = imported(
        operator, a_csv(tmp_path, [a_row(1, status="stored"), a_row(2)], name="c.csv"), mode="create"
    )
    assert (added.new, added.changed, added.unchanged) == (1, 0, 1)
    assert set(Rig.objects.values_list("status", flat=True)) == {"deployed"}


def test_empty_cells_clear_only_where_that_was_chosen(operator, tmp_path):
    imported(operator, a_csv(tmp_path, [a_row()]))
    empty = a_csv(tmp_path, [a_row(customs_value="", country_of_origin="")], name="empty.csv")
    assert imported(operator, empty).unchanged == 1
    assert imported(operator, empty, empty="clear").changed == 1
    rig = Rig.objects.get()
    assert (rig.customs_value_cents, rig.lot.country_of_origin, rig.lot.entry_number) == (
        None,
        "",
        "ABC-1234567-8",
    )


def test_a_value_is_corrected_once_for_every_row_that_has_it(operator, tmp_path):
    path = a_csv(tmp_path, [a_row(n, model="S19j pro plus plus") for n in (1, 2)])
    assert imported(operator, path).state == UploadState.REFUSED
    values = {"model": {"S19j pro plus plus": "Antminer S19j Pro+"}}
    assert imported(operator, path, values=values).state == UploadState.APPLIED
    assert Lot.objects.get().model.name == "Antminer S19j Pro+"


def test_a_refused_upload_is_checked_again_with_other_choices_and_then_applied(operator, tmp_path):
    refused = imported(operator, a_csv(tmp_path, [a_row(1, model="S19j pro plus plus"), a_row(2)]))
    values = {"model": {"S19j pro plus plus": "Antminer S19j Pro+"}}
    check_again(upload=refused, choices={"values": values})
    checked = read_upload(refused.pk, clock=clock)
    assert (checked.state, checked.new, checked.wrong) == (UploadState.CHECKED, 2, 0)
    assert apply_upload(checked.pk, clock=clock).state == UploadState.APPLIED


def test_a_check_shows_old_and_new_of_what_would_change(operator, tmp_path):
    imported(operator, a_csv(tmp_path, [a_row()]))
    checked = imported(
        operator, a_csv(tmp_path, [a_row(status="sold", entry_date="2025-06-11")], name="c.csv"), dry_run=True
    )
    shown = {
        "before": {"status": "deployed", "entry_date": "2025-06-10"},
        "after": {"status": "sold", "entry_date": "2025-06-11"},
    }
    assert checked.sample_changes == [{"rig": a_row()["Serial Number"], **shown}]


def test_a_cancelled_upload_leaves_nothing(operator, tmp_path):
    upload = accepted(operator, a_csv(tmp_path, [a_row()]))
    cancel_upload(upload=upload)
    assert read_upload(upload.pk, clock=clock).state == UploadState.CANCELLED
    assert not Rig.objects.exists()


def test_a_choice_that_is_none_is_refused_with_those_that_are(operator, tmp_path):
    with pytest.raises(ValidationError, match="choose one of: leave, flag, retire"):
        accepted(operator, a_csv(tmp_path, [a_row()]), missing="burn")


def test_what_a_check_would_move_is_kept_in_sums(operator, tmp_path):
    imported(operator, a_csv(tmp_path, [a_row(1), a_row(2)]))
    rows = [a_row(1, country_of_origin="MY"), a_row(3)]
    checked = imported(operator, a_csv(tmp_path, rows, name="check.csv"), dry_run=True)
    moves = {
        delta["lot"]["country_of_origin"]: (delta["units"], delta["value_cents"]) for delta in checked.deltas
    }
    assert moves == {"MY": (1, 500_000)}  # one left China's lot and one came to it


def test_two_operators_never_wait_for_each_other(operator, tmp_path):
    other = register_operator(slug="other", name="Other")
    imported(operator, a_csv(tmp_path, [a_row()]))
    assert Operator.objects.get(pk=other.pk).fleet_version == 0


def test_a_sheet_is_read_by_the_name_that_its_maker_has_now(operator, tmp_path):
    maker = Vendor.objects.create(name="Fogworks", slug="fogworks")
    RigModel.objects.create(maker=maker, name="Mist F1")
    imported(operator, a_csv(tmp_path, [a_row(1, model="Fogworks Mist F1")]))
    change_vendor(vendor=maker, operator=None, why="The company has another name.", name="Drizzle")
    second = imported(operator, a_csv(tmp_path, [a_row(2, model="Drizzle Mist F1")], name="second.csv"))
    assert [each.sentence for each in second.problems.all()] == []
    assert Rig.objects.filter(lot__model__maker=maker).count() == 2
