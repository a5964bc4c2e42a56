"""A list that is published as a ZIP of one file."""

from __future__ import annotations

import zipfile
from pathlib import Path

from risk.fetching.failed import FetchFailed

_ZIP = b"PK\x03\x04"
_AT_ONCE = 1 << 20


def unpacked(file: Path, *, at_most: int) -> Path:
    """The one file of a ZIP, beside it; a file that is no ZIP is given back. `at_most`: bytes when unpacked.

    Raises FetchFailed for a damaged ZIP, one of several files, and one that unpacks to more.
    """
    with file.open("rb") as stream:
        if stream.read(len(_ZIP)) != _ZIP:
            return file
    to = file.with_name(f"{file.stem}.unpacked")
    try:
        with zipfile.ZipFile(file) as archive:
            _unpack(archive, to, at_most)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as wrong:
        raise FetchFailed(f"The ZIP {file.name} is cut or damaged ({type(wrong).__name__}).") from None
    return to


def _unpack(archive: zipfile.ZipFile, to: Path, at_most: int) -> None:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) != 1:
        raise FetchFailed(f"The ZIP holds {len(members)} files instead of one.")
    size = 0
    with archive.open(members[0]) as source, to.open("wb") as file:
        while block := source.read(_AT_ONCE):
            size += len(block)
            if size > at_most:
                raise FetchFailed(f"The ZIP unpacks to more than {at_most:,} bytes; it was not read.")
            file.write(block)
