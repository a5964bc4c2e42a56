"""The console as people use it: sign in, see the share, ask why, send a spreadsheet."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from fleet.models import Lot, Upload
from risk.models import Alert
from vendors.models import Vendor

# pytest-base-url, which pytest-playwright brings, defines its fixture in a way that pytest 10 will refuse.
pytestmark = pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods")

OWN_PAGES = (
    "/",
    "/lots/",
    "/history/",
    "/doubts/",
    "/lots/{lot}/",
    "/rigs/",
    "/uploads/",
    "/uploads/new/",
    "/uploads/guide/",
    "/uploads/{upload}/",
    "/register/",
    "/what-if/",
    "/entries/",
    "/alerts/",
    "/alerts/{alert}/",
    "/alerts/rule/",
    "/vendors/",
    "/vendors/{vendor}/",
    "/vendors/{vendor}/contacts/add/",
)
BYTES_LOADED = """
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
        .reduce((sum, each) => sum + each.decodedBodySize, 0)
"""
REGISTER_PAGES = ("/vendors/vendor/", "/risk/policyedition/")


def pages(addresses):
    """The addresses, for what is on record."""
    known = {"lot": Lot.objects.first().pk, "upload": Upload.objects.first().pk}
    known["alert"] = Alert.objects.filter(operator__isnull=False).first().pk
    return [each.format(vendor=Vendor.objects.get(slug="bitmain").pk, **known) for each in addresses]


def faults(page):
    """What axe finds against WCAG 2.2 and good practice, by the names of its rules."""
    report = Axe().run(page, options={"resultTypes": ["violations"]}).response
    return [each["id"] for each in report["violations"]]


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


@pytest.mark.parametrize(
    ("scheme", "addresses"),
    [
        ("light", (*OWN_PAGES, *REGISTER_PAGES)),
        ("dark", ("/", "/lots/{lot}/", "/vendors/{vendor}/", "/vendors/vendor/")),
    ],
)
def test_axe_finds_nothing_to_mend(console, admin, scheme, addresses):
    page = console.page
    page.emulate_media(color_scheme=scheme)
    console.open("/login/")
    found = {"/login/": faults(page)}
    console.sign_in("root")
    expect(page.locator(".figure")).to_be_visible()
    for address in pages(addresses):
        console.open(address)
        found[address] = faults(page)
    assert not {address: ids for address, ids in found.items() if ids}


def test_on_a_phone_nothing_is_wider_than_the_screen_and_the_front_page_weighs_little(console):
    page = console.page
    page.set_viewport_size({"width": 390, "height": 844})
    console.sign_in()
    expect(page.locator(".figure")).to_be_visible()
    assert 0 < page.evaluate(BYTES_LOADED) < 150_000
    for address in pages(OWN_PAGES):
        console.open(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address


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
