"""The audit is append-only, and whatever somebody with the database does to it is found and named."""

from __future__ import annotations

import json
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from ledger.audit import NeverChanged, seal_all
from ledger.guarding import guard_is_up, guard_lifted
from ledger.models import AuditEntry, AuditSeal, record, record_all
from ledger.origins import Door, FromRequests, came_with_key, coming_from, running_as, task_begins, task_ends
from ledger.tasks import seal_audit
from ledger.verifying import verify_audit
from tests.at_once import at_once
from tests.commands import answer_of
from tests.ledger.attackers import altered, deleted, swapped, with_the_database

pytestmark = pytest.mark.django_db(transaction=True)

ENTRIES, SEALS = "ledger_auditentry", "ledger_auditseal"


@pytest.fixture(autouse=True)
def _empty():
    """Nothing on the audit: what loading the shipped law has left there is another test's."""
    with guard_lifted():
        AuditSeal.objects.all()._raw_delete("default")
        AuditEntry.objects.all()._raw_delete("default")


@pytest.fixture
def numbers():
    """Ten deeds on record and sealed: the ids of their entries, in the order of the chain."""
    for each in range(10):
        record(deed="told", subject=f"thing {each}", changed={"colour": [None, f"shade {each}"]})
    return list(AuditSeal.objects.order_by("number").values_list("entry_id", flat=True))


def found():
    """What the command finds: the sentence of its refusal."""
    with pytest.raises(CommandError) as refusal:
        call_command("verify_audit", "--json")
    assert refusal.value.returncode == 1
    return str(refusal.value)


def test_a_deed_is_sealed_as_soon_as_its_transaction_ends_and_not_before():
    with transaction.atomic():
        record(deed="told", subject="thing")
        record_all([{"deed": "told", "subject": "another"}, {"deed": "told", "subject": "third"}])
        assert not AuditSeal.objects.exists()
    assert list(AuditSeal.objects.values_list("number", flat=True)) == [1, 2, 3]
    assert verify_audit().wrong is None


def test_a_deed_that_is_rolled_back_leaves_no_number():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(deed="told", subject="never was")
        _ = 1 / 0
    record(deed="told", subject="thing")
    assert list(AuditSeal.objects.values_list("number", flat=True)) == [1]
    assert verify_audit().entries == 1


def test_what_stands_on_the_audit_is_never_changed_or_deleted_by_code(numbers):
    entry, rows = AuditEntry.objects.get(pk=numbers[0]), AuditEntry.objects.all()
    entry.deed = "never told"
    for deed in (
        entry.save,
        entry.delete,
        rows.delete,
        lambda: rows.update(deed="never told"),
        lambda: rows.bulk_update([entry], ["deed"]),
        AuditSeal.objects.get(pk=1).delete,
    ):
        with pytest.raises(NeverChanged):
            deed()


@pytest.mark.parametrize("table", [ENTRIES, SEALS])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET {} = '1'"])
def test_the_database_refuses_what_goes_past_the_code(numbers, table, statement):
    column = "subject" if table == ENTRIES else "digest"
    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement.format(table, column))
    assert verify_audit().wrong is None


def test_the_guard_stands_and_verify_says_when_it_does_not(numbers):
    assert guard_is_up()
    name = f"{ENTRIES}_no_delete"
    with connection.cursor() as cursor:
        cursor.execute(
            f"ALTER TABLE {ENTRIES} DISABLE TRIGGER {name}"
            if connection.vendor == "postgresql"
            else f"DROP TRIGGER {name}"
        )
    assert answer_of("verify_audit")["guard"] is False
    call_command("migrate", verbosity=0)
    assert answer_of("verify_audit")["guard"] is True


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("subject", "thing 99"),
        ("detail", '{"changed": {"colour": [null, "none"]}}'),
        ("at", "2026-01-01 00:00:00+00:00"),
        ("by_name", "somebody"),
        ("came_from", "192.0.2.9"),
        ("key", "rl_other"),
    ],
)
def test_an_altered_entry_is_named(numbers, column, value):
    altered(numbers[4], **{column: value})
    assert f"Entry {numbers[4]} (number 5," in found()
    assert "was altered after it was sealed" in found()


