"""A vendor against all listed parties, and a new edition against all vendors: the same answer from both sides."""

from __future__ import annotations

from decimal import Decimal

import pytest

from risk.engine.listed import Identifier, ListedAddress, ListedEntity, ListedName, NameKind, PartyKind
from risk.engine.screening import FEATURES, Band, ScreenedParty, Screener, VendorSide, hit_between
from risk.engine.terms.countries import CountryCode

AKA = NameKind.ALSO_KNOWN_AS


def listed(number: str, name: str, *more: ListedName, code: str = "US-OFAC-SDN", **facts) -> ListedEntity:
    told = {"kind": PartyKind.ORGANISATION, **facts}
    return ListedEntity(list_code=code, entity_id=number, names=(ListedName(name), *more), **told)


RUSSIA, CHINA = CountryCode("RU"), CountryCode("CN")
BITRIVER = listed(
    "36458",
    "OOO BITRIVER RUS",
    ListedName("BITRIVER RUS", AKA),
    identifiers=(Identifier("Tax ID No.", "3805731961", RUSSIA),),
    addresses=(ListedAddress("Bratsk, Russia", RUSSIA),),
)
PARTIES = (
    BITRIVER,
    listed("36456", "BITRIVER AG", addresses=(ListedAddress("Zug", CountryCode("CH")),)),
    listed("306", "BANCO NACIONAL DE CUBA", ListedName("BNC", AKA, is_weak=True)),
    listed(
        "30947", "HUAWEI TECHNOLOGIES CO., LTD.", ListedName("华为技术有限公司", AKA), code="US-OFAC-CMIC"
    ),
    listed(
        "e1", "Huawei Technologies Co., Ltd.", code="US-BIS-EL", addresses=(ListedAddress("Shenzhen", CHINA),)
    ),
    listed("9", "BITRIVER, Igor", kind=PartyKind.PERSON),
)
SCREENER = Screener(PARTIES)


def hits(*names: str, at_least: str = "0.70", **facts):
    """What a vendor of those names is like."""
    return SCREENER.screen(ScreenedParty(names=names, **facts), at_least=Decimal(at_least))


def test_the_strongest_hit_comes_first_with_its_words_and_its_band():
    first, *_ = hits("BitRiver Rus LLC")
    assert first.entity is BITRIVER
    assert (first.strength, first.band) == (Decimal("1.00"), Band.ACT)
    assert first.vendor_name == "BitRiver Rus LLC"
    assert {pair.one for pair in first.likeness.pairs} == {"bitriver", "rus"}


def test_each_party_is_one_hit_however_many_names_agree():
    keys = [hit.entity.key for hit in hits("BitRiver Rus LLC", "OOO Bitriver Rus")]
    assert len(keys) == len(set(keys))


def test_a_person_is_no_vendor():
    assert all(hit.entity.kind is not PartyKind.PERSON for hit in hits("Bitriver", at_least="0.10"))


def test_a_native_name_is_found_by_its_latin_one_and_the_other_way_round():
    assert {hit.entity.entity_id for hit in hits("华为技术有限公司")} == {"30947", "e1"}


def test_one_list_can_be_asked_alone():
    found = SCREENER.screen(ScreenedParty(names=("Huawei Technologies",)), list_code="US-BIS-EL")
    assert [hit.entity.entity_id for hit in found] == ["e1"]


def test_a_weak_alias_that_agrees_wholly_stays_under_review():
    assert hits("BNC") == ()
    (low,) = hits("BNC", at_least="0.50")
    assert low.band is Band.LOW
    assert "weak aka name 'BNC'" in low.reasons[0].sentence


def test_a_number_that_agrees_makes_a_hit_whatever_the_name():
    (hit,) = hits("Siberian Hosting Company", identifiers=frozenset({"38 057-319 61"}))
    assert hit.entity is BITRIVER
    assert hit.strength == Decimal("0.95")
    assert any(
        reason.code == "identifier_agrees" and "Tax ID No." in reason.sentence for reason in hit.reasons
    )


def test_a_short_number_identifies_nobody():
    assert hits("Siberian Hosting Company", identifiers=frozenset({"3805"})) == ()


def test_the_country_orders_equal_hits_and_does_not_make_one():
    found = hits("Huawei Technologies", countries=frozenset({CHINA}))
    assert [hit.entity.entity_id for hit in found] == ["e1", "30947"]
    assert hits("Siberian Hosting", countries=frozenset({RUSSIA})) == ()


def test_a_contradicting_country_is_told():
    (first, *_) = hits("Bitriver Rus", countries=frozenset({CHINA}))
    assert any(reason.code == "country_contradicts" for reason in first.reasons)
    assert first.strength == Decimal("1.00")


@pytest.mark.parametrize("name", ["Co., Ltd.", "ООО", "", "?!"])
def test_a_name_of_nothing_hits_nobody(name):
    assert hits(name, at_least="0.10") == ()


def test_the_evidence_has_a_digest_that_changes_with_it():
    (one, *_), (same, *_) = hits("Bitriver Rus"), hits("Bitriver Rus")
    (other, *_) = hits("Bitriver Rus", countries=frozenset({RUSSIA}))
    assert one.evidence_digest == same.evidence_digest
    assert one.evidence_digest != other.evidence_digest


def test_every_feature_is_a_sentence_for_users():
    assert all((feature.__doc__ or "").split("\n")[0].endswith(".") for feature in FEATURES)


def test_an_edition_is_asked_from_the_vendors_side_with_the_same_answer():
    vendors = [
        ScreenedParty(names=("Bitriver Rus LLC",), countries=frozenset({RUSSIA})),
        ScreenedParty(names=("Acme Hosting",)),
        ScreenedParty(names=("Northern Rigs", "Huawei Technology"), identifiers=frozenset({"3805731961"})),
    ]
    found = VendorSide(vendors, SCREENER.rarity).touched_by(PARTIES)
    asked = {number: SCREENER.screen(vendor) for number, vendor in enumerate(vendors)}
    assert found == {number: each for number, each in asked.items() if each}
    assert sorted(found) == [0, 2]


def test_what_is_found_among_many_is_what_is_found_between_two():
    parties = (
        ScreenedParty(names=("BitRiver Rus LLC", "Bitriver AG")),
        ScreenedParty(names=("Somebody Else",), identifiers=frozenset({"3805731961"})),
        ScreenedParty(names=("Huawei Tech",), countries=frozenset({CHINA})),
    )
    for party in parties:
        found = SCREENER.screen(party)
        assert found
        assert all(hit_between(party, hit.entity, SCREENER.rarity) == hit for hit in found)
    assert hit_between(parties[2], BITRIVER, SCREENER.rarity) is None
