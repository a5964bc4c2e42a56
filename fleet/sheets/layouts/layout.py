"""What a layout is: an export of a tool, the headings that tell it, and what they mean in it."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from fleet.sheets.headings import folded


def spelled(headings: str) -> frozenset[str]:
    """The headings of a line, as a tool writes it."""
    return frozenset(heading.strip() for heading in headings.split(","))


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """An export of a tool: the headings that tell it, and those that mean something else than elsewhere.

    `columns` names for a heading our column, or None where it is to be left alone; every other heading is
    matched by the synonyms of COLUMNS. `live` are headings whose cells say how the machine runs at the
    moment; they are left alone with a warning, because what a machine does now is no fact of the rig: one
    that is re-flashed hashes at 176 % of its rating, one that stands still at 0. `advice` is added to the
    sentence where the export lacks a column that is needed. With `refusal` the sheet is not read at all.
    """

    name: str
    tool: str
    told_by: frozenset[str] = frozenset()
    columns: Mapping[str, str | None] = field(default_factory=dict)
    live: frozenset[str] = frozenset()
    advice: str = ""
    refusal: str = ""

    def fits(self, words: Set[str]) -> bool:
        """Whether all the headings that tell this layout are among these, which are folded."""
        return {folded(heading) for heading in self.told_by} <= words

    def is_live(self, heading: str) -> bool:
        """Whether what stands under the heading is of the moment only."""
        return folded(heading) in {folded(live) for live in self.live}

    def says(self, heading: str) -> tuple[bool, str | None]:
        """Whether the layout says anything of the heading, and the column that it means, or None."""
        word = folded(heading)
        if self.is_live(heading):
            return True, None
        return next(
            ((True, name) for known, name in self.columns.items() if folded(known) == word), (False, None)
        )
