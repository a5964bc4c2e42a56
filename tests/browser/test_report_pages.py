"""Reports in a real browser: the board report is taken along as a PDF and as a workbook."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.conftest import Console
from tests.risk.reports.reading import text_of_pdf

pytestmark = pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods")


def test_the_board_report_is_taken_along_and_says_what_the_front_page_says(console: Console):
    page = console.sign_in()
    share = page.locator(".figure strong").inner_text()
    console.open("/reports/")
    expect(page.get_by_role("heading", name="Board report")).to_be_visible()
    assert faults(page) == []
    paper = taken(page, "PDF of the board report")
    assert paper.name.endswith(".pdf")
    assert share in text_of_pdf(paper.read_bytes())
    book = taken(page, "Workbook (.xlsx) of the board report")
    assert load_workbook(book).sheetnames


def taken(page, button: str) -> Path:
    """The file that comes when the button is pressed, under the name that it was given."""
    with page.expect_download() as coming:
        page.get_by_role("button", name=button).click()
    kept = Path(coming.value.path())
    return kept.rename(kept.with_name(coming.value.suggested_filename))
