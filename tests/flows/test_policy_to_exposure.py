"""A published edition reads lots differently: what it touches is owed on record, assessed, and shown."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleet.models import Lot
from risk.book import book_of
from risk.engine.policy import PolicyBook
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import HtsPrefix
from risk.engine.terms.spans import DateSpan
from risk.flows import assess_lots
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.claims import LEASE, claim
from risk.flows.follow_policy_change import follow_unfollowed_editions
from risk.flows.owed import owe, owe_by_the_calendar
from risk.models import Assessment, Exposure, PolicyEdition
from risk.policy_files import ended_by_act
from risk.services import difference, publish_edition, start_draft
from tests.commands import answer_of
from tests.database import NOW, TODAY
from tests.facts import a_measure, the_conditions
from tests.sheets import a_csv, a_row
from vendors.models import ContestedOrigin

pytestmark = pytest.mark.usefixtures("shipped")


@pytest.fixture
def fleet(tmp_path):
    """A Chinese and a Malaysian lot, assessed on TODAY."""
    rows = [a_row(1), a_row(2, country_of_origin="MY", country_of_assembly="MY")]
    answer_of(
        "import_fleet", str(a_csv(tmp_path, rows)), "--operator", "prairie", "--create-operator", "Prairie"
    )
    assessed()


def assessed(on=TODAY):
    owe_by_the_calendar(on, now=NOW)
    return assess_owed_lots(assessed_on=on, clock=lambda: NOW)


def without(code: str, through: date) -> PolicyBook:
    """The current book with one measure ended after a day."""
    book = book_of(PolicyEdition.objects.current())
    measures = (_ended(m, through) if m.code == code else m for m in book.measures)
    return PolicyBook(tuple(measures), book.renumberings, book.refused_headings)


def _ended(measure, through):
    return ended_by_act(replace(measure, span=DateSpan(measure.span.first, through)), "an act of this test")


def published(book: PolicyBook) -> PolicyEdition:
    return publish_edition(edition=start_draft(book=book), on=TODAY, at=NOW)


def rates():
    found = Exposure.objects.current().select_related("lot")
    return {finding.lot.country_of_origin: f"{finding.rate * 100:.1f}" for finding in found}


def test_an_edition_that_ends_a_measure_moves_the_lots_that_it_touches(fleet):
    assert rates() == {"CN": "37.5", "MY": "10.0"}
    published(without("US-301-CN-L2", date(2026, 10, 31)))
    follow_unfollowed_editions(now=NOW)
    assessed()
    assert rates() == {"CN": "12.5", "MY": "10.0"}


def test_only_touched_lots_become_owed(fleet):
    published(without("US-301FL-10", date(2026, 10, 31)))
    follow_unfollowed_editions(now=NOW)
    origins = Assessment.objects.values_list("lot__country_of_origin", flat=True)
    assert set(origins) == {"MY"}


def test_a_lot_is_touched_under_the_origin_that_customs_asserts_for_its_maker(fleet):
    assert ContestedOrigin.objects.filter(vendor__name="Bitmain", country="CN").exists()
    published(without("US-301-CN-L2", date(2026, 10, 31)))
    follow_unfollowed_editions(now=NOW)
    origins = Assessment.objects.values_list("lot__country_of_origin", flat=True)
    assert set(origins) == {"CN", "MY"}


def test_a_lot_is_touched_under_the_origin_of_its_hashboards(fleet):
    Lot.objects.filter(country_of_origin="MY").update(hashboard_origin="LA")
    current = book_of(PolicyEdition.objects.current())
    on_laos = a_measure(
        code="EXERCISE",
        family="us/exercise",
        span=DateSpan(date(2026, 11, 1)),
        conditions=the_conditions(origins=frozenset({CountryCode("LA")})),
    )
    published(replace(current, measures=(*current.measures, on_laos)))
    assert follow_unfollowed_editions(now=NOW) == 1
    assert Assessment.objects.get().lot.hashboard_origin == "LA"


def test_a_lot_under_its_old_number_is_touched_by_a_measure_that_names_the_new_one(fleet, tmp_path):
    row = a_row(8, hts_code="8543.70.9960", country_of_origin="TH", country_of_assembly="TH")
    answer_of("import_fleet", str(a_csv(tmp_path, [row], name="old.csv")), "--operator", "prairie")
    assessed()
    current = book_of(PolicyEdition.objects.current())
    goods = {"origins": frozenset({CountryCode("TH")}), "prefixes": (HtsPrefix.parse("8543.70.98"),)}
    span = DateSpan(date(2026, 11, 1))
    named = a_measure(code="EXERCISE", family="us/exercise", span=span, conditions=the_conditions(**goods))
    published(replace(current, measures=(*current.measures, named)))
    assert follow_unfollowed_editions(now=NOW) == 1
    assert Assessment.objects.get().lot.hts_code == "8543709960"


def test_following_an_edition_twice_owes_nothing_twice(fleet):
    published(without("US-301FL-10", date(2026, 10, 31)))
    assert follow_unfollowed_editions(now=NOW) == 1
    assert follow_unfollowed_editions(now=NOW) == 0


def test_a_published_edition_is_never_published_again(fleet):
    with pytest.raises(ValidationError, match="never changes"):
        publish_edition(edition=PolicyEdition.objects.current(), on=TODAY, at=NOW)


def test_an_edition_with_overlapping_measures_is_refused_and_stays_a_draft():
    book = book_of(PolicyEdition.objects.current())
    twin = replace(next(m for m in book.measures if m.code == "US-301-CN-L2"), code="US-301-CN-L2-AGAIN")
    draft = start_draft(book=PolicyBook((*book.measures, twin), book.renumberings, book.refused_headings))
    with pytest.raises(ValidationError, match="US-301-CN-L2"):
        publish_edition(edition=draft, on=TODAY, at=NOW)
    assert not PolicyEdition.objects.get(pk=draft.pk).is_published


def test_the_database_keeps_an_edition_without_loss():
    from tests.facts import shipped_book

    assert book_of(PolicyEdition.objects.current()).digest == shipped_book().digest
    assert not difference(book_of(PolicyEdition.objects.current()), shipped_book())


def test_loading_the_same_policies_twice_makes_no_second_edition():
    again = answer_of("load_policies", "--publish")
    assert (again["edition"], again["added"], again["changed"], len(again["unchanged"])) == (1, [], [], 117)
    assert PolicyEdition.objects.count() == 1


def test_a_folder_of_wrong_policies_is_refused_with_every_complaint(tmp_path):
    (tmp_path / "wrong.yaml").write_text("title: [unclosed")
    with pytest.raises(CommandError) as refusal:
        answer_of("load_policies", str(tmp_path))
    assert refusal.value.returncode == 1
    assert "wrong.yaml" in str(refusal.value)
    assert PolicyEdition.objects.count() == 1


def test_a_measure_that_begins_tomorrow_moves_the_finding_at_midnight_and_not_before(fleet):
    ends = TODAY + timedelta(2)
    published(without("US-301-CN-L2", ends))
    follow_unfollowed_editions(now=NOW)
    assessed()
    assert rates()["CN"] == "37.5"
    assessed(on=ends)
    assert rates()["CN"] == "37.5"
    assert assessed(on=ends + timedelta(1)).changed >= 1
    assert rates()["CN"] == "12.5"


def test_assessing_again_on_the_same_facts_writes_nothing(fleet):
    before = list(Exposure.objects.order_by("pk").values())
    owe(Lot.objects.values_list("pk", flat=True), cause="again", now=NOW)
    assert assessed().unchanged == 2
    assert list(Exposure.objects.order_by("pk").values()) == before


def test_a_change_while_a_lot_is_being_assessed_keeps_it_owed(fleet):
    lot = Lot.objects.first()
    owe([lot.pk], cause="first", now=NOW)
    held = claim(NOW)
    owe([lot.pk], cause="second", now=NOW)
    assert Assessment.objects.filter(claim=held.token).count() == 0
    assert Assessment.objects.claimable(NOW).count() == 1


def test_a_worker_that_died_loses_its_claim_when_the_lease_ends(fleet):
    owe([Lot.objects.first().pk], cause="killed", now=NOW)
    claim(NOW)
    assert not claim(NOW + LEASE - timedelta(seconds=1))
    assert claim(NOW + LEASE)


def test_a_lot_that_cannot_be_assessed_is_set_aside_and_the_rest_goes_on(fleet, caplog):
    broken = Lot.objects.get(country_of_origin="MY")
    Lot.objects.filter(pk=broken.pk).update(us_content_percent=200)
    owe(Lot.objects.values_list("pk", flat=True), cause="one is broken", now=NOW)
    Lot.objects.filter(pk=broken.pk).update(transport_mode="air", entry_date=date(2025, 6, 10))
    done = assessed()
    assert (done.set_aside, done.unchanged + done.changed) == (1, 1)
    assert Assessment.objects.get().error


def test_equal_lots_that_cannot_be_assessed_are_each_set_aside(fleet, tmp_path, caplog):
    answer_of(
        "import_fleet",
        str(a_csv(tmp_path, [a_row(1), a_row(2, country_of_origin="MY", country_of_assembly="MY")])),
        "--operator",
        "desert",
        "--create-operator",
        "Desert",
    )
    broken = Lot.objects.filter(country_of_origin="MY")
    broken.update(us_content_percent=200)
    owe(Lot.objects.values_list("pk", flat=True), cause="two are broken alike", now=NOW)
    done = assessed()
    assert (done.set_aside, done.unchanged + done.changed) == (2, 2)
    assert set(Assessment.objects.values_list("lot_id", flat=True)) == set(
        broken.values_list("pk", flat=True)
    )


def test_an_import_asks_as_many_questions_for_two_dozen_lots_as_for_four(tmp_path):
    def questions(lots: int) -> int:
        rows = [a_row(n, entry_number=f"ABC-{n:07d}-1") for n in range(1, lots + 1)]
        path = a_csv(tmp_path, rows, name=f"{lots}.csv")
        with CaptureQueriesContext(connection) as asked:
            answer_of(
                "import_fleet", str(path), "--operator", f"with-{lots}", "--create-operator", "Operator"
            )
        return len(asked)

    questions(1)  # the catalogue's index and the book are built once a process
    assert questions(24) == questions(4)


def test_lots_that_an_edition_owes_while_others_are_assessed_are_assessed_under_it(fleet, monkeypatch):
    owe([Lot.objects.first().pk], cause="a test", now=NOW)
    claims = []

    def published_meanwhile(now, **_):
        claims.append(now)
        if len(claims) == 2:
            published(without("US-301-CN-L2", date(2026, 10, 31)))
            follow_unfollowed_editions(now=NOW)
        return claim(now)

    monkeypatch.setattr(assess_lots, "claim", published_meanwhile)
    assess_owed_lots(assessed_on=TODAY, clock=lambda: NOW)
    assert not Assessment.objects.exists()
    assert rates()["CN"] == "12.5"


def test_findings_of_an_earlier_engine_are_owed_anew(fleet):
    assessed()
    Exposure.objects.filter(lot=Lot.objects.first()).update(engine_version="1", basis="0" * 64)
    assert owe_by_the_calendar(TODAY, now=NOW) == 1
    assessed()
    assert owe_by_the_calendar(TODAY, now=NOW) == 0
