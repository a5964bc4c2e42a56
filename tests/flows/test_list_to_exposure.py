"""A list arrives: vendors are screened, a person decides, and lots of the maker are blocked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fleet import selectors
from fleet.models import Operator, RigModel
from ledger.models import OutboxEvent
from risk.engine.reviews import Decision, HitState
from risk.engine.shares import Part
from risk.flows import screen_vendors as flow
from risk.flows import screening_owed, screening_sides
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.load_list import load_list
from risk.flows.owed import owe_by_the_calendar
from risk.flows.screen_vendors import screen_vendors
from risk.flows.screening_owed import what_is_owed
from risk.flows.share_on import share_on
from risk.flows.share_through_time import share_through_time
from risk.flows.verify_exposures import verify_exposures
from risk.lists import FORMATS
from risk.models import (
    Alert,
    AlertKind,
    Assessment,
    Exposure,
    HitDecision,
    ListEdition,
    PolicyEdition,
    ScreeningHit,
    ScreeningRun,
    VendorScreening,
)
from risk.services import decide_hit
from tests.commands import answer_of
from tests.console.visitors import a_person, an_operator
from tests.database import NOW, TODAY
from tests.reference import a_government_list, screening_cases
from tests.sheets import a_csv, a_row
from vendors.models import Ownership, Vendor, VendorAlias
from vendors.signals import vendors_changed

pytestmark = pytest.mark.usefixtures("shipped")


def a_vendor_on_file(name: str, **said) -> Vendor:
    slug = name.lower().replace(" ", "-").replace(".", "").replace(",", "")[:80]
    vendor = Vendor.objects.create(slug=slug, name=name, **said)
    told_of(vendor)
    return vendor


def told_of(*vendors: Vendor) -> None:
    vendors_changed.send(sender=Vendor, vendor_ids=[each.pk for each in vendors], cause="a test")


def own_list(folder, *rows: str, as_of="2026-11-20", heading="id,name,country"):
    path = folder / f"own-{as_of}.csv"
    path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return in_force("own_csv", path, date.fromisoformat(as_of))


def in_force(form: str, path: Path, as_of: date) -> list[ScreeningRun]:
    """Load a cut-down list and screen, on the day of these tests."""
    load_list(form=FORMATS[form], file=path, companions={}, as_of=as_of, at=NOW, floors={})
    return screen_vendors(clock=at_noon)


def at_noon() -> datetime:
    return NOW


def hits_told():
    return Alert.objects.filter(kind=AlertKind.HITS_OPENED)


def the_hit() -> ScreeningHit:
    return ScreeningHit.objects.get()


def decided(decision=Decision.CONFIRMED, by=None, hit=None):
    hit = hit or the_hit()
    by = by or a_person(f"reviewer-of-{hit.pk}-{hit.decisions.count()}")
    return decide_hit(
        hit_id=hit.pk, decision=decision, reason="looked at", digest=hit.evidence_digest, by=by, at=NOW
    )


@pytest.fixture(autouse=True)
def catalogue_read_anew(monkeypatch):
    """A catalogue that went back in time has the counts of another test's: none is remembered."""
    monkeypatch.setattr(selectors, "_KEPT", {})


def a_fleet_of(maker: Vendor, folder, model="R1 Rig") -> None:
    RigModel.objects.create(maker=maker, name=model)
    rows = [a_row(1, model=model)]
    answer_of(
        "import_fleet", str(a_csv(folder, rows)), "--operator", "prairie", "--create-operator", "Prairie"
    )


def assessed(on: date = TODAY) -> Exposure:
    owe_by_the_calendar(on, now=NOW)
    assess_owed_lots(assessed_on=on, clock=at_noon)
    return Exposure.objects.current().get()


def reasons(exposure: Exposure) -> list[dict[str, str]]:
    """Why the lot's maker is at its level, as `explain` tells it."""
    told = answer_of("explain", "--operator", "prairie", "--lot", str(exposure.lot_id))
    return told["sanction"]["reasons"]


