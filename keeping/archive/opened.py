"""A backup that is read: everything in it is held against its manifest before anything is done with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812

from django.core.exceptions import ValidationError

from keeping.archive.kept_files import copied
from keeping.archive.manifest import MANIFEST, Manifest, read_manifest, seal_of

WRECKS = (BadZipFile, ZlibError, EOFError, KeyError, NotImplementedError)


class OpenBackup:
    """A backup as a file. Raises ValidationError (`backup_wrecked`) for what is none."""

    def __init__(self, source: BinaryIO) -> None:
        try:
            self._archive = ZipFile(source)
            written = self._archive.read(MANIFEST)
        except WRECKS as wreck:
            raise ValidationError(
                "This is no backup, or a part of it is missing; nothing was done.", code="backup_wrecked"
            ) from wreck
        self.seal = seal_of(written)
        self.manifest: Manifest = read_manifest(written)

    def refuse_wrecks(self) -> None:
        """Raises ValidationError (`backup_wrecked`) that names every part which is not as the manifest tells."""
        told = {f"tables/{name}.jsonl": each.sha256 for name, each in self.manifest.tables.items()}
        told |= {f"files/{name}": each.sha256 for name, each in self.manifest.files.items()}
        strange = sorted(set(self._archive.namelist()) - set(told) - {MANIFEST})
        if wrong := [name for name, digest in told.items() if self._digest(name) != digest] + strange:
            raise ValidationError(
                f"The backup is damaged: {', '.join(wrong)} is not what its manifest tells. Nothing was done.",
                code="backup_wrecked",
            )

    @contextmanager
    def lines_of(self, table: str) -> Iterator[Iterable[bytes]]:
        """The rows of a table, a line each."""
        with self._archive.open(f"tables/{table}.jsonl") as lines:
            yield lines

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        """The content of a kept file."""
        with self._archive.open(f"files/{name}") as content:
            yield content

    def _digest(self, member: str) -> str:
        try:
            with self._archive.open(member) as content:
                return copied(content).sha256
        except WRECKS:
            return ""
