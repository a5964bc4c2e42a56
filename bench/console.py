"""What a person waits for: the front page of a million rigs, cold, in Chromium, and the bytes that come for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import global_settings
from playwright.sync_api import Browser, Page, sync_playwright

from bench.api import ON, served
from bench.databases import database
from bench.figures import Figure, middle
from bench.options import Options
from bench.processes import in_fresh_process
from tests.browser.weight import weighed
from tests.servers import BROWSERS, program

FLEET = {"rigs": 1_000_000, "lots": 2_500, "operators": 1, "kinds": 2_000}
OWNER = "operator-0"
LAPTOP = {"width": 1280, "height": 800}
COLD_LOADS = 9
PAINT_MILLISECONDS = 1000.0
KILOBYTES = 300.0
FIRST_PAINT = (
    """() => performance.getEntriesByName("first-contentful-paint").map((each) => each.startTime)[0]"""
)


def run(options: Options, folder: Path) -> Iterator[Figure]:
    """First contentful paint and bytes of the front page, for each database."""
    for kind in options.on:
        with database(kind, folder) as own:
            _asked("bench.fleets:make_fleets", own, **FLEET)
            _asked("bench.fleets:assess_all", own, on=ON)
            session = _asked("bench.api_in_product:sign_in", own, operator=OWNER)
            with served(own, folder) as port:
                yield from _front_page(f"http://127.0.0.1:{port}/", session, kind)


def _front_page(address: str, session: str, kind: str) -> Iterator[Figure]:
    """Each load by a visitor whose browser has nothing; the first makes the server read what a process reads once."""
    with _a_browser() as browser:
        first, *loads = [_cold(browser, address, session) for _ in range(1 + COLD_LOADS)]
    paints, weights = [paint for paint, _ in loads], [weight for _, weight in loads]
    work = f"the front page of {FLEET['rigs']:,} rigs"
    beside = {"slowest": max(paints), "first_of_the_server": first[0], "load": round(os.getloadavg()[0], 1)}
    told: dict[str, Any] = {"benchmark": "console", "where": kind}
    yield Figure(
        work=f"{work}, first contentful paint",
        value=middle(paints),
        unit="ms",
        at_most=PAINT_MILLISECONDS,
        beside=beside,
        **told,
    )
    yield Figure(work=f"{work}, transferred", value=middle(weights), unit="kB", at_most=KILOBYTES, **told)


@contextmanager
def _a_browser() -> Iterator[Browser]:
    """Chromium, started once: its start is no cost of the page."""
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(*BROWSERS), args=as_root)
        yield browser
        browser.close()


def _cold(browser: Browser, address: str, session: str) -> tuple[float, float]:
    """Milliseconds to the first contentful paint, and kilobytes that came, with an empty cache."""
    context = browser.new_context(viewport=LAPTOP)
    cookie = {"name": global_settings.SESSION_COOKIE_NAME, "value": session, "url": address}
    context.add_cookies([cookie])
    page = context.new_page()
    with weighed(page) as weight:
        answer = page.goto(address, wait_until="networkidle")
    if answer is None or answer.status != 200 or not page.locator(".figure").count():
        raise RuntimeError(f"{address} is not the front page.")
    found = round(_paint(page), 1), round(weight.bytes / 1000, 1)
    context.close()
    return found


def _paint(page: Page) -> float:
    page.wait_for_function(FIRST_PAINT)
    return float(page.evaluate(FIRST_PAINT))


def _asked(function: str, own: dict[str, str], **told: Any) -> Any:
    return in_fresh_process(function, environment=own, **told).answer
