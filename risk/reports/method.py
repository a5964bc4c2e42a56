"""How the numbers of a report were worked out, and what to doubt in them; the long form is docs/scoring.md."""

from __future__ import annotations

from risk.reports.document import Words


def parts(threshold: str) -> dict[str, str]:
    """What each part of the one bar means; `threshold` is the operator's, in words."""
    return {
        "sanction": "a list restricts or blocks the maker",
        "tariff": f"duty above the base rate is over {threshold}",
        "unknown": "a missing fact could make it exposed",
        "watch": "the maker is tied to a listed party",
        "clear": "nothing found, and everything known",
    }


def method(threshold: str) -> Words:
    """What is counted how."""
    return Words(
        title="Method",
        paragraphs=(
            "Lot: all rigs that agree on every fact that policy looks at. Retired and sold rigs are outside of the "
            "fleet, but not outside contingent and refundable duty: their entries stay open.",
            f"Exposed: the duty above the base rate is over {threshold}, or a list restricts or blocks the maker. "
            "In the one bar every lot is counted once: sanction, else tariff, else unknown, else watch, else clear.",
            "Shares: of rigs, hashrate, power and customs value. A rig without a figure leaves both sides of that "
            "share.",
            "Duty: rates are shares of one customs value, each measure rounded once to the cent. The four amounts "
            "answer four questions and are never added together.",
            "Through time: today's fleet under the law of each day since 1 July 2018; it tells what the law did, not "
            "how the fleet grew.",
        ),
    )


def doubt(is_screened: bool) -> Words:
    """What the report does not know."""
    screened = (
        "Makers were screened by name, and hits were decided by people; a party under a name that nobody has on "
        "record is not found."
        if is_screened
        else "No maker was screened against a fresh government list, so none counts as clear."
    )
    return Words(
        title="Doubt",
        paragraphs=(
            "Unknown: what is not known is never counted as clean and never as nothing. Sums leave it out and say "
            "how many lots they leave out.",
            f"Screening: {screened}",
            "Law: as it stood on record through the day that is printed as verified; later changes are not in it.",
            "No legal advice: each measure's citation and confidence stand beside its rate in the product.",
        ),
    )
