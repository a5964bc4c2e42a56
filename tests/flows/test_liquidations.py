"""The day on which customs liquidated an entry takes the place of the usual cycle in its clocks."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from fleet.models import Liquidation
from fleet.models.keys import Scope
from fleet.services import record_liquidations
from ledger.models import AuditEntry
from tests.api.programs import Program, a_key
from tests.api.test_problems import problem_of
from tests.commands import answer_of
from tests.console.test_front_page import page_of, text_of
from tests.console.visitors import a_fleet, a_member, an_operator, signed_in
from tests.database import NOW
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")
NUMBER, TODAY = "ABC-1234567-8", date(2026, 11, 22)
ENTRIES = "/api/v1/entries/"


@pytest.fixture
def operator(tmp_path):
    """An entry of 2025-06-10, liquidated by the usual cycle on 2026-04-20."""
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1)])
    return operator


def record(operator, days, source="ACE ES-003"):
    return record_liquidations(operator=operator, days=days, source=source, today=TODAY, at=NOW)


def clocks(operator):
    (lot,) = answer_of("reserve", "--operator", operator.slug, "--on", "2026-11-22")["lots"]
    return {each["clock"]: (each["last_day"], each["is_estimated"]) for each in lot["clocks"]}


def test_a_day_on_record_moves_the_clocks_and_the_route_of_a_refund(operator):
    assert clocks(operator)["liquidation"] == ("2026-04-20", True)
    assert record(operator, {NUMBER: date(2026, 10, 1)}) == 1
    found = clocks(operator)
    assert found["liquidation"] == ("2026-10-01", False)
    assert found["protest"] == ("2027-03-30", False)
    lines = answer_of("refunds", "--operator", operator.slug, "--on", "2026-11-22")["lines"]
    assert {(line["route"], line["last_day"]) for line in lines} == {("refund portal", "2026-12-20")}
    assert all("estimate" not in line["route_sentence"] for line in lines)


def test_the_audit_tells_both_days_and_the_same_day_again_is_nothing(operator):
    record(operator, {NUMBER: date(2026, 10, 1)})
    assert record(operator, {NUMBER: date(2026, 10, 1)}) == 0
    assert record(operator, {NUMBER: date(2026, 10, 2)}, source="ACE ES-003, later") == 1
    told = [
        row.detail["days"] for row in AuditEntry.objects.filter(deed="liquidation recorded").order_by("pk")
    ]
    assert told == [{NUMBER: ["", "2026-10-01"]}, {NUMBER: ["2026-10-01", "2026-10-02"]}]
    assert Liquidation.objects.get().source == "ACE ES-003, later"


@pytest.mark.parametrize(
    ("number", "day", "sentence"),
    [
        ("NOBODY'S", date(2026, 10, 1), "No lot bears the entry number"),
        (NUMBER, date(2026, 12, 1), "is still to come"),
        (NUMBER, date(2025, 6, 9), "lies before the entry, which was made on 2025-06-10"),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_all_others(operator, number, day, sentence):
    with pytest.raises(ValidationError, match=sentence):
        record(operator, {NUMBER: date(2026, 10, 1)} | {number: day})
    assert not Liquidation.objects.exists()


def test_entries_of_another_operator_are_nobodys(operator):
    with pytest.raises(ValidationError, match="No lot bears"):
        record(an_operator(slug="other", name="Other"), {NUMBER: date(2026, 10, 1)})


def test_a_manager_records_it_on_the_page_of_the_entry(operator, time_machine):
    time_machine.move_to(NOW, tick=False)
    client = signed_in(a_member(operator))
    page = f"/entries/{NUMBER}/"
    assert "No day is on record" in text_of(page_of(client, page))
    wrong = client.post(page, {"liquidated_on": "2025-01-01", "source": "ACE"})
    assert wrong.status_code == 400
    assert "lies before the entry" in wrong.content.decode()
    assert client.post(page, {"liquidated_on": "2026-10-01", "source": "ACE ES-003"}).status_code == 302
    assert "Liquidated on 1 Oct 2026 (ACE ES-003)." in text_of(page_of(client, page)).replace(" .", ".")


def test_a_viewer_reads_it_and_records_none(operator):
    viewer = signed_in(a_member(operator, role="viewer", username="vic"))
    assert "Where it says so" not in page_of(viewer, f"/entries/{NUMBER}/")
    said = {"liquidated_on": "2026-10-01", "source": "ACE"}
    assert viewer.post(f"/entries/{NUMBER}/", said).status_code == 403


def test_a_program_records_many_or_none(operator):
    program = Program(a_key(operator, Scope.EXPOSURE_READ, Scope.FLEET_WRITE))
    sent = {"source": "ACE", "liquidations": [{"entry_number": NUMBER, "liquidated_on": "2026-10-01"}]}
    assert program.post(ENTRIES, sent).json() == {"recorded": 1, "unchanged": 0}
    assert program.post(ENTRIES, sent).json() == {"recorded": 0, "unchanged": 1}
    sent["liquidations"].append({"entry_number": "X", "liquidated_on": "2026-10-01"})
    refused = program.post(ENTRIES, sent)
    assert refused.status_code == 422
    assert "No lot bears the entry number 'X'." in str(problem_of(refused))
    reader = Program(a_key(operator, Scope.EXPOSURE_READ))
    assert reader.post(ENTRIES, sent).status_code == 403
