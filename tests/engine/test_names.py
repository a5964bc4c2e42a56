"""Names of companies: into words, compared, found among many. Laws first, then the ways in which names vary."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.engine.names.index import NameIndex
from risk.engine.names.likeness import ONLY_COMMON_WORDS, likeness, word_similarity
from risk.engine.names.normalising import normalised
from risk.engine.names.rarity import Rarity
from risk.engine.names.tables import common_words, stop_words, written_forms

LISTED = (
    "OOO BITRIVER RUS",
    "BEIJING HUAWEI DIGITAL TECHNOLOGIES CO., LTD.",
    "JOINT STOCK COMPANY TITAN-MICRO",
    "SIERRA VISTA TRADING LIMITED",
    "GENERAL DIRECTORATE OF SYRIAN PORTS",
    "Scientific Research Institute of Precision Instruments",
    "AL-HAMATI SWEETS BAKERIES",
)
RARITY = Rarity(map(normalised, LISTED))
WORDS = (
    "bitriver",
    "titan",
    "vekprom",
    "trading",
    "technology",
    "beijing",
    "of",
    "810",
    "ooo",
    "limited",
    "vostok",
)
names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


def score(one: str, other: str) -> float:
    """How alike two names are."""
    return likeness(normalised(one), normalised(other), RARITY).score


def words(name: str) -> list[str]:
    """The words of a name as they read."""
    return [word.text for word in normalised(name).words]


# ------------------------------------------------------------------------------------------------------- laws


@given(names, names)
def test_likeness_is_the_same_both_ways(one, other):
    assert score(one, other) == pytest.approx(score(other, one))


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_two_texts_are_compared_within_0_and_1(one, other):
    assert 0 <= score(one, other) <= 1
    assert score(one, other) == pytest.approx(score(other, one))


@given(names)
def test_a_name_is_wholly_like_itself_if_it_says_anything(name):
    assert score(name, name) == (pytest.approx(1) if normalised(name).words else 0)


def test_a_legal_form_alone_is_like_nothing():
    forms = written_forms()
    saying = [form for form in forms if normalised(form).words]
    assert saying == []
    assert all(score(form, "bitriver trading") == score(form, form) == 0 for form in forms)


@given(
    st.lists(st.sampled_from(("trading", "technology", "international", "beijing")), min_size=1, max_size=2),
    names,
)
def test_common_words_alone_make_no_hit(shared, rest):
    one, other = " ".join([*shared, "oktava"]), " ".join([*shared, "zyrianka", rest])
    assert score(one, other) <= ONLY_COMMON_WORDS


@given(names, names)
def test_the_word_table_accounts_for_every_word(one, other):
    found = likeness(normalised(one), normalised(other), RARITY)
    told = " ".join([*(pair.one for pair in found.pairs), *found.left_in_one]).split()
    if normalised(one).words and normalised(other).words:
        assert sorted(told) == sorted(words(one))


# ------------------------------------------------------------------------------------------- into comparable words


@pytest.mark.parametrize(
    ("name", "kept", "forms"),
    [
        ("OOO «Титан-Микро»", ["titan", "mikro"], ("OOO",)),
        ("ООО «Титан-Микро»", ["titan", "mikro"], ("OOO",)),
        ("Huawei Technologies Japan K.K.", ["huawei", "technologies", "japan"], ("KK",)),
        ("INDUSTRIAS X, S.A. DE C.V.", ["industrias", "x"], ("SAdeCV",)),
        ("NAI EUROPE ENERGY GMBH & CO. KG", ["nai", "europe", "energy"], ("GmbHCoKG",)),
        ("LIM ITED LIABILITY COMPANY CONFERUM", ["conferum"], ("LLC",)),
        ("LIMITED LABILITY COMPANY RAZREZ", ["razrez"], ("LLC",)),
        ("JOINT STOCK COMPANY810 AIRCRAFT", ["810", "aircraft"], ("JSC",)),
        ("INMOBILIARIA PASADENALTDA.", ["inmobiliaria", "pasadena"], ("Ltda",)),
        ("PRO-GAIN GROUP股份有限公司", ["pro", "gain", "group"], ("Co",)),
        ("Ｈｕａｗｅｉ", ["huawei"], ()),
        ("Société Générale S.A.", ["societe", "generale"], ("SA",)),
    ],
)
def test_legal_forms_are_taken_out_in_any_script(name, kept, forms):
    assert words(name) == kept
    assert normalised(name).forms == forms


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("华为技术有限公司", ["huawei", "technology"]),
        ("天津飞腾信息技术有限公司", ["tianjin", "phytium", "information", "technology"]),
        ("深圳市乐天电子厂", ["shenzhen", "letian", "electronics", "plant"]),
        ("西北工业大学", ["northwestern", "polytechnical", "university"]),
        ("中国电子科技集团有限公司", ["china", "electronics", "technology", "group"]),
    ],
)
def test_chinese_names_are_read_by_the_meaning_of_their_words_and_else_in_pinyin(name, kept):
    assert words(name) == kept


def test_every_word_of_trade_has_one_spelling():
    assert set(common_words().values()) <= {
        common_words().get(word, word) for word in common_words().values()
    }


def test_no_word_is_both_common_and_a_stop_word():
    assert not common_words().keys() & stop_words()


# ---------------------------------------------------------------------------------------------- variants of a name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("BitRiver Rus LLC", "OOO BITRIVER RUS"),
        ("SOFFCOMBANK TECHNOLOGIES", "SOVCOMBANK TECHNOLOGIES LIMITED LIABILITY COMPANY"),
        ("UGOLNYE TEHNOLOGII", "UGOLNYE TEKHNOLOGII, OOO"),
        ("LORAENTERPRISES LIMITED", "LORA ENTERPRISES LIMITED"),
        ("SKYZONE TRADING FZE", "SKY ZONE TRADING FZE"),
        ("Servicios Empres Ariales Soda", "SERVICIOS EMPRESARIALES SODA, S.A. DE C.V."),
        ("JINXIANG TRADE DANDONG", "DANDONG JINXIANG TRADE CO., LTD."),
        ("Academy of Nationlal Defense Science", "Academy of National Defense Science"),
        ("ELVEES RESEARCH & DEVELOPMENT CENTER", "ELVEES RESEARCH AND DEVELOPMENT CENTER JSC"),
        ("SEYMEH ENGINEERING", "SEYMEH INGENIERIA SRL"),
        ("NTTS ORION OOO", "LIMITED LIABILITY COMPANY SCIENTIFIC AND TECHNICAL CENTER ORION"),
        ("STOCK PLANT JOINT COMPANY METEOR", "Meteor Plant JSC"),
        ("Xian Huawei", "Xi'an Huawei"),
        ("VLADIMIRSKII ZAVOD PRETSIZIONNYKH SPLAVOV", "JSC VLADIMIR PLANT OF PRECISION ALLOYS"),
    ],
)
def test_the_same_company_written_otherwise_is_found(one, other):
    assert score(one, other) >= 0.70


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Galaxy Digital Inc.", "GALAXY PETROCHEMICAL FZE"),
        ("159 Factory", "239 Factory"),
        ("Shenzhen Goodix Technology Co., Ltd.", "Shenzhen Rayhan Technology Co., Ltd."),
        ("Delta Computer Systems, Inc.", "DELTA PARTS SUPPLY FZC"),
        ("Lite-On Technology Corporation", "Beijing Alite Technologies Co."),
        ("LPC JSC", "LPK"),
        ("Molex LLC", "MODLEX"),
        ("Alpha Limited", "Limited Alfaro"),
    ],
)
def test_another_company_is_not(one, other):
    assert score(one, other) < 0.70


def test_a_short_word_has_no_slips():
    assert word_similarity("asc", "asx") == 0
    assert 0 < word_similarity("titan", "titen") < 0.7
    assert word_similarity("photonics", "photonisc") > 0.8


def test_a_rare_word_weighs_more_than_a_common_one():
    bitriver, trading = normalised("bitriver trading").words
    assert RARITY(bitriver) > 2 * RARITY(trading)


def test_why_a_score_is_low_is_told():
    found = likeness(normalised("Beijing Oktava Trading"), normalised("Beijing Zyrianka Trading"), RARITY)
    assert found.left_in_one == ("oktava",)
    assert found.score <= ONLY_COMMON_WORDS


# ---------------------------------------------------------------------------------------------------- among many


INDEX = NameIndex(map(normalised, LISTED))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("bitriver", 0),
        ("BITR IVER RUS", 0),
        ("北京华为数字技术有限公司", 1),
        ("Titan Mikro", 2),
        ("SIERRAVISTA", 3),
        ("Directorate General Syrian Ports", 4),
        ("ALH-AMATI SWEETS", 6),
    ],
)
def test_the_index_gives_the_names_that_could_be_meant(query, found):
    assert found in INDEX.candidates(normalised(query))


def test_the_index_has_nothing_for_a_name_of_nothing():
    assert INDEX.candidates(normalised("Co., Ltd.")) == []
