"""A supposition in a real browser: asked, answered, kept under a name, opened again and forgotten."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from risk.models import Exposure
from tests.browser.axe import faults

pytestmark = pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods")

SUPPOSED = """measures:
  added:
    - code: EXERCISE-1
      rate: "0.25"
      effective_from: 2026-11-01
"""


def test_a_duty_is_supposed_answered_and_kept_and_nothing_is_recorded(console, fleet):
    before = list(Exposure.objects.current().order_by("pk").values_list("pk", flat=True))
    page = console.sign_in()
    console.open("/what-if/")
    page.locator("summary", has_text="As text").click()
    as_text = page.locator("details.as-text")
    as_text.get_by_label("What is supposed").fill(SUPPOSED)
    as_text.get_by_label("On the day").fill("2027-01-15")
    as_text.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("heading", name="Before and after")).to_be_visible()
    replacement = page.get_by_role("row", name="Replacement")
    cells = replacement.locator("td").all_inner_texts()
    assert cells[0] != cells[1]
    assert faults(page) == []
    page.get_by_label("Keep it under a name").fill("A quarter on everything")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_role("link", name="A quarter on everything").click()
    expect(page.locator("#text")).to_have_value(SUPPOSED)
    assert list(Exposure.objects.current().order_by("pk").values_list("pk", flat=True)) == before
