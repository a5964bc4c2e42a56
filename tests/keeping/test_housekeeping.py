"""What goes when its time is over, what keeps it, and that the audit trail tells of it and never goes itself."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase

from config import environment
from config.celery import app as celery_app
from fleet.flows.problem_workbook import write_problem_workbook
from fleet.models import FleetExport, OriginEvidence, Upload
from fleet.models.export import ExportState
from fleet.models.upload import UploadState
from fleet.services import (
    add_evidence,
    erase_evidence_file,
    lift_hold,
    place_hold,
    take_back,
    withdraw_evidence,
)
from keeping.housekeeping.clearing import housekeep
from keeping.housekeeping.rules import RULES
from ledger.models import AuditEntry
from risk.models import AssessmentRun, Exposure
from tests.commands import answer_of
from tests.console.visitors import a_fleet, a_member, an_operator, signed_in
from tests.database import NOW
from tests.sheets import a_row
from tests.vendors.records import a_document, a_vendor
from vendors.models import VendorDocument
from vendors.services import erase_document_file, withdraw_document

pytestmark = pytest.mark.usefixtures("shipped")
DAY = timedelta(days=1)
PAPER = {"kind": "certificate", "title": "Certificate 117", "country": "MY", "strength": "strong"}


@pytest.fixture
def operator(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1), a_row(2)])
    return operator


@pytest.fixture
def upload(operator):
    Upload.objects.update(uploaded_at=NOW)
    return Upload.objects.get()


def after(days: int, **how) -> dict[str, int]:
    """What housekeeping clears so many days later, by its rules."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        done = housekeep(now=NOW + days * DAY, **how)
    return {each.name: each.rows for each in done if each.rows}


def an_export(operator) -> FleetExport:
    name = default_storage.save(f"exports/{operator.pk}/made.xlsx", ContentFile(b"PK"))
    return FleetExport.objects.create(
        operator=operator, asked_at=NOW, written_at=NOW, state=ExportState.READY, file=name
    )


def test_every_rule_has_a_setting_and_every_setting_a_rule():
    assert {rule.name for rule in RULES} | {"stray_files"} == set(settings.KEEP_DAYS)


def test_the_scheduler_asks_for_it_once_a_day():
    celery_app.loader.import_default_modules()
    asked = settings.CELERY_BEAT_SCHEDULE["keep house"]
    assert asked["task"] in celery_app.tasks
    assert asked["schedule"].run_every == DAY
    celery_app.tasks[asked["task"]]()


def test_days_are_read_by_name_and_a_name_that_is_none_is_refused():
    read = environment.days_by_name({"exports": 7, "reports": 90})
    assert read("exports=3, reports = 0") == {"exports": 3, "reports": 0}
    for wrong in ("exprots=3", "exports=soon", "exports"):
        with pytest.raises(ValueError, match=r"write it like exports=3.*exports, reports"):
            read(wrong)


def test_the_file_of_an_applied_upload_goes_and_the_upload_its_report_and_the_undo_stay(upload):
    path, told = Path(upload.file.path), answer_of("exposure", "--operator", upload.operator.slug)
    assert after(1826, only=["upload_files"]) == {} and path.exists()
    assert after(1828, only=["upload_files"]) == {"upload_files": 1}
    assert not path.exists()
    upload.refresh_from_db()
    assert (upload.file.name, upload.state, upload.new) == ("", UploadState.APPLIED, 2)
    deed = AuditEntry.objects.get(deed="upload file cleared")
    assert deed.detail["sha256"] == upload.sha256
    assert deed.detail["why"] == "kept for 1827 days"
    assert answer_of("exposure", "--operator", upload.operator.slug)["fleet"] == told["fleet"]
    with pytest.raises(ValidationError, match="No row can be marked"):
        write_problem_workbook(upload, None)
    client = signed_in(a_member(upload.operator))
    assert client.get(f"/uploads/{upload.pk}/").status_code == 200
    assert take_back(upload=upload, at=NOW)["reverted"] == 2


