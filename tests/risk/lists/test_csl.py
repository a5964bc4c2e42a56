"""The Consolidated Screening List says what it says, in CSV of two years and in JSON."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest

from risk.engine.listed import Identifier, PartyKind
from risk.lists import FORMATS, ListUnreadable
from tests.risk.lists.samples import bytes_of, named, read


@pytest.fixture(scope="module")
def parties():
    return read("csl", "consolidated.csv")


def test_a_heading_row_in_the_middle_is_no_party(parties):
    assert bytes_of("consolidated.csv").getvalue().count(b"_id,source") == 2
    assert len(parties) == 15
    assert "name" not in {party.name for party in parties}


def test_the_code_of_the_list_comes_from_its_source(parties):
    assert named(parties, "VNIIEF").list_code == "US-BIS-EL"
    assert named(parties, "HIKVISION").list_code == "US-OFAC-CMIC"
    assert named(parties, "KUNLUN").list_code == "US-OFAC-CAPTA"


def test_an_impossible_year_is_unknown_with_a_complaint(parties):
    institute = named(parties, "VNIIEF")
    assert institute.listed_on is None
    assert institute.complaints == ("The start date '0097-06-30' is impossible and counts as unknown.",)


def test_an_affiliated_entity_is_the_party_and_the_prefix_its_parent(parties):
    affiliate = named(parties, "Huawei Longshine")
    assert affiliate.name == "Beijing Huawei Longshine Information Technology Co., Ltd."
    assert [(link.relation, link.party) for link in affiliate.linked_to] == [
        ("affiliated entity of", "Huawei Technologies Co., Ltd. (Huawei)")
    ]


def test_a_parent_organization_in_brackets_is_a_tie(parties):
    plant = named(parties, "Baotou Guanghua")
    assert plant.name == "Baotou Guanghua Chemical Industrial Corporation"
    assert plant.linked_to[0].party.startswith("China National Nuclear")


def test_a_lost_apostrophe_is_put_back(parties):
    assert named(parties, "Xi'an Huawei").name.startswith("Xi'an Huawei Technologies")
    assert named(parties, "Uprdor").name == 'FKU Uprdor "Taman"'


def test_successors_and_subsidiaries_are_no_part_of_a_name(parties):
    assert named(parties, "Ardis").name == "Ardis Group of Companies LLC"


def test_an_alias_after_and_is_an_alias(parties):
    assert [name.text for name in named(parties, "140 Repair").names] == [
        "140 Repair Plant JSC",
        "Open Joint Stock Company 140 Repair Plant",
        "JSC 140 Repair Plant",
    ]


def test_initials_in_brackets_are_a_weak_name_of_their_own(parties):
    names = {name.text: name.is_weak for name in named(parties, "(AETC)").names}
    assert names["Avin Electronics Technology Co., Ltd."] is False
    assert names["AETC"] is True


def test_organisations_and_persons_that_are_not_told_apart_are_unknown(parties):
    assert named(parties, "140 Repair").kind is PartyKind.UNKNOWN
    assert named(parties, "ABBAS").kind is PartyKind.PERSON


def test_days_and_citations_of_a_denial(parties):
    denied = named(parties, "I. ASH")
    assert (denied.listed_on, denied.ends_on) == (date(2003, 6, 19), date(2056, 6, 29))
    assert denied.citations == ("68 FR 38290", "71 FR 38843", "72 FR 4236")


def test_numbers_among_the_ids_are_identifiers_and_days_are_not(parties):
    hikvision = named(parties, "HIKVISION")
    assert (
        Identifier("Unified Social Credit Code (USCC)", "91330000733796106P", "CN") in hikvision.identifiers
    )
    assert not any("Date" in each.system for each in hikvision.identifiers)


def test_a_party_without_number_has_the_same_one_whatever_its_row_is_called(parties):
    changed = (
        bytes_of("consolidated.csv")
        .getvalue()
        .replace(b"4398d33e9e93c7477af39f1e0bfffc13ddd47bcc", b"x" * 56)
    )
    again = list(FORMATS["csl"].read(BytesIO(changed), {}))
    assert [party.key for party in again] == [party.key for party in parties]
    assert named(again, "140 Repair").row_id == "x" * 56


def test_the_json_says_the_same_as_the_csv(parties):
    as_json = read("csl", "consolidated.json")
    assert len(as_json) == 4  # the record that is all null is no party
    for party in as_json:
        same = next(each for each in parties if each.key == party.key)
        assert (party.names, party.listed_on, party.citations, party.programs) == (
            same.names,
            same.listed_on,
            same.citations,
            same.programs,
        )
        assert set(party.identifiers) == set(same.identifiers)


def test_the_quoted_file_of_2025_reads_alike():
    parties = read("csl", "consolidated_2025-06.csv")
    assert len(parties) == 13
    assert named(parties, "Sinobright").name == "Sinobright Import and Export Company"
    assert named(parties, "Sinobright").citations == ("FR Vol. 88, No. 151, 08/08/2023",)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (bytes_of("consolidated.csv").getvalue()[:5000], "cut or"),
        (b"Source List,Entity Number,SDN Type\n", "heading row '_id"),
        (b'{"results": [{"id": "1"', "no 'results'"),
        (b'{"message": "not found"}', "no 'results'"),
    ],
)
def test_a_cut_or_foreign_file_is_one_sentence(content, sentence):
    with pytest.raises(ListUnreadable, match=sentence):
        list(FORMATS["csl"].read(BytesIO(content), {}))
