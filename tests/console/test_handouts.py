"""The fleet as a workbook: asked for, written by a worker, taken, and brought back unchanged."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from fleet.flows import export_fleet
from fleet.models import FleetExport
from fleet.tasks import tend_exports, write_export
from keeping.housekeeping.clearing import housekeep
from tests.commands import answer_of
from tests.console.test_front_page import page_of
from tests.console.visitors import a_fleet, a_member, an_operator, signed_in
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")


@pytest.fixture
def operator(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1), a_row(2)])
    return operator


@pytest.fixture
def client(operator):
    return signed_in(a_member(operator))


def test_a_workbook_is_written_by_a_worker_and_goes_back_in_unchanged(client, operator, tmp_path):
    page = client.post("/rigs/workbook/")["Location"]
    assert "Being written" in page_of(client, page)
    assert client.get(f"{page}fleet.xlsx").status_code == 404
    write_export(export_id=FleetExport.objects.get().pk)
    assert "Take the workbook" in page_of(client, page)
    taken = tmp_path / "taken.xlsx"
    taken.write_bytes(b"".join(client.get(f"{page}fleet.xlsx").streaming_content))
    again = answer_of("import_fleet", str(taken), "--operator", operator.slug)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 2)


def test_who_asks_twice_gets_one_workbook_and_the_sweep_writes_what_the_queue_lost(client):
    assert client.post("/rigs/workbook/")["Location"] == client.post("/rigs/workbook/")["Location"]
    tend_exports()
    assert FleetExport.objects.get().state == "ready"
    assert client.get("/rigs/workbook/").status_code == 405


def test_a_fleet_too_large_for_a_workbook_says_so(client, monkeypatch):
    def too_large(*_):
        raise ValueError("A workbook holds 1,048,575 rigs; take the .csv.")

    monkeypatch.setattr(export_fleet, "write_workbook", too_large)
    page = client.post("/rigs/workbook/")["Location"]
    tend_exports()
    assert "take the .csv" in page_of(client, page)


def test_a_workbook_is_deleted_a_week_after_it_was_written(client, django_capture_on_commit_callbacks):
    client.post("/rigs/workbook/")
    tend_exports()
    kept = FleetExport.objects.get()
    path = Path(kept.file.path)
    assert path.exists()
    housekeep(now=kept.written_at + timedelta(days=6), only=["exports"])
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        housekeep(now=kept.written_at + timedelta(days=8), only=["exports"])
    assert not path.exists() and not FleetExport.objects.exists()


def test_a_stranger_finds_no_workbook(client):
    page = client.post("/rigs/workbook/")["Location"]
    tend_exports()
    stranger = signed_in(a_member(an_operator("birch", "Birch"), username="bea"))
    assert {stranger.get(page).status_code, stranger.get(f"{page}fleet.xlsx").status_code} == {404}
