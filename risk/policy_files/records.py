"""Measures as records: plain JSON values under the keys of a policy file, and back without loss."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from risk.engine.policy import (
    Effect,
    MeasureKind,
    MeasureSpec,
    RateType,
    RefusedHeading,
    ReliefTier,
    Renumbering,
)
from risk.engine.terms.hts import HtsPrefix
from risk.engine.terms.money import AdValoremRate, Money
from risk.engine.terms.spans import DateSpan
from risk.policy_files import readers as read
from risk.policy_files.conditions import conditions_of, keys_of
from risk.policy_files.readers import Reader, Unreadable

Record = dict[str, Any]

# Every key of a measure, with its reader, in the order in which records and complaints name them.
KEYS: Mapping[str, Reader] = MappingProxyType(
    {
        "code": read.a_text,
        "family": read.a_text,
        "title": read.a_text,
        "kind": read.one_of(MeasureKind),
        "authority": read.a_text,
        "import_country": read.a_country,
        "effective_from": read.a_day,
        "effective_through": read.a_day,
        "rate_type": read.one_of(RateType),
        "ad_valorem_rate": read.a_rate,
        "hts_prefixes": read.prefixes,
        "excluded_hts_prefixes": read.several(read.a_prefix),
        "countries_of_origin": read.countries,
        "excluded_countries_of_origin": read.listed_countries,
        "transport_modes": read.modes,
        "usmca_exempt_from": read.a_day,
        "customs_value_over": read.an_amount,
        "applies_by_default": read.a_truth,
        "relief_in_transit": read.relief,
        "replaces": read.words,
        "yields_to": read.words,
        "spares_us_content": read.a_truth,
        "refundable_from": read.a_day,
        "litigation": read.a_text,
        "minimum_usd": read.an_amount,
        "maximum_usd": read.an_amount,
        "names": read.several(read.a_text),
        "effect": read.one_of(Effect),
        "legal_reference": read.a_text,
        "source": read.a_text,
        "confidence": read.a_confidence,
        "verified_through": read.a_day,
        "note": read.a_text,
        "means": read.a_text,
    }
)

# What a key means that nobody wrote. A key that is not here must be written.
UNSAID: Mapping[str, Any] = MappingProxyType(
    {
        "kind": MeasureKind.TARIFF,
        "import_country": None,
        "effective_through": None,
        "rate_type": RateType.NONE,
        "ad_valorem_rate": None,
        "hts_prefixes": (),
        "excluded_hts_prefixes": (),
        "countries_of_origin": frozenset(),
        "excluded_countries_of_origin": frozenset(),
        "transport_modes": frozenset(),
        "usmca_exempt_from": None,
        "customs_value_over": None,
        "applies_by_default": True,
        "relief_in_transit": (),
        "replaces": frozenset(),
        "yields_to": frozenset(),
        "spares_us_content": False,
        "refundable_from": None,
        "litigation": "",
        "minimum_usd": None,
        "maximum_usd": None,
        "names": (),
        "effect": None,
        "note": "",
        "means": "",
    }
)

# Keys whose values stand in the specification under the same name.
_ALIKE = (
    "code", "family", "title", "kind", "authority", "rate_type", "replaces", "yields_to", "spares_us_content",
    "refundable_from", "litigation", "names", "effect", "legal_reference", "source", "confidence",
    "verified_through", "note", "means",
)  # fmt: skip

# Keys whose values stand in the specification under a shorter name.
_RENAMED = {
    "ad_valorem_rate": "rate",
    "relief_in_transit": "relief",
    "minimum_usd": "minimum",
    "maximum_usd": "maximum",
}

_RENUMBERING: Mapping[str, Reader] = {
    "old": read.a_prefix,
    "new": read.a_prefix,
    "since": read.a_day,
    "legal_reference": read.a_text,
}
_REFUSED_HEADING: Mapping[str, Reader] = dict.fromkeys(
    ("heading", "code", "sentence", "legal_reference"), read.a_text
)


def spec_of(said: Mapping[str, Any]) -> MeasureSpec:
    """The measure that these values make; raises ValueError where they contradict each other."""
    said = {**UNSAID, **said}
    return MeasureSpec(
        span=DateSpan(said["effective_from"], said["effective_through"]),
        conditions=conditions_of(said),
        **{key: said[key] for key in _ALIKE},
        **{name: said[key] for key, name in _RENAMED.items()},
    )


def record_of(spec: MeasureSpec) -> Record:
    """Every key of a measure with a JSON-safe value; equal measures have equal records."""
    said = {
        **UNSAID,
        **{key: getattr(spec, key) for key in _ALIKE},
        **{key: getattr(spec, name) for key, name in _RENAMED.items()},
        **keys_of(spec.conditions),
        "effective_from": spec.span.first,
        "effective_through": spec.span.through,
    }
    return {key: plain_value(said[key]) for key in KEYS}


def spec_from(record: Mapping[str, Any]) -> MeasureSpec:
    """The measure of a record; raises ValueError with a sentence when the record is none."""
    unknown = set(record) - set(KEYS)
    if unknown:
        raise Unreadable("unknown_key", f"A measure has no key '{min(unknown)}'.")
    said = {
        key: read.read_key(key, KEYS[key], value)
        for key, value in record.items()
        if value != plain_value(UNSAID.get(key, ...))
    }
    missing = [key for key in KEYS if key not in said and key not in UNSAID]
    if missing:
        raise Unreadable("missing_key", f"The measure says no {missing[0]}.")
    return spec_of(said)


def record_of_renumbering(renumbering: Renumbering) -> Record:
    """A renumbering as JSON-safe values."""
    return {key: plain_value(getattr(renumbering, key)) for key in _RENUMBERING}


def renumbering_from(record: Mapping[str, Any]) -> Renumbering:
    """The renumbering of a record; raises ValueError with a sentence."""
    return Renumbering(**_read_all(_RENUMBERING, record))


def record_of_refused_heading(refused: RefusedHeading) -> Record:
    """A refused heading as JSON-safe values."""
    return {key: plain_value(getattr(refused, key)) for key in _REFUSED_HEADING}


def refused_heading_from(record: Mapping[str, Any]) -> RefusedHeading:
    """The refused heading of a record; raises ValueError with a sentence."""
    return RefusedHeading(**_read_all(_REFUSED_HEADING, record))


def _read_all(keys: Mapping[str, Reader], record: Mapping[str, Any]) -> dict[str, Any]:
    if set(record) != set(keys):
        raise Unreadable("missing_key", f"it must say {', '.join(keys)}, and nothing else.")
    return {key: read.read_key(key, reader, record[key]) for key, reader in keys.items()}


def plain_value(value: object) -> Any:  # noqa: PLR0911 - one line a kind of value
    """A value of the engine as JSON knows it; what has no order of its own is sorted."""
    match value:
        case None | bool():
            return value
        case str() | HtsPrefix() | Money() | date():
            return str(value)
        case AdValoremRate():
            return f"{value.fraction:f}"
        case frozenset():
            return sorted(plain_value(item) for item in value)
        case tuple():
            return [plain_value(item) for item in value]
        case ReliefTier():
            return {
                "modes": "any" if value.modes is None else plain_value(value.modes),
                "loaded_before": plain_value(value.loaded_before),
                "entered_before": plain_value(value.entered_before),
                "ad_valorem_rate": plain_value(value.rate),
                "legal_reference": value.legal_reference,
            }
        case _:
            return value
