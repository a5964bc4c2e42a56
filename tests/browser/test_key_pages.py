"""A key from its form to its end, in a real browser, and axe finds nothing on the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.test_receipts import shown_at

pytestmark = pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods")


def test_a_key_is_made_rotated_and_revoked(console, fleet):
    page = console.sign_in()
    page.get_by_role("link", name="Register", exact=True).click()
    page.get_by_role("link", name="API keys").click()
    page.get_by_role("link", name="Make a key").click()
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_text("Give the name of the program")).to_be_visible()
    console.complaints.clear()  # the browser tells of the 400 that is meant here
    shown_at(console, page)
    page.get_by_label("Which program uses it").fill("ERP")
    page.get_by_label("fleet:read").check()
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_text("This is the one time that it is shown.")).to_be_visible()
    shown_at(console, page)
    page.get_by_role("link", name="I have kept it").click()
    shown_at(console, page)
    page.get_by_role("link", name="ERP").click()
    shown_at(console, page)
    page.get_by_role("button", name="Make a new key").click()
    expect(page.get_by_text("The old key")).to_be_visible()
    page.get_by_role("link", name="I have kept it").click()
    page.get_by_role("link", name="ERP").first.click()
    page.get_by_role("link", name="Revoke it").click()
    expect(page.get_by_text("was never used")).to_be_visible()
    shown_at(console, page)
    page.get_by_role("button", name="Yes, revoke it").click()
    expect(page.get_by_text("opens nothing any more")).to_be_visible()
    assert console.complaints == []
