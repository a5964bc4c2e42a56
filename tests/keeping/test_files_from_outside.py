"""Files that strangers send: of a kind that is kept, scanned before they are read, and only ever handed out."""

from __future__ import annotations

import os
import sys
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from config import environment
from fleet.models import OriginEvidence, Receipt, Upload
from fleet.models.keys import Scope
from fleet.services import accept_upload, add_evidence, begin_upload, check_receipt
from ledger.papers import BEGINNINGS
from tests.api.programs import Program, a_key
from tests.console.visitors import a_fleet, a_member, an_operator, signed_in
from tests.database import NOW, TODAY
from tests.sheets import a_row
from tests.vendors.records import a_document, a_vendor
from vendors.models import VendorDocument

pytestmark = pytest.mark.usefixtures("shipped")
# In two parts: a scanner of this machine must not find it in the source.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PAPER = {"kind": "certificate", "title": "Certificate 117", "country": "MY", "strength": "strong"}
SCANNER = """
import sys, time
content = sys.stdin.buffer.read()
mark = b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE"
if b"sleep" in content:
    time.sleep(60)
if b"fail" in content:
    sys.exit(2)
if mark in content:
    print("stream: Eicar-Test-Signature FOUND \\x1b[31m")
    sys.exit(1)
"""


@pytest.fixture
def operator():
    return an_operator()


@pytest.fixture
def scanner(tmp_path, settings) -> Path:
    """A scanner that finds the EICAR text in what it is given."""
    program = tmp_path / "scanner.py"
    program.write_text(SCANNER)
    settings.MALWARE_COMMAND = f"{sys.executable} {program}"
    settings.MALWARE_SECONDS = 20
    return program


def a_paper(operator, content: bytes, name: str = "co.pdf") -> OriginEvidence:
    file = SimpleUploadedFile(name, content)
    return add_evidence(operator=operator, file=file, file_name=name, at=NOW, **PAPER)


def zipped(*parts: str) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        for part in parts:
            archive.writestr(part, "x")
    return target.getvalue()


