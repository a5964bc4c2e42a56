"""A spreadsheet into an operator's fleet: read, applied and assessed before the command returns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from fleet.api.answers import nothing_new, upload_answer
from fleet.flows.progress import Onlooker, watched_by
from fleet.flows.read_upload import read_upload
from fleet.flows.upload_choices import EmptyCell, FixedValue, Key, MissingRigs, Mode, NewIdentifier
from fleet.management.answers import AnsweringCommand, operator_named
from fleet.management.progress_bar import ProgressBar
from fleet.models import Operator, Upload
from fleet.models.upload import UploadState
from fleet.services import accept_upload, register_operator
from fleet.sheets.files.delimited import DELIMITERS
from fleet.sheets.files.encodings import ENCODINGS
from risk.flows.assess_lots import assess_owed_lots


class Command(AnsweringCommand):
    help = (
        "Import a spreadsheet (.xlsx, .csv and others) into an operator's fleet and assess what it changes."
    )

    def add_questions(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--operator", required=True, help="the operator's slug")
        parser.add_argument("--create-operator", metavar="NAME", help="make the operator if there is none")
        parser.add_argument(
            "--sheet", metavar="NAME", help="the sheet to read (default: the one with headings)"
        )
        parser.add_argument(
            "--mapping", type=Path, metavar="FILE.json", help="headings to columns, null: ignored"
        )
        parser.add_argument(
            "--set", action="append", default=[], metavar="COLUMN=VALUE", help="a value for rows that lack it"
        )
        parser.add_argument(
            "--mode", choices=list(Mode), default=Mode.BOTH, help="add rigs, change rigs, or both"
        )
        parser.add_argument(
            "--empty", choices=list(EmptyCell), default=EmptyCell.KEEP, help="what empty cells mean"
        )
        parser.add_argument(
            "--missing",
            choices=list(MissingRigs),
            default=MissingRigs.LEAVE,
            help="rigs that the sheet lacks",
        )
        parser.add_argument(
            "--key", choices=list(Key), default=Key.SERIAL_NUMBER, help="what finds a rig first"
        )
        parser.add_argument(
            "--identifiers",
            choices=list(NewIdentifier),
            default=NewIdentifier.ASK,
            help="rows that seem to be rigs on record under a new serial number or MAC address",
        )
        parser.add_argument(
            "--fixed",
            choices=list(FixedValue),
            default=FixedValue.KEEP,
            help="values that a person corrected and the sheet gives otherwise",
        )
        parser.add_argument(
            "--day-order", choices=["day_first", "month_first"], help="how 03/04/2025 in text is meant"
        )
        parser.add_argument("--decimal-mark", choices=["point", "comma"], help="how 1,850 in text is meant")
        parser.add_argument("--encoding", choices=list(ENCODINGS), help="how a text file is encoded")
        parser.add_argument(
            "--delimiter", choices=list(DELIMITERS), help="what parts the cells of a text file"
        )
        parser.add_argument("--heading-row", type=int, metavar="N", help="the row with the headings")
        parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")
        parser.add_argument(
            "--accept-partial", action="store_true", help="take the right rows, leave the wrong"
        )

    def answer(self, **options: Any) -> dict[str, Any]:
        operator = self._operator(options["operator"], options["create_operator"])
        accepted = self._accepted(operator, options)
        if accepted.state == UploadState.APPLIED:
            return {**upload_answer(accepted), **nothing_new(accepted)}
        with self._shown(is_quiet=options["json"]) as show:
            upload = read_upload(accepted.pk, clock=timezone.now)
            started = perf_counter()
            if upload.state == UploadState.APPLIED:
                show({"stage": "assessing"})
                assess_owed_lots(assessed_on=timezone.localdate(), clock=timezone.now)
                upload.seconds = {**upload.seconds, "assess": round(perf_counter() - started, 3)}
                upload.save(update_fields=["seconds"])
        if upload.state == UploadState.REFUSED:
            self.refusal = upload.refusal
        return upload_answer(upload)

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer; a refused file is answered too, and then ends with its sentence and status 1."""
        self.refusal = ""
        super().handle(*args, **options)
        if self.refusal:
            raise CommandError(self.refusal, returncode=1)

    def told(self, answer: dict[str, Any]) -> str:
        counts = ", ".join(
            f"{answer[name]} {name}" for name in ("new", "changed", "unchanged", "missing", "wrong")
        )
        problems = [
            f"row {each['row']}, {each['column']}: {each['sentence']}" for each in answer["problems"][:50]
        ]
        return "\n".join([f"{answer['state']}: {answer['rows']} rows, {counts}", *problems])

    @contextmanager
    def _shown(self, *, is_quiet: bool) -> Iterator[Onlooker]:
        """The progress on a person's terminal; nowhere where a program asks or nobody looks."""
        if is_quiet or not self.stderr.isatty():
            yield lambda told: None
            return
        bar = ProgressBar(self.stderr)
        with watched_by(bar):
            try:
                yield bar
            finally:
                bar.wipe()

    def _operator(self, slug: str, name: str | None) -> Operator:
        if name and not Operator.objects.filter(slug=slug).exists():
            return register_operator(slug=slug, name=name)
        return operator_named(slug)

    def _accepted(self, operator: Operator, options: dict[str, Any]) -> Upload:
        choices = {
            "sheet": options["sheet"],
            "mapping": _mapping(options["mapping"]),
            "constants": _constants(options["set"]),
            "mode": options["mode"],
            "empty": options["empty"],
            "missing": options["missing"],
            "key": options["key"],
            "identifiers": options["identifiers"],
            "fixed": options["fixed"],
            "day_order": options["day_order"],
            "decimal_mark": options["decimal_mark"],
            "encoding": options["encoding"],
            "delimiter": options["delimiter"],
            "heading_row": options["heading_row"],
            "dry_run": options["dry_run"],
            "accept_partial": options["accept_partial"],
        }
        try:
            with options["file"].open("rb") as stream:
                return accept_upload(
                    operator=operator,
                    file=File(stream),
                    file_name=options["file"].name,
                    choices=choices,
                    in_background=False,
                )
        except OSError as wrong:
            raise CommandError(
                f"{options['file']} cannot be opened: {wrong.strerror}.", returncode=1
            ) from None


def _mapping(path: Path | None) -> dict[str, str | None] | None:
    if path is None:
        return None
    try:
        mapping = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as wrong:
        raise ValidationError(f"The mapping file {path} is not readable JSON: {wrong}.") from None
    if not isinstance(mapping, dict):
        raise ValidationError(
            f'The mapping file {path} must hold an object like {{"Serial": "serial_number"}}.'
        )
    return mapping


def _constants(given: list[str]) -> dict[str, str]:
    parted = [text.partition("=") for text in given]
    wrong = next(
        (text for text, (name, equals, _) in zip(given, parted, strict=True) if not equals or not name), None
    )
    if wrong is not None:
        raise CommandError(f"--set {wrong}: write COLUMN=VALUE, like --set site=Rockdale.", returncode=2)
    return {name.strip(): value.strip() for name, _, value in parted}
