"""Each role sees only what it may: no link or button that would refuse it, and never another operator's name.

Both walks begin at the front page and follow every link that a page shows, as a person would.
"""

from __future__ import annotations

import re
from collections import deque
from datetime import UTC, datetime, time
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest

from fleet.models import Lot, Rig, Site, Upload
from fleet.models.operator import OperatorRole, PlatformRole
from fleet.services import issue_key
from risk.models import SavedScenario
from risk.scenarios import EXAMPLES
from risk.services import keep_scenario
from tests.console.test_front_page import MIXED
from tests.console.visitors import a_fleet, a_member, a_person, an_operator, signed_in
from tests.database import TODAY
from tests.sheets import a_row
from vendors.models import Vendor

pytestmark = pytest.mark.usefixtures("shipped")

NOON = datetime.combine(TODAY, time(12), UTC)
OWN, OTHER = ("prairie", "Prairie Hash"), ("zyzzyva", "Zyzzyva Mining")
MOST_PAGES = 150
# The register's rows are many and alike: of pages that differ by a number or a code, one is seen.
OF_A_KIND = 1
LEFT_ALONE = re.compile(r"^/(logout|password_change|static|api|jsi18n)/|\.(csv|jsonl|xlsx|yaml)$|/file/$")


class Page(HTMLParser):
    """What a page offers: addresses of links, and of posted forms that have a button."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[str] = []
        self.open_form: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Links, and buttons of forms that are posted."""
        said = dict(attrs)
        if tag == "a" and said.get("href"):
            self.links.append(said["href"] or "")
        if tag == "form":
            self.open_form = (
                (said.get("action") or "") if (said.get("method") or "").lower() == "post" else None
            )
        sends = (tag == "button" and said.get("type") != "button") or said.get("type") == "submit"
        if sends and self.open_form is not None:
            self.forms.append(said.get("formaction") or self.open_form)

    def handle_endtag(self, tag: str) -> None:
        """A form that ends takes no more buttons."""
        if tag == "form":
            self.open_form = None


def kind_of(address: str) -> str:
    """Pages that differ by a number, a code or what is asked are of a kind."""
    split = urlsplit(address)
    asked = sorted(part.partition("=")[0] for part in split.query.split("&"))
    return re.sub(r"\d+|US-[\w.-]+", "#", split.path) + "?" + "&".join(asked)


def walked(client, begin=("/",)):
    """Every page that can be reached by links, as (address, answer); of a kind only a few."""
    seen, kinds, waiting, pages = set(begin), {}, deque(begin), 0
    while waiting and pages < MOST_PAGES:
        address = waiting.popleft()
        answer = client.get(address, follow=True)
        pages += 1
        yield address, answer
        if answer.status_code != 200 or "text/html" not in answer.headers.get("Content-Type", ""):
            continue
        for link in Page(answer.content.decode()).links:
            to = urljoin(address, link).partition("#")[0]
            if urlsplit(to).netloc or to in seen or LEFT_ALONE.search(urlsplit(to).path):
                continue
            if kinds.get(kind_of(to), 0) < OF_A_KIND:
                kinds[kind_of(to)] = kinds.get(kind_of(to), 0) + 1
                seen.add(to)
                waiting.append(to)


def a_person_with(role, operator):
    if role in set(PlatformRole):
        return a_person("somebody", platform_role=role)
    return a_member(operator, role, "somebody")


@pytest.fixture
def operator(tmp_path):
    operator = an_operator(*OWN)
    a_fleet(tmp_path, operator, MIXED)
    return operator


ROLES = (OperatorRole.VIEWER, OperatorRole.MANAGER, PlatformRole.COMPLIANCE, PlatformRole.ADMIN)


@pytest.mark.parametrize("role", ROLES)
def test_no_link_and_no_button_that_a_role_sees_refuses_it(role, operator):
    client = signed_in(a_person_with(role, operator))
    posted, refused = {}, {}
    for address, answer in walked(client):
        if answer.status_code in (403, 404):
            refused[address] = answer.status_code
        elif answer.status_code == 200 and "text/html" in answer.headers.get("Content-Type", ""):
            for action in Page(answer.content.decode()).forms:
                to = urljoin(answer.request["PATH_INFO"], action).partition("#")[0]
                if not LEFT_ALONE.search(urlsplit(to).path):
                    posted.setdefault(kind_of(to), (to, address))
    # Empty, so that what is asked for is missing: whoever may is told so, whoever may not is refused.
    for to, address in posted.values():
        status = client.post(to, {}).status_code
        if status == 403:
            refused[f"{to} on {address}"] = status
    assert refused == {}
    assert posted


def traces_of(operator):
    """What would give an operator away: name, slug, and what its people have called things."""
    return [operator.name, operator.slug, "Quiet Rigs", "SECRETSITE", "ZZSERIAL", "hidden scenario", "zz-key"]


def test_a_viewer_never_sees_another_operators_name(operator, tmp_path):
    other = an_operator(*OTHER)
    Vendor.objects.create(slug="quiet-rigs", name="Quiet Rigs", operator=other).rig_models.create(name="Q1")
    a_fleet(tmp_path, other, [a_row(7, site="SECRETSITE", serial="ZZSERIAL0001")])
    boss = a_member(other, username="zz-boss")
    issue_key(operator=other, name="zz-key", scopes=["fleet:read"], at=NOON)
    keep_scenario(operator=other, title="hidden scenario", text=EXAMPLES["A new duty"], by=boss, at=NOON)
    assert SavedScenario.objects.count() == 1
    client = signed_in(a_person_with(OperatorRole.VIEWER, operator))
    told = [
        (address, trace)
        for address, answer in walked(client)
        if not answer.streaming
        for trace in (*traces_of(other), "zz-boss")
        if trace.casefold() in answer.content.decode(errors="replace").casefold()
    ]
    assert told == []


def test_what_belongs_to_another_operator_does_not_exist_by_number(operator, tmp_path):
    other = an_operator(*OTHER)
    a_fleet(tmp_path, other, [a_row(7, site="SECRETSITE")])
    client = signed_in(a_person_with(OperatorRole.VIEWER, operator))
    lot, rig, upload = (model.objects.filter(operator=other).first().pk for model in (Lot, Rig, Upload))
    for address in (f"/lots/{lot}/", f"/rigs/{rig}/", f"/uploads/{upload}/", f"/?operator={other.slug}"):
        assert client.get(address).status_code == 404, address
    assert Site.objects.filter(operator=other).exists()