def as_sent(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


GOOD = {
    "co.pdf": b"%PDF-1.7 paper",
    "CO.PDF": b"%PDF-1.7 paper",
    "scan.png": b"\x89PNG\r\n\x1a\n and so on",
    "scan.jpg": b"\xff\xd8\xff\xe0 and so on",
    "list.xlsx": zipped("[Content_Types].xml", "xl/workbook.xml"),
    "letter.docx": zipped("[Content_Types].xml", "word/document.xml"),
    "note.txt": "Für den Zoll: <html> ist erwähnt".encode(),
    "mail.eml": b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n<html></html>",
}
BAD = {
    "a page": ("page.html", b"<html>", "is not kept"),
    "a drawing": ("drawing.svg", b"<svg onload='alert(1)'/>", "is not kept"),
    "a program": ("setup.exe", b"MZ\x90", "is not kept"),
    "a shell script": ("run.sh", b"#!/bin/sh", "is not kept"),
    "no ending": ("paper", b"%PDF-1.7", "is not kept"),
    "two endings": ("paper.pdf.html", b"%PDF-1.7", "is not kept"),
    "a program as PDF": ("paper.pdf", b"MZ\x90 program", "not that of a pdf"),
    "a page as PDF": ("paper.pdf", b"<script>alert(1)</script>%PDF-1.7", "not that of a pdf"),
    "a page as picture": ("paper.png", b"<!DOCTYPE html>", "not that of a png"),
    "a page as text": ("note.txt", b"\xef\xbb\xbf\n <!DOCTYPE html><script>", "a page or a script"),
    "a drawing as table": ("list.csv", b"<?xml version='1.0'?><svg/>", "a page or a script"),
    "a script as text": ("note.txt", b"#!/bin/sh\nrm -rf /", "a page or a script"),
    "bytes as table": ("list.csv", b"a,b\0", "not that of a csv"),
    "an archive as workbook": ("list.xlsx", zipped("setup.exe"), "not that of a xlsx"),
    "half a workbook": ("list.xlsx", zipped("xl/workbook.xml")[:-9], "not that of a xlsx"),
    "macros": ("list.xlsx", zipped("xl/workbook.xml", "xl/vbaProject.bin"), "has macros"),
    "many parts": ("a.docx", zipped("word/document.xml", *map(str, range(2001))), "not that of a docx"),
    "nothing": ("co.pdf", b"", "is empty"),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_paper_of_a_kind_that_is_kept_is_taken_by_its_content(operator, name):
    assert a_paper(operator, GOOD[name], name).file_name == name


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_paper_is_refused_in_a_sentence_and_not_kept(operator, case):
    name, content, told = BAD[case]
    with pytest.raises(ValidationError, match=told):
        a_paper(operator, content, name)
    assert not OriginEvidence.objects.exists()


def test_evidence_and_vendor_papers_are_held_to_the_same_rules(operator):
    name, content, told = BAD["a script as text"]
    with pytest.raises(ValidationError, match=told):
        a_document(a_vendor(), file_name=name, content=content)
    assert {".pdf", ".png", ".jpg", ".xlsx", ".txt"} <= set(BEGINNINGS)


def test_a_paper_over_the_limit_is_refused(operator, settings):
    settings.UPLOAD_MAX_BYTES = 1024**2
    with pytest.raises(ValidationError, match="the limit is 1 MB"):
        a_paper(operator, b"%PDF-1.7" + b"0" * 1024**2)


def every_way_in(operator, content: bytes) -> dict[str, object]:
    """Each way by which a file comes in, with what it raised."""
    ways = {
        "upload": lambda: accept_upload(
            operator=operator, file=as_sent(content, "f.csv"), file_name="f.csv", in_background=False
        ),
        "guided upload": lambda: begin_upload(
            operator=operator, file=as_sent(content, "f.csv"), file_name="f.csv"
        ),
        "evidence": lambda: a_paper(operator, b"%PDF-1.7" + content),
        "manifest": lambda: check_receipt(
            operator=operator,
            today=TODAY,
            at=NOW,
            file=as_sent(content, "m.csv"),
            file_name="m.csv",
            purchase_order="PO-1",
            entry_date=TODAY,
        ),
        "vendor paper": lambda: a_document(a_vendor(), content=b"%PDF-1.7" + content),
    }
    refused = {}
    for name, way in ways.items():
        try:
            refused[name] = way() and None
        except ValidationError as refusal:
            refused[name] = " ".join(refusal.messages)
    return refused


def nothing_is_kept() -> bool:
    return not any(each.objects.exists() for each in (Upload, OriginEvidence, Receipt, VendorDocument))


def test_what_the_scanner_finds_is_refused_on_every_way_in_before_anything_is_kept(operator, scanner):
    refused = every_way_in(operator, EICAR)
    assert len(refused) == 5
    assert all("found something in this file" in told for told in refused.values()), refused
    assert all("Eicar-Test-Signature FOUND" in told and "\x1b" not in told for told in refused.values())
    assert nothing_is_kept()


@pytest.mark.parametrize("trouble", ["fails", "hangs", "is gone"])
def test_a_scanner_that_gives_no_verdict_lets_nothing_in(operator, scanner, settings, trouble):
    settings.MALWARE_SECONDS = 1 if trouble == "hangs" else 20
    if trouble == "is gone":
        settings.MALWARE_COMMAND = "/nowhere/clamdscan -"
    with pytest.raises(ValidationError, match="could not look at this file") as refusal:
        a_paper(operator, b"%PDF-1.7 sleep" if trouble == "hangs" else b"%PDF-1.7 fail")
    assert refusal.value.error_list[0].code == "malware_unknown"
    assert nothing_is_kept()


def test_a_clean_file_passes_whole_whether_it_was_in_memory_or_on_the_disk(operator, scanner):
    content = b"%PDF-1.7 " + bytes(range(256)) * 40
    on_disk = TemporaryUploadedFile("co.pdf", "application/pdf", len(content), None)
    on_disk.write(content)
    kept = add_evidence(operator=operator, file=on_disk, file_name="co.pdf", at=NOW, **PAPER)
    for paper in (kept, a_paper(operator, content)):
        with paper.file.open() as stream:
            assert stream.read() == content


def test_a_program_that_sends_what_the_scanner_finds_is_told_why_and_may_try_again_later(operator, scanner):
    program = Program(a_key(operator, Scope.FLEET_READ, Scope.FLEET_WRITE))

    def answer(content: bytes) -> tuple[int, str]:
        file = as_sent(b"%PDF-1.7" + content, "co.pdf")
        sent = program.client.post("/api/v1/evidence/", {"file": file, **PAPER})
        return sent.status_code, sent.json()["code"]

    assert answer(EICAR) == (422, "malware_found")
    assert answer(b"fail") == (409, "malware_unknown")


def test_a_scanner_that_is_not_there_stops_the_start(monkeypatch):
    monkeypatch.setenv("MALWARE_COMMAND", "/nowhere/clamdscan --no-summary -")
    with pytest.raises(ImproperlyConfigured, match="its program is not here"):
        environment.read("MALWARE_COMMAND", "", environment.command)


# ------------------------------------------------------------------------------------------- where they lie

NAMES = [
    "../../../etc/passwd.pdf",
    "..\\..\\windows\\win.pdf",
    "a\r\nSet-Cookie: x=1.pdf",
    'quote".pdf',
    "a;b, c.pdf",
    "\u202efdp.exe.pdf",
    "Ursprungszeugnis ü 原产地.pdf",
    "x" * 240 + ".pdf",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_reaches_neither_the_disk_nor_the_header_that_hands_the_file_out(operator, name):
    paper = a_paper(operator, GOOD["co.pdf"], name)
    place = Path(paper.file.path)
    assert place.parent == Path(settings.MEDIA_ROOT) / "evidence" / str(operator.pk)
    assert len(place.stem) == 32 and set(place.stem) <= set("0123456789abcdef")
    answer = signed_in(a_member(operator)).get(f"/evidence/{paper.pk}/file/")
    assert b"".join(answer.streaming_content) == GOOD["co.pdf"]
    disposition = answer["Content-Disposition"]
    assert disposition.startswith("attachment") and "\r" not in disposition and "\n" not in disposition
    assert "/" not in unquote(disposition) and "\\.." not in unquote(disposition)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/octet-stream"


def test_no_address_serves_the_folder_of_kept_files(operator, client):
    paper = a_paper(operator, GOOD["co.pdf"])
    served = [settings.STATIC_ROOT, *settings.STATICFILES_DIRS]
    assert not any(Path(settings.MEDIA_ROOT).is_relative_to(folder) for folder in served)
    member = signed_in(a_member(operator))
    for address in (f"/media/{paper.file.name}", f"/files/{paper.file.name}", f"/static/{paper.file.name}"):
        assert member.get(address).status_code == 404
    assert client.get(f"/evidence/{paper.pk}/file/").status_code == 302


def test_kept_files_cannot_be_run_and_are_read_by_their_owner(operator):
    paper = a_paper(operator, GOOD["co.pdf"])
    assert not Path(paper.file.path).stat().st_mode & 0o133
    assert os.access(paper.file.path, os.R_OK)


def test_a_stranger_gets_no_file_of_another_operator(operator, tmp_path):
    a_fleet(tmp_path, operator, [a_row(1)])
    paper = a_paper(operator, GOOD["co.pdf"])
    stranger = signed_in(a_member(an_operator("birch", "Birch"), username="bea"))
    assert stranger.get(f"/evidence/{paper.pk}/file/").status_code == 404


# ------------------------------------------------------------------------------------- sheets that are none

FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    '=HYPERLINK("http://x.example","y")',
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_that_came_as_text_leaves_as_text(operator, tmp_path, formula):
    a_fleet(tmp_path, operator, [a_row(1, Notes=formula)])
    member = signed_in(a_member(operator))
    rows = b"".join(member.get("/rigs/fleet.csv").streaming_content).decode("utf-8-sig")
    cells = [cell.strip('"') for line in rows.splitlines() for cell in line.split(",")]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))]
