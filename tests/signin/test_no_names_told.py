"""Nobody learns from the door who has an account: one sentence, one status, one hash, one letter asked for."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client

from config.celery import app
from fleet import tasks
from fleet.models import User
from fleet.sign_in.letters import key_for
from ledger.models import AuditEntry
from tests.console.visitors import a_member, a_person, an_operator
from tests.signin.visits import a_browser, is_in, sentence_of, tried

pytestmark = pytest.mark.django_db
NEW = "seven green barrels roll"


class Counting(MD5PasswordHasher):
    """A hasher that counts how often it works."""

    algorithm = "counting"
    worked = 0

    def encode(self, password: str, salt: str) -> str:
        """Count, then hash."""
        Counting.worked += 1
        return super().encode(password, salt)


@pytest.fixture
def people(settings: Any) -> None:
    """Ann; one whose account is closed, and one who has no password."""
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    operator = an_operator()
    a_member(operator)
    gone, outside = a_person("gone"), a_person("outside")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    outside.set_unusable_password()
    outside.save()


@pytest.mark.parametrize("name", ["ann", "gone", "outside", "nobody"])
def test_a_wrong_password_is_told_in_one_way_after_one_hash(people, name):
    Counting.worked = 0
    answer = tried(a_browser(), name, "not the password")
    assert (answer.status_code, Counting.worked) == (200, 1)
    assert sentence_of(answer).startswith("Please enter a correct username and password")


def test_a_closed_account_with_the_right_password_is_told_no_more_than_a_wrong_one(people):
    assert sentence_of(tried(a_browser(), "gone")) == sentence_of(tried(a_browser(), "nobody"))


@pytest.fixture
def letters(settings: Any, monkeypatch: Any) -> list[dict[str, Any]]:
    """What is asked of the workers, written down."""
    from config.environment import mail as mail_server

    settings.EMAIL = mail_server("smtp://mail.example:25")
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks, "nudge", lambda task, **said: sent.append({"task": task, **said}))
    return sent


def test_a_letter_is_asked_for_whatever_name_is_typed_and_the_page_says_the_same(people, letters):
    User.objects.filter(username="ann").update(email="ann@example.com")
    pages = [
        a_browser(f"192.0.2.{n}").post("/login/forgotten/", {"asked": asked}).content
        for n, asked in enumerate(("ann", "ANN@example.com", "gone", "nobody"))
    ]
    assert len(set(pages)) == 1
    ann = User.objects.get(username="ann").pk
    assert [each["person_id"] for each in letters] == [ann, ann, 0, 0]


def test_the_letters_link_opens_a_new_password_once_and_ends_all_sessions(people, letters, settings):
    ann = User.objects.get(username="ann")
    ann.email = "ann@example.com"
    ann.save()
    old = a_browser()
    tried(old)
    tasks.send_password_letter(person_id=ann.pk, page="https://console.example/login/new-password/")
    (letter,) = mail.outbox
    assert letter.to == ["ann@example.com"]
    key = letter.body.partition("?key=")[2].split()[0]
    browser = a_browser()
    assert browser.get("/login/new-password/", {"key": key})["Location"] == "/login/new-password/"
    assert (
        browser.post("/login/new-password/", {"new_password1": "short", "new_password2": "short"}).status_code
        == 400
    )
    answer = browser.post("/login/new-password/", {"new_password1": NEW, "new_password2": NEW})
    assert answer["Location"] == "/login/"
    assert not is_in(old)
    assert tried(browser, "ann", NEW).status_code == 302
    assert a_browser().get("/login/new-password/", {"key": key}, follow=True).status_code == 400
    assert AuditEntry.objects.filter(deed="password changed", detail__way="letter").count() == 1


@pytest.mark.parametrize("key", ["", "1.abc:def", "nonsense"])
def test_a_link_of_somebodys_own_making_opens_nothing(people, key):
    assert a_browser().get("/login/new-password/", {"key": key}, follow=True).status_code == 400


def test_no_letter_goes_to_somebody_without_an_address_or_without_a_password(people, letters):
    User.objects.filter(username="outside").update(email="out@example.com")
    for person in User.objects.all():
        tasks.send_password_letter(person_id=person.pk, page="https://x/")
    tasks.send_password_letter(person_id=0, page="https://x/")
    assert mail.outbox == []
    assert key_for(User.objects.get(username="ann"))


def test_the_api_says_the_same_of_a_session_that_is_none_and_of_a_key_that_nobody_has():
    answers = [
        Client().get("/api/v1/lots/", headers={"authorization": f"Bearer rl_{prefix}_{'0' * 64}"})
        for prefix in ("00000000", "ffffffff")
    ]
    assert len({(each.status_code, each.json()["code"], each.json()["detail"]) for each in answers}) == 1


def test_the_letter_and_the_sweep_go_to_queues_of_their_own():
    routes = app.conf.task_routes
    assert routes["fleet.tasks.send_password_letter"] == {"queue": "outside"}
    assert routes["fleet.tasks.tend_sign_in"] == {"queue": "batch"}
