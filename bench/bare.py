"""What reading a workbook costs by itself: every cell, and nothing made of it."""

from __future__ import annotations

import time

from python_calamine import CalamineWorkbook


def read_workbook(path: str) -> dict[str, float]:
    """In a process of its own: the first sheet by python-calamine. Made files only: a hostile one may kill it."""
    began = time.perf_counter()
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return {"seconds": round(time.perf_counter() - began, 3), "rows": len(rows) - 1}
