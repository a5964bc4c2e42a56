"""OFAC's ENHANCED_XML: listing dates a list, weak aliases marked, native scripts, ties between parties.

Entity numbers are those of the legacy CSV. Entities, DTDs and outer references in the XML are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from risk.engine.listed import Identifier, Link, ListedAddress, ListedEntity, ListedName, NameKind, PartyKind
from risk.lists.reading.days import read_day
from risk.lists.reading.format import Companions, ListFormat, ListUnreadable
from risk.lists.reading.places import countries_of, country_of
from risk.lists.reading.text import one_line, spaced

NAMESPACE = "{https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ENHANCED_XML}"
SDN, CONSOLIDATED = "SDN List", "Consolidated List"
# Of several lists that one party is on, the one with the most effect is its list.
LIST_CODES = {
    SDN: "US-OFAC-SDN",
    "Sectoral Sanctions Identifications List": "US-OFAC-SSI",
    "Non-SDN CMIC List": "US-OFAC-CMIC",
    "Non-SDN Menu-Based Sanctions List": "US-OFAC-MBS",
    "CAPTA List": "US-OFAC-CAPTA",
    "Non-SDN Palestinian Legislative Council List": "US-OFAC-PLC",
    "FSE List": "US-OFAC-FSE",
    CONSOLIDATED: "US-OFAC-CONSOLIDATED",
}
_KINDS = {
    "Entity": PartyKind.ORGANISATION,
    "Individual": PartyKind.PERSON,
    "Vessel": PartyKind.VESSEL,
    "Aircraft": PartyKind.AIRCRAFT,
}
_NAME_KINDS = {
    "A.K.A.": NameKind.ALSO_KNOWN_AS,
    "F.K.A.": NameKind.FORMERLY_KNOWN_AS,
    "N.K.A.": NameKind.NOW_KNOWN_AS,
}
_IDENTIFYING_FEATURES = ("Website", "Email Address", "SWIFT/BIC", "BIK (RU)", "ISIN", "Equity Ticker")
_WALLET = "Digital Currency Address"
_NATIONALITY = ("Nationality Country", "Citizenship Country", "Nationality of Registration")


def read(stream: BinaryIO, companions: Companions | None = None) -> Iterator[ListedEntity]:
    """Every party of the file, then those that only the companion has (the Consolidated list beside the SDN list).

    Raises ListUnreadable where the XML is cut, foreign or has a DTD.
    """
    told: set[str] = set()
    for part in (stream, *(companions or {}).values()):
        for element in _ended(part, "entity"):
            number = element.get("id")
            if number and number not in told:
                told.add(number)
                yield _entity(element)
            element.clear()


def data_date(stream: BinaryIO) -> date | None:
    """The day that the data are of (`publicationInfo/dataAsOf`)."""
    for element in _ended(stream, "dataAsOf"):
        return read_day((element.text or "")[:10], of="data date")[0]
    return None


def _ended(stream: BinaryIO, tag: str) -> Iterator[Any]:
    stream.seek(0)
    root = None
    try:
        for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
            if root is None:
                root = element
                if root.tag != f"{NAMESPACE}sanctionsData":
                    raise ListUnreadable(
                        f"The file is no ENHANCED_XML of OFAC: it begins with <{spaced(root.tag[-40:])}>."
                    )
            if event == "end" and element.tag == NAMESPACE + tag:
                yield element
    except ListUnreadable:
        raise
    except DefusedXmlException:
        raise ListUnreadable(
            "The file declares a DTD or entities, which no list does; it was not read."
        ) from None
    except (ParseError, LookupError, ValueError):  # the last two of an encoding that is none
        raise ListUnreadable("The file is cut or no XML: it does not end where it should.") from None


def _entity(element: Any) -> ListedEntity:
    lists = {
        _text(each): each.get("datePublished", "") for each in _all(element, "sanctionsLists/sanctionsList")
    }
    own = next((name for name in LIST_CODES if name in lists), next(iter(lists), ""))
    listed_on, complaints = read_day(lists.get(own, ""), of="listing date")
    features = [(_find(each, "type"), _find(each, "value")) for each in _all(element, "features/feature")]
    return ListedEntity(
        list_code=LIST_CODES.get(own, own or "US-OFAC"),
        entity_id=element.get("id"),
        row_id=element.get("id"),
        names=tuple(dict.fromkeys(_names(element))),
        kind=_KINDS.get(_find(element, "generalInfo/entityType"), PartyKind.UNKNOWN),
        programs=tuple(_text(each) for each in _all(element, "sanctionsPrograms/sanctionsProgram")),
        identifiers=tuple(dict.fromkeys((*_documents(element), *_identifying(features)))),
        addresses=tuple(
            address for each in _all(element, "addresses/address") if (address := _address(each))
        ),
        nationalities=countries_of(value for kind, value in features if kind in _NATIONALITY),
        title=spaced(_find(element, "generalInfo/title")),
        remarks=_find(element, "generalInfo/remarks"),
        listed_on=listed_on,
        license_policy="; ".join(_text(each) for each in _all(element, "legalAuthorities/legalAuthority")),
        linked_to=tuple(_links(element)),
        source_url="https://sanctionslistservice.ofac.treas.gov",
        complaints=complaints,
    )


def _names(element: Any) -> Iterator[ListedName]:
    """The primary name first, in its Latin form; every other form and script is a name of its own."""
    found = _all(element, "names/name")
    for name in sorted(found, key=lambda each: _find(each, "isPrimary") != "true"):
        kind = _NAME_KINDS.get(_find(name, "aliasType"), NameKind.ALSO_KNOWN_AS)
        kind = NameKind.PRIMARY if _find(name, "isPrimary") == "true" else kind
        for form in _all(name, "translations/translation"):
            own = kind if _find(form, "isPrimary") == "true" else NameKind.ALSO_KNOWN_AS
            is_weak = _find(name, "isLowQuality") == "true"
            yield ListedName(spaced(_find(form, "formattedFullName")), own, is_weak)


def _documents(element: Any) -> Iterator[Identifier]:
    for each in _all(element, "identityDocuments/identityDocument"):
        if number := spaced(_find(each, "documentNumber")):
            yield Identifier(_find(each, "type"), number, country_of(_find(each, "issuingCountry")))


def _identifying(features: list[tuple[str, str]]) -> Iterator[Identifier]:
    return (
        Identifier(kind, spaced(value))
        for kind, value in features
        if value and (kind in _IDENTIFYING_FEATURES or kind.startswith(_WALLET))
    )


def _address(element: Any) -> ListedAddress | None:
    country = _find(element, "country")
    parts = [
        _find(each, "value") for each in _all(element, "translations/translation/addressParts/addressPart")
    ]
    text = one_line(*parts, country)
    return ListedAddress(text, country_of(country)) if text else None


def _links(element: Any) -> Iterator[Link]:
    for each in _all(element, "relationships/relationship"):
        for other in _all(each, "relatedEntity"):
            yield Link(_find(each, "type"), spaced(_text(other)), other.get("entityId", ""))


def _all(element: Any, path: str) -> list[Any]:
    return list(element.findall("/".join(NAMESPACE + step for step in path.split("/"))))


def _find(element: Any, path: str) -> str:
    found = element.find("/".join(NAMESPACE + step for step in path.split("/")))
    return "" if found is None else _text(found)


def _text(element: Any) -> str:
    return (element.text or "").strip()


FORMAT = ListFormat(
    name="ofac_enhanced_xml",
    title="OFAC ENHANCED_XML",
    read=read,
    data_date=data_date,
    companions=("consolidated",),
    # No floors: the SDN list and the Consolidated list are files of their own, of which either may be loaded alone.
    # A cut file is no XML, and a part that was there in the edition before is missed.
)
