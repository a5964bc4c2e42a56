"""The shipped vendor files: what they hold, and what a broken row gets."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import vendors.catalogue
from fleet.catalogue.files import read_aliases, read_models
from vendors.catalogue.files import CONFIDENCES, read_vendors
from vendors.catalogue.periods import Period
from vendors.catalogue.tables import BadRow

SHIPPED = Path(vendors.catalogue.__file__).parent
VENDORS = {vendor.name: vendor for vendor in read_vendors()}


def test_every_maker_of_a_rig_model_is_a_vendor():
    makers = {row.maker for row in read_models()} | {row.maker for row in read_aliases()}
    assert makers <= {name for name, vendor in VENDORS.items() if vendor.role == "maker"}


def test_home_countries_are_those_of_the_seat_today():
    homes = {name: vendor.home_country for name, vendor in VENDORS.items()}
    assert homes["Bitmain"] == homes["MicroBT"] == "CN"
    assert homes["Canaan"] == homes["Bitdeer"] == "SG"
    assert homes["IceRiver"] is None
    for vendor in VENDORS.values():
        seats = [seat.country for seat in vendor.headquarters if seat.through is None]
        assert not seats or vendor.home_country in seats


def test_bitmain_microbt_and_canaan_have_a_contested_chinese_origin_with_its_source():
    contested = {
        name: vendor.contested_origins for name, vendor in VENDORS.items() if vendor.contested_origins
    }
    assert set(contested) == {"Bitmain", "MicroBT", "Canaan"}
    for (claim,) in contested.values():
        assert (claim.country, claim.reported_on) == ("CN", date(2025, 5, 15))
        assert claim.source.startswith("theminermag.com 2025-05-15")
    assert contested["MicroBT"][0].confidence == "unverified"


def test_every_statement_keeps_its_source_and_confidence():
    for vendor in VENDORS.values():
        for said in (vendor, *vendor.names, *vendor.headquarters, *vendor.ties, *vendor.supplies):
            assert said.source
            assert said.confidence in CONFIDENCES
        assert all(said.source for said in (*vendor.assembly_sites, *vendor.events))


def test_knowledge_without_a_document_stays_unverified():
    for vendor in VENDORS.values():
        for said in (vendor, *vendor.names, *vendor.headquarters, *vendor.ties, *vendor.assembly_sites):
            if said.source == "own knowledge, no document seen":
                assert said.confidence == "unverified"


def test_a_makers_legal_and_brand_names_are_there():
    names = {(name.name, name.kind) for name in VENDORS["MicroBT"].names}
    assert ("深圳比特微电子科技有限公司", "legal name") in names
    assert ("WhatsMiner", "brand") in names


def test_ties_say_what_the_other_party_is_and_its_share_where_known():
    owners = {tie.other_party: tie.share_low for tie in VENDORS["Bitmain"].ties if tie.kind == "owner"}
    assert owners == {"Micree Zhan": Decimal(37), "Jihan Wu": Decimal(21)}
    (sophgo,) = (tie for tie in VENDORS["Bitmain"].ties if tie.other_party == "Sophgo Technologies")
    assert (sophgo.kind, sophgo.share_low) == ("affiliate", None)


def test_assembly_is_told_by_country_and_period():
    sites = {str(site.country): site for site in VENDORS["Canaan"].assembly_sites}
    assert set(sites) == {"CN", "MY", "US"}
    assert sites["US"].since == Period.parse("2025-04")


def test_a_market_share_of_three_belongs_to_each_of_them():
    for name in ("Bitmain", "MicroBT", "Canaan"):
        assert [event for event in VENDORS[name].events if "95.4 percent" in event.event]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-12-09", date(2024, 12, 9), date(2024, 12, 9)),
    ],
)
def test_a_period_has_a_first_and_a_last_day(text, first, last):
    period = Period.parse(text)
    assert (period.first_day, period.last_day, str(period)) == (first, last, text)


@pytest.mark.parametrize(
    ("file", "row", "complaint"),
    [
        ("makers.csv", "Bitmain,maker,CN,,a page,low,", "column vendor: 'Bitmain': this vendor stands above"),
        ("makers.csv", "New,maker,XX,,a page,low,", "column home_country: 'XX': write an ISO 3166-1 country"),
        (
            "makers.csv",
            "New,dealer,CN,,a page,low,",
            "column role: 'dealer': write one of: maker, chip designer",
        ),
        ("names.csv", "Nobody,N,brand,,,,a page,low,", "makers.csv has no vendor 'Nobody'"),
        (
            "names.csv",
            "Bitmain,B,brand,,2024-13,,a page,low,",
            "column since: '2024-13': write a year, a month",
        ),
        ("names.csv", "Bitmain,B,brand,,2024,2023,a page,low,", "it ends before it begins (2024)"),
        ("ties.csv", "Bitmain,B,owner,holder,120,,,a page,low,", "'120': write a share over 0 and up to 100"),
        ("ties.csv", "Bitmain,B,owner,holder,half,,,a page,low,", "'half': write a number such as 64.9"),
        ("ties.csv", "Bitmain,B,owner,holder,50-30,,,a page,low,", "'50-30': write a share over 0"),
        ("contested_origins.csv", "Bitmain,CN,soon,,,a page,low,", "'soon': write a day such as 2025-05-15"),
        ("contested_origins.csv", "Bitmain,,2020-01-01,,,a page,low,", "column country: '': it is empty"),
        ("suppliers.csv", "Bitmain,TSMC", "2 cells where the first line names 9 columns"),
    ],
)
def test_a_malformed_row_is_named_by_file_line_and_column(tmp_path, file, row, complaint):
    folder = shutil.copytree(SHIPPED, tmp_path / "catalogue")
    lines = (folder / file).read_text(encoding="utf-8").count("\n")
    with (folder / file).open("a", encoding="utf-8") as stream:
        stream.write(f"{row}\n")
    with pytest.raises(BadRow) as refused:
        read_vendors(folder)
    assert f"{file}, line {lines + 1}" in str(refused.value)
    assert complaint in str(refused.value)
