"""Guessing is stopped, and nobody is locked out by somebody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from fleet.models import Membership, SignInTry
from fleet.sign_in.throttle import HERE, NETWORK, forget_tries
from ledger.models import AuditEntry
from tests.console.visitors import a_member, a_person, an_operator
from tests.database import NOW
from tests.signin.visits import (
    HOME,
    OFFICE,
    STRANGER,
    a_browser,
    a_crowd,
    guesses,
    is_in,
    sentence_of,
    tried,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ann(time_machine):
    time_machine.move_to(NOW, tick=False)
    return a_member(an_operator())


def test_the_sixth_guess_from_one_address_is_not_judged_and_a_right_password_neither():
    stranger = a_browser(STRANGER)
    assert guesses(stranger, HERE.tries) == [200] * 5
    held = tried(stranger)
    assert (held.status_code, int(held["Retry-After"])) == (429, 900)
    assert "Wait 15 minutes" in sentence_of(held)
    assert not is_in(stranger)


def test_after_the_wait_the_right_password_opens(time_machine):
    stranger = a_browser(STRANGER)
    guesses(stranger, 6)
    time_machine.move_to(NOW + timedelta(minutes=14), tick=False)
    assert tried(stranger).status_code == 429
    time_machine.move_to(NOW + timedelta(minutes=15, seconds=1), tick=False)
    assert tried(stranger).status_code == 302


def test_a_strangers_guesses_hold_up_neither_another_address_nor_a_browser_that_was_here_before():
    mine = a_browser(OFFICE)
    assert tried(mine).status_code == 302
    mine.post("/logout/")
    assert 429 in guesses(a_browser(OFFICE), 9)
    assert tried(mine).status_code == 302
    assert tried(a_browser(HOME)).status_code == 302


def test_a_cookie_of_ones_own_making_makes_no_browser_known():
    stranger = a_browser(STRANGER)
    stranger.cookies["known_device"] = "W1siYWJjIiwiZGVmIl1d:1abc:forged"
    assert guesses(stranger, 6) == [200] * 5 + [429]


def test_a_browser_known_for_one_account_guesses_at_another_like_a_stranger():
    a_member(an_operator("other", "Other"), username="eve")
    eves = a_browser(STRANGER)
    assert tried(eves, "eve").status_code == 302
    eves.post("/logout/")
    assert guesses(eves, 6, "ann") == [200] * 5 + [429]


def test_a_stolen_cookie_guesses_ten_times():
    mine = a_browser()
    tried(mine)
    mine.post("/logout/")
    assert guesses(mine, 11) == [200] * 10 + [429]


def test_an_address_that_tries_many_names_is_held_up_and_the_people_in_that_house_with_known_browsers_are_not():
    mine = a_browser(OFFICE)
    tried(mine)
    mine.post("/logout/")
    stranger = a_browser(OFFICE)
    statuses = [tried(stranger, f"name{number}", "x" * 15).status_code for number in range(NETWORK.tries + 1)]
    assert statuses == [200] * 30 + [429]
    assert tried(mine).status_code == 302


def test_good_sign_ins_of_a_whole_office_count_for_nothing():
    people = [a_person(f"worker{number}") for number in range(NETWORK.tries + 2)]
    operator = an_operator("office", "Office")
    Membership.objects.bulk_create(Membership(user=person, operator=operator) for person in people)
    assert {tried(a_browser(OFFICE), person.username).status_code for person in people} == {302}


def test_many_addresses_that_guess_at_one_account_are_stopped_and_what_was_here_before_is_not():
    mine = a_browser(HOME)
    tried(mine)
    mine.post("/logout/")
    a_crowd("password")
    assert guesses(a_browser("192.0.2.200"), 1) == [429]
    assert (
        tried(a_browser(HOME)).status_code == 302
    )  # another browser, from where the account was entered before
    mine.cookies.pop("sessionid", None)
    assert tried(mine).status_code == 302


def test_a_subscribers_whole_network_of_new_addresses_counts_as_one():
    assert guesses(a_browser("2001:db8:7:1::a"), 5) == [200] * 5
    assert guesses(a_browser("2001:db8:7:1:ffff::b"), 1) == [429]
    assert guesses(a_browser("2001:db8:7:2::a"), 1) == [200]


def test_a_name_written_otherwise_is_the_same_account():
    stranger = a_browser(STRANGER)
    names = ("ann", "Ann", " ANN", "ann ", "ａnn", "ANN")
    assert [tried(stranger, name, "wrong").status_code for name in names] == [200] * 5 + [429]


def test_a_name_that_nobody_has_is_held_up_just_so():
    stranger = a_browser(STRANGER)
    assert guesses(stranger, 6, "nobody") == [200] * 5 + [429]
    held = tried(stranger, "nobody")
    guesses(stranger, 6)
    assert sentence_of(held) == sentence_of(tried(stranger))


def test_who_waits_does_not_wait_longer_for_asking():
    stranger = a_browser(STRANGER)
    guesses(stranger, 5)
    guesses(stranger, 3)
    tries = SignInTry.objects.exclude(bucket__startswith="told-")
    assert tries.count() == 3 * 5  # at the account here, from this network, and from all new ones


def test_tries_hold_neither_names_nor_addresses_and_are_forgotten_after_a_day():
    guesses(a_browser(STRANGER), 2)
    tried(a_browser(HOME))
    text = " ".join(SignInTry.objects.values_list("bucket", flat=True))
    assert not any(word in text for word in ("ann", STRANGER, HOME))
    forget_tries(now=NOW + timedelta(days=1, seconds=1))
    assert [row.bucket[:4] for row in SignInTry.objects.all()] == ["good"]
    forget_tries(now=NOW + timedelta(days=181))
    assert not SignInTry.objects.exists()


def test_what_failed_is_on_record_without_a_name_that_nobody_has(ann):
    tried(a_browser(STRANGER), "my real password typed as a name", "x")
    tried(a_browser(STRANGER), "ann", "wrong")
    unknown, known = AuditEntry.objects.filter(deed="sign-in failed").order_by("pk")
    assert (unknown.subject, known.subject) == ("sign-in", f"person {ann.pk}")
    assert known.came_from == STRANGER
    assert "my real" not in str(vars(unknown))


def test_that_somebody_is_held_up_is_written_once_however_often_they_try():
    guesses(a_browser(STRANGER), 30)
    assert AuditEntry.objects.filter(deed="sign-in held up").count() == 1


@time_machine.travel(NOW, tick=False)
def test_letters_for_new_passwords_are_counted_too():
    stranger = a_browser(STRANGER)
    statuses = [stranger.post("/login/forgotten/", {"asked": "ann"}).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
