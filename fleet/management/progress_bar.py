"""A line on a terminal that tells how far an upload is."""

from __future__ import annotations

from django.core.management.base import OutputWrapper

WIDTH = 24
_CLEAR_LINE = "\r\x1b[K"


class ProgressBar:
    """The stage, the rows done and the seconds left, on one line that is written over and at last wiped away."""

    def __init__(self, terminal: OutputWrapper) -> None:
        self._terminal = terminal

    def __call__(self, told: dict[str, object]) -> None:
        """Write the line anew."""
        self._write(f"{_CLEAR_LINE}{line_of(told)}")

    def wipe(self) -> None:
        """Leave the terminal as it was."""
        self._write(_CLEAR_LINE)

    def _write(self, text: str) -> None:
        self._terminal.write(text, lambda plain: plain, ending="")
        self._terminal.flush()


def line_of(told: dict[str, object]) -> str:
    """The words of progress as one line."""
    stage, done, total, left = (told.get(name) for name in ("stage", "done", "total", "seconds_left"))
    if not isinstance(done, int) or not isinstance(total, int) or not total:
        return f"{stage} …"
    filled = "#" * (WIDTH * min(done, total) // total)
    seconds = f", {left:.0f} s left" if isinstance(left, int | float) else ""
    return f"{stage} [{filled:<{WIDTH}}] {done:,} of {total:,} rows{seconds}"
