"""Which model a string means: the cases that matter most, then what operators really write."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import pytest

from fleet.catalogue.files import CatalogueAlias, CatalogueModel, named_only, read_aliases, read_models
from fleet.catalogue.names import How, ModelName, NameIndex

OPERATOR_SPELLINGS = Path(__file__).with_name("operator_spellings.csv")
INDEX = NameIndex(read_models(), read_aliases())


def named(text: str, maker: str | None = None) -> tuple[str | None, str | None, str | None]:
    """Maker, model and bin that a string means."""
    found = INDEX.resolve(text, maker)
    return found.maker, found.model, found.bin


def test_a_sloppy_name_with_a_rate_gives_the_model_and_its_bin():
    assert named("S19jPro 104T") == ("Bitmain", "Antminer S19j Pro", "104 TH/s")
    assert INDEX.resolve("S19jPro 104T").confidence == "same-cluster"


def test_a_bare_name_of_two_makers_is_ambiguous_and_says_between_which():
    found = INDEX.resolve("KS3")
    assert (found.maker, found.model, found.bin, found.how) == (None, None, None, How.AMBIGUOUS)
    assert set(found.candidates) == {ModelName("Bitmain", "Antminer KS3"), ModelName("IceRiver", "KS3")}
    assert named("KS3", "IceRiver") == ("IceRiver", "KS3", None)


def test_a_name_that_no_model_has_gives_the_nearest():
    found = INDEX.resolve("S19 XPP")
    assert (found.model, found.how) == (None, How.UNKNOWN)
    assert ModelName("Bitmain", "Antminer S19 XP") in found.candidates


@pytest.mark.parametrize("bare", ["KS5", "15", "A2", "Q", "Rig", "BHB42601", "BM1368", "741", "10306"])
def test_too_little_without_the_maker_is_asked_back(bare):
    found = INDEX.resolve(bare)
    assert found.model is None
    assert found.candidates


def test_a_rate_that_nobody_has_leaves_the_model_without_a_bin():
    found = INDEX.resolve("S19j Pro 999T")
    assert (found.model, found.bin, found.stated_ths) == ("Antminer S19j Pro", None, Decimal(999))
    assert found.note.startswith("No such bin is on record; known: 88 TH/s, 92 TH/s")


def test_a_rate_of_a_model_with_one_more_plus_or_word_is_asked_back():
    for text, meant in (("M30S 100T", "Whatsminer M30S+"), ("S21 335T", "Antminer S21 Hyd")):
        found = INDEX.resolve(text)
        assert (found.model, found.how) == (None, How.DOUBTFUL)
        assert meant in {candidate.model for candidate in found.candidates}


def test_pluses_tell_three_models_apart_however_they_are_written():
    for text, model in (
        ("M30S", "Whatsminer M30S"),
        ("M30S+", "Whatsminer M30S+"),
        ("M30S++", "Whatsminer M30S++"),
        ("whatsminer-m30s-plus", "Whatsminer M30S+"),
        ("M30S Plus Plus", "Whatsminer M30S++"),
        ("miner-wm-m30sp", "Whatsminer M30S+"),
        ("miner-wm-m30spp", "Whatsminer M30S++"),
        ("M30S++VG40", "Whatsminer M30S++"),
    ):
        assert INDEX.resolve(text).model == model


def test_a_plus_that_joins_two_things_is_not_the_models():
    for text in ("S19 Pro + APW12", "S19 + Hiveon", "S19 Pro 110T+", "S19 Pro 110T + 2 fans"):
        assert INDEX.resolve(text).model is None


def test_a_number_in_brackets_is_megahashes_on_scrypt():
    assert named("Antminer L7 (9500)") == ("Bitmain", "Antminer L7", "9.5 GH/s")
    assert named("Antminer L7 (9160)") == ("Bitmain", "Antminer L7", None)


def test_a_sellers_own_label_is_known_only_as_listed():
    assert named("EcoMiner ONE 10") == ("Bitmain", "Antminer S21", None)
    assert INDEX.resolve("EcoMiner ONE 13").model is None


def test_another_maker_in_the_column_contradicts():
    found = INDEX.resolve("S19", maker="MicroBT")
    assert (found.model, found.how) == (None, How.OTHER_MAKER)
    assert found.candidates == (ModelName("Bitmain", "Antminer S19"),)
    assert INDEX.resolve("Antminer M30S++").how is How.OTHER_MAKER


def test_a_maker_that_nobody_knows_settles_nothing():
    found = INDEX.resolve("S19", maker="Acme Hosting")
    assert (found.model, found.how) == (None, How.OTHER_MAKER)
    assert found.note == "'Acme Hosting' is no maker that the catalogue knows."


def test_two_readings_of_a_bin_are_told():
    found = INDEX.resolve("Teraflux AH3880 600T")
    assert (found.bin, found.confidence) == ("600 TH/s", "conflict")
    assert "both readings are on record" in found.note
    assert len(INDEX.bins_of("Auradine", "Teraflux AH3880")) == 2


def test_a_model_known_by_name_only_resolves_and_says_so():
    found = INDEX.resolve("WhatsMiner M53S+ VJ30")
    assert (found.maker, found.model, found.confidence) == ("MicroBT", "Whatsminer M53S+", "alias-only")
    assert found.note == "Also says: V-code VJ30."


def test_every_model_is_found_by_its_own_name():
    for row in [*read_models(), *named_only(read_models(), read_aliases())]:
        assert named(row.model, row.maker)[:2] == (row.maker, row.model)
        assert named(f"{row.maker} {row.model}")[:2] == (row.maker, row.model)


def test_every_bin_is_found_by_model_and_rate():
    for row in read_models():
        if row.bin:
            assert named(f"{row.model} {row.bin}", row.maker) == (row.maker, row.model, row.bin)
            assert named(f"{row.model} ({row.bin.replace(' ', '')})", row.maker)[2] == row.bin


def test_every_listed_alias_gives_its_model_or_asks_back_with_it():
    for alias in read_aliases():
        found = INDEX.resolve(alias.alias)
        if found.model is None:
            assert (alias.maker, alias.model) in found.candidates
        else:
            assert (found.maker, found.model) == (alias.maker, alias.model)


def test_models_and_aliases_of_ones_own_are_found_beside_the_shipped_ones():
    index = NameIndex(
        [CatalogueModel(maker="Acme Rigs", model="Thunder 5", bin="300 TH/s", hashrate_ths=Decimal(300))],
        [CatalogueAlias(alias="TH5K", maker="Acme Rigs", model="Thunder 5")],
    )
    assert index.resolve("acme rigs thunder-5 300T").bin == "300 TH/s"
    assert index.resolve("th5k").model == "Thunder 5"
    assert index.resolve("Thunder 5", maker="ACME RIGS").maker == "Acme Rigs"


def test_a_cell_that_is_no_name_at_all_is_answered_too():
    for text in ("", " ", "+", "&&&", "\x00", "х" * 500, "ＳＮ①", "🙂", "S19" * 100):
        assert INDEX.resolve(text).model is None


def test_the_index_is_built_in_under_half_a_second_and_remembers_its_answers():
    begin = perf_counter()
    index = NameIndex(read_models(), read_aliases())
    built = perf_counter() - begin
    index.resolve("Antminer S19j Pro (104T)")
    begin = perf_counter()
    for _ in range(10_000):
        index.resolve("Antminer S19j Pro (104T)")
    assert built < 2.5  # five times what it may take, for a machine that others work on
    assert (perf_counter() - begin) / 10_000 < 20e-6


with OPERATOR_SPELLINGS.open(encoding="utf-8", newline="") as stream:
    AS_OPERATORS_WRITE = [
        pytest.param(row, id=f"{row['written']}-{row['maker_column']}") for row in csv.DictReader(stream)
    ]


@pytest.mark.parametrize("row", AS_OPERATORS_WRITE)
def test_as_operators_write_it(row):
    found = INDEX.resolve(row["written"], row["maker_column"] or None)
    assert (found.maker or "", found.model or "", found.bin or "") == (row["maker"], row["model"], row["bin"])
    candidates = {candidate.model for candidate in found.candidates}
    assert candidates.issuperset(filter(None, row["candidates"].split("; ")))
