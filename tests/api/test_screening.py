"""Screening for programs: a name as the command screens it, and a vendor's hits for whoever may see them."""

from __future__ import annotations

from datetime import date

import pytest

from fleet.models.keys import Scope
from risk.engine.reviews import Decision
from risk.flows.load_list import load_list
from risk.flows.screen_vendors import screen_vendors
from risk.lists import FORMATS
from risk.models import ScreeningHit, ScreeningRun
from risk.services import decide_hit
from tests.api.programs import Program, a_key
from tests.api.test_problems import problem_of
from tests.commands import answer_of
from tests.console.visitors import a_person, an_operator
from tests.database import NOW
from tests.risk.lists.samples import SAMPLES
from vendors.models import Vendor

pytestmark = pytest.mark.usefixtures("shipped")
SCREENING = "/api/v1/screening/"


@pytest.fixture
def program():
    return Program(a_key(an_operator(), Scope.VENDORS_READ))


@pytest.fixture
def bitriver():
    vendor = Vendor.objects.create(slug="bitriver-rus", name="BitRiver Rus LLC", home_country="RU")
    screened()
    return vendor


def screened():
    as_of, sample = date(2024, 7, 2), SAMPLES / "sdn.csv"
    load_list(form=FORMATS["ofac_sdn"], file=sample, companions={}, as_of=as_of, at=NOW, floors={})
    screen_vendors(clock=lambda: NOW)


def hits_of(vendor: Vendor) -> str:
    return f"/api/v1/vendors/{vendor.pk}/hits/"


def test_a_name_is_screened_as_the_command_screens_it_and_nothing_is_recorded(program, bitriver):
    answer = program.post(SCREENING, {"name": "BitRiver Rus LLC", "country": "Russia"}, once="one")
    assert answer.status_code == 200
    assert answer.json() == answer_of("screen", "BitRiver Rus LLC", "--country", "RU")
    assert answer.json()["hits"][0]["entity_id"] == "36458"
    assert program.post(SCREENING, {"name": "CleanSpark, Inc."}).json()["hits"] == []
    assert ScreeningRun.objects.count() == 1


def test_while_no_list_is_loaded_nobody_is_clean(program):
    answer = program.post(SCREENING, {"name": "CleanSpark, Inc."})
    assert (answer.status_code, problem_of(answer)["code"]) == (409, "no_list_loaded")


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 400), ({"name": "X", "country": "Atlantis"}, 400), ({"name": "X", "list": "US-XX"}, 422)],
)
def test_a_question_that_is_none_is_refused(program, bitriver, body, status):
    assert program.post(SCREENING, body).status_code == status


def test_a_vendors_hits_with_what_was_decided(program, bitriver):
    hit = ScreeningHit.objects.get(entity_id="36458")
    (told,) = (each for each in program.get(hits_of(bitriver)).json()["results"] if each["id"] == hit.pk)
    assert (told["state"], told["binds"], told["decision"]) == ("open", False, None)
    assert told["words"] == hit.evidence["words"]
    decide_hit(
        hit_id=hit.pk,
        decision=Decision.CONFIRMED,
        reason="the same number",
        digest=hit.evidence_digest,
        by=a_person(),
        at=NOW,
    )
    (told,) = program.get(f"{hits_of(bitriver)}?state=confirmed").json()["results"]
    assert (told["binds"], told["decision"]["reason"]) == (True, "the same number")
    assert program.get(f"{hits_of(bitriver)}?state=maybe").status_code == 400
    assert program.get(f"{hits_of(bitriver)}?colour=red").status_code == 400


def test_another_operators_private_vendor_does_not_exist(program):
    other = an_operator("other", "Other")
    vendor = Vendor.objects.create(slug="bitriver-rus", name="BitRiver Rus LLC", operator=other)
    screened()
    assert ScreeningHit.objects.exists()
    assert program.get(hits_of(vendor)).status_code == 404
    assert Program(a_key(other, Scope.VENDORS_READ)).get(hits_of(vendor)).json()["results"]


def test_a_key_without_the_scope_is_told_its_name(bitriver):
    answer = Program(a_key(an_operator("third", "Third"), Scope.FLEET_READ)).get(hits_of(bitriver))
    assert answer.status_code == 403
    assert "vendors:read" in problem_of(answer)["detail"]
