"""An edition is whole or refused; two editions differ by party and by name, never by a missing part."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest

from risk.engine.listed import ListedEntity, ListedName, NameKind
from risk.lists import FORMATS
from risk.lists.editions import EditionFacts, EditionRefused, difference, judge_edition, read_edition
from tests.reference import a_government_list
from tests.risk.lists.samples import SDN_COMPANIONS, bytes_of, read

SDN = FORMATS["ofac_sdn"]
APRIL_15, APRIL_21 = date(2022, 4, 15), date(2022, 4, 21)


def edition(name: str, as_of: date, **more):
    """A whole SDN list of the reference."""
    with a_government_list(name).open("rb") as stream:
        return read_edition(SDN, stream, as_of=as_of, **more)


def facts(**rows: int) -> EditionFacts:
    return EditionFacts(format="own_csv", data_date=APRIL_15, sha256="0" * 64, rows=rows)


def test_the_list_of_a_week_later_adds_its_69_parties_and_removes_none():
    before, old = edition("sdn_2022-04-15.csv", APRIL_15)
    after, new = edition("sdn_2022-04-21.csv", APRIL_21, current=before)
    found = difference(old, new)
    assert (len(found.added), len(found.removed), len(found.changed)) == (69, 0, 1)
    assert sum("BITRIVER" in party.name for party in found.added) == 7
    assert (before.rows, after.rows) == ({"US-OFAC-SDN": 9964}, {"US-OFAC-SDN": 10033})


def test_an_older_list_is_refused():
    current, _ = edition("sdn_2022-04-21.csv", APRIL_21)
    with pytest.raises(EditionRefused, match="as of 2022-04-15, older than the edition in force"):
        edition("sdn_2022-04-15.csv", APRIL_15, current=current)


def test_the_same_list_again_is_no_fault_and_no_difference():
    current, parties = edition("sdn_2022-04-21.csv", APRIL_21)
    again, same = edition("sdn_2022-04-21.csv", APRIL_21, current=current)
    assert again == current
    assert not difference(parties, same)


def test_a_list_cut_in_the_middle_of_a_row_is_refused():
    whole = a_government_list("sdn_2022-04-21.csv").read_bytes()
    with pytest.raises(EditionRefused, match="cut or"):
        read_edition(SDN, BytesIO(whole[: len(whole) // 2]), as_of=APRIL_21)


def test_a_list_cut_between_two_rows_is_under_its_floor():
    lines = a_government_list("sdn_2022-04-21.csv").read_bytes().split(b"\r\n")
    with pytest.raises(
        EditionRefused, match="US-OFAC-SDN has 5,000 parties; a whole edition never had under 8,000"
    ):
        read_edition(SDN, BytesIO(b"\r\n".join(lines[:5000])), as_of=APRIL_21)


def test_a_consolidated_list_without_its_sdn_part_is_refused():
    lines = a_government_list("consolidated_2022-04.csv").read_bytes()
    without = b"".join(line for line in lines.splitlines(keepends=True) if b"(SDN) - Treasury" not in line)
    with pytest.raises(EditionRefused, match="US-OFAC-SDN has 0 parties"):
        read_edition(FORMATS["csl"], BytesIO(without), as_of=APRIL_21)


@pytest.mark.parametrize("content", [b"", b"\x1a", b"\r\n"])
def test_an_empty_file_is_refused(content):
    with pytest.raises(EditionRefused, match="The file is empty"):
        read_edition(SDN, BytesIO(content), as_of=APRIL_21)


def test_a_file_of_headings_only_names_no_party():
    heading = bytes_of("consolidated.csv").readline()
    with pytest.raises(EditionRefused, match="names no party"):
        read_edition(FORMATS["csl"], BytesIO(heading), as_of=APRIL_21)


def test_a_format_without_a_date_needs_one():
    with pytest.raises(EditionRefused, match="carries no date of its own"):
        read_edition(SDN, bytes_of("sdn.csv"), floors={})


def test_a_format_with_a_date_brings_it():
    form = FORMATS["ofac_enhanced_xml"]
    found, _ = read_edition(form, bytes_of("cons_enhanced.xml"), floors={})
    assert found.data_date == date(2025, 1, 10)


def test_companions_belong_to_the_checksum():
    beside = {part: bytes_of(name) for part, name in SDN_COMPANIONS.items()}
    alone, _ = read_edition(SDN, bytes_of("sdn.csv"), as_of=APRIL_15, floors={})
    together, _ = read_edition(SDN, bytes_of("sdn.csv"), beside, as_of=APRIL_15, floors={})
    assert alone.sha256 != together.sha256


def test_a_tenth_fewer_is_a_missing_part_and_a_little_fewer_is_not():
    assert judge_edition(facts(OWN=890), current=facts(OWN=1000), floors={}) == (
        "OWN has 890 parties where the edition in force has 1,000: a part is missing.",
    )
    assert judge_edition(facts(OWN=910), current=facts(OWN=1000), floors={}) == ()
    assert judge_edition(facts(OWN=10), current=facts(OWN=20), floors={}) == ()


def test_each_fault_is_told_once():
    sentences = judge_edition(
        replace(facts(OWN=10), data_date=date(2020, 1, 1)), current=facts(OWN=100), floors={"OWN": 50}
    )
    assert len(sentences) == 3


def party(number: str, *names: ListedName, **more) -> ListedEntity:
    return ListedEntity(list_code="OWN", entity_id=number, names=names, **more)


def test_names_added_changed_and_removed_are_told_by_party():
    before = party(
        "1", ListedName("A"), ListedName("B", NameKind.ALSO_KNOWN_AS), ListedName("C", NameKind.ALSO_KNOWN_AS)
    )
    weak = ListedName("B", NameKind.ALSO_KNOWN_AS, is_weak=True)
    after = party("1", ListedName("A"), weak, ListedName("D", NameKind.ALSO_KNOWN_AS))
    (change,) = difference([before], [after]).changed
    assert change.names_added == (ListedName("D", NameKind.ALSO_KNOWN_AS),)
    assert change.names_removed == (ListedName("C", NameKind.ALSO_KNOWN_AS),)
    assert change.names_changed == ((ListedName("B", NameKind.ALSO_KNOWN_AS), weak),)
    assert change.touches_names


def test_another_name_for_the_row_is_no_change():
    assert not difference(
        [party("1", ListedName("A"), row_id="x")], [party("1", ListedName("A"), row_id="y")]
    )


def test_other_facts_are_named():
    (change,) = difference(
        [party("1", ListedName("A"))], [party("1", ListedName("A"), programs=("X",))]
    ).changed
    assert (change.fields_changed, change.touches_names) == (("programs",), False)


def test_a_row_that_the_source_holds_twice_is_one_party():
    parties = read("csl", "consolidated.csv")
    assert not difference(parties, parties)


@pytest.mark.parametrize(
    ("form", "name", "count"),
    [
        ("ofac_sdn", "sdn_2024-07-02.csv", 15_443),
        ("csl", "consolidated_2022-04.csv", 14_160),
        ("bis_dpl", "dpl_2022-09.txt", 581),
    ],
)
def test_the_whole_files_are_read_to_their_last_party(form, name, count):
    with a_government_list(name).open("rb") as stream:
        _, parties = read_edition(FORMATS[form], stream, as_of=date(2024, 7, 2))
    assert len(parties) == count


def test_nearly_every_entity_list_party_has_its_citation():
    with a_government_list("consolidated_2022-04.csv").open("rb") as stream:
        listed = [party for party in FORMATS["csl"].read(stream, {}) if party.list_code == "US-BIS-EL"]
    assert (len(listed), sum(bool(party.citations) for party in listed)) == (2001, 1973)
    assert sum(party.listed_on is not None for party in listed) == 1827 - 3  # three years are impossible
