"""When the rate beside a name speaks for another model than the one named."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from rapidfuzz.distance import OSA

from fleet.catalogue.bins import stated_ths
from fleet.catalogue.known import KnownModel
from fleet.catalogue.rates import Rate
from fleet.catalogue.reading import NameParts

# Under half the smallest bin or over 1.6 times the largest it is hardly the same machine; modes stay within.
_FAR = (Decimal("0.5"), Decimal("1.6"))
_NEAR = (Decimal("0.9"), Decimal("1.1"))
_FAMILY = re.compile(r"[a-z]*\d+")  # "s19" of "s19jpro+"


def other_readings(named: KnownModel, parts: NameParts, models: Iterable[KnownModel]) -> list[KnownModel]:
    """The models that may be meant instead, judged by the rate beside the name; mostly none.

    The named model lacks the bin, and a model of the same maker has it whose name would read so with letters
    or a plus left out ("S17 73T", "S21 335T"). In a web address no plus can be written, so there it is enough
    that a sibling with a plus has the bin too. Or the rate is far from all its bins and near those of a model
    one letter away ("M50S 250T", the M53S). A rate that nobody has ("S19j Pro 999T") is a slip in the rate.
    """
    stated = stated_ths(parts)
    if not stated:
        return []
    kin = [model for model in models if model.name.maker == named.name.maker and model.name != named.name]
    with_plus = [model for model in kin if _only_pluses_more(named.core, model.core)]
    if parts.is_web_address and (doubtful := _having(stated, with_plus)):
        return doubtful
    if stated & named.rated_ths:
        return []
    if doubtful := _having(
        stated, (model for model in kin if _reads_so_with_letters_lost(named.core, model.core))
    ):
        return doubtful
    if all(_is_far(ths, named) for ths in stated):
        return [
            model for model in kin if _is_close(stated, model) and _is_one_slip_away(named.core, model.core)
        ]
    return []


def _having(stated: frozenset[Decimal], models: Iterable[KnownModel]) -> list[KnownModel]:
    return [model for model in models if stated & model.rated_ths]


def _only_pluses_more(core: str, other: str) -> bool:
    return core.replace("+", "") == other.replace("+", "") and other.count("+") > core.count("+")


def _reads_so_with_letters_lost(core: str, other: str) -> bool:
    letters = iter(other)
    return _family(core) == _family(other) and all(letter in letters for letter in core)


def _is_one_slip_away(core: str, other: str) -> bool:
    return OSA.distance(core, other) == 1 or _reads_so_with_letters_lost(core, other)


def _family(core: str) -> str:
    found = _FAMILY.match(core)
    return found[0] if found else core


def _is_far(ths: Decimal, model: KnownModel) -> bool:
    rated = model.rated_ths
    return bool(rated) and not min(rated) * _FAR[0] <= ths <= max(rated) * _FAR[1]


def _is_close(stated: frozenset[Decimal], model: KnownModel) -> bool:
    return any(rated * _NEAR[0] <= ths <= rated * _NEAR[1] for ths in stated for rated in model.rated_ths)


def fits(model: KnownModel, rate: Rate) -> bool:
    """Whether a number without a unit can be a rate of this model at all."""
    return any(not _is_far(ths, model) for ths in rate.possible_ths)
