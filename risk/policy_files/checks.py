"""What must hold of measures before they can be law: asked of files and of database editions alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from risk.engine.conditions.hts_code import HtsCodeUnder
from risk.engine.conditions.import_country import ImportedInto
from risk.engine.conditions.origin import OriginAmong
from risk.engine.conditions.transport_mode import CarriedBy
from risk.engine.policy import HIGHEST_RATE, MeasureKind, MeasureSpec, RateType, Renumbering
from risk.engine.terms.spans import DateSpan
from risk.policy_files.circles import circles
from risk.policy_files.citations import cited_in
from risk.policy_files.complaints import Complaint
from risk.policy_files.gaps import gaps
from risk.policy_files.overlaps import conditions_of_kind, overlaps

Fault = tuple[str, str]

# What every measure on goods must say that it looks at, and the key that says it.
_LOOKS_AT = {
    ImportedInto: "import_country",
    HtsCodeUnder: "hts_prefixes",
    OriginAmong: "countries_of_origin",
}


def check(
    measures: Sequence[MeasureSpec],
    *,
    renumberings: Sequence[Renumbering] = (),
    files: Mapping[str, str] | None = None,
    is_whole: bool = True,
) -> list[Complaint]:
    """Everything that keeps these measures from being published together; empty where nothing does.

    `files` says from which file each code came; without it a complaint names the measure's family. While
    some measures are unread (`is_whole` False), what the others name, or what follows them, may be among those.
    """
    faults = [(measure, fault) for measure in measures for fault in _faults_alone(measure)]
    faults += _repeated_codes(measures)
    faults += [(other, _overlap(one, days)) for one, other, days in overlaps(measures, renumberings)]
    faults += [*_strangers(measures), *gaps(measures, renumberings)] if is_whole else []
    faults += [(circle[0], _circle(circle)) for circle in circles(measures)]
    return [
        Complaint(
            file=(files or {}).get(measure.code, measure.family),
            code=code,
            fault=fault,
            measure=measure.code,
            day=measure.span.first,
        )
        for measure, (code, fault) in faults
    ]


def _faults_alone(measure: MeasureSpec) -> Iterator[Fault]:
    yield from _citation_faults(measure)
    yield from _rate_faults(measure)
    yield from _sanction_faults(measure) if measure.kind is MeasureKind.SANCTION else _goods_faults(measure)


def _citation_faults(measure: MeasureSpec) -> Iterator[Fault]:
    for key in ("legal_reference", "source"):
        if not getattr(measure, key).strip():
            yield "missing_citation", f"{key} is missing; name the act and where it was read."
    if measure.refundable_from and not cited_in(measure).decision:
        yield "missing_citation", "it is refundable, and no decision is named; write refundable with both."


def _rate_faults(measure: MeasureSpec) -> Iterator[Fault]:
    charges = measure.rate_type is not RateType.NONE
    if charges and measure.rate is None:
        yield "missing_rate", f"a measure of rate_type {measure.rate_type} needs an ad_valorem_rate."
    if not charges and measure.rate is not None:
        yield "missing_rate_type", "a rate needs a rate_type: base, additive, floor_total or fee."
    if measure.minimum and measure.maximum and measure.minimum > measure.maximum:
        yield "minimum_over_maximum", f"the minimum {measure.minimum} is over the maximum {measure.maximum}."
    for tier in measure.relief:
        if tier.rate.fraction > HIGHEST_RATE:
            yield "rate_out_of_range", f"relief at {tier.rate} is out of range; give 0 % to 1000 %."
        if tier.entered_before <= measure.span.first:
            fault = f"relief before {tier.entered_before} can never hold; the measure begins no earlier."
            yield "relief_never_holds", fault


def _sanction_faults(measure: MeasureSpec) -> Iterator[Fault]:
    if measure.effect is None:
        yield "missing_effect", "a sanction must say its effect: blocks, restricts or watches."
    if any(conditions_of_kind(measure, kind) for kind in (*_LOOKS_AT, CarriedBy)):
        fault = "a sanction looks at parties, not at goods; leave out HTS codes, countries and modes."
        yield "sanction_on_goods", fault


def _goods_faults(measure: MeasureSpec) -> Iterator[Fault]:
    if measure.effect is not None or measure.names:
        yield "effect_without_sanction", "names and effect belong to measures of kind sanction only."
    for kind, key in _LOOKS_AT.items():
        if not conditions_of_kind(measure, kind):
            yield "missing_key", f"{key} is missing; write what the measure looks at."


def _repeated_codes(measures: Sequence[MeasureSpec]) -> Iterator[tuple[MeasureSpec, Fault]]:
    counts = Counter(measure.code for measure in measures)
    for measure in {measure.code: measure for measure in measures if counts[measure.code] > 1}.values():
        yield measure, ("repeated_code", "another measure has this code; give each its own.")


def _strangers(measures: Sequence[MeasureSpec]) -> Iterator[tuple[MeasureSpec, Fault]]:
    known = {measure.code for measure in measures} | {measure.family for measure in measures} | {"*"}
    for measure in measures:
        for key, names in (("replaces", measure.replaces), ("yields_to", measure.yields_to)):
            for name in sorted(names - known):
                fault = f"{key} names '{name}', which is neither a measure nor a family."
                yield measure, ("names_no_measure", fault)


def _overlap(one: MeasureSpec, days: DateSpan) -> Fault:
    fault = (
        f"it and {one.code} both apply to the same goods {days}; end one before the other begins, "
        "or let one give way (yields_to)."
    )
    return "overlap", fault


def _circle(circle: Sequence[MeasureSpec]) -> Fault:
    names = " to ".join(measure.code for measure in (*circle, circle[0]))
    fault = f"{names}: they give way in a circle, so that none of them bites; break it (yields_to, replaces)."
    return "yields_in_a_circle", fault
