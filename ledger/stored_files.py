"""Files that came from outside: what tells one from another."""

from __future__ import annotations

import errno
import hashlib
import re
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
DISK_FULL = (
    "The disk on which files are kept is full; nothing of this one was kept. Whoever runs the product has to make "
    "room; then send it again."
)


class StoredFiles(FileSystemStorage):
    """Files on the disk, whole or not at all: one that finds no room is taken away again and refused."""

    def _save(self, name: str, content: Any) -> str:
        """Raises ValidationError (disk_full) where the disk, the quota or the largest size of a file is reached."""
        try:
            kept: str = super()._save(name, content)  # type: ignore[misc]  # the hook that Django documents
            return kept
        except OSError as fault:
            if fault.errno not in FULL:
                raise
            Path(self.path(name)).unlink(missing_ok=True)
            raise ValidationError(DISK_FULL, code="disk_full") from fault


def handed_out_as(name: str) -> str:
    """The name of a file as it is offered to a browser: without folders of any system, and without letters that are
    not seen, such as those that turn the direction of writing and make `exe.pdf` of `fdp.exe`."""
    last = re.split(r"[\\/]", name)[-1]
    return "".join(letter for letter in last if letter.isprintable()).strip(" .") or "file"


def sha256_of(file: Any) -> str:
    """The SHA-256 of a Django file, read in pieces; the file stands at its beginning again."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
