"""Which measures bite on an entry, in what order, and what each costs.

All ad valorem duties are shares of the same customs value: rates add, they do not compound (HTSUS
chapter 99; verified through 2026-10-10). Exactly one base line comes first. A `floor_total` measure tops
the base up to its rate. Relief in transit takes the place of a measure's rate. See docs/scoring.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from risk.engine.conditions.usmca import usmca_claim_counts
from risk.engine.facts import EntryFacts
from risk.engine.findings import FeeLine, RateAnswer, RateLine, Reason, Verdict
from risk.engine.policy import MeasureKind, MeasureSpec, PolicyBook, RateType, ReliefTier
from risk.engine.terms.money import FREE, HUNDRED, NO_MONEY, AdValoremRate, Money

# HTSUS 9903.01.34 (US note 2(v) to chapter 99, subchapter III): goods with at least 20 percent of their
# value from the United States owe the reciprocal duty on the rest only. Verified through 2026-10-10.
US_CONTENT_THRESHOLD = Decimal(20)

DUTY_TYPES = (RateType.BASE, RateType.ADDITIVE, RateType.FLOOR_TOTAL)


class NoBaseRate(LookupError):
    """No base rate is on record for the code and day, so the duty is unknown; it is not 0 %."""

    code = "no_base_rate"

    def __init__(self, entry: EntryFacts) -> None:
        super().__init__(
            f"No base rate is on record for {entry.hts_code} entered on {entry.day}; "
            "the shipped law covers rigs and some of their parts, from 2018-07-01."
        )


def rates_on(entry: EntryFacts, book: PolicyBook) -> RateAnswer:
    """The lines that bite on an entry, base first, without any money.

    Raises NoBaseRate when every fact is there and still no base rate is found. Where a deciding fact is
    silent, the answer holds the lines that are certain and names what is missing.
    """
    if entry.import_country is not None and entry.import_country not in book.import_countries:
        return RateAnswer(findings=(_outside(entry),))
    entry = book.with_all_numbers(entry)
    biting, missing = _biting(entry, book, DUTY_TYPES)
    base = _base_line(entry, biting)
    if base is None and not missing:
        raise NoBaseRate(entry)
    charged = [_charge(measure, entry, base) for measure in biting if measure.rate_type is not RateType.BASE]
    lines = ([base] if base else []) + [line for line, _ in charged if line]
    findings = tuple(finding for _, found in charged for finding in found)
    return RateAnswer(lines=tuple(lines), findings=findings, missing=missing)


def fees_on_goods(goods: Iterable[tuple[EntryFacts, Money]], book: PolicyBook) -> tuple[FeeLine, ...]:
    """The fees of one customs entry with goods of several kinds: each fee once, on the value of all the goods that
    it looks at, within its minimum and maximum."""
    return fee_lines((entry.day, fees_due(entry, book), value) for entry, value in goods)


def fees_due(entry: EntryFacts, book: PolicyBook) -> tuple[MeasureSpec, ...]:
    """The fees that the facts of goods show to be due."""
    return _biting(entry, book, (RateType.FEE,))[0]


def fee_lines(goods: Iterable[tuple[date, tuple[MeasureSpec, ...], Money]]) -> tuple[FeeLine, ...]:
    """The fees of one customs entry, of goods with the day, the fees that are due on them, and their value."""
    values: dict[MeasureSpec, tuple[date, Money]] = {}
    for day, due, customs_value in goods:
        for measure in due:
            _, so_far = values.get(measure, (day, NO_MONEY))
            values[measure] = (day, so_far + customs_value)
    return tuple(
        FeeLine(
            measure=measure.code,
            title=measure.title,
            amount=_kept_within(measure, measure.rate_on(day).of(value)),
            legal_reference=measure.legal_reference,
        )
        for measure, (day, value) in values.items()
    )


def warnings_for(entry: EntryFacts, book: PolicyBook) -> tuple[Reason, ...]:
    """What a reader must know beside the duty: code refused, code renumbered, law not verified so far."""
    return (*_refused(entry, book), *_renumbered(entry, book), *_after_verified_through(entry, book))


def relief_open_to(entry: EntryFacts, book: PolicyBook) -> tuple[tuple[MeasureSpec, ReliefTier], ...]:
    """The tiers of relief that the silent mode or loading day could still bring, per measure that bites."""
    entry = book.with_all_numbers(entry)
    if not any(_open_tiers(measure, entry) for measure in book.reaching(entry)):
        return ()  # on most days none is open, whatever bites
    biting, _ = _biting(entry, book, DUTY_TYPES)
    return tuple((measure, tier) for measure in biting for tier in _open_tiers(measure, entry))


def _biting(
    entry: EntryFacts, book: PolicyBook, types: tuple[RateType, ...]
) -> tuple[tuple[MeasureSpec, ...], frozenset[str]]:
    """The measures whose conditions all hold and that give way to no other, and the facts that are missing."""
    holding: list[MeasureSpec] = []
    missing: set[str] = set()
    for measure in book.reaching(entry):
        if measure.kind is not MeasureKind.TARIFF or measure.rate_type not in types:
            continue
        verdict, silent = measure.judge(entry)
        missing |= silent
        if verdict is Verdict.HOLDS:
            holding.append(measure)
    return tuple(m for m in holding if not any(m.gives_way_to(other) for other in holding)), frozenset(
        missing
    )


def _base_line(entry: EntryFacts, biting: tuple[MeasureSpec, ...]) -> RateLine | None:
    bases = [measure for measure in biting if measure.rate_type is RateType.BASE]
    if not bases:
        return None
    if len(bases) > 1:
        codes = ", ".join(measure.code for measure in bases)
        raise ValueError(f"More than one base rate bites on {entry.hts_code} on {entry.day}: {codes}.")
    if usmca_claim_counts(entry):
        return _line(bases[0], entry, FREE, because=("A USMCA claim frees the goods from the base duty.",))
    return _line(bases[0], entry, bases[0].rate_on(entry.day))


def _charge(
    measure: MeasureSpec, entry: EntryFacts, base: RateLine | None
) -> tuple[RateLine | None, tuple[Reason, ...]]:
    """A measure's line, unless relief or the base leaves nothing of it; and what there is to tell."""
    found = [Reason("under_challenge", f"{measure.code}: {measure.litigation}")] if measure.litigation else []
    tier = _relief(measure, entry)
    rate, because = _rate_with_reason(measure, entry, base, tier)
    if rate == FREE:
        return None, (*found, Reason("charged_nothing", f"{measure.code} comes to 0 %. {' '.join(because)}"))
    return _line(measure, entry, rate, because=because), tuple(found)


