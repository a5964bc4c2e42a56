"""The duty on one entry, line by line."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import CommandError, CommandParser

from fleet.management.answers import AnsweringCommand, a_day, read_as
from risk.api.answers import duty_answer
from risk.book import book_of
from risk.engine.beside_duty import NOT_COMPUTED
from risk.engine.duty import NoBaseRate
from risk.engine.facts import UNITED_STATES, EntryFacts
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import HtsCode
from risk.engine.terms.money import Money
from risk.engine.terms.rigs import TransportMode
from risk.management.editions import edition_numbered


class Command(AnsweringCommand):
    help = "What US customs charges on an entry: every measure that bites, with its citation and reasons."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--hts", required=True, type=read_as(HtsCode.parse), help="HTS code, 8 or 10 digits"
        )
        parser.add_argument(
            "--origin", required=True, type=read_as(CountryCode.parse), help="country of origin"
        )
        parser.add_argument("--entry-date", required=True, type=a_day, help="day of entry, like 2025-06-10")
        parser.add_argument(
            "--value", required=True, type=read_as(_a_value), help="customs value in USD, in total"
        )
        parser.add_argument("--mode", type=read_as(_a_mode), help="air, vessel, truck or rail")
        parser.add_argument("--loaded-date", type=a_day, help="day of loading on the final mode of transit")
        parser.add_argument(
            "--us-content", type=read_as(_a_percentage), help="US content in percent of the value"
        )
        parser.add_argument("--usmca", action="store_true", help="a USMCA claim is made")
        parser.add_argument(
            "--claim",
            action="append",
            default=[],
            help=f"code of a measure claimed or found; or one that is not computed: {', '.join(NOT_COMPUTED)}",
        )
        parser.add_argument(
            "--edition", type=int, help="number of a policy edition (default: the current one)"
        )

    def answer(self, **options: Any) -> dict[str, Any]:
        book = book_of(edition_numbered(options["edition"]))
        _refuse_unknown_claims(
            options["claim"], {measure.code for measure in book.measures} | {*NOT_COMPUTED}
        )
        entry = EntryFacts(
            day=options["entry_date"],
            import_country=UNITED_STATES,
            hts_code=options["hts"],
            country_of_origin=options["origin"],
            transport_mode=options["mode"],
            loaded_date=options["loaded_date"],
            us_content_percent=options["us_content"],
            usmca_claim=options["usmca"],
            claims=frozenset(options["claim"]),
            customs_value=options["value"],
        )
        try:
            return duty_answer(entry, book, options["value"])
        except NoBaseRate as unknown:
            raise CommandError(f"{unknown} ({unknown.code})", returncode=1) from None

    def told(self, answer: dict[str, Any]) -> str:
        lines = [
            f"{line['rate_percent']:>7} %  {line['duty']:>14}  {line['measure']}" for line in answer["lines"]
        ]
        total = f"{answer['total_rate_percent']:>7} %  {answer['total_duty']:>14}  in total"
        fees = [f"{'fee':>9}  {fee['amount']:>14}  {fee['measure']}" for fee in answer["fees"]]
        return "\n".join([*lines, total, *fees, *(warning["sentence"] for warning in answer["warnings"])])


def _refuse_unknown_claims(claims: list[str], known: set[str]) -> None:
    unknown = [code for code in claims if code not in known]
    if unknown:
        raise CommandError(f"The edition has no measure {', '.join(unknown)} to claim.", returncode=1)


def _a_mode(text: str) -> TransportMode:
    try:
        return TransportMode(text.strip().lower())
    except ValueError:
        raise ValueError(f"'{text}' is no mode of transport; write air, vessel, truck or rail.") from None


def _a_value(text: str) -> Money:
    value = Money.parse(text)
    if value.cents < 0:
        raise ValueError(f"'{text}' is negative; a customs value is 0 or more.")
    return value


def _a_percentage(text: str) -> Decimal:
    try:
        percent = Decimal(text)
    except InvalidOperation:
        percent = Decimal(-1)
    if not 0 <= percent <= 100:
        raise ValueError(f"'{text}' is no percentage; write a number from 0 to 100.")
    return percent
