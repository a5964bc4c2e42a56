"""The answer to the question which model a string means."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from fleet.catalogue.known import ModelName


class How(StrEnum):
    """How a string was resolved, or why it was not."""

    LISTED = "listed"
    READ = "read"
    AMBIGUOUS = "ambiguous"
    NEEDS_MAKER = "needs maker"
    OTHER_MAKER = "other maker"
    DOUBTFUL = "doubtful"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What the catalogue makes of a string.

    `maker` and `model` are both given or both None; if None, `candidates` are the possible or nearest models,
    the likeliest first. `bin` is a bin of the catalogue, None where the string names none or one that is not
    on record; `stated_ths` is the rate in the string, in TH/s. `confidence` is that of the bin, without one
    the least sure of the model's. `note` is a sentence for people, perhaps empty.
    """

    maker: str | None = None
    model: str | None = None
    bin: str | None = None
    confidence: str | None = None
    candidates: tuple[ModelName, ...] = ()
    how: How
    note: str = ""
    stated_ths: Decimal | None = None
