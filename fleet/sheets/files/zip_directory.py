"""The directory of a zipped workbook, looked at before anything in it is unpacked."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from fleet.sheets.files.limits import Limits
from fleet.sheets.wrecks import UnreadableSheet

HARMLESS_BYTES = 10_000_000  # a part no larger than this may be packed as tightly as it likes
_ENCRYPTED = 0x1


def parts_of(path: Path, limits: Limits) -> Mapping[str, int]:
    """The names of the parts and the bytes that each unpacks to, after the directory was found harmless.

    Raises UnreadableSheet: `cut_short` where there is no directory, `password_protected`, `zip_bomb`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise UnreadableSheet(
            "cut_short", "The file begins like a workbook but its end is missing; copy or download it again."
        ) from None
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise UnreadableSheet("password_protected", "The file is locked by a password; save it without one.")
    if _is_bomb(parts, limits):
        raise UnreadableSheet(
            "zip_bomb",
            "The file would unpack to far more than a fleet needs (at most "
            f"{limits.unpacked_bytes // 10**6:,} MB, {limits.parts:,} parts, {limits.ratio} times its size); "
            "save the sheet as a new workbook.",
        )
    return {part.filename: part.file_size for part in parts}


def _is_bomb(parts: list[zipfile.ZipInfo], limits: Limits) -> bool:
    return (
        len(parts) > limits.parts
        or sum(part.file_size for part in parts) > limits.unpacked_bytes
        or any(_is_packed_too_tightly(part, limits) for part in parts)
    )


def _is_packed_too_tightly(part: zipfile.ZipInfo, limits: Limits) -> bool:
    return part.file_size > HARMLESS_BYTES and part.file_size > limits.ratio * max(part.compress_size, 1)