def codes(exposure: Exposure) -> list[str]:
    return [reason["code"] for reason in reasons(exposure)]


def test_a_week_of_the_sdn_list_opens_hits_for_one_vendor_and_blocks_its_lots(tmp_path):
    innocent = [case["query"] for case in screening_cases() if case["expected"] == "none"][:100]
    for number, name in enumerate(innocent):
        Vendor.objects.create(slug=f"innocent-{number}", name=name)
    vendor = a_vendor_on_file("BitRiver Rus LLC", home_country="RU")
    a_fleet_of(vendor, tmp_path)

    first = load_sdn("2022-04-15")
    assert (first["screening"][0]["kind"], first["screening"][0]["opened"]) == ("full", 0)
    second = load_sdn("2022-04-21")
    assert [run["kind"] for run in second["screening"]] == ["lists"]
    assert {hit.vendor for hit in ScreeningHit.objects.all()} == {vendor}
    assert hits_told().count() == 1
    assert "BitRiver Rus LLC" in hits_told().get().sentence

    hit = ScreeningHit.objects.order_by("-strength", "pk").first()
    assert (hit.list_code, hit.entity_id, hit.record.name) == ("US-OFAC-SDN", "36458", "OOO BITRIVER RUS")
    assert "hit_open" in codes(assessed())
    decided(hit=hit)
    exposure = assessed()
    assert (exposure.sanction_level, "listed" in codes(exposure)) == ("blocked", True)
    sentences = " ".join(reason["sentence"] for reason in reasons(exposure))
    assert "US-OFAC-SDN 36458" in sentences
    assert "as of 2022-04-21" in sentences
    assert exposure.list_editions == {"US-OFAC-SDN": "ofac_sdn 2 as of 2022-04-21"}
    proof = verify_exposures()
    assert (proof.equal, proof.differing, proof.unverified) == (1, [], [])

    with pytest.raises(CommandError, match="older than the edition in force"):
        load_sdn("2022-04-15")
    assert assessed().sanction_level == "blocked"


def load_sdn(day: str):
    return answer_of("load_list", "ofac_sdn", str(a_government_list(f"sdn_{day}.csv")), "--as-of", day)


# ------------------------------------------------------------------------------------------------ runs on record


def test_a_clean_run_is_on_record_too(tmp_path):
    (kept,) = own_list(tmp_path, "1,Nobody We Know,RU")
    assert (kept.number, kept.kind, kept.opened, str(kept.threshold)) == (1, "full", 0, "0.70")
    assert kept.vendors == Vendor.objects.count()
    assert kept.names > kept.vendors
    assert kept.editions["own_csv"]["sha256"] == ListEdition.objects.get().sha256
    assert kept.normaliser_version == flow.NORMALISER_VERSION
    assert what_is_owed() is None
    assert screen_vendors(clock=at_noon) == []


def test_without_a_list_nobody_is_screened():
    assert screen_vendors(clock=at_noon) == []
    assert not ScreeningRun.objects.exists()
    assert not VendorScreening.objects.filter(owed_at__isnull=True).exists()


def test_a_changed_vendor_is_asked_from_the_lists_side(tmp_path):
    own_list(tmp_path, "1,Shady Miners Ltd,RU")
    vendor = a_vendor_on_file("Honest Rigs")
    assert [run.kind for run in screen_vendors(clock=at_noon)] == ["vendors"]
    assert not ScreeningHit.objects.exists()
    VendorAlias.objects.create(vendor=vendor, name="Shady Miners", kind="former name")
    told_of(vendor)
    (run,) = screen_vendors(clock=at_noon)
    assert (run.kind, run.vendors, run.opened) == ("vendors", 1, 1)
    assert the_hit().evidence["vendor_name"] == "Shady Miners"


