"""A document as PDF: page by page, with outline, title and language, and pictures that are told in words."""

from __future__ import annotations

from functools import singledispatch

from risk.dashboard.words import counted, day
from risk.reports.document import (
    Boxes,
    Column,
    Document,
    Figure,
    Groups,
    Kind,
    Section,
    Steps,
    Table,
    Turn,
    Words,
)
from risk.reports.forms import in_words
from risk.reports.paper import FINE, MARGIN, SMALL, SOFT, Paper, Place
from risk.reports.pictures import draw_bar, draw_groups, draw_key, draw_steps

SENTENCE_END = ": "


def as_pdf(document: Document) -> bytes:
    """The whole report as the bytes of a PDF."""
    paper = Paper(
        title=f"{document.title}, {document.operator}",
        author="Rig ledger",
        foot=foot_of(document),
        made_at=document.made_at,
    )
    paper.add_page()
    _head(paper, document)
    for section in document.sections:
        draw(section, paper)
    return bytes(paper.output())


def foot_of(document: Document) -> str:
    """What a sheet that lies alone says of itself."""
    return f"{document.operator} · {document.title} · {basis_in_words(document)[0]} · digest {document.digest[:16]}"


def basis_in_words(document: Document) -> list[str]:
    """Edition and day of the law; lists with their days; when it was assessed and how large the fleet is."""
    basis = document.basis
    edition = f"policy edition {basis.edition}" if basis.edition else "no policy edition is published"
    if basis.verified_through:
        edition += f", law verified through {day(basis.verified_through)}"
    lists = "; ".join(basis.lists) if basis.lists else "no maker was screened against a government list"
    assessed = (
        f"assessed {day(basis.assessed_at.date())}, {basis.assessed_at:%H:%M %Z}"
        if basis.assessed_at
        else "not assessed yet"
    )
    told = [edition, lists, f"{assessed} · {counted(basis.lots, 'lot')}, {counted(basis.rigs, 'rig')}"]
    if basis.owed_lots:
        told.append(f"{counted(basis.owed_lots, 'lot')} waited to be assessed when this was written")
    if basis.set_aside_lots:
        told.append(f"{counted(basis.set_aside_lots, 'lot')} could not be assessed and count as unknown")
    return told


def _head(paper: Paper, document: Document) -> None:
    top = paper.y
    paper.start_section(paper.readied(document.title))
    paper.say(f"{document.title} · {document.about}", size=SMALL, colour=SOFT)
    paper.say(document.operator, size=17, bold=True, width=paper.epw - 190)
    below = paper.y
    paper.set_xy(paper.w - MARGIN - 190, top)
    paper.say(
        f"written {day(document.made_at.date())}, {document.made_at:%H:%M %Z}",
        size=SMALL,
        colour=SOFT,
        width=190,
        lean="R",
    )
    paper.set_xy(MARGIN, below)
    paper.tell("  ·  ".join(basis_in_words(document)), size=SMALL, colour=SOFT)
    paper.ln(5)
    paper.rule()
    paper.ln(8)


@singledispatch
def draw(section: Section, paper: Paper) -> None:
    """Put one section on paper where the pen stands."""
    raise TypeError(f"{type(section).__name__} is no section of a report.")


@draw.register
def _(section: Turn, paper: Paper) -> None:
    del section
    paper.add_page()


@draw.register
def _(section: Figure, paper: Paper) -> None:
    top = paper.y
    paper.say(section.share, size=40, bold=True)
    wide = paper.get_string_width(paper.readied(section.share))
    below = paper.y
    paper.set_xy(MARGIN + wide + 12, top + 26)
    paper.say(section.whole, size=13, colour=SOFT, width=paper.epw - wide - 12)
    draw_bar(paper, section.bar, left=MARGIN, top=below + 2, width=paper.epw, height=20)
    paper.set_xy(MARGIN, below + 28)
    draw_key(paper, section.bar, section.meanings, left=MARGIN, width=paper.epw)
    if section.note:
        paper.tell(section.note, size=FINE, colour=SOFT)
    paper.ln(6)


