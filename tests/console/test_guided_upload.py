"""The guided upload, step by step, as a browser without script goes through it."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from fleet.models import Rig, RigModel, SavedMapping, Upload
from fleet.models.upload import UploadState
from fleet.tasks import apply_upload
from tests.console.test_front_page import page_of, text_of
from tests.console.visitors import a_member, an_admin, an_operator, signed_in
from tests.fleet.sheets.made_files import workbook_file
from tests.sheets import a_csv, a_row

pytestmark = pytest.mark.usefixtures("shipped")

STEPS = ("sheet", "columns", "reading", "values", "mode")


@pytest.fixture
def client():
    """A manager's browser."""
    return signed_in(a_member(an_operator()))


def begun(client, path) -> Upload:
    """The upload that a file becomes."""
    answer = client.post("/uploads/guide/", {"file": SimpleUploadedFile(path.name, path.read_bytes())})
    assert answer.status_code == 302
    return Upload.objects.latest("pk")


def text(tmp_path, content: str, name="fleet.csv"):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return path


def at(client, upload, step) -> str:
    return page_of(client, f"/uploads/{upload.pk}/guide/{step}/")


def fields(html: str) -> dict[str, str]:
    """What a browser would send of a page as it is shown."""
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
    sent |= dict(re.findall(r'<input type="radio" name="([^"]+)" value="([^"]*)" checked', html))
    sent |= dict(re.findall(r'<input name="([^"]+)"[^>]* value="([^"]*)"', html))
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', html, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        first = re.search(r'<option value="([^"]*)"', options)
        sent[name] = (chosen or first)[1]
    return {name: value for name, value in sent.items() if name != "csrfmiddlewaretoken"}


def answered(client, upload, step, **said):
    """The answer to a step, with what the page proposes where nothing else is said."""
    sent = fields(at(client, upload, step)) | {name.replace("__", "-"): value for name, value in said.items()}
    return client.post(f"/uploads/{upload.pk}/guide/{step}/", sent)


def through(client, upload, **answers):
    """Every step answered as it is proposed, but for what is said of one; the upload's page."""
    for step in STEPS:
        answer = answered(client, upload, step, **answers.get(step, {}))
        assert answer.status_code == 302, text_of(answer.content.decode())
    assert answer["Location"] == f"/uploads/{upload.pk}/"
    upload.refresh_from_db()
    return page_of(client, answer["Location"])


def test_a_file_is_led_from_its_sheet_to_the_preview_to_the_report_and_back(client, tmp_path):
    upload = begun(client, a_csv(tmp_path, [a_row(n) for n in (1, 2, 3)]))
    assert upload.state == UploadState.CHOOSING
    told = text_of(through(client, upload))
    assert (upload.state, Rig.objects.count()) == (UploadState.CHECKED, 0)
    assert "exposed by units no rigs 100 %" in told
    assert "Add 3, change 0, leave 0" in told
    client.post(f"/uploads/{upload.pk}/apply/")
    apply_upload(upload_id=upload.pk)
    assert Rig.objects.count() == 3
    client.post(f"/uploads/{upload.pk}/undo/")
    assert not Rig.objects.exists()


def test_every_step_says_where_one_is_and_leads_back(client, tmp_path):
    upload = begun(client, a_csv(tmp_path, [a_row(1)]))
    for step in STEPS:
        html = at(client, upload, step)
        assert html.count('aria-current="step"') == 1
        assert html.count("/guide/") >= 4


def test_the_first_rows_and_the_sheets_are_shown_and_another_sheet_is_looked_at_anew(client, tmp_path):
    rows = [["Serial Number", "Model", "Site"], ["A0000001", "Antminer S21 200T", "Pecos"]]
    upload = begun(client, workbook_file(tmp_path, rows, [rows[0], ["B0000001", *rows[1][1:]]]))
    assert "A0000001" in at(client, upload, "sheet")
    answer = answered(client, upload, "sheet", sheet="Sheet2")
    assert answer["Location"].endswith("/guide/sheet/")
    assert "B0000001" in at(client, upload, "sheet")


def test_what_leaves_nothing_to_ask_is_checked_straight_away(client, tmp_path):
    upload = begun(client, a_csv(tmp_path, [a_row(1)]))
    assert "check now" in at(client, upload, "sheet")
    answered(client, upload, "sheet", check="1")
    upload.refresh_from_db()
    assert upload.state == UploadState.CHECKED