def test_a_deleted_entry_is_named(numbers):
    deleted(ENTRIES, "id", numbers[6], numbers[6])
    assert f"Entry {numbers[6]} (number 7) is missing" in found()


def test_an_entry_that_was_deleted_with_its_seal_is_named(numbers):
    deleted(ENTRIES, "id", numbers[6], numbers[6])
    deleted(SEALS, "number", 7, 7)
    assert "Number 7 is missing from the chain" in found()


def test_a_hole_that_was_closed_up_is_named(numbers):
    deleted(ENTRIES, "id", numbers[8], numbers[8])
    deleted(SEALS, "number", 9, 9)
    swapped(SEALS, "number", 10, 9)
    assert "Number 9 " in found()
    assert "does not follow from the number before it" in found()


def test_entries_in_another_order_are_named(numbers):
    swapped(ENTRIES, "id", numbers[2], numbers[7])
    assert f"Entry {numbers[2]} (number 3," in found()
    assert "says what number 8 was sealed with" in found()


def test_seals_in_another_order_are_named(numbers):
    swapped(SEALS, "number", 3, 8)
    assert "Number 3 " in found()


def test_an_altered_seal_is_named(numbers):
    with with_the_database() as cursor:
        cursor.execute(f"UPDATE {SEALS} SET content = %s WHERE number = 4", ["0" * 64])  # noqa: S608
    assert "Number 4 " in found()


def test_a_tail_that_was_cut_off_is_found_by_a_digest_that_was_kept(numbers):
    kept = answer_of("verify_audit")["newest"]
    record(deed="told", subject="afterwards")
    assert answer_of("verify_audit", "--against", kept)["entries"] == 11
    assert answer_of("verify_audit", "--newest")["newest"].startswith("11:")
    deleted(ENTRIES, "id", numbers[8], numbers[9] + 1)
    deleted(SEALS, "number", 9, 11)
    assert answer_of("verify_audit")["entries"] == 8
    with pytest.raises(CommandError, match="its end was cut off"):
        call_command("verify_audit", "--against", kept)


def test_a_chain_that_was_written_anew_is_found_by_a_digest_that_was_kept(numbers):
    kept = answer_of("verify_audit")["newest"]
    altered(numbers[0], subject="something else")
    deleted(SEALS, "number", 1, 10)
    assert seal_all() == 10
    assert answer_of("verify_audit")["wrong"] is None
    with pytest.raises(CommandError, match="written anew"):
        call_command("verify_audit", "--against", kept.partition(":")[2])


def test_an_entry_that_nobody_sealed_is_sealed_by_verify_and_ids_that_are_gone_are_told(numbers):
    with transaction.atomic():
        for each in range(3):
            record(deed="told", subject=f"late {each}")
        connection.run_on_commit.clear()  # as if the process had ended between its commit and its seal
    assert AuditSeal.objects.count() == 10
    late = list(AuditEntry.objects.order_by("pk").values_list("pk", flat=True))[10:]
    deleted(ENTRIES, "id", late[1], late[1])
    told = answer_of("verify_audit")
    assert (told["sealed_now"], told["entries"], told["missing_ids"], told["gaps"]) == (2, 12, 1, [late[1]])


def test_writers_at_once_make_one_chain():
    def write():
        for one in range(5):
            with transaction.atomic():
                record(deed="told", subject=f"{one}")

    at_once(*4 * [write])
    seal_all()
    told = verify_audit()
    assert (told.wrong, told.entries, told.number) == (None, 20, 20)


