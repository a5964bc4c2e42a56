"""Vendors for programs: read by any name or number, the own ones written, and nobody else's seen."""

from __future__ import annotations

import pytest

from fleet.models.keys import Scope
from ledger.models import AuditEntry
from risk.models import Assessment
from tests.api.programs import a_program
from tests.console.visitors import a_fleet, an_operator
from tests.sheets import a_row
from tests.vendors.records import WHY, a_document, a_vendor, said_of
from vendors.models import Vendor, VendorIdentifier
from vendors.services import merge_vendors

pytestmark = pytest.mark.usefixtures("shipped")

VENDORS = "/api/v1/vendors/"
LEI = "5493001KJTIIGC8Y1R12"
BROKER = {
    "name": "Rockdale Repairs",
    "home_country": "US",
    "roles": ["host", "distributor"],
    "names": [{"name": "Rockdale Repairs LLC", "kind": "legal name", "since": "2021"}],
    "identifiers": [{"system": "erp", "value": "V-42"}, {"system": "lei", "value": LEI.lower()}],
    "addresses": [{"kind": "registered office", "lines": "1 Main Street", "country": "US"}],
    "ties": [
        {
            "other_party": "Holdings",
            "kind": "owner",
            "relation": "holder",
            "share_low": "30",
            "share_high": "50.5",
        }
    ],
    "contacts": [{"name": "Ann", "email": "ann@rockdale.example"}],
    "notes": ["Answers fast."],
    "why": "new contract",
}


@pytest.fixture
def two():
    """The programs of two operators."""
    scopes = (Scope.VENDORS_READ, Scope.VENDORS_WRITE)
    return tuple(a_program(an_operator(slug, slug.title()), *scopes) for slug in ("aspen", "birch"))


def patch(program, pk, body):
    return program.patch(f"{VENDORS}{pk}/", body)


def found(program, **asked):
    return [each["slug"] for each in program.get(VENDORS, data=asked).json()["results"]]


def test_a_vendor_is_registered_with_its_facts_and_only_its_operator_sees_it(two):
    ours, theirs = two
    answer = ours.post(VENDORS, BROKER)
    told = answer.json()
    assert answer.status_code == 201
    assert answer["Location"] == f"{VENDORS}{told['id']}/"
    assert (told["slug"], told["is_private"], told["roles"]) == (
        "rockdale-repairs",
        True,
        ["distributor", "host"],
    )
    assert told["ties"][0]["share_low"] == "30"
    assert told["ties"][0]["share_high"] == "50.5"
    assert told["identifiers"][1]["value"] == LEI.lower()
    for asked in ({"q": "v-42"}, {"q": LEI}, {"q": "repairs llc"}, {"role": "host"}):
        assert found(ours, **asked) == ["rockdale-repairs"]
        assert found(theirs, **asked) == []
    assert theirs.get(f"{VENDORS}{told['id']}/").status_code == 404
    assert patch(theirs, told["id"], {"name": "Mine"}).status_code == 404
    entry = AuditEntry.objects.filter(deed="vendor registered").latest("pk")
    assert entry.detail["why"] == "new contract"
    assert entry.detail["through"].startswith("API key ")


def test_the_same_request_twice_with_one_key_registers_one_vendor(two):
    ours, _ = two
    first, again = (ours.post(VENDORS, BROKER, once="k-1") for _ in range(2))
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert Vendor.objects.filter(slug="rockdale-repairs").count() == 1


def test_one_wrong_fact_refuses_all_and_is_named(two):
    ours, _ = two
    wrong = BROKER | {"identifiers": [{"system": "lei", "value": LEI[:-1] + "3"}]}
    answer = ours.post(VENDORS, wrong)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == "identifiers.0.value"
    assert "check digits" in error["sentence"]
    assert not Vendor.objects.filter(slug="rockdale-repairs").exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [({"nme": "X"}, "nme"), ({}, "name"), ({"name": "X", "names": [{"name": "Y", "knd": "brand"}]}, "names")],
)
def test_a_field_that_is_missing_or_unknown_is_named(two, body, field):
    answer = two[0].post(VENDORS, body)
    assert answer.status_code == 400
    assert any(each["field"].startswith(field) for each in answer.json()["errors"])


def test_a_record_of_the_register_is_read_and_not_written(two):
    ours, _ = two
    bitmain = Vendor.objects.get(slug="bitmain")
    told = ours.get(f"{VENDORS}{bitmain.pk}/").json()
    assert "Micree Zhan" in [tie["other_party"] for tie in told["ties"]]
    assert told["contested"][0]["country"] == "CN"
    for body in (
        {"name": "Bitman"},
        {"names": [{"name": "B", "kind": "brand"}]},
        {"roles": ["host"]},
        {"ties": [{"other_party": "X", "kind": "owner", "relation": "holder"}]},
    ):
        answer = patch(ours, bitmain.pk, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "record_of_others")
    bitmain.refresh_from_db()
    assert bitmain.name == "Bitmain"


