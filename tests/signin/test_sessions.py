"""Where one is signed in is told and ended, by oneself alone; sessions end by themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from fleet.models import PersonSession
from fleet.tasks import tend_sign_in
from ledger.models import AuditEntry
from tests.console.visitors import PASSWORD, a_member, an_operator
from tests.database import NOW
from tests.house.tree import ROOT
from tests.signin.visits import OFFICE, a_browser, is_in, tried

pytestmark = pytest.mark.django_db
NEW = "seven green barrels roll"


@pytest.fixture(autouse=True)
def ann(time_machine):
    time_machine.move_to(NOW, tick=False)
    return a_member(an_operator())


def entered(address="198.51.100.7"):
    browser = a_browser(address)
    tried(browser)
    return browser


def row_of(browser):
    return PersonSession.objects.get(session_key=browser.cookies["sessionid"].value)


def test_a_session_tells_the_browser_where_from_and_since_when_and_not_the_whole_address():
    here, office = entered(), entered(OFFICE)
    page = here.get("/me/").content.decode()
    assert page.count("Firefox on Windows") >= 2
    assert "203.0.113.0/24" in page
    assert OFFICE not in page
    assert "this one" in page
    assert row_of(office).way == "password"


def test_one_session_is_ended_and_it_is_on_record(ann):
    here, lost = entered(), entered(OFFICE)
    assert here.get(f"/me/sessions/{row_of(lost).pk}/end/").status_code == 405
    here.post(f"/me/sessions/{row_of(lost).pk}/end/")
    assert (is_in(here), is_in(lost)) == (True, False)
    assert AuditEntry.objects.get(deed="session ended").detail["network"] == "203.0.113.0/24"


def test_all_others_are_ended_at_once():
    here, *others = [entered() for _ in range(4)]
    here.post("/me/sessions/end-others/")
    assert [is_in(each) for each in (here, *others)] == [True, False, False, False]
    assert Session.objects.count() == 1


def test_nobody_ends_or_sees_the_session_of_somebody_else():
    a_member(an_operator("other", "Other"), username="eve")
    eve, anns = a_browser(), entered(OFFICE)
    tried(eve, "eve")
    assert eve.post(f"/me/sessions/{row_of(anns).pk}/end/").status_code == 404
    assert "203.0.113.0/24" not in eve.get("/me/").content.decode()
    assert is_in(anns)


def test_a_new_password_ends_all_sessions_but_the_one_in_which_it_was_chosen(ann):
    here, other = entered(), entered(OFFICE)
    key = here.cookies["sessionid"].value
    said = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert here.post("/password_change/", said).status_code == 302
    assert (is_in(here), is_in(other)) == (True, False)
    assert here.cookies["sessionid"].value != key
    assert PersonSession.objects.count() == 1
    assert AuditEntry.objects.get(deed="password changed").by == ann


def test_the_old_password_is_guessed_at_no_more_often_than_at_the_door():
    here = entered()
    said = {"old_password": "x", "new_password1": NEW, "new_password2": NEW}
    assert [here.post("/password_change/", said).status_code for _ in range(11)] == [200] * 10 + [302]
    assert "Too many tries" in here.get("/me/").content.decode()


def test_signing_in_gives_the_session_a_key_that_nobody_knew_before():
    browser = a_browser()
    browser.get("/login/outside/")
    browser.get("/login/")
    session = browser.session
    session["planted"] = True
    session.save()
    before = session.session_key
    tried(browser)
    assert browser.cookies["sessionid"].value != before
    assert not Session.objects.filter(pk=before).exists()


def test_signing_out_ends_the_session_and_is_on_record(ann):
    browser = entered()
    browser.post("/logout/")
    assert not PersonSession.objects.exists()
    assert AuditEntry.objects.filter(deed="signed out", by=ann).count() == 1
    assert AuditEntry.objects.get(deed="signed in").detail["way"] == "password"


def test_a_session_is_seen_every_few_minutes_and_ends_when_it_is_not_used_over_a_weekend_and_more(
    time_machine,
):
    browser = entered()
    for hours in (20, 40):
        time_machine.move_to(NOW + timedelta(hours=hours), tick=False)
        assert is_in(browser)
        assert row_of(browser).last_seen_at == NOW + timedelta(hours=hours)
    time_machine.move_to(NOW + timedelta(hours=40 + 73), tick=False)
    assert not is_in(browser)


def test_a_session_that_is_used_every_day_ends_at_last(time_machine, settings):
    assert timedelta(days=14) == settings.SESSION_LONGEST
    settings.SESSION_LONGEST = timedelta(days=2)
    browser = entered()
    for day in (1, 2):
        time_machine.move_to(NOW + timedelta(hours=23 * day), tick=False)
        assert is_in(browser)
    time_machine.move_to(NOW + timedelta(days=2, minutes=1), tick=False)
    assert not is_in(browser)


def test_the_sweep_forgets_sessions_that_have_run_out(time_machine):
    entered()
    time_machine.move_to(NOW + timedelta(days=4), tick=False)
    entered(OFFICE)
    tend_sign_in()
    assert (PersonSession.objects.count(), Session.objects.count()) == (1, 1)


def test_a_page_writes_of_a_session_once_in_five_minutes(time_machine, django_assert_max_num_queries):
    browser = entered()
    for minutes, writes in ((4, 0), (6, 2), (10, 0)):
        time_machine.move_to(NOW + timedelta(minutes=minutes), tick=False)
        with django_assert_max_num_queries(100) as asked:
            browser.get("/me/")
        written = [each["sql"] for each in asked if each["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
        assert len(written) == writes, written


def test_where_tls_is_the_only_way_djangos_own_check_of_a_deployment_finds_nothing(tmp_path):
    own = {
        "TLS_ONLY": "1",
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    environment = {**os.environ, **own}
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # the tests with a browser need it
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    checked = subprocess.run(command, check=False, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr


def test_where_tls_is_the_only_way_the_rest_is_sent_there_and_health_is_told(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/login/")["Location"] == "https://testserver/login/"
    assert client.get("/health/").status_code == 200


@pytest.mark.parametrize("is_secure", [True, False])
def test_cookies_that_come_over_tls_go_over_tls_alone(is_secure):
    answer = a_browser().post(
        "/login/", {"username": "ann", "password": PASSWORD, "next": "/"}, secure=is_secure
    )
    flags = {name: bool(cookie["secure"]) for name, cookie in answer.cookies.items()}
    assert flags["sessionid"] == flags["known_device"] == is_secure
    assert all(answer.cookies[name]["httponly"] for name in ("sessionid", "known_device"))
