"""Queries that are written once find what the ORM finds, whatever is asked of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Thread

import pytest
from django.db import connection, connections, transaction
from django.db.models.functions import Lower

from fleet.models import ApiKey, Operator
from fleet.models.keys import Scope
from fleet.services import issue_key
from ledger.written_queries import WrittenQuery

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
OPERATORS = WrittenQuery(lambda at: Operator.objects.filter(pk__in=at.ids("ids")).order_by("-slug"))


@pytest.fixture
def operators():
    threshold = Decimal("12.50")
    made = [
        Operator(slug=slug, name=slug.title(), tariff_threshold_percent=threshold)
        for slug in ("ash", "birch")
    ]
    return [*Operator.objects.bulk_create(made), Operator.objects.create(slug='it\'s "%s"', name="{x,y}")]


def told(rows):
    return [{name: value for name, value in vars(row).items() if name != "_state"} for row in rows]


def test_the_rows_are_those_of_the_orm_with_every_field_and_other_rows_for_other_values(operators):
    for ids in ([each.pk for each in operators], [operators[1].pk], [], [operators[0].pk, 10**30, None]):
        expected = [each for each in Operator.objects.order_by("-slug") if each.pk in ids]
        assert told(OPERATORS.rows(ids=ids)) == told(expected)


def test_texts_are_texts_whatever_is_in_them(operators):
    named = WrittenQuery(
        lambda at: (
            Operator.objects.annotate(low=Lower("name"))
            .filter(low__in=at.texts("names"))
            .values_list("slug", "low")
        )
    )
    assert named.rows(names=["{x,y}", "BIRCH"]) == [(operators[2].slug, "{x,y}")]
    slugs = WrittenQuery(
        lambda at: Operator.objects.filter(slug__in=at.texts("slugs")).values_list("pk", flat=True)
    )
    assert slugs.rows(slugs=[operators[2].slug]) == [operators[2].pk]


def test_rows_can_be_left_as_they_are_stored_and_read_when_they_are_looked_at(operators):
    told = WrittenQuery(
        lambda at: (
            Operator.objects.filter(pk__in=at.ids("ids"))
            .order_by("pk")
            .values_list("slug", "tariff_threshold_percent", "pk")
        )
    )
    ids = [each.pk for each in operators]
    assert [told.read(row) for row in told.stored(ids=ids)] == told.rows(ids=ids)
    assert told.stored(ids=[]) == []


def test_what_hangs_on_a_row_comes_with_it_and_moments_and_amounts_compare(
    operators, django_assert_num_queries
):
    key, _ = issue_key(
        operator=operators[0], name="x", scopes=[Scope.FLEET_READ], at=NOW, expires_at=NOW + timedelta(days=1)
    )
    ending = WrittenQuery(
        lambda at: ApiKey.objects.select_related("operator", "made_by").filter(
            expires_at__gt=at("now"), operator__tariff_threshold_percent=at("percent"), name="x"
        )
    )
    with django_assert_num_queries(3):
        found = ending.first(now=NOW, percent=Decimal("12.5"))
        assert (found, found.scopes, found.operator.slug, found.made_by) == (key, ["fleet:read"], "ash", None)
        assert ending.first(now=NOW + timedelta(days=2), percent=Decimal("12.5")) is None
        assert ending.first(now=NOW, percent=Decimal(13)) is None


def test_it_is_written_once_for_a_connection_and_each_thread_has_its_own(operators):
    made = []
    query = WrittenQuery(lambda at: made.append(at) or Operator.objects.filter(slug=at("slug")))
    for each in operators:
        assert query.first(slug=each.slug) == each
    assert len(made) == 1
    beside = Thread(target=lambda: (query._written(), connections.close_all()))
    beside.start()
    beside.join()
    assert len(made) == 2


def test_nothing_equals_none_and_that_is_said(operators):
    query = WrittenQuery(lambda at: Operator.objects.filter(slug=at("slug")))
    with pytest.raises(ValueError, match="slug is None"):
        query.rows(slug=None)


def test_whoever_watches_statements_sees_it_as_row_level_security_does(operators):
    seen = []
    with connection.execute_wrapper(lambda execute, sql, *rest: (seen.append(sql), execute(sql, *rest))[1]):
        OPERATORS.rows(ids=[operators[0].pk])
    assert len(seen) == 1


def test_a_row_that_is_not_committed_is_seen_by_its_own_transaction(operators):
    with transaction.atomic():
        Operator.objects.filter(pk=operators[0].pk).update(name="Other")
        assert OPERATORS.rows(ids=[operators[0].pk])[0].name == "Other"
