"""Every page says how old the lists are, and warns of those that are too old or cut down."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings as product

from risk.dashboard.list_banner import list_ages
from risk.lists import FORMATS
from risk.models import FetchOutcome, ListedEntityRecord, ListEdition, ListFetch
from tests.commands import answer_of
from tests.console.visitors import a_member, an_operator, signed_in

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 27)
NOW = datetime(2026, 11, 27, 17, tzinfo=UTC)
PAGES = ("/", "/lots/", "/history/", "/doubts/", "/rigs/")
WHOLE = dict(FORMATS["csl"].floors)


def an_edition(days=0, *, form="csl", rows=WHOLE, number=1):
    return ListEdition.objects.create(
        format=form,
        number=number,
        data_date=TODAY - timedelta(days=days),
        sha256="0" * 64,
        file_name="list",
        rows=rows,
        loaded_at=NOW,
    )


def an_attempt(outcome, *, hours_ago=0, edition=None, sentence=""):
    return ListFetch.objects.create(
        format="csl",
        address="https://lists.example/",
        begun_at=NOW - timedelta(hours=hours_ago),
        outcome=outcome,
        edition=edition,
        sentence=sentence,
    )


@pytest.fixture
def page_of(time_machine):
    time_machine.move_to(NOW)
    client = signed_in(a_member(an_operator()))

    def page(address):
        answer = client.get(address)
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return page


@pytest.mark.parametrize("address", PAGES)
def test_over_the_set_age_a_page_says_once_how_old_the_list_is(settings, page_of, address):
    settings.LIST_STALE_AFTER_DAYS = 7
    an_edition(8)
    page = page_of(address)
    assert page.count("<strong>Consolidated Screening List (CSV or JSON): 8 days old.</strong>") == 1
    assert "Its data are of 19 Nov 2026; who was listed since is in no answer here." in page


def test_at_the_set_age_a_page_tells_the_day_and_warns_of_nothing(settings, page_of):
    settings.LIST_STALE_AFTER_DAYS = 7
    an_edition(7)
    page = page_of("/lots/")
    assert "Consolidated Screening List (CSV or JSON) as of 20 Nov 2026" in page
    assert "days old" not in page


def test_the_register_shows_every_attempt_and_lets_nobody_change_one(page_of):
    attempt = an_attempt(FetchOutcome.FAILED, sentence="lists.example answers 500 instead of a file.")
    assert "Fetched lists" in page_of("/register/")
    assert attempt.sentence in page_of("/risk/listfetch/")
    page = page_of(f"/risk/listfetch/{attempt.pk}/change/")
    assert attempt.sentence in page
    assert 'name="_save"' not in page


def test_no_page_says_that_no_list_is_loaded_where_one_is(page_of):
    assert "no government list loaded" in page_of("/lots/")
    an_edition(0)
    assert "no government list loaded" not in page_of("/lots/")


def test_only_the_newest_edition_of_a_list_has_an_age(settings):
    settings.LIST_STALE_AFTER_DAYS = 7
    an_edition(400)
    an_edition(1, number=2)
    (age,) = list_ages(TODAY)
    assert (age.days, age.is_to_be_warned_of) == (1, False)


def test_a_list_of_ones_own_does_not_age():
    an_edition(4000, form="own_csv", rows={"OWN": 3})
    assert list_ages(TODAY) == ()


def test_a_fresh_list_that_is_cut_down_is_warned_of(page_of):
    an_edition(0, rows={"US-OFAC-SDN": 11})
    page = page_of("/")
    assert "<strong>Consolidated Screening List (CSV or JSON): only a part of the list.</strong>" in page
    assert "or stands in another part" in page


def test_a_stale_list_says_when_its_source_gave_it_out_unchanged_and_why_no_newer_one_came(settings, page_of):
    settings.LIST_STALE_AFTER_DAYS = 7
    edition = an_edition(9)
    an_attempt(FetchOutcome.NEW, hours_ago=72, edition=edition)
    an_attempt(FetchOutcome.UNCHANGED, hours_ago=48, edition=edition)
    an_attempt(FetchOutcome.FAILED, hours_ago=1, sentence="lists.example answers 500 instead of a file.")
    page = page_of("/")
    assert "Its source gave it out unchanged on 25 Nov 2026." in page
    assert "The last attempt to fetch it failed: lists.example answers 500 instead of a file." in page


def test_a_failure_that_was_made_good_is_told_no_longer():
    edition = an_edition(0)
    an_attempt(FetchOutcome.FAILED, hours_ago=5, sentence="lists.example answers 500 instead of a file.")
    an_attempt(FetchOutcome.UNCHANGED, hours_ago=1, edition=edition)
    (age,) = list_ages(TODAY)
    assert (age.trouble, age.confirmed_on) == ("", TODAY)


def test_ages_cost_two_queries_however_many_editions_there_are(django_assert_num_queries):
    for number in range(1, 6):
        for form in ("csl", "ofac_sdn"):
            edition = an_edition(10 - number, form=form, number=number)
        an_attempt(FetchOutcome.FAILED, hours_ago=number, edition=edition)
    with django_assert_num_queries(2):
        assert len(list_ages(TODAY)) == 2


def test_the_sample_operator_comes_with_a_list_that_says_how_old_it_is(shipped, settings, tmp_path, page_of):
    settings.VAR_DIR = tmp_path
    assert product.SAMPLE_LIST.stat().st_size < 100_000
    answer_of("make_demo")
    edition = ListEdition.objects.current("csl")
    assert edition.data_date == date(2022, 4, 21)
    records = ListedEntityRecord.objects.on(edition).values_list("name", "record")
    group = [
        name
        for name, told in records
        if "BITRIVER AG" in (name, *(tie[1] for tie in told.get("linked_to", ())))
    ]
    assert len(group) == 11
    assert "1,681 days old, and only a part of the list." in page_of("/")
    # A whole list that came meanwhile stays.
    an_edition(0, number=2)
    answer_of("make_demo")
    assert ListEdition.objects.current("csl").number == 2
