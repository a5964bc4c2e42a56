"""Runs benchmarks: a JSON line for each figure as it is found, then all of them as a table."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from bench import fuzz, soak
from bench.figures import Figure, as_table
from bench.options import Options, read_options


def main(arguments: list[str]) -> int:
    """The command line; 0 when every figure was taken, whether its target was met or not."""
    if arguments[:1] == ["soak"]:
        return soak.main(arguments[1:])
    if arguments[:1] == ["fuzz"]:
        return fuzz.main(arguments[1:])
    options = read_options(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        figures = list(_told(options, Path(folder)))
    sys.stdout.write(f"\n{_machine()}\n\n{as_table(figures)}\n")
    return 0


def _told(options: Options, folder: Path) -> list[Figure]:
    figures = []
    for name in options.names:
        own = folder / name
        own.mkdir()
        for figure in import_module(f"bench.{name}").run(options, own):
            sys.stdout.write(f"{figure.as_line()}\n")
            sys.stdout.flush()
            figures.append(figure)
    return figures


def _machine() -> str:
    load = os.getloadavg()[0]
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}; load {load:.1f} "
        "at the end (a busy machine makes seconds longer; the ratios are taken in one run)."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
