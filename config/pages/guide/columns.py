"""What each column of the file is, and what the file lacks and every row gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from config.pages.guide.question import Asking, Step
from fleet.models import SavedMapping, Site
from fleet.sheets.column import Column
from fleet.sheets.columns import COLUMNS
from fleet.sheets.instructions import Instructions
from fleet.sheets.peek import PeekedColumn, Why

LEFT_OUT = "-"
UNSETTLED = (Why.UNKNOWN, Why.CONTENT)
WHY = {
    Why.CHOSEN: "as you chose",
    Why.LAYOUT: "as this tool means it",
    Why.HEADING: "by its heading",
    Why.CONTENT: "a proposal, from what its cells look like",
    Why.LIVE: "how the machine runs at the moment, which is nothing of record",
    Why.TAKEN: "another column gives the same",
    Why.UNKNOWN: "not known yet",
}
GIVEN_OFTEN = (
    *("site", "model", "country_of_origin", "country_of_assembly", "import_country"),
    *("entry_date", "entry_number", "purchase_order"),
)
GIVEN = tuple(column for column in COLUMNS if not column.is_of_one_rig)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedColumn:
    """A column of theirs beside the choice of ours; `chosen` is "" where a person has to say."""

    theirs: PeekedColumn
    name: str
    chosen: str
    why: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A value for the whole file."""

    column: Column
    name: str
    value: str
    error: str


def _shown(asking: Asking) -> dict[str, Any]:
    peek = asking.peek
    given = [_given(asking, column) for column in GIVEN]
    open_columns = [column for column in peek.columns if column.heading and column.why is not Why.SECRET]
    saved = SavedMapping.objects.of(asking.visit.operator).filter(heading_set=peek.heading_set).first()
    return {
        "peek": peek,
        "asked": [_asked(asking, column) for column in open_columns],
        "secrets": [column.heading for column in peek.columns if column.why is Why.SECRET],
        "ours": COLUMNS,
        "given": [each for each in given if each.column.name in GIVEN_OFTEN],
        "given_rarely": [each for each in given if each.column.name not in GIVEN_OFTEN],
        "sites": Site.objects.of(asking.visit.operator).order_by("name").values_list("name", flat=True),
        "saved": saved,
    }


def _asked(asking: Asking, theirs: PeekedColumn) -> AskedColumn:
    name = f"column-{theirs.place}"
    return AskedColumn(
        theirs=theirs,
        name=name,
        chosen=asking.chosen(name, _standing(theirs)),
        why=theirs.because or WHY.get(theirs.why, ""),
        error=asking.errors.get(name, ""),
    )


def _standing(theirs: PeekedColumn) -> str:
    if theirs.why in UNSETTLED:
        return theirs.proposed or ""
    return theirs.column or LEFT_OUT


def _given(asking: Asking, column: Column) -> Given:
    name = f"given-{column.name}"
    before = asking.upload.choices.get("constants", {}).get(column.name, "")
    return Given(
        column=column, name=name, value=asking.chosen(name, before), error=asking.errors.get(name, "")
    )


def _chosen(asking: Asking) -> dict[str, Any]:
    mapping, wrong = _mapping(asking)
    constants, wrong_too = _constants(asking)
    if wrong or wrong_too:
        raise ValidationError(wrong | wrong_too)
    Instructions.checked(sheet=None, mapping=mapping, constants=constants, day_order=None)
    asking.upload.choices = {**asking.upload.choices, "mapping": mapping, "constants": constants}
    del asking.peek  # with these choices the file may lack nothing any more
    if asking.peek.lacks:
        raise ValueError(
            f"The sheet has no column for {asking.peek.lacks}; choose one, or give it for the whole file."
        )
    return {"mapping": mapping or None, "constants": constants or None}


def _mapping(asking: Asking) -> tuple[dict[str, str | None], dict[str, str]]:
    """What a person says otherwise than the file, and the columns that nobody settled."""
    mapping: dict[str, str | None] = {}
    wrong: dict[str, str] = {}
    for theirs in asking.peek.columns:
        if not theirs.heading or theirs.why is Why.SECRET:
            continue
        said = asking.chosen(f"column-{theirs.place}")
        if not said:
            wrong[f"column-{theirs.place}"] = f"Say what '{theirs.heading}' is, or leave it out."
        elif said != _standing(theirs) or theirs.why in (*UNSETTLED, Why.CHOSEN):
            mapping[theirs.heading] = None if said == LEFT_OUT else said
    return mapping, wrong


def _constants(asking: Asking) -> tuple[dict[str, str], dict[str, str]]:
    given = {
        column.name: asking.chosen(f"given-{column.name}").strip()
        for column in COLUMNS
        if not column.is_of_one_rig
    }
    constants = {name: value for name, value in given.items() if value}
    wrong: dict[str, str] = {}
    for name, value in constants.items():
        try:
            order = asking.upload.choices.get("day_order")
            Instructions.checked(sheet=None, mapping=None, constants={name: value}, day_order=order)
        except ValueError as error:
            wrong[f"given-{name}"] = str(error).removeprefix(f"{name}: ")
    return constants, wrong


COLUMNS_STEP = Step(slug="columns", shown=_shown, chosen=_chosen)
