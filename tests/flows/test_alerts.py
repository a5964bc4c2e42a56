"""From a change to an alert: written with the findings, told once for each cause, to its operator alone."""

from __future__ import annotations

import json
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from fleet.flows.upload_report import put_on_record
from fleet.models import Lot, Operator
from ledger.models import OutboxEvent
from risk.book import book_of
from risk.engine.policy import PolicyBook
from risk.engine.shares import MEASURES, Kind
from risk.flows import claims
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.claims import claim, still_held
from risk.flows.fleet_figures import WATCHED, figures_of
from risk.flows.follow_policy_change import follow_unfollowed_editions
from risk.flows.owed import owe, owe_by_the_calendar
from risk.flows.raise_alerts import raise_alerts
from risk.flows.send_alerts import send_alerts
from risk.models import (
    Alert,
    AlertKind,
    AlertRule,
    Assessment,
    Exposure,
    FleetTold,
    PolicyEdition,
    ScreeningHit,
)
from risk.selectors import exposed_share
from risk.services import publish_edition, start_draft
from tests.commands import answer_of
from tests.console.visitors import a_fleet, a_member, an_operator
from tests.database import NOW, TODAY
from tests.flows.test_list_to_exposure import a_fleet_of, a_vendor_on_file, decided, in_force
from tests.flows.test_policy_to_exposure import without
from tests.risk.lists.samples import SAMPLES
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")

CROSSED, MOVED = "exposure.threshold_crossed", "exposure.changed"
LAW_OF_CHINA = "US-301-CN-L2"


@pytest.fixture
def prairie() -> Operator:
    """An operator whose manager has an address; a lot is tariff-exposed over 20 percent of additional duty."""
    operator = an_operator()
    Operator.objects.filter(pk=operator.pk).update(tariff_threshold_percent=20)
    manager = a_member(operator, username="mia")
    manager.email = "mia@example.com"
    manager.save()
    return operator


@pytest.fixture
def fleet(prairie: Operator, tmp_path: Path) -> Operator:
    """Half of China, half of Malaysia, and what its people were told of it is out of the way."""
    a_fleet(tmp_path, prairie, [a_row(1), a_row(2, country_of_origin="MY", country_of_assembly="MY")])
    forget()
    return prairie


def forget() -> None:
    Alert.objects.all().delete()
    OutboxEvent.objects.all().delete()


def assessed(on=TODAY):
    return assess_owed_lots(assessed_on=on, clock=lambda: NOW)


def published(book: PolicyBook, title: str = "What changed") -> PolicyEdition:
    draft = start_draft(book=book, title=title)
    return publish_edition(edition=draft, on=TODAY, at=NOW)


def events(kind: str) -> list[OutboxEvent]:
    return list(OutboxEvent.objects.filter(kind=kind).order_by("pk"))


def end_the_duty_on_china(through=date(2026, 10, 31)) -> PolicyEdition:
    """Rigs of China pay 12.5 percent and no longer 37.5: under the operator's threshold."""
    return published(without(LAW_OF_CHINA, through))


# ------------------------------------------------------------------------------------------- an edition is published


def test_an_edition_that_moves_a_share_over_its_threshold_is_one_alert_one_letter_and_its_events(
    fleet,
    mailbox,
):
    end_the_duty_on_china()
    follow_unfollowed_editions(now=NOW)
    assessed()
    alert = Alert.objects.get()
    assert (alert.operator, alert.kind, alert.made_at) == (fleet, CROSSED, NOW)
    assert (
        "0 % of rigs are tariff-exposed, down from 50 % (-50 points), no longer over the threshold of 25 %"
        in (alert.sentence)
    )
    (part,) = alert.counts
    assert (part["share"], part["before"], part["after"], part["points"]) == ("tariff", "0.5", "0", "-50")
    assert (part["lots"], part["lots_before"], part["units"], part["units_before"]) == (0, 1, 0, 1)

    (crossed,) = events(CROSSED)
    assert (crossed.operator_id, crossed.about) == (fleet.pk, f"exposure:{fleet.pk}")
    told = {name: crossed.body[name] for name in ("share", "side", "before", "after", "threshold", "causes")}
    assert told == {
        "share": "tariff",
        "side": "not_over",
        "before": "0.5",
        "after": "0",
        "threshold": "0.25",
        "causes": ["edition 2 published"],
    }
    (changed,) = events(MOVED)
    assert changed.body["shares"]["tariff"] == {"before": "0.5", "after": "0", "lots": 0, "units": 0}
    (law,) = events("policy.published")
    assert (law.operator_id, law.about, law.body["edition"]) == (None, "edition:2", 2)

    assert send_alerts(clock=lambda: NOW) == 1
    ((addresses, letter),) = mailbox.letters
    assert addresses == ["mia@example.com"]
    assert letter["Subject"] == "Prairie Hash: An exposed share crossed its threshold"
    assert "no longer over the threshold" in letter.get_payload(decode=True).decode()


