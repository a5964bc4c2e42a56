"""The console as people use it: sign in, see the share, ask why, send a spreadsheet."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.weight import weighed

# pytest-base-url, which pytest-playwright brings, defines its fixture in a way that pytest 10 will refuse.
pytestmark = pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods")


def test_from_the_door_to_the_number_to_the_bar_to_the_lot_to_the_law(console):
    page = console.sign_in()
    number = page.locator(".figure strong")
    expect(number).to_have_text(re.compile(r"^\d[\d.]* %$"))
    by_hashrate = page.locator(".figure").inner_text()
    page.get_by_role("link", name="value").click()
    expect(page).to_have_url(re.compile(r"measure=value"))
    expect(page.locator(".figure")).not_to_have_text(by_hashrate)
    page.get_by_role("link", name="hashrate").click()
    page.locator(".bar.great a").first.click()  # the bar itself, by the pointer
    expect(page).to_have_url(re.compile(r"/lots/\?part=tariff$"))
    expect(page.locator(".told")).to_contain_text("lots")
    page.get_by_role("link", name=re.compile(r"^Lot \d+$")).first.click()
    expect(page.get_by_role("heading", name="What was found")).to_be_visible()
    page.locator(".duty summary").first.click()
    expect(page.locator(".duty details[open] li").first).to_be_visible()
    page.locator(".duty th a").first.click()
    expect(page.get_by_text("Legal reference")).to_be_visible()


def test_a_wrong_sheet_is_refused_with_what_would_be_right_and_a_right_one_is_followed_to_its_end(
    console, worker, settings, tmp_path
):
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("Serial,Model,Site,HTS\nA1,Antminer S21 200T,Pecos TX,84.71\n", encoding="utf-8")
    page = console.sign_in()
    page.get_by_role("link", name="Uploads").click()
    page.get_by_role("link", name="Upload a spreadsheet").click()
    page.get_by_role("link", name="All on one page").click()
    send(page, wrong)
    expect(page.get_by_text("needs 8 or 10")).to_be_visible(timeout=30_000)
    console.open("/")
    page.get_by_role("link", name="see: wrong.csv: refused, 1 row wrong").click()
    expect(page.get_by_role("heading", name="What is wrong")).to_be_visible()
    console.open("/uploads/new/")
    send(page, settings.SAMPLE_WORKBOOK)
    expect(page.get_by_text("The fleet is up to date.")).to_be_visible(timeout=30_000)
    expect(page.locator(".counts")).to_contain_text("2,361")
    page.get_by_role("link", name="See the exposed share").click()
    expect(page.locator(".figure")).to_contain_text("PH/s is exposed")


def send(page, path):
    """Choose a file in the upload form, and press the button."""
    page.get_by_label("Spreadsheet").set_input_files(path)
    page.get_by_role("button", name="Upload").click()


def test_axe_finds_nothing_to_mend_at_the_door(console):
    for scheme in ("light", "dark"):
        console.page.emulate_media(color_scheme=scheme)
        assert faults(console.open("/login/")) == []


def test_the_front_page_weighs_less_than_300_kilobytes(console):
    page = console.sign_in()
    expect(page.locator(".figure")).to_be_visible()
    with weighed(page) as weight:
        page.reload()
        page.wait_for_load_state("networkidle")
    assert 10_000 < weight.bytes < 300_000


def test_the_register_works_under_the_strict_policy(console, admin):
    page = console.sign_in("root")
    expect(page.locator(".figure")).to_be_visible()
    console.open("/vendors/vendor/?q=Canaan")
    page.get_by_role("link", name="Canaan", exact=True).click()
    page.get_by_text("Assembly sites", exact=True).first.click()
    expect(page.get_by_role("row", name=re.compile("^MY "))).to_be_visible()
    console.open("/risk/measure/")
    page.locator("a", has_text="Filters").click()
    expect(page.locator("#changelist-filter")).to_be_visible()


def test_every_page_is_read_without_script(console, browser, live_server):
    state = console.sign_in().context.storage_state()
    context = browser.new_context(java_script_enabled=False, storage_state=state)
    page = context.new_page()
    page.goto(f"{live_server.url}/?measure=units")
    expect(page.locator(".figure")).to_contain_text("rigs are exposed")
    page.get_by_role("combobox", name="Site").select_option("Pecos TX")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"measure=units&site=Pecos\+TX"))
    page.goto(f"{live_server.url}/risk/measure/")
    expect(page.get_by_text("US-301-CN-L2", exact=True).first).to_be_visible()
    context.close()
