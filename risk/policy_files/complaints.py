"""What is wrong with a policy: one sentence a fault, all faults together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One fault: where it stands (file, measure, day), a stable code, and what would be right."""

    file: str
    code: str
    fault: str
    measure: str = ""
    day: date | None = None

    @property
    def sentence(self) -> str:
        """The whole sentence: where, what is wrong, what would be right."""
        where = ", ".join(str(part) for part in (self.file, self.measure, self.day) if part)
        return f"{where}: {self.fault}"

    def __str__(self) -> str:
        return self.sentence


class PolicyFilesRefused(ValueError):
    """The files hold no policy that could be published; `complaints` tells every reason."""

    def __init__(self, complaints: Iterable[Complaint]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("\n".join(complaint.sentence for complaint in self.complaints))


def unknown_key(key: object, known: Iterable[str]) -> str:
    """The sentence for a key that does not exist, with the nearest one that does."""
    names = sorted(known)
    near = get_close_matches(str(key), names, n=1)
    all_keys = f"the keys are {', '.join(names)}." if len(names) < 10 else "docs/policies.md tells the keys."
    hint = f"did you mean {near[0]}?" if near else all_keys
    return f"there is no key '{key}' here; {hint}"
