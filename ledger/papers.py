"""Papers that come from outside: of a kind that is kept, told by what is in them, and never by their name alone."""

from __future__ import annotations

import zipfile
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from ledger.malware import refuse_malware

_ZIP = (b"PK\x03\x04",)
# How the content of each kind begins; text begins anyhow, and has no zero byte.
BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF-",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".tif": (b"II*\x00", b"MM\x00*"),
    ".tiff": (b"II*\x00", b"MM\x00*"),
    ".docx": _ZIP,
    ".xlsx": _ZIP,
    ".odt": _ZIP,
    ".ods": _ZIP,
    ".txt": (b"",),
    ".csv": (b"",),
    ".eml": (b"",),
}
TEXTS = (".txt", ".csv", ".eml")
# A part that each zipped kind has, so that a packed archive under such a name is told from it.
PARTS = {
    ".docx": "word/document.xml",
    ".xlsx": "xl/workbook.xml",
    ".odt": "content.xml",
    ".ods": "content.xml",
}
MACROS = ("vbaproject.bin", "basic/script-lc.xml")
MOST_PARTS = 2_000
LOOKED_AT = 4096
# What a browser or a shell would carry out, whatever its name says.
ACTIVE = (
    *(b"<!doctype", b"<html", b"<head", b"<body", b"<svg", b"<script", b"<iframe"),
    *(b"<?xml", b"<?php", b"#!", b"@echo"),
)
MARKS = b"\xef\xbb\xbf \t\r\n"


def refuse_unfit_paper(file: Any, file_name: str) -> None:
    """Raises ValidationError for a file that is empty (`file_empty`), too large (`file_too_large`), of no kind
    that is kept (`file_kind`), not what its name says (`file_content`), and for what refuse_malware does."""
    _refuse_wrong_size(file.size or 0)
    suffix = PurePath(file_name).suffix.lower()
    if suffix not in BEGINNINGS:
        kinds = ", ".join(each.removeprefix(".") for each in BEGINNINGS)
        raise ValidationError(f"'{suffix or file_name}' is not kept; send one of: {kinds}.", code="file_kind")
    head = _head_of(file)
    if not head.startswith(BEGINNINGS[suffix]) or (suffix in TEXTS and b"\0" in head):
        raise ValidationError(
            f"The content is not that of a {suffix.removeprefix('.')} file.", code="file_content"
        )
    if suffix in TEXTS and head.lstrip(MARKS).lower().startswith(ACTIVE):
        raise ValidationError("The content is a page or a script; send a PDF instead.", code="file_content")
    if suffix in PARTS:
        _refuse_other_zips(file, suffix)
    refuse_malware(file)


def _refuse_wrong_size(size: int) -> None:
    if size == 0:
        raise ValidationError("The file is empty.", code="file_empty")
    if size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1024**2
        raise ValidationError(
            f"The file has {size / 1024**2:,.0f} MB; the limit is {limit} MB.", code="file_too_large"
        )


def _refuse_other_zips(file: Any, suffix: str) -> None:
    """The directory of the zip is read, and nothing is unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        parts = []
    file.seek(0)
    if PARTS[suffix] not in parts or len(parts) > MOST_PARTS:
        raise ValidationError(
            f"The content is not that of a {suffix.removeprefix('.')} file.", code="file_content"
        )
    if any(part.lower().endswith(MACROS) for part in parts):
        raise ValidationError(
            "The document has macros; save it without them, or send a PDF.", code="file_content"
        )


def _head_of(file: Any) -> bytes:
    file.seek(0)
    head: bytes = file.read(LOOKED_AT)
    file.seek(0)
    return head
