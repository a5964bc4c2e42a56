"""Strokes and labels of a chart, in percent of its room; where labels find a place beside lines and one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from risk.engine.terms.money import HUNDRED

LABELS = 5
LONGEST_LABEL = 34
# About how much of the room a letter and a line of a label take, in percent, where the room is that of a page.
_LETTER, _LINE = Decimal("0.78"), Decimal(7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A straight piece of a line, level or upright. `told` says what it stands for."""

    x1: str
    y1: str
    x2: str
    y2: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Words at a place; `anchor` says which end of them stands there: "start", "middle" or "end"."""

    x: str
    y: str
    anchor: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedStep:
    """A step at a place across the room, from one height to another (down from the top), and what made it."""

    across: Decimal
    before: Decimal
    after: Decimal
    names: tuple[str, ...]


def placed(percentage: Decimal) -> str:
    """A place as it is drawn: "12.500"."""
    return f"{percentage.quantize(Decimal('0.001')):f}"


def step_labels(steps: Iterable[NamedStep], lines: Iterable[Stroke]) -> Iterator[Label]:
    """The largest steps by the name of what made them, each where no other label and no line stands; one for which
    there is no such place has none."""
    taken = [_Box.of_stroke(stroke) for stroke in lines]
    named = [each for each in steps if each.names and each.before != each.after]
    for each in sorted(named, key=lambda each: abs(each.after - each.before), reverse=True)[:LABELS]:
        for label in _places(each, _short(each.names)):
            box = _Box.of_label(label)
            if box.is_inside and not any(box.meets(other) for other in taken):
                taken.append(box)
                yield label
                break


def _short(names: Sequence[str]) -> str:
    """ "Section 301, China, List 2 +1": what follows a colon is left to the table."""
    more = f" +{len(names) - 1}" if len(names) > 1 else ""
    room = LONGEST_LABEL - len(more)
    first = names[0].partition(": ")[0]
    return (first if len(first) <= room else f"{first[: room - 1].rstrip()}…") + more


def _places(step: NamedStep, words: str) -> Iterator[Label]:
    """Above and below both ends of the step, to its left and to its right."""
    high, low = sorted((step.before, step.after))
    middle = (high + low) / 2 + _LINE / 4
    for down in (high - 2, low + _LINE + 1, middle, high - 2 - _LINE, low + 2 * _LINE):
        for anchor, across in (("end", step.across - 1), ("start", step.across + 1)):
            yield Label(x=placed(across), y=placed(down), anchor=anchor, words=words)


@dataclass(frozen=True, slots=True)
class _Box:
    """A piece of the room, in percent of it."""

    left: Decimal
    right: Decimal
    top: Decimal
    bottom: Decimal

    @classmethod
    def of_label(cls, label: Label) -> _Box:
        """About the room that the words take."""
        width, x, y = _LETTER * len(label.words), Decimal(label.x), Decimal(label.y)
        left = x - width if label.anchor == "end" else x
        return cls(left, left + width, y - _LINE + 1, y + 1)

    @classmethod
    def of_stroke(cls, stroke: Stroke) -> _Box:
        """A line without width."""
        xs, ys = sorted(map(Decimal, (stroke.x1, stroke.x2))), sorted(map(Decimal, (stroke.y1, stroke.y2)))
        return cls(xs[0], xs[1], ys[0], ys[1])

    @property
    def is_inside(self) -> bool:
        """Whether it lies in the room, or in the line above it."""
        return self.left >= 0 and self.right <= HUNDRED and self.top >= -_LINE and self.bottom <= HUNDRED

    def meets(self, other: _Box) -> bool:
        """Whether the two have a place in common."""
        beside = self.right < other.left or other.right < self.left
        return not (beside or self.bottom < other.top or other.bottom < self.top)
