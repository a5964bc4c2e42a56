"""Screening as compliance does it: the queue by keys, a hit, a reason, the next one; and axe on every page."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from fleet.models.operator import PlatformRole
from risk.engine.reviews import HitState
from risk.flows.load_list import load_list
from risk.flows.screen_vendors import screen_vendors
from risk.lists import FORMATS
from risk.models import ScreeningHit
from tests.browser.axe import faults
from tests.console.visitors import a_person
from tests.database import NOW
from tests.risk.lists.samples import SAMPLES
from vendors.models import Vendor

pytestmark = pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods")


@pytest.fixture
def hits(fleet):
    """Two vendors that the sample of the SDN list names, and carla who decides."""
    a_person("carla", platform_role=PlatformRole.COMPLIANCE)
    Vendor.objects.create(slug="bitriver-rus", name="BitRiver Rus LLC", home_country="RU")
    Vendor.objects.create(slug="bitriver-ag", name="Bitriver AG", home_country="CH")
    as_of, sample = date(2024, 7, 2), SAMPLES / "sdn.csv"
    load_list(form=FORMATS["ofac_sdn"], file=sample, companions={}, as_of=as_of, at=NOW, floors={})
    screen_vendors(clock=lambda: NOW)
    return list(ScreeningHit.objects.order_by("-strength", "pk"))


def test_hits_are_decided_by_keys(console, hits):
    console.sign_in("carla")
    page = console.open("/screening/")
    links = page.locator("[data-hit]")
    assert links.count() == len(hits)
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/screening/{hits[0].pk}/**")
    page.keyboard.press("d")
    reason = page.get_by_label("Why")
    expect(reason).to_be_focused()
    page.keyboard.type("jack is dead calm")  # letters in a text are no keys
    assert reason.input_value() == "jack is dead calm"
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("d")
    page.wait_for_url(f"**/screening/{hits[1].pk}/**")
    hits[0].refresh_from_db()
    assert hits[0].state == HitState.DISMISSED
    page.get_by_label("Keys:").uncheck()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("d")
    expect(page.get_by_label("Why")).not_to_be_focused()


def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(console, hits):
    console.sign_in("carla")
    pages = ("/screening/", f"/screening/{hits[0].pk}/", "/screening/runs/", "/screening/?state=gone")
    for scheme in ("light", "dark"):
        console.page.emulate_media(color_scheme=scheme)
        found = {}
        for address in pages:
            console.open(address)
            found[address] = faults(console.page)
        assert not {address: ids for address, ids in found.items() if ids}
    console.page.set_viewport_size({"width": 390, "height": 844})
    for address in pages:
        console.open(address)
        assert console.page.evaluate("document.documentElement.scrollWidth") <= 390, address
