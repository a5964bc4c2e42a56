"""Every finding can be proved: decided anew from what it keeps, and a row that somebody changed is named."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from fleet.models import Lot
from risk.engine.exposure import ENGINE_VERSION
from risk.flows.verify_exposures import verify_exposures
from risk.models import Exposure
from tests.commands import answer_of
from tests.sheets import a_csv, a_row

pytestmark = pytest.mark.usefixtures("shipped", "fleet")


@pytest.fixture
def fleet(tmp_path):
    """Three lots: of China, of Malaysia, and one whose origin and value nobody gave."""
    silent = a_row(3, country_of_origin="", country_of_assembly="", customs_value="")
    rows = [a_row(1), a_row(2, country_of_origin="MY", country_of_assembly="MY"), silent]
    answer_of(
        "import_fleet", str(a_csv(tmp_path, rows)), "--operator", "prairie", "--create-operator", "Prairie"
    )


def the_chinese_lot() -> int:
    return Lot.objects.get(country_of_origin="CN").pk


def changed_by_sql(lot_id: int, column: str, value: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE risk_exposure SET {column} = %s WHERE lot_id = %s", [value, lot_id])  # noqa: S608


def told(*arguments: str) -> tuple[dict, str]:
    """What the command answers, and the sentence with which it ends, if it refuses."""
    said = StringIO()
    try:
        call_command("verify_exposures", "--json", *arguments, stdout=said)
    except CommandError as refusal:
        return json.loads(said.getvalue()), str(refusal)
    return json.loads(said.getvalue()), ""


def test_findings_that_nobody_touched_are_proved():
    assert told() == ({"verified": 3, "differing": [], "unverified": []}, "")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("replacement_cents", 1),
        ("refundable_cents", None),
        ("contingent_cents", 12345),
        ("rate", "0.1"),
        ("best", "0.000000000001"),
        ("score", 3),
        ("band", "low"),
        ("sanction_level", "clear"),
        ("is_screened", True),
        ("stage", "to come"),
        ("origin", "MY"),
        ("holds_through", "2026-12-31"),
        ("doubted_facts", '["hts_code"]'),
        ("basis", "0" * 64),
    ],
)
def test_a_column_changed_by_sql_is_named_with_its_lot(column, value):
    changed_by_sql(the_chinese_lot(), column, value)
    answer, refusal = told()
    assert [(each["lot"], each["columns"]) for each in answer["differing"]] == [(the_chinese_lot(), [column])]
    assert (answer["verified"], answer["unverified"]) == (2, [])
    assert refusal == "Findings that are not proved by what they keep: 1."


def test_the_amount_that_was_there_is_told():
    before = Exposure.objects.get(lot_id=the_chinese_lot()).replacement_cents
    changed_by_sql(the_chinese_lot(), "replacement_cents", 1)
    (difference,) = told()[0]["differing"]
    assert (difference["kept"], difference["recomputed"]) == (
        {"replacement_cents": 1},
        {"replacement_cents": before},
    )


@pytest.mark.parametrize("fact, value", [("purchase_order", "PO-OTHER"), ("country_of_origin", "MY")])
def test_a_fact_changed_by_sql_is_found_by_the_digest_even_where_it_moves_no_amount(fact, value):
    row = Exposure.objects.get(lot_id=the_chinese_lot())
    changed_by_sql(row.lot_id, "facts", json.dumps(row.facts | {fact: value}))
    (difference,) = told()[0]["differing"]
    assert difference["lot"] == row.lot_id
    assert "basis" in difference["columns"]


def explained_by_sql(lot_id: int, body: dict) -> None:
    explanation = Exposure.objects.get(lot_id=lot_id).explanation_id
    with connection.cursor() as cursor:
        cursor.execute("UPDATE risk_explanation SET body = %s WHERE id = %s", [json.dumps(body), explanation])


def test_a_value_or_a_sentence_changed_in_the_explanation_is_found():
    row = Exposure.objects.get(lot_id=the_chinese_lot())
    explained_by_sql(row.lot_id, row.explanation.body | {"clock": "closed"})
    assert told()[0]["differing"][0]["columns"] == ["explanation"]
    changed_by_sql(row.lot_id, "value_in_fleet_cents", 100)
    assert "basis" in told()[0]["differing"][0]["columns"]


def test_an_explanation_of_another_finding_is_found():
    china, other = Exposure.objects.get(lot_id=the_chinese_lot()), Exposure.objects.get(origin="MY")
    changed_by_sql(china.lot_id, "explanation_id", other.explanation_id)
    assert "explanation" in told()[0]["differing"][0]["columns"]


def test_lots_that_are_found_alike_share_one_explanation_and_have_their_own_money(tmp_path):
    alike = {"entry_number": "OTHER", "customs_value": "1000"}
    answer_of("import_fleet", str(a_csv(tmp_path, [a_row(4, **alike)])), "--operator", "prairie")
    one, other = Exposure.objects.filter(origin="CN")
    assert one.explanation_id == other.explanation_id
    totals = {row.value.ever.cents: row.told["questions"][0]["total_duty"] for row in (one, other)}
    assert totals == {500000: "2880.00", 100000: "576.00"}


def test_an_explanation_without_the_maker_cannot_be_decided():
    explained_by_sql(the_chinese_lot(), {})
    answer, _ = told()
    because = "What it rests on cannot be decided: KeyError: 'maker'."
    assert [(each["lot"], each["because"]) for each in answer["unverified"]] == [(the_chinese_lot(), because)]


@pytest.mark.parametrize(
    ("column", "value", "because"),
    [
        (
            "facts",
            '{"colour": "red"}',
            "What it rests on cannot be decided: ValueError: LotFacts has no colour.",
        ),
        ("engine_version", "0", f"Engine version 0 decided it; this one is {ENGINE_VERSION}."),
    ],
)
def test_a_finding_that_cannot_be_decided_anew_says_why_and_is_not_counted_as_proved(column, value, because):
    changed_by_sql(the_chinese_lot(), column, value)
    answer, refusal = told()
    assert [(each["lot"], each["because"]) for each in answer["unverified"]] == [(the_chinese_lot(), because)]
    assert (answer["verified"], answer["differing"]) == (2, [])
    assert refusal


def test_a_measure_changed_by_sql_leaves_no_finding_of_its_edition_proved():
    with connection.cursor() as cursor:
        cursor.execute("SELECT record FROM risk_measure WHERE code = %s", ["US-301-CN-L2"])
        record = cursor.fetchone()[0]
        record = json.loads(record) if isinstance(record, str) else record
        cheaper = json.dumps(record).replace("25", "20")
        cursor.execute("UPDATE risk_measure SET record = %s WHERE code = %s", [cheaper, "US-301-CN-L2"])
    done = verify_exposures()
    assert (done.equal, len(done.unverified)) == (0, 3)
    assert all("not those that it was published with" in each.because for each in done.unverified)


def test_one_operators_findings_are_verified_alone():
    assert told("--operator", "prairie")[0]["verified"] == 3
    with pytest.raises(CommandError, match="There is no operator 'nobody'"):
        call_command("verify_exposures", "--operator", "nobody", "--json", stdout=StringIO())


def test_verifying_writes_nothing_and_asks_a_fixed_number_of_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        verify_exposures()
