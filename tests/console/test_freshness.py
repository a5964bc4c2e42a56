"""Freshness: over a set age of the law every page of the console says so, and a person is asked for."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from risk.models import PolicyEdition
from tests.console.visitors import a_member, an_operator, signed_in

pytestmark = pytest.mark.usefixtures("shipped")

PAGES = ("/", "/lots/", "/history/", "/doubts/", "/uploads/", "/rigs/")
BANNER = "The law was last checked 31 days ago."


@pytest.fixture
def checked_days_ago(time_machine):
    """Makes it the day so many days after the shipped law was last checked."""

    def move(days):
        checked = PolicyEdition.objects.current().verified_through
        time_machine.move_to(datetime.combine(checked + timedelta(days=days), time(16), UTC))

    return move


def page_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_over_the_set_age_a_page_says_once_that_the_law_was_not_checked(settings, checked_days_ago, address):
    settings.POLICY_STALE_AFTER_DAYS = 30
    checked_days_ago(31)
    client = signed_in(a_member(an_operator()))
    assert page_of(client, address).count(BANNER) == 1


@pytest.mark.parametrize("address", PAGES[1:])
def test_at_the_set_age_no_banner_is_shown_yet(settings, checked_days_ago, address):
    settings.POLICY_STALE_AFTER_DAYS = 30
    checked_days_ago(30)
    client = signed_in(a_member(an_operator()))
    assert "The law was last checked" not in page_of(client, address)


def test_over_the_set_age_the_front_page_asks_for_a_person(settings, checked_days_ago):
    settings.POLICY_STALE_AFTER_DAYS = 30
    checked_days_ago(31)
    client = signed_in(a_member(an_operator()))
    assert "Platform staff check it against its sources" in page_of(client, "/")


def test_under_the_set_age_nobody_is_asked_to_check_the_law(settings, checked_days_ago):
    settings.POLICY_STALE_AFTER_DAYS = 40
    checked_days_ago(31)
    client = signed_in(a_member(an_operator()))
    assert "Platform staff check it against its sources" not in page_of(client, "/")
