"""What the sender of a file says beside it: which sheet, which columns, what words mean, values for every row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from fleet.sheets.cells.dates import DayOrder
from fleet.sheets.cells.numbers import DecimalMark
from fleet.sheets.cells.raw import Noted, is_blank, trimmed
from fleet.sheets.column import Column, ColumnContext
from fleet.sheets.files.delimited import DELIMITERS, GUESSED, TextForm
from fleet.sheets.files.encodings import ENCODINGS
from fleet.sheets.headings import column_named, folded, is_secret

# The columns of words, where one spelling may stand in many rows: a person says once what it means.
CORRECTABLE = (
    *("model", "maker", "status", "transport_mode", "usmca_claim", "currency"),
    *("country_of_assembly", "country_of_origin", "hashboard_origin", "import_country"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instructions:
    """Checked before the file is opened: `mapping` by folded heading, `constants` by column name."""

    sheet: str | None = None
    mapping: Mapping[str, Column | None] = field(default_factory=dict)
    spelled: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, object] = field(default_factory=dict)
    day_order: DayOrder | None = None
    decimal_mark: DecimalMark | None = None
    heading_row: int | None = None
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    form: TextForm = GUESSED

    @classmethod
    def checked(
        cls,
        *,
        sheet: str | None,
        mapping: Mapping[str, str | None] | None,
        constants: Mapping[str, str] | None,
        day_order: DayOrder | str | None,
        decimal_mark: DecimalMark | str | None = None,
        heading_row: int | None = None,
        values: Mapping[str, Mapping[str, str]] | None = None,
        encoding: str | None = None,
        delimiter: str | None = None,
    ) -> Self:
        """Raises ValueError with a sentence for a column that is none, or a value that its column cannot
        take.
        """
        order, mark = _day_order(day_order), _decimal_mark(decimal_mark)
        return cls(
            sheet=sheet or None,
            mapping=_mapping(mapping or {}),
            spelled={folded(heading): heading for heading in mapping or {}},
            constants=_constants(constants or {}, order, mark),
            day_order=order,
            decimal_mark=mark,
            heading_row=_heading_row(heading_row),
            values=_values(values or {}),
            form=_form(encoding, delimiter),
        )

    def maps(self, heading: str) -> bool:
        """Whether the sender says what the heading means, or that it is to be left alone."""
        return folded(heading) in self.mapping


def _day_order(order: DayOrder | str | None) -> DayOrder | None:
    try:
        return DayOrder(order) if order else None
    except ValueError:
        raise ValueError(f"'{order}' is no order of days; write {' or '.join(DayOrder)}.") from None


def _mapping(mapping: Mapping[str, str | None]) -> dict[str, Column | None]:
    columns = {heading: None if name is None else column_named(name) for heading, name in mapping.items()}
    taken: dict[str, str] = {}
    for heading, column in columns.items():
        if column is not None and is_secret(heading):
            raise ValueError(
                f"'{heading}' names a pool, a worker or a password; such a column is never read."
            )
        if column is not None and taken.setdefault(column.name, heading) != heading:
            both = f"'{taken[column.name]}' and '{heading}'"
            raise ValueError(f"{both} are both mapped to {column.name}; map one of them to null.")
    return {folded(heading): column for heading, column in columns.items()}


def _decimal_mark(mark: DecimalMark | str | None) -> DecimalMark | None:
    try:
        return DecimalMark(mark) if mark else None
    except ValueError:
        raise ValueError(f"'{mark}' is no decimal mark; write {' or '.join(DecimalMark)}.") from None


def _form(encoding: str | None, delimiter: str | None) -> TextForm:
    if encoding and encoding not in ENCODINGS:
        raise ValueError(
            f"'{encoding}' is no encoding that is known here; write one of {', '.join(ENCODINGS)}."
        )
    if delimiter and delimiter not in DELIMITERS:
        raise ValueError("Cells are parted by a comma, a semicolon, a tab or a bar (|); write one of these.")
    return TextForm(encoding or None, delimiter or None)


def _values(values: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
    for name in values:
        if name not in CORRECTABLE:
            raise ValueError(
                f"Values of '{name}' are not corrected by word; those of {', '.join(CORRECTABLE)} are."
            )
    return {name: {trimmed(said): meant for said, meant in each.items()} for name, each in values.items()}


def _heading_row(number: int | None) -> int | None:
    if number is not None and (isinstance(number, bool) or not isinstance(number, int) or number < 1):
        raise ValueError(f"'{number}' is no row; give the number of the row with the headings, 1 or more.")
    return number


def _constants(
    constants: Mapping[str, str], order: DayOrder | None, mark: DecimalMark | None
) -> dict[str, object]:
    return {name.strip(): _constant(name, text, order, mark) for name, text in constants.items()}


def _constant(name: str, text: str, order: DayOrder | None, mark: DecimalMark | None) -> object:
    column = column_named(name)
    if column.is_of_one_rig:
        raise ValueError(f"{column.name} differs from rig to rig; it cannot be given once for all.")
    if is_blank(text, column.blank_words):
        raise ValueError(f"{column.name} is given without a value; {column.holds}")
    try:
        context = ColumnContext(cells=(text,), day_order=order, decimal_mark=mark)
        value = column.reader(context)(text)
    except ValueError as error:
        raise ValueError(f"{column.name}: {error}") from None
    return value.value if isinstance(value, Noted) else value
