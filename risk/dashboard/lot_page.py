"""The page of one lot: its facts, every question with its lines of duty, findings, doubt, clocks and rigs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fleet.flows.liquidations import liquidation_of
from fleet.flows.origin_evidence import PaperOnRecord, papers_on
from fleet.models import Holding, Lot, Rig
from fleet.selectors import facts_of
from risk.dashboard.lot_history import LotDeed, Source, deeds_of, findings_of, sources_of
from risk.dashboard.lots import rate_in_words
from risk.dashboard.rig_facts import value_in_words
from risk.dashboard.words import (
    NOT_KNOWN,
    counted,
    country,
    day,
    dollars,
    exact_dollars,
    fact_in_words,
    rate_told,
)
from risk.engine.clocks import EntryClocks
from risk.engine.exposure import AS_ENTERED, CONTESTED, REPLACEMENT, TO_COME
from risk.engine.facts import LotFacts
from risk.engine.terms.money import AdValoremRate, Money
from risk.engine.terms.spans import ONE_DAY, DateSpan
from risk.models import Assessment, Exposure, Measure

RIGS_SHOWN = 25
QUESTIONS = {
    AS_ENTERED: ("As entered", "What was owed on the day of entry, under the declared origin."),
    CONTESTED: ("If the declared origin is refused", "What customs would ask under the origin it asserts."),
    TO_COME: ("To come", "What it will cost to land this lot."),
    REPLACEMENT: ("Bought again today", "What it would cost to bring the same rigs in today."),
}
SHOWN_FACTS = (
    "country_of_origin",
    "country_of_assembly",
    "hashboard_origin",
    "hts_code",
    "import_country",
    "entry_date",
    "expected_entry_date",
    "entry_number",
    "transport_mode",
    "loaded_date",
    "importer_of_record",
    "us_content_percent",
    "usmca_claim",
    "purchase_order",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A fact of the lot: its value in words, and whether somebody gave it, we assume it, or nobody knows.

    `entry` is the number of the entry that the fact leads to, `source` the deed that gave it.
    """

    name: str
    value: str
    standing: str
    note: str = ""
    entry: str = ""
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of duty. `measure_id` leads to the measure in the register."""

    measure: str
    measure_id: int | None
    title: str
    rate: str
    base: str
    duty: str
    refundable: bool
    legal_reference: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionTile:
    """One question with its lines and their sums. Not settled: a missing fact decides it."""

    title: str
    about: str
    on: str
    origin: str
    settled: bool
    lines: tuple[Line, ...]
    total_rate: str
    total_duty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStep:
    """One stage of an entry: its last day, and whether it is the present one."""

    stage: str
    through: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Evidence of origin on the lot: what it bears, what of the lot it covers, and how it stands today."""

    evidence_id: int
    title: str
    country: str
    strength: str
    covers: str
    standing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One finding of those that were made on the lot: when, by which edition, and what it came to."""

    at: datetime
    edition: str
    rate: str
    band: str
    sanction: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LotPage:
    """Everything on record about a lot. `finding` is None until it is assessed; `owed` is what it waits for."""

    lot: Lot
    facts: tuple[Fact, ...]
    brought_by: Source | None
    holdings: tuple[Holding, ...]
    rigs: tuple[Rig, ...]
    rigs_after: int | None
    owed: Assessment | None
    finding: Exposure | None
    rate: str
    amounts: tuple[tuple[str, str], ...]
    questions: tuple[QuestionTile, ...]
    clocks: tuple[ClockStep, ...]
    papers: tuple[Paper, ...]
    contested_origin: str
    explanation: dict[str, Any]
    deeds: tuple[LotDeed, ...]
    findings: tuple[Found, ...]

    @property
    def is_to_come(self) -> bool:
        """Whether rigs of it are held that were not entered yet."""
        return not (self.lot.has_arrived or self.lot.entry_date) and bool(self.holdings)


def lot_page(lot: Lot, *, today: date, rigs_after: int | None = None) -> LotPage:
    """The page of a lot, in a fixed number of queries. `lot` comes with its model and maker."""
    finding = Exposure.objects.current().filter(lot=lot).select_related("edition", "explanation").first()
    rigs = _rigs(lot, rigs_after)
    sources, brought_by = sources_of(lot)
    explanation = finding.told if finding else {}
    return LotPage(
        lot=lot,
        facts=tuple(_facts(lot, facts_of(lot), sources, today)),
        brought_by=brought_by,
        holdings=tuple(
            Holding.objects.filter(lot=lot).select_related("site").order_by("status", "site__name")
        ),
        rigs=tuple(rigs[:RIGS_SHOWN]),
        rigs_after=rigs[RIGS_SHOWN - 1].pk if len(rigs) > RIGS_SHOWN else None,
        owed=Assessment.objects.filter(lot=lot).first(),
        finding=finding,
        rate=_rate(finding),
        amounts=tuple(_amounts(finding)),
        questions=tuple(_questions(explanation, _measure_ids(finding))),
        clocks=tuple(_clocks(lot, finding, today)),
        papers=tuple(_paper(paper, named, today) for paper, named in papers_on(lot)),
        contested_origin=country(finding.contested_origin) if finding and finding.contested_origin else "",
        explanation=explanation,
        deeds=deeds_of(lot),
        findings=tuple(_found(each) for each in findings_of(lot)),
    )


def _found(finding: Exposure) -> Found:
    return Found(
        at=finding.assessed_at,
        edition=str(finding.edition.number),
        rate=_rate(finding),
        band=finding.band,
        sanction=finding.sanction_level,
        is_current=finding.is_current,
    )


def _rigs(lot: Lot, after: int | None) -> list[Rig]:
    """One more than are shown, so that it is known whether more follow."""
    rigs = Rig.objects.filter(lot=lot, pk__gt=after or 0).select_related("site", "bin", "lot__model")
    return list(rigs.order_by("pk")[: RIGS_SHOWN + 1])


def _facts(lot: Lot, facts: LotFacts, sources: dict[str, Source], today: date) -> Iterator[Fact]:
    """What the sheet said comes first; what is assumed says from what."""
    was_entered = lot.entry_date is not None and lot.entry_date <= today
    for name in SHOWN_FACTS:
        given, used = getattr(lot, name), getattr(facts, name)
        if given not in ("", None):
            entry = lot.entry_number if name == "entry_number" and was_entered else ""
            yield Fact(
                name=fact_in_words(name),
                value=value_in_words(name, given),
                standing="given",
                entry=entry,
                source=sources.get(name),
            )
        elif name == "country_of_origin" and facts.origin:
            note = "taken from the country of assembly; nobody declared it"
            yield Fact(name=fact_in_words(name), value=country(facts.origin), standing="assumed", note=note)
        elif used not in ("", None):
            note = f"the usual code of {lot.model}"
            yield Fact(
                name=fact_in_words(name), value=value_in_words(name, used), standing="assumed", note=note
            )
        else:
            yield Fact(name=fact_in_words(name), value="not given", standing="missing")


def _rate(finding: Exposure | None) -> str:
    if finding is None:
        return NOT_KNOWN
    rate, worst = (
        None if fraction is None else AdValoremRate(fraction) for fraction in (finding.rate, finding.worst)
    )
    return rate_in_words(rate, AdValoremRate(finding.best), worst)


def _amounts(finding: Exposure | None) -> Iterator[tuple[str, str]]:
    if finding:
        yield "Duty to come", _cents(finding.duty_to_come_cents)
        yield "Contingent duty", _cents(finding.contingent_cents)
        yield "Refundable duty", _cents(finding.refundable_cents)
        yield "Replacement duty", _cents(finding.replacement_cents)


def _cents(cents: int | None) -> str:
    return NOT_KNOWN if cents is None else dollars(Money.of_cents(cents))


def _measure_ids(finding: Exposure | None) -> dict[str, int]:
    """The measures of the finding's edition by code; one query."""
    measures = Measure.objects.filter(edition=finding.edition if finding else None)
    return dict(measures.values_list("code", "pk"))


