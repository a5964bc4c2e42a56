"""Two records of one vendor become one: what moves, what stays, who may, and that no trace is lost."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from fleet.flows.load_catalogue import load_catalogue
from fleet.models import Lot, Operator, RigModel
from ledger.models import AuditEntry
from risk.flows.fleet_as_held import fleet_as_held
from risk.models import Assessment
from tests.commands import answer_of
from tests.console.visitors import a_fleet, an_operator
from tests.database import NOW
from tests.sheets import a_row
from tests.vendors.records import WHY, a_document, a_vendor, said_of
from vendors.flows.merge_vendors import planned_merge
from vendors.models import Vendor, VendorAlias
from vendors.selectors import vendors_found, vendors_named
from vendors.services import load_register, merge_vendors
from vendors.signals import vendors_merged

pytestmark = pytest.mark.usefixtures("shipped")


def merged(one, other, operator=None):
    """The first merged into the second."""
    return merge_vendors(merged=one, into=other, operator=operator, why=WHY)


def a_full_record(name):
    """A vendor with a fact of nearly every kind."""
    vendor = a_vendor(name, home_country="MY")
    said_of(vendor, "names", name=f"{name} Sdn Bhd", kind="legal name")
    said_of(vendor, "identifiers", system="website", value=f"{vendor.slug}.example")
    said_of(vendor, "ties", other_party="Owner Ltd", kind="owner", relation="holder", share_low=30)
    said_of(vendor, "sites", country="MY", source="a page")
    said_of(vendor, "statements", kind="event", told="was fined", source="a page")
    said_of(vendor, "roles", role="maker")
    a_document(vendor)
    return vendor


def test_everything_that_points_at_the_merged_record_points_at_the_other_and_is_counted():
    one, other = a_full_record("Acme Rigs"), a_vendor("Acme Mining Hardware")
    RigModel.objects.create(maker=one, name="Acme A1")
    plan = planned_merge(one, other)
    done = merged(one, other)
    assert done.counts == plan.counts
    assert done.counts == {
        "assembly sites": 1,
        "ownerships": 1,
        "rig models": 1,
        "vendor aliases": 1,
        "vendor documents": 1,
        "vendor identifiers": 1,
        "vendor roles": 1,
        "vendor statements": 1,
    }
    assert RigModel.objects.get(name="Acme A1").maker == other
    assert {"Acme Rigs", "Acme Rigs Sdn Bhd"} == set(other.aliases.values_list("name", flat=True))
    other.refresh_from_db()
    assert other.home_country == "MY"


def test_a_preview_writes_nothing():
    one, other = a_full_record("Acme Rigs"), a_vendor("Acme Mining Hardware")
    assert "1 vendor document" in planned_merge(one, other).sentence
    one.refresh_from_db()
    assert one.merged_into is None
    assert one.aliases.count() == 1
    assert not AuditEntry.objects.filter(deed="vendors merged").exists()


def test_the_merged_record_stays_as_a_tombstone_that_leads_to_the_other_through_any_number_of_merges():
    one, two, three = a_vendor("One Rigs"), a_vendor("Two Rigs"), a_vendor("Three Rigs")
    merged(one, two)
    merged(two, three)
    one = Vendor.objects.get(slug="one-rigs")
    assert one.survivor == three
    assert list(vendors_named("One Rigs")) == [three]
    assert list(vendors_found("one rigs", operator=None)) == [three]
    assert one not in Vendor.objects.standing()


def test_both_histories_say_what_moved_and_why():
    one, other = a_full_record("Acme Rigs"), a_vendor("Acme Mining Hardware")
    merged(one, other)
    for vendor in (one, other):
        entry = AuditEntry.objects.get(subject=f"vendor {vendor.pk}", deed="vendors merged")
        assert entry.detail["moved"]["vendor aliases"] == 1
        assert (entry.detail["from_id"], entry.detail["into_id"]) == (one.pk, other.pk)
        assert entry.detail["why"] == WHY


def test_of_two_rows_that_say_the_same_the_merged_record_keeps_its_own():
    one, other = a_vendor("Acme Rigs"), a_vendor("Acme Mining Hardware")
    for vendor in (one, other):
        said_of(vendor, "names", name="Acme", kind="brand")
        said_of(vendor, "roles", role="host")
    done = merged(one, other)
    assert done.stays == {"vendor aliases": 1, "vendor roles": 1}
    assert VendorAlias.objects.filter(name="Acme").count() == 2
    assert "stayed" in done.sentence


def test_two_makers_of_a_model_of_one_name_are_not_merged_before_that_is_settled():
    one, other = a_vendor("Acme Rigs"), a_vendor("Acme Mining Hardware")
    for vendor in (one, other):
        RigModel.objects.create(maker=vendor, name="Acme A1")
    with pytest.raises(ValidationError, match="Both vendors have the same rig models"):
        merged(one, other)


def test_the_lots_of_the_merged_maker_are_owed_an_assessment_and_name_the_other(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1)])
    fleet_as_held(operator)
    version = Operator.objects.get(pk=operator.pk).fleet_version
    bitmain, other = Vendor.objects.get(slug="bitmain"), a_vendor("Bitmain Technologies Group")
    merged(bitmain, other)
    lot = Lot.objects.get(operator=operator)
    assert Assessment.objects.get(lot=lot).cause == "vendor Bitmain merged into Bitmain Technologies Group"
    ((facts, maker_id),) = fleet_as_held(operator).lots.values()
    assert (facts.maker, maker_id) == ("Bitmain Technologies Group", other.pk)
    assert Operator.objects.get(pk=operator.pk).fleet_version == version + 1


def test_loading_the_shipped_files_again_after_a_merge_changes_nothing():
    merged(Vendor.objects.get(slug="bitmain"), a_vendor("Bitmain Technologies Group"))
    for loaded in (load_register(), load_catalogue(at=NOW)):
        assert not any(each.added or each.changed or each.removed for each in loaded.values()), loaded


def test_other_apps_hear_of_the_merge_inside_its_transaction():
    one, other, heard = a_vendor("One Rigs"), a_vendor("Two Rigs"), []

    def hear(from_id, into_id, **_):
        heard.append((from_id, into_id))

    vendors_merged.connect(hear)
    try:
        merged(one, other)
    finally:
        vendors_merged.disconnect(hear)
    assert heard == [(one.pk, other.pk)]


def test_a_private_record_takes_in_no_record_of_the_register_nor_of_another_operator():
    ours, theirs = an_operator("aspen", "Aspen"), an_operator("birch", "Birch")
    private = a_vendor("Our Broker", operator=ours)
    for other, keeper in (
        (Vendor.objects.get(slug="bitmain"), None),
        (a_vendor("X", operator=theirs), theirs),
    ):
        with pytest.raises(ValidationError):
            merged(other, private, operator=keeper)
        with pytest.raises(ValidationError):
            planned_merge(other, private)


def test_a_private_record_merged_into_the_register_takes_along_only_what_is_its_operators_own():
    ours = an_operator()
    private, bitmain = a_vendor("Our Bitmain", operator=ours), Vendor.objects.get(slug="bitmain")
    said_of(private, "names", operator=ours, name="Listed Party LLC", kind="legal name")
    said_of(private, "notes", operator=ours, text="Slow to answer.")
    said_of(private, "identifiers", operator=ours, system="erp", value="V-42")
    done = merged(private, bitmain, operator=ours)
    assert done.counts == {"vendor identifiers": 1, "vendor notes": 1}
    assert done.stays == {"vendor aliases": 1}
    assert not bitmain.aliases.filter(name__in=["Listed Party LLC", "Our Bitmain"]).exists()
    assert not Assessment.objects.exists()
    assert list(vendors_found("v-42", operator=ours)) == [bitmain]
    assert not vendors_found("v-42", operator=None)


def test_a_record_is_not_merged_into_itself_nor_twice():
    one, other = a_vendor("One Rigs"), a_vendor("Two Rigs")
    with pytest.raises(ValidationError, match="into itself"):
        merged(one, one)
    merged(one, other)
    with pytest.raises(ValidationError, match="already"):
        merged(Vendor.objects.get(pk=one.pk), a_vendor("Three Rigs"))


def test_the_command_previews_and_then_merges():
    a_full_record("Acme Rigs"), a_vendor("Acme Mining Hardware")
    arguments = ("acme-rigs", "acme-mining-hardware", "--why", "one company")
    preview = answer_of("merge_vendors", *arguments, "--dry-run")
    assert (preview["done"], preview["moved"]["vendor roles"]) == (False, 1)
    done = answer_of("merge_vendors", *arguments)
    assert (done["done"], done["moved"]) == (True, preview["moved"])
    assert Vendor.objects.get(slug="acme-rigs").survivor.slug == "acme-mining-hardware"
