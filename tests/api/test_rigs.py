"""Rigs by the API: made, found by every fact, corrected by who knows them, and counted in the lots of their facts."""

from __future__ import annotations

import pytest

from fleet.models import Lot, Rig, RigChange
from fleet.services import correct_rigs
from ledger.models import AuditEntry
from risk.models import Assessment
from tests.api.programs import a_program
from tests.console.visitors import a_fleet, an_operator
from tests.database import NOW
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")

RIGS = "/api/v1/rigs/"
ROW = {
    "serial_number": "YNAHEAUBCJCBA0001",
    "model": "Antminer S21 200T",
    "site": "Rockdale",
    "country_of_origin": "CN",
    "import_country": "US",
    "entry_date": "2025-06-10",
    "customs_value": "5000.00",
    "mac_address": "AA-BB-CC-DD-EE-01",
}
MAC = "aa:bb:cc:dd:ee:01"


@pytest.fixture
def operator():
    """An operator without a fleet."""
    return an_operator()


@pytest.fixture
def program(operator):
    """A program with a key of that operator."""
    return a_program(operator)


def made(program, **said):
    """A rig that the program put on record, as it was told."""
    answer = program.post(RIGS, ROW | said)
    assert answer.status_code == 201, answer.content
    return answer.json()


def address(rig):
    """Where a rig is."""
    return f"{RIGS}{rig['rig']}/"


def found(program, query=""):
    """The serial numbers of a page."""
    answer = program.get(f"{RIGS}?{query}")
    assert answer.status_code == 200, answer.content
    return [each["serial_number"] for each in answer.json()["results"]]


def test_a_rig_is_made_as_a_row_of_a_sheet_would_make_it(program, operator, tmp_path):
    told = made(program)
    other = an_operator("other", "Other")
    row = a_row(1, customs_value="5000.00", **{"MAC Address": MAC})
    silent = {
        "Country of Assembly",
        "HTS Code",
        "Entry Number",
        "Transport Mode",
        "Hashrate (TH/s)",
        "Power (W)",
    }
    a_fleet(tmp_path, other, [{k: "" if k in silent else v for k, v in row.items()}])
    mine, theirs = (Rig.objects.of(owner).select_related("lot").get() for owner in (operator, other))
    same = ("serial_number", "mac_address", "bin_id", "status", "customs_value_cents", "quantity", "version")
    assert [getattr(mine, name) for name in same] == [getattr(theirs, name) for name in same]
    assert mine.lot.facts_digest == theirs.lot.facts_digest
    assert (told["customs_value"], told["entry_date"], told["hashboard_origin"]) == (
        "5000.00",
        "2025-06-10",
        None,
    )
    assert program.get(address(told)).json() == told


def test_a_new_rig_is_owed_an_assessment_and_on_record(program, operator):
    told = made(program)
    assert list(Assessment.objects.values_list("lot_id", flat=True)) == [told["lot"]]
    assert Lot.objects.get().holdings.get().units == 1
    assert AuditEntry.objects.filter(deed="rows sent", operator_id=operator.pk).count() == 1
    assert AuditEntry.objects.filter(deed="API POST", subject=f"rig {told['rig']}").exists()


def test_a_rig_on_record_is_not_made_again(program):
    told = made(program)
    answer = program.post(RIGS, ROW | {"status": "stored"})
    assert (answer.status_code, answer.json()["code"]) == (409, "rig_on_record")
    assert f"rig {told['rig']}" in answer.json()["detail"]
    assert Rig.objects.get().status == "deployed"


def test_what_is_wrong_is_told_in_the_words_of_an_upload(program):
    answer = program.post(
        RIGS, {"serial_number": "A1", "model": "S21 XPro", "hts_code": "84.71", "pool": "x"}
    )
    told = answer.json()
    fields = {each["field"]: each["sentence"] for each in told["errors"]}
    assert (answer.status_code, told["code"]) == (422, "rows_wrong")
    assert set(fields) == {"hts_code", "model", "pool", "site"}
    assert fields["hts_code"] == "'84.71' has 4 digits; an HTS code here needs 8 or 10, like 8543.70.9860."
    assert "Write Bitmain Antminer S21" in fields["model"]
    assert Rig.objects.count() == 0


