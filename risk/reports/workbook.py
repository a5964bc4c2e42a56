"""A document as .xlsx: a sheet that tells what it is, then a sheet for each table, with native charts.

Shares, counts, dollars, hashrates and days are typed cells with number formats; text stays text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference, ScatterChart, Series
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.fill import ColorChoice, PatternFillProperties
from openpyxl.styles import Alignment, Font, PatternFill

from fleet.sheets.written_cells import written_cell
from risk.reports.document import Boxes, Column, Document, Figure, Kind, Table, Words
from risk.reports.forms import NUMBER_FORMATS, heading, typed
from risk.reports.pdf import basis_in_words
from risk.reports.pictures import COLOURS

LONGEST_SHEET_NAME, GROUPS_DRAWN, HEADING_ROW, DRAWN_FROM = 31, 12, 3, 16
NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
PALE = PatternFill("solid", start_color="FFE9EEEC")
HEADING, TITLE, SOFT = Font(bold=True), Font(bold=True, size=14), Font(color="FF4F5F5B")
WRAPPED = Alignment(wrap_text=True, vertical="top")
WRAPPED_RIGHT = Alignment(wrap_text=True, vertical="top", horizontal="right")
# As on paper: told apart without colour.
HATCHING = {"sanction": "diagCross", "unknown": "wdUpDiag", "watch": "pct20"}


def as_workbook(document: Document) -> bytes:
    """The whole report as the bytes of a workbook."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Summary"
    _summary(sheet, document)
    names = {sheet.title}
    for table in document.tables:
        _table(book.create_sheet(_named(table.title, names)), table)
    book.properties.title = f"{document.title}, {document.operator}"
    book.properties.creator = "Rig ledger"
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _named(title: str, taken: set[str]) -> str:
    """A name that no other sheet has, in as many letters as Excel allows."""
    name = NOT_IN_A_SHEET_NAME.sub(" ", title.partition(",")[0])[:LONGEST_SHEET_NAME]
    number = 2
    while name in taken:
        name, number = f"{name[: LONGEST_SHEET_NAME - 3]} {number}", number + 1
    taken.add(name)
    return name


def _summary(sheet: Any, document: Document) -> None:
    sheet.column_dimensions["A"].width = 34
    for letter, width in (("B", 52), ("C", 18), ("D", 18)):
        sheet.column_dimensions[letter].width = width
    _line(sheet, [document.operator], font=TITLE)
    _line(sheet, [f"{document.title}: {document.about}"])
    _line(sheet, [f"written {document.made_at:%Y-%m-%d %H:%M %Z}"], font=SOFT)
    for told in basis_in_words(document):
        _line(sheet, [told], font=SOFT)
    _line(sheet, [f"digest {document.digest}"], font=SOFT)
    for section in document.sections:
        if isinstance(section, Figure | Boxes | Words):
            _line(sheet, [])
        if isinstance(section, Figure):
            _figure(sheet, section)
        if isinstance(section, Boxes):
            _boxes(sheet, section)
        if isinstance(section, Words):
            _line(sheet, [section.title], font=HEADING)
            for paragraph in section.paragraphs:
                _line(sheet, [paragraph])


def _figure(sheet: Any, figure: Figure) -> None:
    _line(sheet, [f"{figure.share} {figure.whole}"], font=TITLE)
    _line(sheet, ["Part", "What it means", "Amount", "Share"], font=HEADING)
    for each in figure.bar.segments:
        _line(sheet, [each.name, figure.meanings.get(each.name, ""), each.amount, each.share])
    if figure.note:
        _line(sheet, [figure.note], font=SOFT)


def _boxes(sheet: Any, boxes: Boxes) -> None:
    _line(sheet, ["Amount", "Question", "Sum", "Details and what is not in it"], font=HEADING)
    for box in boxes.boxes:
        _line(sheet, [box.title, box.question, box.amount, "; ".join(filter(None, box.details))])


def _line(sheet: Any, texts: Iterable[str], font: Font | None = None) -> None:
    cells = [written_cell(sheet, text, bold=font is not None) for text in texts]
    for cell in cells:
        if font is not None and cell is not None:
            cell.font = font
    sheet.append(cells or [None])


def _table(sheet: Any, table: Table) -> None:
    _line(sheet, [table.title], font=TITLE)
    _line(sheet, [" ".join(filter(None, (table.note, table.more)))], font=SOFT)
    _headings(sheet, table.columns)
    for row in table.rows:
        sheet.append([_cell(sheet, column, value) for column, value in zip(table.columns, row, strict=True)])
    if not table.rows:
        _line(sheet, [table.empty])
    sheet.freeze_panes = sheet.cell(HEADING_ROW + 1, 2)
    if table.rows:
        last = sheet.cell(HEADING_ROW, len(table.columns)).column_letter
        sheet.auto_filter.ref = f"A{HEADING_ROW}:{last}{HEADING_ROW + len(table.rows)}"
        _charts(sheet, table)


