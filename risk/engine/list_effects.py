"""What being on a government list means for a party: the sanction level, and the authority that says so.

A list that is not here is watched: what it forbids is not on record, and a person has to read the entry.
References marked "own knowledge" were not read again; a lawyer confirms them before anybody relies on them.
"""

from __future__ import annotations

from dataclasses import dataclass

from risk.engine.findings import SanctionLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEffect:
    """The level of a party of the list, what the list is called, and where its effect is laid down."""

    level: SanctionLevel
    title: str
    legal_reference: str


def _restricts(title: str, legal_reference: str) -> ListEffect:
    return ListEffect(level=SanctionLevel.RESTRICTED, title=title, legal_reference=legal_reference)


def _watches(title: str, legal_reference: str) -> ListEffect:
    return ListEffect(level=SanctionLevel.WATCH, title=title, legal_reference=legal_reference)


LIST_EFFECTS = {
    "US-OFAC-SDN": ListEffect(
        level=SanctionLevel.BLOCKED,
        title="OFAC SDN list",
        legal_reference="31 CFR chapter V (own knowledge)",
    ),
    "US-OFAC-SSI": _restricts("OFAC sectoral sanctions", "EO 13662 and its directives (own knowledge)"),
    "US-OFAC-FSE": _restricts("OFAC foreign sanctions evaders", "EO 13608 (own knowledge)"),
    "US-OFAC-MBS": _restricts("OFAC menu-based sanctions", "the entry says what is forbidden"),
    "US-OFAC-CONSOLIDATED": _restricts(
        "OFAC consolidated list without SDN", "the entry says what is forbidden"
    ),
    "US-OFAC-PLC": _restricts("OFAC Palestinian Legislative Council list", "31 CFR part 594 (own knowledge)"),
    "US-OFAC-CMIC": _watches("OFAC Chinese military-industrial companies", "EO 14032 (own knowledge)"),
    "US-OFAC-CAPTA": _watches("OFAC correspondent account list", "31 CFR chapter V (own knowledge)"),
    "US-BIS-EL": _restricts("BIS Entity List", "EAR part 744 Supp. 4"),
    "US-BIS-MEU": _restricts("BIS military end users", "EAR 744.21, part 744 Supp. 7 (own knowledge)"),
    "US-BIS-UVL": _restricts("BIS Unverified List", "EAR 744.15, part 744 Supp. 6 (own knowledge)"),
    "US-BIS-DPL": _restricts("BIS Denied Persons List", "EAR 764.3(a)(2) (own knowledge)"),
    "US-STATE-DTC": _restricts("State, AECA debarred", "22 CFR 127.7 (own knowledge)"),
    "US-STATE-ISN": _restricts("State, nonproliferation sanctions", "the statute that the entry names"),
    "US-DHS-UFLPA": _restricts("UFLPA Entity List", "Pub. L. 117-78 (own knowledge)"),
    "US-DOD-1260H": _watches("Section 1260H list", "NDAA FY2021 s.1260H"),
}

NOT_ON_RECORD = "what this list forbids is not on record"


def effect_of(list_code: str) -> ListEffect:
    """What the list does; one that is not known is watched."""
    return LIST_EFFECTS.get(list_code) or _watches(list_code, NOT_ON_RECORD)
