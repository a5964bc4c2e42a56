"""Letters that are not seen: they make one name look like another, or turn the direction in which it is read."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

# Control characters, soft hyphens, fillers, spaces of no width, what turns the direction, tags. Joiners stay: Persian
# is not written without them, nor are families of emoji.
UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def seen_alone(text: str) -> str:
    """The text without them, where nobody is there to be told."""
    return UNSEEN.sub("", text)


def refuse_unseen(text: str, what: str, *, code: str = "text_unseen") -> None:
    """Raises ValidationError for a word by which people know something (`what`, like "The title") that has one."""
    if found := UNSEEN.search(text):
        raise ValidationError(
            f"{what} has a letter that nobody sees (U+{ord(found[0]):04X}); write it without.", code=code
        )
