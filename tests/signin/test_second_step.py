"""Codes of an app and from paper: added, asked for, good once; and who has to have one."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from fleet.models import CodeApp, User
from fleet.models.operator import OperatorRole
from fleet.sign_in import digits
from fleet.sign_in.sealing import opened
from ledger.models import AuditEntry
from tests.commands import answer_of
from tests.console.visitors import PASSWORD, a_member, an_admin, an_operator
from tests.database import NOW
from tests.signin.visits import (
    HOME,
    STRANGER,
    a_browser,
    a_crowd,
    code_at,
    is_in,
    sentence_of,
    tried,
    with_code_app,
)

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def ann(db, time_machine):
    time_machine.move_to(NOW, tick=False)
    return a_member(an_operator())


@pytest.fixture
def app(ann, time_machine):
    """Ann has added an app; a minute has passed."""
    browser = a_browser()
    tried(browser)
    secret, codes = with_code_app(browser)
    time_machine.move_to(LATER, tick=False)
    return secret, codes


# RFC 6238, appendix B, SHA-1: the last six of its eight digits.
@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_digits_are_those_of_the_standard(seconds, code):
    secret = base64.b32encode(b"12345678901234567890").decode()
    moment = datetime.fromtimestamp(seconds, UTC)
    assert digits.code_of(secret, seconds // 30) == code
    assert digits.step_of(secret, code, now=moment + timedelta(seconds=30)) == seconds // 30
    assert digits.step_of(secret, code, now=moment + timedelta(seconds=91)) is None


def test_who_has_an_app_is_not_in_before_its_digits(app):
    browser = a_browser()
    assert tried(browser, next="/lots/")["Location"] == "/login/second-step/"
    assert not is_in(browser)
    assert browser.get("/api/v1/lots/").status_code == 401
    answer = browser.post("/login/second-step/", {"code": code_at(app[0], LATER)})
    assert answer["Location"] == "/lots/"
    assert is_in(browser)


def test_digits_are_good_once(app):
    first, second = a_browser(), a_browser()
    for browser in (first, second):
        tried(browser)
        browser.post("/login/second-step/", {"code": code_at(app[0], LATER)})
    assert is_in(first)
    assert not is_in(second)


def test_wrong_digits_are_refused_counted_and_on_record(app, ann):
    stranger = a_browser(STRANGER)
    tried(stranger)
    answers = [stranger.post("/login/second-step/", {"code": "000000"}) for _ in range(6)]
    assert [each.status_code for each in answers] == [200] * 5 + [429]
    assert "no recovery code" in sentence_of(answers[0])
    assert AuditEntry.objects.filter(subject=f"person {ann.pk}", detail__why="wrong code").count() == 5
    mine = a_browser(HOME)
    tried(mine)
    mine.post("/login/second-step/", {"code": code_at(app[0], LATER)})
    assert is_in(mine)


def test_a_password_alone_makes_no_network_known_to_guess_digits_from(app):
    a_crowd("code")
    stranger = a_browser("192.0.2.99")
    tried(stranger)
    assert stranger.post("/login/second-step/", {"code": "000000"}).status_code == 429


@pytest.mark.parametrize("text", ["", "١٢٣٤٥٦", "12345", "x" * 64, "abcd-efgh-ijkl-mnop"])
def test_what_is_no_code_opens_nothing(app, text):
    browser = a_browser()
    tried(browser)
    assert browser.post("/login/second-step/", {"code": text}).status_code == 200
    assert not is_in(browser)


def test_a_recovery_code_is_good_once_in_any_writing(app, ann):
    code = app[1][0]
    assert len(app[1]) == 10
    for written, opens in ((code.upper().replace("-", " "), True), (code, False)):
        browser = a_browser()
        tried(browser)
        browser.post("/login/second-step/", {"code": written})
        assert is_in(browser) == opens
    used = AuditEntry.objects.get(deed="recovery code used")
    assert (used.subject, used.detail["left"]) == (f"person {ann.pk}", 9)


def test_the_door_waits_ten_minutes_for_the_second_step(app, time_machine):
    browser = a_browser()
    tried(browser)
    late = LATER + timedelta(minutes=11)
    time_machine.move_to(late, tick=False)
    assert browser.post("/login/second-step/", {"code": code_at(app[0], late)})["Location"] == "/login/"


def test_a_password_that_was_changed_meanwhile_leaves_nobody_at_the_second_step(app, ann):
    browser = a_browser()
    tried(browser)
    ann.set_password("another long password 2")
    ann.save()
    assert browser.post("/login/second-step/", {"code": code_at(app[0], LATER)})["Location"] == "/login/"


def test_the_second_step_is_nobodys_without_the_first(app):
    assert a_browser().get("/login/second-step/")["Location"] == "/login/"


def test_an_app_is_added_by_its_digits_alone_and_ends_all_other_sessions(ann):
    other, browser = a_browser(), a_browser()
    tried(other)
    tried(browser)
    browser.get("/me/code-app/")
    wrong = browser.post("/me/code-app/", {"code": "000000"})
    assert wrong.status_code == 400
    assert not CodeApp.objects.exists()
    with_code_app(browser)
    assert CodeApp.objects.filter(person=ann).exists()
    assert (is_in(browser), is_in(other)) == (True, False)
    assert AuditEntry.objects.filter(deed="code app added", by=ann).count() == 1


def test_the_secret_of_an_app_lies_nowhere_in_the_database_as_it_is(app):
    kept = CodeApp.objects.get()
    assert app[0] not in kept.sealed_secret


def test_another_key_of_the_product_opens_apps_as_long_as_the_former_one_is_set(app, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 10, [settings.SECRET_KEY]
    browser = a_browser()
    tried(browser)
    browser.post("/login/second-step/", {"code": code_at(app[0], LATER)})
    assert is_in(browser)
    settings.SECRET_KEY_FALLBACKS = []
    assert opened(CodeApp.objects.get().sealed_secret) == app[0]


def test_what_lets_a_person_in_is_changed_by_somebody_who_has_shown_lately_who_they_are(ann, time_machine):
    browser = a_browser()
    tried(browser)
    time_machine.move_to(NOW + timedelta(minutes=16), tick=False)
    for address in ("/me/code-app/", "/me/passkeys/new/"):
        assert browser.get(address)["Location"].startswith("/me/confirm/?next=")
    assert browser.post("/me/recovery-codes/")["Location"] == "/me/confirm/?next=%2Fme%2F"
    assert browser.post("/me/confirm/", {"password": "wrong"}).status_code == 400
    answer = browser.post("/me/confirm/", {"password": PASSWORD, "next": "/me/code-app/"})
    assert answer["Location"] == "/me/code-app/"
    assert browser.get("/me/code-app/").status_code == 200


def test_the_way_back_from_the_question_leads_nowhere_else(ann):
    browser = a_browser()
    tried(browser)
    answer = browser.post("/me/confirm/", {"password": PASSWORD, "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_guessing_at_the_question_is_counted_like_guessing_at_the_door(ann):
    browser = a_browser()
    tried(browser)
    assert [browser.post("/me/confirm/", {"password": "x"}).status_code for _ in range(11)][-1] == 429


def test_the_app_is_taken_away_and_its_codes_with_it(app, ann):
    browser = a_browser()
    tried(browser)
    browser.post("/login/second-step/", {"code": code_at(app[0], LATER)})
    assert browser.post("/me/code-app/remove/").status_code == 302
    assert not ann.recovery_codes.exists()
    assert tried(a_browser())["Location"] == "/"


@pytest.mark.parametrize(
    ("named", "role", "asked"),
    [
        ([], OperatorRole.MANAGER, False),
        (["managers"], OperatorRole.MANAGER, True),
        (["managers"], OperatorRole.VIEWER, False),
        (["platform"], OperatorRole.MANAGER, False),
        (["everybody"], OperatorRole.VIEWER, True),
    ],
)
def test_a_second_step_is_asked_of_the_roles_that_the_setting_names(db, settings, named, role, asked):
    settings.MFA_REQUIRED = named
    a_member(an_operator(), role=role)
    browser = a_browser()
    tried(browser)
    answer = browser.get("/")
    assert (answer.status_code, answer.get("Location")) == (
        (302, "/me/second-step/") if asked else (200, None)
    )


def test_platform_staff_are_asked_and_get_in_once_they_have_added_a_step(db, settings, time_machine):
    time_machine.move_to(NOW, tick=False)
    settings.MFA_REQUIRED = ["platform"]
    an_admin()
    browser = a_browser()
    tried(browser, "root")
    assert browser.get("/fleet/user/")["Location"] == "/me/second-step/"
    assert browser.get("/me/second-step/").status_code == 200
    with_code_app(browser)
    assert browser.get("/fleet/user/").status_code == 200
    answer = browser.post("/me/code-app/remove/", follow=True)
    assert "add another one before you remove the last" in answer.content.decode()
    assert CodeApp.objects.exists()


def test_the_switch_of_one_person_asks_that_person_and_the_api_asks_too(ann):
    User.objects.filter(pk=ann.pk).update(second_step_required=True)
    browser = a_browser()
    tried(browser)
    assert browser.get("/lots/")["Location"] == "/me/second-step/"
    answer = browser.get("/api/v1/lots/")
    assert (answer.status_code, answer.json()["code"]) == (403, "second_step_required")


def test_a_session_from_before_the_switch_signs_in_again_with_the_step(app, ann):
    from tests.console.visitors import signed_in

    User.objects.filter(pk=ann.pk).update(second_step_required=True)
    browser = signed_in(User.objects.get(pk=ann.pk))
    assert browser.get("/")["Location"] == "/login/"
    assert not is_in(browser)


def test_staff_take_the_steps_of_somebody_away_who_has_lost_them(app, ann):
    an_admin()
    browser = a_browser()
    tried(browser, "root")
    said = {"action": "take_second_steps_away", "_selected_action": [ann.pk]}
    answer = browser.post("/fleet/user/", said, follow=True)
    assert "signs in by the password alone now" in answer.content.decode()
    assert tried(a_browser(STRANGER))["Location"] == "/"
    assert AuditEntry.objects.get(deed="code app removed").by.username == "root"


def test_the_command_takes_them_away_and_says_why(app, ann):
    answer = answer_of("forget_second_steps", "ann", "--why", "seen with the passport")
    assert answer == {"person": "ann", "second_steps_taken": 1}
    assert AuditEntry.objects.get(deed="code app removed").detail["why"] == "seen with the passport"
    assert not ann.recovery_codes.exists()
