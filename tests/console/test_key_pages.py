"""API keys in the console: made and shown once, listed with their use, rotated with an overlap, revoked."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from config.pages.keys import pages
from fleet.api.callers import HEARD
from fleet.models import ApiKey, Membership
from fleet.models.keys import Scope
from fleet.models.operator import PlatformRole
from fleet.services import revoke_key
from ledger.models import AuditEntry
from tests.api.programs import Program, a_key
from tests.console.test_front_page import page_of, text_of
from tests.console.visitors import a_member, a_person, an_operator, signed_in

pytestmark = pytest.mark.usefixtures("shipped")
KEYS = "/keys/"
ME = "/api/v1/operators/me/"
TEXT = re.compile(r"rl_[0-9a-f]{8}_[0-9a-f]{64}")
PAST = datetime(2020, 1, 1, tzinfo=UTC)
ASKED = {"name": "ERP", "scopes": ["fleet:read", "exposure:read"], "form": "one"}


@pytest.fixture
def operator():
    return an_operator()


@pytest.fixture
def client(operator):
    """A manager's browser."""
    return signed_in(a_member(operator))


def made(client, **said):
    """The answer that shows a new key, and the key."""
    answer = client.post(f"{KEYS}new/", {**ASKED, **said})
    found = TEXT.search(answer.content.decode())
    assert found, text_of(answer.content.decode())
    return answer, found[0]


def address(key=None, rest=""):
    return f"{KEYS}{(key or ApiKey.objects.get()).pk}/{rest}"


def refusal_beside(answer, field):
    """What a form says beside a field."""
    return text_of(answer.content.decode().partition(f'id="about-{field}"')[2].split("</p>")[0])


def test_a_key_is_made_for_what_was_ticked_and_opens_that(client):
    assert "API keys" in page_of(client, "/register/")
    assert "No program has a key in force." in page_of(client, KEYS)
    assert "send uploads, change the fleet" in page_of(client, f"{KEYS}new/")
    _, text = made(client, expires_on="2099-12-31", ip_ranges="127.0.0.0/8\n192.0.2.7")
    told = Program(text).get(ME).json()
    assert set(told["scopes"]) == {"fleet:read", "exposure:read"}
    key = ApiKey.objects.get()
    assert key.ip_ranges == ["127.0.0.0/8", "192.0.2.7/32"]
    assert key.expires_at.isoformat().startswith("2100-01-01T04:59:59")
    entry = AuditEntry.objects.get(deed="API key issued")
    assert (entry.by.username, entry.subject) == ("ann", f"API key {key.prefix}")


def test_the_key_is_shown_once_and_kept_nowhere(client, caplog):
    with caplog.at_level(logging.DEBUG):
        answer, text = made(client)
        pages = [page_of(client, each) for each in (KEYS, address(), address(rest="revoke/"))]
    assert "no-store" in answer["Cache-Control"]
    secret = text.rpartition("_")[2]
    kept = [*ApiKey.objects.values(), *AuditEntry.objects.values(), dict(client.session)]
    assert not any(secret in str(each) for each in (*pages, *kept, caplog.text))


def test_the_form_sent_again_makes_no_second_key(client):
    made(client)
    again = client.post(f"{KEYS}new/", ASKED, follow=True).content.decode()
    assert "has made its key already" in text_of(again)
    assert not TEXT.search(again)
    assert ApiKey.objects.count() == 1
    made(client, form="two")
    assert ApiKey.objects.count() == 2


def test_a_second_click_at_the_same_moment_makes_no_second_key(client, monkeypatch):
    make, answers = pages.issue_key, []

    def slow(**said):
        if not answers:
            answers.append(None)
            second = signed_in_too(client)
            answers[0] = second.post(f"{KEYS}new/", ASKED)
        return make(**said)

    monkeypatch.setattr(pages, "issue_key", slow)
    made(client)
    assert ApiKey.objects.count() == 1
    assert not TEXT.search(answers[0].content.decode())


def test_a_form_that_made_nothing_may_be_sent_again(client):
    assert client.post(f"{KEYS}new/", {**ASKED, "expires_on": "2020-01-01"}).status_code == 400
    made(client)