def test_an_upload_that_was_never_applied_goes_with_its_file(upload):
    path = Path(upload.file.path)
    Upload.objects.update(state=UploadState.CHECKED)
    assert after(89, only=["unapplied_uploads"]) == {} and path.exists()
    Upload.objects.update(is_confirmed=True)
    assert after(91, only=["unapplied_uploads"]) == {}
    Upload.objects.update(is_confirmed=False)
    assert after(91, only=["unapplied_uploads"]) == {"unapplied_uploads": 1}
    assert not path.exists() and not Upload.objects.exists()


@pytest.mark.parametrize("is_of_upload", [True, False])
def test_a_legal_hold_keeps_what_is_old_until_it_is_lifted(upload, is_of_upload):
    path, of = Path(upload.file.path), {"upload": upload} if is_of_upload else {}
    hold = place_hold(operator=upload.operator, at=NOW, why="Court of International Trade 26-117", **of)
    assert "upload_files" not in after(9_999) and path.exists()
    lift_hold(hold=hold, at=NOW, why="settled")
    with pytest.raises(ValidationError, match="lifted already"):
        lift_hold(hold=hold, at=NOW, why="settled")
    assert after(9_999)["upload_files"] == 1 and not path.exists()
    deeds = AuditEntry.objects.filter(deed__startswith="legal hold").order_by("pk")
    assert [(each.deed, each.detail["why"]) for each in deeds] == [
        ("legal hold placed", "Court of International Trade 26-117"),
        ("legal hold lifted", "settled"),
    ]


def test_the_hold_of_one_operator_keeps_nothing_of_another(operator):
    other = an_operator("birch", "Birch")
    held, free = an_export(operator), an_export(other)
    answer_of("legal_hold", "--operator", operator.slug, "--why", "a subpoena")
    after(9, only=["exports"])
    assert list(FleetExport.objects.all()) == [held]
    assert Path(held.file.path).exists() and not Path(free.file.path).exists()


def test_a_hold_is_placed_and_lifted_by_a_command(upload):
    slug = upload.operator.slug
    placed = answer_of("legal_hold", "--operator", slug, "--upload", str(upload.pk), "--why", "a subpoena")
    number = placed["holds"][0]["hold"]
    assert placed["holds"][0]["on"] == f"upload {upload.pk}"
    assert answer_of("legal_hold", "--operator", slug, "--lift", str(number), "--why", "over")["holds"] == []


def test_what_would_go_is_told_and_stays(upload, operator):
    export = an_export(operator)
    Session.objects.create(session_key="old", session_data="", expire_date=NOW)
    before = AuditEntry.objects.count()
    told = after(9_999, is_dry=True)
    assert {"upload_files", "exports", "sessions"} <= set(told)
    assert Path(export.file.path).exists() and Path(upload.file.path).exists()
    assert AuditEntry.objects.count() == before
    done = after(9_999)
    assert {name: done.get(name) for name in told if name != "stray_files"} == {
        name: number for name, number in told.items() if name != "stray_files"
    }
    assert after(9_999) == {}
    assert AuditEntry.objects.get(deed="housekeeping").detail["cleared"] == done


