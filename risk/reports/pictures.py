"""Bars and steps on paper, from the same tiles as the console's: each part has a colour, a hatching and a letter, so
that it is told apart in grey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from risk.dashboard.bars import Bar, GroupRow, Segment
from risk.dashboard.chart_labels import Label, Stroke
from risk.dashboard.step_chart import StepChart
from risk.reports.document import Steps
from risk.reports.paper import FINE, INK, LINE, PALE, SMALL, SOFT, WHITE, Paper

COLOURS = {
    "sanction": "#a3123f",
    "tariff": "#c9570c",
    "unknown": "#7a8791",
    "watch": "#9c7a00",
    "clear": "#58a892",
    "contingent": "#5f54ad",
    "none": "#a9d3c6",
    "low": "#f1cd8f",
    "elevated": "#e89a4c",
    "high": "#cc5a1b",
    "severe": "#8c2306",
}
ROOM_FOR_A_LETTER = 11.0
ROOM_FOR_COMING = 30.0


def draw_bar(paper: Paper, bar: Bar, *, left: float, top: float, width: float, height: float) -> None:
    """The segments side by side, with their letters where there is room; told in the bar's own sentence."""
    with paper.picture(bar.sentence):
        for segment in bar.drawn:
            part = float(Decimal(segment.width)) / 100 * width
            across = left + float(Decimal(segment.start)) / 100 * width
            hatched(paper, segment.name, across, top, part, height)
            _marked(paper, segment, across, top, part, height)


def hatched(paper: Paper, name: str, left: float, top: float, width: float, height: float) -> None:
    """One part's colour and hatching, as on the console."""
    paper.set_fill_color(COLOURS.get(name, COLOURS["unknown"]))
    paper.rect(left, top, width, height, style="F")
    if name not in ("sanction", "unknown", "watch", "contingent") or width < 1:
        return
    paper.set_draw_color(WHITE)
    paper.set_fill_color(WHITE)
    with paper.rect_clip(left, top, width, height):
        if name == "watch":
            _dots(paper, left, top, width, height)
        else:
            _lines(paper, name, left, top, width, height)


