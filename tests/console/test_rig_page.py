"""The page of one rig: what it is called, what it was called, who changed what."""

from __future__ import annotations

import pytest

from fleet.models import Rig
from fleet.services import correct_rigs
from tests.commands import answer_of
from tests.console.test_front_page import page_of, text_of
from tests.console.visitors import a_fleet, a_member, an_operator, signed_in
from tests.database import NOW
from tests.sheets import a_csv, a_row

pytestmark = pytest.mark.usefixtures("shipped")

MAC = {"MAC Address": "aa:bb:cc:dd:ee:01"}


def test_a_rig_tells_what_it_was_called_before_and_who_changed_what(tmp_path):
    operator = an_operator()
    person = a_member(operator)
    a_fleet(tmp_path, operator, [a_row(1) | MAC])
    swapped = a_csv(tmp_path, [a_row(777, model="Antminer S21 200T") | MAC], name="b.csv")
    answer_of("import_fleet", str(swapped), "--operator", operator.slug, "--identifiers", "same")
    rig = Rig.objects.get()
    correct_rigs(
        operator=operator, rig_ids=[rig.pk], values={"status": "repair"}, at=NOW, by=person, why="fan"
    )
    told = text_of(page_of(signed_in(person), f"/rigs/{rig.pk}/"))
    assert "Identifiers through time" in told
    assert f"{a_row(1)['Serial Number']} serial number" in told
    assert f"{a_row(777)['Serial Number']} serial number" in told
    assert "Rockdale – repair 22 Nov 2026 now ann by a correction" in told
    assert "ann by a correction" in told
    assert "status deployed repair" in told
    assert f"serial number {a_row(1)['Serial Number']} {a_row(777)['Serial Number']}" in told


def test_a_change_of_model_is_told_by_names(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1)])
    a_fleet(tmp_path, operator, [a_row(1, model="Whatsminer M30S++")])
    told = text_of(page_of(signed_in(a_member(operator)), f"/rigs/{Rig.objects.get().pk}/"))
    assert "model Antminer S21 Whatsminer M30S++" in told


def test_a_rig_of_another_operator_does_not_exist(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1)])
    stranger = signed_in(a_member(an_operator("birch", "Birch"), username="bea"))
    assert stranger.get(f"/rigs/{Rig.objects.get().pk}/").status_code == 404