@pytest.mark.parametrize(
    "query",
    [
        "serial_number=YNAHEAUBCJCBA0001",
        "serial_number=ynaheaubcjcba0001",
        "serial_number=AABB.CCDD.EE01",
        "mac_address=aa-bb-cc-dd-ee-01",
        "search=YNAHEAUBCJCBA",
        "status=deployed&site=rockdale&maker=bitmain&model=Antminer S21",
        "country_of_origin=cn&entry_date=2025-06-10&import_country=US&has_arrived=true",
        "entry_date_from=2025-06-10&entry_date_through=2025-06-10",
        "customs_value_min=5000&customs_value_max=5000&quantity_max=1",
        "unknown=hts_code",
        "unknown=hashrate_ths",
        "is_missing=false",
        "updated_since=2020-01-01T00:00:00Z",
    ],
)
def test_a_rig_is_found_by_any_fact(program, query):
    made(program)
    assert found(program, query) == ["YNAHEAUBCJCBA0001"]


@pytest.mark.parametrize(
    "query",
    [
        "serial_number=YNAHEAUBCJCBA000",
        "status=stored",
        "country_of_origin=MY",
        "entry_date_from=2025-06-11",
        "customs_value_min=5000.01",
        "customs_value_max=4999.99",
        "hts_code=8543",
        "unknown=customs_value",
        "is_missing=true",
        "quantity_min=2",
        "updated_since=2100-01-01T00:00:00%2B02:00",
        "lot=9999999999999999999999",
    ],
)
def test_a_rig_of_other_facts_is_not_found(program, query):
    made(program)
    answer = program.get(f"{RIGS}?{query}")
    assert answer.status_code in (200, 400)
    assert answer.json().get("results", []) == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=lost", "status"),
        ("status=", "status"),
        ("entry_date=June", "entry_date"),
        ("customs_value_min=many", "customs_value_min"),
        ("updated_since=yesterday", "updated_since"),
        ("is_missing=perhaps", "is_missing"),
        ("colour=red", "colour"),
        ("fields=rig,colour", "fields"),
        ("cursor=abc", "cursor"),
        ("cursor=bz01JnA9MQ==", "cursor"),  # o=5&p=1
    ],
)
def test_a_parameter_that_cannot_be_meant_is_refused_with_a_sentence(program, query, field):
    answer = program.get(f"{RIGS}?{query}")
    assert answer.status_code == 400
    error = answer.json()["errors"][0]
    assert error["field"] == field
    assert error["sentence"].endswith(".")


def test_only_the_fields_asked_for_are_told(program):
    told = made(program)
    assert program.get(f"{RIGS}?fields=rig,status").json()["results"] == [
        {"rig": told["rig"], "status": "deployed"}
    ]
    assert program.get(f"{address(told)}?fields=status").json() == {"status": "deployed"}


def test_a_rig_is_found_by_what_it_was_called_before(program):
    told = made(program)
    answer = program.patch(address(told), {"serial_number": "NEW0001", "mac_address": "aa:bb:cc:dd:ee:02"})
    former = {each["value"] for each in answer.json()["former_identifiers"]}
    assert former == {"YNAHEAUBCJCBA0001", MAC}
    for identifier in ("YNAHEAUBCJCBA0001", "AABBCCDDEE01", "new0001", "AABB.CCDD.EE02"):
        assert found(program, f"serial_number={identifier}") == ["NEW0001"]


