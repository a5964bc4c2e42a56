"""A maker that was renamed or merged is read by its old name, by its new one, and by the words of the trade."""

from __future__ import annotations

import pytest

from fleet.catalogue.names import NameIndex
from fleet.models import RigModel
from fleet.selectors import models_named, name_index
from tests.commands import answer_of
from tests.console.visitors import a_fleet, an_operator
from tests.sheets import a_row
from tests.vendors.records import WHY
from vendors.models import Vendor, VendorAlias
from vendors.services import change_vendor, merge_vendors, register_vendor

pytestmark = pytest.mark.usefixtures("shipped")


def read(text, maker=None):
    found = models_named(text, maker=maker)
    return found.maker, found.model


def renamed(slug, name):
    vendor = Vendor.objects.shared().get(slug=slug)
    change_vendor(vendor=vendor, operator=None, why=WHY, name=name)
    return vendor


def test_a_shipped_maker_that_was_renamed_is_read_by_both_names_and_its_brand(tmp_path):
    vendor = renamed("bitmain", "Hash Foundry")
    assert vendor.aliases.filter(name="Bitmain", kind="former name").exists()
    model = ("Hash Foundry", "Antminer S19j Pro")
    for text, maker in (
        ("Antminer S19jPro 104T", None),
        ("S19j Pro", "Bitmain"),
        ("S19j Pro", "BITMAIN TECHNOLOGIES"),
        ("S19j Pro", "Hash Foundry"),
        ("Hash Foundry S19j Pro", None),
        ("Bitmain Antminer S19j Pro", "Hash Foundry"),
        ("S19jprop", "Bitmain"),
    ):
        assert read(text, maker)[0] == model[0], (text, maker)
    assert read("S19j Pro", "Bitmain") == model
    assert "Hash Foundry, MicroBT" in models_named("Antminer S19j Pro", maker="MicroBT").note
    assert name_index().bins_of(*model)
    near = models_named("Antminer S19x Qro", maker="Bitmain").candidates
    assert {each.maker for each in near} == {"Hash Foundry"}
    rows = [a_row(1, maker="Bitmain"), a_row(2, maker="Hash Foundry"), a_row(3)]
    assert a_fleet(tmp_path, an_operator(), rows)["state"] == "applied"


def test_the_shipped_catalogue_is_loaded_again_beside_a_maker_that_was_renamed():
    renamed("microbt", "Wind Whale")
    before = RigModel.objects.count()
    answer_of("load_catalogue")
    assert RigModel.objects.count() == before
    assert Vendor.objects.shared().get(slug="microbt").name == "Wind Whale"
    assert read("M30S++ 112T")[0] == read("miner-wm-m30spp")[0] == "Wind Whale"


def test_a_shipped_maker_that_was_merged_into_another_is_read_as_that_one():
    other = register_vendor(name="Whale Works", operator=None, why=WHY)
    merge_vendors(merged=Vendor.objects.get(slug="microbt"), into=other, operator=None, why=WHY)
    assert read("Whatsminer M50S")[0] == read("M50S", "MicroBT")[0] == read("M50S", "Whale Works")[0]
    assert read("Whatsminer M50S")[0] == "Whale Works"


def test_a_maker_of_ones_own_is_read_by_its_former_name_once_and_a_slip_is_no_name_twice():
    own = register_vendor(name="Kestrel Rigs", operator=None, why=WHY)
    RigModel.objects.create(maker=own, name="Talon 9000")
    for name in ("Kestrel Compute", "Kestrel Rigs", "Kestrel Compute"):
        change_vendor(vendor=own, operator=None, why=WHY, name=name)
    assert sorted(VendorAlias.objects.filter(vendor=own).values_list("name", flat=True)) == [
        "Kestrel Compute",
        "Kestrel Rigs",
    ]
    for maker in ("Kestrel Rigs", "kestrel compute"):
        assert read("Talon 9000", maker) == ("Kestrel Compute", "Talon 9000")


def test_the_catalogue_is_asked_for_in_three_questions(django_assert_num_queries):
    index = name_index()
    with django_assert_num_queries(3):
        assert name_index() is index
    assert isinstance(index, NameIndex)
