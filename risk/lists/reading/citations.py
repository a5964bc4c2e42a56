"""Citations of the Federal Register in all the ways that lists spell them, in one form: '84 FR 22961'."""

from __future__ import annotations

import re

from risk.lists.reading.text import distinct, spaced

_PAGE = re.compile(r"(\d+)\s*\.?\s*F\.?\s*R\.?\s*(?:No\.?\s*)?(\d[\d,]*)", re.I)
_ISSUE = re.compile(r"Vol\.?\s*(\d+)\s*,?\s*No\.?\s*(\d+)\s*,?\s*(\d{1,2}/\d{1,2}/\d{2,4})", re.I)


def read_citations(text: str) -> tuple[str, ...]:
    """Every citation of a field, each once, in its order.

    '80FR 69852', '66 FR 50090 (10/01/01)', '68 F.R. 38290 6/27/03' are pages: '66 FR 50090'. Where an issue is
    cited instead (State: 'Vol. 86, No. 71, 04/15/2021'), it stays an issue: 'FR Vol. 86, No. 71, 04/15/2021'.
    """
    pages = (f"{volume} FR {page.replace(',', '')}" for volume, page in _PAGE.findall(text))
    issues = (f"FR Vol. {volume}, No. {number}, {day}" for volume, number, day in _ISSUE.findall(text))
    found = distinct((*pages, *issues))
    return found or ((spaced(text),) if text.strip() else ())
