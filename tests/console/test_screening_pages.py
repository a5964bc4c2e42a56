"""Screening in the console: who sees which hit, what the page tells, who decides, and how old lists are."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest

from fleet.models import RigModel
from fleet.models.operator import OperatorRole, PlatformRole
from ledger.models import AuditEntry
from risk.engine.reviews import HitState
from risk.flows.load_list import load_list
from risk.flows.screen_vendors import screen_vendors
from risk.lists import FORMATS
from risk.models import ScreeningHit
from tests.commands import answer_of
from tests.console.test_front_page import page_of, text_of
from tests.console.visitors import a_member, a_person, an_admin, an_operator, signed_in
from tests.database import NOW
from tests.risk.lists.samples import SAMPLES
from tests.sheets import a_csv, a_row
from vendors.models import Ownership, Vendor

pytestmark = pytest.mark.usefixtures("shipped")
GIVES_NONE = "this source gives none"


@pytest.fixture
def bitriver():
    """A vendor that a sample of the SDN list names, and one that only looks like it from afar."""
    vendor = Vendor.objects.create(slug="bitriver-rus", name="BitRiver Rus LLC", home_country="RU")
    Ownership.objects.create(
        vendor=vendor,
        other_party="Everest Something",
        kind="owner",
        relation="owns",
        share_low=40,
        share_high=40,
        source="a paper",
    )
    in_force("ofac_sdn", "sdn.csv", date(2024, 7, 2))
    return vendor


def in_force(form, name, as_of):
    load_list(form=FORMATS[form], file=SAMPLES / name, companions={}, as_of=as_of, at=NOW, floors={})
    screen_vendors(clock=lambda: NOW)


def compliance(username="carla"):
    return a_person(username, platform_role=PlatformRole.COMPLIANCE)


def told(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(answer.content.decode())).split())


def the_hit():
    return ScreeningHit.objects.get(entity_id="36458")


def say(client, hit, decision="confirmed", reason="same number at the register", **said):
    wanted = {"decision": decision, "reason": reason, "digest": hit.evidence_digest}
    return client.post(f"/screening/{hit.pk}/decide/", wanted | said)


def test_the_queue_tells_of_the_hit_and_filters_it(bitriver):
    client = signed_in(compliance())
    page = told(client.get("/screening/"))
    assert "BitRiver Rus LLC" in page
    assert "OOO BITRIVER RUS" in page
    assert "OFAC SDN list" in page
    assert "BitRiver" in told(client.get("/screening/?list=US-OFAC-SDN&search=bitriver"))
    for elsewhere in ("?state=dismissed", "?list=US-BIS-EL", "?search=canaan"):
        assert "No hit fits" in told(client.get(f"/screening/{elsewhere}"))


def test_the_page_of_a_hit_tells_everything_that_a_reviewer_needs(bitriver):
    hit = the_hit()
    page = told(signed_in(compliance()).get(f"/screening/{hit.pk}/"))
    assert "Is BitRiver Rus LLC the listed OOO BITRIVER RUS?" in page
    assert f"Strength {hit.strength}" in page
    for word in hit.evidence["words"]:
        assert (
            f"{word['vendor']} {word['listed']} {word['similarity']} {word['weight']} {word['why']}" in page
        )
    assert "US-OFAC-SDN 36458" in page
    assert f"Programme {', '.join(hit.record.record['programs'])}" in page
    for silent in ("Licence policy", "Listed on", "Citation"):
        assert f"{silent} {GIVES_NONE}" in page
    assert "ofac_sdn 1 as of 2 Jul 2024" in page
    assert f"SHA-256 {hit.record.came_with.sha256}" in page
    assert "Everest Something holds 40 % of BitRiver Rus LLC (a paper)" in page
    assert "Nobody has said anything yet" in page


def test_a_citation_leads_to_the_federal_register(tmp_path):
    Vendor.objects.create(slug="sophgo-2", name="Zorvex Quarterdeck")
    own = tmp_path / "own.csv"
    own.write_text(
        "id,name,citation,listed_on\n1,Zorvex Quarterdeck,90 FR 4621,2025-01-16\n", encoding="utf-8"
    )
    load_list(form=FORMATS["own_csv"], file=own, companions={}, as_of=date(2026, 11, 1), at=NOW, floors={})
    screen_vendors(clock=lambda: NOW)
    answer = signed_in(compliance()).get(f"/screening/{ScreeningHit.objects.get().pk}/")
    assert 'href="https://www.federalregister.gov/citation/90-FR-4621"' in answer.content.decode()
    assert "Listed on 16 Jan 2025" in told(answer)


def test_compliance_decides_with_a_reason_and_goes_on_to_the_next(bitriver):
    client, hit = signed_in(compliance()), the_hit()
    refused = say(client, hit, reason=" ")
    assert refused.status_code == 400
    assert "Say why" in told(refused)
    assert the_hit().state == HitState.OPEN
    done = say(client, hit)
    assert done.status_code == 302
    assert the_hit().state == HitState.CONFIRMED
    assert AuditEntry.objects.filter(deed="hit confirmed", subject=f"hit {hit.pk}").exists()
    page = told(client.get(f"/screening/{hit.pk}/"))
    assert "same number at the register" in page
    assert "BitRiver Rus LLC" not in told(client.get("/screening/?search=OOO"))


def test_evidence_that_moved_since_the_page_was_opened_is_looked_at_again(bitriver):
    refused = say(signed_in(compliance()), the_hit(), digest="0" * 64)
    assert refused.status_code == 400
    assert "The evidence has changed since the page was opened" in told(refused)


@pytest.mark.parametrize("role", list(OperatorRole))
def test_an_operators_people_read_the_registers_hits_and_decide_none(bitriver, role):
    client, hit = signed_in(a_member(an_operator(), role=role)), the_hit()
    page = client.get(f"/screening/{hit.pk}/")
    assert page.status_code == 200
    assert "data-decide" not in page.content.decode()
    assert say(client, hit).status_code == 403
    assert the_hit().state == HitState.OPEN


def test_nobody_enters_without_signing_in(client, bitriver):
    for address in ("/screening/", "/screening/runs/", f"/screening/{the_hit().pk}/"):
        assert client.get(address).status_code == 302
    assert say(client, the_hit()).status_code == 302
    assert the_hit().state == HitState.OPEN


def test_looking_at_the_address_of_a_decision_decides_nothing(bitriver):
    assert signed_in(compliance()).get(f"/screening/{the_hit().pk}/decide/").status_code == 405


def test_a_private_vendors_hit_is_there_for_its_operator_alone():
    ours, theirs = an_operator(), an_operator("other", "Other")
    Vendor.objects.create(slug="bitriver-rus", name="BitRiver Rus LLC", operator=ours)
    in_force("ofac_sdn", "sdn.csv", date(2024, 7, 2))
    hit = the_hit()
    manager = signed_in(a_member(ours))
    assert "BitRiver Rus LLC" in told(manager.get("/screening/"))
    for stranger in (
        signed_in(a_member(theirs, username="bob")),
        signed_in(compliance()),
        signed_in(an_admin()),
    ):
        assert "BitRiver Rus LLC" not in told(stranger.get("/screening/"))
        assert stranger.get(f"/screening/{hit.pk}/").status_code == 404
        assert say(stranger, hit).status_code == 404
    viewer = signed_in(a_member(ours, role=OperatorRole.VIEWER, username="vic"))
    assert viewer.get(f"/screening/{hit.pk}/").status_code == 200
    assert say(viewer, hit).status_code == 403
    assert say(manager, hit).status_code == 302
    assert the_hit().state == HitState.CONFIRMED


def test_two_persons_where_two_are_asked_for(bitriver, settings):
    settings.SCREENING_NEEDS_SECOND_PERSON = True
    first, second = signed_in(compliance()), signed_in(compliance("dora"))
    say(first, the_hit())
    assert the_hit().state == HitState.OPEN
    page = told(first.get(f"/screening/{the_hit().pk}/"))
    assert "carla says: confirmed. It is not in force until a second person says the same." in page
    again = say(first, the_hit())
    assert (again.status_code, "a second person has to say the same" in told(again)) == (400, True)
    assert say(second, the_hit()).status_code == 302
    assert the_hit().state == HitState.CONFIRMED


def test_runs_and_ages_of_lists_are_told_and_stale_ones_marked(bitriver):
    page = told(signed_in(compliance()).get("/screening/runs/"))
    assert re.search(r"2 Jul 2024 [\d,]+ days stale: nobody counts as screened against it", page)
    assert "the first run" in page
    assert "Screening run 1:" in page


def test_the_front_page_asks_for_a_decision(bitriver):
    an_operator()
    page = told(signed_in(compliance()).get("/"))
    assert f"{ScreeningHit.objects.count()} screening hits not decided" in page


def test_without_a_list_the_queue_says_that_nobody_was_screened():
    page = told(signed_in(compliance()).get("/screening/"))
    assert "No government list is loaded, so nobody was screened" in page
    assert "Nobody was screened yet" in told(signed_in(compliance("dora")).get("/screening/runs/"))


def test_a_lots_page_names_list_entry_and_edition(bitriver, tmp_path):

    RigModel.objects.create(maker=bitriver, name="River One")
    operator = an_operator()
    answer_of(
        "import_fleet", str(a_csv(tmp_path, [a_row(1, model="River One")])), "--operator", operator.slug
    )
    client = signed_in(a_member(operator))
    lot = client.get("/lots/").content.decode()
    number = re.search(r"/lots/(\d+)/", lot)[1]
    assert "nobody has decided yet" in told(client.get(f"/lots/{number}/"))


def test_the_page_of_a_vendor_tells_its_hits_and_leads_to_them(bitriver):
    client = signed_in(compliance())
    page = page_of(client, f"/vendors/{bitriver.pk}/")
    told = text_of(page)
    assert "Last compared with the government lists" in told
    assert "2 hits wait for a decision." in told
    (address,) = re.findall(r'href="(/screening/\?[^"]+)"', page)
    assert "BitRiver" in text_of(page_of(client, address.replace("&amp;", "&")))