def _lines(paper: Paper, name: str, left: float, top: float, width: float, height: float) -> None:
    """Crossed for a sanction, leaning and thick for what is unknown, level for contingent duty."""
    paper.set_line_width(1.4 if name == "unknown" else 0.6)
    if name == "contingent":
        for step in range(int(height // 4) + 1):
            paper.line(left, top + 2 + step * 4, left + width, top + 2 + step * 4)
        return
    for step in range(int((width + height) // 5) + 1):
        paper.line(left + step * 5, top, left + step * 5 - height, top + height)
        if name == "sanction":
            paper.line(left + step * 5 - height, top, left + step * 5, top + height)


def _dots(paper: Paper, left: float, top: float, width: float, height: float) -> None:
    for down in range(int(height // 5) + 1):
        for along in range(int(width // 5) + 1):
            paper.circle(left + along * 5 + 2.5, top + down * 5 + 2.5, 0.9, style="F")


def _marked(paper: Paper, segment: Segment, left: float, top: float, width: float, height: float) -> None:
    """Name and share where they fit, else the first letter, else nothing: the table beside it says it."""
    size = SMALL if height > 16 else FINE - 0.5
    paper.write_in(size, INK, bold=True)
    told = f"{segment.name} {segment.share}" if height > 16 else segment.name[:1].upper()
    if paper.get_string_width(told) + 10 > width:
        told = segment.name[:1].upper()
    needed = paper.get_string_width(told) + 5
    if needed + 2 > width or width < ROOM_FOR_A_LETTER:
        return
    middle, chip = left + width / 2, size * 1.15
    paper.set_fill_color(WHITE)
    paper.rect(middle - needed / 2, top + (height - chip) / 2, needed, chip, style="F")
    paper.set_xy(middle - needed / 2, top + (height - chip) / 2)
    paper.cell(needed, chip, told, align="C")


def draw_key(paper: Paper, bar: Bar, meanings: dict[str, str], *, left: float, width: float) -> None:
    """Every part with its swatch, letter, meaning, amount and share, also where it is nothing."""
    for segment in bar.segments:
        top = paper.y
        hatched(paper, segment.name, left, top + 1.5, 14, 8)
        paper.set_xy(left + 19, top)
        paper.say(f"{segment.name[:1].upper()}  {segment.name}", size=SMALL, bold=True, width=66)
        paper.set_xy(left + 85, top)
        paper.say(meanings.get(segment.name, ""), size=SMALL, colour=SOFT, width=width - 215)
        paper.set_xy(left + width - 130, top)
        paper.say(segment.amount, size=SMALL, width=75, lean="R")
        paper.set_xy(left + width - 52, top)
        paper.say(segment.share, size=SMALL, bold=True, width=52, lean="R")
        paper.set_xy(left, top + 12)


def draw_groups(paper: Paper, rows: Sequence[GroupRow], *, left: float, width: float) -> None:
    """A line a group: its name, its bar, as long as the group is large, what it holds, and how much is exposed."""
    name_room, amount_room, share_room = 0.27 * width, 54.0, 40.0
    bar_room = width - name_room - amount_room - share_room - 8
    for row in rows:
        top = paper.y
        paper.set_xy(left, top)
        paper.say(row.name, size=SMALL, width=name_room)
        draw_bar(paper, row.bar, left=left + name_room + 4, top=top + 1, width=bar_room, height=9)
        paper.set_xy(left + width - amount_room - share_room, top)
        paper.say(row.amount, size=SMALL, width=amount_room, lean="R")
        paper.set_xy(left + width - share_room, top)
        paper.say(row.exposed, size=SMALL, bold=True, width=share_room, lean="R")
        paper.set_xy(left, top + 13)


def draw_steps(paper: Paper, steps: Steps, *, left: float, width: float, height: float) -> None:
    """The exposed line of every day, what a draft would make of it dashed, years below, what is to come on a shaded
    ground, and the largest steps named: as on the console."""
    room = Room(left + 26, paper.y + 4, width - 26, height)
    with paper.picture(f"{steps.title}. {steps.chart.sentence}"):
        _ground(paper, steps.chart, room)
        _strokes(paper, steps.chart.line, room)
        paper.set_dash_pattern(dash=3, gap=2)
        _strokes(paper, steps.chart.supposed, room)
        paper.set_dash_pattern()
        paper.set_fill_color(INK)
        for dot in steps.chart.dots:
            paper.circle(room.across(dot.x), room.down(dot.y), 1.4, style="F")
        for label in steps.chart.labels:
            _named(paper, label, room)
    paper.set_xy(left, room.top + height + 14)


@dataclass(frozen=True, slots=True)
class Room:
    """Where a chart stands on the sheet; its places are percent of this."""

    left: float
    top: float
    width: float
    height: float

    def across(self, percent: str) -> float:
        """From left to right."""
        return self.left + float(percent) / 100 * self.width

    def down(self, percent: str) -> float:
        """From the top."""
        return self.top + float(percent) / 100 * self.height


def _ground(paper: Paper, chart: StepChart, room: Room) -> None:
    """What is to come, the scale, the years, and today."""
    today, end = room.across(chart.today), room.left + room.width
    paper.set_fill_color(PALE)
    paper.rect(today, room.top, max(end - today, 0), room.height, style="F")
    paper.set_draw_color(LINE)
    paper.set_line_width(0.5)
    for mark in chart.levels:
        paper.line(room.left, room.down(mark.y), end, room.down(mark.y))
        paper.set_xy(room.left - 28, room.down(mark.y) - 4)
        paper.say(mark.words, size=FINE, colour=SOFT, width=25, lean="R")
    for year in chart.years:
        paper.set_xy(room.across(year.x) - 14, room.top + room.height + 2)
        paper.say(year.words, size=FINE, colour=SOFT, width=28, lean="C")
    _today(paper, today, room)


def _today(paper: Paper, today: float, room: Room) -> None:
    paper.set_draw_color(INK)
    paper.set_dash_pattern(dash=2, gap=2)
    paper.line(today, room.top, today, room.top + room.height)
    paper.set_dash_pattern()
    paper.set_xy(today - 42, room.top + room.height - 10)
    paper.say("today", size=FINE, colour=SOFT, width=39, lean="R")
    left_over = room.left + room.width - today
    if left_over > ROOM_FOR_COMING:
        paper.set_xy(today + 3, room.top + room.height - 10)
        paper.say("to come", size=FINE, colour=SOFT, width=left_over - 4)


def _strokes(paper: Paper, strokes: Sequence[Stroke], room: Room) -> None:
    paper.set_draw_color(COLOURS["tariff"])
    paper.set_line_width(1.6)
    for each in strokes:
        paper.line(room.across(each.x1), room.down(each.y1), room.across(each.x2), room.down(each.y2))


def _named(paper: Paper, label: Label, room: Room) -> None:
    """The measure of a step, where the console writes it too."""
    paper.write_in(FINE)
    needed = paper.get_string_width(label.words) + 2
    before = {"start": 0.0, "middle": needed / 2, "end": needed}[label.anchor]
    paper.set_xy(room.across(label.x) - before, room.down(label.y) - FINE)
    paper.say(label.words, size=FINE, colour=INK, width=needed)
