"""Lists come into force by a command: whole, newer, compared; a name is screened against those in force."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError

from ledger.models import AuditEntry
from risk.engine.screening import ScreenedParty
from risk.flows.screen_name import screen_party
from risk.lists.editions.records import digest_of_entity, entity_from, record_of
from risk.models import ListedEntityRecord, ListEdition
from tests.commands import answer_of
from tests.reference import a_government_list
from tests.risk.lists.samples import SAMPLES, SDN_COMPANIONS, read

pytestmark = pytest.mark.django_db
OLD, NEW = "sdn_2022-04-15.csv", "sdn_2022-04-21.csv"


def load_sdn(name: str, day: str):
    return answer_of("load_list", "ofac_sdn", str(a_government_list(name)), "--as-of", day)


def standing() -> dict[str, str]:
    """The names in force, by number."""
    edition = ListEdition.objects.current("ofac_sdn")
    return dict(ListedEntityRecord.objects.on(edition).values_list("entity_id", "name"))


def test_two_weeks_of_the_list_and_what_came_between():
    first = load_sdn(OLD, "2022-04-15")
    assert (first["edition"], len(first["added"]), first["unchanged"]) == (1, 9964, 0)
    second = load_sdn(NEW, "2022-04-21")
    assert (len(second["added"]), len(second["changed"]), second["removed"], second["unchanged"]) == (
        69,
        1,
        [],
        9963,
    )
    assert second["rows"] == {"US-OFAC-SDN": 10033}
    assert "US-OFAC-SDN 36458" in second["added"]
    # What a list said on a day stays what it said.
    before = ListEdition.objects.get(format="ofac_sdn", number=1)
    assert ListedEntityRecord.objects.on(before).count() == 9964
    assert len(standing()) == 10033
    again = load_sdn(NEW, "2022-04-21")
    assert (again["edition"], again["added"], again["changed"], again["unchanged"]) == (2, [], [], 10033)
    with pytest.raises(CommandError, match="older than the edition in force"):
        load_sdn(OLD, "2022-04-15")
    assert ListEdition.objects.count() == 2


def test_a_file_that_is_no_whole_list_leaves_everything_as_it_was(tmp_path):
    answer_of("load_list", "ofac_sdn", str(SAMPLES / "sdn.csv"), "--as-of", "2024-07-02", "--cut-down")
    before = standing()
    whole = (SAMPLES / "sdn.csv").read_bytes()
    for content, sentence in (
        (b"", "The file is empty"),
        (whole[: len(whole) // 2], "cut or"),
        (b"<html>Moved</html>\r\n", "1 columns instead of 12"),
        (whole, "never had under 8,000"),
    ):
        wrong = tmp_path / "sdn.csv"
        wrong.write_bytes(content)
        with pytest.raises(CommandError, match=sentence):
            answer_of("load_list", "ofac_sdn", str(wrong), "--as-of", "2024-07-03")
    assert standing() == before
    assert ListEdition.objects.count() == 1


def test_the_companions_are_those_beside_the_file(tmp_path):
    for name in ("sdn.csv", *SDN_COMPANIONS.values()):
        shutil.copy(SAMPLES / name, tmp_path / name)
    answer_of("load_list", "ofac_sdn", str(tmp_path / "sdn.csv"), "--as-of", "2024-07-02", "--cut-down")
    kept = ListedEntityRecord.objects.get(entity_id="36458")
    assert "BITRIVER RUS" in {name.text for name in entity_from(kept.record).names}


def test_a_companion_can_be_given_and_a_wrong_one_is_a_wrong_call():
    told = ("ofac_sdn", str(SAMPLES / "sdn.csv"), "--as-of", "2024-07-02", "--cut-down", "--companion")
    with pytest.raises(CommandError, match="names no companion of ofac_sdn") as wrong:
        answer_of("load_list", *told, f"shoes={SAMPLES / 'alt.csv'}")
    assert wrong.value.returncode == 2
    assert len(answer_of("load_list", *told, f"alt={SAMPLES / 'alt.csv'}")["added"]) == 12


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("sdn", "x.csv"), "There is no list format 'sdn'"),
        (("ofac_sdn", "nowhere.csv", "--as-of", "2024-07-02"), "nowhere.csv cannot be read"),
        (("ofac_sdn", str(SAMPLES / "sdn.csv")), "carries no date of its own"),
    ],
)
def test_a_wrong_question_is_refused_with_a_sentence(arguments, sentence):
    with pytest.raises(CommandError, match=sentence) as refusal:
        answer_of("load_list", *arguments)
    assert refusal.value.returncode == 1


def test_loading_is_on_record():
    answer_of("load_list", "ofac_enhanced_xml", str(SAMPLES / "cons_enhanced.xml"), "--cut-down")
    entry = AuditEntry.objects.get(deed="list edition loaded")
    assert entry.subject == "ofac_enhanced_xml 1 as of 2025-01-10"
    assert entry.detail["added"] == ListEdition.objects.get().counts["added"]
    assert ListEdition.objects.get().data_date == date(2025, 1, 10)


@pytest.mark.parametrize(
    ("form", "name"),
    [("ofac_sdn", "sdn.csv"), ("csl", "consolidated.csv"), ("ofac_enhanced_xml", "cons_enhanced.xml")],
)
def test_a_party_comes_back_from_its_record_as_it_was(form, name):
    for entity in read(form, name):
        assert entity_from(record_of(entity)) == entity
        assert len(digest_of_entity(entity)) == 64


# -------------------------------------------------------------------------------------------------- screening


@pytest.fixture
def lists():
    answer_of("load_list", "ofac_sdn", str(SAMPLES / "sdn.csv"), "--as-of", "2024-07-02", "--cut-down")
    answer_of("load_list", "csl", str(SAMPLES / "consolidated.csv"), "--as-of", "2022-04-21", "--cut-down")


@pytest.mark.usefixtures("lists")
def test_a_name_is_screened_against_the_lists_in_force():
    answer = answer_of("screen", "BitRiver Rus LLC", "--country", "RU")
    assert answer["query"] == "BitRiver Rus LLC"
    first = answer["hits"][0]
    assert (first["list"], first["entity_id"], first["strength"]) == ("US-OFAC-SDN", "36458", "1.00")
    assert (first["name"], first["matched_name"]) == ("OOO BITRIVER RUS", "BITRIVER RUS")
    assert "Both are of RU." in first["reasons"]
    strengths = [hit["strength"] for hit in answer["hits"]]
    assert strengths == sorted(strengths, reverse=True)


@pytest.mark.usefixtures("lists")
def test_one_list_can_be_asked_alone():
    assert answer_of("screen", "Hikvision", "--list", "US-OFAC-CMIC")["hits"][0]["entity_id"] == "30946"
    assert answer_of("screen", "Hikvision", "--list", "US-BIS-EL")["hits"] == []
    with pytest.raises(CommandError, match="No list US-XX is loaded"):
        answer_of("screen", "Hikvision", "--list", "US-XX")


@pytest.mark.usefixtures("lists")
def test_an_innocent_name_has_no_hit():
    assert answer_of("screen", "CleanSpark, Inc.") == {"query": "CleanSpark, Inc.", "hits": []}


def test_without_a_list_nothing_is_clean():
    with pytest.raises(CommandError, match="No government list is loaded"):
        answer_of("screen", "CleanSpark, Inc.")


@pytest.mark.usefixtures("lists")
def test_a_new_edition_is_asked_as_soon_as_it_is_in_force(tmp_path: Path):
    party = ScreenedParty(names=("Shady Miners",))
    assert screen_party(party) == ()
    own = tmp_path / "own.csv"
    own.write_text("name,country\nShady Miners Ltd,RU\n", encoding="utf-8")
    answer_of("load_list", "own_csv", str(own), "--as-of", "2026-11-01")
    assert [hit.entity.list_code for hit in screen_party(party)] == ["OWN"]
