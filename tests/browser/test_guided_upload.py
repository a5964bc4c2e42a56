"""The guided upload in a real browser, from the file to the report and back, by pointer and by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from fleet.models import Rig
from tests.browser.axe import faults

pytestmark = pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods")

SHEET = """Unit,S/N,Type,Where,Got in,Made in,Odd
1,YNAHEAUBCJCBA9001,Antminer S21 200T,Pecos TX,03/04/2025,China,x
2,YNAHEAUBCJCBA9002,Antminer S21 Turbo+,Pecos TX,05/06/2025,China,y
"""
STEPS = (
    "Is this the table?",
    "What is each column?",
    "How are dates and numbers meant?",
    "What do these mean?",
)


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "my-fleet.csv"
    path.write_text(SHEET, encoding="utf-8")
    return path


def go_on(page):
    page.get_by_role("button", name="Go on").click()


def refused(console, sentence):
    """The page says what is wrong with the answer, and the browser notes the status, once."""
    expect(console.page.get_by_role("alert").first).to_contain_text(sentence)
    assert "400 (Bad Request)" in console.complaints.pop()


def at(page, title, found):
    """The page asks this; nothing on it keeps anybody out, at a phone's width neither."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    found[title] = faults(page)


def test_from_the_file_to_the_report_and_back(console, worker, sheet):
    page, found, rigs = console.sign_in(), {}, Rig.objects.count()
    page.get_by_role("link", name="Uploads").click()
    page.get_by_role("link", name="Upload a spreadsheet").click()
    at(page, "Which spreadsheet?", found)
    page.get_by_label("Spreadsheet").set_input_files(sheet)
    go_on(page)
    at(page, STEPS[0], found)
    expect(page.locator(".heading-row")).to_contain_text("S/N")
    go_on(page)
    at(page, STEPS[1], found)
    go_on(page)
    refused(console, "Say what 'Odd' is")
    choose_columns(page)
    go_on(page)
    at(page, STEPS[2], found)
    go_on(page)
    refused(console, "tells day from month")
    page.get_by_label("day first").check()
    go_on(page)
    at(page, STEPS[3], found)
    page.get_by_label("It means").fill("Bitmain Antminer S21 Pro")
    go_on(page)
    at(page, "How does it meet the fleet?", found)
    page.get_by_role("button", name="Check every row").click()
    button = page.get_by_role("button", name="Add 2, change 0, leave 0")
    expect(button).to_be_visible()
    found["preview"] = faults(page)
    expect(page.locator(".shift")).to_contain_text("exposed by hashrate")
    button.click()
    expect(page.get_by_text("The fleet is up to date.")).to_be_visible(timeout=30_000)
    assert Rig.objects.count() == rigs + 2
    found["report"] = faults(page)
    page.locator("summary", has_text="Undo this upload").click()
    page.get_by_role("button", name="Yes, undo it").click()
    expect(page.get_by_text("2 rigs as before")).to_be_visible()
    assert Rig.objects.count() == rigs
    assert not {title: ids for title, ids in found.items() if ids}


def choose_columns(page):
    """What the headings do not say."""
    for heading, ours in (("Unit", "-"), ("S/N", "serial_number"), ("Type", "model"), ("Where", "site")):
        page.get_by_role("combobox", name=heading, exact=True).select_option(ours)
    for heading, ours in (("Got in", "entry_date"), ("Made in", "country_of_assembly"), ("Odd", "notes")):
        page.get_by_role("combobox", name=heading, exact=True).select_option(ours)


def test_by_keyboard_alone_a_clear_sheet_comes_to_its_preview(console, worker, settings):
    page = console.sign_in()
    console.open("/uploads/guide/")
    page.get_by_label("Spreadsheet").set_input_files(
        settings.SAMPLE_WORKBOOK.with_name("prairie-hash-small.csv")
    )
    page.get_by_label("Spreadsheet").focus()
    for _ in range(6):
        if page.evaluate("document.activeElement.textContent") == "Go on":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    if re.search(r"/guide/sheet/$", page.url):
        expect(page.get_by_role("heading", level=1)).to_have_text(STEPS[0])
        page.get_by_role("button", name="Columns and dates are clear: check now").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=re.compile(r"^Add \d+, change"))).to_be_visible()
    else:
        expect(page.get_by_text("was applied already")).to_be_visible()


def test_on_a_phone_every_step_fits_the_screen(console, sheet):
    page = console.page
    page.set_viewport_size({"width": 390, "height": 844})
    console.sign_in()
    console.open("/uploads/guide/")
    page.get_by_label("Spreadsheet").set_input_files(sheet)
    go_on(page)
    address = page.url.removesuffix("sheet/")
    for step in ("sheet", "columns", "reading", "values", "mode"):
        page.goto(f"{address}{step}/")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, step
