"""The register's forms of operators and sites change what was changed on them, and the fleet's version moves."""

from __future__ import annotations

import pytest
from django.db.models import F
from django.urls import reverse

from fleet.admin import OperatorAdmin
from fleet.models import Operator, Site
from ledger.models import AuditEntry
from tests.console.visitors import an_admin, an_operator, signed_in

pytestmark = pytest.mark.usefixtures("shipped")
NO_MEMBERS = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}


@pytest.fixture
def client():
    return signed_in(an_admin())


@pytest.fixture
def operator():
    return an_operator()


def version_of(operator):
    return Operator.objects.get(pk=operator.pk).fleet_version


def test_an_operators_form_does_not_turn_the_fleets_version_back(client, operator, monkeypatch):
    save = OperatorAdmin.save_model

    def after_an_upload(*told):
        Operator.objects.filter(pk=operator.pk).update(fleet_version=F("fleet_version") + 7)
        save(*told)

    before = version_of(operator)
    monkeypatch.setattr(OperatorAdmin, "save_model", after_an_upload)
    said = {"name": "Renamed", "slug": operator.slug, "tariff_threshold_percent": "10", **NO_MEMBERS}
    answer = client.post(reverse("admin:fleet_operator_change", args=[operator.pk]), said)
    assert answer.status_code == 302, answer.context["errors"]
    assert Operator.objects.get(pk=operator.pk).name == "Renamed"
    assert version_of(operator) == before + 7


def test_a_site_changed_in_the_register_makes_the_fleet_newer_and_is_on_record(client, operator):
    site, before = Site.objects.create(operator=operator, name="Pecos"), version_of(operator)
    address = reverse("admin:fleet_site_change", args=[site.pk])
    answer = client.post(address, {"name": "Pecos West", "country": "US"})
    assert answer.status_code == 302, answer.context["errors"]
    kept = Site.objects.get(pk=site.pk)
    assert (kept.name, kept.country, version_of(operator)) == ("Pecos West", "US", before + 1)
    entry = AuditEntry.objects.get(deed="site changed")
    assert (entry.by.username, entry.detail["through"]) == ("root", "the register")


def test_a_site_is_made_in_the_register_as_programs_make_it(client, operator):
    before = version_of(operator)
    said = {"operator": operator.pk, "name": "Pecos", "country": "US"}
    answer = client.post(reverse("admin:fleet_site_add"), said)
    assert answer.status_code == 302, answer.context["errors"]
    assert (Site.objects.get().name, version_of(operator)) == ("Pecos", before + 1)
    said["name"] = "PECOS "
    assert "There is a site" in client.post(reverse("admin:fleet_site_add"), said).content.decode()
    assert Site.objects.count() == 1
