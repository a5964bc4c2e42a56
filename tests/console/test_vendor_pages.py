"""Pages of vendors: found, read, changed with a reason, merged; and what an operator keeps is seen by it alone."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fleet.models.operator import OperatorRole, PlatformRole
from ledger.models import AuditEntry
from tests.console.visitors import a_fleet, a_member, a_person, an_admin, an_operator, signed_in
from tests.sheets import a_row
from tests.vendors.records import a_document, a_vendor, said_of
from vendors.models import Vendor, VendorAlias, VendorContact, VendorDocument

pytestmark = pytest.mark.usefixtures("shipped")

LEI = "5493001KJTIIGC8Y1R12"


def bitmain():
    return Vendor.objects.get(slug="bitmain")


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


@pytest.fixture
def two():
    """Two operators, a manager of each who has signed in."""
    ours, theirs = an_operator("aspen", "Aspen"), an_operator("birch", "Birch")
    return ours, signed_in(a_member(ours)), theirs, signed_in(a_member(theirs, username="bob"))


def test_the_list_finds_a_vendor_by_name_alias_and_identifier():
    said_of(bitmain(), "identifiers", system="lei", value=LEI)
    client = signed_in(a_member(an_operator()))
    for asked in ("bitm", "深圳", LEI.lower()):
        found = page(client, f"/vendors/?q={asked}")
        assert ("MicroBT</a>" if asked == "深圳" else "Bitmain</a>") in found
        assert "Canaan</a>" not in found
    assert "No vendor fits" in page(client, "/vendors/?q=nobody")
    assert "Sophgo</a>" in page(client, "/vendors/?role=chip+designer")


def test_a_record_shows_every_fact_with_its_source_and_the_picture_with_its_table():
    html = page(signed_in(a_member(an_operator())), f"/vendors/{bitmain().pk}/")
    for told in ("Bitmain Technologies Ltd.", "English Wikipedia", "Micree Zhan", "37 %", "since 2018"):
        assert told in html
    assert '<svg class="ownership"' in html
    assert "Who owns whom" in html
    assert "In the fleet of" not in html  # it holds no rig


def test_the_record_of_a_maker_in_the_fleet_has_its_scorecard(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1)])
    a_document(bitmain(), operator=operator, expires_on=date(2024, 1, 1))
    html = page(signed_in(a_member(operator)), f"/vendors/{bitmain().pk}/")
    assert f"In the fleet of {operator.name}" in html
    assert "Were it blocked on" in html
    assert "Documents about the vendor: 1 expired" in html


def test_a_slug_leads_to_its_record_and_that_of_a_merged_one_to_the_other():
    client = signed_in(an_admin())
    one, other = a_vendor("One Rigs"), a_vendor("Two Rigs")
    assert "See what would move to Two Rigs" in page(client, f"/vendors/{one.pk}/merge/?q=two")
    assert "becomes a name of Two Rigs" in page(client, f"/vendors/{one.pk}/merge/?into={other.pk}")
    refused = client.post(f"/vendors/{one.pk}/merge/", {"into": other.pk, "why": ""})
    assert refused.status_code == 400
    assert "Say why" in refused.content.decode()
    done = client.post(f"/vendors/{one.pk}/merge/", {"into": other.pk, "why": "one company"}, follow=True)
    assert done.redirect_chain == [(f"/vendors/{other.pk}/", 302)]
    assert "One Rigs was merged into Two Rigs" in done.content.decode()
    for address in (f"/vendors/{one.pk}/", "/vendors/named/one-rigs/"):
        assert client.get(address, follow=True).redirect_chain[-1][0] == f"/vendors/{other.pk}/"


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_written():
    client, vendor = signed_in(an_admin()), bitmain()
    address = f"/vendors/{vendor.pk}/identifiers/add/"
    answer = client.post(address, {"system": "lei", "value": LEI[:-1] + "3", "country": "XX", "why": ""})
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "Say why, for the history." in html
    answer = client.post(address, {"system": "lei", "value": LEI[:-1] + "3", "why": "found"})
    beside = re.search(r'id="about-value".*?</p>', answer.content.decode(), re.S)[0]
    assert "check digits are wrong" in beside
    assert not vendor.identifiers.exists()


def test_a_fact_is_added_changed_and_removed_with_its_reason_in_the_history():
    client, vendor = signed_in(an_admin()), a_vendor()
    base = f"/vendors/{vendor.pk}/names/"
    said = {"name": "Acme Mining", "kind": "brand", "why": "seen on a box", "source": "a box"}
    client.post(f"{base}add/", said)
    alias = VendorAlias.objects.get(vendor=vendor)
    client.post(f"{base}{alias.pk}/", said | {"name": "Acme Miner", "why": "misread"})
    html = page(client, f"/vendors/{vendor.pk}/")
    assert "name: Acme Mining → Acme Miner" in html
    assert "misread" in html
    client.post(f"{base}{alias.pk}/remove/", {"why": "another company's"})
    assert not VendorAlias.objects.filter(vendor=vendor).exists()
    assert AuditEntry.objects.filter(deed="name removed", by__username="root").exists()


def test_a_manager_registers_a_private_vendor_and_changes_no_record_of_the_register(two):
    ours, manager, _, stranger = two
    manager.post("/vendors/new/", {"name": "Our Broker", "status": "active", "why": "new contract"})
    broker = Vendor.objects.get(name="Our Broker")
    assert broker.operator == ours
    assert page(manager, f"/vendors/{broker.pk}/change/")
    page(stranger, f"/vendors/{broker.pk}/", status=404)
    assert "Our Broker" not in page(stranger, "/vendors/?q=broker")
    page(stranger, "/vendors/named/our-broker/", status=404)
    page(signed_in(an_admin()), f"/vendors/{broker.pk}/", status=404)
    for deed in ("change/", "names/add/", "merge/", "ties/add/"):
        page(manager, f"/vendors/{bitmain().pk}/{deed}", status=403)


def test_what_one_operator_keeps_beside_a_vendor_no_other_sees(two):
    ours, manager, _theirs, stranger = two
    base = f"/vendors/{bitmain().pk}"
    manager.post(f"{base}/notes/add/", {"text": "Slow to answer.", "why": "a call"})
    manager.post(f"{base}/contacts/add/", {"name": "Li Wei", "why": "a call"})
    manager.post(f"{base}/identifiers/add/", {"system": "erp", "value": "V-42", "why": "our ERP"})
    file = SimpleUploadedFile("terms.pdf", b"%PDF-1.7 terms")
    manager.post(
        f"{base}/documents/add/", {"title": "Our terms", "kind": "contract", "file": file, "why": "signed"}
    )
    secrets = ("Slow to answer.", "Li Wei", "V-42", "Our terms", "a call")
    told = page(manager, f"{base}/")
    assert all(each in told for each in secrets)
    paper, contact = VendorDocument.objects.get(), VendorContact.objects.get()
    assert paper.operator == ours
    answer = manager.get(f"{base}/documents/{paper.pk}/file/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 terms"
    for other in (stranger, signed_in(an_admin())):
        seen = page(other, f"{base}/")
        assert not [each for each in secrets if each in seen]
        page(other, f"{base}/documents/{paper.pk}/file/", status=404)
        page(other, f"{base}/contacts/{contact.pk}/", status=404)
        assert other.post(f"{base}/contacts/{contact.pk}/remove/", {"why": "x"}).status_code == 404
        assert "Bitmain</a>" not in page(other, "/vendors/?q=v-42")
    assert VendorContact.objects.filter(pk=contact.pk).exists()


def test_a_viewer_reads_and_changes_nothing():
    operator = an_operator()
    viewer = signed_in(a_member(operator, OperatorRole.VIEWER))
    said_of(bitmain(), "notes", operator=operator, text="Slow to answer.")
    html = page(viewer, f"/vendors/{bitmain().pk}/")
    assert "Slow to answer." in html
    assert "/add/" not in html
    for address in ("/vendors/new/", f"/vendors/{bitmain().pk}/notes/add/"):
        page(viewer, address, status=403)


def test_compliance_changes_records_of_the_register():
    client = signed_in(a_person("cleo", platform_role=PlatformRole.COMPLIANCE))
    said = {"name": "Bitmain", "status": "under review", "home_country": "CN", "why": "a probe"}
    assert client.post(f"/vendors/{bitmain().pk}/change/", said).status_code == 302
    assert bitmain().status == "under review"


def test_a_paper_of_the_register_is_seen_by_all_and_withdrawn_by_the_platform(two):
    _ours, manager, _theirs, _stranger = two
    paper = a_document(bitmain(), title="Register extract")
    assert "Register extract" in page(manager, f"/vendors/{bitmain().pk}/")
    address = f"/vendors/{bitmain().pk}/documents/{paper.pk}/remove/"
    assert manager.post(address, {"why": "mine"}).status_code == 403
    signed_in(an_admin()).post(address, {"why": "outdated"})
    paper.refresh_from_db()
    assert paper.withdrawn_because == "outdated"


@pytest.mark.parametrize(
    "address", ["/vendors/", "/vendors/{pk}/", "/vendors/new/", "/vendors/{pk}/ties/add/"]
)
def test_vendor_pages_allow_no_inline_script_and_no_inline_style(address):
    answer = signed_in(an_admin()).get(address.format(pk=bitmain().pk))
    assert answer.status_code == 200
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert not re.findall(r"<[^>]+\sstyle=|<style|<script(?![^>]+src=)|\son\w+=", answer.content.decode())


def test_a_record_is_read_in_a_number_of_queries_that_does_not_grow_with_its_facts(
    django_assert_max_num_queries,
):
    client, vendor = signed_in(an_admin()), a_vendor()
    for number in range(30):
        said_of(vendor, "names", name=f"Acme {number}", kind="brand")
        said_of(vendor, "notes", text=f"Note {number}")
        said_of(vendor, "ties", other_party=f"Owner {number}", kind="owner", relation="holder", share_low=1)
    with django_assert_max_num_queries(60):
        page(client, f"/vendors/{vendor.pk}/")
