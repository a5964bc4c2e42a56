"""A listed party as a database keeps it: JSON-ready, what says nothing left out; and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from risk.engine.kept_facts import digest_of
from risk.engine.listed import Identifier, Link, ListedAddress, ListedEntity, ListedName, NameKind, PartyKind
from risk.engine.terms.countries import CountryCode

_TEXTS = ("title", "remarks", "license_requirement", "license_policy", "source_url", "row_id")
_LISTS_OF_TEXTS = ("programs", "citations", "complaints")


def record_of(entity: ListedEntity) -> dict[str, Any]:
    """The party as JSON-ready values."""
    record: dict[str, Any] = {
        "list_code": entity.list_code,
        "entity_id": entity.entity_id,
        "kind": entity.kind.value,
        "names": [[name.text, name.kind.value, name.is_weak] for name in entity.names],
        "identifiers": [[each.system, each.value, each.country] for each in entity.identifiers],
        "addresses": [[each.text, each.country] for each in entity.addresses],
        "nationalities": list(entity.nationalities),
        "linked_to": [[each.relation, each.party, each.party_id] for each in entity.linked_to],
        "listed_on": entity.listed_on.isoformat() if entity.listed_on else None,
        "ends_on": entity.ends_on.isoformat() if entity.ends_on else None,
        **{name: getattr(entity, name) for name in _TEXTS},
        **{name: list(getattr(entity, name)) for name in _LISTS_OF_TEXTS},
    }
    return {name: value for name, value in record.items() if value not in (None, "", [])}


def digest_of_entity(entity: ListedEntity) -> str:
    """The same for parties of whom the list says the same, whatever its row is called this time."""
    record = record_of(entity)
    record.pop("row_id", None)
    return digest_of(record)


def entity_from(record: Mapping[str, Any]) -> ListedEntity:
    """The party of a record."""
    return ListedEntity(
        list_code=record["list_code"],
        entity_id=record["entity_id"],
        kind=PartyKind(record["kind"]),
        names=tuple(ListedName(text, NameKind(kind), weak) for text, kind, weak in record["names"]),
        identifiers=tuple(
            Identifier(system, value, _country(code)) for system, value, code in record.get("identifiers", ())
        ),
        addresses=tuple(ListedAddress(text, _country(code)) for text, code in record.get("addresses", ())),
        nationalities=tuple(CountryCode(code) for code in record.get("nationalities", ())),
        linked_to=tuple(Link(*each) for each in record.get("linked_to", ())),
        listed_on=_day(record.get("listed_on")),
        ends_on=_day(record.get("ends_on")),
        programs=tuple(record.get("programs", ())),
        citations=tuple(record.get("citations", ())),
        complaints=tuple(record.get("complaints", ())),
        **{name: record.get(name, "") for name in _TEXTS},
    )


def _country(code: str | None) -> CountryCode | None:
    return CountryCode(code) if code else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
