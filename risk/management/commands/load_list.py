"""A government list file -> an edition of that list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from fleet.management.answers import AnsweringCommand, a_day
from risk.api.screening_answers import run_answer, run_in_words
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.load_list import LoadedList, format_named, load_list
from risk.flows.screen_vendors import screen_vendors
from risk.lists import FORMATS, ListFormat

# What a companion is called where it lies beside the list.
BESIDE = {
    "alt": "alt.csv",
    "add": "add.csv",
    "comments": "sdn_comments.csv",
    "consolidated": "cons_enhanced.xml",
}


class Command(AnsweringCommand):
    help = (
        "Read a government list into a new edition and screen the vendors against what it changes. "
        "A cut, empty or older file is refused and changes nothing."
    )

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("format", help=f"one of {', '.join(FORMATS)}")
        parser.add_argument("file", type=Path)
        parser.add_argument("--as-of", type=a_day, help="the day of the data, where the file does not say it")
        parser.add_argument(
            "--companion",
            action="append",
            default=[],
            metavar="PART=FILE",
            help="a companion file (default: alt.csv, add.csv, sdn_comments.csv, cons_enhanced.xml beside FILE)",
        )
        parser.add_argument(
            "--cut-down", action="store_true", help="a sample: fewer parties than the list has ever had"
        )

    def answer(self, **options: Any) -> dict[str, Any]:
        form = format_named(options["format"])
        loaded = load_list(
            form=form,
            file=options["file"],
            companions=_companions(form, options["file"], options["companion"]),
            as_of=options["as_of"],
            at=timezone.now(),
            floors={} if options["cut_down"] else None,
        )
        runs = screen_vendors(clock=timezone.now)
        assess_owed_lots(assessed_on=timezone.localdate(), clock=timezone.now)
        return _told(loaded) | {"screening": [run_answer(run) for run in runs]}

    def told(self, answer: dict[str, Any]) -> str:
        counts = ", ".join(f"{len(answer[name])} {name}" for name in ("added", "changed", "removed"))
        loaded = f"{answer['format']} as of {answer['as_of']}: {counts}, {answer['unchanged']} unchanged"
        return "\n".join([loaded, *(run_in_words(run) for run in answer["screening"])])


def _companions(form: ListFormat, file: Path, given: list[str]) -> dict[str, Path]:
    beside = {part: file.with_name(BESIDE[part]) for part in form.companions}
    found = {part: path for part, path in beside.items() if path.is_file() and path != file}
    for text in given:
        part, _, path = text.partition("=")
        if part not in form.companions or not path:
            parts = ", ".join(form.companions) or "none"
            raise CommandError(
                f"'{text}' names no companion of {form.name}; there are {parts}.", returncode=2
            )
        found[part] = Path(path)
    return found


def _told(loaded: LoadedList) -> dict[str, Any]:
    edition = loaded.edition
    return {
        "format": edition.format,
        "edition": edition.number,
        "as_of": edition.data_date.isoformat(),
        "sha256": edition.sha256,
        "rows": edition.rows,
        "added": [f"{code} {number}" for code, number in loaded.added],
        "changed": [f"{code} {number}" for code, number in loaded.changed],
        "removed": [f"{code} {number}" for code, number in loaded.removed],
        "unchanged": loaded.unchanged,
    }
