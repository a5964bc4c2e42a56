"""Real files by the API: sent, polled, mended, applied, taken back; as the command, row for row."""

import pytest
from openpyxl import load_workbook

from fleet.api.answers import upload_answer
from fleet.models import Rig, Upload
from ledger.models import AuditEntry
from tests.api.programs import UPLOADS, a_program, apply, work
from tests.commands import answer_of
from tests.console.visitors import an_operator
from tests.house.tree import ROOT
from tests.sheets import a_csv, a_row, a_workbook

pytestmark = pytest.mark.usefixtures("shipped")

SAMPLE = ROOT / "samples" / "prairie-hash-small.csv"
SAMPLES = ROOT / "tests" / "fleet" / "samples"


def sent(program, path, query="", **fields):
    """The upload after a worker came by."""
    accepted = program.send(path, query, **fields)
    assert accepted.status_code == 202, accepted.content
    work()
    return program.get(accepted["Location"]).json()


def test_a_file_is_accepted_read_and_applied(tmp_path):
    program = a_program()
    accepted = program.send(a_workbook(tmp_path, [a_row(1), a_row(2)]))
    told = accepted.json()
    assert (accepted.status_code, told["state"], told["is_settled"]) == (202, "waiting", False)
    assert accepted["Location"] == f"{UPLOADS}{told['upload']}/"
    work()
    told = program.get(accepted["Location"]).json()
    assert (told["state"], told["new"], told["wrong"], told["is_settled"]) == ("applied", 2, 0, True)
    assert (Rig.objects.count(), told["owed_lots"]) == (2, 1)


def test_an_upload_says_all_that_the_command_says(tmp_path):
    operator = an_operator()
    answer = answer_of("import_fleet", str(SAMPLE), "--operator", operator.slug, "--dry-run")
    told = a_program(operator).get(f"{UPLOADS}{answer['upload']}/").json()
    assert {name: told[name] for name in answer} == answer
    assert told["problem_counts"].keys() >= {each["code"] for each in told["problems"]}


def test_the_sample_workbook_is_checked_and_the_share_before_and_after_is_told():
    program = a_program()
    told = sent(program, ROOT / "samples" / "prairie-hash-fleet.xlsx", "?dry_run=true")
    assert (told["state"], told["wrong"], Rig.objects.count()) == ("checked", 0, 0)
    before, after = (told["preview"][name]["fleet"]["units"] for name in ("before", "after"))
    assert (before, after > 0) == (0, True)


def test_what_was_checked_is_applied_when_it_is_asked_for(tmp_path):
    program = a_program()
    told = sent(program, a_csv(tmp_path, [a_row(1)]), "?dry_run=true")
    asked = program.post(f"{UPLOADS}{told['upload']}/apply/")
    assert asked.status_code == 202
    apply(told["upload"])
    assert program.get(asked["Location"]).json()["state"] == "applied"


def test_wrong_rows_stand_in_the_way_and_are_named(tmp_path):
    program = a_program()
    told = sent(program, a_csv(tmp_path, [a_row(1), a_row(2, hts_code="84.71")]), "?dry_run=true")
    refused = program.post(f"{UPLOADS}{told['upload']}/apply/")
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "rows_wrong")
    assert problem["errors"] == told["problems"]
    assert (problem["errors"][0]["row"], problem["errors"][0]["value"]) == (3, "84.71")
    assert program.post(f"{UPLOADS}{told['upload']}/apply/", {"accept_partial": True}).status_code == 202
    apply(told["upload"])
    assert Rig.objects.count() == 1


def test_what_was_refused_is_checked_again_with_other_choices():
    program = a_program()
    told = sent(program, SAMPLES / "ambiguous_date.csv")
    assert told["state"] == "refused"
    again = program.post(f"{UPLOADS}{told['upload']}/check/", {"day_order": "day_first"})
    assert (again.status_code, again.json()["state"]) == (202, "waiting")
    work()
    mended = program.get(again["Location"]).json()
    assert (mended["state"], mended["choices"]["day_order"]) == ("checked", "day_first")
    assert len(mended["problems"]) < len(told["problems"])


def test_old_and_new_of_what_would_change_are_told(tmp_path):
    program = a_program()
    sent(program, a_csv(tmp_path, [a_row(1)]))
    told = sent(program, a_csv(tmp_path, [a_row(1, status="stored")]), "?dry_run=true")
    assert told["sample_changes"] == [
        {"rig": "YNAHEAUBCJCBA0001", "before": {"status": "deployed"}, "after": {"status": "stored"}}
    ]


def test_the_same_bytes_again_are_the_upload_that_was_applied(tmp_path):
    program, path = a_program(), a_csv(tmp_path, [a_row(1)])
    first = sent(program, path)
    again = program.send(path)
    told = again.json()
    assert (again.status_code, told["same_as"], told["new"], told["unchanged"]) == (
        200,
        first["upload"],
        0,
        1,
    )
    assert Upload.objects.count() == 1


def test_an_applied_upload_is_taken_back_and_the_report_says_what_stays(tmp_path):
    program = a_program()
    told = sent(program, a_csv(tmp_path, [a_row(1), a_row(2)]))
    sent(program, a_csv(tmp_path, [a_row(2, status="stored")]))
    report = program.post(f"{UPLOADS}{told['upload']}/undo/")
    assert (report.status_code, report.json()["reverted"]) == (200, 1)
    assert [each["serial_number"] for each in report.json()["kept"]] == ["YNAHEAUBCJCBA0002"]
    after = program.get(f"{UPLOADS}{told['upload']}/").json()
    assert (after["state"], after["undo_report"]) == ("undone", report.json())
    twice = program.post(f"{UPLOADS}{told['upload']}/undo/")
    assert (twice.status_code, twice.json()["code"]) == (409, "upload_not_applied")


