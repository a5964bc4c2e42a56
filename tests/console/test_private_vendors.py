"""Private vendors: a manager keeps them, nobody else sees them, and the shared register stays the platform's."""

from __future__ import annotations

import pytest

from ledger.models import AuditEntry
from tests.console.visitors import a_member, an_admin, an_operator, signed_in
from vendors.models import Vendor

pytestmark = pytest.mark.usefixtures("shipped")


def keep(client, name="Rockdale Repairs", **said):
    return client.post("/vendors/new/", {"name": name, "status": "active", "why": "new contract", **said})


def test_a_manager_keeps_a_vendor_that_only_the_own_operator_sees():
    ours, theirs = an_operator(), an_operator("other", "Other")
    manager, stranger = signed_in(a_member(ours)), signed_in(a_member(theirs, username="bob"))
    assert keep(manager).status_code == 302
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
    for number, operator in enumerate(("", theirs.pk)):
        keep(manager, name=f"Broker {number}", operator=operator)
        assert Vendor.objects.get(name=f"Broker {number}").operator == ours


def test_nobody_changes_a_record_where_rows_are_only_looked_up():
    bitmain = Vendor.objects.get(name="Bitmain")
    for client in (signed_in(a_member(an_operator())), signed_in(an_admin())):
        page = client.get(f"/vendors/vendor/{bitmain.pk}/change/")
        assert 'name="_save"' not in page.content.decode()
        answer = client.post(f"/vendors/vendor/{bitmain.pk}/change/", {"name": "Bitman", "slug": "bitmain"})
        assert answer.status_code == 403
        assert client.get("/vendors/vendor/add/").status_code == 403
        assert client.post(f"/vendors/vendor/{bitmain.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Vendor.objects.filter(name="Bitmain").exists()


def test_platform_staff_keep_the_shared_register():
    assert keep(signed_in(an_admin()), name="New Maker").status_code == 302
    assert Vendor.objects.shared().filter(name="New Maker").exists()


def test_what_an_operator_does_at_a_vendor_is_no_reading_for_platform_staff():
    ours = an_operator()
    keep(signed_in(a_member(ours)))
    vendor = Vendor.objects.get(name="Rockdale Repairs")
    entry = AuditEntry.objects.get(subject=f"vendor {vendor.pk}")
    root = signed_in(an_admin())
    assert f"vendor {vendor.pk}" not in root.get("/ledger/auditentry/").content.decode()
    assert root.get(f"/ledger/auditentry/{entry.pk}/change/").status_code == 302
