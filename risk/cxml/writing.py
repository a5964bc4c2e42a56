"""Answers in cXML: a Status, and the verdict with what it rests on in Extrinsics, of the order and of each item."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

DOCTYPE = '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.060/cXML.dtd">'
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
TEXTS = {200: "OK", 201: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}
TEXTS |= {409: "Conflict", 413: "Request Too Large", 415: "Unsupported Media Type", 422: "Unprocessable"}
TEXTS |= {429: "Too Many Requests", 500: "Internal Server Error"}


def refusal(status: int, code: str, sentence: str, *, at: datetime) -> str:
    """A document that says why nothing was done; `code` is the stable one."""
    root, response = _response(status, sentence, at=at, about=code)
    _extrinsic(response, "code", code)
    return _document(root)


def answer(told: dict[str, Any], *, at: datetime, payload_id: str) -> str:
    """A document with the verdict of a check (its JSON) for the order and for each item."""
    sentence = _why(told) or "No limit stands against this order."
    root, response = _response(200, sentence, at=at, about=f"{payload_id} {told['id']}")
    for name, value in _of_order(told):
        _extrinsic(response, name, value)
    for line in told["lines"]:
        item = _extrinsic(response, "item", None)
        for name, value in _of_item(line):
            _extrinsic(item, name, value)
    return _document(root)


def _of_order(told: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    totals = told["totals"]
    return (
        ("verdict", told["verdict"]),
        ("decidedBy", told["decided_by"]["limit"] if told["decided_by"] else None),
        ("checkID", told["id"]),
        ("digest", told["rests_on"]["digest"]),
        ("sanctionLevel", told["sanction"]["level"]),
        ("totalDuty", totals["total_duty"]),
        ("totalFees", totals["total_fees"]),
        ("landedCost", totals["landed_cost"]),
        ("exposedShareBefore", told["exposure"]["before"]["exposed"]["any"]["share_of_units"]),
        ("exposedShareAfter", told["exposure"]["after"]["exposed"]["any"]["share_of_units"]),
    )


def _of_item(line: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    return (
        ("lineNumber", line["reference"] or str(line["line"] + 1)),
        ("verdict", line["verdict"]),
        ("reason", _why(line)),
        ("state", line["state"]),
        ("countryOfOrigin", line["origin"]),
        ("countryOfAssembly", line["facts"]["country_of_assembly"]),
        ("model", line["model"]["model"] or line["model"]["sentence"]),
        ("vendor", line["vendor"]["name"] or line["vendor"]["sentence"]),
        ("sanctionLevel", line["sanction"]["level"]),
        ("band", line["band"]),
        ("additionalRatePercent", line["additional_rate_percent"]),
        ("totalDuty", line["total_duty"]),
        ("fees", line["fees"]),
        ("landedUnitCost", line["landed_unit_cost"]),
    )


def _why(told: dict[str, Any]) -> str:
    return str(told["decided_by"]["sentence"]) if told["decided_by"] else ""


def _response(status: int, sentence: str, *, at: datetime, about: str) -> tuple[Element, Element]:
    digest = hashlib.sha256(f"{at.isoformat()} {about}".encode()).hexdigest()[:24]
    root = Element(
        "cXML", {"payloadID": f"{digest}@checks", "timestamp": at.isoformat(), "xml:lang": "en-US"}
    )
    response = SubElement(root, "Response")
    SubElement(response, "Status", {"code": str(status), "text": TEXTS.get(status, "Refused")}).text = _clean(
        sentence
    )
    return root, response


def _extrinsic(place: Element, name: str, value: Any) -> Element:
    """One more Extrinsic; one that is not known is empty, never 0."""
    extrinsic = SubElement(place, "Extrinsic", {"name": name})
    if value is not None:
        extrinsic.text = _clean(str(value))
    return extrinsic


def _clean(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(each for each in text if each in "\t\n\r" or (each >= " " and each not in "\ufffe\uffff"))


def _document(root: Element) -> str:
    return f"{DECLARATION}\n{DOCTYPE}\n{tostring(root, encoding='unicode')}\n"
