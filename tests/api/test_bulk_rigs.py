"""Ten thousand rows in one request: all or none, or the right ones; what each came to; the same again only once."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from fleet.flows import sent_rows
from fleet.models import Lot, Operator, Rig, Upload
from tests.api.programs import a_program
from tests.console.visitors import an_operator

pytestmark = pytest.mark.usefixtures("shipped")

BULK = "/api/v1/rigs/bulk/"
WRONG = {"hts_code": "84.71"}


@pytest.fixture
def operator():
    """An operator without a fleet."""
    return an_operator()


@pytest.fixture
def program(operator):
    """A program with a key of that operator."""
    return a_program(operator)


def row(number=1, **said):
    """One rig."""
    return {
        "serial_number": f"YNAHEAUBCJCBA{number:04d}",
        "model": "Antminer S21 200T",
        "site": "Rockdale",
    } | said


def outcomes(answer):
    """What each row came to."""
    told = answer.json()
    assert answer.status_code == 200, told
    assert [each["index"] for each in told["results"]] == list(range(told["rows"]))
    return [each["outcome"] for each in told["results"]]


def test_rows_are_created_updated_and_left_as_they_are(program, operator):
    assert outcomes(program.post(BULK, [row(1), row(2)])) == ["created", "created"]
    answer = program.post(BULK, [row(1, status="stored"), row(2), row(3)])
    assert outcomes(answer) == ["updated", "unchanged", "created"]
    told = answer.json()
    assert [told[name] for name in ("created", "updated", "unchanged", "wrong")] == [1, 1, 1, 0]
    ids = {rig.serial_number: rig.pk for rig in Rig.objects.of(operator)}
    assert [each["rig"] for each in told["results"]] == [ids[row(n)["serial_number"]] for n in (1, 2, 3)]
    assert Upload.objects.count() == 0


def test_one_wrong_row_refuses_all_and_names_its_index(program):
    rows = [row(1), row(2, **WRONG), row(3, status="lost", pool="stratum+tcp://secret")]
    answer = program.post(BULK, rows)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "rows_wrong")
    assert [(each["index"], each["field"]) for each in told["errors"]] == [(1, "hts_code"), (2, "pool")]
    assert told["errors"][0]["sentence"].startswith("'84.71' has 4 digits")
    assert told["detail"].startswith("2 of 3 rows are wrong; nothing was written. The first, row 1:")
    assert b"secret" not in answer.content
    assert Rig.objects.count() == 0


def test_the_right_rows_are_taken_where_that_is_chosen(program):
    rows = [
        row(1),
        row(2, **WRONG),
        {},
        "rig",
        row(3),
        row(3),
        {"model": "S21", "quantity": 5, "status": "on order"},
    ]
    answer = program.post(f"{BULK}?mode=partial", rows)
    assert outcomes(answer) == ["created", *["wrong"] * 5, "created"]
    problems = {each["index"]: each["code"] for each in answer.json()["problems"]}
    assert problems == {
        1: "hts_code_unreadable",
        2: "row_empty",
        3: "row_unreadable",
        4: "serial_number_twice",
        5: "serial_number_twice",
    }
    assert sorted(Rig.objects.values_list("quantity", flat=True)) == [1, 5]


def test_a_wrong_row_between_silent_ones_keeps_its_index(program):
    answer = program.post(f"{BULK}?mode=partial", [{}, row(1), {"model": None}, row(2, **WRONG), row(3)])
    assert outcomes(answer) == ["wrong", "created", "wrong", "wrong", "created"]


def test_rows_come_line_by_line_too(program):
    lines = "\n".join(json.dumps(row(n)) for n in (1, 2)) + "\n"
    answer = program.client.post(BULK, lines, content_type="application/x-ndjson")
    assert outcomes(answer) == ["created", "created"]
    broken = program.client.post(BULK, lines + "{", content_type="application/x-ndjson")
    assert (broken.status_code, "Line 3" in broken.json()["detail"]) == (400, True)


def test_more_than_ten_thousand_rows_are_sent_to_uploads(program):
    answer = program.post(BULK, [{}] * 10_001)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (413, "too_many_rows")
    assert "uploads/" in told["detail"]


@pytest.mark.parametrize("body", [{}, {"rows": []}, [], "rows", 5])
def test_what_is_no_list_of_rows_is_refused(program, body):
    answer = program.post(BULK, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "rows_missing")


def test_the_same_request_is_done_once(program):
    first = program.post(BULK, [row(1)], once="one")
    again = program.post(BULK, [row(1)], once="one")
    assert (first.json(), again["Idempotency-Replayed"]) == (again.json(), "true")
    assert program.post(BULK, [row(2)], once="one").json()["code"] == "idempotency_key_reused"
    wrong = program.post(BULK, [row(1, **WRONG)], once="two")
    assert program.post(BULK, [row(1, **WRONG)], once="two").json() == wrong.json()
    assert Rig.objects.count() == 1


def test_a_row_that_seems_a_rig_with_another_board_waits_for_an_answer(program):
    mac = "aa:bb:cc:dd:ee:01"
    program.post(BULK, [row(1, mac_address=mac)])
    swapped = [row(2, mac_address=mac)]
    asked = program.post(BULK, swapped).json()
    assert asked["errors"][0]["code"] == "identifier_changed"
    assert outcomes(program.post(f"{BULK}?identifiers=same", swapped)) == ["updated"]
    assert Rig.objects.get().serial_number == row(2)["serial_number"]


def test_values_that_somebody_corrected_stay_unless_chosen_otherwise(program):
    (told,) = program.post(BULK, [row(1, country_of_origin="CN")]).json()["results"]
    program.patch(f"/api/v1/rigs/{told['rig']}/", {"country_of_origin": "MY"})
    kept = program.post(BULK, [row(1, country_of_origin="CN")])
    assert outcomes(kept) == ["unchanged"]
    assert kept.json()["warnings"][0]["code"] == "value_kept"
    assert outcomes(program.post(f"{BULK}?fixed=overwrite", [row(1, country_of_origin="CN")])) == ["updated"]


def test_null_clears_and_silence_keeps(program):
    program.post(BULK, [row(1, country_of_origin="CN", rack="R1")])
    program.post(BULK, [row(1, country_of_origin=None)])
    rig = Rig.objects.select_related("lot").get()
    assert (rig.lot.country_of_origin, rig.rack) == ("", "R1")


def test_all_digits_of_a_number_are_kept(program):
    program.post(BULK, [row(1) | {"serial_number": 20230101000000000001}])
    assert Rig.objects.get().serial_number == "20230101000000000001"


@pytest.mark.parametrize(("count", "lots"), [(4, 2), (400, 2)])
def test_many_rows_cost_no_question_more(program, django_assert_max_num_queries, count, lots):
    rows = [row(n, country_of_origin=("CN", "MY")[n % lots]) for n in range(count)]
    program.post(BULK, [row(9999)])
    with django_assert_max_num_queries(60):
        assert outcomes(program.post(BULK, rows)) == ["created"] * count
    assert Lot.objects.filter(holdings__isnull=False).distinct().count() == lots + 1


def test_a_row_that_names_a_rig_on_record_need_not_say_all_again(program):
    program.post(BULK, [row(1), row(2, mac_address="aa:bb:cc:dd:ee:02")])
    short = [
        {"serial_number": row(1)["serial_number"], "rack": "R1"},
        {"mac_address": "AABBCCDDEE02", "status": "retired"},
        {"serial_number": row(3)["serial_number"], "rack": "R3"},
    ]
    answer = program.post(f"{BULK}?mode=partial", short)
    assert outcomes(answer) == ["updated", "updated", "wrong"]
    assert answer.json()["problems"][0]["code"] == "model_missing"
    rigs = Rig.objects.order_by("pk").values_list(
        "site__name", "lot__model__name", "bin__name", "rack", "status"
    )
    assert list(rigs) == [
        ("Rockdale", "Antminer S21", "200 TH/s", "R1", "deployed"),
        ("Rockdale", "Antminer S21", "200 TH/s", "", "retired"),
    ]


def test_who_was_overtaken_goes_on_while_nobody_else_can_change_the_fleet(program, operator, monkeypatch):
    program.post(BULK, [row(1)])
    compare, others = sent_rows.compare_rows, [1]

    def compare_slowly(*arguments):
        compared = compare(*arguments)
        if others:
            Operator.objects.filter(pk=operator.pk).update(fleet_version=F("fleet_version") + others.pop())
        return compared

    monkeypatch.setattr(sent_rows, "compare_rows", compare_slowly)
    with CaptureQueriesContext(connection) as statements:
        answer = program.post(BULK, [row(1, rack="R9")])
    assert outcomes(answer) == ["updated"]
    held = [each["sql"] for each in statements if each["sql"].endswith("FOR NO KEY UPDATE")]
    assert len(held) == (connection.vendor == "postgresql")