def test_a_writer_does_not_wait_for_another_whose_transaction_is_open():
    if connection.vendor == "sqlite":
        return  # it has one writer at a time, whatever is written
    done = []

    def write():
        record(deed="told", subject="short")
        done.append(AuditSeal.objects.count())
        connection.close()

    with transaction.atomic():
        record(deed="told", subject="long")
        thread = Thread(target=write)
        thread.start()
        thread.join(timeout=20)
        assert done == [1]
    assert list(AuditSeal.objects.order_by("number").values_list("entry__subject", flat=True)) == [
        "short",
        "long",
    ]


def test_a_seal_that_cannot_be_made_at_once_fails_no_deed(monkeypatch):
    def no_turn():
        raise DatabaseError("lock timeout")

    with monkeypatch.context() as patch:
        patch.setattr("ledger.audit._take_turn", no_turn)
        record(deed="told", subject="thing")
    assert (AuditEntry.objects.count(), AuditSeal.objects.count()) == (1, 0)
    assert seal_all() == 1


def test_the_command_says_it_in_a_sentence(numbers, capsys):
    call_command("verify_audit")
    assert capsys.readouterr().out.startswith("10 entries are as they were written. Keep this elsewhere: 10:")


def test_numbers_read_alike_however_a_database_keeps_them():
    entry = record(
        deed="told", subject="thing", figures={"share": 0.25, "whole": 3.0, "large": 1e22, "text": "3.0"}
    )
    told = AuditEntry.objects.get(pk=entry.pk)
    assert json.loads(json.dumps(told.detail)) == told.detail
    assert verify_audit().wrong is None


def test_retention_takes_old_entries_away_says_so_and_leaves_the_chain_whole():
    with transaction.atomic():
        old = [record(deed="told", subject=f"old {each}", colour="shade").pk for each in range(4)]
        connection.run_on_commit.clear()
    for each in old:
        altered(each, at="2020-05-01 12:00:00+00:00")
    seal_all()
    record(deed="told", subject="young")
    assert answer_of("forget_audit", "--before", "2020-05-01", "--why", "old")["forgotten"] == 0
    told = answer_of("forget_audit", "--before", "2020-05-02", "--why", "five years are over")
    newest = answer_of("verify_audit")
    assert (told["forgotten"], newest["forgotten"], newest["entries"]) == (4, 4, 2)
    assert AuditEntry.objects.get(deed="audit entries forgotten").detail["why"] == "five years are over"
    assert not AuditEntry.objects.filter(subject__startswith="old").exists()
    young = AuditEntry.objects.get(subject="young")
    deleted(ENTRIES, "id", young.pk, young.pk)
    assert "is missing" in found()


def test_an_entry_that_somebody_took_away_is_not_excused_by_what_retention_did_not_take(numbers):
    deleted(ENTRIES, "id", numbers[0], numbers[0])
    with pytest.raises(CommandError, match="has to be whole"):
        call_command("forget_audit", "--before", "2020-05-02", "--why", "to cover it up")
    with pytest.raises(CommandError, match="is not past"):
        call_command("forget_audit", "--before", "2100-01-01", "--why", "old")


def test_deeds_say_from_where_they_come(rf):
    def asked(request):
        came_with_key("abc")
        return record(deed="told", subject="by a request")

    entry = FromRequests(asked)(rf.get("/", REMOTE_ADDR="192.0.2.7"))
    assert (entry.came_by, entry.came_from, entry.key) == ("request", "192.0.2.7", "abc")
    task_begins(task_id="1", task=seal_audit)
    entry = record(deed="told", subject="by a worker")
    task_ends(task_id="1")
    assert (entry.came_by, entry.came_from) == ("task", "ledger.tasks.seal_audit")
    entry = record(deed="told", subject="by something else")
    assert (entry.came_by, entry.came_from, entry.key) == ("process", "", "")
    with coming_from(Door.COMMAND, running_as("fetch_lists")):
        entry = record(deed="told", subject="by a command")
    assert entry.came_from.startswith("fetch_lists as ")
