"""Receipts by the API: checked, received once, listed, taken back; as the command tells it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fleet.models import Receipt
from fleet.models.keys import Scope
from ledger.models import AuditEntry
from tests.api.programs import a_program
from tests.console.visitors import an_operator
from tests.receipts import a_manifest, an_order, ordered, received, serials, units_of
from tests.sheets import a_csv

pytestmark = pytest.mark.usefixtures("shipped")

RECEIPTS = "/api/v1/receipts/"
SAID = {
    "purchase_order": "PO-1",
    "entry_date": "2025-06-10",
    "entry_number": "ABC-1234567-8",
    "transport_mode": "air",
    "site": "Rockdale",
}
TWO = {**SAID, "units": [{"model": "Antminer S21", "units": 2}]}


@pytest.fixture
def operator(tmp_path):
    """An operator with five rigs on order."""
    made = an_operator()
    ordered(tmp_path, made, an_order(quantity=5))
    return made


@pytest.fixture
def program(operator):
    """A program with a key of that operator."""
    return a_program(operator)


def send(program, path, query="", **said):
    """A manifest with the facts of the entry beside it."""
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return program.client.post(f"{RECEIPTS}{query}", {**SAID, **said, "file": file})


def test_units_are_received_and_told(program, operator):
    answer = program.post(RECEIPTS, TWO)
    told = answer.json()
    assert (answer.status_code, told["state"], told["units"], told["units_left"]) == (201, "received", 2, 3)
    assert told["received"][0]["model"] == "Bitmain Antminer S21"
    assert units_of(operator, status="stored") == 2
    one = program.get(answer["Location"]).json()
    assert one == {name: told[name] for name in one}
    listed = program.get(f"{RECEIPTS}?purchase_order=PO-1").json()["results"]
    assert [each["receipt"] for each in listed] == [told["receipt"]]
    assert program.get(f"{RECEIPTS}?purchase_order=PO-2").json()["results"] == []
    assert AuditEntry.objects.filter(deed="API POST", subject=f"receipt {told['receipt']}").exists()


def test_a_manifest_is_checked_first_and_tells_what_the_command_tells(program, operator, tmp_path):
    path = a_manifest(tmp_path, *serials(1, 3))
    answer = send(program, path, "?dry_run=true")
    told = answer.json()
    by_command = received(operator, "--manifest", path, "--dry-run")
    changing = {"checked_at"}
    assert {k: v for k, v in told.items() if k not in changing} == {
        k: v for k, v in by_command.items() if k not in changing
    }
    assert (answer.status_code, told["receipt"], told["units"]) == (200, None, 3)
    assert (Receipt.objects.count(), units_of(operator, status="stored")) == (0, 0)
    assert send(program, path).status_code == 201
    assert units_of(operator, status="stored") == 3


def test_the_same_receipt_is_received_once_whatever_its_key(program, operator):
    first = program.post(RECEIPTS, TWO, once="one")
    assert program.post(RECEIPTS, TWO, once="one").json() == first.json()
    again = program.post(RECEIPTS, TWO, once="two")
    assert (again.status_code, again.json()["same_as"]) == (200, first.json()["receipt"])
    assert units_of(operator, status="stored") == 2


def test_all_that_is_wrong_is_named_and_nothing_is_written(program, operator, tmp_path):
    lines = [{"Serial Number": "A1", "Model": "M50S"}, {"Serial Number": "A1", "Model": "S21"}]
    answer = send(program, a_csv(tmp_path, lines), entry_date="2199-01-01")
    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "receipt_wrong")
    assert {each["code"] for each in told["errors"]} >= {
        "serial_number_twice",
        "model_not_on_order",
        "entry_date_in_future",
    }
    assert {each["row"] for each in told["errors"]} == {0, 2, 3}
    assert (Receipt.objects.count(), units_of(operator, status="on order")) == (0, 5)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"entry_date": "June"}, "entry_date"),
        ({"status": "sold"}, "status"),
        ({"units": [{"units": 2}]}, "units"),
        ({"units": "two"}, "units"),
        ({"vessel": "Ever Given"}, "vessel"),
    ],
)
def test_a_field_that_is_wrong_is_named(program, said, field):
    answer = program.post(RECEIPTS, {**TWO, **said})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"].startswith(field)


def test_a_receipt_is_taken_back_once(program, operator):
    address = program.post(RECEIPTS, TWO)["Location"]
    undone = program.post(f"{address}undo/")
    assert (undone.status_code, undone.json()) == (200, {"reverted": 2, "kept": [], "impossible": []})
    assert units_of(operator, status="on order") == 5
    again = program.post(f"{address}undo/")
    assert (again.status_code, again.json()["code"]) == (409, "receipt_not_received")
    assert program.get(address).json()["state"] == "undone"


def test_another_operators_receipt_does_not_exist_and_scopes_are_asked_for(program, operator):
    address = program.post(RECEIPTS, TWO)["Location"]
    stranger = a_program(an_operator("other", "Other"))
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}undo/").status_code == 404
    assert stranger.post(RECEIPTS, TWO).json()["errors"][0]["code"] == "purchase_order_unknown"
    reader = a_program(operator, Scope.FLEET_READ)
    assert reader.get(address).status_code == 200
    assert reader.post(RECEIPTS, TWO).status_code == 403
