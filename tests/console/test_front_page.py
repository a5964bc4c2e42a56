"""The front page: one number, where it comes from, and what is not known."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from fleet.models import Lot, OriginEvidence, Upload
from risk.book import book_of
from risk.dashboard.words import day
from risk.engine.policy import PolicyBook
from risk.engine.shares import MEASURES
from risk.engine.terms.spans import DateSpan
from risk.flows.keep_curves import keep_curves
from risk.flows.snapshots import take_snapshots
from risk.models import Assessment, PolicyEdition, ShareMove
from risk.services import publish_edition, start_draft
from tests.commands import answer_of
from tests.console.visitors import a_fleet, a_member, an_admin, an_operator, signed_in
from tests.database import NOW, TODAY
from tests.facts import a_measure
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")

MIXED = [
    a_row(1),
    a_row(2, country_of_origin="MY", country_of_assembly="MY", site="Pecos", hashrate_ths="100"),
    a_row(3, country_of_origin="", country_of_assembly="", customs_value=""),
]
QUERIES = 24
QUERIES_WHILE_IT_STANDS = 19


def page_of(client, address="/"):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def text_of(html):
    """What a reader sees, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_big_number_is_the_one_that_the_command_tells(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    answer = answer_of("exposure", "--operator", operator.slug)
    told = text_of(page_of(signed_in(a_member(operator))))
    assert answer["exposed"]["any"]["share_of_hashrate"] == "0.6"
    assert "60 % of 500 TH/s is exposed" in told


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        ("units", "66.7 % of 3 rigs are exposed"),
        ("hashrate", "60 % of 500 TH/s is exposed"),
        ("power", "66.7 % of 10.5 kW is exposed"),
        ("value", "100 % of $10,000 is exposed"),
    ],
)
def test_the_measure_is_switched_by_the_address(tmp_path, measure, told):
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    assert told in text_of(page_of(signed_in(a_member(operator)), f"/?measure={measure}"))


def test_rigs_without_a_value_are_said_to_stand_outside_of_the_share_by_value(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    told = text_of(page_of(signed_in(a_member(operator)), "/?measure=value"))
    assert "1 rig without a customs value is outside of this share" in told


def test_site_and_maker_narrow_the_page_and_its_links(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    html = page_of(signed_in(a_member(operator)), "/?site=Pecos&maker=Bitmain")
    assert "100 % of 100 TH/s is exposed" in text_of(html)
    assert "/lots/?maker=Bitmain&amp;site=Pecos&amp;part=tariff" in html


def test_an_unknown_amount_is_never_told_as_nothing(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1, customs_value="")])
    told = text_of(page_of(signed_in(a_member(operator))))
    assert "Replacement duty not known" in told
    assert "1 lot is not in this sum" in told


