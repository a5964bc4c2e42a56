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
MARGIN = 24
MOST_APART = 44
LANE, HALF_A_WORD, BELOW = 52, 60, 20
TIP = 7
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
    bent = sum(_is_bent_stake(each, boxes) for each in drawn)
    right = max(box.x for box in boxes.values()) + BOX_WIDTH
    return OwnershipPicture(
        width=right + MARGIN + (LANE * bent + HALF_A_WORD if bent else 0),
        height=max(box.y for box in boxes.values()) + BOX_HEIGHT + MARGIN + (BELOW if bent else 0),
        boxes=tuple(boxes.values()),
        lines=_lines(drawn, boxes),
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


def _lines(stakes: Sequence[Stake], boxes: Mapping[str, Box]) -> tuple[Line, ...]:
    """Each stake from its place at the owner's bottom to its place at the top of what is owned."""
    leave, arrive = _places(stakes, boxes, at_owner=True), _places(stakes, boxes, at_owner=False)
    outside = max(box.x for box in boxes.values()) + BOX_WIDTH
    lines, bent = [], 0
    for number, stake in enumerate(stakes):
        owner, owned = boxes[stake.owner], boxes[stake.owned]
        ends = _Ends(leave[number], owner.y + BOX_HEIGHT, arrive[number], owned.y)
        if _is_bent(owner, owned):
            bent += 1
            path, x, y = _bent(ends, outside + LANE * bent, bent)
        else:
            path, x, y = _straight(ends, from_middle=owner.is_middle)
        lines.append(Line(path=path, look=stake.look, x=x, y=y, share=stake.share, period=stake.period))
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class _Ends:
    """Where a line leaves its owner and where it arrives."""

    x1: int
    y1: int
    x2: int
    y2: int


def _places(stakes: Sequence[Stake], boxes: Mapping[str, Box], *, at_owner: bool) -> list[int]:
    """How far across each line meets its box: side by side, in the order of where they come from."""
    at: dict[str, list[int]] = defaultdict(list)
    for number, stake in enumerate(stakes):
        at[stake.owner if at_owner else stake.owned].append(number)
    places = [0] * len(stakes)
    for party, numbers in at.items():
        others = {n: boxes[stakes[n].owned if at_owner else stakes[n].owner] for n in numbers}
        ordered = sorted(numbers, key=lambda n: (_is_bent_stake(stakes[n], boxes), others[n].x, n))
        step = min(MOST_APART, (BOX_WIDTH - 2 * MARGIN) // len(ordered))
        first = boxes[party].across - step * (len(ordered) - 1) // 2
        for place, number in enumerate(ordered):
            places[number] = first + place * step
    return places


def _is_bent_stake(stake: Stake, boxes: Mapping[str, Box]) -> bool:
    return _is_bent(boxes[stake.owner], boxes[stake.owned])


def _is_bent(owner: Box, owned: Box) -> bool:
    return owned.y - owner.y != BOX_HEIGHT + GAP_DOWN


def _straight(ends: _Ends, *, from_middle: bool) -> tuple[str, int, int]:
    """One layer down; the words stand by the outer end, where lines part."""
    part = 0.58 if from_middle else 0.36
    x = round(ends.x1 + (ends.x2 - ends.x1) * part)
    return f"M{ends.x1} {ends.y1}L{ends.x2} {ends.y2 - TIP}", x, round(ends.y1 + (ends.y2 - ends.y1) * part)


def _bent(ends: _Ends, out: int, number: int) -> tuple[str, int, int]:
    """Around all boxes, between the layers and by the right: a stake up, across or over a layer crosses none."""
    below, above = ends.y1 + 9 + 3 * (number % 3), ends.y2 - 12 - 3 * (number % 3)
    path = f"M{ends.x1} {ends.y1}V{below}H{out}V{above}H{ends.x2}V{ends.y2 - TIP}"
    return path, out, (below + above) // 2


def _sentence(middle: str, layers: Mapping[str, int], names: Mapping[str, str]) -> str:
    above = sum(layer < 0 for layer in layers.values())
    below = sum(layer > 0 for layer in layers.values())
    return (
        f"{names[middle]} in the middle, {above} owner{'' if above == 1 else 's'} above, {below} owned "
        f"part{'y' if below == 1 else 'ies'} below."
    )
