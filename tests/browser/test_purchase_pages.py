"""A purchase checked by hand in a real browser: on a wide and on a small screen, and on paper."""

from __future__ import annotations

from tests.browser.conftest import Console

WIDTHS = (1280, 1024, 390)


def test_a_purchase_is_checked_by_hand_and_fits_every_screen_and_paper(console: Console):
    console.sign_in()
    page = console.page
    page.get_by_role("link", name="Purchases").click()
    page.get_by_role("link", name="Check a purchase").click()
    first = page.get_by_role("group", name="Line 1")
    first.get_by_label("Model").fill("Antminer S21 XP")
    first.get_by_label("Quantity").fill("500")
    first.get_by_label("Vendor").fill("Bitmain")
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_role("heading", name="Verdict").wait_for()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) <= 0, width
    page.emulate_media(media="print")
    assert not page.get_by_text("Put it on order").is_visible()
    assert page.get_by_role("heading", name="What it rests on").is_visible()


def overflow(page) -> int:
    """By how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
