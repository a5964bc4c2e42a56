"""Each measurement in a process of its own: its answer, and the memory of it and its children together."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOOK_EVERY, LONGEST = 0.02, 300.0
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1024**2
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Measured:
    """What a process answered, its wall time in seconds, and the most memory that its tree held at once."""

    answer: Any
    seconds: float
    peak_mb: float


def in_fresh_process(
    function: str, *, environment: Mapping[str, str] | None = None, python: str = sys.executable, **told: Any
) -> Measured:
    """Call `module:function` with JSON arguments in a new process. Its answer is the last line it prints.

    Raises RuntimeError with the process's own words when it fails.
    """
    command = [python, "-m", "bench.child", function, json.dumps(told)]
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 (our own module, run by a Python that we chose)
        command, cwd=ROOT, env={**os.environ, **(environment or {})}, stdout=subprocess.PIPE, text=True
    ) as child:
        peak = _watched(child)
        said = child.stdout.read() if child.stdout else ""
    if child.returncode:
        raise RuntimeError(f"{function} ended with status {child.returncode}: {said[-500:]}")
    return Measured(json.loads(said.splitlines()[-1]), time.perf_counter() - began, round(peak, 1))


def _watched(child: subprocess.Popen[str]) -> float:
    """Wait for the process; the most memory (resident, in MB) that it and its children were seen to hold."""
    peak = 0.0
    while child.poll() is None:
        peak = max(peak, tree_mb(child.pid))
        time.sleep(LOOK_EVERY)
    return peak


def tree_mb(pid: int) -> float:
    """The resident memory of a process and all below it, in MB; pages that they share count for each."""
    return sum(_resident_mb(each) for each in [pid, *_below(pid)])


def until(is_so: Callable[[], Any], *, every: float = LOOK_EVERY) -> None:
    """Wait until something is so, looked at in so many seconds; raises RuntimeError where it takes too long."""
    ends = time.monotonic() + LONGEST
    while not is_so():
        if time.monotonic() > ends:
            raise RuntimeError(f"It did not come to pass within {LONGEST:g} seconds.")
        time.sleep(every)


def processor_seconds(parts: Mapping[str, str]) -> dict[str, float]:
    """What this process, as "here", and its parts have used of processors so far, in seconds. Below it those are a
    part in whose command its word stands; children that have ended count with their parent."""
    used = {"here": time.process_time(), **dict.fromkeys(parts, 0.0)}
    for pid in _below(os.getpid()):
        command = _read(Path(f"/proc/{pid}/cmdline"))
        for part in (name for name, word in parts.items() if word in command):
            used[part] += _processor_seconds(pid)
    return used


def _processor_seconds(pid: int) -> float:
    """Of a process and of its children that have ended."""
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS if fields else 0.0


def _below(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _read(task).split():
            found += [int(child), *_below(int(child))]
    return found


def _resident_mb(pid: int) -> float:
    fields = _read(Path(f"/proc/{pid}/statm")).split()
    return int(fields[1]) * PAGE_MB if fields else 0.0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # the process has just ended
        return ""
