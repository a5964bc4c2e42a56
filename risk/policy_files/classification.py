"""How customs numbers and refuses goods: renumberings of the schedule, and headings refused to rigs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from risk.engine.policy import RefusedHeading, Renumbering
from risk.policy_files.complaints import Complaint, unknown_key
from risk.policy_files.records import refused_heading_from, renumbering_from

T = TypeVar("T")

KEYS = ("title", "renumberings", "refused_headings")


@dataclass(slots=True)
class Classification:
    """What the files said so far of classification."""

    renumberings: list[Renumbering] = field(default_factory=list)
    refused_headings: list[RefusedHeading] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)

    def read(self, document: Mapping[str, Any], *, file: str) -> None:
        """Take in a file; what is wrong with it joins the complaints."""
        for key in [key for key in document if key not in KEYS]:
            fault = unknown_key(key, KEYS)
            self.complaints.append(Complaint(file=file, code="unknown_key", fault=fault))
        self.renumberings += self._items(document, "renumberings", renumbering_from, file)
        self.refused_headings += self._items(document, "refused_headings", refused_heading_from, file)

    def _items(
        self, document: Mapping[str, Any], key: str, read: Callable[[Mapping[str, Any]], T], file: str
    ) -> Iterator[T]:
        items = document.get(key, [])
        for number, item in enumerate(items if isinstance(items, list) else [items], start=1):
            try:
                yield read(item if isinstance(item, dict) else {})
            except ValueError as error:
                code = getattr(error, "code", "unreadable")
                fault = f"{key}, number {number}: {error}"
                self.complaints.append(Complaint(file=file, code=code, fault=fault))
