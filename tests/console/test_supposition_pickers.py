"""Pickers of a supposition: they write the scenario's text, are filled from it, and lie in an address."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from config.pages.supposition_form import pickers_of, said_by
from fleet.models.operator import OperatorRole
from risk.models import Exposure, SavedScenario
from risk.scenarios import EXAMPLES, read_scenario, scenario_text, written_scenario
from tests.console.test_front_page import MIXED, page_of, text_of
from tests.console.visitors import a_fleet, a_member, an_operator, signed_in

ON = date(2026, 11, 22)
PAGE = "/what-if/"
EVERYTHING = {
    "rate": Decimal("12.5"),
    "rate_origin": "MY",
    "rate_from": date(2026, 11, 1),
    "listed": "Bitmain",
    "effect": "blocks",
    "contested": "Bitmain",
    "contested_origin": "CN",
    "contested_from": date(2024, 1, 1),
    "model": "Bitmain: Antminer S21 XP",
    "units": 500,
    "made_in": "TH",
    "unit_value": Decimal("3900.00"),
    "arrives": date(2027, 1, 15),
}
A_DUTY = "rate=25&rate_origin=MY&rate_from=2026-11-01&on=2026-11-22&measure=units"


@pytest.fixture
def operator(tmp_path, shipped):
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    return operator


@pytest.fixture
def client(operator):
    return signed_in(a_member(operator))


def test_what_is_picked_is_one_text_and_the_text_fills_the_pickers_again():
    text = written_scenario(said_by(EVERYTHING, ON))
    assert len(read_scenario(scenario_text(text)).changes) == 4
    assert pickers_of(text, ON) == EVERYTHING


def test_a_duty_on_every_origin_names_none():
    said = said_by({"rate": Decimal(10), "rate_origin": "*"}, ON)
    assert said == {"measures": {"added": [{"code": "WHAT-IF-1", "rate": "0.1", "effective_from": ON}]}}


def test_norway_stays_a_country_in_the_text():
    text = written_scenario(said_by({"rate": Decimal(1), "rate_origin": "NO"}, ON))
    assert pickers_of(text, ON)["rate_origin"] == "NO"


@pytest.mark.parametrize("name", ["A shipment is late", "A measure ends", "A new duty"])
def test_what_pickers_cannot_say_is_not_put_into_them(name):
    assert pickers_of(EXAMPLES[name], ON) is None


@pytest.mark.parametrize("text", ["measures: [", "measures: 3", "5", "vendors: {listed: [7]}"])
def test_a_text_that_is_no_scenario_fills_no_picker(text):
    assert pickers_of(text, ON) is None


def test_an_address_asks_what_is_picked_and_records_nothing(client):
    findings = list(Exposure.objects.order_by("pk").values())
    page = page_of(client, f"{PAGE}?{A_DUTY}")
    assert "10 % → 35 %" in text_of(page)
    assert "rate: '0.25'" in text_of(page).replace("&#x27;", "'")
    assert "rate=25&amp;rate_origin=MY" in page
    assert findings == list(Exposure.objects.order_by("pk").values())


def test_a_form_that_is_posted_gets_the_same_answer_as_its_address(client):
    posted = client.post(PAGE, dict(each.split("=") for each in A_DUTY.split("&"))).content.decode()
    assert "10 % → 35 %" in text_of(posted)


def test_pickers_and_their_text_get_the_same_answer(client):
    picked = client.get(f"{PAGE}?{A_DUTY}").context["answer"]
    text = client.get(f"{PAGE}?{A_DUTY}").context["asked"].text
    written = client.post(PAGE, {"text": text, "on": "2026-11-22", "measure": "units"}).context["answer"]
    assert picked.lines == written.lines
    assert picked.moved == written.moved


def test_the_answer_alone_can_be_asked_for(client):
    page = page_of(client, f"{PAGE}?{A_DUTY}&part=answer")
    assert "<html" not in page
    assert "Before and after" in page


def test_half_of_a_pair_is_asked_for_beside_its_field(client):
    page = page_of(client, f"{PAGE}?rate=25&rate_origin=&measure=units")
    assert "Say this, too" in page
    assert 'aria-invalid="true"' in page
    assert "differ" not in text_of(page)


def test_a_rate_that_is_none_is_told_beside_its_field(client):
    assert "Ensure this value is less than or equal to 200" in page_of(
        client, f"{PAGE}?rate=900&rate_origin=MY"
    )


def test_a_kept_scenario_is_answered_for_every_member(client, operator):
    text = client.get(f"{PAGE}?{A_DUTY}").context["asked"].text
    client.post(PAGE, {"text": text, "title": "Malaysia", "keep": "1"})
    kept = SavedScenario.objects.get(operator=operator)
    viewer = signed_in(a_member(operator, OperatorRole.VIEWER, "vic"))
    page = page_of(viewer, f"{PAGE}?scenario={kept.pk}&on=2026-11-22&measure=units")
    assert "10 % → 35 %" in text_of(page)
    assert 'value="forget"' not in page


def test_what_is_forgotten_can_be_kept_again(client, operator):
    client.post(PAGE, {"text": EXAMPLES["A new duty"], "title": "Mine", "keep": "1"})
    kept = SavedScenario.objects.get()
    answer = client.post(PAGE, {"forget": kept.pk}, follow=True)
    assert "keep it again to undo" in answer.content.decode()
    assert answer.context["asked"].text == EXAMPLES["A new duty"]
    assert answer.context["title"] == "Mine"


def test_makers_and_models_of_another_operator_are_not_offered(client, tmp_path):
    from vendors.models import Vendor

    other = an_operator("other", "Other")
    secret = Vendor.objects.create(slug="quiet", name="Quiet Rigs", operator=other)
    secret.rig_models.create(name="Q1")
    assert "Quiet" not in page_of(client, PAGE)
