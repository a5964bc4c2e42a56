"""The process that opens workbooks, fenced in by limits on memory and time: `python -m
fleet.sheets.files.guarded_child`.

Calamine is fast, but a workbook of 2 kB with cells in two far corners makes it abort the whole process, and
no `except` can stop that (python-calamine 0.9.1; tafia/calamine issue 693). Here it is this process that
dies, and the parent turns its death into a sentence.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any, TypeAlias

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from fleet.sheets.cells.raw import RawCell
from fleet.sheets.files.blind_spots import Unseen, unseen_in
from fleet.sheets.files.blocks import blocks_of
from fleet.sheets.files.kinds import (
    Container,
    container_of,
    refuse_other_ole,
    refuse_other_zips,
    workbook_suffixes,
)
from fleet.sheets.files.limits import Limits
from fleet.sheets.files.ods_rows import refuse_endless_repeats
from fleet.sheets.files.sheet_rows import FilledRows, Oddities
from fleet.sheets.files.wire import packed, written
from fleet.sheets.files.zip_directory import parts_of
from fleet.sheets.wrecks import UnreadableSheet

ROWS_A_LINE = 500
CELLS_KEPT = 5_000_000
RANGES_TOLD = 200

ParsedSheet: TypeAlias = "tuple[CalamineSheet, Unseen]"


def main() -> None:
    """Read the file named in the arguments and answer the parent's questions until it hangs up."""
    gc.disable()  # it makes no cycles, and what it makes ends with it
    path, limits = Path(sys.argv[1]), Limits(**json.loads(sys.argv[2]))
    gettempdir()  # found by writing a file, which is soon forbidden
    _fence_in(limits)
    try:
        _serve(path, limits)
    except UnreadableSheet as wreck:
        _say({"wreck": [wreck.code, wreck.sentence]})
    except PasswordError:
        _say({"wreck": ["password_protected", "The workbook is locked by a password; save it without one."]})
    except (CalamineError, OSError) as error:
        _say({"wreck": ["damaged", _damaged(error)]})


def _fence_in(limits: Limits) -> None:
    _allow(min(limits.memory_at_least, limits.memory_bytes), limits)
    resource.setrlimit(
        resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1)
    )  # SIGXCPU, then SIGKILL
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow(memory_bytes: int, limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, limits.memory_bytes))


def _serve(path: Path, limits: Limits) -> None:
    sizes = _parts_of(path, limits)
    _allow(_memory_for(path, sizes, limits), limits)
    parts = frozenset(sizes)
    refuse_endless_repeats(path, parts, limits)
    workbook = _opened(path, parts)
    tabs = [tab for tab in workbook.sheets_metadata if tab.typ == SheetTypeEnum.WorkSheet]
    if not tabs:
        raise UnreadableSheet(
            "empty_file", "The workbook has no sheet with cells; send one with headings and rows."
        )
    if len(tabs) > limits.sheets:
        raise UnreadableSheet(
            "too_many_sheets",
            f"The workbook has {len(tabs):,} sheets, the limit is {limits.sheets}; save the fleet's alone.",
        )
    _say({"sheets": [[tab.name, tab.visible != SheetVisibleEnum.Visible] for tab in tabs]})
    parsed = {tab: _parsed(workbook, path, tab, parts) for tab in _surely_asked_for(tabs)}
    for line in sys.stdin.buffer:
        question = json.loads(line)
        name = question["sheet"]
        if name not in parsed:
            _make_room(parsed)
            parsed[name] = _parsed(workbook, path, name, parts)
        _answer(question, parsed[name], limits)


def _surely_asked_for(tabs: list[SheetMetadata]) -> list[str]:
    """The only visible sheet, parsed before anybody asks: the parent has other things to do meanwhile."""
    visible = [tab.name for tab in tabs if tab.visible == SheetVisibleEnum.Visible]
    return visible if len(visible) == 1 else []


