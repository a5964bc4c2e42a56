"""The door for files: a path in, sheets of raw cells out; any wreck is one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

from fleet.sheets.files.delimited import GUESSED, DelimitedFile, TextForm
from fleet.sheets.files.guarded import GuardedWorkbook
from fleet.sheets.files.kinds import Container, container_of
from fleet.sheets.files.limits import DEFAULT_LIMITS, Limits
from fleet.sheets.files.sheet_rows import SheetTab
from fleet.sheets.wrecks import UnreadableSheet

Workbook: TypeAlias = GuardedWorkbook | DelimitedFile


def open_workbook(path: Path | str, limits: Limits = DEFAULT_LIMITS, form: TextForm = GUESSED) -> Workbook:
    """A workbook to be used in a `with` block; what it is is told by the file's content, not by its name.

    `form` says how a text file is read; for a workbook it means nothing.

    Raises UnreadableSheet, here or while its sheets are read.
    """
    path = Path(path)
    _refuse_what_is_no_file(path, limits)
    if container_of(path) is Container.TEXT:
        return DelimitedFile(path, limits, form)
    return GuardedWorkbook(path, limits)


def tab_named(tabs: tuple[SheetTab, ...], name: str) -> SheetTab:
    """The sheet of that name, in any case. Raises UnreadableSheet (`no_such_sheet`), which names those there
    are.
    """
    for tab in tabs:
        if tab.name.strip().casefold() == name.strip().casefold() and name.strip():
            return tab
    there_are = ", ".join(f"'{tab.name}'" for tab in tabs if tab.name)
    raise UnreadableSheet(
        "no_such_sheet",
        f"There is no sheet '{name}'; the workbook has {there_are}."
        if there_are
        else f"There is no sheet '{name}': a text file has no sheets by name, so leave it out.",
    )


def _refuse_what_is_no_file(path: Path, limits: Limits) -> None:
    if not path.is_file():
        raise UnreadableSheet("no_such_file", f"There is no file '{path}'; check its name and folder.")
    if path.stat().st_size > limits.file_bytes:
        raise UnreadableSheet(
            "too_large",
            f"The file has {path.stat().st_size / 10**6:,.1f} MB, the limit is "
            f"{limits.file_bytes / 10**6:,.1f} MB; send it in parts, or without pictures and further sheets.",
        )
