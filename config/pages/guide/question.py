"""What a step of the guide is: a page that asks, and what is made of the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError

from config.pages.guide.marks import OTHER_TITLES, TITLES
from config.pages.visit import Visit
from fleet.flows.look_at_upload import look_at
from fleet.models import Upload
from fleet.sheets.peek import Peek

Answer = Mapping[str, str]


@dataclass
class Asking:
    """One upload in front of one person, with the answer that was sent and what is wrong with it, by field."""

    visit: Visit
    upload: Upload
    answer: Answer = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @cached_property
    def peek(self) -> Peek:
        """A look at the file with the choices made so far."""
        return look_at(self.upload)

    def chosen(self, name: str, otherwise: str = "") -> str:
        """What a field shows: what was just sent, else what was chosen before."""
        return self.answer.get(name, otherwise)

    def refuse(self, wrong: ValidationError | ValueError) -> None:
        """Note what is wrong beside its fields."""
        if isinstance(wrong, ValidationError) and hasattr(wrong, "error_dict"):
            self.errors = {name: " ".join(told) for name, told in wrong.message_dict.items()}
        else:
            told = wrong.messages if isinstance(wrong, ValidationError) else [str(wrong)]
            self.errors = {"": " ".join(told)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A page of the guide. `shown` gives what its template needs, `chosen` what an answer comes to, as choices
    of the upload; it raises ValidationError or ValueError for an answer that is none.
    """

    slug: str
    shown: Callable[[Asking], dict[str, Any]]
    chosen: Callable[[Asking], dict[str, Any]]

    @property
    def title(self) -> str:
        """What it is called in the list of steps."""
        return {**TITLES, **OTHER_TITLES}[self.slug]

    @property
    def template(self) -> str:
        """Its page."""
        return f"console/guide/{self.slug}.html"
