"""The guide off its straight way: stale pages, steps passed by, files that cannot be read, answers sent twice."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from fleet.models import Rig, SavedMapping, Upload
from fleet.models.upload import UploadState
from fleet.services import check_again, choose
from fleet.tasks import apply_upload
from tests.console.test_front_page import page_of, text_of
from tests.console.test_guided_upload import answered, at, begun, client, fields, text, through
from tests.console.visitors import a_member, signed_in
from tests.fleet.sheets.made_files import workbook_file
from tests.sheets import a_csv, a_row

__all__ = ["client"]  # the fixture
pytestmark = pytest.mark.usefixtures("shipped")

ODD = {"Frobnication": "purple"}


def applied(client, upload):
    through(client, upload)
    client.post(f"/uploads/{upload.pk}/apply/")
    apply_upload(upload_id=upload.pk)


def test_a_page_opened_before_the_upload_was_applied_changes_nothing(client, tmp_path):
    upload = begun(client, a_csv(tmp_path, [a_row(1)]))
    through(client, upload)
    stale = Upload.objects.get(pk=upload.pk)
    apply_upload(upload_id=upload.pk)
    for deed in (choose, check_again):
        with pytest.raises(ValidationError, match="is applied; it cannot be"):
            deed(upload=stale, choices={"mode": "update"})
    assert Upload.objects.get(pk=upload.pk).state == UploadState.APPLIED


def test_an_answer_about_words_that_is_sent_twice_settles_no_other_word(client, tmp_path):
    rows = [a_row(1, model="Foo One"), a_row(2, model="Foo One"), a_row(3, model="Bar Two")]
    upload = begun(client, a_csv(tmp_path, rows))
    sent = fields(at(client, upload, "values")) | {"value-0": "Antminer S21 200T", "again": "1"}
    for _ in range(2):
        client.post(f"/uploads/{upload.pk}/guide/values/", sent)
    upload.refresh_from_db()
    assert upload.choices["values"] == {"model": {"Foo One": "Antminer S21 200T"}}


def test_a_word_of_a_column_that_has_none_is_refused(client, tmp_path):
    upload = begun(client, a_csv(tmp_path, [a_row(1)]))
    sent = {"about-0": "serial_number:A1", "value-0": "B1"}
    assert client.post(f"/uploads/{upload.pk}/guide/values/", sent).status_code == 400


def test_a_file_that_cannot_be_read_leads_to_its_sentence_from_every_step(client, tmp_path):
    path = tmp_path / "locked.xlsx"
    path.write_bytes(b"PK\x03\x04 broken")
    upload = begun(client, path)
    for step in ("sheet", "columns", "values"):
        answer = client.get(f"/uploads/{upload.pk}/guide/{step}/", follow=True)
        assert (answer.status_code, upload.refusal in text_of(answer.content.decode())) == (200, True)


@pytest.mark.parametrize("row", ["0", "50", "-1", "x", "99999999999999999999"])
def test_a_heading_row_that_is_none_is_refused_and_not_kept(client, tmp_path, row):
    upload = begun(client, a_csv(tmp_path, [a_row(1)]))
    answered(client, upload, "sheet", heading_row=row)
    assert "Serial Number" in at(client, upload, "columns")


def test_a_step_that_was_passed_by_is_asked_before_the_check(client, tmp_path):
    upload = begun(client, a_csv(tmp_path, [a_row(1, entry_date="03/04/2025") | ODD]))
    assert answered(client, upload, "mode")["Location"].endswith("/guide/columns/")
    answered(client, upload, "columns", **{"column-16": "-"})
    assert answered(client, upload, "mode")["Location"].endswith("/guide/reading/")
    upload.refresh_from_db()
    assert upload.state == UploadState.CHOOSING


def test_another_sheet_of_a_workbook_that_was_applied_can_be_sent(client, tmp_path):
    head, rest = ["Serial Number", "Model", "Site"], ["Antminer S21 200T", "Pecos"]
    sheets = [head, ["YNAHEAUBCJCBA0001", *rest]], [head, ["YNAHEAUBCJCBA0002", *rest]]
    path = workbook_file(tmp_path, *sheets)
    applied(client, begun(client, path))
    assert Rig.objects.count() == 1
    answer = client.post("/uploads/guide/", {"file": SimpleUploadedFile(path.name, path.read_bytes())})
    assert answer["Location"].endswith("/guide/sheet/")


def test_a_kept_order_of_dates_is_told_where_the_check_is_offered(client, tmp_path):
    first = begun(client, a_csv(tmp_path, [a_row(1, entry_date="03/04/2025")]))
    through(client, first, reading={"day_order": "day_first"})
    again = begun(client, a_csv(tmp_path, [a_row(2, entry_date="05/06/2025")], name="b.csv"))
    told = text_of(at(client, again, "sheet"))
    assert "check now" in told
    assert "Columns, order of dates are read as ann read fleet.csv" in told


def test_nothing_is_kept_of_headings_that_were_read_as_they_stand(client, tmp_path):
    through(client, begun(client, a_csv(tmp_path, [a_row(1)])))
    assert not SavedMapping.objects.exists()


def test_a_heading_that_is_there_twice_has_one_meaning(client, tmp_path):
    content = "Serial,Model,Site,Foo,Foo\nYNAHEAUBCJCBA0001,Antminer S21 200T,Pecos,R1,n1\n"
    upload = begun(client, text(tmp_path, content))
    html = at(client, upload, "columns")
    first, second = re.findall(r'<select name="(column-\d+)"', html)[-2:]
    answer = client.post(
        f"/uploads/{upload.pk}/guide/columns/", fields(html) | {first: "rack", second: "notes"}
    )
    assert answer.status_code == 400
    assert "is there twice" in answer.content.decode()


def test_a_viewer_sees_an_upload_that_is_being_set_up(client, tmp_path):
    upload = begun(client, a_csv(tmp_path, [a_row(1)]))
    viewer = signed_in(a_member(upload.operator, role="viewer", username="vic"))
    assert "Being set up" in page_of(viewer, f"/uploads/{upload.pk}/")


def test_an_upload_that_is_being_set_up_is_discarded_by_its_button(client, tmp_path):
    upload = begun(client, a_csv(tmp_path, [a_row(1)]))
    assert "Discard this file" in at(client, upload, "sheet")
    client.post(f"/uploads/{upload.pk}/cancel/")
    assert Upload.objects.get(pk=upload.pk).state == UploadState.CANCELLED


def test_a_fleet_that_moved_since_the_check_is_checked_again_by_a_button(client, tmp_path):
    upload = begun(client, a_csv(tmp_path, [a_row(1)]))
    through(client, upload)
    Upload.objects.filter(pk=upload.pk).update(plan_digest="another")
    apply_upload(upload_id=upload.pk)
    page = page_of(client, f"/uploads/{upload.pk}/")
    assert "The fleet has changed since the check" in page
    assert "Check again" in page
    client.post(f"/uploads/{upload.pk}/check/")
    assert Upload.objects.get(pk=upload.pk).state == UploadState.WAITING


def test_a_text_whose_letters_look_wrong_is_read_in_another_encoding(client, tmp_path):
    path = tmp_path / "fleet.csv"
    path.write_bytes("Серийный номер,Модель,Площадка\nA1,Antminer S21 200T,Братск\n".encode("koi8-r"))
    upload = begun(client, path)
    page = at(client, upload, "sheet")
    assert "Братск" not in page
    refused = client.post(f"/uploads/{upload.pk}/guide/sheet/", fields(page) | {"encoding": "utf-8"})
    assert refused.status_code == 400
    assert "save it as UTF-8" in refused.content.decode()
    answer = client.post(f"/uploads/{upload.pk}/guide/sheet/", fields(page) | {"encoding": "koi8-r"})
    assert answer.url.endswith("/guide/sheet/")
    assert "Братск" in at(client, upload, "sheet")
    through(client, upload)
    upload.refresh_from_db()
    assert upload.choices["encoding"] == "koi8-r"
    assert upload.new == 1