def test_the_alert_names_the_measure_that_the_edition_changed_and_no_other(fleet):
    title = next(m.title for m in book_of(PolicyEdition.objects.current()).measures if m.code == LAW_OF_CHINA)
    end_the_duty_on_china()
    follow_unfollowed_editions(now=NOW)
    assessed()
    assert Alert.objects.get().cause == f"edition 2 (What changed): {title}"


def test_an_assessment_that_is_rolled_back_leaves_no_alert_no_event_and_no_finding(fleet, monkeypatch):
    end_the_duty_on_china()
    follow_unfollowed_editions(now=NOW)
    OutboxEvent.objects.all().delete()
    before = list(Exposure.objects.order_by("pk").values_list("pk", "is_current"))
    monkeypatch.setattr("risk.flows.raise_alerts.put_on_record", _written_and_lost)
    with pytest.raises(OperationalError):
        assessed()
    assert not Alert.objects.exists()
    assert not OutboxEvent.objects.exists()
    assert list(Exposure.objects.order_by("pk").values_list("pk", "is_current")) == before
    assert FleetTold.objects.get().figures["tariff"]["shares"]["units"] == "0.5"
    monkeypatch.undo()
    assess_owed_lots(assessed_on=TODAY, clock=lambda: NOW + claims.LEASE)
    assert Alert.objects.count() == 1


def _written_and_lost(alerts):
    Alert.objects.bulk_create(alerts)
    raise OperationalError("The database is gone.")


def test_publishing_and_assessing_again_tells_nothing_again(fleet):
    end_the_duty_on_china()
    for _ in range(2):
        follow_unfollowed_editions(now=NOW)
        owe(Lot.objects.values_list("pk", flat=True), cause="edition 2", now=NOW)
        assessed()
    published(book_of(PolicyEdition.objects.current()), title="The same again")
    follow_unfollowed_editions(now=NOW)
    owe(Lot.objects.values_list("pk", flat=True), cause="edition 3", now=NOW)
    assessed()
    assert Alert.objects.count() == 1
    assert (len(events(CROSSED)), len(events(MOVED))) == (1, 1)


def test_a_share_that_goes_back_is_told_of_again(fleet):
    book = book_of(PolicyEdition.objects.current())
    end_the_duty_on_china()
    follow_unfollowed_editions(now=NOW)
    assessed()
    published(book, title="As it was")
    follow_unfollowed_editions(now=NOW)
    assessed()
    sides = [event.body["side"] for event in events(CROSSED)]
    assert (Alert.objects.count(), sides) == (2, ["not_over", "over"])


def test_a_fleet_in_many_batches_is_told_of_once_when_its_last_lot_is_settled(fleet, tmp_path, monkeypatch):
    rows = [a_row(n, entry_number=f"ABC-{n}") for n in range(3, 12)]
    a_fleet(tmp_path, fleet, rows)
    forget()
    monkeypatch.setattr(claims, "BATCH", 3)
    end_the_duty_on_china()
    follow_unfollowed_editions(now=NOW)
    assessed()
    alert = Alert.objects.get()
    assert alert.detail["causes"] == {"edition 2 published": 11}
    assert alert.counts[0]["lots_before"] == 10
    assert len(events(MOVED)) == 1


def test_nothing_is_told_while_a_lot_of_the_fleet_is_still_owed(fleet):
    end_the_duty_on_china()
    follow_unfollowed_editions(now=NOW)
    late = Lot.objects.get(country_of_origin="MY")
    owe([late.pk], cause="in another's hands", now=NOW)
    Assessment.objects.filter(lot=late).update(claim="another", claimed_until=NOW + claims.LEASE)
    assessed()
    assert not Alert.objects.exists()
    Assessment.objects.filter(lot=late).update(claim="", claimed_until=None)
    assessed()
    alert = Alert.objects.get()
    assert alert.detail["causes"] == {"edition 2 published": 1, "in another's hands": 1}