def test_dates_that_nothing_settles_have_no_default_and_must_be_told(client, tmp_path):
    upload = begun(client, a_csv(tmp_path, [a_row(1, entry_date="03/04/2025")]))
    assert "check now" not in at(client, upload, "sheet")
    assert 'value="day_first" checked' not in at(client, upload, "reading")
    refused = answered(client, upload, "reading")
    assert refused.status_code == 400
    assert "tells day from month" in text_of(refused.content.decode())
    through(client, upload, reading={"day_order": "day_first"})
    client.post(f"/uploads/{upload.pk}/apply/")
    apply_upload(upload_id=upload.pk)
    assert Rig.objects.get().lot.entry_date.isoformat() == "2025-04-03"


def test_a_column_that_nobody_knows_must_be_mapped_or_left_out(client, tmp_path):
    upload = begun(client, a_csv(tmp_path, [a_row(1) | {"Frobnication": "purple"}]))
    place = 16
    refused = answered(client, upload, "columns")
    assert refused.status_code == 400
    assert "Say what &#x27;Frobnication&#x27; is, or leave it out." in refused.content.decode()
    assert answered(client, upload, "columns", **{f"column-{place}": "notes"}).status_code == 302
    upload.refresh_from_db()
    assert upload.choices["mapping"] == {"Frobnication": "notes"}


def test_what_the_file_lacks_is_given_for_all_rows_and_refused_beside_its_field(client, tmp_path):
    upload = begun(client, text(tmp_path, "Serial,Model\nA0000001,Antminer S21 200T\n"))
    refused = answered(client, upload, "columns")
    assert "has no column for the site" in text_of(refused.content.decode())
    wrong = answered(client, upload, "columns", given__site="Pecos", given__country_of_origin="Chinna")
    assert "did you mean China?" in text_of(wrong.content.decode())
    assert answered(client, upload, "columns", given__site="Pecos").status_code == 302


def test_secrets_are_named_and_never_shown(client, tmp_path):
    upload = begun(client, a_csv(tmp_path, [a_row(1) | {"Pool Password": "hunter2"}]))
    for step in STEPS:
        assert "hunter2" not in at(client, upload, step)
    assert "Never read, because they name pools" in at(client, upload, "columns")


def test_an_unknown_word_is_settled_once_for_all_its_rows(client, tmp_path):
    rows = [a_row(n, model="S21 Turbo Plus", status="humming") for n in (1, 2)] + [a_row(3)]
    upload = begun(client, a_csv(tmp_path, rows))
    told = text_of(at(client, upload, "values"))
    assert "S21 Turbo Plus (2 rows)" in told
    assert "humming (2 rows)" in told
    html = at(client, upload, "values")
    names = {
        word: re.search(rf'{word}.*?<input id="([^"]+)"', html, re.S)[1] for word in ("Turbo", "humming")
    }
    told = text_of(
        through(client, upload, values={names["Turbo"]: "Antminer S21 200T", names["humming"]: "deployed"})
    )
    assert "Add 3, change 0, leave 0" in told
    assert upload.choices["values"] == {
        "model": {"S21 Turbo Plus": "Antminer S21 200T"},
        "status": {"humming": "deployed"},
    }


def test_those_who_keep_the_catalogue_may_add_a_model_and_others_may_not(client, tmp_path):
    upload = begun(client, a_csv(tmp_path, [a_row(1, model="Zeusminer Olympus 9000")]))
    assert "add it to the catalogue" not in at(client, upload, "values")
    maker = RigModel.objects.get(name="Antminer S21").maker
    assert answered(client, upload, "values", make__0=str(maker.pk)).status_code == 400
    admin = signed_in(an_admin())
    admin.get("/?operator=prairie")
    assert "add it to the catalogue" in at(admin, upload, "values")
    answered(admin, upload, "values", make__0=str(maker.pk))
    assert RigModel.objects.get(name="Zeusminer Olympus 9000").maker == maker


def test_how_headings_were_read_is_kept_for_the_next_sheet_and_can_be_forgotten(client, tmp_path):
    rows = [a_row(1) | {"Frobnication": "purple"}]
    first = begun(client, a_csv(tmp_path, rows))
    through(client, first, columns={"column-16": "notes"})
    assert SavedMapping.objects.get().choices == {"mapping": {"Frobnication": "notes"}}
    again = begun(client, a_csv(tmp_path, [a_row(2) | {"Frobnication": "green"}], name="next.csv"))
    assert again.choices == {"mapping": {"Frobnication": "notes"}}
    assert "Columns are read as ann read fleet.csv" in text_of(at(client, again, "columns"))
    answered(client, again, "columns", forget="1")
    assert not SavedMapping.objects.exists()
    assert "choose" in at(client, again, "columns")


