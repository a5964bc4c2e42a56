"""Sheets of known tools, recognised by their headings, and what their headings mean in them.

A new one is one more `Layout(...)` in LAYOUTS, before the generic one, with a sample file beside the tests.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from fleet.sheets.headings import folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """An export of a tool: the headings that tell it, and those that mean something else than elsewhere.

    `columns` names for a heading our column, or None where it is to be left alone; every other heading is
    matched by the synonyms of COLUMNS.
    """

    name: str
    told_by: frozenset[str] = frozenset()
    columns: Mapping[str, str | None] = field(default_factory=dict)

    def fits(self, headings: Collection[str]) -> bool:
        """Whether all the headings that tell this layout are there."""
        return {folded(heading) for heading in self.told_by} <= {folded(heading) for heading in headings}


GENERIC = Layout(name="generic")
LAYOUTS: tuple[Layout, ...] = (GENERIC,)


def layout_of(headings: Collection[str]) -> Layout:
    """The first layout that fits; the generic one fits every sheet."""
    return next(layout for layout in LAYOUTS if layout.fits(headings))