def _answer(question: dict[str, Any], parsed: ParsedSheet, limits: Limits) -> None:
    rows = FilledRows(_rows(*parsed), limits, question.get("rows"))
    if "count" in question:
        _say({"count": sum(1 for _ in rows)})
    elif "columns" in question:
        for block in blocks_of(rows, question["columns"], below=question["below"]):
            _say(packed(block))
        _say({"end": _oddities(*parsed, rows)})
    else:
        numbered = iter(rows)
        while batch := list(islice(numbered, ROWS_A_LINE)):
            _say({"rows": batch})
        _say({"end": _oddities(*parsed, rows)})


def _oddities(sheet: CalamineSheet, unseen: Unseen, rows: FilledRows) -> dict[str, object]:
    merged = [_range_name(*corners) for corners in (sheet.merged_cell_ranges or ())[:RANGES_TOLD]]
    odd = Oddities(
        left_out_from=rows.left_out_from,
        hidden_rows=unseen.hidden_rows,
        first_hidden=unseen.first_hidden,
        merged=merged,
        formulas=unseen.formulas,
    )
    return asdict(odd)


def _range_name(first: tuple[int, int], last: tuple[int, int]) -> str:
    return ":".join(f"{_letters(column)}{row + 1}" for row, column in (first, last))


def _letters(column: int) -> str:
    """A for 0, AB for 27."""
    before, last = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _make_room(parsed: dict[str, ParsedSheet]) -> None:
    """A sheet is asked for twice, for its first rows and for all; small ones are kept until then, big ones
    not.
    """
    if sum(sheet.height * sheet.width for sheet, _ in parsed.values()) > CELLS_KEPT:
        parsed.clear()


def _parsed(workbook: CalamineWorkbook, path: Path, name: str, parts: frozenset[str]) -> ParsedSheet:
    """The sheet and its blind spots, found together: calamine lets other threads run while it parses."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        unseen = beside.submit(unseen_in, path, name, parts)
        return workbook.get_sheet_by_name(name), unseen.result()


def _parts_of(path: Path, limits: Limits) -> Mapping[str, int]:
    """The parts of a zipped workbook and what each unpacks to; none of an .xls, which is not packed."""
    if container_of(path) is Container.OLE:
        refuse_other_ole(path)
        return {}
    parts = parts_of(path, limits)
    refuse_other_zips(path, parts.keys())
    return parts


def _memory_for(path: Path, parts: Mapping[str, int], limits: Limits) -> int:
    size = path.stat().st_size
    return limits.memory_for(size, sum(parts.values()) or limits.unpacked_bytes)


def _opened(path: Path, parts: frozenset[str]) -> CalamineWorkbook:
    """Calamine goes by the name, we by the content: where they differ, it is given a link of the right name."""
    suffixes = workbook_suffixes(parts)
    if path.suffix.casefold() in suffixes:
        return CalamineWorkbook.from_path(path)
    with TemporaryDirectory() as folder:
        link = Path(folder, "workbook").with_suffix(suffixes[0])
        link.symlink_to(path)
        return CalamineWorkbook.from_path(link)


def _rows(sheet: CalamineSheet, unseen: Unseen) -> Iterator[list[RawCell]]:
    """Calamine's rows begin at the sheet's first row, but at the first column that is filled."""
    rows: Any = sheet.iter_rows()
    return _with_broken_cells(rows, sheet, unseen) if unseen.broken else rows


def _with_broken_cells(
    rows: Iterator[list[RawCell]], sheet: CalamineSheet, unseen: Unseen
) -> Iterator[list[RawCell]]:
    first_column = sheet.start[1] + 1 if sheet.start else 1
    for number, cells in enumerate(rows, start=1):
        for column, cell in unseen.broken.get(number, {}).items():
            _put(cells, column - first_column, cell)
        yield cells


def _put(cells: list[RawCell], place: int, cell: RawCell) -> None:
    if place >= 0:
        cells.extend([""] * (place + 1 - len(cells)))
        cells[place] = cell


def _say(message: object) -> None:
    sys.stdout.buffer.write(written(message))
    sys.stdout.buffer.flush()


def _damaged(error: Exception) -> str:
    return (
        f"The workbook is damaged ({str(error)[:100]}); open it in your spreadsheet program and save it anew."
    )


if __name__ == "__main__":
    main()
