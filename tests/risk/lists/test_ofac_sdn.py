"""OFAC's legacy CSV says what it says: the quirks of the real files, on a few of their real rows."""

from __future__ import annotations

from io import BytesIO

import pytest

from risk.engine.listed import Identifier, ListedName, NameKind, PartyKind
from risk.lists import FORMATS, ListUnreadable
from tests.risk.lists.samples import SDN_COMPANIONS, bytes_of, one_of, read


@pytest.fixture(scope="module")
def parties():
    return read("ofac_sdn", "sdn.csv", **SDN_COMPANIONS)


def test_the_end_mark_after_the_last_row_is_no_row(parties):
    assert len(parties) == 12
    assert bytes_of("sdn.csv").getvalue().endswith(b"\x1a")


def test_the_null_type_is_an_organisation(parties):
    kinds = {number: one_of(parties, number).kind for number in ("36456", "2674", "4238", "15432")}
    assert kinds == {
        "36456": PartyKind.ORGANISATION,
        "2674": PartyKind.PERSON,
        "4238": PartyKind.VESSEL,
        "15432": PartyKind.AIRCRAFT,
    }


def test_a_null_with_its_trailing_space_is_nothing(parties):
    airline = one_of(parties, "36")
    assert (airline.remarks, airline.title, airline.linked_to) == ("", "", ())


def test_a_null_inside_a_text_stays():
    row = b'1,"X",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Tax ID No. 12-0-345678 (Russia)."\r\n\x1a'
    entity = next(iter(FORMATS["ofac_sdn"].read(BytesIO(row), {})))
    assert entity.identifiers == (Identifier("Tax ID No.", "12-0-345678", "RU"),)


def test_programs_are_divided_by_brackets(parties):
    assert one_of(parties, "9750").programs == ("NPWMD", "IFSR")


def test_a_weak_alias_is_found_in_the_remarks(parties):
    weak = [name for name in one_of(parties, "306").names if name.is_weak]
    assert weak == [ListedName("BNC", NameKind.ALSO_KNOWN_AS, is_weak=True)]


def test_aliases_keep_their_kind(parties):
    kinds = {name.text: name.kind for name in one_of(parties, "17018").names}
    assert kinds["SBERBANK ROSSII"] is NameKind.ALSO_KNOWN_AS
    assert kinds["SBERBANK ROSSII OAO"] is NameKind.FORMERLY_KNOWN_AS
    assert kinds["PUBLIC JOINT STOCK COMPANY SBERBANK OF RUSSIA"] is NameKind.PRIMARY


def test_a_remark_goes_on_in_the_comments_in_the_middle_of_a_word(parties):
    lazarus = one_of(parties, "27307")
    weak = {name.text for name in lazarus.names if name.is_weak}
    assert "APPLEWORM" in weak
    assert any(text.endswith("G TEAM") and text != "G TEAM" for text in weak)


def test_numbers_and_ties_are_read_from_the_remarks(parties):
    bitriver = one_of(parties, "36458")
    assert bitriver.identifiers == (
        Identifier("Tax ID No.", "3805731961", "RU"),
        Identifier("Registration Number", "1173850041749", "RU"),
    )
    assert [(link.relation, link.party) for link in bitriver.linked_to] == [("linked to", "BITRIVER AG")]


def test_wallets_are_identifiers(parties):
    wallets = [each for each in one_of(parties, "27307").identifiers if "Digital Currency" in each.system]
    assert (
        Identifier("Digital Currency Address - ETH", "0x098B716B8Aaf21512996dC57EB0615e2383E2f96") in wallets
    )


def test_addresses_carry_their_country(parties):
    assert "CH" in one_of(parties, "36456").countries


def test_the_legacy_file_gives_no_day_and_no_citation(parties):
    assert all(party.listed_on is None and party.citations == () for party in parties)


def test_an_unescaped_quote_in_the_comments_is_no_end():
    remark = "x" * 10
    sdn = f'7,"X",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"{remark}"\r\n'.encode()
    comments = b'7," and "so" on; Linked To: Y."\r\n\x1a'
    entity = next(iter(FORMATS["ofac_sdn"].read(BytesIO(sdn), {"comments": BytesIO(comments)})))
    assert entity.remarks == 'xxxxxxxxxx and "so" on; Linked To: Y.'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'36,"AEROCARIBBEAN AIRLINES",-0- ,"CU', "has an open quote"),
        (b'36,"AEROCARIBBEAN AIRLINES",-0- ,"CUBA"\r\n', "4 columns instead of 12"),
        (b"a,b,c,d,e,f,g,h,i,j,k,l\r\n", "no SDN list"),
        (b"\xff\xfe\x00\x00", "not UTF-8"),
    ],
)
def test_a_cut_or_foreign_file_is_one_sentence(content, sentence):
    with pytest.raises(ListUnreadable, match=sentence):
        list(FORMATS["ofac_sdn"].read(BytesIO(content), {}))
