"""A graph of who owns whom, laid out in layers: owners above, what is owned below; coordinates in units of SVG.

Pure functions: stakes in, boxes and lines out. A template draws them. A party stands in the layer of its shortest way
to the one in the middle; a stake that does not lead one layer down (a cycle, a cross-holding) is bent around.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

BOX_WIDTH, BOX_HEIGHT = 190, 58
GAP_ACROSS, GAP_DOWN = 34, 92
MARGIN = 14
BEND = 64
LETTERS_A_LINE, LINES_A_BOX = 24, 2
MOST_BOXES = 40
HALF = Decimal(50)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """Who owns how much of whom: keys of parties, the share in words and its bounds in percent, None not known."""

    owner: str
    owned: str
    share: str
    low: Decimal | None
    high: Decimal | None
    period: str = ""
    has_ended: bool = False
    source: str = ""

    @property
    def look(self) -> str:
        """How the line is drawn, so that it is told apart without colour: known, half, unknown or ended."""
        if self.has_ended:
            return "ended"
        if self.low is None:
            return "unknown"
        return "half" if self.low >= HALF else "known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One party: the corner of its box, its name in lines, and the vendor that it is, if it is one."""

    key: str
    x: int
    y: int
    lines: tuple[str, ...]
    name: str
    vendor_id: int | None
    is_middle: bool

    @property
    def across(self) -> int:
        """The middle of the box."""
        return self.x + BOX_WIDTH // 2

    @property
    def written(self) -> list[tuple[int, str]]:
        """Each line of the name with its height, the lines together in the middle of the box."""
        first = self.y + BOX_HEIGHT // 2 + 5 - 9 * (len(self.lines) - 1)
        return [(first + 18 * number, line) for number, line in enumerate(self.lines)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One stake: its path, its look, and where its words stand."""

    path: str
    look: str
    x: int
    y: int
    share: str
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipPicture:
    """Boxes and lines within a width and height. `left_out`: how many parties had no room."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    sentence: str
    left_out: int = 0


def ownership_picture(
    middle: str, stakes: Sequence[Stake], *, names: Mapping[str, str], vendor_ids: Mapping[str, int]
) -> OwnershipPicture | None:
    """The picture around one party; None where it owns nothing and nobody is known to own it.

    `names`: the words of each key; `vendor_ids`: the keys that are vendors on record.
    """
    layers = layers_around(middle, stakes)
    if len(layers) < 2:
        return None
    shown = dict(list(layers.items())[:MOST_BOXES])
    boxes = {box.key: box for box in _boxes(middle, shown, names, vendor_ids)}
    drawn = [each for each in stakes if each.owner in boxes and each.owned in boxes]
    lines = tuple(
        _line(each, boxes[each.owner], boxes[each.owned], number) for number, each in _told_apart(drawn)
    )
    right = max(box.x for box in boxes.values()) + BOX_WIDTH
    return OwnershipPicture(
        width=right + MARGIN + (BEND if any(_is_bent(boxes[s.owner], boxes[s.owned]) for s in drawn) else 0),
        height=max(box.y for box in boxes.values()) + BOX_HEIGHT + MARGIN,
        boxes=tuple(boxes.values()),
        lines=lines,
        sentence=_sentence(middle, shown, names),
        left_out=len(layers) - len(shown),
    )


def layers_around(middle: str, stakes: Iterable[Stake]) -> dict[str, int]:
    """The layer of each party that is reached, the middle at 0, owners negative, owned positive; nearest first.

    Owners are followed upward and what is owned downward, each party once: cycles end.
    """
    owners, owned = defaultdict(list), defaultdict(list)
    for each in stakes:
        owners[each.owned].append(each.owner)
        owned[each.owner].append(each.owned)
    layers = {middle: 0}
    edge = [(middle, -1, owners), (middle, 1, owned)]
    while edge:
        following = []
        for party, step, neighbours in edge:
            for other in neighbours[party]:
                if other not in layers:
                    layers[other] = layers[party] + step
                    following.append((other, step, neighbours))
        edge = following
    return layers


def in_lines(name: str) -> tuple[str, ...]:
    """A name in at most two lines; what has no room ends in an ellipsis. East Asian letters count twice."""
    lines: list[str] = []
    rest = name.strip()
    while rest and len(lines) < LINES_A_BOX:
        cut = _that_fits(rest)
        if cut < len(rest) and len(lines) < LINES_A_BOX - 1:
            space = rest.rfind(" ", 0, cut + 1)
            cut = space if space > 0 else cut
        elif cut < len(rest):
            return (*lines, f"{rest[: cut - 1].rstrip()}…")
        lines.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return tuple(lines) or ("?",)


def _that_fits(text: str) -> int:
    width = 0
    for place, sign in enumerate(text):
        width += 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        if width > LETTERS_A_LINE:
            return place
    return len(text)


def _boxes(
    middle: str, layers: Mapping[str, int], names: Mapping[str, str], vendor_ids: Mapping[str, int]
) -> Iterable[Box]:
    rows: dict[int, list[str]] = defaultdict(list)
    for party, layer in layers.items():
        rows[layer].append(party)
    widest = max(len(row) for row in rows.values())
    for layer, parties in sorted(rows.items()):
        row_width = _width(len(parties))
        left = MARGIN + (_width(widest) - row_width) // 2
        for place, party in enumerate(parties):
            yield Box(
                key=party,
                x=left + place * (BOX_WIDTH + GAP_ACROSS),
                y=MARGIN + (layer - min(rows)) * (BOX_HEIGHT + GAP_DOWN),
                lines=in_lines(names[party]),
                name=names[party],
                vendor_id=vendor_ids.get(party),
                is_middle=party == middle,
            )


def _width(boxes: int) -> int:
    return boxes * BOX_WIDTH + (boxes - 1) * GAP_ACROSS


def _told_apart(stakes: Sequence[Stake]) -> list[tuple[int, Stake]]:
    """Each stake with its number among those between the same two parties."""
    seen: dict[tuple[str, str], int] = defaultdict(int)
    told = []
    for each in stakes:
        told.append((seen[each.owner, each.owned], each))
        seen[each.owner, each.owned] += 1
    return told


def _is_bent(owner: Box, owned: Box) -> bool:
    return owned.y - owner.y != BOX_HEIGHT + GAP_DOWN


def _line(stake: Stake, owner: Box, owned: Box, number: int) -> Line:
    path, x, y = (_bent if _is_bent(owner, owned) else _straight)(owner, owned, number)
    return Line(path=path, look=stake.look, x=x, y=y, share=stake.share, period=stake.period)


def _straight(owner: Box, owned: Box, number: int) -> tuple[str, int, int]:
    """From the bottom of the owner down to the top of the owned; words stand by the outer end, where lines part."""
    aside = 16 * number
    x1, y1, x2, y2 = owner.across + aside, owner.y + BOX_HEIGHT, owned.across + aside, owned.y
    part = 0.7 if owner.is_middle else 0.3
    return (
        f"M{x1} {y1}L{x2} {y2 - 7}",
        round(x1 + (x2 - x1) * part),
        round(y1 + (y2 - y1) * part) + 34 * number,
    )


def _bent(owner: Box, owned: Box, number: int) -> tuple[str, int, int]:
    """Around the right sides: a stake up, across or over a layer crosses no box that way."""
    side = BEND + 12 * number
    x1, y1 = owner.x + BOX_WIDTH, owner.y + BOX_HEIGHT // 2
    x2, y2 = owned.x + BOX_WIDTH, owned.y + BOX_HEIGHT // 2 + 8
    out = max(x1, x2) + side
    path = f"M{x1} {y1}C{out} {y1} {out} {y2} {x2 + 7} {y2}"
    return path, max(x1, x2) + side // 2 - 8, (y1 + y2) // 2


def _sentence(middle: str, layers: Mapping[str, int], names: Mapping[str, str]) -> str:
    above = sum(layer < 0 for layer in layers.values())
    below = sum(layer > 0 for layer in layers.values())
    return (
        f"{names[middle]} in the middle, {above} owner{'' if above == 1 else 's'} above, {below} owned "
        f"part{'y' if below == 1 else 'ies'} below."
    )
