"""Systems that give companies numbers: how each is written, compared and checked.

LEI: ISO 17442-1, twenty characters of which the last two are check digits by ISO/IEC 7064, MOD 97-10.
DUNS: nine digits of Dun & Bradstreet, without a public check digit since 2006 (own knowledge).
CIK: up to ten digits of the SEC's EDGAR.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

_LEI_FORM = re.compile(r"[0-9A-Z]{18}[0-9]{2}")
_HOST = re.compile(r"[^\s./]+(\.[^\s./]+)+")
DUNS_DIGITS, CIK_DIGITS = 9, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifierSystem:
    """Who gives the identifier, and how two writings of it are compared. `read` raises ValueError."""

    title: str
    read: Callable[[str], str]
    of_a_country: bool = False
    of_an_operator: bool = False


def identifier_key(system: str, text: str) -> str:
    """The form of an identifier in which two are compared. Raises ValueError with what would be right."""
    return SYSTEMS[system].read(text.strip())


def has_lei_check_digits(lei: str) -> bool:
    """Whether twenty letters and digits leave 1 when divided by 97, letters counted as 10 to 35 (MOD 97-10)."""
    return int("".join(str(int(sign, 36)) for sign in lei)) % 97 == 1


def _lei(text: str) -> str:
    lei = _bare(text)
    if not _LEI_FORM.fullmatch(lei):
        raise ValueError(f"'{text}' is no LEI: it has 20 letters and digits, the last two of them digits.")
    if not has_lei_check_digits(lei):
        raise ValueError(f"'{text}' is no LEI: its check digits are wrong (ISO 17442).")
    return lei


def _duns(text: str) -> str:
    digits = _bare(text)
    if not (digits.isascii() and digits.isdigit() and len(digits) == DUNS_DIGITS):
        raise ValueError(f"'{text}' is no DUNS number: it has {DUNS_DIGITS} digits.")
    return digits


def _cik(text: str) -> str:
    digits = _bare(text).removeprefix("CIK")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= CIK_DIGITS):
        raise ValueError(f"'{text}' is no CIK: it has at most {CIK_DIGITS} digits.")
    return digits.zfill(CIK_DIGITS)


def _website(text: str) -> str:
    """The host, without www: pages come and go, and many of them are one company's."""
    parts = urlsplit(text if "//" in text else f"//{text}")
    host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    if not _HOST.fullmatch(host):
        raise ValueError(f"'{text}' is no website; write it like example.com.")
    return host


def _number(text: str) -> str:
    """Letters and digits alone, in capitals: registers write one number with and without dashes."""
    key = "".join(sign for sign in text.upper() if sign.isalnum())
    if not key:
        raise ValueError("Write the number with its letters and digits.")
    return key


def _own(text: str) -> str:
    """As the operator's system has it, in any case."""
    if not text:
        raise ValueError("Write the id.")
    return " ".join(text.casefold().split())


def _bare(text: str) -> str:
    return re.sub(r"[\s-]", "", text).upper()


SYSTEMS: dict[str, IdentifierSystem] = {
    "registration": IdentifierSystem(title="registration number", read=_number, of_a_country=True),
    "tax": IdentifierSystem(title="tax number", read=_number, of_a_country=True),
    "lei": IdentifierSystem(title="LEI", read=_lei),
    "duns": IdentifierSystem(title="DUNS number", read=_duns),
    "cik": IdentifierSystem(title="CIK", read=_cik),
    "website": IdentifierSystem(title="website", read=_website),
    "erp": IdentifierSystem(title="ERP id", read=_own, of_an_operator=True),
}
