"""A key from its form to its end, in a real browser; it opens the API just as long as the pages say."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_receipts import shown_at

pytestmark = pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods")


def answered(console, key):
    """What the API says to a program with the key."""
    address = f"{console.address}/api/v1/sites/"
    return console.page.request.get(address, headers={"Authorization": f"Bearer {key}"}).status


def shown_once(page):
    """The key that the page shows; on no other page of keys it is to be read."""
    expect(page.get_by_text("This is the one time that it is shown.")).to_be_visible()
    key = page.locator("pre").first.inner_text()
    page.get_by_role("link", name="I have kept it").click()
    page.get_by_role("link", name=re.compile("ERP")).first.click()
    assert key not in page.content()
    return key


def test_a_key_is_shown_once_rotated_and_revoked_and_opens_the_api_until_then(console, fleet):
    page = console.sign_in()
    page.get_by_role("link", name="Register", exact=True).click()
    page.get_by_role("link", name="API keys").click()
    page.get_by_role("link", name="Make a key").click()
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_text("Give the name of the program")).to_be_visible()
    console.complaints.clear()  # the browser tells of the 400 that is meant here
    page.get_by_label("Which program uses it").fill("ERP")
    page.get_by_label("fleet:read").check()
    page.get_by_role("button", name="Make the key").click()
    shown_at(console, page)
    first = shown_once(page)
    assert answered(console, first) == 200
    page.get_by_role("button", name="Make a new key").click()
    expect(page.get_by_text("The old key")).to_be_visible()
    second = shown_once(page)
    assert (first != second, answered(console, first), answered(console, second)) == (True, 200, 200)
    page.get_by_role("link", name="Revoke it").click()
    expect(page.get_by_text("The program that holds it is refused from now on.")).to_be_visible()
    shown_at(console, page)
    page.get_by_role("button", name="Yes, revoke it").click()
    expect(page.get_by_text("opens nothing any more")).to_be_visible()
    assert sorted([answered(console, first), answered(console, second)]) == [200, 401]
    assert console.complaints == []
