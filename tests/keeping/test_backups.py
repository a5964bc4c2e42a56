"""What a backup holds, what it refuses, and that a restore is all of it or nothing."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from zipfile import ZipFile

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction

from fleet.models import Operator, OriginEvidence, Rig
from fleet.services import add_evidence, correct_rigs, register_operator
from keeping.archive.manifest import MANIFEST, read_manifest
from keeping.archive.opened import OpenBackup
from keeping.archive.restoring import restore_backup
from keeping.archive.snapshot import NOTHING_HIDDEN, OF_ONE_MOMENT
from keeping.archive.writing import whole_or_not_at_all, write_backup
from keeping.management.commands.move_database import refuse_later_changes
from ledger.audit import seal_all
from ledger.models import AuditEntry, record
from tests.console.visitors import a_fleet, an_operator
from tests.faults.running import Product
from tests.sheets import a_row
from vendors.models import Vendor

pytestmark = pytest.mark.usefixtures("shipped_for_good")
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
ODD = {"ü": [1, 1.50, 1e22, None, True], "a": {"z": 'quote " and \\', "b": "line\nend\ttab \u2028"}, "": []}
PDF = b"%PDF-1.4 certificate of origin"


@pytest.fixture
def operator(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1), a_row(2, **{"Customs Value": "3900.10"})])
    return operator


@pytest.fixture
def paper(operator):
    said = {"kind": "certificate", "title": "Certificate 117", "country": "MY", "strength": "strong"}
    file = SimpleUploadedFile("co-117.pdf", PDF)
    return add_evidence(operator=operator, file=file, file_name="co-117.pdf", at=NOW, **said)


def a_backup() -> BytesIO:
    """A backup of all that is there now."""
    target = BytesIO()
    write_backup(target, at=NOW)
    target.seek(0)
    return target


def restored(backup: BytesIO, **how: bool) -> list[str]:
    """Bring it back over what is there; what is worth knowing."""
    return restore_backup(OpenBackup(backup), **{"overwrite": True, **how})


def altered(backup: BytesIO, change) -> BytesIO:
    """A copy whose members went through `change`: name and content to content, or None to leave it out."""
    copy = BytesIO()
    with ZipFile(backup) as source, ZipFile(copy, "w") as target:
        for name in source.namelist():
            if (content := change(name, source.read(name))) is not None:
                target.writestr(name, content)
    return copy


def says(backup: BytesIO) -> dict[str, object]:
    with ZipFile(backup) as archive:
        return {name: each.difference for name, each in read_manifest(archive.read(MANIFEST)).tables.items()}


def test_what_was_changed_deleted_and_added_since_is_as_it_was(operator, paper):
    record(deed="odd", subject="all of JSON", operator_id=operator.pk, **ODD)
    Vendor.objects.create(name="Ünïcode 比特大陆", slug="unicode")
    backup = a_backup()
    rig = Rig.objects.of(operator).order_by("pk").first()
    kept = paper.file.name
    correct_rigs(operator=operator, rig_ids=[rig.pk], values={"country_of_origin": "VN"}, at=NOW, by=None)
    Rig.objects.of(operator).exclude(pk=rig.pk).delete()
    register_operator(slug="later", name="Later")
    paper.file.storage.delete(kept)
    assert restored(backup) == []
    assert says(a_backup()) == says(backup)
    assert not Operator.objects.filter(slug="later").exists()
    assert AuditEntry.objects.get(deed="odd").detail == ODD
    with OriginEvidence.objects.get(pk=paper.pk).file.open() as content:
        assert content.read() == PDF
    assert Rig.objects.get(pk=rig.pk).lot.country_of_origin == rig.lot.country_of_origin
    assert register_operator(slug="next", name="Next").pk > operator.pk


def test_days_moments_and_decimals_are_equal_to_the_last_digit(operator):
    lot = Rig.objects.of(operator).first().lot
    moment = datetime(2026, 3, 8, 7, 59, 59, 999999, tzinfo=UTC)
    type(lot).objects.filter(pk=lot.pk).update(us_content_percent=Decimal("0.105"), entry_date=date(1, 1, 1))
    OriginEvidence.objects.all().delete()
    Rig.objects.of(operator).update(updated_at=moment)
    restored(a_backup())
    lot.refresh_from_db()
    assert (str(lot.us_content_percent), lot.entry_date) == ("0.105", date(1, 1, 1))
    assert set(Rig.objects.of(operator).values_list("updated_at", flat=True)) == {moment}


def test_a_database_in_use_is_refused_unless_it_may_be_lost(operator):
    backup = a_backup()
    with pytest.raises(ValidationError, match=r"in use: there are rows in .*--overwrite"):
        restored(backup, overwrite=False)
    assert says(a_backup()) == says(backup)


@pytest.mark.parametrize("wreck", ["a row", "a file", "missing", "strange"])
def test_a_damaged_backup_is_named_part_by_part_and_changes_nothing(operator, paper, wreck):
    backup, before = a_backup(), says(a_backup())

    def change(name: str, content: bytes) -> bytes | None:
        if name == "tables/fleet_rig.jsonl" and wreck in ("a row", "missing"):
            return content.replace(b"YNAHEAUBCJCBA0001", b"YNAHEAUBCJCBA0009") if wreck == "a row" else None
        return b"other" if name.startswith("files/evidence") and wreck == "a file" else content

    damaged = altered(backup, change)
    if wreck == "strange":
        with ZipFile(damaged, "a") as archive:
            archive.writestr("files/../../etc/cron.d/root", "* * * * *")
    with pytest.raises(ValidationError, match=r"damaged: (tables/fleet_rig|files/\.\./|files/evidence)"):
        restored(damaged)
    assert says(a_backup()) == before


def test_a_name_that_leads_out_of_the_folder_is_refused_even_where_the_manifest_tells_it(operator, paper):
    out = "../../outside.pdf"

    def change(name: str, content: bytes) -> bytes:
        return content.replace(paper.file.name.encode(), out.encode()) if name == MANIFEST else content

    backup = altered(a_backup(), change)
    with ZipFile(backup, "a") as archive:
        archive.writestr(f"files/{out}", PDF)
    with pytest.raises(ValidationError, match=r"damaged|no name of a kept file"):
        restored(backup)


def test_rows_that_the_database_refuses_leave_everything_as_it_was(operator):
    backup, before = a_backup(), says(a_backup())
    with ZipFile(backup) as archive:
        lines = archive.read("tables/fleet_rig.jsonl").splitlines(keepends=True)
    opened = OpenBackup(backup)
    opened.refuse_wrecks = lambda: None  # as if the wreck came after the check
    opened.lines_of = lambda table, read=opened.lines_of: (
        read(table) if table != "fleet_rig" else _Lines([lines[0], lines[0]])
    )
    with pytest.raises(ValidationError, match="refuses rows of fleet_rig"):
        restore_backup(opened, overwrite=True)
    assert says(a_backup()) == before


def test_a_row_that_names_another_which_is_not_there_leaves_everything_as_it_was(operator):
    backup, before = a_backup(), says(a_backup())
    opened = OpenBackup(backup)
    opened.refuse_wrecks = lambda: None  # as if the wreck came after the check
    opened.lines_of = lambda table, read=opened.lines_of: read(table) if table != "fleet_site" else _Lines()
    with pytest.raises(ValidationError, match=r"refuses the rows|not what the backup tells: fleet_site"):
        restore_backup(opened, overwrite=True)
    assert says(a_backup()) == before


def test_a_move_that_misses_a_change_says_so(operator):
    told = write_backup(BytesIO(), at=NOW, with_files=False)
    refuse_later_changes(told)
    register_operator(slug="later", name="Later")
    with pytest.raises(ValidationError, match=r"while the rows were moved.*fleet_operator \(2 rows for 1\)"):
        refuse_later_changes(told)


class _Lines(list):
    """Lines as a block gives them."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


