"""Which rig model a string means, or which it may mean; a wrong model is never passed off as the right one.

    index = NameIndex(read_models(), read_aliases())
    index.resolve("S19jPro 104T")           Bitmain, Antminer S19j Pro, bin "104 TH/s"
    index.resolve("KS3")                    no model; Bitmain's and IceRiver's are candidates
    index.resolve("KS3", maker="IceRiver")  IceRiver, KS3

A string that the catalogue lists is looked up, whatever its case, spaces and dashes. Any other is taken
apart, and every part must be known; a plus counts as a letter. Where several models fit, or the rate beside
the name speaks for another, there is no model but candidates: to ask costs a minute, a wrong model a wrong
duty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import Indel, JaroWinkler

from fleet.catalogue.bins import bin_named
from fleet.catalogue.doubts import fits, other_readings
from fleet.catalogue.files import CatalogueAlias, CatalogueModel
from fleet.catalogue.known import KnownModel, ModelName
from fleet.catalogue.makers import MakerNames
from fleet.catalogue.reading import NameParts
from fleet.catalogue.resolution import How, Resolution
from fleet.catalogue.shelves import Owners, Shelves
from fleet.catalogue.words import Word, read_words

__all__ = ["How", "ModelName", "NameIndex", "Resolution"]

_LONGEST_NAME = 200  # characters; a longer cell is no name
_MOST_CANDIDATES = 5
_NEAR_ENOUGH = 0.75
_REMEMBERED = 20_000  # a sheet of 100,000 rigs has a few dozen strings

_NO_MAKER = frozenset({"", "-", "n/a", "na", "none", "unknown", "?"})


class NameIndex:
    """The models and aliases of a catalogue, ready to resolve strings; it may be shared between threads.

    Built from any models and aliases, those of the database too; the words around names are shipped. Makers are in
    the words of the catalogue inside, whatever the register calls them (`makers`); what comes and goes has its names.
    """

    def __init__(
        self,
        models: Iterable[CatalogueModel],
        aliases: Iterable[CatalogueAlias],
        words: Iterable[Word] | None = None,
        makers: MakerNames | None = None,
    ) -> None:
        self._makers = makers or MakerNames()
        words = self._makers.words(read_words() if words is None else words)
        self._shelves = Shelves(models, aliases, words)
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._resolved)

    def resolve(self, text: str, maker: str | None = None) -> Resolution:
        """What the string means; `maker` is what another column says, by name or brand, in any spelling."""
        return self._remembered(text, maker)

    def bins_of(self, maker: str, model: str) -> tuple[CatalogueModel, ...]:
        """The rows of a model, one a bin and reading; empty if there is no such model."""
        known = self._shelves.known.get(ModelName(self._makers.meant(maker), model))
        return known.rows if known else ()

    def maker_named(self, text: str) -> str | None:
        """The maker that a maker column means ("BITMAIN TECHNOLOGIES", "Whatsminer"), or None."""
        words = [word for word in re.split(r"[\W_]+", self._shelves.plain(text)) if word]
        vocabulary = self._shelves.vocabulary
        spelt = words + ["".join(pair) for pair in pairwise(words)] + ["".join(words)]
        found = {vocabulary.makers[word] for word in spelt if word in vocabulary.makers}
        found = found or {maker for word in words if (maker := vocabulary.maker_misspelt(word))}
        return found.pop() if len(found) == 1 else None

    def _resolved(self, text: str, maker: str | None) -> Resolution:
        """The answer, with makers as the register calls them."""
        found, told = self._resolve(text, maker), self._makers.told
        candidates = tuple(ModelName(told(each.maker), each.model) for each in found.candidates)
        return replace(found, maker=found.maker and told(found.maker), candidates=candidates)

    def _resolve(self, text: str, maker: str | None) -> Resolution:
        if len(text) > _LONGEST_NAME:
            return Resolution(
                how=How.UNKNOWN, note=f"Longer than {_LONGEST_NAME} characters; write the model alone."
            )
        if maker is None or maker.strip().casefold() in _NO_MAKER:
            return self._decide(text, None)
        if named := self.maker_named(maker):
            return self._decide(text, named)
        alone = self._decide(text, None)
        found = (ModelName(alone.maker, alone.model),) if alone.maker and alone.model else alone.candidates
        return _open(How.OTHER_MAKER, found, f"'{maker}' is no maker that the catalogue knows.")

    def _decide(self, text: str, named: str | None) -> Resolution:
        plain_text = self._shelves.plain(text)
        parts = self._shelves.read(plain_text)
        listed = self._shelves.listed(plain_text, parts)
        parts, owners = self._owners(parts, listed)
        makers = self._makers_said(parts, owners) | ({named} if named else set())
        if len(makers) > 1:
            told = ", ".join(sorted(map(self._makers.told, makers)))
            return _open(How.OTHER_MAKER, owners, f"Two makers are named: {told}.")
        return self._choose(parts, listed, owners, next(iter(makers), None))

    def _owners(self, parts: NameParts, listed: Owners) -> tuple[NameParts, Owners]:
        """The models that the string may name, and the parts as they were read to find them.

        A bare string listed for one maker ("KS3") may still be another's, if that one has the name too.
        """
        if listed and "hint" not in listed.values():
            makers = {model.maker for model in listed}
            same_name = {} if parts.makers else self._shelves.cores.get(parts.core, {})
            return parts, listed | {
                name: reach for name, reach in same_name.items() if name.maker not in makers
            }
        for reading in self._shelves.readings(parts):
            if owners := self._shelves.cores.get(reading.core):
                return reading, owners
        return parts, {}

    def _makers_said(self, parts: NameParts, owners: Owners) -> frozenset[str]:
        """The makers in the string; "Braiins" is none on a machine that Braiins does not make."""
        either = self._shelves.vocabulary.firmware_makers
        if parts.makers & either and not any(model.maker in parts.makers & either for model in owners):
            return parts.makers - either
        return parts.makers

    def _choose(self, parts: NameParts, listed: Owners, owners: Owners, maker: str | None) -> Resolution:
        """One model, if just one fits; else why not, and what it may be."""
        fitting = {name: reach for name, reach in owners.items() if maker in (None, name.maker)}
        if parts.v_code:
            fitting = {name: reach for name, reach in fitting.items() if name.maker == "MicroBT"}
        if hints := [name for name, reach in listed.items() if reach == "hint"]:
            return _open(
                How.DOUBTFUL, [*hints, *fitting], "Seen for the first of these, which it does not name."
            )
        if owners and not fitting:
            return _open(How.OTHER_MAKER, owners, "No model of that maker goes by this name.")
        if not fitting:
            return _open(How.UNKNOWN, self._nearest(parts.core, maker), "No model goes by this name.")
        if len(fitting) > 1:
            return _open(How.AMBIGUOUS, fitting, "Several models go by this name.")
        ((name, reach),) = fitting.items()
        if reach != "alone" and maker is None:
            return _open(
                How.NEEDS_MAKER, [name, *self._nearest(parts.core, None)], "Too little without the maker."
            )
        return self._accept(self._shelves.known[name], parts, is_listed=bool(listed))

    def _accept(self, model: KnownModel, parts: NameParts, *, is_listed: bool) -> Resolution:
        """The model with its bin; beside a name that is not listed, the rate must not speak against it."""
        if not is_listed:
            if others := other_readings(model, parts, self._shelves.known.values()):
                names = [model.name, *(other.name for other in others)]
                return _open(How.DOUBTFUL, names, "The rate speaks for another model.")
            if any(rate.unit is None and not fits(model, rate) for rate in parts.rates):
                return _open(
                    How.DOUBTFUL, [model.name], "The number beside the name is no rate of this model."
                )
        found = bin_named(model, parts)
        return Resolution(
            maker=model.name.maker,
            model=model.name.model,
            bin=found.bin,
            confidence=model.confidence(found.rows),
            how=How.LISTED if is_listed else How.READ,
            note=" ".join(filter(None, [found.note, _told(parts)])),
            stated_ths=found.stated_ths,
        )

    def _nearest(self, core: str, maker: str | None) -> list[ModelName]:
        """The models whose names or aliases look most like a core, of one maker if that is known."""
        cores = self._shelves.cores
        found = process.extract(core, cores.keys(), scorer=_likeness, score_cutoff=_NEAR_ENOUGH, limit=None)
        return [name for near, _, _ in found for name in cores[near] if maker in (None, name.maker)]


def _likeness(one: str, other: str, *, score_cutoff: float | None = None) -> float:
    return max(JaroWinkler.similarity(one, other), Indel.normalized_similarity(one, other))


def _open(how: How, candidates: Iterable[ModelName], note: str) -> Resolution:
    return Resolution(how=how, candidates=tuple(dict.fromkeys(candidates))[:_MOST_CANDIDATES], note=note)


def _told(parts: NameParts) -> str:
    told = [*([f"V-code {parts.v_code.upper()}"] if parts.v_code else []), *dict.fromkeys(parts.tells)]
    return f"Also says: {', '.join(told)}." if told else ""
