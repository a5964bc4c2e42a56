"""The files that prove the upload, through the whole pipeline: right, or refused with a sentence, never half.

What the reading alone proves is in tests/fleet/sheets/test_samples.py; check and apply, undo and missing rigs
in test_checked_uploads.py; the killed worker in tests/faults.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError

from fleet.models import Lot, Rig, Site, Upload
from fleet.models.upload import UploadState
from fleet.services import correct_rigs
from tests.commands import answer_of
from tests.console.visitors import a_member, a_person, an_operator, signed_in
from tests.database import NOW
from tests.sheets import a_csv, a_row

pytestmark = pytest.mark.usefixtures("shipped")

SAMPLES = Path(__file__).parents[1] / "fleet" / "samples"
SITE, MODEL = ("--set", "site=Pecos TX"), ("--set", "model=Antminer S21 200T")


def imported(path: Path, *arguments: str) -> dict:
    """The answer of the command for one file of Prairie's."""
    call = (str(path), "--operator", "prairie", "--create-operator", "Prairie", *arguments)
    return answer_of("import_fleet", *call)


def sample(name: str, *arguments: str) -> dict:
    """The answer for one of the samples."""
    return imported(SAMPLES / name, *arguments)


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.iterdir()))
def test_every_sample_is_applied_or_refused_with_a_sentence_and_nothing_between(name):
    try:
        answer = sample(name, *SITE)
    except CommandError as refusal:
        assert refusal.returncode == 1
        assert str(refusal).endswith(".")
        assert not Rig.objects.exists()
        assert not Site.objects.exists()
        assert Upload.objects.get().state == UploadState.REFUSED
    else:
        assert answer["state"] == "applied"
        assert answer["new"] == Rig.objects.count() > 0
        assert answer["wrong"] == 0


@pytest.mark.parametrize(
    ("name", "arguments", "models"),
    [
        ("foreman_on_boarding.csv", (*SITE, *MODEL), ["Antminer S21"]),
        ("miningos_container.csv", (), ["Antminer S19 XP Hyd", "Whatsminer M30S++"]),
        ("miningos_kpi.csv", (), ["Whatsminer M30S++"]),
        ("btc_tools.csv", SITE, ["Antminer S19j Pro"]),
        ("whatsminer_tool.csv", SITE, ["Whatsminer M30S+"]),
        ("pyasic_fields.csv", SITE, ["Antminer S19j Pro"]),
        ("luxos_health_check.csv", SITE, ["Antminer S19j Pro"]),
        ("hosting_dashboard.csv", (), ["Antminer S21"]),
        ("hosting_devices.csv", MODEL, ["Antminer S21"]),
    ],
)
def test_the_models_of_a_tools_export_are_those_of_the_catalogue(name, arguments, models):
    assert sample(name, *arguments)["state"] == "applied"
    assert sorted(set(Lot.objects.values_list("model__name", flat=True))) == models


def test_what_an_export_lacks_is_given_once_for_the_whole_file():
    given = ("--set", "country_of_origin=MY", "--set", "entry_date=2024-05-15", "--set", "entry_number=ABC-1")
    sample("btc_tools.csv", *SITE, *given)
    lot = Lot.objects.get()
    assert (lot.country_of_origin, lot.entry_date.isoformat(), lot.entry_number) == (
        "MY",
        "2024-05-15",
        "ABC-1",
    )


def test_an_export_without_serial_numbers_finds_its_rigs_by_mac_and_changes_no_rating(tmp_path):
    imported(a_csv(tmp_path, [a_row(model="Antminer S19j Pro 104T") | {"MAC Address": "AA-BB-CC-DD-EE-01"}]))
    before = Rig.objects.values().get()
    answer = sample("btc_tools.csv", "--set", "site=Rockdale")
    assert (answer["new"], Rig.objects.count()) == (0, 1)
    after = Rig.objects.values().get()
    told = ("serial_number", "mac_address", "status", "hashrate_ghs", "power_w", "customs_value_cents")
    assert {name: after[name] for name in told} == {name: before[name] for name in told}


def test_a_name_that_two_makers_use_is_asked_and_settled_by_a_maker():
    with pytest.raises(CommandError):
        sample("two_makers.csv")
    problem = Upload.objects.get().problems.get(is_warning=False)
    assert problem.column == "Model"
    assert "Bitmain" in problem.sentence
    assert "IceRiver" in problem.sentence
    assert sample("two_makers.csv", "--set", "maker=IceRiver")["state"] == "applied"


def test_the_same_file_twice_writes_nothing_and_is_the_same_upload():
    first = sample("byte_order_mark.csv")
    again = sample("byte_order_mark.csv")
    assert (again["upload"], Upload.objects.count()) == (first["upload"], 1)


def test_the_same_rows_in_other_bytes_change_nothing(tmp_path):
    sample("byte_order_mark.csv")
    other = tmp_path / "saved-again.csv"
    other.write_bytes((SAMPLES / "byte_order_mark.csv").read_bytes().replace(b",", b";"))
    answer = imported(other)
    assert (answer["new"], answer["changed"], answer["unchanged"]) == (0, 0, 2)


def test_hidden_rows_are_rigs_like_the_others_and_the_sender_is_told():
    assert sample("hidden_rows.xlsx")["new"] == 3
    assert Upload.objects.get().problems.filter(is_warning=True, code="rows_hidden").exists()


def test_a_person_of_another_operator_is_told_that_there_is_no_such_upload():
    with pytest.raises(CommandError):
        sample("impossible_date.csv")
    stranger = signed_in(a_member(an_operator("other", "Other"), username="eve"))
    upload = Upload.objects.get()
    for page in ("", "problems/", "undo/"):
        for answer in (
            stranger.get(f"/uploads/{upload.pk}/{page}"),
            stranger.post(f"/uploads/{upload.pk}/{page}"),
        ):
            assert answer.status_code in (403, 404, 405)
            assert "31/31/2024" not in answer.content.decode(errors="replace")


def test_undo_after_three_edits_by_people_keeps_the_three_and_names_them(tmp_path):
    answer = imported(a_csv(tmp_path, [a_row(number) for number in range(1, 6)]))
    edited = list(Rig.objects.order_by("serial_number")[:3])
    operator, ann = edited[0].operator, a_person()
    for rig, status in zip(edited, ("repair", "stored", "retired"), strict=True):
        correct_rigs(operator=operator, rig_ids=[rig.pk], values={"status": status}, at=NOW, by=ann)
    report = answer_of("undo_upload", str(answer["upload"]))
    assert report["reverted"] == 2
    assert [kept["serial_number"] for kept in report["kept"]] == [rig.serial_number for rig in edited]
    assert Rig.objects.count() == 3