@pytest.mark.parametrize("way", ["cancel/", ""])
def test_an_upload_that_waits_is_cancelled(tmp_path, way):
    program = a_program()
    address = program.send(a_csv(tmp_path, [a_row(1)]))["Location"]
    answer = program.post(f"{address}{way}") if way else program.delete(address)
    assert answer.status_code == 202
    work()
    assert program.get(address).json()["state"] == "cancelled"
    again = program.post(f"{address}cancel/")
    assert (again.status_code, again.json()["code"]) == (409, "upload_not_waiting")


def test_how_far_a_worker_is_is_told(tmp_path):
    program = a_program()
    address = program.send(a_csv(tmp_path, [a_row(1)]))["Location"]
    told = {"stage": "checking", "done": 40, "total": 100, "seconds_left": 1.5}
    Upload.objects.update(progress=told)
    assert program.get(address).json()["progress"] == {**told, "left": 60}


def test_problems_come_page_by_page_and_by_code(tmp_path):
    program = a_program()
    rows = [a_row(number, hts_code="84.71") for number in range(1, 6)] + [a_row(6, status="lost")]
    told = sent(program, a_csv(tmp_path, rows))
    address = f"{UPLOADS}{told['upload']}/problems/?page_size=4"
    first = program.get(address)
    second = program.get(first.json()["next"])
    rows = first.json()["results"] + second.json()["results"]
    assert [each for each in rows if not each.pop("is_warning")] == told["problems"]
    assert "hts_code_unreadable=5" in first["X-Problem-Counts"]
    of_one = program.get(f"{UPLOADS}{told['upload']}/problems/?code=hts_code_unreadable").json()["results"]
    assert len(of_one) == 5


def test_the_problem_workbook_is_their_own_sheet_marked(tmp_path):
    program = a_program()
    told = sent(program, a_csv(tmp_path, [a_row(1), a_row(2, hts_code="84.71")]))
    answer = program.get(f"{UPLOADS}{told['upload']}/problems/workbook/?only_wrong=true")
    (tmp_path / "back.xlsx").write_bytes(answer.content)
    cells = [cell for row in load_workbook(tmp_path / "back.xlsx").active.values for cell in row]
    assert answer["Content-Disposition"].startswith("attachment;")
    assert {"84.71", "YNAHEAUBCJCBA0002"} <= set(cells)
    assert "YNAHEAUBCJCBA0001" not in cells


def test_a_file_that_cannot_be_read_is_refused_with_its_reason():
    program = a_program()
    told = sent(program, SAMPLES / "password.xlsx")
    assert (told["state"], "password" in told["refusal"]) == ("refused", True)
    answer = program.get(f"{UPLOADS}{told['upload']}/problems/workbook/")
    assert (answer.status_code, answer.json()["code"]) == (422, "nothing_to_mark")


def test_the_template_is_a_workbook():
    answer = a_program().get(f"{UPLOADS}template/")
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")


def test_mapping_constants_and_values_come_as_json_beside_the_file(tmp_path):
    rows = [{"Nummer": "YNAHEAUBCJCBA0001", "Was": "S19 XX", "Pool": "x"}]
    told = sent(
        a_program(),
        a_csv(tmp_path, rows),
        mapping='{"Nummer": "serial_number", "Was": "model", "Pool": null}',
        constants='{"site": "Rockdale", "country_of_origin": "MY"}',
        values='{"model": {"S19 XX": "Antminer S21 200T"}}',
    )
    assert (told["state"], told["new"]) == ("applied", 1), told
    assert Rig.objects.select_related("site").get().site.name == "Rockdale"


def test_uploads_are_listed_newest_first_and_by_state(tmp_path):
    program = a_program()
    for number in (1, 2, 3):
        program.send(a_csv(tmp_path, [a_row(number)]))
    work()
    program.send(a_csv(tmp_path, [a_row(4)]))
    page = program.get(f"{UPLOADS}?page_size=2").json()
    rest = program.get(page["next"]).json()
    ids = [each["upload"] for each in page["results"] + rest["results"]]
    assert (ids, rest["next"]) == (sorted(ids, reverse=True), None)
    assert program.get(rest["previous"]).json()["results"] == page["results"]
    waiting = program.get(f"{UPLOADS}?state=waiting").json()["results"]
    assert [each["upload"] for each in waiting] == ids[:1]


def test_a_list_asks_the_database_the_same_for_any_number_of_uploads(tmp_path, django_assert_num_queries):
    program = a_program()
    program.get(UPLOADS)
    for number in (1, 2, 3):
        program.send(a_csv(tmp_path, [a_row(number)]))
        with django_assert_num_queries(2):  # the key, the page
            program.get(UPLOADS)


def test_a_programs_deed_is_on_record_with_the_prefix_of_its_key(tmp_path):
    operator = an_operator()
    program = a_program(operator)
    told = program.send(a_csv(tmp_path, [a_row(1)])).json()
    entry = AuditEntry.objects.get(deed="API POST")
    assert entry.subject == f"upload {told['upload']}"
    assert entry.detail["key"] == operator.api_keys.get().prefix


def test_command_and_address_share_one_answer(tmp_path):
    told = sent(a_program(), a_csv(tmp_path, [a_row(1)]))
    answer = upload_answer(Upload.objects.get())
    assert {name: told[name] for name in answer} == answer