def _questions(explanation: dict[str, Any], measure_ids: dict[str, int]) -> Iterator[QuestionTile]:
    for question in explanation.get("questions", ()):
        title, about = QUESTIONS[question["question"]]
        yield QuestionTile(
            title=title,
            about=about,
            on=day(date.fromisoformat(question["day"])),
            origin=country(question["origin"]),
            settled=question["settled"],
            lines=tuple(_line(line, measure_ids) for line in question["lines"]),
            total_rate=_percent(question["total_rate_percent"]),
            total_duty=_exact(question["total_duty"]),
        )


def _line(line: dict[str, Any], measure_ids: dict[str, int]) -> Line:
    return Line(
        measure=line["measure"],
        measure_id=measure_ids.get(line["measure"]),
        title=line["title"],
        rate=_percent(line["rate_percent"]),
        base=_exact(line["base"]),
        duty=_exact(line["duty"]),
        refundable=line["refundable"],
        legal_reference=line["legal_reference"],
        because=tuple(line["because"]),
    )


def _percent(text: str | None) -> str:
    return NOT_KNOWN if text is None else rate_told(f"{text} %")


def _exact(text: str | None) -> str:
    """To the cent, since these lines are checked against papers."""
    return NOT_KNOWN if text is None else exact_dollars(Money.parse(text))


def _paper(paper: PaperOnRecord, named: int | None, today: date) -> Paper:
    evidence = paper.evidence
    return Paper(
        evidence_id=paper.pk,
        title=evidence.title,
        country=country(evidence.country),
        strength=str(evidence.strength),
        covers="the whole lot" if named is None else counted(named, "rig"),
        standing=_standing(evidence.span, today),
    )


def _standing(span: DateSpan, today: date) -> str:
    if today < span.first:
        return f"counts from {day(span.first)}"
    if span.through is None:
        return "in force, without end"
    if today > span.through:
        return f"expired {day(span.through + ONE_DAY)}"
    return f"in force through {day(span.through)}"


def _clocks(lot: Lot, finding: Exposure | None, today: date) -> Iterator[ClockStep]:
    """The stages of the entry, past, present and to come."""
    if lot.entry_date is None or lot.entry_date > today or finding is None or not finding.clock:
        return
    clocks = EntryClocks.of(lot.entry_date, liquidation_of(lot.operator, lot.entry_number))
    present = clocks.stage_on(today)
    for ends_before in clocks.change_days():
        last = ends_before - ONE_DAY
        stage = clocks.stage_on(last)
        state = "now" if stage is present else "past" if last < today else "to come"
        yield ClockStep(stage=stage.value, through=day(last), state=state)
