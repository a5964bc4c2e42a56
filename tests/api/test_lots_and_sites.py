"""Lots, sites and models by the API: listed, found, made and corrected."""

from __future__ import annotations

import pytest
from django.db.models import F

from fleet.models import Lot, Operator, Rig, Site
from fleet.services import change_site
from ledger.models import AuditEntry
from risk.models import Assessment
from tests.api.programs import a_program
from tests.api.test_problems import problem_of
from tests.console.visitors import a_fleet, an_operator
from tests.database import NOW
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")

LOTS, SITES, MODELS = (f"/api/v1/{name}/" for name in ("lots", "sites", "models"))
ON_ORDER = {
    "model": "Antminer S21 200T",
    "quantity": 500,
    "status": "on order",
    "expected_entry_date": "2026-12-15",
    "import_country": "US",
    "purchase_order": "PO-1",
}


@pytest.fixture
def operator(tmp_path):
    """An operator with three rigs in two lots at two sites."""
    made = an_operator()
    a_fleet(tmp_path, made, [a_row(1), a_row(2, site="Pecos"), a_row(3, country_of_origin="MY")])
    return made


@pytest.fixture
def program(operator):
    """A program with a key of that operator."""
    return a_program(operator)


def test_a_fleet_that_moves_after_the_check_of_a_site_has_it_checked_again(operator):
    site, asked = Site.objects.of(operator).get(name="Pecos"), []

    def still():
        asked.append(1)
        if len(asked) == 1:
            Operator.objects.filter(pk=operator.pk).update(fleet_version=F("fleet_version") + 1)

    change_site(site=site, said={"name": "Pecos West"}, at=NOW, still=still)
    assert len(asked) == 2


def test_a_site_renamed_by_one_keeps_the_country_that_another_gave_it_meanwhile(operator):
    site, same = (Site.objects.select_related("operator").get(name="Pecos") for _ in range(2))
    change_site(site=same, said={"country": "CA"}, at=NOW)
    change_site(site=site, said={"name": "Pecos West"}, at=NOW)
    kept = Site.objects.get(pk=site.pk)
    assert (kept.name, kept.country) == ("Pecos West", "CA")


def test_a_lot_of_more_rigs_than_one_request_may_correct_is_sent_to_an_upload(program, monkeypatch):
    monkeypatch.setattr("fleet.api.lots.MOST_ROWS", 1)
    large, small = both(program)
    refused = problem_of(program.patch(f"{LOTS}{large['lot']}/", {"country_of_origin": "VN"}))
    assert (refused["status"], refused["code"]) == (409, "lot_too_large")
    assert "upload" in refused["detail"]
    assert both(program)[0]["units"] == 2
    assert program.patch(f"{LOTS}{small['lot']}/", {"country_of_origin": "VN"}).status_code == 200


def listed(program, address, query=""):
    """The rows of a page."""
    answer = program.get(f"{address}?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def both(program):
    """The lot of China and that of Malaysia."""
    return sorted(listed(program, LOTS), key=lambda lot: lot["country_of_origin"])


def test_lots_are_told_with_where_their_rigs_are(program):
    first, second = both(program)
    assert (first["country_of_origin"], first["units"], second["units"]) == ("CN", 2, 1)
    assert {(each["site"], each["units"]) for each in first["holdings"]} == {("Pecos", 1), ("Rockdale", 1)}
    assert [each["lot"] for each in listed(program, LOTS, "country_of_origin=MY&has_units=true")] == [
        second["lot"]
    ]
    assert listed(program, LOTS, "unknown=entry_date") == []
    assert {"lot": first["lot"], "units": 2} in listed(program, LOTS, "fields=lot,units")


def test_a_lot_of_rigs_on_order_is_made(program):
    answer = program.post(LOTS, ON_ORDER, once="one")
    told = answer.json()
    assert (answer.status_code, told["units"], told["has_arrived"], told["purchase_order"]) == (
        201,
        500,
        False,
        "PO-1",
    )
    assert program.get(answer["Location"]).json() == told
    again = program.post(LOTS, ON_ORDER)
    assert (again.status_code, again.json()["code"]) == (409, "lot_on_record")
    named = program.post(LOTS, ON_ORDER | {"serial_number": "A1"})
    assert (named.status_code, named.json()["errors"][0]["field"]) == (400, "serial_number")


def test_a_corrected_lot_is_the_lot_of_its_new_facts(program):
    lot = both(program)[0]
    Assessment.objects.all().delete()
    seen = program.get(f"{LOTS}{lot['lot']}/")["ETag"]
    answer = program.patch(f"{LOTS}{lot['lot']}/", {"country_of_origin": "TH"}, tag=seen)
    told = answer.json()
    assert (answer.status_code, told["country_of_origin"], told["units"]) == (200, "TH", 2)
    assert told["lot"] != lot["lot"]
    assert program.get(f"{LOTS}{lot['lot']}/").json()["units"] == 0
    assert set(Assessment.objects.values_list("lot_id", flat=True)) == {lot["lot"], told["lot"]}
    stale = program.patch(f"{LOTS}{lot['lot']}/", {"country_of_origin": "MY"}, tag=seen)
    assert (stale.status_code, Rig.objects.filter(lot_id=told["lot"]).count()) == (412, 2)
    empty = program.patch(f"{LOTS}{lot['lot']}/", {"country_of_origin": "MY"})
    assert (empty.status_code, empty.json()["code"]) == (409, "lot_empty")


def test_a_lot_corrected_to_the_facts_of_another_becomes_that_one(program):
    first, second = both(program)
    told = program.patch(f"{LOTS}{second['lot']}/", {"country_of_origin": "CN"}).json()
    assert (told["lot"], told["units"]) == (first["lot"], 3)


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"status": "sold"}, 400, "invalid"),
        ({}, 400, "object_missing"),
        ({"hts_code": "84"}, 422, "hts_code_unreadable"),
        ({"loaded_date": "2025-07-01"}, 422, "loaded_after_entry"),
    ],
)
def test_a_lot_is_not_corrected_to_what_cannot_be(program, said, status, code):
    lot = listed(program, LOTS)[0]
    answer = program.patch(f"{LOTS}{lot['lot']}/", said)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert listed(program, LOTS)[0] == lot