def test_a_vendor_told_of_without_a_change_of_names_is_not_asked_again(tmp_path):
    own_list(tmp_path, "1,Shady Miners Ltd,RU")
    told_of(Vendor.objects.first())
    assert what_is_owed() is None


def test_native_names_are_asked_and_weak_aliases_stay_low(tmp_path):
    vendor = a_vendor_on_file("Hua Guang")
    VendorAlias.objects.create(vendor=vendor, name="海光集成电路", kind="legal name")
    a_vendor_on_file("Zephyrion Quarterdeck")
    heading = "id,name,weak_aliases"
    own_list(tmp_path, "1,海光集成电路,", "2,Somebody Else Altogether,Zephyrion Quarterdeck", heading=heading)
    assert [hit.vendor for hit in ScreeningHit.objects.all()] == [vendor]


def test_another_version_of_the_normaliser_asks_everybody(tmp_path, monkeypatch):
    own_list(tmp_path, "1,Shady Miners Ltd,RU")
    for room in (flow, screening_owed, screening_sides):
        monkeypatch.setattr(room, "NORMALISER_VERSION", 99)
    (run,) = screen_vendors(clock=at_noon)
    assert (run.kind, run.normaliser_version, run.vendors) == ("full", 99, Vendor.objects.count())


# ---------------------------------------------------------------------------------------------------- decisions


@pytest.fixture
def shady(tmp_path):
    vendor = a_vendor_on_file("Shady Miners", home_country="RU")
    own_list(tmp_path, "1,Shady Miners Ltd,RU", as_of="2026-11-01")
    return vendor


def test_a_decision_stands_whatever_the_day_while_the_evidence_is_the_same(shady, tmp_path):
    decided(Decision.DISMISSED)
    own_list(tmp_path, "1,Shady Miners Ltd,RU", "2,Nobody We Know,CN", as_of="2026-11-02")
    screen_vendors(clock=lambda: NOW + timedelta(days=4000), full=True)
    assert the_hit().state == HitState.DISMISSED


def test_a_decision_lapses_with_a_sentence_when_the_evidence_changes(shady, tmp_path):
    decided(Decision.DISMISSED)
    before = hits_told().count()
    (run,) = own_list(tmp_path, "1,Shady Miners Ltd,KZ", as_of="2026-11-02")
    hit = the_hit()
    assert (run.lapsed, hit.state) == (1, HitState.LAPSED)
    assert "The vendor is of RU, the listed party of KZ" in hit.changed_because
    assert hit in ScreeningHit.objects.awaiting_decision()
    assert hits_told().count() == before + 1


def test_a_party_that_leaves_the_list_closes_its_hit_and_its_return_finds_the_decision(shady, tmp_path):
    decided(Decision.CONFIRMED)
    *_, gone = own_list(tmp_path, "2,Nobody We Know,CN", as_of="2026-11-02")
    assert (gone.closed, the_hit().state) == (1, HitState.GONE)
    assert "names the party no longer" in the_hit().changed_because
    own_list(tmp_path, "1,Shady Miners Ltd,RU", as_of="2026-11-03")
    assert the_hit().state == HitState.CONFIRMED
    assert the_hit().decisions.count() == 1


def test_a_confirmation_that_lapsed_blocks_on_until_a_person_says_otherwise(shady, tmp_path):
    a_fleet_of(shady, tmp_path)
    decided(Decision.CONFIRMED)
    assert codes(assessed()) == ["listed", "never_screened"]
    own_list(tmp_path, "1,Shady Miners Ltd,KZ", as_of="2026-11-02")
    assert codes(assessed()) == ["listed", "never_screened"]
    decided(Decision.DISMISSED)
    assert codes(assessed()) == ["never_screened"]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"reason": "  "}, "Say why"),
        ({"by": None}, "by a person"),
        ({"digest": "another"}, "evidence has changed"),
    ],
)
def test_a_decision_that_cannot_stand_is_refused(shady, said, sentence):
    hit = the_hit()
    wanted = {"reason": "looked at", "digest": hit.evidence_digest, "by": a_person(), "at": NOW}
    with pytest.raises(ValidationError, match=sentence):
        decide_hit(hit_id=hit.pk, decision=Decision.DISMISSED, **(wanted | said))
    assert (the_hit().state, hit.decisions.count()) == (HitState.OPEN, 0)