def test_the_file_of_a_vendors_withdrawn_document_goes_unless_its_operator_is_held(operator):
    vendor, rule = a_vendor("Valley Hosting"), {"only": ["vendor_files"]}
    own, shared, counts = (
        a_document(vendor, operator=each, title=title)
        for each, title in ((operator, "Contract"), (None, "Extract"), (None, "Certificate"))
    )
    with pytest.raises(ValidationError, match="Only the file of a paper that was withdrawn"):
        erase_document_file(document=counts, at=NOW, why="privacy")
    withdraw_document(document=own, operator=operator, because="ended", at=NOW)
    withdraw_document(document=shared, operator=None, because="outdated", at=NOW)
    hold = place_hold(operator=operator, at=NOW, why="a subpoena")
    assert after(1826, **rule) == {}
    assert after(1828, **rule) == {"vendor_files": 1}
    lift_hold(hold=hold, at=NOW, why="over")
    assert after(1828, is_dry=True, **rule) == after(1828, **rule) == {"vendor_files": 1}
    assert [Path(each.file.path).exists() for each in (own, shared, counts)] == [False, False, True]
    deeds = AuditEntry.objects.filter(deed="document file erased").order_by("pk")
    assert [(each.operator_id, each.detail["sha256"], each.detail["why"]) for each in deeds] == [
        (None, shared.sha256, "kept for 1827 days"),
        (operator.pk, own.sha256, "kept for 1827 days"),
    ]
    assert VendorDocument.objects.get(pk=own.pk).withdrawn_because == "ended"
    client, page = signed_in(a_member(operator)), f"/vendors/{vendor.pk}/"
    assert "file erased" in client.get(page).text
    files = [f"{page}documents/{each.pk}/file/" for each in (own, counts)]
    assert [each in client.get(page).text for each in files] == [False, True]
    assert client.get(files[0]).status_code == 404


def test_the_audit_trail_never_goes(operator):
    before = set(AuditEntry.objects.values_list("pk", flat=True))
    after(99_999)
    assert before <= set(AuditEntry.objects.values_list("pk", flat=True))


def test_runs_that_a_finding_names_stay_with_their_steps(operator):
    idle = AssessmentRun.objects.create(kind=AssessmentRun.Kind.ASKED, cause="asked", begun_at=NOW)
    AssessmentRun.objects.update(begun_at=NOW)
    named = set(Exposure.objects.values_list("run_id", flat=True))
    assert named and after(366, only=["runs"])["runs"] >= 1
    assert not AssessmentRun.objects.filter(pk=idle.pk).exists()
    assert set(Exposure.objects.values_list("run_id", flat=True)) == named


def test_a_file_that_no_row_names_goes_after_two_days_and_one_that_is_coming_stays(upload):
    old, young = (
        default_storage.save(f"uploads/1/{name}.csv", ContentFile(b"x")) for name in ("old", "young")
    )
    past = (NOW - 3 * DAY).timestamp()
    for name in (old, upload.file.name):
        os.utime(default_storage.path(name), (past, past))
    os.utime(default_storage.path(young), (NOW.timestamp(), NOW.timestamp()))
    after(0, only=["stray_files"])
    assert not default_storage.exists(old)
    assert default_storage.exists(young) and default_storage.exists(upload.file.name)
    default_storage.delete(young)


def test_only_the_file_of_a_withdrawn_paper_is_erased_and_the_record_says_which_and_why(operator):
    file = SimpleUploadedFile("co.pdf", b"%PDF-1.4 x")
    paper = add_evidence(operator=operator, file=file, file_name="co.pdf", at=NOW, **PAPER)
    path = Path(paper.file.path)
    with pytest.raises(ValidationError, match="Only the file of a paper that was withdrawn"):
        erase_evidence_file(evidence=paper, at=NOW, why="privacy")
    withdraw_evidence(evidence=paper, because="forged", at=NOW)
    hold = place_hold(operator=operator, at=NOW, why="a subpoena")
    with pytest.raises(ValidationError, match="legal hold"):
        erase_evidence_file(evidence=paper, at=NOW, why="privacy")
    lift_hold(hold=hold, at=NOW, why="over")
    with pytest.raises(ValidationError, match="Say why"):
        erase_evidence_file(evidence=paper, at=NOW, why=" ")
    assert path.exists()
    with TestCase.captureOnCommitCallbacks(execute=True):
        erase_evidence_file(evidence=paper, at=NOW, why="privacy")
    assert not path.exists()
    kept = OriginEvidence.objects.get(pk=paper.pk)
    deed = AuditEntry.objects.get(deed="evidence file erased")
    assert (deed.detail["sha256"], deed.detail["why"]) == (kept.sha256, "privacy")
    client = signed_in(a_member(operator))
    assert client.get(f"/evidence/{paper.pk}/file/").status_code == 404
    assert client.get("/evidence/").status_code == 200