def _headings(sheet: Any, columns: tuple[Column, ...]) -> None:
    _line(sheet, [heading(column.title, column.kind) for column in columns], font=HEADING)
    for number, column in enumerate(columns, start=1):
        cell = sheet.cell(HEADING_ROW, number)
        cell.fill, cell.alignment = PALE, WRAPPED if column.kind is Kind.TEXT else WRAPPED_RIGHT
        sheet.column_dimensions[cell.column_letter].width = max(15, min(60, column.width * 1.1))


def _cell(sheet: Any, column: Column, value: Any) -> Any:
    written = written_cell(sheet, typed(column.kind, value), bold=True)
    written.font = Font()
    if column.kind in NUMBER_FORMATS and not isinstance(written.value, str):
        written.number_format = NUMBER_FORMATS[column.kind]
    return written


def _charts(sheet: Any, table: Table) -> None:
    """Beside the table: the parts of each group, or the share through time."""
    beside = f"{sheet.cell(HEADING_ROW, len(table.columns) + 2).column_letter}{HEADING_ROW}"
    if table.parts:
        sheet.add_chart(_parts_chart(sheet, table), beside)
    if table.steps_of:
        sheet.add_chart(_steps_chart(sheet, table), beside)


def _parts_chart(sheet: Any, table: Table) -> BarChart:
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "percentStacked", 100, 40
    chart.title, chart.height, chart.width = table.title, 9, 18
    last = HEADING_ROW + min(len(table.rows), GROUPS_DRAWN)
    titles = [column.title for column in table.columns]
    for part in table.parts:
        across = titles.index(part) + 1
        chart.add_data(
            Reference(sheet, min_col=across, min_row=HEADING_ROW, max_row=last), titles_from_data=True
        )
        chart.series[-1].graphicalProperties = _painted(part.lower())
    chart.set_categories(Reference(sheet, min_col=1, min_row=HEADING_ROW + 1, max_row=last))
    chart.x_axis.scaling.orientation = "maxMin"  # the largest group above, as in the table
    chart.y_axis.number_format, chart.legend.position = "0%", "b"
    chart.x_axis.delete = chart.y_axis.delete = False
    return chart


def _painted(part: str) -> GraphicalProperties:
    colour = COLOURS[part].removeprefix("#")
    if part not in HATCHING:
        return GraphicalProperties(solidFill=colour)
    ground, lines = ColorChoice(srgbClr=colour), ColorChoice(srgbClr="FFFFFF")
    return GraphicalProperties(pattFill=PatternFillProperties(prst=HATCHING[part], fgClr=lines, bgClr=ground))


def _steps_chart(sheet: Any, table: Table) -> ScatterChart:
    """A stair: each share is drawn from its day to the next one, from two columns beside the table."""
    across = [column.title for column in table.columns].index(table.steps_of)
    known = [(row[0], row[across]) for row in table.rows if isinstance(row[across], Decimal)]
    first = len(table.columns) + DRAWN_FROM
    corners = _corners(known, table.steps_through)
    _drawn(sheet, corners, first)
    last = HEADING_ROW + max(len(corners), 1)
    chart = ScatterChart()
    chart.style, chart.title, chart.height, chart.width, chart.legend = 13, table.title, 9, 22, None
    days = Reference(sheet, min_col=first, min_row=HEADING_ROW + 1, max_row=last)
    shares = Reference(sheet, min_col=first + 1, min_row=HEADING_ROW, max_row=last)
    series = Series(shares, days, title_from_data=True)
    series.marker.symbol, series.smooth = "none", False
    series.graphicalProperties.line.solidFill = COLOURS["tariff"].removeprefix("#")
    chart.series.append(series)
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1
    chart.y_axis.number_format, chart.x_axis.number_format = "0%", "yyyy"
    chart.x_axis.delete = chart.y_axis.delete = False
    return chart


def _corners(known: list[tuple[Any, Any]], through: date | None) -> list[tuple[Any, Any]]:
    """Day and share of every corner of the stair: each share lasts until the next one, the last one `through`."""
    ends = [*(on for on, _ in known[1:]), through]
    return [
        (on, share)
        for (first, share), last in zip(known, ends, strict=False)
        for on in (first, last)
        if on is not None
    ]


def _drawn(sheet: Any, corners: list[tuple[Any, Any]], first: int) -> None:
    """Write the corners of the stair where the chart finds them."""
    for column, title in enumerate(("Drawn: day", "Drawn: share")):
        written = sheet.cell(HEADING_ROW, first + column, title)
        written.font = SOFT
        sheet.column_dimensions[written.column_letter].width = 14
    for down, corner in enumerate(corners, start=HEADING_ROW + 1):
        for column, (kind, value) in enumerate(zip((Kind.DAY, Kind.SHARE), corner, strict=True)):
            sheet.cell(down, first + column, value).number_format = NUMBER_FORMATS[kind]
