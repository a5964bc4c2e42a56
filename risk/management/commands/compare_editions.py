"""Two policy editions -> what the one says differently from the other."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser

from fleet.management.answers import AnsweringCommand
from risk.book import book_of
from risk.management.editions import edition_numbered
from risk.policy_files import compare


class Command(AnsweringCommand):
    help = "Tell what an edition adds, ends, changes and removes against another (the current one, if not given)."

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("edition", type=int, help="the number of the edition in question")
        parser.add_argument("--with", dest="other", type=int, metavar="EDITION", help="compare with this one")

    def answer(self, **options: Any) -> dict[str, Any]:
        edition, other = edition_numbered(options["edition"]), edition_numbered(options["other"])
        found = compare(book_of(edition), book_of(other))
        return {
            "edition": edition.number,
            "with": other.number,
            "counts": found.counts | {"unchanged": found.unchanged},
            "measures": [asdict(change) for change in found.measures],
            "classification": list(found.classification),
        }

    def told(self, answer: dict[str, Any]) -> str:
        counts = ", ".join(f"{count} {deed}" for deed, count in answer["counts"].items())
        lines = [f"Edition {answer['edition']} against edition {answer['with']}: {counts}"]
        for change in answer["measures"]:
            lines += [change["sentence"], *(f"  {each['sentence']}" for each in change["fields"])]
        return "\n".join([*lines, *answer["classification"]])
