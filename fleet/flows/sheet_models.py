"""The models that a sheet's strings name; each distinct string is resolved once."""

from __future__ import annotations

from fleet.catalogue.names import How, Resolution
from fleet.flows.upload_choices import Choices
from fleet.selectors import name_index
from fleet.sheets.rows import ParsedRow, RowProblem, SheetReading


class SheetModels:
    """Resolves the models of one sheet, with the corrections that a person gave for its values.

    What cannot be resolved goes to `problems`, once a row.
    """

    def __init__(self, reading: SheetReading, choices: Choices, problems: list[RowProblem]) -> None:
        self._index = name_index()
        self._problems = problems
        self._corrected = choices.values.get("model", {})
        self._corrected_makers = choices.values.get("maker", {})
        self._resolved: dict[tuple[str, str | None], Resolution] = {}
        headings = {column: heading for heading, column in reading.columns.items()}
        self._column, self._maker_column = headings.get("model", "model"), headings.get("maker", "maker")

    def of(self, row: ParsedRow) -> Resolution:
        """What the catalogue makes of the row's model and maker."""
        key = (row.model, row.maker)
        found = self._resolved.get(key)
        if found is None:
            model = self._corrected.get(row.model, row.model)
            maker = self._corrected_makers.get(row.maker, row.maker) if row.maker else None
            found = self._resolved[key] = self._index.resolve(model, maker=maker)
        return found

    def name(self, row: ParsedRow) -> bool:
        """Whether the row names one model; what is wrong with it goes to the problems."""
        if not row.model:
            return False
        found = self.of(row)
        if found.model is not None:
            return True
        if found.how is How.OTHER_MAKER:
            column, code, value = self._maker_column, "maker_contradicts_model", row.maker or row.model
        else:
            column, code, value = self._column, f"model_{found.how.replace(' ', '_')}", row.model
        self._problems.append(RowProblem(row.number, column, code, value, _unresolved(row, found)))
        return False


def _unresolved(row: ParsedRow, found: Resolution) -> str:
    """What is wrong with a model, and which ones it could be."""
    names = " or ".join(f"{candidate.maker} {candidate.model}" for candidate in found.candidates)
    said = f"'{row.model}' by '{row.maker}'" if row.maker else f"'{row.model}'"
    lead = f"{said} names no one model of the catalogue."
    return " ".join(part for part in (lead, found.note, f"Write {names}." if names else "") if part)