def test_the_country_of_a_site_is_that_of_import_of_later_rows(program):
    answer = program.post(SITES, {"name": " Lancaster ", "country": "Canada"})
    told = answer.json()
    assert (answer.status_code, told["name"], told["country"]) == (201, "Lancaster", "CA")
    row = {"serial_number": "A00000001", "model": "Antminer S21 200T", "site": "lancaster"}
    rig = program.post("/api/v1/rigs/", row).json()
    assert (rig["site"], rig["import_country"], rig["site_id"]) == ("Lancaster", "CA", told["site"])


def test_a_site_is_renamed_by_who_knows_it(program, operator):
    rockdale = listed(program, SITES, "name=rock")[0]
    address = f"{SITES}{rockdale['site']}/"
    seen = program.get(address)["ETag"]
    before = operator.fleet_version
    told = program.patch(address, {"name": "Rockdale TX", "country": "US"}, tag=seen).json()
    assert (told["name"], told["country"]) == ("Rockdale TX", "US")
    assert program.patch(address, {"name": "Rockdale 2"}, tag=seen).status_code == 412
    operator.refresh_from_db()
    assert operator.fleet_version > before
    assert AuditEntry.objects.filter(deed="site changed", subject=f"site {rockdale['site']}").count() == 1
    assert {rig["site"] for rig in listed(program, "/api/v1/rigs/")} == {"Rockdale TX", "Pecos"}


@pytest.mark.parametrize(
    ("said", "status", "field"),
    [
        ({"name": "ROCKDALE"}, 409, "name"),
        ({"name": "n/a"}, 422, "name"),
        ({"country": "Atlantis"}, 422, "country"),
        ({"name": "x" * 101}, 400, "name"),
        ({"town": "x"}, 400, "town"),
    ],
)
def test_a_site_that_cannot_be_is_refused(program, said, status, field):
    for answer in (program.post(SITES, {"name": "Pecos 2"} | said), patched(program, said)):
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, field)
    assert Site.objects.count() == 2


def patched(program, said):
    """The other site, changed so."""
    return program.patch(f"{SITES}{listed(program, SITES, 'name=pecos')[0]['site']}/", said)


def test_a_model_is_found_by_what_people_call_it(program):
    told = program.get(f"{MODELS}?name=S19jPro 104T").json()
    assert [(each["maker"], each["name"]) for each in told["results"]] == [("Bitmain", "Antminer S19j Pro")]
    assert (told["named"]["bin"], told["named"]["candidates"]) == ("104 TH/s", [])
    one = program.get(f"{MODELS}{told['results'][0]['model']}/")
    assert one.json() == told["results"][0]
    assert (
        program.get(
            f"{MODELS}{told['results'][0]['model']}/", headers={"If-None-Match": one["ETag"]}
        ).status_code
        == 304
    )


def test_the_nearest_names_of_an_unknown_model_are_told(program):
    told = program.get(f"{MODELS}?name=S21 XPro").json()
    names = {(each["maker"], each["name"]) for each in told["results"]}
    candidates = {(each["maker"], each["model"]) for each in told["named"]["candidates"]}
    assert names == candidates != set()


def test_models_are_narrowed_by_maker_algorithm_and_hashrate(program):
    found = listed(program, MODELS, "maker=microbt&algorithm=SHA-256&hashrate_ths_min=200&page_size=1000")
    assert found
    for each in found:
        rates = [bin_["hashrate_ths"] for bin_ in each["bins"]] + [each["hashrate_ths"]]
        assert each["maker"] == "MicroBT"
        assert any(float(rate) >= 200 for rate in rates if rate)


@pytest.mark.parametrize(("address", "queries"), [(LOTS, 5), (SITES, 3), (MODELS, 4)])
def test_a_list_asks_the_same_for_any_number_of_rows(program, django_assert_num_queries, address, queries):
    program.get(address)
    for size in (1, 2, 100):
        with django_assert_num_queries(queries):
            listed(program, address, f"page_size={size}")


def test_what_is_another_operators_does_not_exist(program):
    stranger = a_program(an_operator("other", "Other"))
    lot, site = Lot.objects.order_by("pk")[0].pk, Site.objects.order_by("pk")[0].pk
    for address in (f"{LOTS}{lot}/", f"{SITES}{site}/"):
        assert stranger.get(address).status_code == 404
        assert stranger.patch(address, {"country_of_origin": "MY", "name": "x"}).status_code == 404
    assert listed(stranger, LOTS) == listed(stranger, SITES) == []
