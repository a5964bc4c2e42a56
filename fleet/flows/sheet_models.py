"""The models that a sheet's strings name; each distinct string is resolved once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TypeVar

from fleet.catalogue.names import How, Resolution
from fleet.flows.upload_choices import Choices
from fleet.selectors import name_index
from fleet.sheets.reading import RowProblem, SheetReading

T = TypeVar("T")


class SheetModels:
    """Resolves the models of one sheet, with the corrections that a person gave for its values."""

    def __init__(self, reading: SheetReading, choices: Choices) -> None:
        self._reading = reading
        self._corrected = choices.values.get("model", {})
        self._corrected_makers = choices.values.get("maker", {})
        headings = {column: heading for heading, column in reading.columns.items()}
        self._column, self._maker_column = headings.get("model", "model"), headings.get("maker", "maker")

    def of_each(self, answer: Callable[[Resolution], T]) -> list[T]:
        """What `answer` makes of each row's model and maker, as the catalogue knows them; asked once for each
        distinct string.
        """
        answers = {named: answer(found) for named, found in self._resolved.items()}
        return [answers[named] for named in self._named]

    @property
    def strange(self) -> list[RowProblem]:
        """What is wrong with the models, once a row; a row without a model is wrong already."""
        return list(self._complaints()) if any(not self._is_right(named) for named in self._resolved) else []

    def candidates(self, value: str) -> tuple[str, ...]:
        """The models that a value of the model column may mean, the likeliest first."""
        found = {
            f"{each.maker} {each.model}": None
            for (model, _), resolution in self._resolved.items()
            if model == value
            for each in resolution.candidates
        }
        return tuple(found)

    @cached_property
    def _named(self) -> list[tuple[str, str | None]]:
        return list(zip(self._reading.cells["model"], self._reading.cells["maker"], strict=True))

    @cached_property
    def _resolved(self) -> dict[tuple[str, str | None], Resolution]:
        index = name_index()
        return {
            (model, maker): index.resolve(
                self._corrected.get(model, model),
                maker=self._corrected_makers.get(maker, maker) if maker else None,
            )
            for model, maker in set(self._named)
        }

    def _is_right(self, named: tuple[str, str | None]) -> bool:
        return not named[0] or self._resolved[named].model is not None

    def _complaints(self) -> Iterator[RowProblem]:
        for number, named in zip(self._reading.numbers, self._named, strict=True):
            if not self._is_right(named):
                yield self._complaint(number, *named)

    def _complaint(self, number: int, model: str, maker: str | None) -> RowProblem:
        found = self._resolved[(model, maker)]
        sentence = _unresolved(model, maker, found)
        if found.how is How.OTHER_MAKER:
            code, value = "maker_contradicts_model", maker or model
            return RowProblem(number, self._maker_column, code, value, sentence)
        return RowProblem(number, self._column, f"model_{found.how.replace(' ', '_')}", model, sentence)


def _unresolved(model: str, maker: str | None, found: Resolution) -> str:
    """What is wrong with a model, and which ones it could be."""
    names = " or ".join(f"{candidate.maker} {candidate.model}" for candidate in found.candidates)
    said = f"'{model}' by '{maker}'" if maker else f"'{model}'"
    lead = f"{said} names no one model of the catalogue."
    return " ".join(part for part in (lead, found.note, f"Write {names}." if names else "") if part)
