"""How a fleet's exposed share moved is on record by what moved it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from fleet.models import Lot, Operator
from risk.book import book_of
from risk.engine.policy import PolicyBook
from risk.engine.terms.spans import DateSpan
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.follow_policy_change import follow_unfollowed_editions
from risk.flows.owed import owe
from risk.models import PolicyEdition, ShareMove
from risk.services import publish_edition, start_draft
from tests.console.visitors import a_fleet, an_operator
from tests.database import NOW, TODAY
from tests.facts import a_measure
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")

CHINESE = [a_row(n) for n in (1, 2)]
OF_USA = {"country_of_origin": "US", "country_of_assembly": "US"}


def moves_of(operator):
    return list(ShareMove.objects.of(operator).order_by("pk"))


def test_the_first_share_of_a_fleet_is_a_move_from_what_is_not_known(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, CHINESE)
    (move,) = moves_of(operator)
    assert move.causes[0].startswith("upload ")
    assert (move.before["units"], move.after["units"], move.points["units"]) == (None, "1", None)


def test_a_second_upload_moves_the_share_by_its_points(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, CHINESE)
    a_fleet(tmp_path, operator, [*CHINESE, a_row(3, **OF_USA), a_row(4, **OF_USA)])
    _, move = moves_of(operator)
    assert (move.before["units"], move.after["units"]) == ("1", "0.5")
    assert Decimal(move.points["units"]) == -50


def test_an_edition_and_an_upload_are_moves_of_their_own_that_add_up(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [*CHINESE, a_row(3, **OF_USA), a_row(4, **OF_USA)])
    book = book_of(PolicyEdition.objects.current())
    more = a_measure(
        code="US-MORE", family="more", authority="more", span=DateSpan(TODAY - timedelta(days=9))
    )
    longer = PolicyBook((*book.measures, more), book.renumberings, book.refused_headings)
    publish_edition(edition=start_draft(book=longer), on=TODAY, at=NOW)
    follow_unfollowed_editions(now=NOW)
    assess_owed_lots(assessed_on=TODAY, clock=lambda: NOW)
    shares = [(move.before["units"], move.after["units"]) for move in moves_of(operator)]
    assert all(later[0] == earlier[1] for earlier, later in pairwise(shares))
    assert [c for m in moves_of(operator)[1:] for c in m.causes] == ["edition 2 published"]


def test_another_operators_move_is_not_among_them(tmp_path):
    operator, other = an_operator(), an_operator("birch", "Birch")
    a_fleet(tmp_path, operator, CHINESE)
    a_fleet(tmp_path, other, CHINESE)
    assert {move.operator_id for move in moves_of(operator)} == {operator.pk}


def test_the_same_cause_on_one_day_is_one_move_that_adds_up(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [*CHINESE, a_row(3, **OF_USA), a_row(4, **OF_USA)])
    lots = list(Lot.objects.values_list("pk", flat=True))
    for threshold in (1000, 0, 1000):
        Operator.objects.filter(pk=operator.pk).update(tariff_threshold_percent=threshold)
        owe(lots, cause="a test", now=NOW)
        assess_owed_lots(assessed_on=TODAY, clock=lambda: NOW)
    by_causes = {tuple(move.causes): move for move in moves_of(operator)}
    down = next(move for causes, move in by_causes.items() if any("threshold of 1000" in c for c in causes))
    assert len(by_causes) == len(moves_of(operator))
    assert (down.before["units"], down.after["units"], Decimal(down.points["units"])) == ("0.5", "0", -100)
