"""The shares that a draft's preview shows are the shares after it is published, to the last digit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.management import CommandError

from fleet.models import Lot, Operator
from fleet.services import register_operator
from risk.book import book_of
from risk.engine.terms.spans import DateSpan
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.follow_policy_change import follow_unfollowed_editions
from risk.flows.owed import owe
from risk.flows.preview_edition import preview_edition
from risk.flows.share_on import share_on
from risk.models import Assessment, Exposure, PolicyEdition
from risk.selectors import Restated, exposed_share, findings_restated
from risk.services import end_measure, publish_edition, put_measures, remove_measure, start_draft
from tests.commands import answer_of
from tests.database import NOW, TODAY
from tests.facts import a_measure, a_rate
from tests.sheets import a_csv, a_row

pytestmark = pytest.mark.usefixtures("shipped")


@pytest.fixture
def fleets(tmp_path):
    """Two operators with lots of several origins and silences, assessed on TODAY, and one without a fleet."""
    sheets = {
        "prairie": [
            a_row(1),
            a_row(2, country_of_origin="MY", country_of_assembly="MY"),
            a_row(3, country_of_origin="", country_of_assembly="CN"),
            a_row(4, import_country=""),
            a_row(5, country_of_origin="TH", entry_date="2026-07-25", transport_mode=""),
            a_row(6, customs_value=""),
        ],
        "mesa": [a_row(11), a_row(12, country_of_origin="ID", entry_date="2025-09-01")],
    }
    for slug, rows in sheets.items():
        path = str(a_csv(tmp_path, rows, name=f"{slug}.csv"))
        answer_of("import_fleet", path, "--operator", slug, "--create-operator", slug.title())
    register_operator(slug="empty", name="Empty")
    assess()


def assess():
    owe(Lot.objects.values_list("pk", flat=True), cause="the day of the test", now=NOW)
    assess_owed_lots(assessed_on=TODAY, clock=lambda: NOW)


def measure_of(draft, code):
    return next(measure for measure in book_of(draft).measures if measure.code == code)


def dearer(draft):
    put_measures(edition=draft, measures=[replace(measure_of(draft, "US-301-CN-L2"), rate=a_rate(50))])


def ended(draft):
    end_measure(edition=draft, code="US-301FL-10", through=TODAY - timedelta(1), act="an act of this test")


def ending_soon(draft):
    end_measure(edition=draft, code="US-301FL-125", through=TODAY + timedelta(9), act="an act of this test")


def joined(draft):
    span = DateSpan(date(2026, 1, 1))
    put_measures(edition=draft, measures=[a_measure(percent="7.5", span=span, authority="USTR, Section 301")])


def taken_out(draft):
    remove_measure(edition=draft, code="US-301-CN-L2")


def without_the_base_rate(draft):
    remove_measure(edition=draft, code="US-MFN-854370")


CHANGES = (dearer, ended, ending_soon, joined, taken_out, without_the_base_rate)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.replace("_", " "))
def test_the_preview_equals_what_comes_to_pass(fleets, change):
    draft = start_draft()
    change(draft)
    shown = {preview.operator: preview for preview in preview_edition(draft, on=TODAY)}
    assert [operator.slug for operator in shown] == ["empty", "mesa", "prairie"]
    assert {op: each.before.whole for op, each in shown.items()} == shares()
    before = current_bases()
    publish_edition(edition=draft, on=TODAY, at=NOW)
    follow_unfollowed_editions(now=NOW)
    assess_owed_lots(assessed_on=TODAY, clock=lambda: NOW)
    assert {op: each.after.whole for op, each in shown.items()} == shares()
    assert current_bases() != before


def shares():
    return {operator: exposed_share(operator, on=TODAY).whole for operator in Operator.objects.all()}


def current_bases():
    return set(Exposure.objects.current().values_list("basis", flat=True))


def test_a_preview_counts_the_lots_that_move_and_records_nothing(fleets):
    draft = start_draft()
    ended(draft)
    before = list(Exposure.objects.order_by("pk").values())
    moved = {each.operator.slug: (each.lots_moved, each.lots) for each in preview_edition(draft, on=TODAY)}
    assert moved["empty"] == (0, 0)
    assert moved["mesa"] == (1, 2)  # Indonesia, not China
    assert list(Exposure.objects.order_by("pk").values()) == before
    assert not Assessment.objects.exists()


def test_a_draft_that_says_the_same_moves_nothing(fleets):
    for preview in preview_edition(start_draft(), on=TODAY):
        assert (preview.lots_moved, preview.after.whole) == (0, preview.before.whole)


def test_a_lot_on_which_the_engine_fails_keeps_what_is_on_record(fleets, caplog):
    draft = start_draft()
    base = measure_of(draft, "US-MFN-854370")
    put_measures(edition=draft, measures=[replace(base, code="US-MFN-AGAIN", family="us/base-duty/again")])
    shown = {each.operator.slug: each for each in preview_edition(draft, on=TODAY)}
    assert shown["mesa"].lots_set_aside == 2
    assert shown["mesa"].after.whole == shown["mesa"].before.whole


def test_another_day_is_compared_with_what_the_current_edition_says_of_that_day(fleets):
    first, draft = PolicyEdition.objects.current(), start_draft()
    ending_soon(draft)
    later = TODAY + timedelta(20)
    for preview in preview_edition(draft, on=later, today=TODAY):
        operator = preview.operator
        assert preview.before.whole == share_on(operator, on=later, edition=first).whole
        assert preview.after.whole == share_on(operator, on=later, edition=draft).whole
    by_slug = {each.operator.slug: each for each in preview_edition(draft, on=later, today=TODAY)}
    assert by_slug["prairie"].lots_moved > 0


def test_the_command_tells_the_same_as_the_flow_and_restates_by_its_number(fleets, tmp_path):
    draft = start_draft()
    dearer(draft)
    said = answer_of("preview_edition", "2", "--on", "2027-01-04")
    asked = {"on": date(2027, 1, 4), "today": TODAY}
    shown = {each.operator.slug: each for each in preview_edition(draft, **asked)}
    assert {each["operator"]: (each["lots"], each["lots_moved"]) for each in said["operators"]} == {
        slug: (each.lots, each.lots_moved) for slug, each in shown.items()
    }
    prairie = next(each for each in said["operators"] if each["operator"] == "prairie")
    assert (prairie["before"]["policy_edition"], prairie["after"]["policy_edition"]) == (1, 2)
    assert prairie["before"]["duty"]["replacement"] != prairie["after"]["duty"]["replacement"]
    answer_of("export_policies", "2", "--to", str(tmp_path / "law"))
    publishing = ("--publish", "--restates", "1", "--reason", "A slip.")
    answer_of("load_policies", str(tmp_path / "law"), *publishing)
    edition = PolicyEdition.objects.current()
    assert (edition.number, edition.restates.number, edition.reason) == (2, 1, "A slip.")


# --- Restating ----------------------------------------------------------------------------------------


@pytest.fixture
def restatement(fleets):
    """A published edition that ends a duty on Malaysia after all; nothing is assessed under it yet."""
    first, draft = PolicyEdition.objects.current(), start_draft()
    ended(draft)
    publish_edition(edition=draft, on=TODAY, at=NOW, restates=first, reason="The end was missed.")
    return draft


def outcomes(edition):
    return {each.lot_id: each.outcome for each in findings_restated(edition)}


def origin_of(lot_id):
    return Lot.objects.get(pk=lot_id).country_of_origin


def test_a_restatement_lists_every_lot_that_rested_on_the_error_and_says_which_differ(restatement):
    follow_unfollowed_editions(now=NOW)
    assert Restated.OWED in outcomes(restatement).values()
    assess_owed_lots(assessed_on=TODAY, clock=lambda: NOW)
    found = outcomes(restatement)
    assert set(found) == set(Lot.objects.values_list("pk", flat=True))
    assert "CN" in {origin_of(lot) for lot, outcome in found.items() if outcome is Restated.SAME}
    assert "MY" in {origin_of(lot) for lot, outcome in found.items() if outcome is Restated.DIFFERS}
    malaysian = next(each for each in findings_restated(restatement) if origin_of(each.lot_id) == "MY")
    assert malaysian.before.rate > malaysian.now.rate


def test_the_command_tells_the_same_lots_and_refuses_an_edition_that_restates_none(restatement):
    follow_unfollowed_editions(now=NOW)
    assess_owed_lots(assessed_on=TODAY, clock=lambda: NOW)
    said = answer_of("restated", "2")
    assert (said["restates"], said["reason"]) == (1, "The end was missed.")
    assert {lot["lot"]: lot["outcome"] for lot in said["lots"]} == outcomes(restatement)
    assert sum(said["counts"].values()) == len(said["lots"])
    with pytest.raises(CommandError, match="Edition 1 restates no other edition"):
        answer_of("restated", "1")


def test_a_lot_whose_facts_changed_too_is_told_apart(restatement):
    lot = Lot.objects.filter(country_of_origin="MY").first()
    Lot.objects.filter(pk=lot.pk).update(country_of_origin="CN")
    owe([lot.pk], cause="a correction", now=NOW)
    assess_owed_lots(assessed_on=TODAY, clock=lambda: NOW)
    assert outcomes(restatement)[lot.pk] is Restated.OTHER_FACTS


def test_an_edition_that_restates_none_lists_nothing(fleets):
    assert findings_restated(PolicyEdition.objects.current()) == []