def signed_in_too(client):
    """A second request of the same browser, while the first is under way."""
    second = Client()
    second.cookies.update(client.cookies)
    return second


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"name": " "}, "name", "Give the name of the program"),
        ({"scopes": []}, "scopes", "Tick at least one"),
        ({"scopes": ["everything"]}, "scopes", "everything is not one of the available choices"),
        ({"expires_on": "2020-01-01"}, "expires_on", "would have expired already"),
        ({"ip_ranges": "here"}, "ip_ranges", "write an address or a range like 192.0.2.0/24"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_no_key_is_made(client, said, field, sentence):
    answer = client.post(f"{KEYS}new/", {**ASKED, **said})
    assert answer.status_code == 400
    assert sentence in refusal_beside(answer, field)
    assert not ApiKey.objects.exists()


def test_the_list_tells_who_made_a_key_what_it_may_and_when_it_was_used(client):
    _, text = made(client, ip_ranges="127.0.0.1")
    listed = text_of(page_of(client, KEYS))
    assert "fleet:read, exposure:read never when it is revoked 127.0.0.1/32" in listed
    assert listed.count("ann") >= 2
    Program(text).get(ME)
    assert " never " not in text_of(page_of(client, KEYS))
    assert f"rl_{ApiKey.objects.get().prefix}…" in listed


def test_the_first_use_from_each_address_is_on_record_once(client):
    _, text = made(client)
    for number in (7, 7, 8, 7):
        Program(text, REMOTE_ADDR=f"::ffff:192.0.2.{number}").get(ME)
    deeds = AuditEntry.objects.filter(deed="API key used from a new address").order_by("pk")
    assert [deed.detail["address"] for deed in deeds] == ["192.0.2.7", "192.0.2.8"]
    assert "API key used from a new address 192.0.2.8" in text_of(page_of(client, address()))


def test_a_lost_cache_puts_no_address_on_record_again(client):
    _, text = made(client)
    for _ in range(2):
        Program(text).get(ME)
        cache.clear()
        HEARD.clear()
    assert AuditEntry.objects.filter(deed="API key used from a new address").count() == 1


def test_a_rotated_key_goes_on_for_the_overlap(client):
    _, old = made(client)
    answer = client.post(address(rest="rotate/"), {"overlap": "24", "form": "three"})
    new = TEXT.search(answer.content.decode())[0]
    assert "no-store" in answer["Cache-Control"]
    assert new != old
    assert {Program(text).get(ME).status_code for text in (old, new)} == {200}
    first, second = ApiKey.objects.order_by("pk")
    assert timedelta(hours=23) < first.revoked_at - second.created_at < timedelta(hours=25)
    assert f"rl_{first.prefix}…</span>, goes on until" in answer.content.decode()
    entry = AuditEntry.objects.get(deed="API key rotated")
    assert (entry.subject, entry.detail["new_key"], entry.by.username) == (
        first.subject,
        second.prefix,
        "ann",
    )


def test_a_rotation_without_overlap_ends_the_old_key_at_once(client):
    _, old = made(client)
    client.post(address(rest="rotate/"), {"overlap": "0"})
    assert Program(old).get(ME).status_code == 401
    ended = ApiKey.objects.order_by("pk")[0]
    again = client.post(address(ended, "rotate/"), {"overlap": "24"}, follow=True)
    assert "in force no more" in text_of(again.content.decode())
    assert "Rotate it" not in page_of(client, address(ended))


def test_a_key_is_revoked_after_a_page_that_names_it_and_its_last_use(client):
    _, text = made(client)
    assert "ERP" in (asked := text_of(page_of(client, address(rest="revoke/"))))
    assert "was never used" in asked
    Program(text).get(ME)
    used = timezone.localtime(ApiKey.objects.get().last_used_at)
    asked = text_of(page_of(client, address(rest="revoke/")))
    assert f"was last used {used.day} {used:%b %Y, %H:%M}" in asked
    assert Program(text).get(ME).status_code == 200
    told = client.post(address(rest="revoke/"), {"why": "laptop lost"}, follow=True).content.decode()
    assert "opens nothing any more" in text_of(told)
    assert Program(text).get(ME).status_code == 401
    assert AuditEntry.objects.get(deed="API key revoked").detail == {"why": "laptop lost"}
    assert "has ended already" in text_of(page_of(client, address(rest="revoke/")))


def every_page(key):
    return [KEYS, f"{KEYS}new/", address(key), address(key, "rotate/"), address(key, "revoke/")]


def test_a_viewer_neither_sees_nor_makes_nor_ends_keys(operator):
    text = a_key(operator, Scope.FLEET_READ)
    viewer = signed_in(a_member(operator, "viewer", username="eve"))
    for page in every_page(ApiKey.objects.get()):
        assert viewer.get(page).status_code == 403
        assert viewer.post(page, ASKED).status_code == 403
    assert "API keys" not in page_of(viewer, "/register/")
    assert Program(text).get(ME).status_code == 200


def test_another_operators_key_does_not_exist(client):
    other = an_operator("birch", "Birch")
    text = a_key(other, Scope.FLEET_READ)
    key = ApiKey.objects.get()
    for page in every_page(key)[2:]:
        assert client.post(page, {"overlap": "0"}).status_code == 404
    assert client.get(address(key)).status_code == 404
    assert key.prefix not in page_of(client, KEYS)
    assert Program(text).get(ME).status_code == 200


def test_a_manager_here_and_viewer_there_keeps_keys_here_alone(operator):
    other = an_operator("zinc", "Zinc")
    person = a_member(operator)
    Membership.objects.create(user=person, operator=other, role="viewer")
    client = signed_in(person)
    assert client.get(f"{KEYS}?operator=prairie").status_code == 200
    assert client.get(f"{KEYS}?operator=zinc").status_code == 403


def test_compliance_of_the_platform_keeps_no_operators_keys(operator):
    client = signed_in(a_person("cleo", platform_role=PlatformRole.COMPLIANCE))
    assert client.get(KEYS).status_code == 403


def test_an_expired_and_a_revoked_key_stand_among_the_ended(client, operator):
    for name in ("old", "gone", "alive"):
        a_key(operator, name=name)
    ApiKey.objects.filter(name="old").update(expires_at=PAST)
    revoke_key(key=ApiKey.objects.get(name="gone"), at=ApiKey.objects.get(name="gone").created_at)
    in_force, ended = page_of(client, KEYS).split("<h2>Ended</h2>")
    assert [name in text_of(in_force) for name in ("alive", "gone", "old")] == [True, False, False]
    assert [name in text_of(ended) for name in ("alive", "gone", "old")] == [False, True, True]


def test_the_pages_of_keys_allow_nothing_inline(client):
    made(client)
    for page in (KEYS, f"{KEYS}new/", address()):
        answer = client.get(page)
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]
