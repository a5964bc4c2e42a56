"""Edits of many rigs: previewed, written as shown or not at all, and taken back as a whole."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from fleet.flows import edit_rigs
from fleet.flows.edit_rigs import apply_edit, check_edit
from fleet.flows.holding_counts import refresh_holdings
from fleet.flows.undo_upload import undo_upload
from fleet.models import BulkEdit, Holding, Lot, Rig, RigChange, Site
from fleet.models.bulk_edit import EditState
from fleet.services import (
    RowsWrong,
    ask_to_edit,
    change_site,
    confirm_edit,
    correct_rigs,
    discard_edit,
    register_site,
    take_back_edit,
)
from fleet.tasks import tend_edits, work_on_edit
from ledger.models import AuditEntry
from risk.flows.preview_upload import preview_moves
from risk.models import Assessment
from risk.selectors import exposed_share
from tests.commands import answer_of
from tests.console.visitors import a_fleet, a_member, an_operator
from tests.database import NOW, TODAY
from tests.sheets import a_csv, a_row

pytestmark = pytest.mark.usefixtures("shipped")


def clock():
    return NOW


@pytest.fixture
def operator(tmp_path):
    """An operator with six rigs at one site, of one lot."""
    made = an_operator()
    a_fleet(tmp_path, made, [a_row(number) for number in range(1, 7)])
    return made


@pytest.fixture
def person(operator):
    return a_member(operator)


def ids_of(operator):
    return list(Rig.objects.of(operator).order_by("pk").values_list("pk", flat=True))


def asked(operator, person, said, rig_ids=None, **more):
    rig_ids = ids_of(operator) if rig_ids is None else rig_ids
    return ask_to_edit(operator=operator, rig_ids=rig_ids, said=said, at=NOW, by=person, **more)


def applied(operator, person, said, rig_ids=None):
    edit = asked(operator, person, said, rig_ids)
    return confirm_edit(edit=edit, shown=edit.plan_digest, at=NOW, by=person)


def held(operator):
    """The holdings as counted, and as they would be counted anew."""
    told = sorted(Holding.objects.of(operator).values_list("lot_id", "site_id", "status", "units"))
    refresh_holdings(operator, set(Rig.objects.of(operator).values_list("lot_id", flat=True)), at=NOW)
    anew = sorted(Holding.objects.of(operator).values_list("lot_id", "site_id", "status", "units"))
    return told, anew


def test_a_preview_tells_old_and_new_and_writes_nothing(operator, person):
    edit = asked(operator, person, {"status": "stored", "rack": "R9"}, ids_of(operator)[:4])
    assert (edit.state, edit.changed, edit.unchanged) == (EditState.CHECKED, 4, 0)
    told = {group["fact"]: (group["old"], group["new"], group["rigs"]) for group in edit.groups}
    assert told["status"] == ("deployed", "stored", 4)
    assert told["rack"][1:] == ("R9", 4)
    assert set(Rig.objects.values_list("status", flat=True)) == {"deployed"}
    assert not RigChange.objects.exists()


def test_what_was_previewed_is_written_with_history_holdings_owed_work_and_audit(operator, person):
    Assessment.objects.all().delete()
    edit = applied(operator, person, {"country_of_origin": "TH", "customs_value": "1234.50"})
    assert edit.state == EditState.APPLIED
    assert set(Rig.objects.values_list("lot__country_of_origin", "customs_value_cents")) == {("TH", 123450)}
    changes = RigChange.objects.filter(edit=edit)
    assert {(change.by, change.author) for change in changes} == {(person, f"ann by edit {edit.pk}")}
    told, anew = held(operator)
    assert told == anew
    assert Assessment.objects.filter(lot__country_of_origin="TH").exists()
    entry = AuditEntry.objects.get(deed="rigs edited")
    assert (entry.by, entry.detail["changed"]) == (person, 6)


def test_the_share_that_a_preview_shows_is_the_one_that_the_edit_makes(operator, person):
    edit = asked(
        operator, person, {"country_of_origin": "US", "country_of_assembly": "US"}, ids_of(operator)[:2]
    )
    preview = preview_moves(operator, edit.deltas, on=TODAY)
    confirm_edit(edit=edit, shown=edit.plan_digest, at=NOW, by=person)
    answer_of("assess")
    assert preview.after.whole == exposed_share(operator, on=TODAY).whole


def test_a_rig_that_somebody_changed_since_the_preview_is_not_overwritten(operator, person):
    edit = asked(operator, person, {"rack": "R9"})
    first = ids_of(operator)[0]
    correct_rigs(operator=operator, rig_ids=[first], values={"rack": "R1"}, at=NOW, by=person)
    again = confirm_edit(edit=edit, shown=edit.plan_digest, at=NOW, by=person)
    assert again.state == EditState.CHECKED
    assert "changed since the preview" in again.refusal
    assert Rig.objects.get(pk=first).rack == "R1"
    written = confirm_edit(edit=again, shown=again.plan_digest, at=NOW, by=person)
    assert (written.state, Rig.objects.get(pk=first).rack) == (EditState.APPLIED, "R9")


def test_a_digest_that_was_not_shown_confirms_nothing(operator, person):
    edit = asked(operator, person, {"rack": "R9"})
    with pytest.raises(ValidationError, match="look at its preview again"):
        confirm_edit(edit=edit, shown="another", at=NOW, by=person)
    assert not RigChange.objects.exists()


def test_an_undo_takes_the_whole_edit_back_and_names_what_was_changed_since(operator, person):
    before = list(Rig.objects.order_by("pk").values_list("status", "lot__country_of_origin", "rack"))
    edit = applied(operator, person, {"status": "repair", "country_of_origin": "VN", "rack": "R9"})
    kept = ids_of(operator)[2]
    correct_rigs(operator=operator, rig_ids=[kept], values={"notes": "fan"}, at=NOW, by=person)
    report = take_back_edit(edit=edit, at=NOW, by=person).undo_report
    assert (report["reverted"], report["kept_count"]) == (5, 1)
    assert report["kept"] == [
        {"serial_number": Rig.objects.get(pk=kept).serial_number, "changed_by": "ann by a correction"}
    ]
    after = list(Rig.objects.order_by("pk").values_list("status", "lot__country_of_origin", "rack"))
    assert [old == new for old, new in zip(before, after, strict=True)] == [
        True,
        True,
        False,
        True,
        True,
        True,
    ]
    told, anew = held(operator)
    assert told == anew
    with pytest.raises(ValidationError, match="undone"):
        take_back_edit(edit=edit, at=NOW, by=person)


def test_a_later_sheet_respects_an_edit_but_not_one_that_was_taken_back(operator, person, tmp_path):
    edit = applied(operator, person, {"country_of_origin": "TH"})
    sheet = [a_row(number, country_of_origin="VN") for number in range(1, 7)]
    a_fleet(tmp_path, operator, sheet)
    assert set(Rig.objects.values_list("lot__country_of_origin", flat=True)) == {"TH"}
    take_back_edit(edit=edit, at=NOW, by=person)
    path = a_csv(tmp_path, sheet, name="again.csv")
    answer_of("import_fleet", str(path), "--operator", operator.slug)
    assert set(Rig.objects.values_list("lot__country_of_origin", flat=True)) == {"VN"}


def test_a_value_that_is_none_for_its_column_is_refused_by_its_name(operator, person):
    with pytest.raises(RowsWrong) as refusal:
        asked(operator, person, {"country_of_origin": "Atlantis"})
    assert [each.column for each in refusal.value.problems] == ["country_of_origin"]
    assert not BulkEdit.objects.exists()


def test_an_edit_that_some_rigs_cannot_take_is_refused_as_a_whole(operator, person, tmp_path):
    a_fleet(tmp_path, operator, [a_row(8, status="on order", site="", entry_date="", entry_number="")])
    edit = asked(operator, person, {"status": "repair"})
    assert (edit.state, edit.rigs) == (EditState.REFUSED, 7)
    assert edit.refusal == "1 of 7 rigs cannot take this; nothing was written."
    assert [(each["column"], each["rigs"]) for each in edit.problems] == [("site", 1)]


def test_nothing_to_change_is_said_and_rigs_of_others_are_left_alone(operator, person, tmp_path):
    other = an_operator("birch", "Birch")
    a_fleet(tmp_path, other, [a_row(50)])
    assert "nothing to write" in asked(operator, person, {"status": "deployed"}).refusal
    strange = asked(operator, person, {"status": "stored"}, [*ids_of(operator), *ids_of(other)])
    confirm_edit(edit=strange, shown=strange.plan_digest, at=NOW, by=person)
    assert Rig.objects.get(operator=other).status == "deployed"


def test_a_value_is_cleared_by_null(operator, person):
    applied(operator, person, {"country_of_origin": None})
    assert set(Lot.objects.filter(rigs__isnull=False).values_list("country_of_origin", flat=True)) == {""}


def test_many_rigs_are_a_workers_and_a_second_message_changes_nothing(operator, person, monkeypatch):
    monkeypatch.setattr("fleet.services.RIGS_AT_ONCE", 2)
    monkeypatch.setattr("fleet.flows.edit_rigs.STEP", 2)
    edit = asked(operator, person, {"rack": "R9"})
    assert edit.state == EditState.WAITING
    for _ in range(2):
        check_edit(edit.pk, clock=clock)
    edit.refresh_from_db()
    assert (edit.state, edit.changed, edit.progress) == (EditState.CHECKED, 6, {})
    confirm_edit(edit=edit, shown=edit.plan_digest, at=NOW, by=person)
    for _ in range(2):
        apply_edit(edit.pk, clock=clock)
    edit.refresh_from_db()
    assert (edit.state, RigChange.objects.filter(edit=edit).count()) == (EditState.APPLIED, 6)
    assert take_back_edit(edit=edit, at=NOW, by=person).state == EditState.UNDOING
    for _ in range(2):
        work_on_edit(edit_id=edit.pk)
    edit.refresh_from_db()
    assert (edit.state, edit.undone_by, edit.undo_report["reverted"]) == (EditState.UNDONE, person, 6)


def test_what_the_queue_lost_is_done_by_the_sweep(operator, person, monkeypatch):
    monkeypatch.setattr("fleet.services.RIGS_AT_ONCE", 2)
    edit = asked(operator, person, {"rack": "R9"})
    tend_edits()
    edit.refresh_from_db()
    confirm_edit(edit=edit, shown=edit.plan_digest, at=NOW, by=person)
    tend_edits()
    edit.refresh_from_db()
    assert edit.state == EditState.APPLIED


def test_a_fault_of_ours_ends_the_edit_and_says_so(operator, person, monkeypatch):
    monkeypatch.setattr("fleet.services.RIGS_AT_ONCE", 2)
    edit = asked(operator, person, {"rack": "R9"})
    monkeypatch.setattr("fleet.flows.edit_rigs.groups_of", None)
    work_on_edit(edit_id=edit.pk)
    edit.refresh_from_db()
    assert (edit.state, edit.refusal.partition(";")[0]) == (
        EditState.FAILED,
        "A fault of the product stopped it",
    )


def test_a_discarded_edit_is_not_written(operator, person):
    edit = asked(operator, person, {"rack": "R9"})
    discard_edit(edit=edit)
    with pytest.raises(ValidationError):
        confirm_edit(edit=edit, shown=edit.plan_digest, at=NOW, by=person)
    assert not RigChange.objects.exists()


def test_too_many_rigs_and_none_are_refused_with_a_sentence(operator, person, monkeypatch):
    monkeypatch.setattr("fleet.services.MOST_RIGS_AN_EDIT", 3)
    with pytest.raises(ValidationError, match="6 rigs are too many"):
        asked(operator, person, {"rack": "R9"})
    with pytest.raises(ValidationError, match="Choose at least one rig"):
        asked(operator, person, {"rack": "R9"}, [])
    with pytest.raises(ValidationError, match="at least one value"):
        asked(operator, person, {}, ids_of(operator)[:1])


def test_an_edit_and_its_undo_say_nothing_of_what_the_last_sheet_missed(operator, person):
    Rig.objects.of(operator).update(is_missing=True)
    edit = applied(operator, person, {"notes": "Asked the site."})
    assert set(Rig.objects.of(operator).values_list("is_missing", "notes")) == {(True, "Asked the site.")}
    take_back_edit(edit=edit, at=NOW, by=person)
    assert set(Rig.objects.of(operator).values_list("is_missing", flat=True)) == {True}


@pytest.mark.parametrize("is_of_the_edit", [False, True])
def test_others_hold_up_an_edit_only_where_they_change_its_own_rigs(
    operator, person, monkeypatch, is_of_the_edit
):
    mine, others = ids_of(operator)[:4], ids_of(operator)[4:]
    told = edit_rigs._tell

    def meanwhile(edit, stage, done, total):
        if stage == "writing":  # between the comparison and the writing, each time
            changed = mine[:1] if is_of_the_edit else others[:1]
            correct_rigs(operator=operator, rig_ids=changed, values={"notes": "fan"}, at=NOW, by=person)
        told(edit, stage, done, total)

    monkeypatch.setattr(edit_rigs, "_tell", meanwhile)
    edit = applied(operator, person, {"rack": "R9"}, mine)
    notes = Rig.objects.get(pk=(mine if is_of_the_edit else others)[0]).notes
    racks = set(Rig.objects.filter(pk__in=mine).values_list("rack", flat=True))
    if is_of_the_edit:
        assert (edit.state, "changed since the preview" in edit.refusal) == (EditState.CHECKED, True)
        assert "R9" not in racks
    else:
        assert (edit.state, racks) == (EditState.APPLIED, {"R9"})
    assert notes == "fan"


def renamed(operator, person, site, name):
    """The site is called otherwise from now on, and another one has its name."""
    old = site.name
    change_site(site=site, said={"name": name}, at=NOW, by=person)
    register_site(operator=operator, said={"name": old}, at=NOW, by=person)


def test_an_undo_brings_rigs_back_to_their_site_whatever_it_is_called_by_now(operator, person, tmp_path):
    site = Site.objects.get(operator=operator)
    edit = applied(operator, person, {"site": "Elsewhere"}, ids_of(operator)[:3])
    told = a_fleet(tmp_path, operator, [a_row(number, site="Elsewhere") for number in range(4, 7)])
    renamed(operator, person, site, "Rockdale West")
    assert take_back_edit(edit=edit, at=NOW, by=person).undo_report["reverted"] == 3
    assert undo_upload(told["upload"], at=NOW, by=person)["reverted"] == 3
    assert set(Rig.objects.values_list("site", flat=True)) == {site.pk}


def test_rigs_whose_former_site_is_on_record_by_a_name_that_none_has_stay_and_are_named(operator, person):
    site = Site.objects.get(operator=operator)
    edit = applied(operator, person, {"site": "Elsewhere"}, ids_of(operator)[:2])
    RigChange.objects.update(site_before=None)  # as before the site was kept
    change_site(site=site, said={"name": "Rockdale West"}, at=NOW, by=person)
    report = take_back_edit(edit=edit, at=NOW, by=person).undo_report
    assert (report["reverted"], len(report["impossible"])) == (0, 2)
    assert Rig.objects.filter(site__name="Elsewhere").count() == 2
