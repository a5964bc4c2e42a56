"""What kind of file it is, told by its content: a name proves nothing."""

from __future__ import annotations

import mmap
import zipfile
from collections.abc import Set
from enum import StrEnum
from pathlib import Path

from fleet.sheets.wrecks import UnreadableSheet

LOOKED_AT = 4096
WELCOME = "send .xlsx, .xlsm, .xlsb, .xls, .ods, .csv or .tsv"


class Container(StrEnum):
    """The outer form of a file: a zip (xlsx, xlsb, ods), an OLE file (xls), or plain text."""

    ZIP = "zip"
    OLE = "ole"
    TEXT = "text"


_ZIP_START, _EMPTY_ZIP, _OLE_START = b"PK\x03\x04", b"PK\x05\x06", bytes.fromhex("D0CF11E0A1B11AE1")
_OTHER_KINDS = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"{\\rtf": "a text document",
    b"Rar!": "a packed archive",
    b"7z\xbc\xaf": "a packed archive",
    b"\x1f\x8b": "a packed archive",
    b"SQLite format": "a database",
    b"PAR1": "a data file",
    b"\x7fELF": "a program",
}
NO_SECTOR = 0xFFFFFFFA  # from here on numbers of sectors have other meanings
SECTOR_SHIFTS = (9, 12)
_WEB_PAGE, _XML = "a web page", "an XML file"
_MARKUP = {
    "<?xml": _XML,
    "<workbook": _XML,
    **dict.fromkeys(("<!doctype", "<!--", "<html", "<head", "<body", "<title"), _WEB_PAGE),
    **dict.fromkeys(("<table", "<meta", "<style", "<div"), _WEB_PAGE),
    "mime-version:": "a web page in one file",
    "id;p": "a SYLK file",
    "table\n0,1": "a DIF file",
}
_JSON = ('{"', "[{", "[[", '["')
LONGEST_KIND = 100
_OTHER_OPEN_DOCUMENTS = {
    "opendocument.text": "a text document",
    "opendocument.presentation": "a presentation",
    "opendocument.graphics": "a drawing",
}
_ZIPPED_KINDS = {
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a PowerPoint presentation",
    "Index/Document.iwa": "an Apple Numbers or Pages document",
}
_WORKBOOK_PARTS = frozenset(("xl/workbook.xml", "xl/workbook.bin", "content.xml"))


def container_of(path: Path) -> Container:
    """The outer form of the file. Raises UnreadableSheet: `empty_file`, `wrong_kind`."""
    with path.open("rb") as stream:
        start = stream.read(LOOKED_AT)
    if not start.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise UnreadableSheet("empty_file", "The file is empty; send a sheet with headings and rows.")
    if start.startswith((_ZIP_START, _EMPTY_ZIP)):
        return Container.ZIP
    if start.startswith(_OLE_START):
        return Container.OLE
    _refuse_other_kinds(start)
    return Container.TEXT


def workbook_suffixes(parts: Set[str]) -> tuple[str, ...]:
    """The endings of the names of workbooks that consist of such parts, the usual one first."""
    if not parts:
        return (".xls",)
    if "content.xml" in parts:
        return (".ods",)
    return (".xlsb",) if "xl/workbook.bin" in parts else (".xlsx", ".xlsm")


def refuse_other_zips(path: Path, parts: Set[str]) -> None:
    """Raises UnreadableSheet (`wrong_kind`) for a zip that is no workbook."""
    if "content.xml" in parts and "mimetype" in parts:
        with zipfile.ZipFile(path) as archive, archive.open("mimetype") as stream:
            kind = stream.read(LONGEST_KIND).decode("ascii", "replace")
        if what := next((what for name, what in _OTHER_OPEN_DOCUMENTS.items() if name in kind), ""):
            raise wrong_kind(what)
    if not parts & _WORKBOOK_PARTS:
        raise wrong_kind(
            next((_ZIPPED_KINDS[part] for part in parts if part in _ZIPPED_KINDS), "a packed archive")
        )


def refuse_other_ole(path: Path) -> None:
    """Raises UnreadableSheet for an OLE file that is locked (`password_protected`) or no workbook
    (`wrong_kind`).
    """
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if _is_cut_short(content):
            raise UnreadableSheet(
                "cut_short",
                "The file begins like a workbook but its end is missing; copy or download it again.",
            )
        if content.find(_utf16("EncryptedPackage")) >= 0:
            raise UnreadableSheet(
                "password_protected", "The workbook is locked by a password; save it without one."
            )
        if content.find(_utf16("Workbook")) < 0 and content.find(_utf16("Book")) < 0:
            raise wrong_kind(
                "a Word document" if content.find(_utf16("WordDocument")) >= 0 else "an Office file"
            )


def _is_cut_short(content: mmap.mmap) -> bool:
    """Whether the directory of the OLE file, or its table of sectors, lies beyond its end."""
    shift = int.from_bytes(content[30:32], "little")
    sectors = [int.from_bytes(content[at : at + 4], "little") for at in (48, 76)]
    return shift in SECTOR_SHIFTS and any(
        sector + 2 << shift > len(content) for sector in sectors if sector < NO_SECTOR
    )


def wrong_kind(what: str) -> UnreadableSheet:
    """The refusal of a file that is something else, named."""
    return UnreadableSheet("wrong_kind", f"The file is {what}, not a fleet sheet; {WELCOME}.")


def _refuse_other_kinds(start: bytes) -> None:
    for signature, what in _OTHER_KINDS.items():
        if start.startswith(signature):
            raise wrong_kind(what)
    refuse_markup(start.decode("utf-8", "replace"))


def refuse_markup(start: str) -> None:
    """Raises UnreadableSheet (`wrong_kind`) for text that is no table: a web page, XML, JSON and the like."""
    text = "\n".join(start.lstrip("\ufeff \t\r\n").lower().splitlines())
    for signature, what in _MARKUP.items():
        if text.startswith(signature):
            raise wrong_kind(f"{what} (many systems name it .xls)")
    if "".join(text[:64].split()).startswith(_JSON):
        raise wrong_kind("a JSON file")


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")
