"""A workbook read through the guarded child: whatever the file does, it does it there."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from fleet.sheets.files.blocks import Block
from fleet.sheets.files.limits import Limits
from fleet.sheets.files.sheet_rows import NumberedRow, Oddities, SheetTab
from fleet.sheets.files.wire import understood, unpacked
from fleet.sheets.wrecks import UnreadableSheet

_PROJECT = Path(__file__).parents[3]


class GuardedWorkbook:
    """A workbook (.xlsx, .xlsm, .xlsb, .xls, .ods) opened by a child process that lives as long as the `with`
    block.

    Every method raises UnreadableSheet. One question at a time: `rows` is to be read to its end.
    """

    encoding: str | None = None
    delimiter: str | None = None

    def __init__(self, path: Path, limits: Limits) -> None:
        self.oddities = Oddities()
        self._limits = limits
        self._tabs: tuple[SheetTab, ...] | None = None
        self._child = subprocess.Popen(  # noqa: S603 (our own module, run by our own Python)
            [
                sys.executable,
                "-m",
                "fleet.sheets.files.guarded_child",
                str(path.resolve()),
                json.dumps(asdict(limits)),
            ],
            cwd=_PROJECT,
            env={"PYTHONUTF8": "1"},  # no secrets of ours beside a stranger's file
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.kill()
        self._child.communicate()

    def tabs(self) -> tuple[SheetTab, ...]:
        """The sheets in their order."""
        if self._tabs is None:
            self._tabs = tuple(SheetTab(name, is_hidden) for name, is_hidden in self._heard()["sheets"])
        return self._tabs

    def rows(self, sheet: str, at_most: int | None = None) -> Iterator[NumberedRow]:
        """The filled rows of a sheet, of its first `at_most` rows where that is given."""
        self.tabs()  # what the child says first
        self._ask({"sheet": sheet, "rows": at_most})
        while "rows" in (message := self._heard()):
            yield from message["rows"]
        self.oddities = Oddities(**message["end"])

    def blocks(self, sheet: str, places: Sequence[int], *, below: int, width: int) -> Iterator[Block]:
        """The cells at these places in the rows below row `below`."""
        self.tabs()  # what the child says first
        self._ask({"sheet": sheet, "columns": list(places), "below": below})
        while "block" in (message := self._heard()):
            yield unpacked(message["block"])
        self.oddities = Oddities(**message["end"])

    def row_count(self, sheet: str) -> int:
        """How many rows of the sheet are filled."""
        self.tabs()  # what the child says first
        self._ask({"sheet": sheet, "count": True})
        count: int = self._heard()["count"]
        return count

    def _ask(self, question: dict[str, object]) -> None:
        assert self._child.stdin is not None  # noqa: S101 (we asked for a pipe)
        try:
            self._child.stdin.write(json.dumps(question).encode() + b"\n")
            self._child.stdin.flush()
        except BrokenPipeError:
            raise self._death() from None

    def _heard(self) -> Any:
        assert self._child.stdout is not None  # noqa: S101 (we asked for a pipe)
        line = self._child.stdout.readline()
        if not line.endswith(b"\n"):
            raise self._death()
        message = understood(line)
        if "wreck" in message:
            raise UnreadableSheet(*message["wreck"])
        return message

    def _death(self) -> UnreadableSheet:
        status = self._child.wait()
        if status == -signal.SIGXCPU:
            return UnreadableSheet(
                "took_too_long",
                f"Reading took over {self._limits.cpu_seconds} seconds; send the sheet in parts or as .csv.",
            )
        return UnreadableSheet(
            "took_too_much_memory",
            "Reading the workbook took more memory than a file of its size may use, or broke off; "
            "delete stray cells far below or to the right of the table, or send the sheet as .csv.",
        )
