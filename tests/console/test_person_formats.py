"""Pages are told to a person: zone, marks of numbers, order of days; files, the API and the law's day are not."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from config.pages.visit import Visit
from fleet.models import Lot, Upload
from risk.engine.terms import words
from risk.engine.terms.figures import DateStyle, Figures, NumberFormat, told_as
from risk.engine.terms.money import Money
from tests.console.test_front_page import MIXED, page_of
from tests.console.visitors import a_fleet, a_member, an_operator, signed_in

THOUSANDS = re.compile(r"\$\d{1,3}([.,])\d{3}\b")
COMMA = Figures(numbers=NumberFormat.COMMA, days=DateStyle.YEAR_FIRST)
SETTINGS = {
    "time_zone": "Asia/Tokyo",
    "number_format": "1.234,5",
    "date_style": "2027-03-05",
    "measure": "units",
}


@pytest.fixture
def operator(tmp_path, shipped):
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    return operator


@pytest.fixture
def person(operator):
    return a_member(operator)


@pytest.fixture
def client(person):
    return signed_in(person)


def kept(client, **said):
    return client.post("/me/", {**SETTINGS, **said})


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        (NumberFormat.POINT, ("61.4 %", "$1,284,000", "$74.0 million", "2,400 rigs")),
        (NumberFormat.COMMA, ("61,4 %", "$1.284.000", "$74,0 million", "2.400 rigs")),
        (NumberFormat.SPACE, ("61,4 %", "$1\u202f284\u202f000", "$74,0 million", "2\u202f400 rigs")),
    ],
)
def test_numbers_have_the_readers_marks(numbers, told):
    with told_as(Figures(numbers=numbers)):
        assert told == (
            words.percent(Decimal("0.614")),
            words.dollars(Money(Decimal(1284000))),
            words.about_dollars(7_400_000_000),
            words.counted(2400, "rig"),
        )
    assert words.counted(2400, "rig") == "2,400 rigs"


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (DateStyle.DAY_FIRST, "5 Mar 2027"),
        (DateStyle.MONTH_FIRST, "Mar 5, 2027"),
        (DateStyle.YEAR_FIRST, "2027-03-05"),
    ],
)
def test_days_have_the_readers_order(days, told):
    with told_as(Figures(days=days)):
        assert words.day(date(2027, 3, 5)) == told


def test_a_moment_is_shown_in_the_readers_zone_and_a_legal_day_is_not_moved(client, operator):
    upload = Upload.objects.get(operator=operator)
    Upload.objects.filter(pk=upload.pk).update(uploaded_at=datetime(2026, 11, 21, 23, 30, tzinfo=UTC))
    before = page_of(client, "/uploads/")
    assert "21 Nov 2026, 18:30" in before
    kept(client)
    assert "2026-11-22, 08:30" in page_of(client, "/uploads/")
    lots = page_of(client, "/lots/")
    entered = Lot.objects.of(operator).exclude(entry_date=None).first().entry_date
    assert entered.isoformat() in lots


def test_every_page_of_numbers_follows(client):
    kept(client)
    page = page_of(client, "/?measure=hashrate")
    assert "2026-" in page
    assert " Nov 2026" not in page


def test_the_front_page_begins_with_the_readers_measure(client):
    kept(client)
    assert client.get("/").context["page"].measure == "units"
    assert client.get("/?measure=value").context["page"].measure == "value"


def test_files_say_the_same_to_everybody(client):
    files = ("/rigs/fleet.csv", "/reserve/reserve.csv")
    before = [b"".join(client.get(path)) for path in files]
    kept(client)
    assert [b"".join(client.get(path)) for path in files] == before


def test_the_day_of_the_law_is_the_products(rf, person, operator):
    person.time_zone = "Pacific/Kiritimati"
    visit = Visit(
        request=rf.get("/"),
        person=person,
        operators=(operator,),
        chosen=operator,
        rights=frozenset(),
        now=datetime(2026, 11, 22, 12, tzinfo=UTC),
    )
    assert visit.today == date(2026, 11, 22)


def test_nobodys_format_stays_for_the_next(client, operator):
    kept(client)
    page_of(client, "/")
    assert words.day(date(2027, 3, 5)) == "5 Mar 2027"
    assert " Nov 2026" in page_of(signed_in(a_member(operator, username="bob")), "/")


def test_two_who_read_the_same_page_each_read_it_their_own_way(client, operator):
    """What is kept of a page while the fleet stands is kept for each way of writing figures."""
    kept(client)
    bob = signed_in(a_member(operator, username="bob"))
    pages = [page_of(visitor, "/?measure=value") for visitor in (client, bob, client)]
    assert [set(THOUSANDS.findall(page)) for page in pages] == [{"."}, {","}, {"."}]


@pytest.mark.parametrize(
    "wrong",
    [{"time_zone": "Mars/Base"}, {"number_format": "1'234"}, {"date_style": "5/3"}, {"measure": "luck"}],
)
def test_a_setting_that_is_none_is_told_beside_its_field(client, person, wrong):
    answer = kept(client, **wrong)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "is not one of the available choices" in page
    assert 'aria-invalid="true"' in page
    assert "autofocus" in page
    person.refresh_from_db()
    assert person.time_zone == ""


def test_settings_are_kept_and_shown(client, person):
    assert kept(client).status_code == 302
    person.refresh_from_db()
    assert (person.time_zone, person.measure) == ("Asia/Tokyo", "units")
    page = page_of(client, "/me/")
    assert '<option value="Asia/Tokyo" selected>' in page
    assert "1.234.567" in page
