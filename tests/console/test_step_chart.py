"""The step chart: places in percent of its room, measures at their steps, what is to come, what a draft would do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

from risk.dashboard.step_chart import step_chart
from risk.flows.keep_curves import CurveStep

TODAY = date(2022, 1, 1)


def a_step(first, through, share, begun=(), ended=(), unknown="0"):
    told = None if share is None else Decimal(share)
    return CurveStep(
        first=date.fromisoformat(first),
        through=date.fromisoformat(through),
        exposed={"units": told},
        unknown={"units": Decimal(unknown)},
        begun=begun,
        ended=ended,
    )


STEPS = (
    a_step("2019-01-01", "2020-12-31", "0.25"),
    a_step("2021-01-01", "2022-06-30", "0.75", begun=("A duty",)),
    a_step("2022-07-01", "2022-12-31", "0.5", ended=("A duty",)),
)


def chart_of(steps=STEPS, **said):
    return step_chart(steps, "units", today=TODAY, **said)


def places(strokes):
    return [(each.x1, each.y1, each.x2, each.y2) for each in strokes]


def test_the_line_goes_level_and_upright_in_turn_and_to_the_end_of_the_room():
    line = places(chart_of().line)
    assert [(x1 == x2, y1 == y2) for x1, y1, x2, y2 in line] == [(False, True), (True, False)] * 2 + [
        (False, True)
    ]
    assert [y for _, y, _, _ in line] == ["75.000", "75.000", "25.000", "25.000", "50.000"]
    assert (line[0][0], line[-1][2]) == ("0.000", "100.000")
    assert all(before[2:] == after[:2] for before, after in pairwise(line))


def test_a_measure_is_named_at_the_step_that_it_makes_and_the_step_says_more():
    chart = chart_of()
    assert [label.words for label in chart.labels] == ["A duty", "end of A duty"]
    assert "1 Jan 2021: +50.0 points to 75 %. A duty begins" in [stroke.told for stroke in chart.line]


def test_a_label_stands_on_no_line_and_on_no_other_label():
    names = tuple(f"A measure with a long name, number {n}" for n in range(12))
    crowded = tuple(
        a_step(f"2021-{n + 1:02d}-01", f"2021-{n + 1:02d}-28", str(Decimal(n + 1) / 20), begun=(names[n],))
        for n in range(12)
    )
    chart = chart_of((a_step("2019-01-01", "2020-12-31", "0"), *crowded))
    assert len({(label.x, label.y) for label in chart.labels}) == len(chart.labels)
    assert all(len(label.words) <= 34 for label in chart.labels)


def test_at_least_a_year_is_to_come_though_nothing_of_it_is_known():
    chart = chart_of(STEPS[:1])
    assert Decimal(chart.today) + Decimal(chart.to_come) == 100
    assert 20 < Decimal(chart.to_come) < 30
    assert "no change to come is on record" in chart.sentence


def test_what_a_draft_would_make_is_drawn_only_where_that_is_another():
    drafted = (
        a_step("2022-01-01", "2022-06-30", "0.75"),
        a_step("2022-07-01", "2022-12-31", "1", begun=("More",)),
    )
    chart = chart_of(supposed=drafted, supposed_told="if draft edition 2 were published")
    upright, level = chart.supposed
    assert (upright.x1, upright.y1, upright.y2) == (upright.x2, "25.000", "0.000")
    assert (level.y1, level.x2) == ("0.000", "100.000")
    assert level.told == "50 % becomes 100 % from 1 Jul 2022"
    same = chart_of(supposed=STEPS[1:], supposed_told="a draft")
    assert (same.supposed, same.supposed_told) == ((), "")


def test_the_rows_say_the_same_in_words():
    rows = chart_of().rows
    assert [(row.first, row.share, row.points) for row in rows] == [
        ("1 Jan 2019", "25 %", ""),
        ("1 Jan 2021", "75 %", "+50.0"),
        ("1 Jul 2022", "50 %", "-25.0"),
    ]
    assert [row.is_now for row in rows] == [False, True, False]
    assert [row.left for row in rows] == ["", "", "in 181 days"]
    assert rows[2].why == ("A duty no longer applies",)


def test_of_what_the_fleet_has_nothing_there_is_no_chart():
    assert chart_of((a_step("2019-01-01", "2022-12-31", None),)) is None
