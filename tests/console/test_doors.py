"""Who may enter, what they see there, and what nobody may do."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fleet.models import Lot, Membership, Upload
from fleet.models.operator import PlatformRole
from ledger.models import AuditEntry
from risk.models import Measure, PolicyEdition
from tests.console.test_front_page import page_of, text_of
from tests.console.visitors import PASSWORD, a_fleet, a_member, a_person, an_admin, an_operator, signed_in
from tests.sheets import a_row
from vendors.models import Vendor

pytestmark = pytest.mark.usefixtures("shipped")

FLEET_PAGES = (
    "/",
    "/lots/",
    "/rigs/",
    "/rigs/edits/",
    "/views/",
    "/uploads/",
    "/uploads/new/",
    "/receipts/",
    "/receipts/new/",
    "/alerts/",
    "/alerts/rule/",
    "/register/",
)
STAFF_SHELVES = (
    "/fleet/operator/",
    "/fleet/site/",
    "/fleet/user/",
    "/fleet/membership/",
    "/ledger/auditentry/",
)
OPEN_SHELVES = ("/vendors/vendor/", "/fleet/rigmodel/", "/risk/policyedition/", "/risk/measure/")


def sign_in(username, password=PASSWORD):
    """The browser, and what it shows after the form was sent."""
    client = Client()
    return client, client.post("/login/", {"username": username, "password": password, "next": "/"})


@pytest.mark.parametrize("address", [*FLEET_PAGES, "/lots/1/", "/uploads/1/", *STAFF_SHELVES, *OPEN_SHELVES])
def test_nobody_sees_a_page_without_signing_in(address):
    answer = Client().get(address)
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/login/")


def test_a_member_enters_without_being_staff_of_django():
    member = a_member(an_operator())
    client, answer = sign_in(member.username)
    assert not member.is_staff
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "Prairie Hash" in page_of(client)


def test_an_account_without_any_role_is_told_so():
    a_person("lonely")
    answer = sign_in("lonely")[1]
    assert "has no role at any operator yet" in answer.content.decode()


def test_a_wrong_password_and_a_closed_account_do_not_enter():
    a_member(an_operator(), username="gone").__class__.objects.update(is_active=False)
    for username, password in (("gone", PASSWORD), ("nobody", "x")):
        assert "correct username and password" in sign_in(username, password)[1].content.decode()


def test_somebody_who_loses_the_last_role_is_outside_at_once():
    client = signed_in(a_member(an_operator()))
    assert client.get("/").status_code == 200
    Membership.objects.all().delete()
    assert client.get("/").status_code == 302


def test_the_menu_switches_the_operator_and_the_session_keeps_it():
    for slug in ("aspen", "birch"):
        an_operator(slug, slug.title())
    client = signed_in(an_admin())
    assert "Operator: Aspen" in page_of(client)
    assert "Operator: Birch" in page_of(client, "/?operator=birch")
    assert "Operator: Birch" in page_of(client, "/lots/")


def test_another_operator_does_not_exist_for_a_member():
    own, other = an_operator("aspen", "Aspen"), an_operator("birch", "Birch")
    client = signed_in(a_member(own))
    assert client.get("/?operator=birch").status_code == 404
    assert client.get("/?operator=no-such-one").status_code == 404
    assert all(other.name not in page_of(client, address) for address in FLEET_PAGES)


def test_what_belongs_to_another_operator_does_not_exist(tmp_path):
    own, other = an_operator("aspen", "Aspen"), an_operator("birch", "Birch")
    a_fleet(tmp_path, other, [a_row(1)])
    client = signed_in(a_member(own))
    lot, upload = Lot.objects.of(other).get(), Upload.objects.of(other).get()
    answers = [
        client.get(f"/lots/{lot.pk}/"),
        client.get(f"/uploads/{upload.pk}/"),
        client.get("/lots/987654/"),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len({answer.content for answer in answers}) == 1
    assert "No rig fits what you asked for" in page_of(client, "/rigs/?search=YNAHEAUBCJCBA0001")


def test_a_viewer_sees_uploads_and_sends_none():
    client = signed_in(a_member(an_operator(), role="viewer"))
    file = SimpleUploadedFile("fleet.csv", b"Serial Number,Model\n1,S21\n")
    assert "Upload a spreadsheet" not in page_of(client, "/uploads/")
    assert client.get("/uploads/new/").status_code == 403
    assert client.post("/uploads/new/", {"file": file}).status_code == 403
    assert not Upload.objects.exists()


def test_a_manager_of_one_operator_is_no_manager_of_another():
    mine, other = an_operator("aspen", "Aspen"), an_operator("birch", "Birch")
    person = a_member(mine)
    Membership.objects.create(user=person, operator=other, role="viewer")
    client = signed_in(person)
    assert client.get("/uploads/new/?operator=aspen").status_code == 200
    assert client.get("/uploads/new/?operator=birch").status_code == 403


@pytest.mark.parametrize("address", STAFF_SHELVES)
def test_members_do_not_see_the_shelves_of_platform_staff(address):
    an_operator("birch", "Birch")
    client = signed_in(a_member(an_operator()))
    assert client.get(address).status_code == 403
    assert address not in page_of(client, "/register/")


@pytest.mark.parametrize("address", ["/fleet/site/add/", "/fleet/operator/add/", "/fleet/user/add/"])
def test_members_do_not_add_to_the_shelves_of_platform_staff(address):
    assert signed_in(a_member(an_operator())).get(address).status_code == 403


@pytest.mark.parametrize("address", [*STAFF_SHELVES, *OPEN_SHELVES])
def test_platform_staff_open_every_shelf(address):
    client = signed_in(an_admin())
    page_of(client, address)
    assert address in page_of(client, "/register/")


@pytest.mark.parametrize("address", OPEN_SHELVES)
def test_members_read_the_register(address):
    html = page_of(signed_in(a_member(an_operator())), address)
    record = re.search(rf'href="({address}\d+/change/)', html)
    assert 'name="_save"' not in page_of(
        signed_in(a_member(an_operator("birch", "Birch"), username="bea")), record[1]
    )


def test_a_private_vendor_is_seen_by_its_operator_alone():
    own, other = an_operator("aspen", "Aspen"), an_operator("birch", "Birch")
    Vendor.objects.create(slug="secret-broker", name="Secret Broker", operator=own)
    assert "Secret Broker" in page_of(signed_in(a_member(own)), "/vendors/vendor/")
    for person in (a_member(other, username="bea"), an_admin()):
        assert "Secret Broker" not in page_of(signed_in(person), "/vendors/vendor/")


def test_a_published_edition_and_its_measures_are_never_changed_or_deleted():
    client = signed_in(an_admin())
    edition, measure = PolicyEdition.objects.current(), Measure.objects.first()
    for address in (f"/risk/policyedition/{edition.pk}", f"/risk/measure/{measure.pk}"):
        assert 'name="_save"' not in page_of(client, f"{address}/change/")
        assert client.post(f"{address}/change/", {"title": "Changed"}).status_code == 403
        assert client.post(f"{address}/delete/", {"post": "yes"}).status_code == 403


def test_a_measure_shows_its_citation_and_how_well_it_is_known():
    measure = Measure.objects.get(code="US-301-CN-L2")
    told = text_of(page_of(signed_in(a_member(an_operator())), f"/risk/measure/{measure.pk}/change/"))
    assert measure.legal_reference in told.replace("&amp;", "&")
    assert "The country of origin is one that the measure names" in told


def a_draft(source):
    """A draft that says the same as an edition, as far as rows go."""
    draft = PolicyEdition.objects.create(
        number=source.number + 1,
        based_on=source,
        digest="d",
        classification=source.classification,
        verified_through=source.verified_through,
    )
    for measure in source.measures.all():
        measure.pk, measure.edition = None, draft
        measure.save()
    return draft


PUBLISH = "risk_policyedition_publish"  # the name of the button


def publish(client, draft):
    """What the page says after the draft's publish button was pressed."""
    address = f"/risk/policyedition/{draft.pk}/change/"
    return text_of(client.post(address, {"title": "Next", PUBLISH: "1"}, follow=True).content.decode())


