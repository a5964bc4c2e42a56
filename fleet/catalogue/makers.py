"""Makers by the names of the catalogue and by those of the register, where people rename and merge them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from fleet.catalogue.words import Word

MAKER_KINDS = ("maker", "maker or firmware", "tool code")
_SHORTEST = 4  # letters; a shorter name is as easily a part of a model's


@dataclass(frozen=True, slots=True, kw_only=True)
class MakerNames:
    """How the register calls makers `today`, by the names of the catalogue; which of them `others` mean, that it
    calls or called them by; and makers of the catalogue that were `merged`, each with the one that it is now."""

    today: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)

    def words(self, shipped: Iterable[Word]) -> list[Word]:
        """The shipped words, meaning whom they mean now, and each other name where no word is like it."""
        words = [
            replace(word, means=self.merged.get(word.means, word.means)) if word.kind in MAKER_KINDS else word
            for word in shipped
        ]
        known = {word.word for word in words}
        own = {_run_together(name): maker for name, maker in self.others.items()}
        return words + [
            Word(word, "maker", maker)
            for word, maker in own.items()
            if word not in known and len(word) >= _SHORTEST
        ]

    def told(self, maker: str) -> str:
        """As the register calls a maker of the catalogue."""
        return self.today.get(maker, maker)

    def meant(self, maker: str) -> str:
        """The name in the catalogue of a maker of the register."""
        return next((shipped for shipped, name in self.today.items() if name == maker), maker)


def _run_together(name: str) -> str:
    return "".join(name.casefold().split())