def test_what_is_not_known_stands_there_with_its_counts(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    told = text_of(page_of(signed_in(a_member(operator))))
    assert "No government list is loaded, so no maker was screened" in told
    assert "country of origin 1 lot 200 TH/s" in told


def test_a_law_checked_long_ago_is_a_warning(tmp_path, time_machine):
    operator = an_operator()
    client = signed_in(a_member(operator))
    time_machine.move_to("2026-10-10 12:00 -0400")
    assert "The law was last checked" not in page_of(client)
    time_machine.move_to("2026-10-13 12:00 -0400")
    assert "The law was last checked 3 days ago." in text_of(page_of(client))


def test_lots_that_are_still_owed_are_counted_and_the_page_follows(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    client = signed_in(a_member(operator))
    assert "data-waiting" not in page_of(client)
    lot = Lot.objects.first()
    Assessment.objects.create(
        lot=lot, operator=operator, cause="a test", owed_at=lot.operator.memberships.get().user.date_joined
    )
    html = page_of(client)
    assert "Assessing 0 %, 1 lot to go" in text_of(html)
    assert "watch.js" in html


def test_a_refused_upload_waits_for_a_person(tmp_path):
    operator = an_operator()
    with pytest.raises(Exception, match="wrong"):
        a_fleet(tmp_path, operator, [a_row(1, hts_code="84.71")])
    told = text_of(page_of(signed_in(a_member(operator))))
    assert "prairie.csv: refused, 1 row wrong" in told


def test_an_empty_fleet_says_what_to_do():
    operator = an_operator()
    manager = page_of(signed_in(a_member(operator)))
    viewer = page_of(signed_in(a_member(operator, role="viewer", username="vic")))
    assert "The fleet is empty: no rigs are on record yet." in manager
    assert "Upload a spreadsheet" in manager
    assert "Upload a spreadsheet" not in viewer


def test_an_unpublished_draft_concerns_platform_staff_alone():
    operator = an_operator()
    PolicyEdition.objects.create(number=99, title="Next")
    assert "Draft edition 99 is not published" in page_of(signed_in(an_admin()))
    assert "Draft edition 99" not in page_of(signed_in(a_member(operator)))


def test_without_a_published_edition_the_page_says_so():
    operator = an_operator()
    PolicyEdition.objects.all().delete()
    assert "No policy edition is published" in text_of(page_of(signed_in(a_member(operator))))


def test_the_page_takes_the_same_number_of_queries_however_large_the_fleet(
    tmp_path, django_assert_num_queries
):
    operator = an_operator()
    client = signed_in(a_member(operator))
    page_of(client)  # the first page of a process fills caches
    with django_assert_num_queries(QUERIES_WHILE_IT_STANDS):
        page_of(client)
    many = [
        a_row(n, site=f"Site {n}", country_of_origin=c)
        for n, c in enumerate(["CN", "MY", "TH", "VN", "US"], 1)
    ]
    a_fleet(tmp_path, operator, many)
    with django_assert_num_queries(QUERIES):
        page_of(client)
    with django_assert_num_queries(QUERIES_WHILE_IT_STANDS):
        page_of(client)


def test_three_operators_cost_platform_staff_no_query_more(tmp_path, django_assert_num_queries):
    for slug in ("aspen", "birch", "cedar"):
        a_fleet(tmp_path, an_operator(slug, slug.title()), [a_row(1)])
    client = signed_in(an_admin())
    page_of(client)
    with django_assert_num_queries(QUERIES_WHILE_IT_STANDS):
        page_of(client)


def test_an_install_without_any_operator_says_so(django_assert_max_num_queries):
    client = signed_in(an_admin())
    with django_assert_max_num_queries(QUERIES):
        assert "No operator yet" in page_of(client)


def test_no_page_asks_for_anything_from_another_host(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    html = page_of(signed_in(a_member(operator)))
    assert not re.findall(r"(?:src|href|action)=\"(?:https?:)?//", html)


def kept_curves(day=TODAY):
    keep_curves(day, clock=lambda: NOW, until=NOW + timedelta(seconds=20))


def test_until_a_worker_has_worked_out_the_share_through_time_the_page_says_so(tmp_path, time_machine):
    time_machine.move_to(NOW, tick=False)
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    client = signed_in(a_member(operator))
    assert "It is being worked out" in text_of(page_of(client))
    kept_curves()
    html = page_of(client)
    assert "It is being worked out" not in text_of(html)
    assert '<svg class="room" role="img"' in html
    assert "23 Aug 2018" in text_of(html)  # in the table beside it
    time_machine.move_to(NOW + timedelta(days=1), tick=False)
    assert "it is being worked out anew" in text_of(page_of(client))


def test_a_draft_is_drawn_and_told_with_its_points_to_platform_staff_alone(tmp_path, time_machine):
    time_machine.move_to(NOW, tick=False)
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1), a_row(2, country_of_origin="US", country_of_assembly="US")])
    book = book_of(PolicyEdition.objects.current())
    begins = TODAY + timedelta(days=12)
    more = a_measure(code="US-DRAFTED", family="drafted", authority="a draft", span=DateSpan(begins))
    start_draft(book=PolicyBook((*book.measures, more), book.renumberings, book.refused_headings))
    kept_curves()
    admin = page_of(signed_in(an_admin()))
    assert "in 12 days 4 Dec 2026 Draft edition 2" in text_of(admin)
    assert "50 → 100 % if published" in text_of(admin)
    assert "line supposed" in admin
    member = page_of(signed_in(a_member(operator)))
    assert "Draft edition" not in member
    assert "line supposed" not in member


def a_longer_law(begins):
    """One measure more is published, on everything from everywhere, and assessed: shares through time wait for it."""
    book = book_of(PolicyEdition.objects.current())
    more = a_measure(
        code="US-MORE",
        title="More",
        family="more",
        authority="more",
        span=DateSpan(begins),
    )
    longer = PolicyBook((*book.measures, more), book.renumberings, book.refused_headings)
    publish_edition(edition=start_draft(book=longer), on=TODAY, at=NOW)
    answer_of("assess")


def test_a_coming_day_of_law_says_what_it_will_make_of_the_share(tmp_path, time_machine):
    time_machine.move_to(NOW, tick=False)
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1), a_row(2, country_of_origin="US", country_of_assembly="US")])
    a_longer_law(TODAY + timedelta(days=12))
    kept_curves()
    told = text_of(page_of(signed_in(a_member(operator)), "/?measure=units"))
    assert "in 12 days 4 Dec 2026 More begins 50 → 100 %" in told


