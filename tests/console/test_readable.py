"""Control characters: no page is asked with one, whichever way it came, and nothing that was said is lost."""

from __future__ import annotations

import re
from itertools import repeat

import pytest

from fleet.models import ApiKey
from tests.browser.every_page import routes, shelves, with_ids
from tests.console.visitors import PASSWORD, a_member, an_admin, an_operator, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return an_operator()


def test_no_page_is_asked_by_an_address_with_a_control_character(operator, client):
    staff = signed_in(an_admin())
    for route in [*routes(), *shelves()]:
        assert staff.get(f"/{with_ids(route, repeat(1))}", {"q": "S19\x00"}).status_code == 400, route
    for address in ("/entries/AB%00C/", "/lots/?site=%01", "/lots/?%00=1", "/rigs/?search=%7F"):
        refused = staff.get(address)
        assert (refused.status_code, "This address cannot be read" in refused.text) == (400, True)
    assert client.get("/login/?next=/%00").status_code == 400
    assert staff.get("/rigs/", {"search": "S19\tXP"}).status_code == 200


def test_what_was_said_in_a_form_is_shown_again_without_the_character_and_can_be_sent(operator):
    browser = signed_in(a_member(operator))
    said = {"name": "E\x00RP", "scopes": ["fleet:read", "exposure:read"], "expires": "", "form": "7"}
    refused = browser.post("/keys/new/", said)
    assert refused.status_code == 400
    assert re.search(r"Name</label><textarea [^>]*>ERP</textarea>.*It held U\+0000", refused.text)
    assert refused.text.count('name="scopes"') == 2
    assert not ApiKey.objects.exists()


def test_a_form_of_the_register_and_one_with_a_file_are_refused_too(operator, tmp_path):
    staff = signed_in(an_admin())
    assert staff.post("/fleet/operator/add/", {"name": "Prairie\x0b", "slug": "p"}).status_code == 400
    with (tmp_path / "paper.pdf").open("wb+") as paper:
        refused = staff.post("/evidence/new/", {"title": "Certi\x02ficate", "file": paper})
    assert "choose the file again" in refused.text
    assert "Title</strong>: " in refused.text and "U+0002" in refused.text


def test_a_secret_is_not_shown_again(operator, client):
    a_member(operator)
    refused = client.post("/login/", {"username": "ann\x00", "password": PASSWORD})
    assert refused.status_code == 400
    assert PASSWORD not in refused.text