def test_a_draft_is_published_from_its_page_and_put_on_record():
    draft = a_draft(PolicyEdition.objects.current())
    told = publish(signed_in(an_admin()), draft)
    assert f"Edition {draft.number} is published" in told
    assert PolicyEdition.objects.current() == draft
    assert AuditEntry.objects.filter(deed="edition published", by__username="root").exists()


def test_a_refused_draft_says_why_and_stays_a_draft():
    draft = a_draft(PolicyEdition.objects.current())
    draft.measures.all().delete()
    assert "was not published: The edition has no measures." in publish(signed_in(an_admin()), draft)
    draft.refresh_from_db()
    assert not draft.is_published


def test_compliance_reads_a_draft_and_does_not_publish_it():
    draft = a_draft(PolicyEdition.objects.current())
    client = signed_in(a_person("cleo", platform_role=PlatformRole.COMPLIANCE))
    assert PUBLISH in page_of(signed_in(an_admin()), f"/risk/policyedition/{draft.pk}/change/")
    assert PUBLISH not in page_of(client, f"/risk/policyedition/{draft.pk}/change/")
    publish(client, draft)
    draft.refresh_from_db()
    assert not draft.is_published


def test_nobody_raises_themselves_by_way_of_a_superuser():
    above = a_person("above", is_superuser=True)
    client = signed_in(an_admin())
    assert client.post(f"/fleet/user/{above.pk}/change/", {"username": "mine"}).status_code == 403
    assert (
        client.post(f"/fleet/user/{above.pk}/password/", {"password1": "x", "password2": "x"}).status_code
        == 403
    )


def test_a_changed_vendor_is_told_to_whoever_must_assess_anew(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1)])
    vendor = Vendor.objects.get(slug="bitmain")
    client = signed_in(an_admin())
    said = {"name": "Bitmain", "status": "active", "home_country": "SG", "why": "moved"}
    assert client.post(f"/vendors/{vendor.pk}/change/", said).status_code == 302
    assert Lot.objects.get().owed_assessment.cause == "vendor Bitmain"
    assert AuditEntry.objects.filter(deed="vendor changed").exists()


@pytest.mark.parametrize("address", FLEET_PAGES)
def test_pages_of_our_own_allow_no_inline_script_and_no_inline_style(address):
    answer = signed_in(a_member(an_operator())).get(address)
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert not re.findall(r"<[^>]+\sstyle=|<style|<script(?![^>]+src=)|\son\w+=", answer.content.decode())


@pytest.mark.parametrize("address", [*STAFF_SHELVES, *OPEN_SHELVES])
def test_pages_of_the_register_allow_no_inline_script(address):
    policy = signed_in(an_admin()).get(address)["Content-Security-Policy"]
    assert "unsafe-eval" not in policy
    assert "script-src" not in policy or "unsafe" not in policy.partition("script-src")[2].partition(";")[0]


def test_the_health_address_answers_without_a_session(client):
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_page_that_is_not_there_says_so_in_words():
    answer = signed_in(a_member(an_operator())).get("/lots/99999/")
    assert "There is no such page" in answer.content.decode()
