"""Freshness: over a set age of the law every page of the console says so, and a person is asked for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from risk.models import PolicyEdition
from tests.console.visitors import a_member, an_operator, signed_in

pytestmark = pytest.mark.usefixtures("shipped")

PAGES = ("/", "/lots/", "/history/", "/doubts/", "/uploads/", "/rigs/")
TODAY = date(2026, 11, 10)
BANNER = "The law was last checked 31 days ago."


@pytest.fixture(autouse=True)
def that_day(time_machine):
    time_machine.move_to("2026-11-10 12:00 -0500")


def checked_days_ago(days):
    PolicyEdition.objects.update(verified_through=TODAY - timedelta(days=days))


def page_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_over_the_set_age_a_page_says_once_that_the_law_was_not_checked(settings, address):
    settings.POLICY_STALE_AFTER_DAYS = 30
    client = signed_in(a_member(an_operator()))
    checked_days_ago(31)
    assert page_of(client, address).count(BANNER) == 1


@pytest.mark.parametrize("address", PAGES[1:])
def test_at_the_set_age_no_banner_is_shown_yet(settings, address):
    settings.POLICY_STALE_AFTER_DAYS = 30
    client = signed_in(a_member(an_operator()))
    checked_days_ago(30)
    assert "The law was last checked" not in page_of(client, address)


def test_over_the_set_age_the_front_page_asks_for_a_person(settings):
    settings.POLICY_STALE_AFTER_DAYS = 30
    client = signed_in(a_member(an_operator()))
    checked_days_ago(31)
    assert "Platform staff check it against its sources" in page_of(client, "/")


def test_under_the_set_age_nobody_is_asked_to_check_the_law(settings):
    settings.POLICY_STALE_AFTER_DAYS = 40
    client = signed_in(a_member(an_operator()))
    checked_days_ago(31)
    assert "Platform staff check it against its sources" not in page_of(client, "/")
