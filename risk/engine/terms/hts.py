"""HTS codes and the prefixes by which measures name whole branches of the tariff schedule."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WRITTEN = re.compile(r"[0-9][0-9. ]*")
CODE_LENGTHS = (8, 10)
PREFIX_LENGTHS = (2, 4, 6, 8, 10)


def _digits(text: str) -> str | None:
    """The digits of a code written with or without dots; None when anything else is in it."""
    text = text.strip()
    return re.sub(r"[. ]", "", text) if _WRITTEN.fullmatch(text) else None


def _dotted(digits: str) -> str:
    """The usual way of writing: 8543709860 is 8543.70.9860."""
    return ".".join(part for part in (digits[:4], digits[4:6], digits[6:]) if part)


@dataclass(frozen=True, slots=True, order=True)
class HtsCode:
    """A code of the US tariff schedule: eight digits (the rate line) or ten (with statistical suffix)."""

    digits: str

    def __post_init__(self) -> None:
        if not (self.digits.isascii() and self.digits.isdigit() and len(self.digits) in CODE_LENGTHS):
            raise ValueError(f"'{self.digits}' is no HTS code of 8 or 10 digits.")

    @classmethod
    def parse(cls, text: str) -> HtsCode:
        """Read '8543.70.9860', '8543.70.98.60' or '8543709860'.

        Raises ValueError with a sentence that says what is wrong and what would be right.
        """
        digits = _digits(text)
        if digits is None:
            raise ValueError(f"'{text}' is no HTS code; write 8 or 10 digits, like 8543.70.9860.")
        if len(digits) not in CODE_LENGTHS:
            raise ValueError(
                f"'{text}' has {len(digits)} digits; an HTS code here needs 8 or 10, like 8543.70.9860."
            )
        return cls(digits)

    @property
    def heading(self) -> str:
        """The first four digits: 8543."""
        return self.digits[:4]

    def __str__(self) -> str:
        return _dotted(self.digits)


@dataclass(frozen=True, slots=True, order=True)
class HtsPrefix:
    """A branch of the schedule, two to ten digits; no digits at all means every code."""

    digits: str

    def __post_init__(self) -> None:
        if self.digits and not (
            self.digits.isascii() and self.digits.isdigit() and len(self.digits) in PREFIX_LENGTHS
        ):
            raise ValueError(f"'{self.digits}' is no HTS prefix; give 2, 4, 6, 8 or 10 digits, or '*'.")

    @classmethod
    def parse(cls, text: str) -> HtsPrefix:
        """Read '8543.70' or '*'; raises ValueError with a sentence."""
        if text.strip() == "*":
            return cls("")
        digits = _digits(text)
        if not digits:
            raise ValueError(f"'{text}' is no HTS prefix; give 2, 4, 6, 8 or 10 digits, or '*'.")
        return cls(digits)

    def covers(self, code: HtsCode) -> bool | None:
        """Whether the code lies on this branch; None when the code is too short to tell."""
        if code.digits.startswith(self.digits):
            return True
        return None if self.digits.startswith(code.digits) else False

    def meets(self, other: HtsPrefix) -> bool:
        """Whether some code could lie on both branches."""
        return self.digits.startswith(other.digits) or other.digits.startswith(self.digits)

    def __str__(self) -> str:
        return _dotted(self.digits) or "*"


EVERY_CODE = HtsPrefix("")
