"""The walk that docs/walkthrough.md tells, step by step, and the pictures that are taken on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from tests.pictures.camera import PHONE, Camera

SAMPLES = Path(__file__).parents[2] / "samples"
THEIR_SHEET = SAMPLES / "prairie-hash-small.csv"
COMPANY, SLUG = "Northfield Mining", "northfield-mining"


def sign_in(camera: Camera, login: tuple[str, str]) -> None:
    """At the door, with the login that script/server prints."""
    page = camera.open("/")
    camera.take("sign-in", size=(1280, 560))
    page.get_by_label("User name").fill(login[0])
    page.get_by_label("Password").fill(login[1])
    page.get_by_role("button", name="Sign in").click()


def the_number(camera: Camera) -> None:
    """The front page, in three lights."""
    camera.open("/")
    camera.take("front-page")
    camera.take("front-page-dark", scheme="dark")
    camera.take("front-page-phone", size=PHONE)


def why(camera: Camera) -> None:
    """From the bar to the lots, from a lot to its reasons."""
    page = camera.open("/lots/?part=tariff")
    camera.take("lots")
    page.locator("main tbody th a, main tbody td a").first.click()
    page.locator("h1").wait_for()
    camera.take("lot")


def a_company_of_ones_own(camera: Camera) -> None:
    """An operator in the register; the menu then leads to it."""
    page = camera.open("/fleet/operator/add/")
    page.get_by_label("Name").first.press_sequentially(COMPANY)  # the form writes the slug from it
    camera.take("new-operator", size=(1280, 640))
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile("/fleet/operator/(?!add)"))
    camera.open(f"/?operator={SLUG}")
    camera.take("empty-fleet", size=(1280, 560))


def upload(camera: Camera) -> None:
    """A sheet by the guide: from the file over its columns to what it would do, then into the fleet."""
    page = camera.open("/uploads/guide/")
    page.get_by_label("Spreadsheet").set_input_files(THEIR_SHEET)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/guide/sheet/")
    camera.take("upload-sheet")
    for step in ("columns", "reading", "values", "mode"):
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url(f"**/guide/{step}/")
        if step == "columns":
            page.get_by_role("combobox", name="Firmware", exact=True).select_option("-")
            camera.take("upload-columns")
    page.get_by_role("button", name="Check every row").click()
    page.get_by_role("button", name="Add ").wait_for()
    camera.take("upload-preview")
    page.get_by_role("button", name="Add ").click()
    page.get_by_text("The fleet is up to date.").wait_for()
    camera.take("upload-report", size=(1280, 640))
    camera.open("/")
    camera.take("own-fleet")


def what_if(camera: Camera) -> None:
    """A supposition, and what it would make of the share."""
    page = camera.open("/what-if/")
    page.locator("select[name=listed]").select_option(label="MicroBT")
    page.get_by_role("button", name="Show both sides").click()
    page.wait_for_url("**listed=**")
    page.get_by_text("Before and after").first.wait_for()
    camera.take("what-if")


def review(camera: Camera) -> None:
    """The sample operator's host that a list names."""
    camera.open("/?operator=prairie-hash")
    page = camera.open("/screening/")
    page.locator("[data-hit]").first.click()
    page.locator("h1").wait_for()
    camera.take("screening-hit")


def board_report(camera: Camera) -> None:
    """Where reports are taken along."""
    camera.open("/reports/")
    camera.take("reports")


STEPS: tuple[Callable[[Camera], None], ...] = (
    the_number,
    why,
    a_company_of_ones_own,
    upload,
    what_if,
    review,
    board_report,
)
# Each is taken on the walk, or the program says so at its end.
PICTURES = (
    "sign-in",
    "front-page",
    "front-page-dark",
    "front-page-phone",
    "lots",
    "lot",
    "new-operator",
    "empty-fleet",
    "upload-sheet",
    "upload-columns",
    "upload-preview",
    "upload-report",
    "own-fleet",
    "what-if",
    "screening-hit",
    "reports",
)