def test_where_two_persons_are_asked_for_the_first_word_is_not_in_force(shady, settings):
    settings.SCREENING_NEEDS_SECOND_PERSON = True
    ann, bob = a_person("ann1"), a_person("bob1")
    first = decided(by=ann)
    assert (first.is_in_force, the_hit().state) == (False, HitState.OPEN)
    with pytest.raises(ValidationError, match="second person"):
        decided(by=ann)
    second = decided(by=bob)
    assert (second.is_in_force, second.seconds, the_hit().state) == (True, first, HitState.CONFIRMED)
    shady.delete()  # a vendor that goes takes its hits along, decided or not
    assert not HitDecision.objects.exists()


def test_a_decision_on_record_never_changes(shady):
    made = decided(Decision.DISMISSED)
    made.reason = "something else"
    changes = (
        made.save,
        lambda: HitDecision.objects.update(reason="something else"),
        HitDecision.objects.all().delete,
    )
    for change in changes:
        with pytest.raises(ValidationError, match="never changes"):
            change()
    assert HitDecision.objects.get().reason == "looked at"


def test_to_escalate_needs_nobody_else(shady, settings):
    settings.SCREENING_NEEDS_SECOND_PERSON = True
    decided(Decision.ESCALATED)
    assert the_hit().state == HitState.ESCALATED
    assert the_hit() in ScreeningHit.objects.awaiting_decision()


def test_a_private_vendors_hit_is_its_operators_alone(tmp_path):
    ours, theirs = an_operator("ours", "Ours"), an_operator("theirs", "Theirs")
    vendor = a_vendor_on_file("Shady Miners", operator=ours)
    own_list(tmp_path, "1,Shady Miners Ltd,RU")
    assert list(ScreeningHit.objects.visible_to(ours)) == [the_hit()]
    assert not ScreeningHit.objects.visible_to(theirs).exists()
    assert (the_hit().operator, hits_told().get().operator) == (ours, ours)
    assert OutboxEvent.objects.get(kind="screening.hit_opened").operator_id == ours.pk
    assert the_hit().vendor == vendor


# --------------------------------------------------------------------------------------------- lists that are old


def fresh_sdn(folder, *names: str, day=None):
    """A cut-down SDN list of these companies, as of a day."""
    path = folder / "sdn.csv"
    rows = [f'{number},"{name}",-0- ,"SDGT"' + ",-0- " * 8 for number, name in enumerate(names, start=7001)]
    path.write_bytes("".join(f"{row}\r\n" for row in rows).encode() + b"\x1a")
    return in_force("ofac_sdn", path, day or TODAY)


def test_a_maker_is_clear_of_fresh_lists_and_unknown_when_they_are_stale(tmp_path, settings):
    maker = a_vendor_on_file("Honest Rigs")
    a_fleet_of(maker, tmp_path)
    assert assessed().sanction_level == "unknown"
    fresh_sdn(tmp_path, "SOMEBODY ELSE")
    exposure = assessed()
    assert (exposure.sanction_level, exposure.is_screened, codes(exposure)) == ("clear", True, [])
    last_fresh = TODAY + timedelta(days=settings.LIST_STALE_AFTER_DAYS)
    assert exposure.holds_through <= last_fresh
    later = last_fresh + timedelta(days=1)
    exposure = assessed(later)
    assert (exposure.sanction_level, codes(exposure)) == ("unknown", ["list_stale"])