def test_what_is_no_backup_is_refused_in_a_sentence():
    for content in (b"", b"no zip at all", a_backup().getvalue()[:-300]):
        with pytest.raises(ValidationError, match="no backup, or a part of it is missing"):
            OpenBackup(BytesIO(content))


def test_a_backup_of_a_later_version_is_refused_by_the_name_of_its_migration():
    def change(name: str, content: bytes) -> bytes:
        if name != MANIFEST:
            return content
        told = json.loads(content)
        told["migrations"].append(["fleet", "0999_from_the_future"])
        return json.dumps(told).encode()

    with pytest.raises(ValidationError, match=r"later version: .* fleet\.0999_from_the_future"):
        restored(altered(a_backup(), change))


@pytest.mark.parametrize(
    "said",
    [
        "DELETE FROM ledger_auditentry",
        "UPDATE ledger_auditentry SET deed = 'another'",
        "DELETE FROM ledger_auditseal",
    ],
)
def test_the_audit_is_restored_as_it_was_follows_its_chain_and_refuses_changes_as_before(operator, said):
    seal_all()
    backup = a_backup()
    restored(backup)
    assert says(a_backup()) == says(backup)
    call_command("verify_audit", stdout=StringIO())
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(said)


def test_a_file_that_is_gone_is_told_and_stops_no_backup(operator, paper):
    paper.file.storage.delete(paper.file.name)
    backup = a_backup()
    with ZipFile(backup) as archive:
        assert json.loads(archive.read(MANIFEST))["lacking"] == [paper.file.name]
    assert restored(backup) == ["1 files that rows name were gone when the backup was made."]


