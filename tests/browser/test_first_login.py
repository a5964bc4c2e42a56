"""Somebody new: made by the platform, signed in for the first time, a password of their own, and what comes next."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from fleet.models import Operator
from tests.browser.axe import faults
from tests.browser.conftest import Console
from tests.console.visitors import an_operator

pytestmark = pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods")

GIVEN, OWN = "given at the door 1", "chosen behind it 2"


@pytest.fixture
def northfield(fleet: Operator) -> Operator:
    """An operator without a fleet, beside the sample operator."""
    return an_operator("northfield", "Northfield Mining")


def test_a_new_member_comes_in_chooses_a_password_and_is_told_what_to_do(
    console: Console, admin: None, northfield: Operator
):
    console.sign_in("root")
    made_by_the_platform(console, northfield)
    sign_out(console)
    page = signed_in_with(console, GIVEN)
    expect(page.get_by_text("The fleet is empty")).to_be_visible()
    expect(page.get_by_text("Northfield Mining").first).to_be_visible()
    assert "Prairie Hash" not in page.content()
    assert faults(page) == []
    page.locator("summary", has_text="nina").click()
    page.get_by_role("link", name="Change password").click()
    page.locator("#id_old_password").fill(GIVEN)
    page.locator("#id_new_password1").fill(OWN)
    page.locator("#id_new_password2").fill(OWN)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Your password was changed.").first).to_be_visible()
    sign_out(console)
    page = signed_in_with(console, OWN)
    page.get_by_role("link", name="Upload a spreadsheet").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which spreadsheet?")


def made_by_the_platform(console: Console, operator: Operator) -> None:
    """An account with a password, and a membership as manager."""
    page = console.open("/fleet/user/add/")
    page.get_by_label("Username").fill("nina")
    page.locator("#id_password1").fill(GIVEN)
    page.locator("#id_password2").fill(GIVEN)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was added successfully").first).to_be_visible()
    page = console.open("/fleet/membership/add/")
    chosen(page, "user", "nina")
    chosen(page, "operator", operator.name)
    page.locator("#id_role").select_option("manager")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was added successfully").first).to_be_visible()


def chosen(page: Any, field: str, name: str) -> None:
    """What is found by typing, in a field of the register that searches."""
    page.locator(f"[aria-labelledby='select2-id_{field}-container']").click()
    page.locator(".select2-search__field").fill(name)
    page.get_by_role("option", name=name, exact=True).click()


def sign_out(console: Console) -> None:
    """By the menu of the account."""
    console.open("/")
    console.page.locator(".menu.person summary").click()
    console.page.get_by_role("button", name="Sign out").click()
    expect(console.page.get_by_role("link", name="Sign in again")).to_be_visible()


def signed_in_with(console: Console, password: str) -> Any:
    """The front page as nina sees it."""
    page = console.open("/")
    page.get_by_label("User name").fill("nina")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".menu.person")).to_be_visible()
    return page
