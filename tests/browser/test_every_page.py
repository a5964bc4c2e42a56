"""Every page of the console, with a fleet and without, for its manager and for the platform: nobody is kept out.

In the light on a laptop and in the dark on a phone of 320 px: axe finds nothing, nothing scrolls sideways, the
browser complains of nothing, nothing comes from another host, and no inline script would be run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fleet.models import Operator, User
from tests.browser.axe import faults
from tests.browser.conftest import Console
from tests.browser.every_page import (
    ID,
    Owner,
    an_owner,
    opened,
    routes,
    shelves,
    somebody_without_a_fleet,
)

# pytest-base-url, which pytest-playwright brings, defines its fixture in a way that pytest 10 will refuse.
pytestmark = pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods")

LAPTOP, PHONE = {"width": 1280, "height": 800}, {"width": 320, "height": 640}
LOOKS = (("light", LAPTOP), ("dark", PHONE))
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def owner(fleet: Operator, tmp_path: Path) -> Owner:
    """The sample operator."""
    return an_owner(fleet, tmp_path, User.objects.get(username="ann"))


def test_nothing_keeps_anyone_out_of_any_page(console: Console, owner: Owner, live_server: Any):
    own = {route: list(owner.addresses_of(route)) for route in routes()}
    everything = [address for addresses in own.values() for address in addresses]
    general = [f"/{route}" for route in own if not ID.search(route)]
    of_register = [f"/{route}" for route in shelves()]
    newcomer = somebody_without_a_fleet()
    visits = [
        ("manager", owner.manager, everything),
        ("staff", owner.staff, [f"/?operator={owner.operator.slug}", *everything, *of_register]),
        ("manager without a fleet", newcomer, general),
        ("staff without a fleet", owner.staff, ["/?operator=beginners", *general]),
    ]
    seen: set[str] = set()
    found = []
    for visitor, client, addresses in visits:
        enter(console, client)
        for address in unlike(opened(client, addresses), seen):
            found += [f"{visitor}, {address}: {fault}" for fault in shown(console, address)]
    assert len(seen) > len(
        own
    )  # many routes lead to several pages; were none opened, nothing would be proved
    assert not found, "\n".join(found)


def unlike(pages: Iterable[tuple[str, str]], seen: set[str]) -> Iterator[str]:
    """The addresses of pages whose words no visitor has seen yet."""
    for address, text in pages:
        if text not in seen:
            seen.add(text)
            yield address


def enter(console: Console, client: Any) -> None:
    """The browser goes on as the person who has signed in there."""
    kept = client.cookies["sessionid"].value
    console.page.context.clear_cookies()
    console.page.context.add_cookies([{"name": "sessionid", "value": kept, "url": console.address}])


def shown(console: Console, address: str) -> Iterator[str]:
    """What is wrong with a page, a sentence each."""
    page = console.page
    answer = page.goto(console.address + address)
    if answer.status != 200:
        yield f"it answers {answer.status}"
    yield from weak(answer.headers.get("content-security-policy", ""))
    for scheme, size in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        where = f"{scheme}, {size['width']} px"
        if (over := page.evaluate(SIDEWAYS)) > 0:
            yield f"{where}: it is {over} px wider than the screen"
        yield from (f"{where}: {fault}" for fault in faults(page))
    yield from console.complaints
    console.complaints.clear()


def weak(policy: str) -> Iterator[str]:
    """Why a content security policy would run what somebody has written into a page."""
    said = {words[0]: words[1:] for each in policy.split(";") if (words := each.split())}
    scripts = said.get("script-src", said.get("default-src"))
    if scripts is None or {"'unsafe-inline'", "'unsafe-eval'", "*", "data:"} & set(scripts):
        yield f"its policy for scripts is {scripts}"


def test_an_id_without_a_maker_fails_with_what_to_add(owner: Owner):
    with pytest.raises(AssertionError, match=r'add to MAKERS in .* the line "pumps/<int:pump_id>"'):
        owner.ids_of("pumps/<int:pump_id>/")
