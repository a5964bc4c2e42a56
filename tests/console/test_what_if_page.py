"""What if, as people ask it: a text, both sides, and scenarios that an operator keeps."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from fleet.models.operator import OperatorRole
from risk.models import Exposure, SavedScenario
from risk.scenarios import EXAMPLES, read_scenario, scenario_text
from tests.console.test_front_page import MIXED, page_of, text_of
from tests.console.visitors import a_fleet, a_member, an_operator, signed_in

pytestmark = pytest.mark.usefixtures("shipped")
PAGE = "/what-if/"


@pytest.fixture
def operator(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, MIXED)
    return operator


@pytest.fixture
def client(operator):
    return signed_in(a_member(operator))


def asked(client, text, **said):
    return client.post(PAGE, {"text": text, "on": "2026-11-22", **said})


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_can_be_supposed(client, name):
    text = page_of(client, f"{PAGE}?example={quote(name)}")
    assert EXAMPLES[name].splitlines()[1].strip() in text
    read_scenario(scenario_text(EXAMPLES[name]))


def test_both_sides_stand_side_by_side_and_nothing_is_recorded(client):
    findings = list(Exposure.objects.order_by("pk").values())
    answer = asked(client, EXAMPLES["A new duty"].replace("2027-01-01", "2026-11-01"), measure="units")
    assert answer.status_code == 200
    told = text_of(answer.content.decode())
    assert "1 lot differs" in told
    assert "Antminer S21 1 10 % → 35 %" in told
    assert "Replacement duty" in told
    assert findings == list(Exposure.objects.order_by("pk").values())


def test_what_begins_later_is_told_with_its_day(client):
    told = text_of(asked(client, EXAMPLES["A new duty"]).content.decode())
    assert "begins on 1 Jan 2027; ask for that day too" in told
    assert "No lot of the fleet would differ on that day" in told
    assert "under policy edition 1, verified through 10 Oct 2026" in told


def test_what_cannot_be_supposed_stays_in_the_field_with_its_sentence(client):
    answer = asked(client, "measures:\n  ended:\n    - {code: US-301-CN-L2}\n")
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "measures.ended, entry 1: through must be said." in text_of(page)
    assert "- {code: US-301-CN-L2}" in page


def test_a_scenario_is_kept_opened_and_forgotten(client, operator):
    sent = {"title": " A duty  in January ", "keep": "1"}
    assert asked(client, EXAMPLES["A new duty"], **sent).status_code == 302
    kept = SavedScenario.objects.get(operator=operator)
    assert kept.title == "A duty in January"
    assert "EXERCISE-1" in page_of(client, f"{PAGE}?scenario={kept.pk}")
    asked(client, EXAMPLES["Another rate"], **sent)
    kept.refresh_from_db()
    assert kept.text == EXAMPLES["Another rate"]
    client.post(PAGE, {"forget": kept.pk})
    assert not SavedScenario.objects.exists()


def test_a_viewer_asks_and_keeps_nothing(operator):
    viewer = signed_in(a_member(operator, OperatorRole.VIEWER, "vic"))
    assert asked(viewer, EXAMPLES["A new duty"]).status_code == 200
    assert asked(viewer, EXAMPLES["A new duty"], title="Mine", keep="1").status_code == 403
    assert not SavedScenario.objects.exists()


def test_a_scenario_of_another_operator_does_not_exist(client, operator):
    asked(client, EXAMPLES["A new duty"], title="Ours", keep="1")
    kept = SavedScenario.objects.get()
    stranger = signed_in(a_member(an_operator("other", "Other"), username="bob"))
    assert stranger.get(f"{PAGE}?scenario={kept.pk}").status_code == 404
    assert stranger.post(PAGE, {"forget": kept.pk}).status_code == 404
