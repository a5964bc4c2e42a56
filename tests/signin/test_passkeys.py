"""Passkeys: what an authenticator answered opens, and nothing that is nearly that."""

from __future__ import annotations

import json

import pytest
from fido2.utils import websafe_encode

from fleet.models import Membership, Passkey, User
from ledger.models import AuditEntry
from tests.console.visitors import a_member, an_operator
from tests.signin.authenticator import PRESENT, Authenticator
from tests.signin.visits import a_browser, is_in, tried

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann():
    return a_member(an_operator())


def at_localhost(address="198.51.100.7"):
    browser = a_browser(address)
    browser.defaults["HTTP_HOST"] = "localhost"
    return browser


def added(browser, held, name="my telephone"):
    question = browser.post("/me/passkeys/new/question/").json()
    return browser.post("/me/passkeys/new/", {"name": name, "answer": held.made(question)})


@pytest.fixture
def held(ann):
    """The authenticator of Ann, who has added a passkey."""
    browser, held = at_localhost(), Authenticator()
    tried(browser)
    assert "Ten codes" in added(browser, held).content.decode()
    return held


def asked(browser):
    return browser.post("/login/passkey/question/").json()


def shown(browser, answer):
    return browser.post("/login/passkey/", {"answer": answer, "next": "/lots/"})


def test_a_passkey_alone_lets_in_without_a_name_and_without_a_password(held, ann):
    browser = at_localhost()
    question = asked(browser)
    assert not question.get("allowCredentials")
    assert question["userVerification"] == "required"
    assert shown(browser, held.shown(question))["Location"] == "/lots/"
    assert is_in(browser)
    assert AuditEntry.objects.filter(deed="signed in", by=ann, detail__way="passkey").count() == 1
    assert Passkey.objects.get().last_used_at


def test_a_passkey_is_the_second_step_of_a_password(held):
    browser = at_localhost()
    assert tried(browser, next="/rigs/")["Location"] == "/login/second-step/"
    question = asked(browser)
    assert [each["id"] for each in question["allowCredentials"]] == [websafe_encode(held.credential_id)]
    assert shown(browser, held.shown(question))["Location"] == "/rigs/"
    assert is_in(browser)


def test_where_ann_waits_a_passkey_of_somebody_else_is_no_second_step(held):
    a_member(an_operator("other", "Other"), username="eve")
    browser, eves = at_localhost(), Authenticator()
    tried(browser, "eve")
    added(browser, eves)
    waiting = at_localhost()
    tried(waiting)
    assert shown(waiting, eves.shown(asked(waiting)))["Location"] == "/login/second-step/"
    assert not is_in(waiting)


def test_an_answer_is_good_once_and_for_its_own_question(held):
    first, second = at_localhost(), at_localhost()
    question = asked(first)
    answer = held.shown(question)
    asked(second)
    assert shown(second, answer)["Location"] == "/login/"
    assert shown(first, answer)["Location"] == "/lots/"
    first.post("/logout/")
    assert shown(first, answer)["Location"] == "/login/"


def test_an_answer_from_another_place_opens_nothing(held):
    for origin, name in (
        ("https://rig-ledger.evil.example", "localhost"),
        ("http://localhost:8001", "localhost"),
        ("https://localhost", "localhost"),
        ("http://localhost", "evil.example"),
    ):
        held.origin, held.name = origin, name
        browser = at_localhost()
        shown(browser, held.shown(asked(browser)))
        assert not is_in(browser), origin


def test_an_answer_without_finger_face_or_pin_opens_nothing(held):
    held.flags = PRESENT
    browser = at_localhost()
    shown(browser, held.shown(asked(browser)))
    assert not is_in(browser)


def test_a_signature_of_another_key_opens_nothing(held):
    other = Authenticator(credential_id=held.credential_id, user=held.user, uses=held.uses)
    browser = at_localhost()
    shown(browser, other.shown(asked(browser)))
    assert not is_in(browser)


def test_an_authenticator_that_names_another_person_opens_nothing(held):
    browser = at_localhost()
    shown(browser, held.shown(asked(browser), userHandle=b"person 999999"))
    assert not is_in(browser)


def test_a_copy_that_was_used_less_often_is_noticed(held):
    browser = at_localhost()
    shown(browser, held.shown(asked(browser)))
    held.uses -= 1
    second = at_localhost()
    page = second.get(shown(second, held.shown(asked(second)))["Location"]).content.decode()
    assert "may have been copied" in page
    assert not is_in(second)
    assert AuditEntry.objects.filter(detail__why="passkey_copied").exists()


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", "nonsense", '{"id": 7}', json.dumps({"rawId": "%"})]
)
def test_what_is_no_answer_opens_nothing(held, answer):
    browser = at_localhost()
    asked(browser)
    assert shown(browser, answer)["Location"] == "/login/"


def test_an_answer_without_a_question_opens_nothing(held):
    browser = at_localhost()
    assert shown(browser, held.shown({"challenge": websafe_encode(b"x" * 32)}))["Location"] == "/login/"


def test_a_closed_account_and_one_without_a_role_are_not_let_in(held, ann):
    Membership.objects.all().delete()
    browser = at_localhost()
    shown(browser, held.shown(asked(browser)))
    assert not is_in(browser)
    User.objects.update(is_active=False)
    shown(browser, held.shown(asked(browser)))
    assert not is_in(browser)


def test_an_authenticator_is_added_once_and_taken_away_by_its_owner_alone(held, ann):
    browser = at_localhost()
    shown(browser, held.shown(asked(browser)))
    assert added(browser, held).status_code == 400
    passkey = Passkey.objects.get()
    a_member(an_operator("other", "Other"), username="eve")
    eve = at_localhost()
    tried(eve, "eve")
    assert eve.post(f"/me/passkeys/{passkey.pk}/remove/").status_code == 404
    browser.post(f"/me/passkeys/{passkey.pk}/remove/")
    assert not Passkey.objects.exists()
    assert AuditEntry.objects.get(deed="passkey removed").detail["name"] == "my telephone"


def test_who_is_asked_once_more_may_show_a_passkey(held, ann):
    browser = at_localhost()
    shown(browser, held.shown(asked(browser)))
    session = browser.session
    session["confirmed_at"] = 0
    session.save()
    assert browser.get("/me/code-app/").status_code == 302
    question = browser.post("/me/passkeys/question/").json()
    answer = browser.post("/me/confirm/", {"answer": held.shown(question), "next": "/me/code-app/"})
    assert answer["Location"] == "/me/code-app/"


def test_questions_are_asked_with_a_token_of_the_page_alone(ann):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/login/passkey/question/").status_code == 403
    assert strict.post("/login/", {"username": "ann", "password": "x"}).status_code == 403
    assert at_localhost().get("/login/passkey/question/").status_code == 405


def test_who_goes_back_to_the_first_page_waits_no_longer_and_shows_any_passkey(held):
    browser = at_localhost()
    tried(browser)
    browser.get("/login/")
    assert browser.get("/login/second-step/")["Location"] == "/login/"
    assert not asked(browser).get("allowCredentials")


def test_answers_that_open_nothing_fill_no_record(held):
    browser = at_localhost()
    for _ in range(5):
        shown(browser, "{}")
    assert AuditEntry.objects.filter(deed="sign-in failed").count() == 1
