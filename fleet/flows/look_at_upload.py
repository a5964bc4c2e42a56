"""A look at the file of an upload that is being set up: its sheets and headings, and the values nobody knows."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from fleet.flows.sheet_models import SheetModels
from fleet.flows.upload_choices import Choices
from fleet.models import Upload
from fleet.sheets import rows
from fleet.sheets.columns import COLUMNS_BY_NAME
from fleet.sheets.instructions import CORRECTABLE
from fleet.sheets.peek import Peek, peek
from fleet.sheets.rows import RowProblem, SheetReading

OF_A_LOOK = ("sheet", "heading_row", "mapping", "constants", "encoding", "delimiter")
LOOKS_REMEMBERED = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownValue:
    """A value that rows of one column share and that names nothing known: how many rows, and why."""

    column: str
    value: str
    count: int
    sentence: str
    candidates: tuple[str, ...] = ()


def look_at(upload: Upload) -> Peek:
    """What the file seems to be, with the choices made so far.

    Raises UnreadableSheet for a file that cannot be read, ValueError where a choice does not fit it.
    """
    choices = Choices.read(upload.choices)
    seen = {name: getattr(choices, name) for name in OF_A_LOOK}
    return _looked_at(upload.file.path, json.dumps(seen, sort_keys=True))


@lru_cache(maxsize=LOOKS_REMEMBERED)
def _looked_at(path: str, choices: str) -> Peek:
    """Every page of the guide looks at the file, which is kept under a random name and never changes."""
    return peek(path, **json.loads(choices))


def unknown_values(upload: Upload) -> list[UnknownValue]:
    """The values of words (models, makers, countries, statuses …) that a person can settle, the commonest first."""
    choices = Choices.read(upload.choices)
    reading = rows.read(upload.file.path, **choices.of_reading)
    models = SheetModels(reading, choices)
    words = [problem for problem in reading.problems if _column_of(problem, reading) in CORRECTABLE]
    counted = Counter(
        (_column_of(problem, reading), problem.value, problem.sentence)
        for problem in (*models.strange, *words)
    )
    return [
        UnknownValue(
            column=column, value=value, count=count, sentence=sentence, candidates=models.candidates(value)
        )
        for (column, value, sentence), count in counted.most_common()
    ]


def _column_of(problem: RowProblem, reading: SheetReading) -> str:
    column = reading.columns.get(problem.column, problem.column)
    return column if column in COLUMNS_BY_NAME else ""
