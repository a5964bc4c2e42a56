"""An upload's own sheet back to its sender, with every problem marked and a reason beside it.

The file is read again: an upload keeps the first thousand problems of a kind, the sheet is to have them all.
"""

from __future__ import annotations

from typing import IO

from django.core.exceptions import ValidationError

from fleet.flows.sheet_models import SheetModels
from fleet.flows.upload_choices import Choices
from fleet.models import Upload
from fleet.sheets import rows
from fleet.sheets.report import write_report
from fleet.sheets.rows import RowProblem, SheetReading
from fleet.sheets.wrecks import UnreadableSheet


def write_problem_workbook(upload: Upload, target: IO[bytes], *, only_wrong: bool = False) -> None:
    """Write the marked workbook of an upload, of its wrong rows alone if that is asked.

    Raises ValidationError with a sentence where there is no sheet to mark: the file could not be read at
    all, or is kept no more.
    """
    choices = Choices.read(upload.choices)
    try:
        reading = rows.read(upload.file.path, **choices.of_reading)
    except (UnreadableSheet, ValueError) as wreck:
        raise ValidationError(f"No row can be marked. {wreck}", code="nothing_to_mark") from None
    further = _further(upload, reading, choices)
    write_report(upload.file.path, reading, target, further=further, only_wrong=only_wrong)


def _further(upload: Upload, reading: SheetReading, choices: Choices) -> list[RowProblem]:
    """What reading alone does not find: strange models, all of them, and what the check found in the fleet."""
    strange = SheetModels(reading, choices).strange
    found = {(problem.row, problem.column, problem.code) for problem in (*reading.problems, *strange)}
    kept = upload.problems.filter(is_warning=False).order_by("row", "pk")
    return strange + [
        RowProblem(each.row, each.column, each.code, each.value, each.sentence)
        for each in kept
        if (each.row, each.column, each.code) not in found
    ]
