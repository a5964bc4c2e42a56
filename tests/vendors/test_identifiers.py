"""Identifiers: how each system's are written, compared and checked, and how a vendor is found by any of them."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tests.console.visitors import an_operator
from tests.vendors.records import a_vendor, said_of
from vendors.catalogue.identifiers import has_lei_check_digits, identifier_key
from vendors.models import VendorIdentifier
from vendors.selectors import vendors_found

# LEIs in public use: Apple Inc., Bloomberg Finance L.P.
APPLE, BLOOMBERG = "HWUPKR0MPOU8FGXBT394", "5493001KJTIIGC8Y1R12"


@pytest.mark.parametrize("lei", [APPLE, BLOOMBERG])
def test_an_lei_in_use_has_the_check_digits_of_iso_17442(lei):
    assert has_lei_check_digits(lei)
    assert identifier_key("lei", f" {lei[:4]} {lei[4:].lower()} ") == lei


@given(st.integers(0, 19), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_one_wrong_sign_makes_an_lei_none(place, sign):
    wrong = BLOOMBERG[:place] + sign + BLOOMBERG[place + 1 :]
    assert (wrong == BLOOMBERG) == (wrong[18:].isdigit() and has_lei_check_digits(wrong))


@given(st.integers(0, 17))
def test_two_neighbours_of_an_lei_in_the_wrong_order_make_it_none(place):
    signs = list(BLOOMBERG)
    signs[place], signs[place + 1] = signs[place + 1], signs[place]
    assert "".join(signs) == BLOOMBERG or not has_lei_check_digits("".join(signs))


@pytest.mark.parametrize(
    ("system", "text", "complaint"),
    [
        ("lei", BLOOMBERG[:-1] + "3", "its check digits are wrong"),
        ("lei", BLOOMBERG[:-1], "it has 20 letters and digits"),
        ("duns", "12-345-678", "it has 9 digits"),
        ("duns", "12345678X", "it has 9 digits"),
        ("website", "not a website", "write it like example.com"),
        ("cik", "12345678901", "at most 10 digits"),
    ],
)
def test_an_identifier_that_is_none_is_refused_with_what_would_be_right(system, text, complaint):
    with pytest.raises(ValueError, match=complaint):
        identifier_key(system, text)


@pytest.mark.parametrize(
    ("system", "one", "other"),
    [
        ("duns", "12-345-6789", "123456789"),
        ("registration", "91110108MA-01 KP", "91110108ma01kp"),
        ("website", "https://www.Canaan.io/investors?x=1", "canaan.io"),
        ("cik", "CIK 1780652", "0001780652"),
        ("erp", " V-0042 ", "v-0042"),
    ],
)
def test_two_writings_of_one_identifier_are_one(system, one, other):
    assert identifier_key(system, one) == identifier_key(system, other)


pytest_db = pytest.mark.usefixtures("db")


@pytest_db
def test_a_vendor_is_found_by_any_identifier_and_by_any_name():
    vendor = a_vendor("Acme Rigs")
    said_of(vendor, "identifiers", system="lei", value=APPLE)
    said_of(vendor, "identifiers", system="registration", value="9144-0300 X", country="CN")
    said_of(vendor, "names", name="阿克梅矿机", kind="legal name", script="Hans", language="zh")
    for text in (APPLE.lower(), "91440300X", "阿克梅", "acme"):
        assert list(vendors_found(text, operator=None)) == [vendor], text
    assert not vendors_found(BLOOMBERG, operator=None)


@pytest_db
def test_an_identifier_of_the_register_means_one_vendor():
    said_of(a_vendor("Acme Rigs"), "identifiers", system="lei", value=APPLE)
    with pytest.raises(ValidationError, match="is that of Acme Rigs already"):
        said_of(a_vendor("Acme Rigs Trading"), "identifiers", system="lei", value=APPLE.lower())
    said_of(a_vendor("One"), "identifiers", system="tax", value="123", country="CN")
    said_of(a_vendor("Two"), "identifiers", system="tax", value="123", country="MY")


@pytest_db
def test_an_erp_id_is_an_operators_own_and_no_other_finds_or_misses_it():
    ours, theirs = an_operator("aspen", "Aspen"), an_operator("birch", "Birch")
    one, two = a_vendor("Acme Rigs"), a_vendor("Other Rigs")
    said_of(one, "identifiers", operator=ours, system="erp", value="V-42")
    said_of(two, "identifiers", operator=theirs, system="erp", value="V-42")
    assert list(vendors_found("v-42", operator=ours)) == [one]
    assert list(vendors_found("v-42", operator=theirs)) == [two]
    assert not vendors_found("v-42", operator=None)
    with pytest.raises(ValidationError, match="is an operator's own"):
        said_of(one, "identifiers", system="erp", value="V-43")


@pytest_db
def test_a_registration_number_needs_its_country():
    with pytest.raises(ValidationError, match="say of which"):
        said_of(a_vendor("Acme Rigs"), "identifiers", system="registration", value="123")
    assert not VendorIdentifier.objects.filter(key="123").exists()
