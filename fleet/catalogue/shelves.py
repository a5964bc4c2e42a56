"""The catalogue laid out for looking up: listed spellings, and names without what stands around them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from fleet.catalogue.bins import stated_ths
from fleet.catalogue.files import CatalogueAlias, CatalogueModel, Reach, named_only
from fleet.catalogue.habits import other_cores
from fleet.catalogue.known import ModelName, known_models
from fleet.catalogue.rates import UNEXPLAINED, Rate
from fleet.catalogue.reading import NameParts, read_name
from fleet.catalogue.spelling import address_form, plain, squeezed
from fleet.catalogue.words import Vocabulary, Word

Owners = dict[ModelName, Reach]
"""The models that share a spelling, and how far it reaches for each."""

_FARTHEST_FIRST: tuple[Reach, ...] = ("alone", "with maker", "hint")

# Too little to name a model without its maker: "15", "Q", "Rig", "Ultra"; two characters mostly, see _reach.
_WEAK = re.compile(r"[\d.-]+|[a-z]{1,5}|.{1,2}")
_SERIES_AND_NUMBER = re.compile(r"[a-z]\d")

# "s19jpro104t": a rate run into the name. It counts only where the name before it is a model's.
_RATE_RUN_IN = re.compile(r"(?P<core>.*[a-z+])(?P<number>\d{2,4}(?:\.\d+)?)(?P<unit>t?)(?:hs?)?")


class Shelves:
    """Models and aliases by spelling. Built once; nothing in it changes afterwards.

    `exact` and `spelt` hold listed spellings, the latter without spaces and dashes; `cores` the models' own
    names; `addresses` names with their rate as a web address has them, without pluses.
    """

    def __init__(
        self, models: Iterable[CatalogueModel], aliases: Iterable[CatalogueAlias], words: Iterable[Word]
    ) -> None:
        models, aliases = list(models), list(aliases)
        models += named_only(models, aliases)
        self.vocabulary = Vocabulary.of(words, dict.fromkeys(model.maker for model in models))
        self.known = known_models(models, aliases, self._core)
        self.cores: dict[str, Owners] = defaultdict(dict)
        self.exact: dict[str, Owners] = defaultdict(dict)
        self.spelt: dict[str, Owners] = defaultdict(dict)
        self.addresses: dict[str, Owners] = defaultdict(dict)
        self._shelve_models()
        for alias in aliases:
            self._shelve(alias)

    def plain(self, text: str) -> str:
        """The text in plain spelling, words of other scripts translated."""
        return plain(text, self.vocabulary.foreign)

    def read(self, plain_text: str) -> NameParts:
        """A plain text taken apart."""
        return read_name(plain_text, self.vocabulary)

    def listed(self, plain_text: str, parts: NameParts) -> Owners:
        """The models for which this very string is listed, up to case, spaces, dashes and brackets."""
        if plain_text in self.exact:
            return self.exact[plain_text]
        if UNEXPLAINED not in parts.core and (owners := self.spelt.get(squeezed(plain_text))):
            return owners
        return self._of_address(plain_text) if parts.is_web_address and parts.core in self.cores else {}

    def _of_address(self, plain_text: str) -> Owners:
        """The one model with a plus whose listed name and rate make this address ("antminer-s17-73th").

        The model without the plus must be known too: only then does it tell that it lacks the rate.
        """
        owners = self.addresses.get(address_form(plain_text), {})
        return owners if len(owners) == 1 and "alone" in owners.values() else {}

    def readings(self, parts: NameParts) -> Iterator[NameParts]:
        """The ways to read the parts, the likeliest first.

        With the chassis that alone has the rate, if it is left unsaid ("S21e XP Hyd 860T" is the 3U); as they
        stand; with the number at the end, or one run into the name, as the rate.
        """
        if stated := stated_ths(parts):
            at_rate = [core for core in _with_chassis(parts.core) if self._is_rated(core, stated)]
            if len(at_rate) == 1 and not self._is_rated(parts.core, stated):
                yield replace(parts, core=at_rate[0])
        yield parts
        if parts.is_web_address:
            yield replace(parts, core=re.sub(r"(?<=\d)-(?=\d$)", ".", parts.core))  # ebit-e9-3 is the E9.3
        if parts.last_number is not None:
            yield from self._with_rate(parts, parts.stem, Rate(parts.last_number))
        if found := _RATE_RUN_IN.fullmatch(parts.core):
            rate = Rate(Decimal(found["number"]), found["unit"] or None)
            yield from self._with_rate(parts, found["core"], rate)

    def _with_rate(self, parts: NameParts, core: str, rate: Rate) -> Iterator[NameParts]:
        """The parts with a shorter core; a number without a unit must be a bin of a model with that core."""
        if rate.unit or self._is_rated(core, rate.possible_ths):
            yield replace(parts, core=core, rates=(*parts.rates, rate))

    def _is_rated(self, core: str, stated: Iterable[Decimal]) -> bool:
        """Whether a model that goes by the core is known at one of the rates."""
        rates = frozenset(stated)
        return any(rates & self.known[name].rated_ths for name in self.cores.get(core, ()))

    def _core(self, name: str) -> str:
        return self.read(self.plain(name)).core

    def _shelve_models(self) -> None:
        for known in self.known.values():
            self.cores[known.core][known.name] = "alone"
            for row in known.rows:
                _put(self.addresses[address_form(self.plain(f"{row.model} {row.bin}"))], known.name, "hint")
        own = frozenset(self.cores)
        for known in self.known.values():
            for core in other_cores(known.name.maker, known.core, known.cooling):
                if core not in own:
                    self.cores[core][known.name] = "alone"
        for core, owners in self.cores.items():
            owners.update({name: self._reach(core, name) for name in owners})

    def _shelve(self, alias: CatalogueAlias) -> None:
        """Lay an alias where its spelling will be looked for, and its core with it where that may be shared.

        A spelling that leaves out pluses ("whatsminer-m30s-2" for the M30S++) holds exactly as it is listed:
        "Whatsminer M30S 2" need not mean the same.
        """
        model = ModelName(alias.maker, alias.model)
        text = self.plain(alias.alias)
        _put(self.exact[text], model, alias.reach)
        parts = self.read(text)
        if _leaves_out_pluses(parts.core, self.known[model].core):
            return
        _put(self.spelt[squeezed(text)], model, alias.reach)
        if alias.reach == "hint":
            return
        if parts.rates:
            _put(self.addresses[address_form(text)], model, "alone" if "+" in parts.core else "hint")
        elif parts.core and not self._is_taken(parts.core, model):
            self._shelve_core(parts, model, alias.reach)

    def _shelve_core(self, parts: NameParts, model: ModelName, reach: Reach) -> None:
        if parts.makers:
            _put(self.cores[parts.core], model, self._reach(parts.core, model) if reach == "alone" else reach)
        else:
            self.cores[parts.core][model] = reach

    def _is_taken(self, core: str, model: ModelName) -> bool:
        """Whether another model of the same maker goes by this core."""
        return any(other.maker == model.maker and other != model for other in self.cores.get(core, ()))

    def _reach(self, core: str, name: ModelName) -> Reach:
        """Whether a core names its model without the maker: "s19" does, "15" and "rig" do not.

        "L7" does: the machine's figures are known, and no other maker has a name that begins so.
        """
        bare = core.replace("+", "")
        if not _WEAK.fullmatch(bare):
            return "alone"
        makers = {
            owner.maker for other, owners in self.cores.items() if other.startswith(bare) for owner in owners
        }
        is_own = _SERIES_AND_NUMBER.fullmatch(bare) and self.known[name].rated_ths and len(makers) == 1
        return "alone" if is_own else "with maker"


def _with_chassis(core: str) -> list[str]:
    return [f"{core}{height}u" for height in range(1, 7)]


def _leaves_out_pluses(core: str, own: str) -> bool:
    """Whether a core is the model's own with fewer pluses; a board's code or a seller's label is not."""
    return core.count("+") < own.count("+") and own.replace("+", "") in core.replace("+", "")


def _put(owners: Owners, model: ModelName, reach: Reach) -> None:
    owners[model] = min(reach, owners.get(model, reach), key=_FARTHEST_FIRST.index)