def test_each_operator_is_told_of_its_own_fleet_alone(fleet, tmp_path):
    other = an_operator("desert", "Desert Hash")
    Operator.objects.filter(pk=other.pk).update(tariff_threshold_percent=20)
    a_fleet(tmp_path, other, [a_row(5)])
    forget()
    end_the_duty_on_china()
    follow_unfollowed_editions(now=NOW)
    assessed()
    assert Alert.objects.count() == 2
    for ours, theirs in ((fleet, other), (other, fleet)):
        told = json.dumps(list(Alert.objects.of(ours).values("sentence", "counts", "detail")))
        bodies = OutboxEvent.objects.filter(operator_id=ours.pk).values_list("body", flat=True)
        everything = told + json.dumps(list(bodies))
        assert theirs.name not in everything
        assert "YNAHEAUBCJCBA" not in everything


def test_the_night_a_measure_ends_tells_the_day_and_the_measure(fleet):
    last = TODAY + timedelta(days=2)
    title = next(m.title for m in book_of(PolicyEdition.objects.current()).measures if m.code == LAW_OF_CHINA)
    end_the_duty_on_china(through=last)
    follow_unfollowed_editions(now=NOW)
    assessed()
    forget()
    for day in (last, last + timedelta(days=1), last + timedelta(days=1)):
        owe_by_the_calendar(day, now=NOW)
        assessed(on=day)
    assert Alert.objects.get().cause == f"25 Nov 2026: {title} no longer applies"


# ------------------------------------------------------------------------------------------------- what a rule says


def test_a_share_that_moves_far_without_crossing_a_threshold_is_told_by_its_points(fleet):
    AlertRule.objects.create(operator=fleet, tariff_percent=90, points=10)
    end_the_duty_on_china()
    follow_unfollowed_editions(now=NOW)
    assessed()
    alert = Alert.objects.get()
    assert alert.kind == AlertKind.SHARE_MOVED
    assert "0 % of rigs are exposed, down from 50 % (-50 points)" in alert.sentence
    assert not events(CROSSED)


def test_another_tariff_threshold_of_the_operator_is_named_as_a_cause(fleet):
    Operator.objects.filter(pk=fleet.pk).update(tariff_threshold_percent=5)
    owe([Lot.objects.of(fleet).first().pk], cause="a correction of 1 rigs", now=NOW)
    assessed()
    alert = Alert.objects.get()
    assert alert.cause == "tariff threshold of 5 %, before 20 %; a correction of 1 rigs"
    assert "100 % of rigs are exposed, up from 50 % (+50 points)" in alert.sentence


@pytest.mark.parametrize("rule", [{"tariff_percent": None, "points": 50}, {"kinds": [AlertKind.LOT_BLOCKED]}])
def test_what_a_rule_does_not_ask_for_is_no_alert_but_programs_hear_of_the_shares(fleet, rule):
    AlertRule.objects.create(operator=fleet, **rule)
    end_the_duty_on_china()
    follow_unfollowed_editions(now=NOW)
    assessed()
    assert not Alert.objects.exists()
    assert len(events(MOVED)) == 1


def test_a_threshold_on_hashrate_looks_at_hashrate(prairie, tmp_path):
    rows = [
        a_row(1, hashrate_ths="30"),
        a_row(2, country_of_origin="MY", country_of_assembly="MY", hashrate_ths="170"),
    ]
    AlertRule.objects.create(operator=prairie, measure="hashrate", tariff_percent=20)
    a_fleet(tmp_path, prairie, rows)
    assert not Alert.objects.exists()
    AlertRule.objects.update(measure="units")
    Lot.objects.filter(country_of_origin="MY").update(country_of_origin="CN")
    owe(Lot.objects.values_list("pk", flat=True), cause="a test", now=NOW)
    assessed()
    assert Alert.objects.get().counts[0]["measure"] == "units"


