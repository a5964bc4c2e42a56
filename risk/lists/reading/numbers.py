"""Numbers for parties whose list gives them none: the same in every edition that says the same of the party."""

from __future__ import annotations

import hashlib
from collections import Counter

from risk.lists.reading.text import folded


class MadeNumbers:
    """Numbers of one file; a second party of equal facts gets a suffix, so that none is lost."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()

    def made_of(self, *facts: str) -> str:
        """Twelve hex digits from facts that seldom change: list, name, country."""
        text = "|".join(folded(fact) for fact in facts)
        number = hashlib.sha256(text.encode()).hexdigest()[:12]
        self._taken[number] += 1
        return number if self._taken[number] == 1 else f"{number}-{self._taken[number]}"
