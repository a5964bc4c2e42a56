"""Private vendors: a manager keeps them, nobody else sees them, and the shared register stays the platform's."""

from __future__ import annotations

import pytest

from ledger.models import AuditEntry
from tests.console.visitors import a_member, an_admin, an_operator, signed_in
from vendors.models import Vendor

pytestmark = pytest.mark.usefixtures("shipped")

NO_STATEMENTS = {
    f"{prefix}-{count}": "0"
    for prefix in ("aliases", "ties", "assembly_sites", "contested_origins", "statements")
    for count in ("TOTAL_FORMS", "INITIAL_FORMS")
}


def keep(client, operator, name="Rockdale Repairs"):
    told = {"name": name, "slug": name.lower().replace(" ", "-"), "operator": operator.pk if operator else ""}
    told["status"] = "active"
    return client.post("/vendors/vendor/add/", told | NO_STATEMENTS)


def test_a_manager_keeps_a_vendor_that_only_the_own_operator_sees():
    ours, theirs = an_operator(), an_operator("other", "Other")
    manager, stranger = signed_in(a_member(ours)), signed_in(a_member(theirs, username="bob"))
    assert keep(manager, ours).status_code == 302
    vendor = Vendor.objects.get(name="Rockdale Repairs")
    assert vendor.operator == ours
    assert AuditEntry.objects.filter(deed="vendor registered", operator_id=ours.pk).exists()
    page = f"/vendors/vendor/{vendor.pk}/change/"
    assert manager.get(page).status_code == 200
    assert stranger.get(page).status_code == 302  # it does not exist there: back to the list
    assert "Rockdale Repairs" not in stranger.get("/vendors/vendor/?q=Rockdale").content.decode()


def test_a_manager_makes_no_shared_vendor_and_none_for_another_operator():
    ours, theirs = an_operator(), an_operator("other", "Other")
    manager = signed_in(a_member(ours))
    for operator in (None, theirs):
        assert keep(manager, operator).status_code == 200  # the form again, with its complaint
    assert not Vendor.objects.filter(name="Rockdale Repairs").exists()


def test_a_manager_changes_nothing_in_the_shared_register():
    manager = signed_in(a_member(an_operator()))
    bitmain = Vendor.objects.get(name="Bitmain")
    told = {"name": "Bitman", "slug": "bitmain"} | NO_STATEMENTS
    assert manager.post(f"/vendors/vendor/{bitmain.pk}/change/", told).status_code == 403
    assert Vendor.objects.filter(name="Bitmain").exists()


def test_platform_staff_keep_the_shared_register():
    assert keep(signed_in(an_admin()), None, name="New Maker").status_code == 302
    assert Vendor.objects.shared().filter(name="New Maker").exists()