def test_a_new_edition_after_a_stale_one_makes_makers_clear_again(tmp_path):
    maker = a_vendor_on_file("Honest Rigs")
    a_fleet_of(maker, tmp_path)
    fresh_sdn(tmp_path, "SOMEBODY ELSE", day=TODAY - timedelta(days=100))
    assert assessed().sanction_level == "unknown"
    fresh_sdn(tmp_path, "SOMEBODY ELSE")
    assert assessed().sanction_level == "clear"


def test_an_edition_that_touches_nobody_owes_no_lot(tmp_path):
    a_fleet_of(a_vendor_on_file("Honest Rigs"), tmp_path)
    fresh_sdn(tmp_path, "SOMEBODY ELSE", day=TODAY - timedelta(days=1))
    (tmp_path / "now").mkdir()
    path = tmp_path / "now" / "sdn.csv"
    path.write_bytes((tmp_path / "sdn.csv").read_bytes().replace(b"SOMEBODY", b"ANYBODY"))
    assessed()
    before = Exposure.objects.count()
    in_force("ofac_sdn", path, TODAY)
    assert (Exposure.objects.count(), Assessment.objects.count()) == (before, 0)


def test_a_vendor_that_waits_for_its_turn_is_not_clear(tmp_path):
    maker = a_vendor_on_file("Honest Rigs")
    a_fleet_of(maker, tmp_path)
    fresh_sdn(tmp_path, "SOMEBODY ELSE")
    VendorAlias.objects.create(vendor=maker, name="Another Name Of Theirs", kind="brand")
    told_of(maker)
    assert assessed().sanction_level == "unknown"
    screen_vendors(clock=at_noon)
    assert assessed().sanction_level == "clear"


# ------------------------------------------------------------------------------------------------------ ownership


def owned(vendor: Vendor, other: str, percent, kind="owner") -> None:
    Ownership.objects.create(
        vendor=vendor,
        other_party=other,
        kind=kind,
        relation="shareholder",
        share_low=percent,
        share_high=percent,
        source="a paper",
    )
    told_of(vendor)


@pytest.mark.parametrize(
    ("shares", "level", "code"),
    [
        ((30, 30), "blocked", "blocked_by_ownership"),
        ((49,), "watch", "minority_holding"),
        ((None,), "unknown", "ownership_cannot_be_excluded"),
    ],
)
def test_owners_who_are_listed_reach_the_maker_by_their_share(tmp_path, shares, level, code):
    maker = a_vendor_on_file("Honest Rigs")
    a_fleet_of(maker, tmp_path)
    names = ("Zorvex Oligarch Holding", "Plumbric Strongman Invest")
    for name, percent in zip(names, shares, strict=False):
        owned(maker, name, percent)
    fresh_sdn(tmp_path, *(name.upper() for name in names))
    for hit in ScreeningHit.objects.all():
        assert (hit.vendor, hit.party in names) == (maker, True)
        decided(hit=hit)
    exposure = assessed()
    assert code in codes(exposure)
    if level != "unknown":  # beside the tie itself, which is watched
        assert exposure.sanction_level == level
    told = next(each["sentence"] for each in reasons(exposure) if each["code"] == code)
    assert "US-OFAC-SDN 7001" in told
    assert "path: Zorvex Oligarch Holding → Honest Rigs" in told
    assert verify_exposures().differing == []


def test_a_chain_of_vendors_passes_the_block_on(tmp_path):
    maker, middle = a_vendor_on_file("Honest Rigs"), a_vendor_on_file("Middle Holding")
    top = a_vendor_on_file("Zorvex Oligarch Holding")
    a_fleet_of(maker, tmp_path)
    owned(maker, "Middle Holding", 50)
    owned(middle, "Zorvex Oligarch Holding", 50)
    fresh_sdn(tmp_path, "ZORVEX OLIGARCH HOLDING")
    decided(hit=ScreeningHit.objects.get(vendor=top))
    exposure = assessed()
    assert (exposure.sanction_level, codes(exposure)[0]) == ("blocked", "blocked_by_ownership")
    assert "Zorvex Oligarch Holding → Middle Holding → Honest Rigs" in str(reasons(exposure))


