"""How much of a machine one file may use: the fences around files that strangers send."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits for one file; what lies beyond is refused with a sentence.

    A real workbook of 500,000 rows by 20 columns has 39 MB, unpacks to 369 MB at a ratio of 9.4, and one of 14
    columns takes 655 MB of addresses to read (measured), so the defaults leave room and still stop a bomb. A small
    file may use little: `memory_at_least`, and more with its size and with what it unpacks to, at most
    `memory_bytes`; so a long text that a few bytes repeat in every cell ends early.
    """

    file_bytes: int = 120_000_000
    unpacked_bytes: int = 1_500_000_000
    parts: int = 2_000
    ratio: int = 200
    sheets: int = 250
    rows: int = 1_048_576  # as many as a sheet of a workbook can have
    cells: int = 10_000_000
    columns: int = 16_384
    line_bytes: int = 8_000_000
    blank_rows: int = 1_000
    memory_bytes: int = 896 * 1024**2
    memory_at_least: int = 384 * 1024**2
    cpu_seconds: int = 60

    def memory_for(self, file_bytes: int, unpacked_bytes: int) -> int:
        """How many bytes of memory the process may use that reads a file of this size."""
        needed = self.memory_at_least + min(5 * unpacked_bytes // 2, 60 * file_bytes)
        return min(needed, self.memory_bytes)


DEFAULT_LIMITS = Limits()
