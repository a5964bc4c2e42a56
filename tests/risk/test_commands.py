"""The commands as programs call them: their JSON, their refusals, their exit status."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError

from tests.commands import answer_of
from tests.sheets import a_csv, a_row

pytestmark = pytest.mark.usefixtures("shipped")
ROOT = Path(__file__).resolve().parents[2]
RIG = ("--hts", "8543.70.9860", "--origin", "CN", "--entry-date", "2025-06-10", "--value", "500000")


def test_duty_answers_with_the_lines_the_sums_and_the_fees():
    answer = answer_of("duty", *RIG)
    assert [
        (line["measure"], line["rate_percent"], line["duty"], line["refundable"]) for line in answer["lines"]
    ] == [
        ("US-MFN-854370", "2.6", "13000.00", False),
        ("US-301-CN-L2", "25", "125000.00", False),
        ("US-IEEPA-CN-FENT-20", "20", "100000.00", True),
        ("US-RECIP-CN-10B", "10", "50000.00", True),
    ]
    assert (answer["hts_code"], answer["customs_value"]) == ("8543709860", "500000.00")
    assert (answer["total_rate_percent"], answer["total_duty"]) == ("57.6", "288000.00")
    assert answer["refundable_duty"] == "150000.00"
    assert [(fee["measure"], fee["amount"]) for fee in answer["fees"]] == [("US-FEE-MPF-FY2025", "634.62")]
    assert answer["total_fees"] == "634.62"
    assert answer["verified_through"] == "2026-10-10"
    assert all(line["because"] and line["legal_reference"] for line in answer["lines"])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (
            ("--hts", "8471.50.0150", "--origin", "CN", "--entry-date", "2025-04-20"),
            "heading_8471_refused_by_cbp",
        ),
        (("--hts", "8543.70.9960", "--origin", "CN", "--entry-date", "2024-05-15"), "hts_code_renumbered"),
        (("--hts", "8543.70.9860", "--origin", "CN", "--entry-date", "2026-11-22"), "after_verified_through"),
        (("--hts", "8543.70.9860", "--origin", "TH", "--entry-date", "2025-09-02"), "relief_unknown"),
    ],
)
def test_duty_warns_of_what_a_reader_must_know(arguments, code):
    warnings = {warning["code"] for warning in answer_of("duty", *arguments, "--value", "1000")["warnings"]}
    assert code in warnings


def test_a_mode_that_settles_the_relief_leaves_no_warning():
    arguments = ("--hts", "8543.70.9860", "--origin", "TH", "--entry-date", "2025-09-02", "--value", "1000")
    warnings = {warning["code"] for warning in answer_of("duty", *arguments, "--mode", "air")["warnings"]}
    assert "relief_unknown" not in warnings


@pytest.mark.parametrize("hts, day", [("8543.90.8885", "2025-06-10"), ("8543.70.9860", "2018-06-30")])
def test_duty_refuses_where_no_base_rate_is_on_record(hts, day):
    with pytest.raises(CommandError, match="no_base_rate") as refusal:
        answer_of("duty", "--hts", hts, "--origin", "CN", "--entry-date", day, "--value", "1000")
    assert refusal.value.returncode == 1


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--hts", "8471", "needs 8 or 10"),
        ("--origin", "Maylasia", "did you mean Malaysia"),
        ("--entry-date", "31/31/2024", "write it like 2025-06-10"),
        ("--value", "-5", "0 or more"),
        ("--mode", "rocket", "air, vessel, truck or rail"),
        ("--us-content", "120", "from 0 to 100"),
    ],
)
def test_a_wrong_call_is_one_sentence_that_says_what_would_be_right(option, value, sentence):
    arguments = dict(zip(RIG[::2], RIG[1::2], strict=True)) | {option: value}
    with pytest.raises(CommandError, match=sentence):
        answer_of("duty", *(f"{name}={text}" for name, text in arguments.items()))


def test_a_wrong_call_ends_with_status_2_and_its_sentence_on_stderr():
    call = [sys.executable, "manage.py", "duty", "--hts", "84.71"]
    ended = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "an HTS code here needs 8 or 10" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_models_answers_for_each_name_in_order():
    known, ambiguous, misspelt = answer_of("models", "S19jPro 104T", "KS3", "S19 XPP")
    assert (known["maker"], known["model"], known["bin"]) == ("Bitmain", "Antminer S19j Pro", "104 TH/s")
    assert known["candidates"] == []
    assert ambiguous["model"] is None
    assert {each["maker"] for each in ambiguous["candidates"]} == {"Bitmain", "IceRiver"}
    assert misspelt["model"] is None
    assert {"maker": "Bitmain", "model": "Antminer S19 XP"} in misspelt["candidates"]


def test_loading_the_catalogue_twice_changes_nothing():
    for counts in answer_of("load_catalogue").values():
        assert (counts["added"], counts["changed"], counts["removed"]) == (0, 0, 0)


@pytest.fixture
def fleet(tmp_path):
    rows = [a_row(n) for n in range(1, 4)] + [a_row(4, country_of_origin="", country_of_assembly="")]
    answer_of(
        "import_fleet", str(a_csv(tmp_path, rows)), "--operator", "prairie", "--create-operator", "Prairie"
    )


def test_exposure_has_every_member_with_the_same_keys(fleet):
    answer = answer_of("exposure", "--operator", "prairie", "--by", "country_of_origin")
    assert set(answer["exposed"]) == {"tariff", "sanction", "watch", "any", "contingent"}
    assert set(answer["bar"]) == {"sanction", "tariff", "unknown", "watch", "clear"}
    keys = {"units", "share_of_units", "share_of_hashrate", "share_of_power", "share_of_value"}
    members = [*answer["exposed"].values(), *answer["bar"].values()]
    members += [member for group in answer["groups"] for member in group["exposed"].values()]
    assert all(set(member) == keys for member in members)
    assert {"to_come", "contingent", "refundable", "replacement"} <= set(answer["duty"])
    assert answer["doubt"] == {"lots": 1, "facts": {"country_of_origin": 1}}
    assert [group["key"] for group in answer["groups"]] == ["CN", None]


def test_the_shares_of_an_empty_fleet_are_null(fleet):
    from fleet.services import register_operator

    register_operator(slug="empty", name="Empty")
    answer = answer_of("exposure", "--operator", "empty")
    assert answer["fleet"]["units"] == 0
    assert answer["exposed"]["any"]["share_of_hashrate"] is None


def test_the_law_of_another_day_is_asked_for_without_recording_anything(fleet):
    before = answer_of("exposure", "--operator", "prairie", "--on", "2018-08-01")
    after = answer_of("exposure", "--operator", "prairie", "--on", "2018-08-23")
    assert before["exposed"]["tariff"]["units"] == 0
    assert after["exposed"]["tariff"]["units"] == 3


def test_explain_tells_the_facts_the_lines_and_the_doubt(fleet):
    answer = answer_of("explain", "--operator", "prairie", "--serial", a_row(1)["Serial Number"])
    entered = next(each for each in answer["questions"] if each["question"] == "as entered")
    assert (entered["total_rate_percent"], entered["total_duty"]) == ("57.6", "8640.00")
    assert answer["facts"]["country_of_origin"] == "CN"
    doubtful = answer_of("explain", "--operator", "prairie", "--serial", a_row(4)["Serial Number"])
    assert "country of origin is not given" in doubtful["doubts"][0]["sentence"]


def test_explain_refuses_a_rig_of_another_operator_as_if_there_were_none(fleet):
    from fleet.services import register_operator

    register_operator(slug="other", name="Other")
    with pytest.raises(CommandError, match="has no rig"):
        answer_of("explain", "--operator", "other", "--serial", a_row(1)["Serial Number"])


def test_assessing_twice_changes_nothing_the_second_time(fleet):
    answer_of("assess", "--full")
    again = answer_of("assess", "--full")
    assert (again["added"], again["changed"], again["removed"]) == (0, 0, 0)
    assert again["unchanged"] == 2