def test_a_change_of_ownership_moves_the_lots(tmp_path):
    maker = a_vendor_on_file("Honest Rigs")
    a_fleet_of(maker, tmp_path)
    owned(maker, "Zorvex Oligarch Holding", 20)
    fresh_sdn(tmp_path, "ZORVEX OLIGARCH HOLDING")
    decided()
    assert assessed().sanction_level == "watch"
    Ownership.objects.filter(vendor=maker).update(share_low=60, share_high=60)
    told_of(maker)
    screen_vendors(clock=at_noon)
    assert assessed().sanction_level == "blocked"


def test_owners_in_a_circle_end(tmp_path):
    maker, other = a_vendor_on_file("Honest Rigs"), a_vendor_on_file("Middle Holding")
    a_fleet_of(maker, tmp_path)
    owned(maker, "Middle Holding", 60)
    owned(other, "Honest Rigs", 60)
    fresh_sdn(tmp_path, "SOMEBODY ELSE")
    assert assessed().sanction_level == "clear"


# ---------------------------------------------------------------------------------------------------- other days


def test_on_another_day_the_lists_of_today_count(tmp_path):
    maker = a_vendor_on_file("Honest Rigs")
    a_fleet_of(maker, tmp_path)
    fresh_sdn(tmp_path, "SOMEBODY ELSE")
    operator, edition = Operator.objects.get(slug="prairie"), PolicyEdition.objects.current()
    far = TODAY + timedelta(days=200)
    known = share_on(operator, on=far, edition=edition, today=TODAY).whole
    assert known.bar[Part.UNKNOWN].rigs.units == 0
    through = share_through_time(operator, edition=edition, today=TODAY, first=TODAY, last=far)
    assert through.steps[-1].bar == known.bar


# -------------------------------------------------------------------------------------------------------- a law

WORDS = ("zorvex", "plumbric", "quarterdeck", "nimbalo", "strakovit", "ferrundel")
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True).map(" ".join)
A_LIST = st.dictionaries(st.sampled_from("abcdefgh"), NAMES, min_size=1, max_size=8)


def as_own_csv(folder: Path, parties: dict[str, str], day: int) -> Path:
    path = folder / "law.csv"
    rows = "".join(f"{number},{name}\n" for number, name in sorted(parties.items()))
    path.write_text(f"id,name\n{rows}", encoding="utf-8")
    return path


def standing_hits() -> list[tuple]:
    rows = ScreeningHit.objects.exclude(state=HitState.GONE)
    return sorted(
        rows.values_list("vendor__name", "party", "entity_id", "strength", "evidence_digest", "state")
    )


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(NAMES, min_size=1, max_size=5, unique=True),
    editions=st.lists(A_LIST, min_size=2, max_size=3),
)
def test_the_way_over_differences_finds_what_asking_everybody_finds(tmp_path, monkeypatch, names, editions):
    monkeypatch.setattr(
        screening_owed, "MOST_GROWN", 100_000
    )  # words are counted once, as in lists that are long
    with transaction.atomic():
        for number, name in enumerate(names):
            Vendor.objects.create(slug=f"law-{number}", name=name)
        kinds = []
        for day, parties in enumerate(editions, start=1):
            runs = in_force("own_csv", as_own_csv(tmp_path, parties, day), date(2026, 11, day))
            kinds += [run.kind for run in runs]
        over_differences = standing_hits()
        (run,) = screen_vendors(clock=at_noon, full=True)
        assert kinds[:1] == ["full"]
        assert set(kinds[1:]) <= {"lists"}
        assert (run.opened, run.lapsed, run.closed) == (0, 0, 0)
        assert standing_hits() == over_differences
        transaction.set_rollback(True)
