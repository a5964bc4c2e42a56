"""The check before a purchase, for programs: kept, fetched again, one answer a key, and ordered once."""

from __future__ import annotations

import pytest

from fleet.models import Rig
from fleet.models.keys import Scope
from ledger.models import AuditEntry
from risk.models import PurchaseCheck
from risk.services import set_purchase_limits
from tests.api.programs import Program, a_key, work
from tests.api.test_problems import problem_of
from tests.commands import answer_of
from tests.console.visitors import a_fleet, a_person, an_operator
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")
ASSESSMENTS = "/api/v1/assessments/"
LINE = {
    "model": "Antminer S21 XP",
    "quantity": 500,
    "unit_value": "3900.00",
    "country_of_origin": "MY",
    "country_of_assembly": "MY",
    "expected_entry_date": "2026-12-15",
    "transport_mode": "air",
    "vendor": "Bitmain",
}
ORDER = {"purchase_order": "PO-9", "because": "Counsel has cleared it."}


@pytest.fixture
def operator(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1), a_row(2, country_of_origin="MY", country_of_assembly="MY")])
    return operator


@pytest.fixture
def program(operator):
    return Program(a_key(operator, *Scope))


@pytest.fixture
def stranger(db):
    return Program(a_key(an_operator("other", "Other"), *Scope))


def test_an_order_is_answered_with_all_that_a_buyer_asks(program, operator):
    answer = program.post(
        ASSESSMENTS, {"purchase_order": "PO-9", "lines": [LINE, LINE | {"vendor": "Nobody"}]}
    )
    assert answer.status_code == 201
    told = answer.json()
    known, strange = told["lines"]
    assert known["duty"]["total_duty"] == "245700.00"
    assert [line["measure"] for line in known["duty"]["lines"]] == ["US-MFN-854370", "US-301FL-10"]
    assert all(line["legal_reference"] for line in known["duty"]["lines"])
    assert [party["role"] for party in known["sanction"]["parties"]] == ["maker", "vendor"]
    assert (strange["state"], strange["vendor"]["id"]) == ("doubt", None)
    assert (told["verdict"], told["decided_by"]["line"]) == ("ask", 0)
    assert told["totals"]["total_duty"] == "491400.00"
    exposure = program.get("/api/v1/exposure/").json()
    assert told["exposure"]["before"]["exposed"] == exposure["exposed"]
    assert told["exposure"]["after"]["fleet"]["units"] == exposure["fleet"]["units"] + 1000
    assert told["rests_on"]["policy_edition"] == exposure["policy_edition"]


def test_what_the_order_says_holds_for_lines_that_are_silent(program):
    bare = {"model": "Antminer S21 XP", "quantity": 1}
    said = {
        "vendor": "Bitmain",
        "import_country": "Paraguay",
        "expected_entry_date": "2027-01-05",
        "transport_mode": "AIR",
    }
    told = program.post(ASSESSMENTS, {**said, "lines": [bare, bare | {"import_country": "US"}]}).json()
    assert [line["facts"]["import_country"] for line in told["lines"]] == ["PY", "US"]
    assert {line["facts"]["expected_entry_date"] for line in told["lines"]} == {"2027-01-05"}
    assert {line["vendor"]["name"] for line in told["lines"]} == {"Bitmain"}


def test_a_check_is_fetched_again_word_for_word_and_by_nobody_else(program, stranger):
    answer = program.post(f"{ASSESSMENTS}?on=2026-11-28", {"lines": [LINE]})
    assert program.get(answer["Location"]).content == answer.content
    set_purchase_limits(
        operator=PurchaseCheck.objects.get().operator, limits=[("unknown", "", "refuse")], by=a_person()
    )
    assert program.get(answer["Location"]).content == answer.content
    for address in (answer["Location"], f"{answer['Location']}order/"):
        assert stranger.get(address).status_code == 404
        assert stranger.post(f"{answer['Location']}order/", ORDER).status_code == 404
    assert stranger.get(ASSESSMENTS).json()["results"] == []
    assert program.get(f"{ASSESSMENTS}pc_nothing/").status_code == 404


def test_checks_are_listed_newest_first_page_by_page_with_a_fixed_number_of_queries(
    program, django_assert_num_queries
):
    for number in range(3):
        program.post(ASSESSMENTS, {"reference": f"R{number}", "lines": [LINE]})
    page = program.get(f"{ASSESSMENTS}?page_size=2").json()
    assert [each["reference"] for each in page["results"]] == ["R2", "R1"]
    assert page["results"][0]["landed_cost"] == "2196370.86"
    assert [each["reference"] for each in program.get(page["next"]).json()["results"]] == ["R0"]
    with django_assert_num_queries(2):
        program.get(ASSESSMENTS)


def test_one_question_has_one_answer_however_often_it_is_sent(program):
    first = program.post(ASSESSMENTS, {"lines": [LINE]}, once="one")
    again = program.post(ASSESSMENTS, {"lines": [LINE]}, once="one")
    assert (again.status_code, again.content, again["Location"]) == (201, first.content, first["Location"])
    assert again["Idempotency-Replayed"] == "true"
    assert PurchaseCheck.objects.count() == 1
    assert program.post(ASSESSMENTS, {"lines": [LINE, LINE]}, once="one").status_code == 422


