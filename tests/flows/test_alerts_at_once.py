"""Several workers settle one fleet at the same moment: its change is told once, with every lot counted."""

from __future__ import annotations

import pytest

from fleet.models import Operator
from risk.flows import claims
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.follow_policy_change import follow_unfollowed_editions
from risk.flows.send_alerts import send_alerts
from risk.models import Alert, Assessment, FleetTold
from tests.at_once import at_once
from tests.console.visitors import a_fleet, a_member, an_operator
from tests.database import NOW, TODAY
from tests.flows.test_alerts import end_the_duty_on_china, events, forget
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped_for_good")

LOTS = 24
WORKERS = 4


def test_workers_that_settle_the_last_batches_of_a_fleet_tell_its_change_once(tmp_path, monkeypatch):
    operator = an_operator()
    Operator.objects.filter(pk=operator.pk).update(tariff_threshold_percent=20)
    a_fleet(tmp_path, operator, [a_row(n, entry_number=f"ABC-{n}") for n in range(LOTS)])
    forget()
    monkeypatch.setattr(claims, "BATCH", 2)
    end_the_duty_on_china()
    follow_unfollowed_editions(now=NOW)
    at_once(*WORKERS * [lambda: assess_owed_lots(assessed_on=TODAY, clock=lambda: NOW)])
    assert not Assessment.objects.exists()
    alert = Alert.objects.get()
    assert alert.detail["causes"] == {"edition 2 published": LOTS}
    assert (alert.counts[0]["lots_before"], alert.counts[0]["lots"]) == (LOTS, 0)
    assert [len(events(kind)) for kind in ("exposure.changed", "exposure.threshold_crossed")] == [1, 1]
    assert FleetTold.objects.get().causes == {}


def test_workers_that_send_at_the_same_moment_send_each_alert_once(mailbox):
    operator = an_operator()
    person = a_member(operator)
    person.email = "ann@example.com"
    person.save()
    for number in range(12):
        Alert.objects.create(
            operator=operator, kind="exposure.changed", sentence=f"Number {number}.", made_at=NOW
        )
    at_once(*WORKERS * [lambda: send_alerts(clock=lambda: NOW)])
    told = sorted(letter.get_payload(decode=True).decode().splitlines()[0] for _, letter in mailbox.letters)
    assert told == sorted(f"Number {number}." for number in range(12))
    assert not Alert.objects.filter(sent_at__isnull=True).exists()
