"""The audit's page says what was before and after, and hands out files that can be verified without the database."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from fleet.models import Membership
from fleet.models.operator import OperatorRole, PlatformRole
from fleet.services import set_person_formats
from ledger.audit import seal_all
from ledger.models import AuditEntry, record
from risk.services import set_alert_rule
from tests.commands import answer_of
from tests.console.test_front_page import text_of
from tests.console.visitors import a_member, a_person, an_admin, an_operator, signed_in
from vendors.services import register_vendor

pytestmark = pytest.mark.usefixtures("shipped")


def page_of(client, address="/audit/", status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def file_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith("attachment")
    return answer.getvalue().decode()


@pytest.fixture
def operator():
    return an_operator()


@pytest.fixture
def other():
    return an_operator(slug="zyzzyva", name="Zyzzyva Mining")


@pytest.fixture
def deeds(operator, other):
    """One deed at each of two operators."""
    ann, zoe = a_member(operator), a_member(other, username="zoe")
    set_alert_rule(operator=operator, by=ann, time_zone="America/Chicago", points="2.5")
    set_alert_rule(operator=other, by=zoe, time_zone="Asia/Tokyo")
    seal_all()
    return ann, zoe


def test_a_manager_reads_before_and_after_of_the_own_operator_and_no_other(deeds):
    page = page_of(signed_in(deeds[0]))
    assert "alert rule set" in page
    assert "<ins>America/Chicago</ins>" in page
    assert "<del>" in page
    for foreign in ("Tokyo", "zoe", "Zyzzyva", "edition published"):
        assert foreign not in page


def test_a_manager_takes_along_the_own_operators_entries_alone(deeds, operator, tmp_path):
    client = signed_in(deeds[0])
    text = file_of(client, "/audit/audit.jsonl")
    *lines, end = map(json.loads, text.splitlines())
    assert {line["operator"] for line in lines} == {operator.pk}
    assert end["newest"]["number"] >= lines[-1]["number"]
    path = tmp_path / "audit.jsonl"
    path.write_text(text)
    assert answer_of("verify_audit", "--file", str(path))["entries"] == len(lines)
    path.write_text(text.replace("America/Chicago", "America/Denver"))
    with pytest.raises(CommandError, match="was altered"):
        call_command("verify_audit", "--file", str(path))
    rows = list(csv.DictReader(StringIO(file_of(client, "/audit/audit.csv").removeprefix("\ufeff"))))
    *numbers, export = [int(row["number"]) for row in rows]
    assert numbers == [line["number"] for line in lines]
    assert rows[-1]["deed"] == "audit exported"
    assert export > numbers[-1]
    taken = AuditEntry.objects.filter(deed="audit exported")
    assert {(each.by_name, each.operator_id) for each in taken} == {("ann", operator.pk)}


@pytest.mark.parametrize("address", ["/audit/", "/audit/audit.jsonl", "/audit/audit.csv"])
def test_a_viewer_reads_no_audit(operator, address):
    client = signed_in(a_member(operator, OperatorRole.VIEWER))
    page_of(client, address, status=403)
    assert 'href="/audit/"' not in page_of(client, "/register/")


def test_a_manager_of_one_operator_who_is_a_viewer_of_another_reads_the_one(operator, other, deeds):
    ann = deeds[0]
    Membership.objects.create(user=ann, operator=other, role=OperatorRole.VIEWER)
    page_of(signed_in(ann), "/audit/?operator=zyzzyva", status=403)
    assert "Tokyo" not in page_of(signed_in(ann), "/audit/?operator=prairie&of=zyzzyva")


def test_the_platforms_staff_reads_all_but_what_operators_keep_to_themselves_of_vendors(deeds, operator):
    register_vendor(name="Our quiet host", operator=operator, why="we buy there", by=deeds[0])
    for staff in (an_admin(), a_person("cora", platform_role=PlatformRole.COMPLIANCE)):
        page = page_of(signed_in(staff))
        assert "America/Chicago" in page
        assert "Asia/Tokyo" in page
        assert "quiet host" not in page
        assert "quiet host" not in file_of(signed_in(staff), "/audit/audit.jsonl")
    assert "quiet host" in page_of(signed_in(deeds[0]))


def test_what_is_looked_for_is_found(deeds):
    client = signed_in(an_admin())
    assert "Asia/Tokyo" not in page_of(client, "/audit/?of=prairie&deed=alert")
    assert "edition published" in page_of(client, "/audit/?of=platform")
    assert "Asia/Tokyo" in page_of(client, "/audit/?by=zoe")
    assert "Nothing of that is on the audit." in page_of(client, "/audit/?through=2020-01-01")
    assert "Asia/Tokyo" in page_of(client, "/audit/?first=2020-01-01&through=no+day")


def test_a_person_is_one_subject_also_in_entries_of_before(tmp_path):
    root = an_admin()
    record(deed="user changed", subject=f"user {root.pk}", by=root)
    set_person_formats(
        person=root, time_zone="Asia/Tokyo", number_format="1,234.5", date_style="2027-03-05", measure=""
    )
    record(deed="told", subject="user fees of 2024")
    seal_all()
    client, subject = signed_in(root), f"person {root.pk}"
    for asked in (f"subject=person+{root.pk}", f"subject=user+{root.pk}"):
        page = text_of(page_of(client, f"/audit/?{asked}"))
        assert (page.count(subject), f"user {root.pk}" in page) == (2, False)
        rows = list(csv.DictReader(StringIO(file_of(client, f"/audit/audit.csv?{asked}"))))
        assert [row["subject"] for row in rows] == [subject, subject]
    assert "person changed" in page_of(client, "/audit/?deed=person+changed")
    assert "user fees of 2024" in page_of(client)
    shelf = text_of(page_of(client, f"/ledger/auditentry/?q=person+{root.pk}"))
    assert shelf.count(subject) >= 2
    path = tmp_path / "audit.jsonl"
    path.write_text(file_of(client, f"/audit/audit.jsonl?subject={subject}"))
    assert f'"user {root.pk}"' in path.read_text()  # as it was sealed
    assert answer_of("verify_audit", "--file", str(path))["entries"] == 2


def test_older_entries_are_a_page_on(operator):
    for each in range(60):
        record(deed="told", subject=f"thing {each}", operator_id=operator.pk)
    client = signed_in(a_member(operator))
    page = page_of(client)
    assert "thing 59" in page
    assert "thing 5<" not in page
    before = AuditEntry.objects.filter(operator_id=operator.pk).order_by("-pk")[49].pk
    assert f"before={before}" in page
    assert "thing 5<" in page_of(client, f"/audit/?before={before}")


def refused(path, lines, *options):
    """What the command says of a file with other lines."""
    path.write_text("".join(f"{json.dumps(line)}\r\n" for line in lines))
    with pytest.raises(CommandError) as refusal:
        call_command("verify_audit", "--file", str(path), *options)
    return str(refusal.value)


def test_an_export_of_one_operator_with_links_follows_the_whole_chain(deeds, operator, tmp_path):
    path = tmp_path / "audit.jsonl"
    told = answer_of("export_audit", "--output", str(path), "--operator", operator.slug, "--links")
    *lines, end = map(json.loads, path.read_text().splitlines())
    assert [line["number"] for line in lines] == list(range(1, end["newest"]["number"] + 1))
    assert lines[-1]["digest"] == end["newest"]["digest"]
    assert sum("deed" in line for line in lines) == told["entries"]
    assert "Tokyo" not in path.read_text()
    assert answer_of("verify_audit", "--file", str(path))["entries"] == told["entries"]
    assert "stands after" in refused(path, [lines[1], lines[0], *lines[2:], end])


def test_an_export_under_filters_proves_that_it_is_all_that_was_asked_then(
    deeds, operator, tmp_path, settings
):
    for each in range(3):
        record(deed="told", subject=f"thing {each}", operator_id=operator.pk)
    client, path = signed_in(deeds[0]), tmp_path / "audit.jsonl"
    path.write_text(file_of(client, "/audit/audit.jsonl?subject=thing&of=zyzzyva&through=no+day"))
    *lines, end = map(json.loads, path.read_text().splitlines())
    told = answer_of("verify_audit", "--file", str(path))
    assert (told["entries"], told["by"]) == (3, "ann")
    assert told["asked"] == {"of": "prairie", "subject": "thing", "links": False}
    for fewer in (lines[:1], lines[1:], [lines[0], lines[2]], []):
        assert "taken out or put in" in refused(path, [*fewer, end])
    for unsigned in (lines, [*lines, {"newest": end["newest"]}]):
        assert "no closing line" in refused(path, unsigned)
    assert "after the closing line" in refused(path, [*lines, end, lines[0]])
    assert "says something that no entry does: comment" in refused(path, [{**lines[0], "comment": "!"}, end])
    link = {
        name: lines[0][name] for name in ("number", "entry", "sealed_at", "previous", "content", "digest")
    }
    assert "3 with 2 are in the file" in refused(path, [{**link, "link": True}, *lines[1:], end])
    for other in ({"asked": {}}, {"lines": 2}, {"by": "zoe"}):
        assert "closing line was altered" in refused(path, [*lines, {**end, **other}])
    settings.SECRET_KEY = "another secret of another product, long enough"
    assert "not one of this product's" in refused(path, [*lines, end])
    assert answer_of("verify_audit", "--file", str(path), "--key", end["key"])["entries"] == 3
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines[1:]))
    assert answer_of("verify_audit", "--file", str(path), "--unsigned") == {
        "file": str(path),
        "entries": 2,
        **dict.fromkeys(("asked", "by", "at", "key", "newest")),
    }


def test_the_program_in_the_docs_verifies_an_export_and_finds_what_was_altered(deeds, operator, tmp_path):
    text = Path("docs/security.md").read_text(encoding="utf-8")
    program, path = re.search(r"```python\n(.*?)```", text, re.DOTALL)[1], tmp_path / "audit.jsonl"
    record(deed="told", subject="Überhitzt", operator_id=operator.pk, share=0.5, whole=3.0)
    answer_of("export_audit", "--output", str(path), "--operator", operator.slug, "--links")
    told, key = path.read_text(), answer_of("verify_audit", "--public-key")["key"]

    def verified(text):
        path.write_text(text)
        asked = [sys.executable, "-c", program, str(path), key]
        return subprocess.run(asked, capture_output=True, check=False)

    assert verified(told).returncode == 0, verified(told).stderr
    assert b"AssertionError" in verified(told.replace("America/Chicago", "America/Denver")).stderr
    assert b"AssertionError: lines were taken out" in verified(told.partition("\n")[2]).stderr
    assert b"InvalidSignature" in verified(told.replace('"links": true', '"links": false')).stderr
