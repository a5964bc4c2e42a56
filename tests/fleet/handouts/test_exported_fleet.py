"""A fleet that is exported goes back in unchanged, and makes the same fleet elsewhere."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from fleet.flows.export_fleet import csv_pieces, fleet_rows, keep_workbook
from fleet.models import Holding, Lot, Operator, Rig
from fleet.services import register_operator
from tests.commands import answer_of
from tests.sheets import a_csv, a_row

pytestmark = pytest.mark.usefixtures("shipped")
SAMPLES = Path(__file__).parents[3] / "samples"
FORMATS = pytest.mark.parametrize("kind", ["csv", "xlsx"])

# What no rig of the sample has: the rare columns, awkward text, counted rigs of more than one row.
ODD_ROWS = [
    a_row(1, quantity="", site='Prairie, "North"; 2', customs_value="99.99")
    | {"Rack": "007", "Position": "1-2", "Maker": "Bitmain", "Notes": "one\ntwo"},
    a_row(2, country_of_origin="Namibia", hts_code="8471.50.01", status="in transit", site="", entry_date="")
    | {"US Content %": "0.5%", "USMCA": "yes", "MAC": "aa-bb-cc-dd-ee-01", "Duty Paid": "0.50"},
    a_row(3, customs_value="", hashrate_ths="", power_w="", hts_code="")
    | {"US Content %": "33.125", "USMCA": "no", "Importer": "Ünal & Söhne 公司"},
    a_row(4, serial_number="", quantity="100000", status="retired"),
    a_row(4, serial_number="", quantity="50001", status="retired"),
    a_row(5, serial_number="", quantity="1", model="Antminer S21"),
    a_row(6, serial_number="", status="sold") | {"MAC": "aa-bb-cc-dd-ee-02", "Loaded Date": "2025-05-01"},
]


def filled(rows):
    """The rows with every heading of any of them."""
    headings = dict.fromkeys(heading for row in rows for heading in row)
    return [dict.fromkeys(headings, "") | row for row in rows]


@pytest.fixture(params=["sample", "odd"])
def prairie(request, tmp_path) -> Operator:
    """An operator whose fleet came from the sample workbook, or from rows such as are seldom seen."""
    register_operator(slug="prairie", name="Prairie")
    sample = SAMPLES / "prairie-hash-fleet.xlsx"
    path = sample if request.param == "sample" else a_csv(tmp_path, filled(ODD_ROWS), name="odd.csv")
    assert answer_of("import_fleet", str(path), "--operator", "prairie")["state"] == "applied"
    return Operator.objects.get(slug="prairie")


def exported(folder: Path, kind: str) -> Path:
    """The file of the command."""
    path = folder / f"export.{kind}"
    answer = answer_of("export_fleet", "--operator", "prairie", "--output", str(path))
    assert (answer["format"], answer["bytes"]) == (kind, path.stat().st_size)
    return path


def lots_of(slug: str) -> list[dict[str, object]]:
    """What policy looks at, and how much there is of it, without ids."""
    about = [field.name for field in Lot._meta.fields if field.name not in ("id", "operator", "updated_at")]
    told = Holding.objects.filter(operator__slug=slug).values(
        *(f"lot__{name}" for name in about),
        "site__name",
        "status",
        "units",
        "hashrate_ghs",
        "power_w",
        "value_cents",
    )
    return sorted(told, key=repr)


@FORMATS
def test_what_is_exported_goes_back_in_unchanged(kind, prairie, tmp_path):
    rows = sum(1 for _ in fleet_rows(prairie))
    answer = answer_of("import_fleet", str(exported(tmp_path, kind)), "--operator", "prairie")
    assert answer["problems"] == answer["warnings"] == answer["ignored_columns"] == []
    counts = {name: answer[name] for name in ("rows", "new", "changed", "unchanged", "missing")}
    assert counts == {"rows": rows, "new": 0, "changed": 0, "unchanged": rows, "missing": 0}


@FORMATS
def test_an_export_makes_the_same_fleet_for_another_operator(kind, prairie, tmp_path):
    path = str(exported(tmp_path, kind))
    answer_of("import_fleet", path, "--operator", "twin", "--create-operator", "Twin")
    assert lots_of("twin") == lots_of("prairie")
    before, after = (
        answer_of("exposure", "--operator", slug, "--on", "2026-11-22") for slug in ("prairie", "twin")
    )
    assert after["exposed"] == before["exposed"]
    assert after["fleet"] == before["fleet"]


def test_every_rig_has_one_row_unless_it_counts_more_than_a_row_may(prairie):
    rows = list(fleet_rows(prairie))
    extra = sum((quantity - 1) // 100_000 for quantity in Rig.objects.values_list("quantity", flat=True))
    assert len(rows) == Rig.objects.count() + extra
    assert sum(row.quantity for row in rows) == sum(Rig.objects.values_list("quantity", flat=True))
    assert [row.number for row in rows] == list(range(2, len(rows) + 2))


def test_an_export_holds_the_rigs_of_its_operator_alone(prairie, tmp_path):
    other = register_operator(slug="other", name="Other")
    path = a_csv(tmp_path, [a_row(77)], name="other.csv")
    answer_of("import_fleet", str(path), "--operator", "other")
    assert [row.serial_number for row in fleet_rows(other)] == [a_row(77)["Serial Number"]]
    assert a_row(77)["Serial Number"] not in "".join(csv_pieces(prairie))


def test_an_export_asks_one_question_however_many_rigs_there_are(prairie, django_assert_num_queries):
    "".join(csv_pieces(prairie))  # the catalogue's index is made once a process
    with django_assert_num_queries(1 + 3):  # the rigs; whether the catalogue has changed
        list(fleet_rows(prairie))


def test_without_a_file_the_rows_go_to_stdout(prairie):
    said = StringIO()
    call_command("export_fleet", "--operator", "prairie", stdout=said)
    assert said.getvalue() == "".join(csv_pieces(prairie))


def test_an_empty_fleet_is_exported_as_headings_alone():
    register_operator(slug="empty", name="Empty")
    said = StringIO()
    call_command("export_fleet", "--operator", "empty", stdout=said)
    assert said.getvalue().count("\r\n") == 1


@pytest.mark.parametrize("arguments", [("--json",), ("--format", "xlsx")])
def test_what_needs_a_file_says_so(arguments):
    with pytest.raises(CommandError, match="needs --output FILE") as refusal:
        call_command("export_fleet", "--operator", "prairie", *arguments)
    assert refusal.value.returncode == 2


def test_a_folder_that_is_not_there_is_one_sentence(prairie, tmp_path):
    path = tmp_path / "nowhere" / "fleet.csv"
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        call_command("export_fleet", "--operator", "prairie", "--output", str(path))


def test_an_export_that_breaks_off_leaves_no_half_of_a_file(prairie, tmp_path, monkeypatch):
    def breaking(operator):
        yield "Serial Number\r\n"
        raise KeyboardInterrupt

    monkeypatch.setattr("fleet.management.commands.export_fleet.csv_pieces", breaking)
    before = set(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt):
        call_command("export_fleet", "--operator", "prairie", "--output", str(tmp_path / "fleet.csv"))
    assert set(tmp_path.iterdir()) == before


def test_a_worker_keeps_the_workbook_in_the_operators_own_folder(prairie, tmp_path):
    name = keep_workbook(prairie)
    assert name.startswith(f"exports/{prairie.pk}/")
    path = tmp_path / "kept.xlsx"
    with default_storage.open(name) as stored:
        path.write_bytes(stored.read())
    answer = answer_of("import_fleet", str(path), "--operator", "prairie", "--dry-run")
    assert json.dumps([answer["new"], answer["changed"], answer["wrong"]]) == "[0, 0, 0]"
