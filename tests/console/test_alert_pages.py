"""Alerts in the console: one's own, unseen first; who may say what is told."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleet.models import Lot
from fleet.models.operator import PlatformRole
from ledger.models import AuditEntry
from risk.models import Alert, AlertKind, AlertRule
from tests.console.test_front_page import page_of, text_of
from tests.console.visitors import a_fleet, a_member, a_person, an_admin, an_operator, signed_in
from tests.database import NOW
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")

SAID = {
    "kinds": [AlertKind.LOT_BLOCKED, AlertKind.THRESHOLD],
    "measure": "hashrate",
    "tariff_percent": "40",
    "sanction_percent": "",
    "points": "2.5",
    "time_zone": "America/Chicago",
    "quiet_from": "22:00",
    "quiet_until": "07:00",
    "digest_hour": "8",
    "tells_viewers": "on",
    "addresses": "desk@example.com\nrisk@example.com desk@example.com",
}


def an_alert(operator, sentence="Something happened.", **said):
    kind = said.pop("kind", AlertKind.SHARE_MOVED)
    return Alert.objects.create(operator=operator, kind=kind, sentence=sentence, made_at=NOW, **said)


def test_a_fleet_over_its_threshold_is_an_alert_that_leads_to_its_lots(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1), a_row(2)])
    client = signed_in(a_member(operator, role="viewer"))
    told = text_of(page_of(client, "/alerts/"))
    assert "1 alert not seen yet" in told
    assert "tariff-exposed, over the threshold of 25 %" in told
    page = page_of(client, f"/alerts/{Alert.objects.get().pk}/")
    assert "not known → 100 %" in text_of(page)
    assert 'href="/lots/?kind=tariff"' in page
    assert "2 rigs" in text_of(page)


def test_an_alert_of_lots_has_a_link_to_each(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1)])
    lot = Lot.objects.get()
    counts = [{"kind": AlertKind.LOT_BLOCKED, "lots": 1, "units": 1, "value_cents": None}]
    alert = an_alert(operator, kind=AlertKind.LOT_BLOCKED, detail={"lots": [lot.pk]}, counts=counts)
    page = page_of(signed_in(a_member(operator)), f"/alerts/{alert.pk}/")
    assert f'href="/lots/{lot.pk}/"' in page
    assert 'href="/lots/?sanction=blocked"' in page
    assert "not known" in page


def test_what_is_unseen_stands_first_and_seen_is_each_persons_own():
    operator = an_operator()
    ann, ben = a_member(operator), a_member(operator, role="viewer", username="ben")
    old, new = an_alert(operator, "The older one."), an_alert(operator, "The newer one.")
    client = signed_in(ann)
    assert client.post(f"/alerts/{new.pk}/seen/").status_code == 302
    assert client.post(f"/alerts/{new.pk}/seen/").status_code == 302
    told = text_of(page_of(client, "/alerts/"))
    assert told.index(old.sentence) < told.index(new.sentence)
    assert "1 alert not seen yet" in told
    assert "2 alerts not seen yet" in page_of(signed_in(ben), "/alerts/")


def test_all_are_marked_as_seen_but_what_came_after_the_page_was_shown():
    operator = an_operator()
    client = signed_in(a_member(operator))
    shown = [an_alert(operator) for _ in range(3)]
    later = an_alert(operator, "It came later.")
    client.post("/alerts/seen/", {"newest": shown[-1].pk})
    assert "1 alert not seen yet" in page_of(client, "/alerts/")
    assert list(Alert.objects.exclude(seen_by__isnull=False)) == [later]
    assert client.get("/alerts/seen/").status_code == 405


def test_another_operators_alert_does_not_exist():
    own, other = an_operator("aspen", "Aspen"), an_operator("birch", "Birch")
    alert = an_alert(other, "A thing of Birch.")
    client = signed_in(a_member(own))
    answers = [client.get(f"/alerts/{alert.pk}/"), client.post(f"/alerts/{alert.pk}/seen/")]
    assert [answer.status_code for answer in answers] == [404, 404]
    client.post("/alerts/seen/", {"newest": alert.pk})
    assert not alert.seen_by.exists()
    assert "A thing of Birch" not in page_of(client, "/alerts/")


def test_alerts_of_the_register_are_for_its_keepers_and_of_private_vendors_for_those_who_work_there():
    operator = an_operator()
    an_alert(None, "The law is old.", kind=AlertKind.LAW_STALE)
    an_alert(operator, "A private hit.", kind=AlertKind.HITS_OPENED)
    member = text_of(page_of(signed_in(a_member(operator)), "/alerts/"))
    assert ("The law is old." in member, "A private hit." in member) == (False, True)
    keeper = text_of(page_of(signed_in(an_admin()), "/alerts/"))
    assert ("The law is old." in keeper, "A private hit." in keeper) == (True, False)


def test_the_list_asks_the_same_number_of_questions_however_many_alerts_there_are():
    operator = an_operator()
    client = signed_in(a_member(operator))
    counts = []
    for number in (1, 60):
        for each in range(number):
            an_alert(operator, f"Number {each}.", about=f"{number} {each}")
        client.get("/alerts/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/alerts/")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12
    assert "Further alerts" in page_of(client, "/alerts/")
    assert "Number 0." in page_of(client, "/alerts/?from=50")


# ------------------------------------------------------------------------------------------------------- the rule


def test_a_manager_says_what_is_told_and_it_is_on_record():
    operator = an_operator()
    client = signed_in(a_member(operator))
    assert "25" in page_of(client, "/alerts/rule/")
    assert client.post("/alerts/rule/", SAID).status_code == 302
    rule = AlertRule.objects.get()
    assert (rule.operator, rule.kinds) == (operator, [AlertKind.LOT_BLOCKED, AlertKind.THRESHOLD])
    assert (rule.tariff_percent, rule.sanction_percent, rule.points) == (40, None, Decimal("2.5"))
    assert (rule.quiet_from, rule.quiet_until, rule.digest_hour) == (time(22), time(7), 8)
    assert (rule.blocked_goes_through, rule.tells_managers, rule.tells_viewers) == (False, False, True)
    assert rule.addresses == ["desk@example.com", "risk@example.com"]
    entry = AuditEntry.objects.get(deed="alert rule set")
    assert (entry.operator_id, entry.by.username, entry.detail["changed"]["points"][1]) == (
        operator.pk,
        "ann",
        "2.5",
    )
    assert 'value="America/Chicago"' in page_of(client, "/alerts/rule/")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"time_zone": "Texas"}, "is no time zone"),
        ({"quiet_until": ""}, "Quiet hours need a beginning and an end"),
        ({"addresses": "desk"}, "Enter a valid email address"),
        ({"points": "101"}, "less than or equal to 100"),
        ({"tariff_percent": "-1"}, "greater than or equal to 0"),
        ({"digest_hour": "24"}, "not one of the available choices"),
        ({"kinds": ["no.such"]}, "not one of the available choices"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_words(wrong, sentence):
    client = signed_in(a_member(an_operator()))
    answer = client.post("/alerts/rule/", SAID | wrong)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not AlertRule.objects.exists()


def test_a_viewer_and_compliance_read_the_rule_and_change_nothing():
    operator = an_operator()
    viewer = a_member(operator, role="viewer")
    for person in (viewer, a_person("cleo", platform_role=PlatformRole.COMPLIANCE)):
        client = signed_in(person)
        assert client.get("/alerts/rule/").status_code == 200
        assert client.post("/alerts/rule/", SAID).status_code == 403
    assert not AlertRule.objects.exists()


@pytest.mark.parametrize("address", ["/alerts/", "/alerts/rule/", "/alerts/1/"])
def test_nobody_sees_alerts_without_signing_in(client, address):
    assert client.get(address).status_code == 302
