"""The law as a platform admin changes it: a draft, another rate, the look at every fleet, and publishing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from risk.models import PolicyEdition
from tests.browser.axe import faults

pytestmark = pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods")

LIST_2 = "US-301-CN-L2"
PAGES = (
    "/policies/",
    "/policies/1/",
    "/policies/2/",
    "/policies/2/review/",
    "/policies/2/measures/",
    f"/policies/1/measures/{LIST_2}/",
    f"/policies/2/measures/{LIST_2}/",
)


def test_a_rate_is_changed_looked_at_and_published_and_axe_finds_nothing_on_the_way(console, admin):
    page = console.sign_in("root")
    page.get_by_role("link", name="Register", exact=True).click()
    page.get_by_role("link", name="Draft, review and publish policy editions").click()
    page.get_by_role("button", name="Start a draft").click()
    page.get_by_role("link", name=LIST_2, exact=True).click()
    text = page.get_by_label("The measure as YAML")
    text.fill(text.input_value().replace('"0.25"', "0.3"))
    page.get_by_role("button", name="Write into the draft").click()
    expect(page.get_by_text("stands without quotes")).to_be_visible()
    assert len(console.complaints) == 1  # the browser tells of the 400 that is meant here
    console.complaints.clear()
    assert faults(page) == []
    text.fill(text.input_value().replace("ad_valorem_rate: 0.3", 'ad_valorem_rate: "0.3"'))
    page.get_by_role("button", name="Write into the draft").click()
    expect(page.get_by_text("Rate: 25 % becomes 30 %.")).to_be_visible()
    expect(page.get_by_text("Nothing is wrong with it")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = {}
        for address in PAGES:
            console.open(address)
            found[address] = faults(page)
        assert not {address: ids for address, ids in found.items() if ids}
    page.set_viewport_size({"width": 390, "height": 844})
    for address in PAGES:
        console.open(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
    console.open("/policies/2/review/")
    page.get_by_label("Why it is published").fill("An exercise.")
    page.get_by_role("button", name="Publish edition 2").click()
    expect(page.get_by_text("Edition 2 is published")).to_be_visible()
    assert PolicyEdition.objects.current().number == 2
