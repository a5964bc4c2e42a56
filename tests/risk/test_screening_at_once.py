"""Two screenings at one moment, and people who change things while one is at work: nothing is lost or doubled."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from risk.engine.reviews import Decision, HitState
from risk.flows import screening_sides, tell_of_screening
from risk.flows.load_list import load_list
from risk.flows.screen_vendors import screen_vendors
from risk.flows.screening_owed import what_is_owed
from risk.lists import FORMATS
from risk.models import Alert, AlertKind, ScreeningHit, ScreeningRun, VendorScreening
from risk.services import decide_hit
from tests.at_once import at_once
from tests.console.visitors import a_person
from tests.database import NOW
from vendors.models import Vendor, VendorAlias
from vendors.signals import vendors_changed

pytestmark = pytest.mark.usefixtures("shipped_for_good")
Kind = ScreeningRun.Kind


def in_force(folder, *rows: str, day=20) -> None:
    path = folder / "own.csv"
    path.write_text("\n".join(["id,name,country", *rows]) + "\n", encoding="utf-8")
    as_of = date(2026, 11, day)
    load_list(form=FORMATS["own_csv"], file=path, companions={}, as_of=as_of, at=NOW, floors={})


def screened() -> list[ScreeningRun]:
    return screen_vendors(clock=lambda: NOW)


@pytest.fixture
def vendor() -> Vendor:
    return Vendor.objects.create(slug="shady-miners", name="Shady Miners", home_country="RU")


def meanwhile(monkeypatch, kind, deed) -> None:
    """Do something, once, after a run of a kind has found what it finds and before it writes."""
    ask, done = screening_sides.ASK[kind], []

    def asked(owed):
        screened = ask(owed)
        if not done:
            done.append(True)
            deed()
        return screened

    monkeypatch.setitem(screening_sides.ASK, kind, asked)


def test_two_workers_at_once_open_each_hit_once(vendor, tmp_path):
    in_force(tmp_path, "1,Shady Miners Ltd,RU")
    at_once(screened, screened)
    assert [run.number for run in ScreeningRun.objects.order_by("number")] == [1]
    assert (ScreeningHit.objects.count(), Alert.objects.filter(kind=AlertKind.HITS_OPENED).count()) == (1, 1)
    assert what_is_owed() is None


def test_a_run_that_was_overtaken_starts_anew_on_what_the_other_left(vendor, tmp_path, monkeypatch):
    in_force(tmp_path, "1,Shady Miners Ltd,RU")
    meanwhile(monkeypatch, Kind.FULL, screened)
    assert screened() == []
    assert (ScreeningRun.objects.count(), ScreeningHit.objects.count()) == (1, 1)


def test_a_decision_made_while_a_run_is_at_work_stands(vendor, tmp_path, monkeypatch):
    in_force(tmp_path, "1,Shady Miners Ltd,RU")
    screened()
    hit = ScreeningHit.objects.get()

    def decide():
        decide_hit(
            hit_id=hit.pk,
            decision=Decision.CONFIRMED,
            reason="looked at",
            digest=hit.evidence_digest,
            by=a_person(),
            at=NOW,
        )

    meanwhile(monkeypatch, Kind.FULL, decide)
    screen_vendors(clock=lambda: NOW, full=True)
    assert ScreeningHit.objects.get().state == HitState.CONFIRMED


def test_a_vendor_that_changes_while_a_run_is_at_work_is_asked_again(vendor, tmp_path, monkeypatch):
    in_force(tmp_path, "1,Zorvex Quarterdeck,RU")

    def rename():
        VendorAlias.objects.create(vendor=vendor, name="Zorvex Quarterdeck", kind="former name")
        vendors_changed.send(sender=Vendor, vendor_ids=[vendor.pk], cause="a test")

    meanwhile(monkeypatch, Kind.FULL, rename)
    assert [run.kind for run in screened()] == [Kind.FULL, Kind.VENDORS]
    assert ScreeningHit.objects.get().evidence["vendor_name"] == "Zorvex Quarterdeck"
    assert not VendorScreening.objects.filter(owed_at__isnull=False).exists()


def test_an_edition_that_comes_while_a_run_is_at_work_is_screened_after_it(vendor, tmp_path, monkeypatch):
    in_force(tmp_path, "1,Nobody We Know,CN")
    meanwhile(monkeypatch, Kind.FULL, lambda: in_force(tmp_path, "1,Shady Miners Ltd,RU", day=21))
    first, second = screened()
    assert (first.kind, first.opened, first.editions["own_csv"]["number"]) == (Kind.FULL, 0, 1)
    assert (second.kind, second.opened, second.editions["own_csv"]["number"]) == (Kind.LISTS, 1, 2)


def test_a_vendor_that_goes_while_a_run_is_at_work_takes_its_hits_along(vendor, tmp_path, monkeypatch):
    in_force(tmp_path, "1,Shady Miners Ltd,RU")
    meanwhile(monkeypatch, Kind.FULL, vendor.delete)
    screened()
    assert not ScreeningHit.objects.exists()


def test_a_run_that_fails_leaves_everything_owed(vendor, tmp_path, monkeypatch):
    in_force(tmp_path, "1,Shady Miners Ltd,RU")

    def fail(*_, **__):
        raise RuntimeError("the machine was switched off")

    with monkeypatch.context() as broken:
        broken.setattr(tell_of_screening, "tell", fail)
        with pytest.raises(RuntimeError):
            screened()
    assert not (ScreeningRun.objects.exists() or ScreeningHit.objects.exists())
    assert [run.opened for run in screen_vendors(clock=lambda: NOW + timedelta(days=1))] == [1]
