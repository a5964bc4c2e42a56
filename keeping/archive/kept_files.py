"""The files that rows name: which they are, and how they come into a backup and out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import models

from keeping.archive.manifest import KeptFile
from keeping.archive.tables import Table

PIECE = 1024 * 1024
_A_NAME = re.compile(r"[\w.-]+(/[\w.-]+)*")


def names_in(tables: list[Table], database: str) -> Iterator[str]:
    """Of every file that a row names, each once."""
    seen: set[str] = set()
    for table in tables:
        for column in (each for each in table.columns if isinstance(each, models.FileField)):
            named = table.model._base_manager.using(database).exclude(**{column.name: ""}).order_by("pk")
            for name in named.values_list(column.name, flat=True):
                if name and name not in seen:
                    seen.add(name)
                    yield name


def copied(source: IO[bytes], *targets: IO[bytes]) -> KeptFile:
    """Copy a file in pieces; its size and digest."""
    digest, size = sha256(), 0
    while piece := source.read(PIECE):
        digest.update(piece)
        size += len(piece)
        for target in targets:
            target.write(piece)
    return KeptFile(bytes=size, sha256=digest.hexdigest())


def place_of(name: str) -> Path:
    """Where a kept file lies. Raises ValidationError for a name that would lead out of the folder of kept files."""
    if not _A_NAME.fullmatch(name) or ".." in PurePosixPath(name).parts:
        raise ValidationError(f"'{name}' is no name of a kept file.", code="backup_wrecked")
    return Path(default_storage.path(name))


def put(name: str, content: IO[bytes]) -> None:
    """Lay a file where its row looks for it, whole or not at all."""
    place = place_of(name)
    place.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=place.parent, prefix=".", delete=False) as half:
        try:
            copied(content, half)
            half.close()
            Path(half.name).replace(place)
        except BaseException:
            Path(half.name).unlink(missing_ok=True)
            raise


def standing(name: str) -> KeptFile | None:
    """What lies under a name now."""
    place = place_of(name)
    if not place.is_file():
        return None
    with place.open("rb") as stream:
        return copied(stream)
