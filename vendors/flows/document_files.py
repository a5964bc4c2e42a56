"""Files of documents: what may be kept, told by their content, never by their name alone."""

from __future__ import annotations

from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File

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
LOOKED_AT = 4096


def refuse_unfit_file(file: File, file_name: str) -> None:
    """Raises ValidationError beside `file` for one that is empty, too large, of no kind that is kept, or not what its
    name says."""
    size, suffix = file.size or 0, PurePath(file_name).suffix.lower()
    if size == 0:
        raise ValidationError({"file": "The file is empty."})
    if size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1024**2
        raise ValidationError({"file": f"The file has {size / 1024**2:,.0f} MB; the limit is {limit} MB."})
    if suffix not in BEGINNINGS:
        kinds = ", ".join(each.removeprefix(".") for each in BEGINNINGS)
        raise ValidationError({"file": f"'{suffix or file_name}' is not kept; send one of: {kinds}."})
    head = _head_of(file)
    if not head.startswith(BEGINNINGS[suffix]) or (suffix in TEXTS and b"\0" in head):
        raise ValidationError({"file": f"The content is not that of a {suffix.removeprefix('.')} file."})


def _head_of(file: File) -> bytes:
    file.seek(0)
    head: bytes = file.read(LOOKED_AT)
    file.seek(0)
    return head
