"""Goods of the sample fleet received in a real browser, and axe finds nothing on the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.receipts import a_manifest, an_order, ordered, serials, units_of

pytestmark = pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods")


def test_goods_are_received_shown_first_and_taken_back(console, fleet, worker, tmp_path):
    malaysia = {"country_of_origin": "MY", "country_of_assembly": "MY"}
    ordered(tmp_path, fleet, an_order(quantity=500), an_order(quantity=40, **malaysia))
    page = console.sign_in()
    page.get_by_role("link", name="Uploads", exact=True).click()
    page.get_by_role("navigation", name="Uploads, receipts").get_by_role("link", name="Receipts").click()
    page.get_by_role("link", name="Receive goods").click()
    page.get_by_label("Purchase order").fill("PO-1")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Entry date").fill("2025-06-10")
    page.get_by_label("Entry number").fill("ABC-7654321-0")
    page.get_by_label("Site").fill("Rockdale")
    page.get_by_label("Manifest", exact=True).set_input_files(
        a_manifest(tmp_path, *serials(1, 3), serials(3, 3)[0])
    )
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", name="Lines that are wrong")).to_be_visible()
    console.complaints.clear()  # the browser tells of the 400 that is meant here
    assert faults(page) == []
    columns = {"Country of Origin": "MY"}
    path = a_manifest(tmp_path, *serials(1, 30), name="right.csv", **columns)
    page.get_by_label("Manifest", exact=True).set_input_files(path)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("a new lot")).to_be_visible()
    shown_at(console, page)
    page.get_by_role("button", name="Receive 30 rigs").click()
    expect(page.get_by_text("30 rigs received")).to_be_visible()
    expect(page.get_by_text("Assessing")).to_have_count(0)  # the page follows, and would close what is open
    shown_at(console, page)
    assert units_of(fleet, status="stored", lot__purchase_order="PO-1") == 30
    page.get_by_text("Undo this receipt").click()
    page.get_by_role("button", name="Yes, undo it").click()
    expect(page.get_by_text("30 rigs as before")).to_be_visible()
    for path in ("/receipts/", "/receipts/new/", "/receipts/new/?purchase_order=PO-1"):
        console.open(path)
        shown_at(console, page)
    assert console.complaints == []


def shown_at(console, page):
    """The page is fit for everyone, light and dark, and no wider than a telephone."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert faults(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1280, "height": 800})
