"""ENHANCED_XML, the denied persons, OpenSanctions, FollowTheMoney and a list of one's own."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from io import BytesIO

import pytest

from risk.engine.listed import Identifier, Link, ListedName, NameKind, PartyKind
from risk.lists import FORMATS, ListUnreadable
from risk.lists.editions import read_edition
from tests.house.tree import ROOT
from tests.reference import a_government_list
from tests.risk.lists.samples import bytes_of, named, one_of, read


def made(form: str, text: str):
    """All parties of a file written here."""
    return list(FORMATS[form].read(BytesIO(text.encode()), {}))


def test_every_format_has_a_file_and_every_file_is_listed():
    files = {path.stem for path in (ROOT / "risk" / "lists").glob("*.py")} - {"__init__"}
    assert files == set(FORMATS)


# ------------------------------------------------------------------------------------------------ ENHANCED_XML


@pytest.fixture(scope="module")
def enhanced():
    return read("ofac_enhanced_xml", "cons_enhanced.xml")


def test_native_names_stand_beside_the_latin_ones(enhanced):
    megvii = one_of(enhanced, "33091")
    assert megvii.name == "MEGVII TECHNOLOGY LIMITED"
    assert ListedName("旷视科技有限公司", NameKind.ALSO_KNOWN_AS) in megvii.names


def test_the_listing_day_is_that_of_the_partys_own_list(enhanced):
    huawei = one_of(enhanced, "30947")
    assert (huawei.list_code, huawei.listed_on) == ("US-OFAC-CMIC", date(2021, 6, 3))


def test_names_of_low_quality_are_weak(enhanced):
    sberbank = one_of(enhanced, "17018")
    assert ListedName("SBERBANK INDIA", NameKind.ALSO_KNOWN_AS, is_weak=True) in sberbank.names


def test_documents_are_identifiers_with_their_country(enhanced):
    code = Identifier("Unified Social Credit Code (USCC)", "914403001922038216", "CN")
    assert one_of(enhanced, "30947").identifiers == (code,)


def test_ownership_is_a_tie_without_a_percentage(enhanced):
    ties = [link for party in enhanced for link in party.linked_to]
    assert any(link.relation == "Owned or Controlled By" and link.party_id for link in ties)


def test_a_party_of_both_files_is_told_once():
    content = bytes_of("cons_enhanced.xml").getvalue()
    companion = content.replace(b'entity id="30947"', b'entity id="1"')
    both = list(FORMATS["ofac_enhanced_xml"].read(BytesIO(content), {"consolidated": BytesIO(companion)}))
    assert len(both) == len(read("ofac_enhanced_xml", "cons_enhanced.xml")) + 1


def test_the_whole_file_is_a_whole_edition():
    with zipfile.ZipFile(a_government_list("CONS_ENHANCED.ZIP")) as packed:
        stream = BytesIO(packed.read("CONS_ENHANCED.XML"))
    facts, parties = read_edition(FORMATS["ofac_enhanced_xml"], stream)
    assert (facts.data_date, len(parties)) == (date(2025, 1, 10), 443)
    assert sum(any(not name.text.isascii() for name in party.names) for party in parties) > 20


def test_the_file_says_of_which_day_its_data_are():
    assert FORMATS["ofac_enhanced_xml"].data_date(bytes_of("cons_enhanced.xml")) == date(2025, 1, 10)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (bytes_of("cons_enhanced.xml").getvalue()[:9000], "cut or no XML"),
        (b"<sdnList/>", "no ENHANCED_XML"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><sanctionsData>&a;</sanctionsData>', "DTD or entities"),
        (b"not xml", "cut or no XML"),
    ],
)
def test_cut_foreign_or_tricky_xml_is_one_sentence(content, sentence):
    with pytest.raises(ListUnreadable, match=sentence):
        list(FORMATS["ofac_enhanced_xml"].read(BytesIO(content), {}))


# ---------------------------------------------------------------------------------------------- denied persons


def test_denials_have_american_days_and_citations():
    denied = named(read("bis_dpl", "dpl.txt"), "I. ASH")
    assert (denied.listed_on, denied.ends_on) == (date(2003, 6, 19), date(2056, 6, 29))
    assert denied.citations == ("68 FR 38290", "71 FR 38843", "72 FR 4236")
    assert denied.countries == {"US"}


def test_a_table_with_other_headings_is_no_list_of_denied_persons():
    with pytest.raises(ListUnreadable, match="heading row 'Name, Street_Address"):
        made("bis_dpl", "Name\tCity\nX\tY\n")


# ----------------------------------------------------------------------------------------------- OpenSanctions

SIMPLE = (
    '"id","schema","name","aliases","birth_date","countries","addresses","identifiers","sanctions","phones",'
    '"emails","program_ids","dataset","first_seen","last_seen","last_change"\n'
    '"NK-1","Company","Bitriver AG","BitRiver;Bitriver","","ch;ru","Zug, Switzerland","CH-170.3.045.713-7",'
    '"RUSSIA-EO14024 - Block - active - 2022-04-20 - ","","","US-RUSHAR","US OFAC SDN","2022-04-20","",""\n'
)


def test_a_row_of_opensanctions_is_one_target():
    (party,) = made("opensanctions_simple", SIMPLE)
    assert [name.text for name in party.names] == ["Bitriver AG", "BitRiver", "Bitriver"]
    assert (party.kind, party.listed_on) == (PartyKind.ORGANISATION, date(2022, 4, 20))
    assert party.countries == {"CH", "RU"}
    assert party.programs == ("US-RUSHAR",)


# -------------------------------------------------------------------------------------------- FollowTheMoney

COMPANY = {
    "id": "a",
    "caption": "Bitriver AG",
    "schema": "Company",
    "properties": {
        "name": ["Bitriver AG"],
        "weakAlias": ["BR"],
        "country": ["ch"],
        "taxNumber": ["412633295"],
    },
    "target": True,
}
SANCTION = {
    "id": "s",
    "schema": "Sanction",
    "properties": {
        "entity": ["a"],
        "startDate": ["2022-04-20"],
        "authorityId": ["87 FR 26094"],
        "program": ["X"],
    },
}
OWNERSHIP = {
    "id": "o",
    "schema": "Ownership",
    "properties": {"owner": ["b"], "asset": ["a"], "percentage": ["51"]},
}


def as_lines(*records):
    return "".join(f"{json.dumps(record)}\n" for record in records)


def test_sanctions_and_owners_are_lines_of_their_own():
    (party,) = made("ftm_json", as_lines(SANCTION, COMPANY, OWNERSHIP))
    assert (party.listed_on, party.citations, party.programs) == (date(2022, 4, 20), ("87 FR 26094",), ("X",))
    assert party.linked_to == (Link("owned 51 % by", "b", "b"),)
    assert party.names == (ListedName("Bitriver AG"), ListedName("BR", NameKind.ALSO_KNOWN_AS, is_weak=True))


def test_a_delta_gives_what_came_and_names_what_went():
    delta = as_lines(
        {"op": "MOD", "entity": COMPANY}, {"op": "DEL", "entity": {"id": "z", "schema": "Company"}}
    )
    assert [party.entity_id for party in made("ftm_json", delta)] == ["a"]
    from risk.lists.ftm_json import deleted_in

    assert deleted_in(BytesIO(delta.encode())) == ("z",)


def test_a_line_cut_in_two_is_one_sentence():
    with pytest.raises(ListUnreadable, match="line 2 is no entity"):
        made("ftm_json", as_lines(COMPANY) + json.dumps(SANCTION)[:40])


# --------------------------------------------------------------------------------------------------- one's own


def test_a_list_of_ones_own_needs_only_names():
    party = made(
        "own_csv", "Name,Country,Aliases,Identifiers\nShady Miners Ltd,RU,Shady;SM,Tax ID: 123456\n"
    )[0]
    assert [name.text for name in party.names] == ["Shady Miners Ltd", "Shady", "SM"]
    assert party.identifiers == (Identifier("Tax ID", "123456"),)
    assert party.countries == {"RU"}


def test_a_column_that_nobody_reads_is_refused():
    with pytest.raises(ListUnreadable, match="column 'shoe size' is not known"):
        made("own_csv", "name,shoe size\nX,44\n")


def test_a_country_that_does_not_exist_is_a_complaint():
    party = made("own_csv", "name,country\nX,Atlantis\n")[0]
    assert party.complaints == ("The country 'Atlantis' is not known.",)
    assert party.countries == frozenset()
