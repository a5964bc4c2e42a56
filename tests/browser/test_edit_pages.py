"""Many rigs edited in a real browser: chosen in the list, previewed, written as shown, and taken back as a whole."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from fleet.models import Rig
from tests.browser.test_receipts import shown_at

pytestmark = pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods")


def origins(fleet, site):
    """Where the rigs of a site were made."""
    rigs = Rig.objects.of(fleet).filter(site__name=site).order_by("pk")
    return list(rigs.values_list("lot__country_of_origin", flat=True))


def exposed(console):
    """The one big number."""
    figure = console.open("/?measure=units").locator(".figure strong")
    expect(figure).to_be_visible()
    return figure.inner_text()


def test_what_a_preview_of_many_rigs_shows_is_what_becomes_of_them_and_an_undo_brings_all_back(
    console, fleet, worker
):
    page = console.sign_in()
    share_before, before = exposed(console), origins(fleet, "Dalton GA")
    console.open("/rigs/?site=Dalton+GA")
    page.get_by_role("button", name=re.compile("^Edit all that this view finds")).click()
    expect(page.get_by_role("heading", name=f"Edit {len(before)} rigs")).to_be_visible()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("Say at least one value that is to change.")).to_be_visible()
    console.complaints.clear()  # the browser tells of the 400 that is meant here
    page.get_by_label("Country of origin", exact=True).fill("US")
    page.get_by_label("Country of assembly", exact=True).fill("US")
    page.get_by_label("Why").fill("rebuilt in Georgia")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("Checked, nothing written")).to_be_visible()
    shares = page.get_by_role("row", name=re.compile("units")).locator("td").all_inner_texts()
    assert shares[0] == share_before != shares[1]
    assert origins(fleet, "Dalton GA") == before
    shown_at(console, page)
    page.get_by_role("button", name=re.compile(r"^Change \d+ rigs$")).click()
    expect(page.get_by_text("Undo this edit")).to_be_visible()
    expect(page.get_by_text("Assessing,")).to_be_hidden(timeout=30_000)
    assert set(origins(fleet, "Dalton GA")) == {"US"}
    edit = page.url.removeprefix(console.address)
    assert exposed(console) == shares[1]
    console.open(edit)
    page.get_by_text("Undo this edit").click()
    page.get_by_role("button", name="Yes, undo it").click()
    expect(page.get_by_text(re.compile("Taken back .* by ann"))).to_be_visible()
    expect(page.get_by_text("Assessing,")).to_be_hidden(timeout=30_000)
    assert origins(fleet, "Dalton GA") == before
    assert exposed(console) == share_before
