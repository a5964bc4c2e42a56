"""When people are told: crossings, steps of an expiry, reminders of what comes, quiet hours and digests."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.engine.alerts import (
    AT_ONCE,
    Reminder,
    Schedule,
    Side,
    Waiting,
    coming_reminder,
    crossing,
    expiry_step,
    letters_due,
    moves_enough,
    points_between,
)

CHICAGO = ZoneInfo("America/Chicago")
NIGHT = {"quiet_from": time(22), "quiet_until": time(7)}
SHARES = st.decimals(0, 1, places=6)


def share(text):
    return Decimal(text)


def local(hour, minute=0, day=10, month=6):
    return datetime(2026, month, day, hour, minute, tzinfo=CHICAGO).astimezone(UTC)


def waiting(key, made_at, **said):
    return Waiting(key=key, made_at=made_at, **said)


# ------------------------------------------------------------------------------------------------------- crossings


def test_a_share_crosses_a_threshold_upwards_and_downwards():
    up = crossing(share("0.2"), share("0.3"), share("0.25"))
    assert (up.side, up.before, up.after) == (Side.OVER, share("0.2"), share("0.3"))
    assert crossing(share("0.3"), share("0.2"), share("0.25")).side is Side.NOT_OVER


def test_a_share_that_only_reaches_the_threshold_is_not_over_it():
    assert crossing(share("0.2"), share("0.25"), share("0.25")) is None
    assert crossing(share("0.25"), share("0.250001"), share("0.25")).side is Side.OVER


def test_a_share_that_stays_on_its_side_crosses_nothing():
    assert crossing(share("0.3"), share("0.9"), share("0.25")) is None
    assert crossing(share("0"), share("0.1"), share("0.25")) is None


def test_a_fleet_that_begins_over_the_threshold_has_crossed_it_and_one_under_it_has_not():
    assert crossing(None, share("0.3"), share("0.25")).before is None
    assert crossing(None, share("0.1"), share("0.25")) is None


def test_a_share_of_nothing_and_a_missing_threshold_cross_nothing():
    assert crossing(share("0.9"), None, share("0.25")) is None
    assert crossing(share("0"), share("1"), None) is None


@given(st.lists(SHARES, min_size=2, max_size=12), SHARES)
def test_crossings_of_one_threshold_alternate(shares, threshold):
    found = [crossing(a, b, threshold) for a, b in pairwise(shares)]
    sides = [each.side for each in found if each]
    assert all(a is not b for a, b in pairwise(sides))


def test_points_are_percentage_points_and_unknown_where_a_share_is():
    assert points_between(share("0.2"), share("0.35")) == Decimal(15)
    assert points_between(None, share("0.35")) is None


@pytest.mark.parametrize(
    ("points", "is_told"), [("5", False), ("5.01", True), ("-5.01", True), ("-5", False), (None, False)]
)
def test_a_share_has_to_move_by_more_than_so_many_points(points, is_told):
    assert moves_enough(None if points is None else Decimal(points), Decimal(5)) is is_told


# ------------------------------------------------------------------------------------------------------- days to go


def test_a_paper_is_told_of_in_30_7_and_1_days_and_no_oftener():
    told = []
    for days_left in range(40, -5, -1):
        if step := expiry_step(days_left, told):
            told.append(step)
            assert days_left == step
    assert told == [30, 7, 1]


def test_steps_missed_while_the_machine_was_off_are_not_made_up_for():
    assert expiry_step(5, []) == 7
    assert expiry_step(5, [7]) is None
    assert expiry_step(20, [7]) is None
    assert expiry_step(1, [30]) == 1


def test_nothing_is_told_of_a_paper_on_the_day_it_ends_or_after():
    assert (expiry_step(0, []), expiry_step(-3, [])) == (None, None)


def test_a_coming_measure_is_told_when_it_becomes_known_and_again_shortly_before():
    told = []
    for days_left in range(40, -3, -1):
        if reminder := coming_reminder(days_left, told):
            told.append(reminder)
            assert days_left in (40, 7)
    assert told == [Reminder.KNOWN, Reminder.SOON]


def test_a_measure_that_becomes_known_shortly_before_is_told_once():
    assert coming_reminder(3, []) is Reminder.SOON
    assert coming_reminder(2, [Reminder.SOON]) is None
    assert coming_reminder(0, []) is None


# ------------------------------------------------------------------------------------- quiet hours and digests


@pytest.mark.parametrize(
    ("hour", "is_quiet"), [(21, False), (22, True), (23, True), (0, True), (6, True), (7, False), (12, False)]
)
def test_quiet_hours_go_over_midnight_in_the_time_zone_of_the_operator(hour, is_quiet):
    assert Schedule(zone=CHICAGO, **NIGHT).is_quiet(local(hour)) is is_quiet


def test_quiet_hours_within_a_day_end_on_that_day():
    noon = Schedule(zone=CHICAGO, quiet_from=time(12), quiet_until=time(13))
    assert [noon.is_quiet(local(hour)) for hour in (11, 12, 13)] == [False, True, False]


def test_without_quiet_hours_what_is_made_goes_out_at_once_each_by_itself():
    now = local(3)
    assert letters_due([waiting(1, now), waiting(2, now)], AT_ONCE, now) == [(1,), (2,)]


def test_what_falls_in_quiet_hours_waits_and_goes_out_in_one_letter_when_they_end():
    night = Schedule(zone=CHICAGO, **NIGHT)
    made = [waiting(1, local(23, day=9)), waiting(2, local(4)), waiting(3, local(6, 59))]
    assert letters_due(made, night, local(6, 59)) == []
    assert letters_due(made, night, local(7)) == [(1, 2, 3)]


def test_a_blocked_lot_breaks_quiet_hours_and_digest_if_the_rule_says_so():
    made = [waiting(1, local(23), is_urgent=True), waiting(2, local(23))]
    loud = Schedule(zone=CHICAGO, digest_hour=8, **NIGHT)
    silent = Schedule(zone=CHICAGO, digest_hour=8, urgent_goes_through=False, **NIGHT)
    assert letters_due(made, loud, local(23)) == [(1,)]
    assert letters_due(made, silent, local(23)) == []
    assert letters_due(made, silent, local(8, day=11)) == [(1, 2)]


def test_a_digest_gathers_a_day_and_goes_out_at_its_hour():
    daily = Schedule(zone=CHICAGO, digest_hour=8)
    made = [waiting(2, local(12, day=9)), waiting(1, local(9, day=9)), waiting(3, local(8, 1))]
    assert letters_due(made, daily, local(7, 59)) == []
    assert letters_due(made, daily, local(8)) == [(1, 2)]
    assert letters_due(made[2:], daily, local(20)) == []
    assert letters_due(made[2:], daily, local(8, day=11)) == [(3,)]


def test_a_digest_whose_hour_is_quiet_waits_for_the_end_of_quiet_hours():
    early = Schedule(zone=CHICAGO, digest_hour=6, **NIGHT)
    made = [waiting(1, local(12, day=9))]
    assert letters_due(made, early, local(6, 30)) == []
    assert letters_due(made, early, local(7)) == [(1,)]


def test_the_hour_of_a_digest_that_the_clocks_skip_is_still_an_hour():
    skipped = Schedule(zone=CHICAGO, digest_hour=2)
    noon_before = datetime(2026, 3, 7, 12, tzinfo=CHICAGO).astimezone(UTC)
    after = datetime(2026, 3, 8, 3, 1, tzinfo=CHICAGO).astimezone(UTC)
    assert letters_due([waiting(1, noon_before)], skipped, after) == [(1,)]


def test_what_waited_for_a_mail_server_goes_out_in_one_letter():
    made = [waiting(key, local(9) + timedelta(minutes=key)) for key in range(1, 6)]
    assert letters_due(made, AT_ONCE, local(15)) == [(1, 2, 3, 4, 5)]


HOURS = st.one_of(st.none(), st.integers(0, 23))
CLOCKS = st.one_of(st.none(), st.times())
MOMENTS = st.integers(0, 365 * 24 * 60).map(
    lambda minutes: local(0, day=1, month=1) + timedelta(minutes=minutes)
)


@given(st.lists(st.tuples(MOMENTS, st.booleans()), max_size=8), CLOCKS, CLOCKS, HOURS, st.booleans(), MOMENTS)
def test_no_alert_is_in_two_letters_and_within_two_days_every_one_goes_out(
    made, begins, ends, hour, through, now
):
    schedule = Schedule(
        zone=CHICAGO, quiet_from=begins, quiet_until=ends, digest_hour=hour, urgent_goes_through=through
    )
    alerts = [waiting(key, at, is_urgent=urgent) for key, (at, urgent) in enumerate(made) if at <= now]
    out = [key for letter in letters_due(alerts, schedule, now) for key in letter]
    assert len(out) == len(set(out))
    later = {
        key
        for hours in range(60)
        for letter in letters_due(alerts, schedule, now + timedelta(hours=hours))
        for key in letter
    }
    if begins is None or ends is None or _open_hours(begins, ends) >= 1:
        assert later == {each.key for each in alerts}


def _open_hours(begins, ends):
    """Hours of a day on which letters go out."""
    quiet = (ends.hour * 60 + ends.minute) - (begins.hour * 60 + begins.minute)
    return 24 - (quiet % 1440 or (1440 if begins != ends else 0)) / 60 - 0.1
