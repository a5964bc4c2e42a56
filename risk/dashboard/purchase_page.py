"""An answer about a purchase as the console shows and prints it: the JSON that was given, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from risk.dashboard import words
from risk.engine.shares import MEASURES
from risk.engine.terms.money import Money

LINES_IN_FULL = 50
KINDS = {"any": "Exposed", "tariff": "by tariff", "sanction": "by sanction", "watch": "watched"}
VERDICTS = {"allow": "Allowed", "ask": "Ask first", "refuse": "Refused"}
Told = Mapping[str, Any]
ShareShift = tuple[str, str, str]
"""A measure, and a share of it before and with the purchase."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRow:
    """One measure, or one fee."""

    title: str
    measure: str
    rate: str
    duty: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRow:
    """The maker or the vendor, and why lists reach it so far."""

    role: str
    name: str
    level: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One line; amounts in words."""

    number: int
    title: str
    vendor: str
    origin: str
    entry: str
    verdict: str
    word: str
    because: tuple[str, ...]
    value: str
    duty: str
    fees: str
    landed: str
    unit_cost: str
    rate: str
    level: str
    band: str
    rows: tuple[DutyRow, ...]
    parties: tuple[PartyRow, ...]
    doubts: tuple[str, ...]
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchasePage:
    """The whole answer. `in_full` are the first lines, with all that is said of them."""

    verdict: str
    word: str
    because: tuple[str, ...]
    totals: tuple[tuple[str, str], ...]
    duty: tuple[DutyRow, ...]
    shares: tuple[tuple[str, tuple[ShareShift, ...]], ...]
    lines: tuple[LineRow, ...]
    in_full: tuple[LineRow, ...]
    limits: tuple[str, ...]
    rests_on: Told
    lists: tuple[tuple[str, str], ...]


def purchase_page(told: Told) -> PurchasePage:
    """The page of an answer."""
    lines = tuple(_line(line) for line in told["lines"])
    return PurchasePage(
        verdict=told["verdict"],
        word=VERDICTS[told["verdict"]],
        because=_because(told),
        totals=tuple(_totals(told)),
        duty=(*(_duty(row) for row in told["duty"]), *(_fee(fee) for fee in _fees(told))),
        shares=tuple(_shares(told["exposure"])),
        lines=lines,
        in_full=lines[:LINES_IN_FULL],
        limits=tuple(limit["words"] for limit in told["rests_on"]["limits"]),
        rests_on=told["rests_on"],
        lists=tuple(told["rests_on"]["list_editions"].items()),
    )


def complaints_of(errors: Any, place: str = "") -> list[str]:
    """What is wrong with a question, each in a sentence that names its line (from 1) and field."""
    if isinstance(errors, list):
        return [f"{place}{each}" for each in errors]
    found: list[str] = []
    for name, each in errors.items():
        if isinstance(name, int):
            found += complaints_of(each, f"Line {name + 1}, ")
        else:
            is_whole = name in ("lines", "non_field_errors")
            found += complaints_of(
                each, place if is_whole else f"{place}{words.fact_in_words(name) or name}: "
            )
    return found


def _because(told: Told) -> tuple[str, ...]:
    """Each sentence once, with the limit that it speaks for."""
    return tuple(dict.fromkeys(f"{each['sentence']} ({each['limit']})" for each in told["because"]))


def _totals(told: Told) -> Iterator[tuple[str, str]]:
    totals = told["totals"]
    yield "Rigs", words.whole(totals["quantity"])
    yield "Customs value", _money(totals["customs_value"])
    yield "Duty", _money(totals["total_duty"])
    yield "Fees", _money(totals["total_fees"])
    yield "Landed cost", _money(totals["landed_cost"])
    yield "Lines in doubt", f"{totals['lines_in_doubt']} of {totals['lines']}"


def _fees(told: Told) -> Iterator[Told]:
    return (fee for entry in told["entries"] for fee in entry["fees"] or ())


def _duty(row: Told) -> DutyRow:
    rate = f"{row['rate_percent']} %" if "rate_percent" in row else ""
    return DutyRow(
        title=row["title"],
        measure=row["measure"],
        rate=rate,
        duty=_money(row["duty"]),
        citation=row["legal_reference"],
    )


def _fee(fee: Told) -> DutyRow:
    return DutyRow(
        title=fee["title"],
        measure=fee["measure"],
        rate="fee",
        duty=_money(fee["amount"]),
        citation=fee["legal_reference"],
    )


def _shares(exposure: Told) -> Iterator[tuple[str, tuple[ShareShift, ...]]]:
    """Each kind of exposure by each measure, before and with the purchase; and what is unknown."""
    before, after = exposure["before"], exposure["after"]
    for kind, title in KINDS.items():
        yield title, tuple(_shift(before["exposed"][kind], after["exposed"][kind]))
    yield "Unknown", tuple(_shift(before["bar"]["unknown"], after["bar"]["unknown"]))


def _shift(before: Told, after: Told) -> Iterator[ShareShift]:
    for measure in MEASURES:
        share = f"share_of_{measure}"
        yield measure, _share(before[share]), _share(after[share])


def _line(line: Told) -> LineRow:
    model, vendor = line["model"], line["vendor"]
    named = f"{model['maker']} {model['model']}" if model["model"] else f"{model['asked']} (unknown)"
    return LineRow(
        number=line["line"] + 1,
        title=f"{words.whole(line['quantity'])} × {named}",
        vendor=vendor["name"] or f"{vendor['asked'] or 'nobody named'} (unknown)",
        origin=words.country(line["origin"]),
        entry=line["entry_date"] or "none",
        verdict=line["verdict"],
        word=VERDICTS[line["verdict"]],
        because=_because(line),
        value=_money(line["customs_value"]),
        duty=_money(line["total_duty"]),
        fees=_money(line["fees"]),
        landed=_money(line["landed_cost"]),
        unit_cost=_money(line["landed_unit_cost"]),
        rate=words.NOT_KNOWN
        if line["additional_rate_percent"] is None
        else f"{line['additional_rate_percent']} %",
        level=line["sanction"]["level"],
        band=line["band"],
        rows=tuple(_duty(row) for row in line["duty"]["lines"]) if line["duty"] else (),
        parties=tuple(_party(party) for party in line["sanction"]["parties"]),
        doubts=tuple(_doubts(line)),
        findings=tuple(reason["sentence"] for reason in line["findings"]),
    )


def _party(party: Told) -> PartyRow:
    return PartyRow(
        role=party["role"],
        name=party["name"] or "not named",
        level=party["level"],
        reasons=tuple(reason["sentence"] for reason in party["reasons"]),
    )


def _doubts(line: Told) -> Iterator[str]:
    """What would settle the line, with the duty above the base rate at best and at worst where money is known."""
    yield from (each for each in (line["model"]["sentence"], line["vendor"]["sentence"]) if each)
    for doubt in line["doubts"]:
        best, worst = doubt["best_duty"], doubt["worst_duty"]
        money = f" In money {_money(best)} to {_money(worst)}." if best and worst else ""
        yield f"{doubt['sentence']}{money}"


def _money(text: str | None) -> str:
    """To the cent, for it is what is paid: "$245,700.00"."""
    return words.NOT_KNOWN if text is None else words.exact_dollars(Money.parse(text))


def _share(text: str | None) -> str:
    return words.percent(None if text is None else Decimal(text))
