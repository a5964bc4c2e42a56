"""A small folder of policy files that stands every check, to be spoilt one line at a time."""

from __future__ import annotations

from pathlib import Path

from risk.policy_files import Complaint, PolicyFilesRefused, read_folder

FILE = "us/section-301/example.yaml"

EXAMPLE = """\
title: An example of Section 301
import_country: US
authority: USTR, Section 301
rate_type: additive
hts_prefixes: ["8543.70"]
countries_of_origin: [CN, "NO"]
source: where it was read
confidence: high
verified_through: 2026-10-10

series:
  - goods: Rigs
    values:
      2018-08-23:
        code: US-EXAMPLE-10
        ad_valorem_rate: "0.10"
        legal_reference: the act, its page
      2019-05-10:
        code: US-EXAMPLE-25
        ad_valorem_rate: "0.25"
        legal_reference: the amending act, its page
      2026-02-24: {ended_by: "the repealing act, its page"}
"""


def a_folder(path: Path, *, text: str = EXAMPLE, file: str = FILE, **others: str) -> Path:
    """Write the example, or what it was spoilt into, and other files beside it."""
    for name, content in {file: text, **others}.items():
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
    return path


def spoilt(before: str, after: str) -> str:
    """The example with one piece replaced."""
    assert EXAMPLE.count(before) == 1, f"{before!r} must stand in the example once"
    return EXAMPLE.replace(before, after)


def complaints_of(path: Path) -> tuple[Complaint, ...]:
    """Every complaint about a folder; none where it is read."""
    try:
        read_folder(path)
    except PolicyFilesRefused as refused:
        return refused.complaints
    return ()