def test_who_holds_a_backup_is_signed_in_by_none(operator, client, django_user_model):
    client.force_login(django_user_model.objects.create(username="ann"))
    backup = a_backup()
    with ZipFile(backup) as archive:
        assert "tables/django_session.jsonl" not in archive.namelist()
        assert not [
            name for name in archive.namelist() if client.session.session_key.encode() in archive.read(name)
        ]


def test_a_backup_that_fails_in_the_middle_leaves_nothing_under_its_name(tmp_path):
    (tmp_path / "backup.zip").write_bytes(b"the former one")
    with pytest.raises(OSError, match="full"), whole_or_not_at_all(tmp_path / "backup.zip") as target:
        target.write(b"half")
        raise OSError("the disk is full")
    assert [path.name for path in tmp_path.iterdir()] == ["backup.zip"]
    assert (tmp_path / "backup.zip").read_bytes() == b"the former one"


def test_the_seal_tells_one_backup_from_another(operator, tmp_path, capsys):
    path = tmp_path / "backup.zip"
    call_command("backup", "--to", str(path), "--json")
    seal = json.loads(capsys.readouterr().out)["seal"]
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match=f"The seal of this backup is {seal}"):
        call_command("restore", str(path), "--seal", "0" * 64, "--overwrite")
    call_command("restore", str(path), "--seal", seal, "--overwrite", "--json")
    assert json.loads(capsys.readouterr().out)["rows"] > 0


POLICY = (
    *("CREATE ROLE {role} LOGIN", "CREATE TABLE hidden (id bigint)", "INSERT INTO hidden VALUES (1)"),
    *("GRANT ALL ON hidden TO {role}", "ALTER TABLE hidden ENABLE ROW LEVEL SECURITY"),
    "CREATE POLICY own ON hidden USING (false)",
)


def test_rows_that_the_database_hides_stop_a_backup_and_are_not_left_out_in_silence(postgres_url):
    role = f"reader_{postgres_url.rpartition('_')[2]}"
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        for said in POLICY:
            admin.execute(said.format(role=role))
        with psycopg.connect(postgres_url.replace("tests@", f"{role}@")) as reader:
            assert reader.execute("SELECT count(*) FROM hidden").fetchone() == (0,)
            reader.rollback()
            for said in (*OF_ONE_MOMENT, NOTHING_HIDDEN):
                reader.execute(said)
            with pytest.raises(psycopg.Error, match="row-level security policy"):
                reader.execute("SELECT count(*) FROM hidden")
        admin.execute(f"DROP OWNED BY {role}")
        admin.execute(f"DROP ROLE {role}")


def test_a_backup_of_an_earlier_version_is_restored_and_brought_up_to_this_one(tmp_path):
    def change(name: str, content: bytes) -> bytes:
        if name != MANIFEST:
            return content
        told = json.loads(content)
        told["migrations"].remove(["fleet", "0019_uncounted_changes"])
        assert told["tables"]["fleet_operator"]["rows"] == 0
        told["tables"]["fleet_operator"]["columns"].remove("uncounted_changes")
        return json.dumps(told).encode()

    path = tmp_path / "earlier.zip"
    path.write_bytes(altered(a_backup(), change).getvalue())
    product = Product({"VAR_DIR": str(tmp_path / "var"), "DATABASE_URL": "", "REDIS_URL": ""})
    assert "every digest is that of the backup" in product.manage("restore", str(path))
    with closing(sqlite3.connect(tmp_path / "var" / "fleet.sqlite3")) as made:
        assert made.execute("SELECT count(uncounted_changes) FROM fleet_operator").fetchone() == (0,)
        assert made.execute("SELECT count(*) FROM fleet_rigmodel").fetchone()[0] > 100
