"""Sending a spreadsheet by the console, and reading what became of it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from config.pages.upload_report import rows_in_words
from fleet.models import Rig, Upload, UploadProblem
from fleet.models.upload import UploadState
from fleet.tasks import apply_upload, read_upload
from tests.console.test_front_page import page_of, text_of
from tests.console.visitors import a_member, an_operator, signed_in
from tests.sheets import a_csv, a_row, a_workbook

pytestmark = pytest.mark.usefixtures("shipped")


@pytest.fixture
def client():
    """A manager's browser."""
    return signed_in(a_member(an_operator()))


def send(client, path, **said):
    """The answer to the form with this file."""
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return client.post("/uploads/new/", {"file": file, **said})


def sent(client, path, **said):
    """The upload's page after a worker has read it."""
    answer = send(client, path, **said)
    assert answer.status_code == 302, text_of(answer.content.decode())
    assert "Waiting for a worker" in page_of(client, answer["Location"])
    read_upload(upload_id=Upload.objects.latest("pk").pk)
    return page_of(client, answer["Location"])


@pytest.mark.parametrize("make", [a_csv, a_workbook])
def test_a_file_is_read_by_a_worker_and_its_page_tells_what_came_of_it(client, tmp_path, make):
    html = sent(client, make(tmp_path, [a_row(n) for n in (1, 2, 3)]))
    told = text_of(html)
    assert "Applied" in told
    assert "rows 3 new 3 changed 0" in told
    assert "Serial Number serial number" in told
    assert "Assessing, 1 lot to go" in told
    assert Rig.objects.count() == 3
    assert Upload.objects.get().uploaded_by.username == "ann"


def test_check_only_writes_nothing(client, tmp_path):
    assert "Checked, nothing written" in sent(client, a_csv(tmp_path, [a_row(1)]), dry_run="on")
    assert not Rig.objects.exists()


def test_a_checked_upload_shows_what_it_would_do_and_is_applied_by_its_button(client, tmp_path):
    told = text_of(sent(client, a_csv(tmp_path, [a_row(1), a_row(2)]), dry_run="on"))
    assert "Now The fleet is empty" in told
    assert "If this is applied 100 % of 400 TH/s is exposed" in told
    assert "Add 2, change 0, leave 0" in told
    upload = Upload.objects.get()
    answer = client.post(f"/uploads/{upload.pk}/apply/")
    assert "Being applied" in page_of(client, answer["Location"])
    apply_upload(upload_id=upload.pk)
    assert "Applied" in page_of(client, answer["Location"])
    assert Rig.objects.count() == 2


def test_a_checked_upload_shows_old_and_new_of_what_would_change(client, tmp_path):
    sent(client, a_csv(tmp_path, [a_row(1)]))
    told = text_of(sent(client, a_csv(tmp_path, [a_row(1, status="repair")], name="c.csv"), dry_run="on"))
    assert "Old and new of 1 of the 1 changed rigs" in told
    assert "status deployed repair" in told


def test_an_applied_upload_is_taken_back_by_its_button_and_tells_what_stayed(client, tmp_path):
    sent(client, a_csv(tmp_path, [a_row(1), a_row(2)]))
    first = Upload.objects.get()
    sent(client, a_csv(tmp_path, [a_row(2, status="repair")], name="later.csv"))
    answer = client.post(f"/uploads/{first.pk}/undo/")
    told = text_of(page_of(client, answer["Location"]))
    assert "1 rig as before" in told
    assert f"{a_row(2)['Serial Number']} , changed by ann by upload" in told
    assert Rig.objects.count() == 1


def test_an_upload_that_waits_is_cancelled_by_its_button(client, tmp_path):
    page = send(client, a_csv(tmp_path, [a_row(1)]))["Location"]
    assert client.post(f"{page}cancel/").status_code == 302
    read_upload(upload_id=Upload.objects.get().pk)
    assert "Cancelled, nothing written" in page_of(client, page)
    assert not Rig.objects.exists()


def test_a_deed_that_is_refused_says_why(client, tmp_path):
    sent(client, a_csv(tmp_path, [a_row(1)]))
    page = f"/uploads/{Upload.objects.get().pk}/"
    assert "cannot be cancelled" in text_of(client.post(f"{page}cancel/", follow=True).content.decode())
    assert client.get(f"{page}cancel/").status_code == 405


def test_a_viewer_neither_applies_nor_cancels(client, tmp_path):
    sent(client, a_csv(tmp_path, [a_row(1)]), dry_run="on")
    upload = Upload.objects.get()
    viewer = signed_in(a_member(upload.operator, role="viewer", username="vic"))
    page = f"/uploads/{upload.pk}/"
    assert "Add 1" not in text_of(page_of(viewer, page))
    assert {viewer.post(f"{page}{deed}/").status_code for deed in ("apply", "cancel")} == {403}


