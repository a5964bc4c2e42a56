"""What uploads, edits, corrections and receipts write into the history of rigs is held by digests on the audit."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from fleet.models import Rig, RigChange
from fleet.services import correct_rigs
from ledger.models import AuditEntry
from tests.commands import answer_of
from tests.console.visitors import a_fleet, a_person, an_operator
from tests.database import NOW
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")


@pytest.fixture
def changed(tmp_path):
    """Three rigs of an upload, two of them changed by another, one of those corrected by a person."""
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1), a_row(2), a_row(3)])
    a_fleet(tmp_path, operator, [a_row(1, status="stored"), a_row(2, status="stored"), a_row(3)])
    rig = Rig.objects.of(operator).order_by("pk").first()
    values = {"status": "repair", "notes": "Überhitzt: fan 2"}
    correct_rigs(operator=operator, rig_ids=[rig.pk], values=values, at=NOW, by=a_person(), why="inspected")
    return operator


def test_each_deed_leaves_the_digest_of_what_it_wrote(changed):
    entries = AuditEntry.objects.filter(deed="rigs changed").order_by("pk")
    assert [each.detail["rows"] for each in entries] == [2, 1]
    assert [each.subject.partition(" ")[0] for each in entries] == ["upload", "operator"]
    assert answer_of("verify_audit", "--history")["fleet_deeds"] == 2


@pytest.mark.parametrize("attack", ["altered", "deleted", "moved"])
def test_a_history_of_rigs_that_was_touched_afterwards_is_named(changed, attack):
    row = RigChange.objects.order_by("pk").first()
    if attack == "altered":
        RigChange.objects.filter(pk=row.pk).update(before={**row.before, "status": "sold"})
    elif attack == "deleted":
        row.delete()
    else:
        RigChange.objects.filter(pk=row.pk).update(rig=Rig.objects.order_by("pk").last())
    with pytest.raises(CommandError, match=r"The history that upload \d+ wrote"):
        call_command("verify_audit", "--history")
    assert answer_of("verify_audit")["wrong"] is None
