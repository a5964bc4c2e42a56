"""A browser that keeps small pictures of pages: WebP, as wide as the screen, no higher than is asked for."""

from __future__ import annotations

import base64
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.servers import BROWSERS, program

LAPTOP, PHONE = (1280, 860), (390, 844)
QUALITY = 82


@dataclass(slots=True, kw_only=True)
class Camera:
    """A page of a browser, and the folder of the pictures; takes only those that are wanted, if any are named."""

    page: Any
    address: str
    folder: Path
    wanted: Collection[str] = ()
    taken: list[str] = field(default_factory=list)

    def open(self, path: str) -> Any:
        """Go to a page of the product. Raises RuntimeError for one that is not there."""
        answer = self.page.goto(self.address + path)
        if answer.status != 200:
            raise RuntimeError(f"{path} answers {answer.status}.")
        return self.page

    def take(
        self, name: str, *, size: tuple[int, int] = LAPTOP, scheme: str = "light", top: str = ""
    ) -> None:
        """Keep what the page shows at this size, from the element `top` on if one is given."""
        if self.wanted and name not in self.wanted:
            return
        self.page.emulate_media(color_scheme=scheme)
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.evaluate("document.activeElement.blur()")
        self.page.evaluate("scrollTo(0, 0)")
        if top:
            self.page.locator(top).first.evaluate("(each) => each.scrollIntoView()")
        shot = self._session().send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
        (self.folder / f"{name}.webp").write_bytes(base64.b64decode(shot["data"]))
        self.taken.append(name)
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": LAPTOP[0], "height": LAPTOP[1]})

    def _session(self) -> Any:
        return self.page.context.new_cdp_session(self.page)


@contextmanager
def a_camera(address: str, folder: Path, wanted: Collection[str]) -> Iterator[Camera]:
    """Chromium in front of the product."""
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(*BROWSERS), args=as_root)
        page = browser.new_page(viewport={"width": LAPTOP[0], "height": LAPTOP[1]})
        page.set_default_timeout(60_000)
        yield Camera(page=page, address=address, folder=folder, wanted=wanted)
        browser.close()