def test_the_same_file_twice_leads_to_the_first_upload(client, tmp_path):
    path = a_csv(tmp_path, [a_row(1)])
    sent(client, path)
    again = client.get(send(client, path)["Location"])
    assert "applied already; nothing was written again" in again.content.decode()
    assert Upload.objects.count() == 1


def test_a_wrong_row_refuses_the_file_and_says_row_column_value_and_what_would_be_right(client, tmp_path):
    told = text_of(sent(client, a_csv(tmp_path, [a_row(1), a_row(2, hts_code="84.71")])))
    assert "1 of 2 rows are wrong" in told
    assert "row 3 HTS Code 84.71" in told
    assert "needs 8 or 10" in told
    assert not Rig.objects.exists()


def test_the_right_rows_only_are_taken_when_asked_for(client, tmp_path):
    html = sent(client, a_csv(tmp_path, [a_row(1), a_row(2, hts_code="84.71")]), accept_partial="on")
    assert "What is wrong" in html
    assert Rig.objects.get().serial_number == "YNAHEAUBCJCBA0001"


def test_a_constant_fills_what_the_file_leaves_out(client, tmp_path):
    html = sent(client, a_csv(tmp_path, [a_row(1, country_of_origin="")]), country_of_origin="Malaysia")
    assert "country of origin <strong>Malaysia</strong>" in html
    assert Rig.objects.get().lot.country_of_origin == "MY"


def test_a_constant_that_its_column_cannot_take_is_refused_beside_its_field(client, tmp_path):
    answer = send(client, a_csv(tmp_path, [a_row(1)]), country_of_origin="Chinna", entry_date="31/31/2024")
    told = text_of(answer.content.decode())
    assert answer.status_code == 400
    assert "did you mean China?" in told
    assert "31/31/2024" in told
    assert not Upload.objects.exists()


def test_no_file_and_an_empty_file_are_refused_with_a_sentence(client, tmp_path):
    assert "Choose a spreadsheet" in text_of(client.post("/uploads/new/", {}).content.decode())
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    assert "empty" in text_of(send(client, empty).content.decode())
    assert not Upload.objects.exists()


def test_a_file_over_the_limit_is_refused_by_name(client, tmp_path, settings):
    settings.UPLOAD_MAX_BYTES = 1024
    big = tmp_path / "big.csv"
    big.write_bytes(b"Serial Number,Model\n" * 500)
    assert "the limit is" in text_of(send(client, big).content.decode())


def test_a_file_that_is_no_sheet_is_one_sentence_on_its_page(client, tmp_path):
    letter = tmp_path / "letter.xlsx"
    letter.write_bytes(b"%PDF-1.7 a letter")
    assert "The file is a PDF document, not a fleet sheet" in sent(client, letter)


def test_equal_faults_are_one_line(client):
    upload = Upload.objects.create(
        operator=a_member(an_operator("birch", "Birch"), username="bea").operators.get(), file_name="x.csv"
    )
    UploadProblem.objects.bulk_create(
        UploadProblem(
            upload=upload, row=row, column="Model", code="model_not_found", value="S19 XPP", sentence="No."
        )
        for row in (3, 4, 5, 9)
    )
    Upload.objects.update(state=UploadState.REFUSED, wrong=4)
    told = text_of(page_of(signed_in(upload.operator.members.get()), f"/uploads/{upload.pk}/"))
    assert "Model not found 4 rows" in told
    assert told.count("S19 XPP") == 1
    assert "rows 3–5, 9 Model S19 XPP No." in told


def test_a_value_of_a_sheet_is_never_markup(client):
    operator = a_member(an_operator("birch", "Birch"), username="bea").operators.get()
    upload = Upload.objects.create(operator=operator, file_name="<b>x</b>.csv", state=UploadState.REFUSED)
    UploadProblem.objects.create(upload=upload, row=2, code="x", value="<script>1</script>", sentence="<i>")
    html = page_of(signed_in(operator.members.get()), f"/uploads/{upload.pk}/")
    assert "<script>1" not in html
    assert "<b>x" not in html


def test_the_report_says_in_short_whether_one_correction_mends_most_of_it(client, tmp_path):
    rows = [a_row(n, model="S19 XPP") for n in range(1, 5)] + [a_row(9, hts_code="84.71"), a_row(10)]
    assert "1 right, 4 with the same fault, 1 other" in text_of(sent(client, a_csv(tmp_path, rows)))


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([7], "row 7"),
        ([3, 4, 5, 9], "rows 3–5, 9"),
        ([2, 2, 3], "rows 2–3"),
        (range(1, 60, 2), "rows 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23 and 18 others"),
    ],
)
def test_rows_are_told_as_spans(rows, told):
    assert rows_in_words(rows) == told
