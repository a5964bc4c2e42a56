"""People, roles and operators that are changed in the register stand on the audit, with what was before."""

from __future__ import annotations

import pytest
from django.urls import reverse

from fleet.models import Membership, User
from fleet.models.operator import OperatorRole
from ledger.models import AuditEntry
from tests.console.visitors import a_member, a_person, an_admin, an_operator, signed_in

pytestmark = pytest.mark.usefixtures("shipped")


@pytest.fixture
def root():
    return an_admin()


@pytest.fixture
def client(root):
    root.is_superuser = True
    root.save()
    return signed_in(root)


def newest(deed):
    return AuditEntry.objects.filter(deed=deed).latest("pk")


def posted(client, name, said, *ids):
    answer = client.post(reverse(f"admin:{name}", args=ids), said, REMOTE_ADDR="192.0.2.7")
    assert answer.status_code == 302, answer.context and answer.context["errors"]


def test_a_role_is_given_changed_and_taken_away_on_record(client, root):
    operator, person = an_operator(), a_person()
    said = {"user": person.pk, "operator": operator.pk, "role": OperatorRole.VIEWER}
    posted(client, "fleet_membership_add", said)
    entry, row = newest("membership registered"), Membership.objects.get()
    assert entry.detail["changed"] == {
        "user": [None, "ann"],
        "operator": [None, "Prairie Hash"],
        "role": [None, "viewer"],
    }
    assert (entry.by, entry.by_name, entry.operator_id) == (root, "root", operator.pk)
    assert (entry.came_by, entry.came_from) == ("request", "192.0.2.7")
    posted(client, "fleet_membership_change", {**said, "role": OperatorRole.MANAGER}, row.pk)
    assert newest("membership changed").detail["changed"] == {"role": ["viewer", "manager"]}
    posted(client, "fleet_membership_delete", {"post": "yes"}, row.pk)
    assert newest("membership removed").detail["changed"]["role"] == ["manager", None]
    assert not Membership.objects.exists()


def test_an_operators_settings_and_members_are_changed_on_record(client):
    operator = an_operator()
    row = Membership.objects.get(user=a_member(operator))
    said = {"name": "Prairie", "slug": operator.slug, "tariff_threshold_percent": "12.5"}
    said |= {"memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "1", "memberships-0-id": row.pk}
    said |= {"memberships-0-operator": operator.pk, "memberships-0-user": row.user_id}
    posted(client, "fleet_operator_change", {**said, "memberships-0-role": "viewer"}, operator.pk)
    changed = newest("operator changed").detail["changed"]
    assert changed["name"] == ["Prairie Hash", "Prairie"]
    assert [float(each) for each in changed["tariff_threshold_percent"]] == [0, 12.5]
    assert newest("membership changed").detail["changed"] == {"role": ["manager", "viewer"]}


def test_a_persons_platform_role_is_on_record_and_a_password_that_was_set_is_without_it(client):
    person, secret = a_person(), "quite another long password"
    said = {"username": "ann", "platform_role": "compliance", "is_active": "on"}
    posted(client, "fleet_user_change", said, person.pk)
    assert newest("person changed").detail["changed"] == {"platform_role": [None, "compliance"]}
    address = reverse("admin:auth_user_password_change", args=[person.pk])
    client.post(address, {"password1": secret, "password2": secret, "usable_password": "true"})
    assert User.objects.get(pk=person.pk).check_password(secret)
    assert newest("password set").subject == f"person {person.pk}"
    kept = str(list(AuditEntry.objects.values()))
    assert secret not in kept
    assert User.objects.get(pk=person.pk).password not in kept


def test_nothing_that_was_saved_as_it_stood_is_put_on_record(client):
    person = a_person()
    posted(client, "fleet_user_change", {"username": "ann", "is_active": "on"}, person.pk)
    assert not AuditEntry.objects.filter(deed="person changed").exists()
