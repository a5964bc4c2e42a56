"""A webhook from its form to the answer of a test, in a real browser, and axe finds nothing on the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.test_receipts import shown_at
from tests.risk.outward.receiver import answering, receiving
from tests.webhooks import told

pytestmark = pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods")


def test_a_webhook_is_added_tried_followed_and_removed(console, fleet, settings):
    settings.WEBHOOKS_TO_PRIVATE_NETWORK = True
    with receiving() as receiver:
        receiver.answer = answering(500, b"our fault")
        page = console.sign_in()
        page.get_by_role("link", name="Register", exact=True).click()
        page.get_by_role("link", name="Webhooks").click()
        shown_at(console, page)
        page.get_by_role("link", name="Add a webhook").click()
        page.get_by_role("button", name="Keep").click()
        expect(page.get_by_text("Give the address of the program that listens.")).to_be_visible()
        console.complaints.clear()  # the browser tells of the 400 that is meant here
        shown_at(console, page)
        page.get_by_label("Address").fill(receiver.address())
        page.get_by_label("upload.applied").check()
        page.get_by_role("button", name="Keep").click()
        expect(page.get_by_text("whsec_")).to_be_visible()
        shown_at(console, page)
        page.get_by_role("button", name="Send a test").click()
        expect(page.get_by_text("A test is on its way")).to_be_visible()
        told(fleet)
        deliver()
        page.get_by_role("link", name="given up").click()
        page.get_by_role("link", name="webhook.test").click()
        page.get_by_text("Request and answer").click()
        expect(page.get_by_text("our fault")).to_be_visible()
        shown_at(console, page)
        page.go_back()
        page.get_by_role("link", name="Remove it").click()
        expect(page.get_by_text("1 delivery still waiting")).to_be_visible()
        shown_at(console, page)
        assert faults(page) == []
        page.get_by_role("button", name="Yes, remove it").click()
        expect(page.get_by_text("No program is told of anything yet.")).to_be_visible()
        assert console.complaints == []


def deliver():
    """What a worker does when it comes by."""
    from risk.tasks import deliver_webhooks

    deliver_webhooks()
