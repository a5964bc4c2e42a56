"""What a column may be, told by its cells alone: proposed to a person, never taken without a word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from fleet.sheets.cells.raw import RawCell, Reader, WrongCell, is_blank, shown, width_folded
from fleet.sheets.cells.texts import mac_address
from fleet.sheets.cells.words import STATUS_WORDS, TRANSPORT_WORDS, country
from fleet.sheets.column import ColumnContext
from fleet.sheets.headings import HeadingMatch

FEWEST = 2  # one cell alone proves nothing
MOSTLY = 0.9

# As the makers print them: Antminer 17 letters and digits, Whatsminer by its board code, Sealminer, Auradine,
# Avalon's DNA of hexadecimal digits.
_SERIAL = re.compile(
    r"(?=.*\d)(?=.*[A-Z])[A-Z0-9]{17}|[BH][A-Z0-9]{2}[A-Z0-9]{2}\w{8,28}|S\d{15,19}|AU\d{8,12}|0[12][0-9a-f]{14,30}"
)
_ENTRY_NUMBER = re.compile(r"[A-Z0-9]{3}-?\d{7}-?\d")
_HTS_CODE = re.compile(r"\d{4}\.\d{2}(?:\.\d{2,4}|\.\d{2}\.\d{2})|8[45]\d{8}|8[45]\d{6}")
_MODEL = re.compile(
    r"(?i)(?:.*\b)?(?:ant|whats|avalon|seal)?miner\b.*|.*\b(?:[stlk]\d{1,2}[a-z]* ?(?:pro|xp|hyd)|m\d\ds?\+*)\b.*"
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How the cells of a column look; `because` ends the sentence 'This may be …, because …'."""

    column: str
    because: str
    fits: Callable[[str], bool]


# What a text column's cells have besides being text: a serial number has a digit, a site a letter, …
_LOOKS: Mapping[str, Callable[[str], bool]] = {
    "serial_number": lambda text: bool(re.search(r"\d", text)) and len(text) > 1 and " " not in text.strip(),
    "model": lambda text: bool(re.search(r"[^\W\d_]", text)) and bool(re.search(r"\d|rig", text.casefold())),
    "maker": lambda text: bool(re.search(r"[^\W\d_]{2}", text)),
    "site": lambda text: bool(re.search(r"[^\W\d_]{2}", text)),
    "power_w": lambda text: text.strip(" 0.,") != "",
}


def _is_mac_address(text: str) -> bool:
    try:
        return bool(mac_address(text))
    except ValueError:
        return False


def _is_country(text: str) -> bool:
    try:
        return bool(country(text))
    except ValueError:
        return False


SHAPES = (
    Shape("mac_address", "its cells are MAC addresses", _is_mac_address),
    Shape(
        "entry_number",
        "its cells look like customs entry numbers",
        lambda text: bool(_ENTRY_NUMBER.fullmatch(text)),
    ),
    Shape("hts_code", "its cells look like HTS codes", lambda text: bool(_HTS_CODE.fullmatch(text))),
    Shape(
        "serial_number",
        "its cells look like makers' serial numbers",
        lambda text: bool(_SERIAL.fullmatch(text)),
    ),
    Shape("country_of_origin", "its cells are countries", _is_country),
    Shape(
        "transport_mode",
        "its cells are ways of transport",
        lambda text: text.casefold() in TRANSPORT_WORDS and not text.isdigit(),
    ),
    Shape("status", "its cells are statuses", lambda text: text.casefold() in STATUS_WORDS),
    Shape("model", "its cells look like rig models", lambda text: bool(_MODEL.fullmatch(text))),
)


def bears_out(match: HeadingMatch, cells: Iterable[RawCell]) -> bool:
    """Whether the cells are what a doubtful heading seems to say; silence bears nothing out."""
    told = tuple(dict.fromkeys(cell for cell in cells if not is_blank(cell)))
    read = match.column.reader(ColumnContext(match.unit, told))
    looks_so = _LOOKS.get(match.column.name, bool)
    fit = [cell for cell in told if _can_be_read(cell, read) and looks_so(shown(cell))]
    return bool(told) and len(fit) >= MOSTLY * len(told)


def _can_be_read(cell: RawCell, read: Reader) -> bool:
    """A day that could be two is read once somebody says which."""
    try:
        read(cell)
    except WrongCell as wrong:
        return wrong.code.endswith("_ambiguous")
    except ValueError:
        return False
    return True


def shape_of(cells: Iterable[RawCell]) -> Shape | None:
    """The first shape that nine of ten cells have."""
    texts = {width_folded(shown(cell)) for cell in cells if not is_blank(cell)}
    if len(texts) < FEWEST and not any(_is_mac_address(text) for text in texts):
        return None
    return next((shape for shape in SHAPES if sum(map(shape.fits, texts)) >= MOSTLY * len(texts)), None)
