"""Many policy files as one text: each begins with a line that names it, `--- # us/section-301/brazil.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from risk.policy_files.complaints import Complaint, PolicyFilesRefused

_OPENING = re.compile(r"^--- # (.+)$", re.MULTILINE)


def stream_of(files: Mapping[str, str]) -> str:
    """The files one behind the other, by name."""
    return "".join(f"--- # {name}\n{text}" for name, text in sorted(files.items()))


def files_in(stream: str, *, name: str) -> dict[str, str]:
    """The files of a stream; a text without such a line is one file of the name given.

    Raises PolicyFilesRefused where two parts bear the same name.
    """
    before, *parts = _OPENING.split(stream.replace("\r\n", "\n"))
    if not parts:
        return {name: stream}
    files = dict(zip(map(str.strip, parts[::2]), parts[1::2], strict=True))
    if len(files) < len(parts) // 2:
        fault = "two of its parts bear the same name; give each its own."
        raise PolicyFilesRefused([Complaint(file=name, code="file_named_twice", fault=fault)])
    return ({name: before} if before.strip() else {}) | files
