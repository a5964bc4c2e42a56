"""Reads back what a report says: a PDF page by page with a reader of others, a workbook cell by cell."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from pypdf import PdfReader

from risk.models import Report, ReportForm
from risk.reports.writing import written_report
from tests.database import NOW

HEADING_ROW = 3


def a_report(operator: Any, kind: str = "board", form: str = ReportForm.PDF, **said: str) -> bytes:
    """The bytes of a report that is written now."""
    return written_report(Report(operator=operator, kind=kind, form=form, **said), at=NOW).content


def read_pdf(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content), strict=True)


def text_of_pdf(content: bytes) -> str:
    """All that a reader of the PDF can search, on one line."""
    return " ".join(" ".join(page.extract_text() for page in read_pdf(content).pages).split())


def read_workbook(content: bytes) -> Any:
    return load_workbook(BytesIO(content))


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    """The table of a sheet: a dictionary a row, by heading."""
    headings = [
        cell.value for cell in sheet[HEADING_ROW] if cell.value and not cell.value.startswith("Drawn")
    ]
    below = sheet.iter_rows(min_row=HEADING_ROW + 1, max_col=len(headings), values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in below if row[0] is not None]
