"""An amount of money shared out over goods, to the cent: the shares add up to it exactly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise


def shared_out(cents: int, weights: Sequence[int]) -> list[int]:
    """An amount in whole cents over weights that are not negative: largest remainders first, then in order, so that
    no share is a cent or more from its exact one. Weights of nothing share alike; of no weights there is no share.
    """
    weights = weights if sum(weights) else [1] * len(weights)
    whole = sum(weights)
    shares = [cents * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(cents * weights[place] % whole), place))
    for place in by_remainder[: cents - sum(shares)]:
        shares[place] += 1
    return shares


def over_units(amounts: Iterable[int], units: int) -> list[tuple[int, int]]:
    """Several amounts, each shared out over so many equal units, as what runs of units bear of all of them together:
    (units, cents each), the dearest first. The same as shared_out() of each over equal weights.
    """
    parted = [divmod(cents, units) for cents in amounts]
    whole = sum(quotient for quotient, _ in parted)
    steps = sorted({0, units, *(more for _, more in parted)})
    return [(end - start, whole + sum(more > start for _, more in parted)) for start, end in pairwise(steps)]