def _rate_with_reason(
    measure: MeasureSpec, entry: EntryFacts, base: RateLine | None, tier: ReliefTier | None
) -> tuple[AdValoremRate, tuple[str, ...]]:
    if tier is not None:
        return tier.rate, (_relief_sentence(tier),)
    if measure.rate_type is RateType.FLOOR_TOTAL:
        return _top_up(measure, entry, base)
    return measure.rate_on(entry.day), ()


def _line(
    measure: MeasureSpec, entry: EntryFacts, rate: AdValoremRate, *, because: tuple[str, ...] = ()
) -> RateLine:
    share, carved = _share_of_value(measure, entry)
    return RateLine(
        measure=measure.code,
        title=measure.title,
        rate=rate,
        share_of_value=share,
        is_base=measure.rate_type is RateType.BASE,
        refundable_from=measure.refundable_from,
        legal_reference=measure.legal_reference,
        because=(*(condition.because(entry) for condition in measure.conditions), *because, *carved),
    )


def _top_up(
    measure: MeasureSpec, entry: EntryFacts, base: RateLine | None
) -> tuple[AdValoremRate, tuple[str, ...]]:
    floor = measure.rate_on(entry.day)
    base_rate = base.rate if base else FREE
    missing_part = max(floor.fraction - base_rate.fraction, Decimal(0))
    return AdValoremRate(missing_part), (f"Tops the base duty of {base_rate} up to {floor} in total.",)


def _share_of_value(measure: MeasureSpec, entry: EntryFacts) -> tuple[Decimal, tuple[str, ...]]:
    content = entry.us_content_percent
    if not measure.spares_us_content or content is None or content < US_CONTENT_THRESHOLD:
        return Decimal(1), ()
    return 1 - content / HUNDRED, (f"Taken on the value without its {content} % of US content.",)


def _relief(measure: MeasureSpec, entry: EntryFacts) -> ReliefTier | None:
    """The first tier that holds; while an earlier one is open, no later one is granted."""
    for tier in measure.relief:
        verdict = tier.judge(entry)
        if verdict is Verdict.HOLDS:
            return tier
        if verdict is Verdict.UNKNOWN:
            return None
    return None


def _open_tiers(measure: MeasureSpec, entry: EntryFacts) -> tuple[ReliefTier, ...]:
    return tuple(tier for tier in measure.relief if tier.judge(entry) is Verdict.UNKNOWN)


def _relief_sentence(tier: ReliefTier) -> str:
    by = " or ".join(sorted(tier.modes)) if tier.modes else "any mode"
    return (
        f"In transit by {by} before {tier.loaded_before} and entered before {tier.entered_before}: "
        f"{tier.rate} instead ({tier.legal_reference})."
    )


def _kept_within(measure: MeasureSpec, amount: Money) -> Money:
    if measure.minimum is not None:
        amount = max(amount, measure.minimum)
    return amount if measure.maximum is None else min(amount, measure.maximum)


def _outside(entry: EntryFacts) -> Reason:
    country = entry.import_country.country_name if entry.import_country else ""
    return Reason(
        "outside_the_law_on_record", f"No import law of {country} is on record; no measure was applied."
    )


def _refused(entry: EntryFacts, book: PolicyBook) -> list[Reason]:
    heading = entry.hts_code.heading if entry.hts_code else None
    return [Reason(each.code, each.sentence) for each in book.refused_headings if each.heading == heading]


def _renumbered(entry: EntryFacts, book: PolicyBook) -> list[Reason]:
    found = []
    for numbering in book.renumberings:
        other = numbering.other_number(entry.hts_code) if entry.hts_code else None
        is_old = bool(entry.hts_code and numbering.old.covers(entry.hts_code))
        if other and (is_old or entry.day < numbering.since):
            sentence = (
                f"{entry.hts_code} and {other} are the same goods, renumbered on {numbering.since}; "
                "measures that name either number were applied."
            )
            found.append(Reason("hts_code_renumbered", sentence))
    return found


def _after_verified_through(entry: EntryFacts, book: PolicyBook) -> list[Reason]:
    if entry.day <= book.verified_through:
        return []
    sentence = f"The law on record was checked through {book.verified_through}; what came later is not in it."
    return [Reason("after_verified_through", sentence)]
