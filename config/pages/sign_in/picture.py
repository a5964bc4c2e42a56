"""The picture that a code app reads, as the geometry of an SVG: drawn here, by no other host."""

from __future__ import annotations

from dataclasses import dataclass

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET = 4  # ISO/IEC 18004: four modules of white around


@dataclass(frozen=True, slots=True)
class Picture:
    """So many modules wide and high, the black ones as a path."""

    size: int
    path: str


def picture_of(text: str) -> Picture:
    """The QR code of a text."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    black = [(x, y) for y, row in enumerate(rows) for x, is_black in enumerate(row) if is_black]
    return Picture(size=len(rows), path="".join(f"M{x} {y}h1v1h-1z" for x, y in black))