def test_a_kept_mapping_is_not_anothers(client, tmp_path):
    rows = [a_row(1) | {"Frobnication": "purple"}]
    through(client, begun(client, a_csv(tmp_path, rows)), columns={"column-16": "notes"})
    other = signed_in(a_member(an_operator("birch", "Birch"), username="bea"))
    assert begun(other, a_csv(tmp_path, rows)).choices == {}


def test_a_swapped_board_is_asked_about_and_answered_row_by_row(client, tmp_path):
    mac = {"MAC Address": "aa:bb:cc:dd:ee:01"}
    first = begun(client, a_csv(tmp_path, [a_row(1) | mac]))
    through(client, first)
    client.post(f"/uploads/{first.pk}/apply/")
    apply_upload(upload_id=first.pk)
    swapped = begun(client, a_csv(tmp_path, [a_row(777) | mac], name="b.csv"))
    assert "Say which it is" in through(client, swapped)
    new = a_row(777)["Serial Number"]
    client.post(f"/uploads/{swapped.pk}/guide/answers/", {f"answer:{new}": "same"})
    assert "Add 0, change 1, leave 0" in text_of(page_of(client, f"/uploads/{swapped.pk}/"))


def test_the_check_can_be_answered_otherwise_afterwards(client, tmp_path):
    upload = begun(client, a_csv(tmp_path, [a_row(1, country_of_origin="Chinna")]))
    assert "0 right, 1 wrong" in text_of(through(client, upload))
    assert "Change how it is read" in page_of(client, f"/uploads/{upload.pk}/")
    told = text_of(through(client, upload, values={"value-0": "China"}))
    assert "Add 1, change 0, leave 0" in told


def test_the_sheet_comes_back_with_its_problems_marked(client, tmp_path):
    upload = begun(client, a_csv(tmp_path, [a_row(1), a_row(2, hts_code="84.71")]))
    through(client, upload)
    answer = client.get(f"/uploads/{upload.pk}/problems.xlsx")
    assert answer["Content-Disposition"].startswith("attachment")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert any("needs 8 or 10" in str(cell.value) for row in sheet.iter_rows() for cell in row)


def test_the_template_has_this_operators_sites_and_the_fleet_goes_out_as_it_is(client, tmp_path):
    upload = begun(client, a_csv(tmp_path, [a_row(1)]))
    through(client, upload)
    client.post(f"/uploads/{upload.pk}/apply/")
    apply_upload(upload_id=upload.pk)
    template = load_workbook(BytesIO(b"".join(client.get("/uploads/template.xlsx").streaming_content)))
    assert "Rockdale" in str([cell.value for sheet in template for row in sheet.iter_rows() for cell in row])
    out = b"".join(client.get("/rigs/fleet.csv").streaming_content).decode()
    assert a_row(1)["Serial Number"] in out
    again = begun(client, text(tmp_path, out, name="out.csv"))
    assert "Add 0, change 0, leave 1" in text_of(through(client, again))


def test_a_file_that_cannot_be_read_says_so_at_once(client, tmp_path):
    path = tmp_path / "locked.xlsx"
    path.write_bytes(b"PK\x03\x04 broken")
    upload = begun(client, path)
    assert upload.state == UploadState.REFUSED
    assert upload.refusal in text_of(page_of(client, f"/uploads/{upload.pk}/"))
    assert "Choose a spreadsheet" in text_of(client.post("/uploads/guide/", {}).content.decode())


def test_the_same_bytes_lead_to_the_upload_that_was_applied(client, tmp_path):
    path = a_csv(tmp_path, [a_row(1)])
    first = begun(client, path)
    through(client, first)
    client.post(f"/uploads/{first.pk}/apply/")
    apply_upload(upload_id=first.pk)
    answer = client.post("/uploads/guide/", {"file": SimpleUploadedFile(path.name, path.read_bytes())})
    assert answer["Location"] == f"/uploads/{first.pk}/"
    assert Upload.objects.count() == 1


def test_a_stranger_finds_no_step_and_a_viewer_may_not_enter_one(client, tmp_path):
    upload = begun(client, a_csv(tmp_path, [a_row(1)]))
    stranger = signed_in(a_member(an_operator("birch", "Birch"), username="bea"))
    viewer = signed_in(a_member(upload.operator, role="viewer", username="vic"))
    for step in (*STEPS, "answers"):
        address = f"/uploads/{upload.pk}/guide/{step}/"
        assert {stranger.get(address).status_code, stranger.post(address).status_code} == {404}
        assert {viewer.get(address).status_code, viewer.post(address).status_code} == {403}
    assert stranger.get(f"/uploads/{upload.pk}/problems.xlsx").status_code == 404
    assert viewer.get("/uploads/guide/").status_code == 403