def test_a_fleet_that_begins_over_the_threshold_is_told_of_by_its_upload(prairie, tmp_path):
    a_fleet(tmp_path, prairie, [a_row(1)])
    alert = Alert.objects.get()
    assert alert.sentence.startswith("Upload ")
    assert (
        "(prairie.csv). 100 % of rigs are tariff-exposed, over the threshold of 25 %: 1 lot, 1 rig, $5,000."
        in (alert.sentence)
    )
    (applied,) = events("upload.applied")
    assert (applied.operator_id, applied.body["new"], applied.body["lots"]) == (prairie.pk, 1, 1)


def test_an_upload_that_is_rolled_back_tells_nobody(fleet, tmp_path, monkeypatch):
    def on_record_and_lost(upload):
        put_on_record(upload)
        raise OperationalError("The database is gone.")

    monkeypatch.setattr("fleet.flows.read_upload.put_on_record", on_record_and_lost)
    with pytest.raises(OperationalError):
        a_fleet(tmp_path, fleet, [a_row(7)])
    assert not OutboxEvent.objects.exists()
    assert Lot.objects.of(fleet).count() == 2


def test_a_publication_that_is_rolled_back_tells_nobody(fleet, monkeypatch):
    monkeypatch.setattr("risk.services.editions.tasks.start_following", {}.popitem)
    with pytest.raises(KeyError):
        end_the_duty_on_china()
    assert not OutboxEvent.objects.exists()
    assert PolicyEdition.objects.published().count() == 1


def test_a_refused_upload_is_told_to_programs_and_changes_no_share(fleet, tmp_path):
    path = tmp_path / "wrong.csv"
    path.write_text("Serial,Model,Site,HTS\nA1,Antminer S21 200T,Pecos TX,84.71\n", encoding="utf-8")
    with pytest.raises(CommandError):
        answer_of("import_fleet", str(path), "--operator", fleet.slug)
    (refused,) = events("upload.refused")
    assert refused.body["wrong"] == 1
    assert not events(MOVED)


# ------------------------------------------------------------------------------------------ blocked, and set aside


def test_a_lot_that_becomes_blocked_is_told_once_with_its_list_and_breaks_the_quiet_hours(
    tmp_path,
    mailbox,
):
    maker = a_vendor_on_file("Beijing Alite Technologies Co., Ltd.", home_country="CN")
    a_fleet_of(maker, tmp_path)
    prairie = Operator.objects.get(slug="prairie")
    night = {"quiet_from": time(0), "quiet_until": time(23, 59), "time_zone": "UTC"}
    AlertRule.objects.create(operator=prairie, addresses=["desk@example.com"], **night)
    in_force("ofac_sdn", SAMPLES / "sdn.csv", TODAY)
    hit = ScreeningHit.objects.order_by("-strength", "pk").first()
    opened = events("screening.hit_opened")
    assert [event.about for event in opened] == [f"hit:{pk}" for pk in sorted(e.body["hit"] for e in opened)]
    assert {event.operator_id for event in opened} == {None}
    (updated,) = events("list.updated")
    assert (updated.body["list"], updated.body["edition"]) == ("ofac_sdn", 1)
    assessed()
    forget()

    decided(hit=hit)
    assessed()
    owe(Lot.objects.values_list("pk", flat=True), cause="again", now=NOW)
    assessed()
    lot = Lot.objects.get()
    alert = Alert.objects.get()
    assert (alert.kind, alert.cause) == (
        AlertKind.LOT_BLOCKED,
        f"hit {hit.pk} decided (Beijing Alite Technologies Co., Ltd. on US-OFAC-SDN)",
    )
    assert f"Now blocked: 1 lot, 1 rig, $5,000 (Lot {lot.pk})." in alert.sentence
    assert [part["kind"] for part in alert.counts] == [AlertKind.LOT_BLOCKED, AlertKind.THRESHOLD]
    assert alert.detail["lots"] == [lot.pk]
    (told,) = events("screening.hit_decided")
    assert (told.about, told.body["decision"]) == (f"hit:{hit.pk}", "confirmed")
    assert send_alerts(clock=lambda: NOW) == 1
    assert mailbox.letters[0][1]["Subject"] == "Prairie: Lots are blocked"


