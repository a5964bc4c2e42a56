"""What stands beside the duty and is never money: rules that charge nothing, and claims that nobody computes here."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from risk.engine.conditions.claimed import Claimed
from risk.engine.facts import EntryFacts
from risk.engine.findings import Reason, Verdict
from risk.engine.policy import MeasureKind, MeasureSpec, PolicyBook

REPAIR_HEADING = "9802"

# A claim that an entry may bear, and what is not computed of it. De minimis: 19 USC 1321, as in
# policies/us/import-restrictions/de-minimis.yaml. Repairs and alterations: heading 9802 of the HTSUS.
NOT_COMPUTED = MappingProxyType(
    {
        "de_minimis": Reason(
            "de_minimis_not_computed",
            "A de minimis entry (19 USC 1321) is not computed: the duty told is that of an ordinary entry.",
        ),
        "ftz": Reason(
            "ftz_not_computed",
            "A foreign-trade zone is not computed: the duty told is that of an entry for "
            "consumption on this day; the status in the zone and the day of admission are not looked at.",
        ),
        "repair": Reason(
            "repair_not_computed",
            "A claim for goods repaired or altered abroad (heading 9802) is not computed: it "
            "would charge the work alone, and the duty told, if any, is on the whole customs value.",
        ),
    }
)


def rules_without_duty(entry: EntryFacts, book: PolicyBook) -> tuple[Reason, ...]:
    """The restrictions of the entry's day that reach it, or could, each with what it means for an operator.

    One that waits for a finding of customs, or for a fact that is not known, is told as possible.
    """
    return tuple(
        Reason(code, _sentence(measure))
        for measure in book.in_effect_on(entry.day)
        if measure.kind is MeasureKind.IMPORT_RESTRICTION
        for code in _codes(measure, entry)
    )


def claims_not_computed(entry: EntryFacts) -> tuple[Reason, ...]:
    """A warning for each claim that the entry bears, or that its code makes, and that is not computed."""
    claims = set(entry.claims)
    if entry.hts_code and entry.hts_code.heading == REPAIR_HEADING:
        claims.add("repair")
    return tuple(reason for claim, reason in NOT_COMPUTED.items() if claim in claims)


def _codes(measure: MeasureSpec, entry: EntryFacts) -> Iterator[str]:
    """Certain, possible, or neither."""
    others = [c.judge(entry) for c in measure.conditions if not isinstance(c, Claimed)]
    if Verdict.FAILS not in others:
        verdict, _ = measure.judge(entry)
        yield "import_restriction" if verdict is Verdict.HOLDS else "import_restriction_possible"


def _sentence(measure: MeasureSpec) -> str:
    return " ".join(part for part in (f"{measure.title} ({measure.legal_reference}).", measure.means) if part)
