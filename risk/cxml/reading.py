"""A PunchOutOrderMessage or an OrderRequest -> the words of a purchase check, as JSON would say them.

Real documents carry a DOCTYPE that leads to cxml.org. It is let pass, and nothing else of a DTD is: it is never
fetched, and a document that declares entities, or anything of its own in the DOCTYPE, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException, DTDForbidden
from defusedxml.ElementTree import DefusedXMLParser

PUNCHOUT, ORDER = "PunchOutOrderMessage", "OrderRequest"
MOST_ELEMENTS = 100_000
DEEPEST = 64
BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

# What an Extrinsic is called, letters alone and small -> the field of a line.
EXTRINSICS = {
    "model": "model",
    "countryoforigin": "country_of_origin",
    "origin": "country_of_origin",
    "countryofassembly": "country_of_assembly",
    "assemblycountry": "country_of_assembly",
    "hashboardorigin": "hashboard_origin",
    "htscode": "hts_code",
    "hts": "hts_code",
    "htsuscode": "hts_code",
    "importcountry": "import_country",
    "expectedentrydate": "expected_entry_date",
    "transportmode": "transport_mode",
    "loadeddate": "loaded_date",
    "uscontentpercent": "us_content_percent",
    "usmcaclaim": "usmca_claim",
    "importerofrecord": "importer_of_record",
    "site": "site",
    "vendor": "vendor",
    "vendorname": "vendor",
    "supplier": "vendor",
    "suppliername": "vendor",
}
DAYS = frozenset({"expected_entry_date", "loaded_date"})
HTS_DOMAINS = frozenset({"hts", "htsus", "hs", "harmonizedsystem"})
# One piece, by UN/ECE Recommendation 20 (H87 piece, C62 one, NAR article), ANSI X12 (EA) and habit. PC is left out: a
# piece to X12, a parcel to Recommendation 21.
ONE_RIG = frozenset({"EA", "PCE", "H87", "C62", "NAR", "UNIT"})
_MORE_DECIMALS = re.compile(r"(\d+\.\d{2})0+")


class CxmlUnreadable(ValueError):
    """A document that cannot be taken, under a stable code, with a sentence that says why."""

    def __init__(self, sentence: str, *, code: str) -> None:
        super().__init__(sentence)
        self.code = code


def read_order(document: bytes, *, charset: str | None = None) -> dict[str, Any]:
    """The kind of the document, its payloadID, and its order in the words of a purchase check. `charset` is what the
    transport says; a byte order mark is stronger.

    Raises CxmlUnreadable.
    """
    root = _parsed(document, charset)
    if root.tag != "cXML":
        raise CxmlUnreadable(f"The document is no cXML; its root is '{root.tag[:60]}'.", code="cxml_foreign")
    message, request = root.find(f"Message/{PUNCHOUT}"), root.find(f"Request/{ORDER}")
    if message is not None:
        order = _order(message, "ItemIn", header=f"{PUNCHOUT}Header", vendor=_identity(root, "From"))
    elif request is not None:
        _refuse_other_than_new(request)
        order = _order(request, "ItemOut", header=f"{ORDER}Header", vendor=_identity(root, "To"))
    else:
        sentence = f"The document holds neither a {PUNCHOUT} nor an {ORDER}."
        raise CxmlUnreadable(sentence, code="cxml_kind_unknown")
    kind = PUNCHOUT if message is not None else ORDER
    return {"kind": kind, "payload_id": root.get("payloadID", ""), "order": order}


class _Tree(TreeBuilder):
    """A tree that does not grow without bound."""

    def __init__(self) -> None:
        super().__init__()
        self.count = self.depth = 0

    def start(self, tag: str, attrs: Any, /) -> Element:
        """Raises CxmlUnreadable for one element too many, and one too deep."""
        self.count, self.depth = self.count + 1, self.depth + 1
        if self.count > MOST_ELEMENTS or self.depth > DEEPEST:
            raise CxmlUnreadable(
                f"The document has over {MOST_ELEMENTS:,} elements, or over {DEEPEST} within one another.",
                code="cxml_too_large",
            )
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        """One level up."""
        self.depth -= 1
        return super().end(tag)


class _Parser(DefusedXMLParser):  # type: ignore[misc]
    """Lets the DOCTYPE of cXML pass, and no declaration in it."""

    def __init__(self, encoding: str | None) -> None:
        super().__init__(target=_Tree(), encoding=encoding, forbid_dtd=False)
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype

    def _refuse_doctype(self, name: str, system: str | None, public: str | None, has_subset: int) -> None:
        if name != "cXML" or has_subset:
            raise DTDForbidden(name, system, public)


def _parsed(document: bytes, charset: str | None) -> Element:
    encoding = None if document.startswith(BYTE_ORDER_MARKS) else charset
    try:
        parser = _Parser(encoding)
        parser.feed(document)
        return parser.close()  # type: ignore[no-any-return]
    except CxmlUnreadable:
        raise
    except DefusedXmlException:
        sentence = "The document declares entities or a DTD of its own; only the DOCTYPE of cXML is let pass."
        raise CxmlUnreadable(sentence, code="cxml_dtd_refused") from None
    except (ParseError, ValueError, LookupError) as wrong:
        sentence = f"The document is no well-formed XML in the encoding that it names: {wrong}."
        raise CxmlUnreadable(sentence, code="cxml_malformed") from None


def _refuse_other_than_new(request: Element) -> None:
    kind = (_attribute(request.find(f"{ORDER}Header"), "type") or "new").lower()
    if kind != "new":
        sentence = f"An order of type '{kind}' is not checked; send the order as it is to be."
        raise CxmlUnreadable(sentence, code="cxml_order_type")


def _order(told: Element, item: str, *, header: str, vendor: str) -> dict[str, Any]:
    """The words of the order and of its lines; what is not said is left out."""
    head = told.find(header)
    common = {"import_country": _ship_to(head), "vendor": vendor}
    lines = [_line(each, common) for each in told.findall(item)]
    return _said({"purchase_order": _attribute(head, "orderID"), "lines": lines})


def _line(item: Element, common: dict[str, str]) -> dict[str, Any]:
    detail = item.find("ItemDetail")
    detail = Element("ItemDetail") if detail is None else detail
    _refuse_grouped(item)
    _refuse_other_basis(detail)
    _refuse_other_unit(detail)
    money = detail.find("UnitPrice/Money")
    part, supplier_part = _text(detail, "ManufacturerPartID"), _text(item, "ItemID/SupplierPartID")
    plain = {
        "model": part or supplier_part or _text(detail, "Description"),
        "maker": _text(detail, "ManufacturerName"),
        "quantity": _whole(item.get("quantity", "")),
        "unit_value": _amount("" if money is None else money.text or ""),
        "currency": _currency(money),
        "hts_code": _classified(detail),
        "import_country": _ship_to(item) or common["import_country"],
        "expected_entry_date": item.get("requestedDeliveryDate", "")[:10],
        "vendor": _text(item, "SupplierID") or common["vendor"],
        "reference": item.get("lineNumber", "") or supplier_part,
    }
    return _said({**plain, **dict(_extrinsics([item, detail]))})


def _extrinsics(places: Iterable[Element]) -> Iterator[tuple[str, str]]:
    """What Extrinsics say, by the fields that they mean; others are passed over."""
    for place in places:
        for each in place.findall("Extrinsic"):
            field = EXTRINSICS.get(re.sub(r"[^a-z]", "", each.get("name", "").lower()))
            text = (each.text or "").strip()
            if field and text:
                yield field, text[:10] if field in DAYS else text


def _refuse_grouped(item: Element) -> None:
    """A group stands there as a whole and by its parts, so its rigs would be counted twice."""
    if _attribute(item, "itemType").lower() == "composite" or _attribute(item, "parentLineNumber"):
        sentence = (
            "Items that are grouped (itemType composite, parentLineNumber) cannot be taken, for their rigs would be "
            "counted twice; send each model as an item of its own."
        )
        raise CxmlUnreadable(sentence, code="cxml_items_grouped")


def _refuse_other_unit(detail: Element) -> None:
    unit = _text(detail, "UnitOfMeasure")
    if unit and unit.upper() not in ONE_RIG:
        sentence = (
            f"A quantity in the unit '{unit[:20]}' cannot be taken, for nobody can say how many rigs it is; count "
            "single rigs (UnitOfMeasure EA, PCE, C62 or unit)."
        )
        raise CxmlUnreadable(sentence, code="cxml_unit_of_measure")


def _refuse_other_basis(detail: Element) -> None:
    if detail.find("PriceBasisQuantity") is not None:
        sentence = "A price for another quantity than one (PriceBasisQuantity) cannot be taken; give that of one rig."
        raise CxmlUnreadable(sentence, code="cxml_price_basis")


def _currency(money: Element | None) -> str:
    """The currency of a price; a price without one is refused where it is read, for none is guessed."""
    if money is None:
        return ""
    return money.get("currency", "").strip() or "XXX"


def _classified(detail: Element) -> str:
    for each in detail.findall("Classification"):
        if re.sub(r"[^a-z]", "", each.get("domain", "").lower()) in HTS_DOMAINS:
            return (each.text or "").strip()
    return ""


def _identity(root: Element, side: str) -> str:
    """Who the supplier is: by DUNS number where there is one, else the first identity."""
    credentials = root.findall(f"Header/{side}/Credential")
    by_domain = {each.get("domain", "").lower(): _text(each, "Identity") for each in reversed(credentials)}
    return by_domain.get("duns") or next((text for text in by_domain.values() if text), "")


def _ship_to(place: Element | None) -> str:
    country = None if place is None else place.find("ShipTo/Address/PostalAddress/Country")
    return _attribute(country, "isoCountryCode") or ("" if country is None else (country.text or "").strip())


def _amount(text: str) -> str:
    """A price as it is written; zeros beyond the cent say nothing."""
    return _MORE_DECIMALS.sub(r"\1", text.strip())


def _whole(text: str) -> str:
    return re.sub(r"\.0+$", "", text.strip())


def _text(place: Element, path: str) -> str:
    found = place.find(path)
    return "" if found is None else " ".join((found.text or "").split())


def _attribute(place: Element | None, name: str) -> str:
    return "" if place is None else place.get(name, "").strip()


def _said(words: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in words.items() if value not in ("", None)}