def test_a_correction_moves_the_rig_to_the_lot_of_its_facts(program, operator):
    told = made(program)
    answer = program.patch(address(told), {"country_of_origin": "Malaysia"})
    after = answer.json()
    assert (answer.status_code, after["country_of_origin"], after["version"]) == (200, "MY", 2)
    assert after["lot"] != told["lot"]
    assert {lot.pk: [each.units for each in lot.holdings.all()] for lot in Lot.objects.all()} == {
        told["lot"]: [],
        after["lot"]: [1],
    }
    assert set(Assessment.objects.values_list("lot_id", flat=True)) == {told["lot"], after["lot"]}
    change = RigChange.objects.get()
    assert (change.before, change.after) == ({"country_of_origin": "CN"}, {"country_of_origin": "MY"})
    assert change.author.startswith("a correction through API key ")


def test_null_and_the_empty_text_clear(program):
    told = made(program, rack="R1", notes="x")
    after = program.patch(
        address(told), {"customs_value": None, "rack": "", "country_of_origin": None}
    ).json()
    assert (after["customs_value"], after["rack"], after["country_of_origin"], after["notes"]) == (
        None,
        None,
        None,
        "x",
    )


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"status": "lost"}, "status_unknown"),
        ({"status": "on order"}, "entry_date_on_order"),
        ({"entry_date": "03/04/2025"}, "entry_date_ambiguous"),
        ({"serial_number": None}, "cannot_be_cleared"),
        ({"quantity": 2}, "quantity_with_identifier"),
        ({"colour": "red"}, "field_unknown"),
        ({"model": "S21 XPro"}, "model_unknown"),
        ({"serial_number": "YNAHEAUBCJCBA0002"}, "serial_number_of_another_rig"),
    ],
)
def test_a_correction_is_held_to_what_a_row_is_held_to(program, said, code):
    told = made(program)
    made(program, serial_number="YNAHEAUBCJCBA0002", mac_address="aa:bb:cc:dd:ee:02")
    answer = program.patch(address(told), said)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert program.get(address(told)).json() == told


def test_a_rig_is_moved_retired_and_sold(program, operator):
    told = made(program)
    assert program.patch(address(told), {"site": "Pecos"}).json()["site"] == "Pecos"
    assert program.patch(address(told), {"status": "sold"}).json()["status"] == "sold"
    assert [(each.site.name, each.status) for each in operator_holdings(operator)] == [("Pecos", "sold")]


def operator_holdings(operator):
    """All holdings."""
    return [each for lot in Lot.objects.of(operator) for each in lot.holdings.all()]


def test_a_later_sheet_does_not_undo_a_programs_correction(program, operator, tmp_path):
    a_fleet(tmp_path, operator, [a_row(1)])
    (rig,) = program.get(RIGS).json()["results"]
    program.patch(address(rig), {"country_of_origin": "MY"})
    answer = a_fleet(tmp_path, operator, [a_row(1, rack="R7")])
    assert (answer["changed"], Rig.objects.get().lot.country_of_origin, Rig.objects.get().rack) == (
        1,
        "MY",
        "R7",
    )


def test_sent_rows_are_no_correction(program, operator, tmp_path):
    a_fleet(tmp_path, operator, [a_row(1)])
    row = {"serial_number": "YNAHEAUBCJCBA0001", "model": "Antminer S21", "site": "Rockdale"}
    program.post(f"{RIGS}bulk/", [row | {"country_of_origin": "MY"}])
    assert Rig.objects.get().lot.country_of_origin == "MY"
    a_fleet(tmp_path, operator, [a_row(1)])
    assert Rig.objects.get().lot.country_of_origin == "CN"


def test_who_changes_a_rig_says_what_they_saw(program):
    told = made(program)
    seen = program.get(address(told))["ETag"]
    assert program.patch(address(told), {"rack": "R1"}, tag=None).json()["code"] == "if_match_missing"
    first = program.patch(address(told), {"rack": "R1"}, tag=seen)
    late = program.patch(address(told), {"rack": "R2"}, tag=seen)
    assert (first.status_code, late.status_code, late.json()["code"]) == (200, 412, "etag_stale")
    assert Rig.objects.get().rack == "R1"
    assert first["ETag"] == program.get(address(told))["ETag"] != seen
    assert program.patch(address(told), {"rack": "R3"}, tag=f'"x", {first["ETag"]}').status_code == 200
    assert program.patch(address(told), {"rack": "R4"}, tag=f"W/{first['ETag']}").status_code == 412