def test_lots_that_cannot_be_assessed_are_told_of_once(fleet, caplog):
    broken = Lot.objects.get(country_of_origin="MY")
    Lot.objects.filter(pk=broken.pk).update(us_content_percent=200)
    for cause in ("it broke", "still broken"):
        owe([broken.pk], cause=cause, now=NOW)
        assessed()
    alert = Alert.objects.get()
    assert (alert.kind, alert.detail) == (
        AlertKind.SET_ASIDE,
        {"causes": {"it broke": 1}, "lots": [broken.pk]},
    )
    assert (
        alert.sentence == "It broke. Could not be assessed, by a fault of the product: 1 lot, 1 rig, $5,000."
    )


def test_a_lot_that_is_set_aside_counts_no_longer_as_it_was_found_before(fleet, caplog):
    broken = Lot.objects.filter(country_of_origin="CN").first()
    before = FleetTold.objects.get(operator=fleet).figures["tariff"]["lots"]
    Lot.objects.filter(pk=broken.pk).update(us_content_percent=200)
    owe([broken.pk], cause="it broke", now=NOW)
    assessed()
    told = FleetTold.objects.get(operator=fleet)
    assert (told.set_aside, told.figures["tariff"]["lots"]) == ([broken.pk], before - 1)


def test_a_fault_in_the_telling_holds_up_no_finding_and_is_made_up_for_by_the_next_change(
    fleet, monkeypatch, caplog
):
    end_the_duty_on_china()
    follow_unfollowed_editions(now=NOW)
    monkeypatch.setattr("risk.flows.raise_alerts.told_causes", {}.pop)
    assert assessed().changed == 2
    assert not Alert.objects.exists()
    assert "was not told of" in caplog.text
    monkeypatch.undo()
    owe(Lot.objects.values_list("pk", flat=True), cause="the next change", now=NOW)
    assessed()
    assert Alert.objects.get().cause == "the next change"


# -------------------------------------------------------------------------------------------------------- figures


def test_the_figures_of_many_fleets_are_their_exposed_shares_by_one_query(fleet, tmp_path):
    rows = [
        a_row(1, model="Antminer S19 95T", hashrate_ths="", customs_value=""),
        a_row(2, country_of_origin="", country_of_assembly="TH"),
        a_row(3, status="retired"),
        a_row(4, status="on order", entry_date="", expected_entry_date="2026-12-20"),
        a_row(5, import_country="PY", site="Hernandarias"),
        a_row(6, entry_number="ABC-6"),
        a_row(7, entry_number="ABC-7"),
        a_row(8, entry_number="ABC-7", site="Corsicana"),
        a_row(9, entry_number="ABC-7", status="stored"),
    ]
    other = an_operator("desert", "Desert Hash")
    a_fleet(tmp_path, other, rows)
    set_aside = list(Lot.objects.of(other).filter(entry_number="ABC-6").values_list("pk", flat=True))
    owe(set_aside, cause="a test", now=NOW)
    Assessment.objects.update(error="a fault of this test")
    operators = [fleet, other, an_operator("empty", "Empty")]
    with CaptureQueriesContext(connection) as asked:
        figures = figures_of(operators, set_aside=set_aside)
    assert len(asked) == 1
    # Of the other's eight lots one is retired, one set aside, one outside the reach of tariffs, and one at two sites.
    lots = {each.slug: figures[each.pk].exposed[Kind.TARIFF].lots for each in operators}
    assert lots == {"prairie": 2, "desert": 4, "empty": 0}
    for operator in operators:
        whole = exposed_share(operator, on=TODAY).whole
        for kind in WATCHED:
            part, expected = figures[operator.pk].exposed[kind], whole.exposed[kind]
            assert part.shares == {name: expected.of(name) for name in MEASURES}
            assert part.units == expected.rigs.units
            assert part.value_cents == (expected.rigs.value_cents if expected.rigs.units_with_value else None)


def test_telling_asks_the_same_number_of_questions_however_large_the_batch(fleet, tmp_path):
    other = an_operator("desert", "Desert Hash")
    a_fleet(tmp_path, other, [a_row(n, entry_number=f"ABC-{n}") for n in range(1, 40)])
    counts = []
    for operator in (fleet, other):
        owe(Lot.objects.of(operator).values_list("pk", flat=True), cause="a test", now=NOW)
        claimed = claim(NOW)
        with transaction.atomic(), CaptureQueriesContext(connection) as asked:
            raise_alerts(still_held(claimed), now=NOW)
        counts.append(len(asked))
        Assessment.objects.all().delete()
    assert counts[0] == counts[1] <= 12
