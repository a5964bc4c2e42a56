"""What screening keeps: confirmations bind, private records move nobody else, no listed party is lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from risk.engine.reviews import Decision
from risk.flows import load_list as ll
from risk.flows.screen_vendors import screen_vendors
from risk.flows.screening_owed import what_is_owed
from risk.flows.vendor_standing import screened_vendors
from risk.lists import FORMATS
from risk.models import Alert, ListedEntityRecord, ListEdition, ScreeningHit
from tests.console.visitors import an_admin, an_operator, signed_in
from tests.database import NOW, TODAY
from tests.flows.test_list_to_exposure import (
    a_fleet_of,
    a_vendor_on_file,
    assessed,
    at_noon,
    catalogue_read_anew,  # noqa: F401 (an autouse fixture)
    codes,
    decided,
    fresh_sdn,
    own_list,
    owned,
    the_hit,
    told_of,
)
from vendors.models import VendorAlias
from vendors.services import change_on_record, change_vendor, merge_vendors

pytestmark = pytest.mark.usefixtures("shipped")


def test_escalating_a_confirmed_hit_unblocks_nobody(tmp_path, settings):
    maker = a_vendor_on_file("Shady Miners")
    a_fleet_of(maker, tmp_path)
    fresh_sdn(tmp_path, "SHADY MINERS")
    decided()
    assert assessed().sanction_level == "blocked"
    settings.SCREENING_NEEDS_SECOND_PERSON = True
    decided(Decision.ESCALATED)
    assert assessed().sanction_level == "blocked"


def test_a_vendor_that_is_renamed_stays_blocked_until_a_person_decides(tmp_path):
    maker = a_vendor_on_file("Shady Miners")
    a_fleet_of(maker, tmp_path)
    fresh_sdn(tmp_path, "SHADY MINERS")
    decided()
    assert assessed().sanction_level == "blocked"
    change_vendor(vendor=maker, operator=None, why="x", name="Honest Rigs")
    screen_vendors(clock=at_noon)
    print(ScreeningHit.objects.get().state, ScreeningHit.objects.get().changed_because)
    assert assessed().sanction_level == "blocked"


def test_an_entry_that_is_renamed_keeps_its_vendor_blocked(tmp_path):
    maker = a_vendor_on_file("Shady Miners")
    a_fleet_of(maker, tmp_path)
    fresh_sdn(tmp_path, "SHADY MINERS", day=TODAY - timedelta(days=1))
    decided()
    fresh_sdn(tmp_path, "ZORVEX PLUMBRIC")
    assert assessed().sanction_level == "blocked"


def test_a_private_record_merged_into_the_register_brings_no_hit_along(tmp_path):
    ours = an_operator("ours", "Ours")
    maker = a_vendor_on_file("Honest Rigs")
    a_fleet_of(maker, tmp_path)
    own = a_vendor_on_file("Shady Miners", operator=ours)
    fresh_sdn(tmp_path, "SHADY MINERS")
    decided()
    merge_vendors(merged=own, into=maker, operator=ours, why="one")
    print(the_hit().vendor, the_hit().operator)
    told_of(maker)  # anything that owes the lot
    assert assessed().sanction_level == "clear"


def test_a_confirmation_of_the_merged_record_binds_the_other(tmp_path):
    one = a_vendor_on_file("Shady Miners")
    a_fleet_of(one, tmp_path)
    other = a_vendor_on_file("Shady Miners Ltd")
    fresh_sdn(tmp_path, "SHADY MINERS")
    decided(hit=ScreeningHit.objects.get(vendor=one))
    assert assessed().sanction_level == "blocked"
    merge_vendors(merged=one, into=other, operator=None, why="one")
    screen_vendors(clock=at_noon)
    print([(h.vendor.name, h.state) for h in ScreeningHit.objects.all()])
    assert assessed().sanction_level == "blocked"


def test_an_owner_on_a_private_record_moves_nobody_elses_exposure(tmp_path):
    ours = an_operator("ours", "Ours")
    maker = a_vendor_on_file("Honest Rigs")
    a_fleet_of(maker, tmp_path)
    owned(maker, "Holdco", 60)
    a_vendor_on_file("Zorvex Oligarch")
    fresh_sdn(tmp_path, "ZORVEX OLIGARCH")
    decided()
    print(assessed().sanction_level)
    assert assessed().sanction_level == "clear"
    private = a_vendor_on_file("Holdco", operator=ours)
    owned(private, "Zorvex Oligarch", 100)
    screen_vendors(clock=at_noon)
    facts = screened_vendors([maker.pk])[maker.pk]
    print(facts.holdings, facts.listings)
    assert assessed().sanction_level == "clear"


def test_a_private_vendor_with_the_name_of_a_maker_tells_nothing_of_it(tmp_path):
    ours = an_operator("ours", "Ours")
    maker = a_vendor_on_file("Honest Rigs")
    private = a_vendor_on_file("Honest Rigs", operator=ours)
    owned(private, "Zorvex Oligarch", 100)
    facts = screened_vendors([maker.pk, private.pk])[maker.pk]
    assert facts.holdings == ()


def test_of_two_loads_at_once_the_second_is_refused_and_no_party_is_lost(tmp_path, monkeypatch):
    def sdn(names):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        path = folder / "sdn.csv"
        rows = [f'{n},"{name}",-0- ,"SDGT"' + ",-0- " * 8 for n, name in names]
        path.write_bytes("".join(f"{row}\r\n" for row in rows).encode() + b"\x1a")
        return path

    def load(path):
        return ll.load_list(
            form=FORMATS["ofac_sdn"], file=path, companions={}, as_of=TODAY, at=NOW, floors={}
        )

    load(sdn([(1, "ALPHA"), (2, "BETA")]))
    mine, theirs = sdn([(1, "ALPHA"), (2, "BETA"), (3, "GAMMA")]), sdn([(1, "ALPHA")])
    real = ll._standing

    def standing(form):
        told = real(form)
        monkeypatch.setattr(ll, "_standing", real)
        load(theirs)
        return told

    monkeypatch.setattr(ll, "_standing", standing)
    try:
        load(mine)
    except Exception as e:
        print("refused", e)
        return
    last = ListEdition.objects.current("ofac_sdn")
    names = set(ListedEntityRecord.objects.on(last).values_list("name", flat=True))
    assert names == {"ALPHA", "BETA", "GAMMA"}, (last.number, last.rows, names)


def test_staff_of_the_platform_read_no_hits_of_a_private_vendor(tmp_path):
    ours = an_operator("ours", "Ours")
    own = a_vendor_on_file("Shady Miners", operator=ours)
    fresh_sdn(tmp_path, "SHADY MINERS")
    client = signed_in(an_admin())
    a = client.get(f"/api/v1/vendors/{own.pk}/", headers={"X-Operator": "ours"})
    b = client.get(f"/api/v1/vendors/{own.pk}/hits/", headers={"X-Operator": "ours"})
    print(a.status_code, b.status_code)
    assert (a.status_code, b.status_code) == (404, 404)


def test_a_confirmed_hit_on_an_owner_under_another_name_counts_by_its_share(tmp_path):
    maker = a_vendor_on_file("Honest Rigs")
    a_fleet_of(maker, tmp_path)
    owner = a_vendor_on_file("Plumbric")
    VendorAlias.objects.create(vendor=owner, name="Zorvex Oligarch AG", kind="legal name")
    told_of(owner)
    owned(maker, "Zorvex Oligarch AG", 60)
    fresh_sdn(tmp_path, "ZORVEX OLIGARCH AG")
    print([(h.vendor.name, h.party) for h in ScreeningHit.objects.all()])
    decided(hit=ScreeningHit.objects.get(vendor=maker))
    e = assessed()
    print(e.sanction_level, codes(e))
    assert e.sanction_level == "blocked"


def test_another_country_of_a_name_is_asked_about_anew(tmp_path):
    maker = a_vendor_on_file("Honest Rigs")
    alias = VendorAlias.objects.create(vendor=maker, name="Shady Miners", kind="legal name", country="CN")
    told_of(maker)
    fresh_sdn(tmp_path, "SHADY MINERS")
    assert what_is_owed() is None
    change_on_record(kind="names", row=alias, said={"country": "RU"}, operator=None, why="x")
    owed = what_is_owed()
    assert owed is not None


def test_a_list_of_a_day_to_come_is_refused(tmp_path):
    with pytest.raises(ValidationError):
        fresh_sdn(tmp_path, "SHADY MINERS", day=date(2062, 11, 20))


def never_called_so(maker, name):
    """Another name, and none of before: the register was wrong."""
    change_vendor(vendor=maker, operator=None, why="x", name=name)
    maker.aliases.all().delete()


def test_a_vendor_that_takes_another_name_is_found_by_the_one_it_bore(tmp_path):
    maker = a_vendor_on_file("Shady Miners")
    a_fleet_of(maker, tmp_path)
    fresh_sdn(tmp_path, "SHADY MINERS", "OTHER BODY", day=TODAY - timedelta(days=3))
    decided()
    change_vendor(vendor=maker, operator=None, why="x", name="Honest Rigs")
    screen_vendors(clock=at_noon)
    assert the_hit().state == "confirmed"


def test_a_confirmation_whose_names_are_no_longer_alike_binds_until_it_is_decided_or_delisted(tmp_path):
    maker = a_vendor_on_file("Shady Miners")
    a_fleet_of(maker, tmp_path)
    fresh_sdn(tmp_path, "SHADY MINERS", "OTHER BODY", day=TODAY - timedelta(days=3))
    decided()
    never_called_so(maker, "Honest Rigs")
    (run,) = screen_vendors(clock=at_noon)
    hit = the_hit()
    assert (hit.state, hit.changed_because, run.lapsed) == (
        "lapsed",
        "The names of vendor and entry are no longer alike.",
        1,
    )
    assert Alert.objects.filter(run=run).count() == 1
    (run,) = screen_vendors(clock=at_noon, full=True)
    assert (the_hit().state, run.unchanged) == ("lapsed", 1)
    decided()
    screen_vendors(clock=at_noon, full=True)
    assert the_hit().state == "confirmed"
    decided(Decision.DISMISSED)
    screen_vendors(clock=at_noon, full=True)
    assert the_hit().state == "gone"


def test_a_party_that_is_delisted_sets_its_vendor_free(tmp_path):
    maker = a_vendor_on_file("Shady Miners")
    a_fleet_of(maker, tmp_path)
    own_list(tmp_path, "1,Shady Miners,RU", "2,Other,RU", as_of="2026-11-18")
    decided()
    never_called_so(maker, "Honest Rigs")
    screen_vendors(clock=at_noon)
    assert the_hit().state == "lapsed"
    own_list(tmp_path, "2,Other,RU", as_of="2026-11-19")
    assert the_hit().state == "gone"


def test_the_hits_of_a_merged_record_leave_the_queue(tmp_path):
    one, other = a_vendor_on_file("Shady Miners"), a_vendor_on_file("Shady Miners Ltd")
    fresh_sdn(tmp_path, "SHADY MINERS")
    merge_vendors(merged=one, into=other, operator=None, why="one")
    screen_vendors(clock=at_noon)
    assert ScreeningHit.objects.awaiting_decision().count() == 1