@pytest.mark.parametrize(
    ("line", "field", "code"),
    [
        ({"quantity": 0}, "quantity", "min_value"),
        ({"quantity": 100_001}, "quantity", "max_value"),
        ({"unit_value": "3900.001"}, "unit_value", "amount_unreadable"),
        ({"unit_value": "-1"}, "unit_value", "amount_unreadable"),
        ({"unit_value": "2000000"}, "unit_value", "amount_unreadable"),
        ({"currency": "EUR"}, "currency", "currency_not_usd"),
        ({"country_of_origin": "Atlantis"}, "country_of_origin", "country_unknown"),
        ({"hts_code": "84"}, "hts_code", "hts_code_unreadable"),
        ({"transport_mode": "teleport"}, "transport_mode", "transport_mode_unknown"),
        ({"expected_entry_date": "9999-12-31"}, "expected_entry_date", "day_unfit"),
        ({"colour": "red"}, "colour", "field_unknown"),
        ({"model": ""}, "model", "blank"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(program, line, field, code):
    answer = program.post(ASSESSMENTS, {"lines": [LINE, LINE | line]})
    assert answer.status_code == 400
    (error,) = problem_of(answer)["errors"]
    assert (error["field"], error["code"]) == (f"lines.1.{field}", code)
    assert not PurchaseCheck.objects.exists()


@pytest.mark.parametrize(
    "body", [{}, {"lines": []}, {"lines": [LINE] * 501}, {"lines": "many"}, [], {"lines": [[]]}]
)
def test_an_order_that_is_none_is_refused(program, body):
    assert program.post(ASSESSMENTS, body).status_code == 400


@pytest.mark.parametrize("asked", ["?on=tomorrow", "?on=1999-01-01", "?day=2026-01-01"])
def test_a_day_that_cannot_be_asked_about_is_refused(program, asked):
    assert program.post(f"{ASSESSMENTS}{asked}", {"lines": [LINE]}).status_code == 400


def test_a_checked_order_is_put_on_order_by_one_call_once(program, operator):
    at = program.post(ASSESSMENTS, {"lines": [LINE]}).json()["id"]
    address = f"{ASSESSMENTS}{at}/order/"
    assert program.get(address).status_code == 404
    ordered = program.post(address, ORDER)
    assert (ordered.status_code, ordered.json()["state"]) == (202, "waiting")
    again = program.post(address, ORDER)
    assert (again.status_code, again.json()["upload"]) == (200, ordered.json()["upload"])
    work()
    told = program.get(address).json()
    assert (told["state"], told["new"], told["purchase_order"]) == ("applied", 1, "PO-9")
    assert program.get(ordered["Location"]).json()["state"] == "applied"
    assert Rig.objects.of(operator).get(lot__purchase_order="PO-9").quantity == 500
    assert program.get(ASSESSMENTS).json()["results"][0]["upload"] == told["upload"]
    assert program.post(f"{ordered['Location']}undo/").status_code == 200
    assert not Rig.objects.filter(lot__purchase_order="PO-9").exists()
    entry = AuditEntry.objects.filter(deed="checked purchase ordered").last()
    assert (entry.detail["why"], entry.operator_id) == (ORDER["because"], operator.pk)


def test_what_stands_in_the_way_of_an_order_is_said(program, operator):
    asks = program.post(ASSESSMENTS, {"lines": [LINE]}).json()["id"]
    strange = program.post(ASSESSMENTS, {"lines": [LINE, LINE | {"model": "Nothing 5"}]}).json()["id"]
    answers = {
        "check_asks": program.post(f"{ASSESSMENTS}{asks}/order/", {"purchase_order": "PO-9"}),
        "purchase_order_missing": program.post(f"{ASSESSMENTS}{asks}/order/", {"because": "cleared"}),
        "model_unknown": program.post(f"{ASSESSMENTS}{strange}/order/", ORDER),
    }
    assert {code: answer.status_code for code, answer in answers.items()} == {
        "check_asks": 409,
        "purchase_order_missing": 400,
        "model_unknown": 422,
    }
    assert all(problem_of(answer)["code"] == code for code, answer in answers.items())
    assert problem_of(answers["model_unknown"])["errors"][0]["field"] == "lines.1.model"


def test_a_key_without_the_scope_is_told_its_name(operator):
    answer = Program(a_key(operator, Scope.FLEET_WRITE)).post(ASSESSMENTS, {"lines": [LINE]})
    assert (answer.status_code, "assessments:write" in problem_of(answer)["detail"]) == (403, True)
    asks = Program(a_key(operator, Scope.ASSESSMENTS_WRITE))
    at = asks.post(ASSESSMENTS, {"lines": [LINE]}).json()["id"]
    answer = asks.post(f"{ASSESSMENTS}{at}/order/", ORDER)
    assert (answer.status_code, "fleet:write" in problem_of(answer)["detail"]) == (403, True)


def test_the_order_is_on_the_audit_with_the_key(program):
    told = program.post(ASSESSMENTS, {"lines": [LINE]}).json()
    assert program.post(f"{ASSESSMENTS}{told['id']}/order/", ORDER).status_code == 202
    entry = AuditEntry.objects.get(deed="checked purchase ordered")
    assert entry.detail["key"] == told["made_by"]["key"] != ""


def test_a_check_that_would_be_decided_otherwise_by_now_is_409(program, operator):
    told = program.post(ASSESSMENTS, {"lines": [LINE]}).json()
    set_purchase_limits(operator=operator, limits=[("country_of_origin", "MY", "refuse")], by=a_person())
    answer = program.post(f"{ASSESSMENTS}{told['id']}/order/", ORDER)
    assert (answer.status_code, problem_of(answer)["code"]) == (409, "check_stale")


def test_the_check_is_on_the_audit_with_the_key(program, operator):
    at = program.post(ASSESSMENTS, {"lines": [LINE]}).json()
    entry = AuditEntry.objects.get(deed="purchase checked")
    assert (entry.subject, entry.detail["key"]) == (f"check {at['id']}", at["made_by"]["key"])
    assert answer_of("exposure", "--operator", operator.slug)["fleet"]["units"] == 2