def test_what_moved_the_share_since_last_week_is_told_by_its_causes(tmp_path, time_machine):
    operator = an_operator()
    time_machine.move_to(NOW - timedelta(days=30), tick=False)
    a_fleet(tmp_path, operator, [a_row(1)])
    time_machine.move_to(NOW, tick=False)
    client = signed_in(a_member(operator))
    assert "The same since last week ." in text_of(page_of(client, "/?measure=units"))
    usa = {"country_of_origin": "US", "country_of_assembly": "US"}
    a_fleet(tmp_path, operator, [a_row(1), a_row(2, **usa), a_row(3, **usa), a_row(4, **usa)])
    html = page_of(client, "/?measure=units")
    upload = Upload.objects.of(operator).order_by("-pk").first()
    assert f"Down 75 points since last week : upload {upload.pk} 3 rows new (-75.0)." in text_of(html)
    assert f'href="/uploads/{upload.pk}/"' in html


def test_site_and_maker_narrow_what_was_what_is_to_come_and_the_chart(tmp_path, time_machine):
    operator = an_operator()
    usa = {"country_of_origin": "US", "country_of_assembly": "US"}
    client = signed_in(a_member(operator))
    at_dalton = "/?measure=units&site=Dalton"
    time_machine.move_to(NOW - timedelta(days=7), tick=False)
    a_fleet(tmp_path, operator, [a_row(1, site="Dalton"), a_row(2, site="Pecos")])
    assert "How this part stood is not on record before today ." in text_of(page_of(client, at_dalton))
    take_snapshots(TODAY - timedelta(days=7))
    told = text_of(page_of(client, at_dalton))
    assert f"How this part stood is not on record before {day(TODAY - timedelta(days=7))} ." in told
    time_machine.move_to(NOW, tick=False)
    rows = [a_row(1, site="Dalton"), a_row(2, site="Pecos"), a_row(3, site="Dalton", **usa)]
    a_fleet(tmp_path, operator, rows)
    told = text_of(page_of(client, at_dalton))
    assert "Down 50 points since last week . Causes are on record for the whole fleet alone." in told
    assert "It is being worked out" in told
    a_longer_law(TODAY + timedelta(days=12))
    kept_curves()
    html = page_of(client, at_dalton)
    assert "Exposed share of today's rigs at Dalton, by the law of each day" in unescape(text_of(html))
    assert "50 % today" in html and "More begins 50 → 100 %" in text_of(html)
    told = text_of(page_of(client, "/?measure=units&site=Pecos"))
    assert "The same since last week ." in told and "More begins stays 100 %" in told
    assert "66.7 % today" in page_of(client, "/?measure=units")


def test_a_part_without_rigs_says_so_and_leads_back(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    told = page_of(signed_in(a_member(operator)), "/?measure=units&site=Dalton&maker=Bitmain")
    assert "The fleet has no rigs of Bitmain at Dalton." in told
    assert "Show the whole fleet" in told and "Upload a spreadsheet" not in told


def test_what_no_record_explains_is_said_to_be_without_a_cause(tmp_path, time_machine):
    operator = an_operator()
    time_machine.move_to(NOW - timedelta(days=30), tick=False)
    a_fleet(tmp_path, operator, [a_row(1)])
    ShareMove.objects.of(operator).update(after=dict.fromkeys(MEASURES, "0.25"))
    time_machine.move_to(NOW, tick=False)
    told = text_of(page_of(signed_in(a_member(operator))))
    assert "Up 75 points since last week : no cause is on record for +75.0." in told


def test_a_fleet_of_this_week_is_compared_with_its_first_day(tmp_path, time_machine):
    time_machine.move_to(NOW, tick=False)
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1)])
    told = text_of(page_of(signed_in(a_member(operator))))
    assert "The same since 22 Nov 2026, before which nothing is on record ." in told


def test_a_paper_that_soon_expires_and_a_missing_fact_wait_for_a_person(tmp_path, time_machine):
    time_machine.move_to(NOW, tick=False)
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    client = signed_in(a_member(operator))
    told = text_of(page_of(client))
    assert "1 lot without country of origin: 200 TH/s" in told
    assert "expires" not in told
    for days in (7, 60):
        OriginEvidence.objects.create(
            operator=operator, expires_on=TODAY + timedelta(days=days), added_at=NOW
        )
    assert "A paper on origin expires in 7 days" in text_of(page_of(client))
