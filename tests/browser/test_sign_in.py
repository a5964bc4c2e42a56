"""A passkey in a real browser: added, shown without a name, shown as the second step; and a code app beside it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.conftest import Console
from tests.console.visitors import PASSWORD

pytestmark = pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods")

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def authenticator(console: Console) -> Any:
    """Chromium's own authenticator in software."""
    line = console.page.context.new_cdp_session(console.page)
    line.send("WebAuthn.enable")
    line.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return line


def sign_out(page: Any) -> None:
    page.locator(".menu.person summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in again").click()


def test_a_passkey_is_added_and_lets_in_alone_and_beside_a_password(console: Console, authenticator: Any):
    page = console.sign_in()
    console.open("/me/")
    assert faults(page) == []
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("my telephone")
    assert faults(page) == []
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    assert faults(page) == []
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("Passkey “my telephone”")).to_be_visible()

    sign_out(page)
    expect(page.get_by_role("button", name="Use a passkey")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator(".menu.person")).to_be_visible()

    sign_out(page)
    page.goto(f"{console.address}/login/?next=/lots/")
    page.get_by_label("User name").fill("ann")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The second step")
    assert faults(page) == []
    page.get_by_role("button", name="Show a passkey").click()
    page.wait_for_url("**/lots/")


def test_an_authenticator_that_says_no_is_told_in_a_sentence_and_a_code_app_is_shown(
    console: Console, authenticator: Any
):
    page = console.sign_in()
    expect(page.locator(".menu.person")).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()  # there is none for this console
    expect(page.get_by_text("Nothing was shown. Try again, or sign in another way.")).to_be_visible()
    console.sign_in()
    console.open("/me/code-app/")
    expect(page.get_by_role("img", name="The secret as a picture")).to_be_visible()
    assert faults(page) == []