@draw.register
def _(section: Boxes, paper: Paper) -> None:
    gap, top = 10.0, paper.y
    width = (paper.epw - gap * (len(section.boxes) - 1)) / len(section.boxes)
    lowest = top
    for number, box in enumerate(section.boxes):
        left = MARGIN + number * (width + gap)
        paper.set_xy(left, top)
        paper.rule(width)
        paper.set_xy(left, top + 4)
        paper.say(box.title, size=SMALL, bold=True, width=width)
        paper.say(box.amount, size=14, bold=True, width=width)
        paper.tell("; ".join((box.question, *filter(None, box.details))), size=FINE, colour=SOFT, width=width)
        lowest = max(lowest, paper.y)
    paper.set_xy(MARGIN, lowest + 7)


@draw.register
def _(section: Groups, paper: Paper) -> None:
    gap, top = 22.0, paper.y
    width = (paper.epw - gap * (len(section.tables) - 1)) / len(section.tables)
    lowest = top
    for number, table in enumerate(section.tables):
        left = MARGIN + number * (width + gap)
        paper.set_xy(left, top)
        paper.heading(f"{table.title}, {section.measure}", level=1, size=9.5, width=width)
        draw_groups(paper, table.rows, left=left, width=width)
        if table.more:
            paper.say(f"and {table.more} smaller ones, in the tables", size=FINE, colour=SOFT, width=width)
        lowest = max(lowest, paper.y)
    paper.set_xy(MARGIN, lowest + 6)


@draw.register
def _(section: Steps, paper: Paper) -> None:
    paper.heading(section.title, size=9.5)
    draw_steps(paper, section, left=MARGIN, width=paper.epw, height=92)
    paper.ln(5)


@draw.register
def _(section: Words, paper: Paper) -> None:
    paper.keep_together(70)
    paper.heading(section.title)
    for paragraph in section.paragraphs:
        paper.keep_together(24)
        paper.tell(paragraph)
        paper.ln(3)
    paper.ln(6)


@draw.register
def _(section: Table, paper: Paper) -> None:
    paper.keep_together(90)
    paper.heading(section.title)
    if section.note:
        paper.tell(section.note, size=SMALL, colour=SOFT)
        paper.ln(2)
    if section.rows:
        _rows(paper, section)
    else:
        paper.tell(section.empty, colour=SOFT)
    if left_out := _left_out(section):
        paper.ln(3)
        paper.tell(left_out, size=SMALL, colour=SOFT)
    paper.ln(12)


def _rows(paper: Paper, table: Table) -> None:
    shown = [(number, column) for number, column in enumerate(table.columns) if column.on_paper]
    columns = tuple(column for _, column in shown)
    places, titles = _places(paper, columns), [column.title for column in columns]
    paper.table_head(titles, places)
    for row in table.rows[: table.rows_on_paper]:
        cells = [in_words(column.kind, row[number]) for number, column in shown]
        if paper.left_over < paper.row_height(cells, places):
            paper.add_page()
            paper.table_head(titles, places)
        paper.table_row(cells, places)


def _left_out(table: Table) -> str:
    """What stands below the rows: what the table says itself, and how many rows paper leaves out."""
    left = len(table.rows) - table.rows_on_paper
    rest = f"{counted(left, 'more row')}, in the workbook." if left > 0 else ""
    return " ".join(filter(None, (table.more, rest)))


def _places(paper: Paper, columns: tuple[Column, ...]) -> list[Place]:
    whole, left = sum(column.width for column in columns), MARGIN
    places = []
    for column in columns:
        width = paper.epw * column.width / whole
        places.append(Place(left, width, "L" if column.kind in (Kind.TEXT, Kind.DAY) else "R"))
        left += width
    return places
