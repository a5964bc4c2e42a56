"""Records of vendors: who changes them, what the history keeps, and who is told that something reads differently."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from ledger.models import AuditEntry
from tests.console.visitors import a_person, an_operator
from tests.database import NOW
from tests.vendors.records import WHY, a_document, a_vendor, said_of
from vendors.models import Ownership, Vendor, VendorAlias, VendorDocument
from vendors.selectors import vendor_facts
from vendors.services import (
    change_on_record,
    change_vendor,
    load_register,
    remove_from_record,
    withdraw_document,
)
from vendors.signals import vendors_changed

pytestmark = pytest.mark.usefixtures("shipped")


@contextmanager
def told():
    """The vendors whose change was told meanwhile."""
    heard = []

    def hear(vendor_ids, **_):
        heard.extend(vendor_ids)

    vendors_changed.connect(hear)
    try:
        yield heard
    finally:
        vendors_changed.disconnect(hear)


def history(vendor):
    """The deeds on record, oldest first."""
    return list(AuditEntry.objects.filter(subject=f"vendor {vendor.pk}").order_by("pk"))


def test_every_change_is_in_the_history_with_who_when_why_and_what_it_was():
    ann = a_person()
    vendor = a_vendor(by=ann)
    name = said_of(vendor, "names", name="Acme Mining", kind="brand")
    change_on_record(
        kind="names", row=name, said={"name": "Acme Miner"}, operator=None, why="misspelt", by=ann
    )
    change_vendor(vendor=vendor, operator=None, why="left", by=ann, status="off-boarded")
    remove_from_record(kind="names", row=name, operator=None, why="not theirs", by=ann)
    deeds = history(vendor)
    assert [each.deed for each in deeds] == [
        "vendor registered",
        "name added",
        "name changed",
        "vendor changed",
        "name removed",
    ]
    assert deeds[2].detail["changed"] == {"name": ["Acme Mining", "Acme Miner"]}
    assert (deeds[2].by, deeds[2].detail["why"]) == (ann, "misspelt")
    assert deeds[3].detail["changed"] == {"status": ["active", "off-boarded"]}
    assert deeds[4].detail["said"]["name"] == "Acme Miner"


def test_a_change_without_a_reason_is_refused_and_leaves_nothing():
    vendor = a_vendor()
    with pytest.raises(ValidationError) as refused:
        change_vendor(vendor=vendor, operator=None, why=" ", home_country="ZZ")
    assert set(refused.value.message_dict) == {"why", "home_country"}
    assert len(history(vendor)) == 1


def test_the_same_values_again_change_nothing():
    vendor = a_vendor(home_country="MY")
    assert not change_vendor(vendor=vendor, operator=None, why="again", home_country="MY")
    assert len(history(vendor)) == 1


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("names", {"name": "Acme Holdings", "kind": "legal name"}),
        ("ties", {"other_party": "Owner Ltd", "kind": "owner", "relation": "holder", "share_low": 30}),
        ("contested", {"country": "CN", "first_date": date(2024, 1, 1), "source": "a page"}),
        ("identifiers", {"system": "duns", "value": "123456789"}),
    ],
)
def test_who_screens_or_assesses_is_told_of_what_they_read(kind, said):
    vendor = a_vendor()
    with told() as heard:
        said_of(vendor, kind, **said)
    assert heard == [vendor.pk]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("contacts", {"name": "Li Wei", "email": "li@acme.example"}),
        ("notes", {"text": "Slow to answer."}),
        ("addresses", {"kind": "head office", "lines": "1 Road", "country": "MY"}),
        ("roles", {"role": "host"}),
        ("sites", {"country": "MY", "source": "a page"}),
        ("names", {"name": "AcmePool", "kind": "product"}),
        ("ties", {"other_party": "Client Inc", "kind": "customer", "relation": "buys"}),
    ],
)
def test_nobody_is_told_of_what_they_do_not_read(kind, said):
    vendor = a_vendor()
    with told() as heard:
        said_of(vendor, kind, **said)
        change_vendor(vendor=vendor, operator=None, why="looked at", status="under review")
    assert heard == []


def test_what_an_operator_keeps_beside_a_vendor_is_seen_by_it_alone_and_moves_nobodys_exposure():
    ours, theirs = an_operator("aspen", "Aspen"), an_operator("birch", "Birch")
    bitmain = Vendor.objects.get(slug="bitmain")
    before = vendor_facts([bitmain.pk])
    with told() as heard:
        said_of(bitmain, "identifiers", operator=ours, system="lei", value="5493001KJTIIGC8Y1R12")
        said_of(bitmain, "contacts", operator=ours, name="Li Wei")
        said_of(bitmain, "notes", operator=ours, text="Slow to answer.")
        a_document(bitmain, operator=ours)
    assert heard == []
    assert vendor_facts([bitmain.pk]) == before
    for rows in (bitmain.identifiers, bitmain.contacts, bitmain.notes, bitmain.documents):
        assert rows.visible_to(ours).filter(operator=ours).count() == 1
        assert not rows.visible_to(theirs).exists()
        assert not rows.visible_to(None).exists()


@pytest.mark.parametrize("kind", ["names", "ties", "sites", "contested", "roles", "addresses", "statements"])
def test_an_operator_adds_no_fact_to_the_register(kind):
    with pytest.raises(ValidationError) as refused:
        said_of(Vendor.objects.get(slug="bitmain"), kind, operator=an_operator())
    assert refused.value.code == "record_of_others"


def test_an_operator_changes_neither_the_platforms_contact_nor_another_operators():
    ours, theirs = an_operator("aspen", "Aspen"), an_operator("birch", "Birch")
    bitmain = Vendor.objects.get(slug="bitmain")
    for keeper in (None, theirs):
        row = said_of(bitmain, "contacts", operator=keeper, name="Li Wei")
        with pytest.raises(ValidationError, match="not yours"):
            change_on_record(kind="contacts", row=row, said={"name": "X"}, operator=ours, why="mine")


def test_a_private_vendor_is_its_operators_and_not_the_platforms():
    ours, theirs = an_operator("aspen", "Aspen"), an_operator("birch", "Birch")
    vendor = a_vendor("Our Broker", operator=ours)
    said_of(vendor, "names", operator=ours, name="Broker LLC", kind="legal name")
    for keeper in (None, theirs):
        with pytest.raises(ValidationError, match="cannot change it"):
            change_vendor(vendor=vendor, operator=keeper, why="mine", status="off-boarded")
    assert vendor not in Vendor.objects.visible_to(theirs)
    assert vendor not in Vendor.objects.visible_to(None)
    assert vendor in Vendor.objects.visible_to(ours)


def test_two_vendors_of_one_slug_are_refused_in_one_keeping_and_stand_in_two():
    a_vendor("Acme Rigs")
    with pytest.raises(ValidationError, match="already"):
        a_vendor("ACME rigs")
    a_vendor("Acme Rigs", operator=an_operator())


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [(37, 37, "37 %"), ("30.5", 50, "30.5 to 50 %"), (30, None, "30 to 100 %"), (None, None, "not known")],
)
def test_a_share_is_told_from_its_low_to_its_high_bound(low, high, shown):
    said = {"other_party": "Owner", "kind": "owner", "relation": "holder"}
    tie = said_of(a_vendor(), "ties", **said, share_low=low, share_high=high)
    tie.refresh_from_db()
    assert tie.share == shown
    assert tie.holding().is_known == (shown != "not known")


def test_a_share_whose_low_bound_is_over_its_high_one_is_refused_beside_the_field():
    said = {"other_party": "Owner", "kind": "owner", "relation": "holder"}
    with pytest.raises(ValidationError) as refused:
        said_of(a_vendor(), "ties", **said, share_low=50, share_high=30)
    assert set(refused.value.message_dict) == {"share_high"}


def test_a_period_is_read_into_its_days_and_one_that_ends_before_it_begins_is_refused():
    vendor = a_vendor()
    name = said_of(vendor, "names", name="Old Acme", kind="former name", since="2019", through="2020-02")
    assert (name.first_date, name.through_date) == (date(2019, 1, 1), date(2020, 2, 29))
    with pytest.raises(ValidationError, match="ends before it begins"):
        said_of(vendor, "names", name="Acme 2", kind="former name", since="2021", through="2020")


def test_what_people_changed_stays_when_the_shipped_files_are_loaded_again():
    bitmain = Vendor.objects.get(slug="bitmain")
    change_vendor(vendor=bitmain, operator=None, why="moved", home_country="SG")
    alias = VendorAlias.objects.filter(vendor=bitmain, is_shipped=True).first()
    change_on_record(kind="names", row=alias, said={"since": "2014"}, operator=None, why="found")
    added = said_of(bitmain, "names", name="Bitmain Georgia", kind="legal name")
    loaded = load_register()
    assert not any(each.added or each.changed or each.removed for each in loaded.values())
    bitmain.refresh_from_db()
    alias.refresh_from_db()
    assert (bitmain.home_country, alias.since) == ("SG", "2014")
    assert VendorAlias.objects.filter(pk=added.pk).exists()


def test_a_fact_that_came_with_the_product_is_changed_or_ended_but_not_removed():
    alias = VendorAlias.objects.filter(is_shipped=True).first()
    with pytest.raises(ValidationError, match="came with the product"):
        remove_from_record(kind="names", row=alias, operator=None, why="wrong")


def test_a_document_is_kept_under_a_random_name_and_told_by_its_content():
    vendor = a_vendor()
    paper = a_document(vendor, file_name="../../Weekly report.PDF")
    assert paper.file.name.startswith("vendor-documents/register/")
    assert "report" not in paper.file.name
    assert len(paper.sha256) == 64
    for name, content, complaint in (
        ("page.html", b"<script>", "is not kept"),
        ("paper.pdf", b"MZ\x90 program", "not that of a pdf"),
        ("list.csv", b"a,b\0", "not that of a csv"),
        ("paper.pdf", b"", "is empty"),
    ):
        with pytest.raises(ValidationError, match=complaint):
            a_document(vendor, file_name=name, content=content)
    assert VendorDocument.objects.filter(vendor=vendor).count() == 1


def test_a_document_that_expires_before_it_is_issued_is_refused_and_its_file_not_kept():
    with pytest.raises(ValidationError, match="expires before"):
        a_document(a_vendor(), issued_on=date(2026, 1, 2), expires_on=date(2026, 1, 1))


def test_a_document_is_withdrawn_with_a_reason_once():
    paper = a_document(a_vendor())
    with pytest.raises(ValidationError):
        withdraw_document(document=paper, operator=None, because="", at=NOW)
    withdraw_document(document=paper, operator=None, because="forged", at=NOW)
    assert paper.withdrawn_because == "forged"
    with pytest.raises(ValidationError, match="already"):
        withdraw_document(document=paper, operator=None, because=WHY, at=NOW)


def test_a_tie_rests_on_a_document_that_is_on_file():
    vendor = a_vendor()
    paper = a_document(vendor, kind="ownership", title="Shareholder list")
    tie = said_of(vendor, "ties", other_party="Owner", kind="owner", relation="holder", document=paper)
    assert Ownership.objects.get(pk=tie.pk).document == paper
