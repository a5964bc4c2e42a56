"""In which encoding a text file was saved, found from all of its bytes."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from fleet.sheets.files.kinds import wrong_kind
from fleet.sheets.wrecks import UnreadableSheet

# Those that a person can choose, and what people call them.
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "gb18030": "Chinese (GB18030, GBK)",
    "cp1252": "Western European (Windows-1252)",
    "cp1250": "Central European (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)",
    "koi8-r": "Cyrillic (KOI8-R)",
    "cp1254": "Turkish (Windows-1254)",
    "big5": "Traditional Chinese (Big5)",
    "shift_jis": "Japanese (Shift-JIS)",
    "euc_kr": "Korean (EUC-KR)",
}
_CHUNK = 1 << 20
_SAMPLE = 4096
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_SMALL_CYRILLIC = re.compile(rb"[\xe0-\xff]")
_OF_UTF8 = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
FEW = (
    0.005  # so many of a text's bytes may be control characters: their cells are complained of, not the file
)
MOSTLY = 0.6  # of Chinese in GBK a quarter looks like UTF-8 by chance
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")


def encoding_of(path: Path) -> str:
    """The Python name of the encoding: utf-8, utf-8-sig, utf-16, cp1251, gb18030 or cp1252.

    Raises UnreadableSheet: `wrong_kind` for binary content, `encoding_unknown` where no encoding fits.
    """
    with path.open("rb") as stream:
        start = stream.read(_SAMPLE)
    if marked := next((name for mark, name in _MARKS.items() if start.startswith(mark)), None):
        return proved(path, marked)
    if b"\0" in start and (wide := _utf16_without_mark(start)):
        return proved(path, wide)
    if len(_CONTROL.findall(start)) > max(1, len(start) * FEW):
        raise wrong_kind("a binary file")
    if _decodes(path, "utf-8"):
        return "utf-8"
    _refuse_mixed(path)
    if _looks_russian(path) and _decodes(path, "cp1251"):
        return "cp1251"
    return proved(path, "gb18030" if _looks_chinese(path) and _decodes(path, "gb18030") else "cp1252")


def _utf16_without_mark(start: bytes) -> str | None:
    """The one of the two orders of bytes in which this reads as a table of text."""
    return next((name for name in ("utf-16-le", "utf-16-be") if _is_text(start, name)), None)


def _is_text(start: bytes, encoding: str) -> bool:
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(start)
    except UnicodeDecodeError:
        return False
    has_marks = any(mark in text for mark in ",;\t|\n")
    return has_marks and all(letter.isprintable() or letter in "\r\n\t" for letter in text)


def _refuse_mixed(path: Path) -> None:
    """UTF-8 into which other text was pasted: read as anything else, what is right in it would be spoilt."""
    beyond = as_utf8 = 0
    for chunk in _chunks(path):
        for run in _BEYOND_ASCII.findall(chunk):
            beyond += len(run)
            as_utf8 += sum(map(len, _OF_UTF8.findall(run)))
    if as_utf8 > beyond * MOSTLY:
        raise UnreadableSheet(
            "encoding_unknown",
            "Most of the text is UTF-8, but some of it is in another encoding, as if pasted from elsewhere; save it "
            "as UTF-8.",
        )


def _looks_russian(path: Path) -> bool:
    """Windows-1251 has whole words beyond ASCII, mostly of small letters, which are the last 32 bytes; in
    Windows-1252 those are single accents, and Chinese characters mostly begin before them.
    """
    runs = beyond = small = 0
    for chunk in _chunks(path):
        for run in _BEYOND_ASCII.findall(chunk):
            runs, beyond = runs + 1, beyond + len(run)
            small += len(_SMALL_CYRILLIC.findall(run))
    return beyond >= 3 * runs and small > beyond / 2


def _looks_chinese(path: Path) -> bool:
    """Chinese characters are pairs of bytes beyond ASCII; the accents of Windows-1252 mostly stand alone."""
    in_pairs = alone = 0
    for chunk in _chunks(path):
        for run in _BEYOND_ASCII.findall(chunk):
            if len(run) % 2:
                alone += 1
            else:
                in_pairs += len(run) // 2
    return in_pairs > alone


def proved(path: Path, encoding: str) -> str:
    """The encoding, if all of the file can be read in it. Raises UnreadableSheet (`encoding_unknown`)."""
    if _decodes(path, encoding):
        return encoding
    raise UnreadableSheet(
        "encoding_unknown",
        "The text is in no encoding that is known here (UTF-8, UTF-16, GB18030, Windows-1251, Windows-1252), or "
        "it was cut short; save it as UTF-8.",
    )


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
