"""What comes by itself is told before it comes: measures that will move a share, papers that expire."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from fleet.models import Lot, Operator
from fleet.services import add_evidence, attach_evidence, withdraw_evidence
from risk import tasks
from risk.book import book_of
from risk.flows import tell_of_coming as coming_flow
from risk.flows import tell_of_expiry as expiry_flow
from risk.flows.follow_policy_change import follow_unfollowed_editions
from risk.flows.owed import owe
from risk.flows.tell_of_coming import tell_of_coming
from risk.flows.tell_of_expiry import tell_of_expiry
from risk.models import Alert, AlertKind, AlertRule, PolicyEdition
from tests.console.visitors import a_fleet, an_operator
from tests.database import NOW, TODAY
from tests.flows.test_alerts import LAW_OF_CHINA, assessed, end_the_duty_on_china, forget, published
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")

ENDS = TODAY + timedelta(days=19)
GONE = ENDS + timedelta(days=1)


@pytest.fixture
def fleet(tmp_path: Path) -> Operator:
    """Half of China, half of Malaysia; a lot is tariff-exposed over 20 percent of additional duty."""
    operator = an_operator()
    Operator.objects.filter(pk=operator.pk).update(tariff_threshold_percent=20)
    a_fleet(tmp_path, operator, [a_row(1), a_row(2, country_of_origin="MY", country_of_assembly="MY")])
    tell_of_coming(TODAY, now=NOW)
    forget()
    return operator


def told_of_coming(on=TODAY) -> int:
    return tell_of_coming(on, now=NOW + (on - TODAY))


def the_duty_on_china_is_to_end() -> None:
    end_the_duty_on_china(through=ENDS)
    follow_unfollowed_editions(now=NOW)
    assessed()


def test_a_coming_measure_is_told_when_it_becomes_known_and_again_a_week_before_once_each(fleet):
    title = next(m.title for m in book_of(PolicyEdition.objects.current()).measures if m.code == LAW_OF_CHINA)
    assert told_of_coming() == 0
    the_duty_on_china_is_to_end()
    told = {day: told_of_coming(TODAY + timedelta(days=day)) for day in range(22)}
    assert {day for day, new in told.items() if new} == {0, 13}
    known, soon = Alert.objects.order_by("pk")
    assert (known.operator, known.kind) == (fleet, AlertKind.COMING)
    assert known.sentence == (
        f"On 12 Dec 2026, in 20 days: {title} no longer applies. 0 % of rigs will be exposed, down from 50 % "
        "(-50 points); 1 lot will stand otherwise."
    )
    assert "in 7 days" in soon.sentence
    (part,) = known.counts
    assert (part["before"], part["after"], part["points"], part["lots"]) == ("0.5", "0", "-50", 1)


def test_the_same_measure_in_the_next_edition_is_not_told_again(fleet):
    the_duty_on_china_is_to_end()
    assert told_of_coming() == 1
    published(book_of(PolicyEdition.objects.current()), title="The same again")
    follow_unfollowed_editions(now=NOW)
    assessed()
    assert told_of_coming() == 0


def test_a_measure_that_moves_the_share_by_fewer_points_than_the_rule_says_is_not_told(fleet):
    rule = AlertRule.objects.create(operator=fleet, points=50)
    the_duty_on_china_is_to_end()
    assert told_of_coming() == 0
    rule.points = 49
    rule.save()
    assert told_of_coming() == 1


def test_a_fleet_of_which_something_is_owed_is_looked_at_when_it_is_settled(fleet):
    end_the_duty_on_china(through=ENDS)
    follow_unfollowed_editions(now=NOW)
    owe(Lot.objects.values_list("pk", flat=True), cause="a test", now=NOW)
    assert told_of_coming() == 0
    assessed()
    assert told_of_coming() == 1


def test_a_fleet_is_looked_at_again_only_when_the_answer_may_be_another(fleet, monkeypatch):
    the_duty_on_china_is_to_end()
    told_of_coming()
    looked = []
    monkeypatch.setattr(coming_flow, "_moves", lambda told, *_: looked.append(told.operator_id) or [])
    told_of_coming()
    assert looked == []
    told_of_coming(TODAY + timedelta(days=1))
    assert looked == [fleet.pk]


# --------------------------------------------------------------------------------------------------------- papers


def a_paper(operator: Operator, title: str, *, days: int, **covering):
    paper = add_evidence(
        operator=operator,
        file=ContentFile(b"%PDF-1.7 " + title.encode(), name="paper.pdf"),
        file_name="paper.pdf",
        at=NOW,
        kind="certificate",
        title=title,
        country="CN",
        strength="strong",
        expires_on=TODAY + timedelta(days=days),
    )
    attach_evidence(evidence=paper, **covering)
    return paper


def told_of_expiry(day: int) -> int:
    return tell_of_expiry(TODAY + timedelta(days=day), now=NOW + timedelta(days=day))


def test_a_paper_is_told_of_in_30_7_and_1_days(fleet):
    a_paper(fleet, "Certificate of Guangzhou", days=40, entry_number="ABC-1234567-8")
    told = {40 - day: told_of_expiry(day) for day in range(45)}
    assert [left for left, new in told.items() if new] == [30, 7, 1]
    alert = Alert.objects.order_by("pk").first()
    assert (alert.operator, alert.kind) == (fleet, AlertKind.EVIDENCE)
    assert alert.sentence == (
        "1 paper that bears an origin expires on 1 Jan 2027, in 30 days: Certificate of Guangzhou. Covered: "
        "2 lots, 2 rigs, $10,000. Renew it, or the reserve no longer counts on it."
    )


def test_papers_that_end_on_one_day_are_one_alert_and_one_that_comes_later_is_told_of_too(fleet):
    for number in range(5):
        a_paper(fleet, f"Certificate {number}", days=20, serials=[("YNAHEAUBCJCBA0001", "YNAHEAUBCJCBA0001")])
    assert [told_of_expiry(0), told_of_expiry(1)] == [1, 0]
    alert = Alert.objects.get()
    assert "Certificate 0; Certificate 1; Certificate 2; and 2 more" in alert.sentence
    assert (alert.counts[0]["papers"], alert.counts[0]["lots"], alert.counts[0]["units"]) == (5, 1, 1)
    assert alert.counts[0]["value_cents"] == 500000
    a_paper(fleet, "A late one", days=20, entry_number="ABC-1234567-8")
    assert [told_of_expiry(1), told_of_expiry(2)] == [1, 0]


def test_a_withdrawn_paper_and_one_that_nobody_asks_about_are_not_told_of(fleet):
    paper = a_paper(fleet, "Certificate", days=5, entry_number="ABC-1234567-8")
    withdraw_evidence(evidence=paper, because="wrong", at=NOW)
    assert told_of_expiry(0) == 0
    AlertRule.objects.create(operator=fleet, kinds=[AlertKind.LOT_BLOCKED])
    a_paper(fleet, "Another", days=5, entry_number="ABC-1234567-8")
    assert told_of_expiry(0) == 0


def test_the_scheduler_tells_of_what_comes_and_a_second_run_tells_nothing_again(fleet, time_machine):
    time_machine.move_to(NOW, tick=False)
    the_duty_on_china_is_to_end()
    a_paper(fleet, "Certificate", days=5, entry_number="ABC-1234567-8")
    assessed()
    for _ in range(2):
        tasks.tell_ahead()
    assert sorted(Alert.objects.values_list("kind", flat=True)) == [AlertKind.EVIDENCE, AlertKind.COMING]


# ------------------------------------------------------------------------------- a fleet on which telling fails


@pytest.fixture
def fleets(fleet, tmp_path) -> tuple[Operator, Operator]:
    """The fleet and, after it, one of another operator that stands the same."""
    other = an_operator(slug="other", name="Other")
    Operator.objects.filter(pk=other.pk).update(tariff_threshold_percent=20)
    a_fleet(tmp_path, other, [a_row(1), a_row(2, country_of_origin="MY", country_of_assembly="MY")])
    tell_of_coming(TODAY, now=NOW)
    forget()
    return fleet, other


def failing_for(flow, name, operator_of, failing: Operator):
    """The function of a flow, which fails for one operator."""
    real = getattr(flow, name)

    def fails(*given):
        if operator_of(*given) == failing:
            raise RuntimeError("a fault of the test")
        return real(*given)

    return fails


def operators_told(kind: AlertKind) -> set[Operator]:
    return {alert.operator for alert in Alert.objects.filter(kind=kind)}


def test_a_fleet_on_which_looking_ahead_fails_holds_up_no_other_and_is_looked_at_again(
    fleets, monkeypatch, caplog
):
    first, other = fleets
    the_duty_on_china_is_to_end()
    fails = failing_for(coming_flow, "_moves", lambda told, *_: told.operator, first)
    monkeypatch.setattr(coming_flow, "_moves", fails)
    assert told_of_coming() == 1
    assert operators_told(AlertKind.COMING) == {other}
    assert f"Telling operator {first.pk} of coming measures failed" in caplog.text
    monkeypatch.undo()
    assert told_of_coming() == 1
    assert operators_told(AlertKind.COMING) == {first, other}


def test_papers_of_a_fleet_on_which_telling_fails_hold_up_those_of_no_other(fleets, monkeypatch, caplog):
    first, other = fleets
    for operator in fleets:
        a_paper(operator, "Certificate", days=5, entry_number="ABC-1234567-8")
    fails = failing_for(expiry_flow, "_alert", lambda due, *_: due.operator, first)
    monkeypatch.setattr(expiry_flow, "_alert", fails)
    assert told_of_expiry(0) == 1
    assert operators_told(AlertKind.EVIDENCE) == {other}
    assert f"Telling operator {first.pk} of papers that expire failed" in caplog.text
    monkeypatch.undo()
    assert told_of_expiry(0) == 1
    assert operators_told(AlertKind.EVIDENCE) == {first, other}


@pytest.mark.parametrize("failing", ["tell_of_expiry", "tell_of_coming"])
def test_what_fails_of_telling_ahead_holds_up_neither_the_rest_nor_the_mail(monkeypatch, caplog, failing):
    done = []

    def step(name):
        done.append(name)
        if name == failing:
            raise RuntimeError("a fault of the test")

    for name in ("tell_of_expiry", "tell_of_coming"):
        monkeypatch.setattr(tasks, name, lambda *_, name=name, **__: step(name))
    monkeypatch.setattr(tasks, "nudge", lambda task, **_: done.append(task.name))
    tasks.tell_ahead()
    assert done == ["tell_of_expiry", "tell_of_coming", "risk.tasks.send_alerts"]
    assert "a fault of the test" in caplog.text
