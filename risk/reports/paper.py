"""Sheets of a report: margins, foot, type, headings and tables. Lengths are points, colours hexadecimal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from risk.reports.letters import BOLD, EAST_ASIAN, PLAIN, needs_east_asian, written

INK, SOFT, LINE, PALE, ACCENT, WHITE = "#11201d", "#4f5f5b", "#dce4e1", "#f3f6f5", "#17675e", "#ffffff"
MARGIN, FOOT = 40.0, 46.0
TEXT, SMALL, FINE = 8.5, 7.5, 6.5
LEADING, LINES_A_CELL = 1.2, 6


@dataclass(frozen=True, slots=True)
class Place:
    """A column of a written table: where it begins, how wide it is, and to which side its cells lean."""

    left: float
    width: float
    lean: str


class Paper(FPDF):
    """Sheets in the format of a US letter, with the report's name and rest on every one of them."""

    def __init__(self, *, title: str, author: str, foot: str, made_at: datetime) -> None:
        super().__init__(unit="pt", format="letter")
        self._foot = written(foot)
        self.add_font("text", "", PLAIN)
        self.add_font("text", "B", BOLD)
        self._has_east_asian = False
        self.set_margins(MARGIN, MARGIN)
        self.c_margin = 0
        self.set_auto_page_break(True, FOOT + 10)
        self.set_title(title)
        self.set_author(author)
        self.set_creator("Rig ledger")
        self.set_lang("en-US")
        self.set_creation_date(made_at)
        self.set_font("text", size=TEXT)

    def footer(self) -> None:
        """What the report rests on, and the number of the sheet."""
        self.set_y(-FOOT)
        self.rule()
        self.set_y(-FOOT + 5)
        self.say(self._foot, size=FINE, colour=SOFT, width=self.epw - 60)
        self.set_xy(self.w - MARGIN - 60, -FOOT + 5)
        self.say(f"{self.page_no()} of {{nb}}", size=FINE, colour=SOFT, width=60, lean="R")

    @property
    def left_over(self) -> float:
        """What room there is above the foot of the sheet."""
        return self.h - FOOT - 10 - self.y

    def keep_together(self, height: float) -> None:
        """Begin a new sheet where less room than this is left."""
        if self.left_over < height:
            self.add_page()

    def write_in(self, size: float, colour: str = INK, *, bold: bool = False) -> None:
        """Set size, colour and weight of what is said next."""
        self.set_font("text", "B" if bold else "", size)
        self.set_text_color(colour)

    def say(
        self,
        text: str,
        *,
        size: float = TEXT,
        colour: str = INK,
        bold: bool = False,
        width: float = 0,
        lean: str = "L",
    ) -> None:
        """One line where the pen stands; what has no room ends in an ellipsis. The pen goes to the next line."""
        self.write_in(size, colour, bold=bold)
        told = self.fitted(text, width or self.epw)
        self.cell(width or self.epw, size * 1.35, told, align=lean, new_x=XPos.LEFT, new_y=YPos.NEXT)

    def tell(
        self, text: str, *, size: float = TEXT, colour: str = INK, width: float = 0, bold: bool = False
    ) -> None:
        """A paragraph where the pen stands."""
        self.write_in(size, colour, bold=bold)
        self.multi_cell(
            width or self.epw,
            size * 1.4,
            self.readied(text),
            align="L",
            new_x=XPos.LEFT,
            new_y=YPos.NEXT,
        )

    def heading(self, text: str, *, level: int = 1, size: float = 12, width: float = 0) -> None:
        """A heading, which is in the outline as well."""
        self.start_section(written(text), level=level)
        self.say(text, size=size, bold=True, width=width)
        self.ln(2)

    def rule(self, width: float = 0) -> None:
        """A thin line where the pen stands."""
        self.set_draw_color(LINE)
        self.set_line_width(0.6)
        self.line(self.x, self.y, self.x + (width or self.epw), self.y)

    @contextmanager
    def picture(self, told: str) -> Iterator[None]:
        """What is drawn inside is one picture, told in a sentence to those who do not see it."""
        with self._marked_sequence(
            alt_text=written(told)
        ):  # as fpdf2 marks the pictures that it draws itself
            yield

    def readied(self, text: str) -> str:
        """The text in letters that the fonts have; the large font is taken in at the first letter that needs it."""
        if not self._has_east_asian and needs_east_asian(text):
            self._has_east_asian = True
            self.add_font("east-asian", "", EAST_ASIAN)
            self.set_fallback_fonts(["east-asian"], exact_match=False)
        return written(text)

    def fitted(self, text: str, width: float) -> str:
        """The text, cut with an ellipsis where the width has no room for it in the type that is set."""
        told = self.readied(text)
        if self.get_string_width(told) <= width:
            return told
        while told and self.get_string_width(f"{told}…") > width:
            told = told[:-1]
        return f"{told.rstrip()}…"

    def table_head(self, titles: Sequence[str], places: Sequence[Place], *, height: float = 0) -> None:
        """The headings of a table in at most two lines, on a pale ground."""
        self.write_in(SMALL, SOFT, bold=True)
        lines = [self.in_lines(title, place.width - 6) for title, place in zip(titles, places, strict=True)]
        deep = height or (6 + SMALL * 1.25 * max(map(len, lines)))
        self.set_fill_color(PALE)
        self.rect(MARGIN, self.y, self.epw, deep, style="F")
        top = self.y
        for told, place in zip(lines, places, strict=True):
            for number, line in enumerate(reversed(told)):
                self.set_xy(place.left + 3, top + deep - 3 - SMALL * 1.25 * (number + 1))
                self.cell(place.width - 6, SMALL * 1.25, line, align=place.lean)
        self.set_xy(MARGIN, top + deep)

    def row_height(self, cells: Sequence[str], places: Sequence[Place]) -> float:
        """How deep a row will be."""
        return SMALL * 0.55 + SMALL * LEADING * max(map(len, self._cells_in_lines(cells, places)))

    def table_row(self, cells: Sequence[str], places: Sequence[Place]) -> None:
        """One row, as many lines deep as its longest words need; the first cell is what it is about."""
        top, deep = self.y, self.row_height(cells, places)
        for number, (told, place) in enumerate(zip(self._cells_in_lines(cells, places), places, strict=True)):
            self.write_in(SMALL, bold=not number)
            if place.lean == "R":
                self._narrow(told[0], place.width - 6)
            for down, line in enumerate(told):
                self.set_xy(place.left + 3, top + SMALL * (0.27 + LEADING * down))
                self.cell(place.width - 6, SMALL * LEADING, line, align=place.lean)
        self.set_xy(MARGIN, top + deep)
        self.rule()

    def _cells_in_lines(self, cells: Sequence[str], places: Sequence[Place]) -> list[list[str]]:
        told = []
        for number, (cell, place) in enumerate(zip(cells, places, strict=True)):
            self.write_in(SMALL, bold=not number)
            told.append([self.readied(cell)] if place.lean == "R" else self.in_lines(cell, place.width - 6))
        return told

    def _narrow(self, number: str, width: float) -> None:
        """Smaller type for a number that has no room: one that is cut would be another number."""
        wide = self.get_string_width(number)
        if wide > width:
            self.set_font_size(SMALL * width / wide)

    def in_lines(self, text: str, width: float) -> list[str]:
        """The text in lines that the width has room for, in the type that is set; at most LINES_A_CELL."""
        lines: list[str] = []
        rest = self.readied(text)
        while self.get_string_width(rest) > width and " " in rest and len(lines) < LINES_A_CELL - 1:
            line, rest = self._first_line(rest, width)
            lines.append(line)
        return [*lines, self.fitted(rest, width)]

    def _first_line(self, text: str, width: float) -> tuple[str, str]:
        """As many words as fit, at least one, and the rest."""
        words = text.split(" ")
        many = 1
        while many < len(words) and self.get_string_width(" ".join(words[: many + 1])) <= width:
            many += 1
        return self.fitted(" ".join(words[:many]), width), " ".join(words[many:])
