"""What a password must be: long, and not one that guessers try first. NIST SP 800-63B-4, 3.1.1.

No rule of composition, no date on which it ends, nothing against pasting.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

LONGEST = 128
# What is left of a password once the names in it are taken out has to be one by itself.
BESIDE_NAMES = 8
SHORTEST_NAME = 4
OF_THE_PRODUCT = ("rigledger", "ledger", "bitcoin", "mining", "antminer", "bitmain", "whatsminer", "password")
FEWEST_LETTERS = 5
NOT_LETTERS = re.compile(r"[\W_]+")
ROWS_OF_KEYS = (
    *("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"),
    *("qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn"),
)
NEXT_KEYS = frozenset(pair for row in ROWS_OF_KEYS for pair in pairwise(row))
AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")


class NotTooLong:
    """At most so many letters: hashing more costs the server and adds nothing."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError for a longer one."""
        if len(password) > LONGEST:
            raise ValidationError(f"A password has at most {LONGEST} letters.", code="password_too_long")

    def get_help_text(self) -> str:
        """What the person is told beside the field."""
        return f"At most {LONGEST} letters, of any kind, spaces too."


class NotGuessable:
    """None of the passwords that guessers try first, also with digits around it or written again and again; none that
    is little more than names that belong to the person, the operator or the product; no row of keys."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError with a sentence that says which it is."""
        plain = password.casefold()
        if len(set(plain)) < FEWEST_LETTERS or _is_row(plain):
            raise ValidationError(
                "This is one letter again and again, or a row of keys.", code="password_a_row"
            )
        if _core(plain) in common_passwords():
            raise ValidationError(
                "This is a password that guessers try first, with something around it.",
                code="password_too_common",
            )
        for name in _names(user):
            if len(_without(plain, name)) < BESIDE_NAMES:
                raise ValidationError(
                    f"This is little more than “{name}”, which is known to everybody here.",
                    code="password_a_name",
                )

    def get_help_text(self) -> str:
        """What the person is told beside the field."""
        return "No password that guessers try first, no name of yours, of your operator or of the product."


@cache
def common_passwords() -> frozenset[str]:
    """Twenty thousand that were found in leaks, as Django ships them."""
    return frozenset(CommonPasswordValidator().passwords)


def _core(plain: str) -> str:
    """What a password is made of: without digits and signs around it, and once where it is written several times."""
    middle = AROUND.sub("", plain) or plain
    for size in range(1, len(middle) // 2 + 1):
        whole, rest = divmod(len(middle), size)
        if not rest and middle[:size] * whole == middle:
            return AROUND.sub("", middle[:size]) or middle[:size]
    return middle


def _is_row(plain: str) -> bool:
    """Whether nearly every letter is next to the one before, always in the same direction, in the alphabet or on a
    keyboard: 123456789012345, zyxwvutsrqponm, qwertyuiopasdfg."""
    pairs = list(pairwise(plain))
    steps = [ord(after) - ord(before) for before, after in pairs]
    ways = [sum(step == way for step in steps) for way in (-1, 0, 1)]
    ways += [sum(pair in NEXT_KEYS for pair in pairs), sum(pair[::-1] in NEXT_KEYS for pair in pairs)]
    return max(ways) * 5 >= len(pairs) * 4


def _without(plain: str, name: str) -> str:
    return NOT_LETTERS.sub("", NOT_LETTERS.sub("", plain).replace(name, ""))


def _names(user: Any) -> list[str]:
    """The words that an outsider would begin with, without signs between their letters, the longest first."""
    said = list(OF_THE_PRODUCT)
    if user is not None:
        said += [user.get_username(), user.first_name, user.last_name, user.email.partition("@")[0]]
        if user.pk:
            operators = user.operators.values_list("name", "slug")
            said += [text for pair in operators for text in (*pair, *pair[0].split())]
    names = {NOT_LETTERS.sub("", text.casefold()) for text in said}
    return sorted((name for name in names if len(name) >= SHORTEST_NAME), key=len, reverse=True)