def test_who_has_a_rig_gets_it_only_when_it_changed(program):
    told = made(program)
    seen = program.get(address(told))["ETag"]
    again = program.get(address(told), headers={"If-None-Match": f"W/{seen}"})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", seen)
    program.patch(address(told), {"rack": "R1"})
    assert program.get(address(told), headers={"If-None-Match": seen}).status_code == 200


def test_the_moment_of_every_change_is_told(program, operator, tmp_path):
    told = made(program)
    assert found(program, f"updated_since={NOW.year + 50}-01-01T00:00:00Z") == []
    moment = program.patch(address(told), {"site": "Pecos"}).json()["updated_at"].replace("+", "%2B")
    assert found(program, f"updated_since={moment}") == ["YNAHEAUBCJCBA0001"]
    lots = program.get(f"/api/v1/lots/?updated_since={moment}").json()["results"]
    assert [each["lot"] for each in lots] == [told["lot"]]
    correct_rigs(operator=operator, rig_ids=[told["rig"]], values={"rack": "R2"}, at=NOW, by=None)
    assert Rig.objects.get().updated_at == NOW
    later = NOW.replace(year=NOW.year + 1)
    assert program.get(f"{RIGS}?updated_since={later:%Y-%m-%dT%H:%M:%SZ}").json()["results"] == []


def test_another_operators_rig_does_not_exist(program):
    told = made(program)
    stranger = a_program(an_operator("other", "Other"))
    assert stranger.get(address(told)).status_code == 404
    assert stranger.patch(address(told), {"status": "sold"}).status_code == 404
    assert found(stranger) == []


def test_a_key_that_may_only_read_changes_nothing(program, operator):
    told = made(program)
    reader = a_program(operator, "fleet:read")
    assert reader.patch(address(told), {"status": "sold"}).json()["code"] == "scope_missing"
    assert reader.post(RIGS, ROW).status_code == 403


def test_a_count_of_rigs_is_made_and_corrected(program):
    row = {"model": "Antminer S21 200T", "quantity": 500, "status": "on order", "purchase_order": "PO-1"}
    told = program.post(RIGS, row).json()
    assert (told["quantity"], told["serial_number"], told["site"]) == (500, None, None)
    assert program.patch(address(told), {"quantity": 480}).json()["quantity"] == 480
    assert Lot.objects.get().holdings.get().units == 480


@pytest.mark.parametrize("rigs", [3, 30])
def test_a_list_asks_the_same_for_any_number_of_rigs(program, django_assert_num_queries, rigs):
    rows = [ROW | {"serial_number": f"YNAHEAUBCJCBA{n:04d}", "mac_address": ""} for n in range(rigs)]
    program.post(f"{RIGS}bulk/", rows)
    program.get(RIGS)
    with django_assert_num_queries(3):  # the key, the page, its rigs
        assert len(found(program, "status=deployed&country_of_origin=CN")) == rigs
    with django_assert_num_queries(3 + 3):  # serial numbers, MAC addresses, former ones
        assert found(program, "serial_number=YNAHEAUBCJCBA0001") == ["YNAHEAUBCJCBA0001"]


def test_pages_stay_right_while_rigs_come_and_go(program):
    rows = [ROW | {"serial_number": f"YNAHEAUBCJCBA{n:04d}", "mac_address": ""} for n in range(6)]
    program.post(f"{RIGS}bulk/", rows[:5])
    first = program.get(f"{RIGS}?page_size=2").json()
    Rig.objects.filter(serial_number=first["results"][0]["serial_number"]).delete()
    program.post(f"{RIGS}bulk/", rows[5:])
    seen = [each["serial_number"] for each in first["results"]]
    following = first["next"]
    while following:
        page = program.get(following).json()
        seen += [each["serial_number"] for each in page["results"]]
        following = page["next"]
    assert seen == [row["serial_number"] for row in rows]