def test_what_an_operator_adds_to_a_vendor_of_the_register_is_its_own_and_owes_no_assessment(two, tmp_path):
    ours, theirs = two
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1)])
    bitmain = Vendor.objects.get(slug="bitmain")
    body = {"identifiers": [{"system": "erp", "value": "V-7"}, {"system": "duns", "value": "123456789"}]}
    answer = patch(ours, bitmain.pk, body | {"notes": ["Ours."], "why": "from the ERP"})
    assert answer.status_code == 200
    assert [each["is_private"] for each in answer.json()["identifiers"]] == [True, True]
    seen = theirs.get(f"{VENDORS}{bitmain.pk}/").json()
    assert (seen["identifiers"], seen["notes"]) == ([], [])
    assert found(theirs, q="v-7") == []
    assert not Assessment.objects.exists()


def test_the_own_record_is_changed_and_facts_are_added_beside_those_on_record(two):
    ours, _ = two
    pk = ours.post(VENDORS, BROKER).json()["id"]
    told = patch(ours, pk, {"status": "off-boarded", "roles": ["host", "maker"], "why": "bankrupt"}).json()
    assert told["status"] == "off-boarded"
    assert told["roles"] == ["distributor", "host", "maker"]
    assert len(told["names"]) == 1
    assert AuditEntry.objects.filter(subject=f"vendor {pk}", deed="vendor changed").exists()


def test_documents_are_told_to_whom_they_belong(two):
    ours, _ = two
    bitmain = Vendor.objects.get(slug="bitmain")
    a_document(bitmain, title="For all")
    a_document(bitmain, operator=an_operator("other", "Other"), title="Not for you")
    assert [each["title"] for each in ours.get(f"{VENDORS}{bitmain.pk}/").json()["documents"]] == ["For all"]


def test_a_merged_vendor_says_into_which_and_takes_no_change(two):
    ours, _ = two
    one = ours.post(VENDORS, {"name": "One Rigs"}).json()["id"]
    other = ours.post(VENDORS, {"name": "Two Rigs"}).json()["id"]
    first, second = Vendor.objects.get(pk=one), Vendor.objects.get(pk=other)
    merge_vendors(merged=first, into=second, operator=first.operator, why=WHY)
    assert ours.get(f"{VENDORS}{one}/").json()["merged_into"] == other
    assert found(ours, q="one rigs") == ["two-rigs"]
    answer = patch(ours, one, {"note": "x"})
    assert (answer.status_code, answer.json()["code"]) == (409, "record_merged")


def test_a_key_without_the_scope_is_refused():
    program = a_program(an_operator(), Scope.VENDORS_READ)
    assert program.get(VENDORS).status_code == 200
    assert program.post(VENDORS, BROKER).json()["code"] == "scope_missing"
    assert a_program(an_operator("other", "Other")).get(VENDORS).json()["code"] == "scope_missing"


def test_a_list_is_paged_and_a_filter_that_is_none_is_named(two):
    ours, _ = two
    page = ours.get(f"{VENDORS}?page_size=2").json()
    assert len(page["results"]) == 2
    following = ours.get(page["next"]).json()
    assert not {each["id"] for each in page["results"]} & {each["id"] for each in following["results"]}
    answer = ours.get(f"{VENDORS}?role=wizard")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "role_unknown")


def test_a_list_costs_the_same_queries_however_many_vendors(two, django_assert_max_num_queries):
    ours, _ = two
    for number in range(20):
        said_of(a_vendor(f"Acme {number}"), "identifiers", system="duns", value=f"{number:09}")
    with django_assert_max_num_queries(12):
        assert len(ours.get(VENDORS).json()["results"]) > 20
    assert VendorIdentifier.objects.filter(system="duns").count() == 20


def test_a_change_that_was_decided_on_another_state_is_refused(two):
    ours, _ = two
    pk = ours.post(VENDORS, BROKER).json()["id"]
    address = f"{VENDORS}{pk}/"
    seen = ours.get(address)["ETag"]
    assert ours.get(address, headers={"If-None-Match": seen}).status_code == 304
    assert ours.patch(address, {"notes": ["Ours."]}, tag=None).json()["code"] == "if_match_missing"
    first, late = (ours.patch(address, {"notes": [text]}, tag=seen) for text in ("First.", "Late."))
    assert (first.status_code, late.status_code, late.json()["code"]) == (200, 412, "etag_stale")
    assert first["ETag"] == ours.get(address)["ETag"] != seen
