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


def sides(page):
    """The exposed share before and after, as the page tells both."""
    return page.locator("#answer .figure strong").all_inner_texts()


def replacement(page):
    """What replacing the fleet costs in duty, before and after."""
    return page.locator("table.sides tr", has_text="Replacement duty").locator("td").all_inner_texts()[:2]


def test_a_slider_moves_both_sides_at_once_and_the_address_keeps_what_is_picked(console, fleet):
    page = console.sign_in()
    console.open("/what-if/")
    page.evaluate("window.isTheSamePage = true")
    page.get_by_label("On rigs made in").select_option("every country")
    slider = page.get_by_label("Further duty (%), slider")
    slider.fill("30")
    figure = page.locator("#answer[aria-busy=false] .figure")
    expect(figure).to_be_visible()
    expect(page.get_by_label("Further duty (%)", exact=True)).to_have_value("30")
    (before, after), (unmoved, by_30) = sides(page), replacement(page)
    assert before != after and unmoved != by_30
    slider.press("ArrowRight")  # by keyboard: half a point
    expect(page.locator("table.sides")).not_to_contain_text(by_30)
    assert sides(page)[0] == before
    (still, by_30_and_a_half) = replacement(page)
    assert still == unmoved and by_30_and_a_half != by_30
    expect(page.locator("#announcement")).to_contain_text(f"Exposed {before} before")
    assert page.evaluate("window.isTheSamePage")
    page.reload()
    assert replacement(page) == [unmoved, by_30_and_a_half]
    expect(page.get_by_label("Further duty (%), slider")).to_have_value("30.5")
