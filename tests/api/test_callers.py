"""Who is let in, to what, from where and until when; and that no secret is ever told."""

import logging
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.db import connection
from django.test import Client
from django.utils import timezone

from fleet.models import ApiKey, Membership
from fleet.models.keys import Scope
from fleet.services import issue_key, revoke_key, rotate_key
from ledger.models import AuditEntry
from tests.api.programs import UPLOADS, Program, a_key, a_program, work
from tests.commands import answer_of
from tests.console.visitors import a_member, a_person, an_admin, an_operator, signed_in
from tests.database import NOW
from tests.sheets import a_csv, a_row

pytestmark = pytest.mark.usefixtures("shipped")

ME = "/api/v1/operators/me/"
UPLOAD_VERBS = [
    ("get", ""),
    ("delete", ""),
    ("get", "problems/"),
    ("get", "problems/workbook/"),
    ("post", "apply/"),
    ("post", "cancel/"),
    ("post", "check/"),
    ("post", "undo/"),
]


def refused(answer):
    """Status and code of a problem."""
    return answer.status_code, answer.json()["code"]


def test_without_a_key_the_answer_says_how_to_send_one():
    answer = Client().get(UPLOADS)
    assert refused(answer) == (401, "key_missing")
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer x", "Bearer rl_00000000_11", "Bearer rl__", "Bearer \x00é"]
)
def test_a_key_that_is_none_opens_nothing(header):
    assert refused(Client(headers={"Authorization": header}).get(ME)) == (401, "key_unknown")


def test_the_right_prefix_with_a_wrong_secret_opens_nothing():
    key = a_key(an_operator())
    assert refused(Program(key[:-1] + ("0" if key[-1] != "0" else "1")).get(ME)) == (401, "key_unknown")


def test_another_kind_of_authorization_is_told_what_to_write():
    answer = Client(headers={"Authorization": "Basic YTpi"}).get(ME)
    assert refused(answer) == (401, "authorization_unreadable")


def test_a_key_tells_its_operator_and_scopes():
    told = a_program().get(ME).json()
    assert (told["operator"], told["scopes"]) == ("prairie", ["fleet:read", "fleet:write"])
    assert told["key"]["name"] == "procurement"


def test_an_expired_key_says_when_it_expired():
    operator = an_operator()
    key = a_key(operator, expires_at=timezone.now() + timedelta(hours=1))
    assert Program(key).get(ME).status_code == 200
    ApiKey.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert refused(Program(key).get(ME)) == (401, "key_expired")


def test_a_revoked_key_opens_nothing_any_more():
    key = a_key(an_operator())
    revoke_key(key=ApiKey.objects.get(), at=timezone.now())
    assert refused(Program(key).get(ME)) == (401, "key_revoked")
    assert AuditEntry.objects.filter(deed="API key revoked").count() == 1


def test_a_rotated_key_goes_on_for_the_overlap_beside_the_new_one():
    old = a_key(an_operator(), ip_ranges=["127.0.0.0/8"])
    fresh, new = rotate_key(key=ApiKey.objects.get(), at=timezone.now(), overlap=timedelta(days=7))
    assert {Program(key).get(ME).status_code for key in (old, new)} == {200}
    assert (fresh.name, fresh.scopes, fresh.ip_ranges) == (
        "procurement",
        ["fleet:read", "fleet:write"],
        ["127.0.0.0/8"],
    )
    ApiKey.objects.exclude(pk=fresh.pk).update(revoked_at=timezone.now())
    assert (refused(Program(old).get(ME))[1], Program(new).get(ME).status_code) == ("key_revoked", 200)


def test_a_key_that_has_ended_is_not_rotated():
    key = issue_key(operator=an_operator(), name="x", scopes=[Scope.FLEET_READ], at=NOW)[0]
    revoke_key(key=key, at=NOW)
    with pytest.raises(ValidationError, match="in force no more"):
        rotate_key(key=key, at=NOW, overlap=timedelta(days=1))


def test_of_a_key_one_other_follows_unless_that_was_revoked():
    key = issue_key(operator=an_operator(), name="x", scopes=[Scope.FLEET_READ], at=NOW)[0]
    first = rotate_key(key=key, at=NOW, overlap=timedelta(days=7))[0]
    later = NOW + timedelta(hours=1)
    with pytest.raises(ValidationError, match=first.prefix) as refusal:
        rotate_key(key=key, at=later, overlap=timedelta(days=7))
    assert (refusal.value.code, ApiKey.objects.count()) == ("key_rotated", 2)
    revoke_key(key=first, at=later)
    second = rotate_key(key=key, at=later, overlap=timedelta(days=7))[0]
    assert (second.rotated_from, second.opens_at(later)) == (key, True)


def test_a_key_that_was_to_end_meanwhile_is_not_brought_back_by_a_rotation():
    key = issue_key(operator=an_operator(), name="x", scopes=[Scope.FLEET_READ], at=NOW)[0]
    soon = NOW + timedelta(hours=1)
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=soon)
    rotate_key(key=key, at=NOW, overlap=timedelta(days=7))
    assert ApiKey.objects.get(pk=key.pk).revoked_at == soon


def test_whether_a_key_is_in_force_is_asked_in_the_transaction_that_rotates_it():
    key = issue_key(operator=an_operator(), name="x", scopes=[Scope.FLEET_READ], at=NOW)[0]
    begun = connection.atomic_blocks[:]
    asked = []

    def watch(execute, sql, *rest):
        if sql.startswith("SELECT") and "fleet_apikey" in sql:
            asked.append(len(connection.atomic_blocks) > len(begun))
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        rotate_key(key=key, at=NOW, overlap=timedelta(0))
    assert asked[0]
    with pytest.raises(ValidationError, match="in force no more"):
        rotate_key(key=key, at=NOW, overlap=timedelta(0))


def test_a_key_is_used_only_from_its_addresses():
    key = a_key(an_operator(), ip_ranges=["192.0.2.0/24", "2001:db8::/32"])
    assert refused(Program(key).get(ME)) == (403, "address_refused")
    for address in ("192.0.2.7", "2001:db8::1", "::ffff:192.0.2.7"):
        assert Program(key, REMOTE_ADDR=address).get(ME).status_code == 200
    assert Program(key, REMOTE_ADDR="::ffff:198.51.100.7").get(ME).status_code == 403


def test_the_last_use_is_noted_at_most_once_a_minute(django_assert_num_queries):
    program = a_program()
    program.get(ME)
    first = ApiKey.objects.get().last_used_at
    with django_assert_num_queries(1):
        program.get(ME)
    assert ApiKey.objects.get().last_used_at == first


@pytest.mark.parametrize(("verb", "rest"), UPLOAD_VERBS)
def test_what_belongs_to_another_operator_does_not_exist(verb, rest, tmp_path):
    own = a_program(an_operator("aspen", "Aspen")).send(a_csv(tmp_path, [a_row(1)]))["Location"]
    other = a_program(an_operator("birch", "Birch"))
    missing = getattr(other, verb)(f"{UPLOADS}987654/{rest}")
    theirs = getattr(other, verb)(f"{own}{rest}")
    assert refused(theirs) == refused(missing) == (404, "not_found")
    assert other.get(UPLOADS).json()["results"] == []


@pytest.mark.parametrize(("verb", "rest"), UPLOAD_VERBS)
def test_a_missing_scope_is_named(verb, rest):
    operator = an_operator()
    has, needs = ("fleet:write", "fleet:read") if verb == "get" else ("fleet:read", "fleet:write")
    answer = getattr(a_program(operator, has), verb)(f"{UPLOADS}1/{rest}")
    assert refused(answer) == (403, "scope_missing")
    assert needs in answer.json()["detail"]


def test_a_key_that_only_reads_sends_nothing(tmp_path):
    answer = a_program(an_operator(), Scope.FLEET_READ).send(a_csv(tmp_path, [a_row(1)]))
    assert refused(answer) == (403, "scope_missing")


def test_a_person_who_has_signed_in_has_the_rights_of_the_role(tmp_path):
    operator = an_operator()
    manager = signed_in(a_member(operator))
    viewer = signed_in(a_member(operator, role="viewer", username="bea"))
    assert "fleet:write" in manager.get(ME).json()["scopes"]
    assert viewer.get(UPLOADS).status_code == 200
    assert refused(viewer.post(f"{UPLOADS}1/apply/")) == (403, "scope_missing")


def test_a_manager_of_one_operator_is_a_viewer_of_another():
    own, other = an_operator("aspen", "Aspen"), an_operator("birch", "Birch")
    person = a_member(own)
    Membership.objects.create(user=person, operator=other, role="viewer")
    client = signed_in(person)
    scopes = {
        slug: client.get(ME, headers={"X-Operator": slug}).json()["scopes"] for slug in ("aspen", "birch")
    }
    assert ["fleet:write" in each for each in scopes.values()] == [True, False]
    assert client.get(ME, headers={"X-Operator": "cedar"}).status_code == 404


def test_a_person_without_an_operator_sees_none():
    assert signed_in(a_person("lonely")).get(ME).status_code == 404
    an_operator()
    assert signed_in(an_admin()).get(ME).json()["operator"] == "prairie"


def test_a_signed_in_browser_needs_its_csrf_token_to_change_anything():
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(a_member(an_operator()))
    assert browser.get(ME).status_code == 200
    assert refused(browser.post(f"{UPLOADS}1/apply/"))[0] == 403


def test_no_secret_is_kept_logged_or_told(tmp_path, caplog):
    operator = an_operator()
    text = a_key(operator)
    secret = text.rpartition("_")[2]
    program = Program(text)
    with caplog.at_level(logging.DEBUG):
        answers = [
            program.send(a_csv(tmp_path, [a_row(1)]), once="one"),
            program.get(ME),
            program.get("/api/v1/nowhere/"),
            Program(text + "x").get(ME),
        ]
        work()
    kept = [*ApiKey.objects.values(), *AuditEntry.objects.values()]
    told = [caplog.text, *map(str, kept), *(answer.content.decode() for answer in answers)]
    assert not any(secret in each for each in told)
    assert len(secret) == 64


ISSUE = ("issue_key", "--operator", "prairie", "--name", "ERP", "--scope", "fleet:read")


def test_the_command_makes_a_key_and_shows_it_once():
    an_operator()
    told = answer_of(*ISSUE, "--expires", "2099-12-31")
    assert Program(told["key"]).get(ME).json()["key"]["prefix"] == told["prefix"]
    assert told["expires_at"].startswith("2099-12-31T23:59:59")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (("--expires", "2020-01-01"), "would have expired"),
        (("--ip", "here"), r"range like 192\.0\.2\.0/24"),
    ],
)
def test_the_command_refuses_an_unfit_key(wrong, sentence):
    an_operator()
    with pytest.raises(CommandError, match=sentence):
        answer_of(*ISSUE, *wrong)


def test_the_command_ends_a_key():
    key = a_key(an_operator())
    told = answer_of("revoke_key", ApiKey.objects.get().prefix, "--why", "laptop lost")
    assert (told["name"], refused(Program(key).get(ME))[1]) == ("procurement", "key_revoked")
    assert AuditEntry.objects.get(deed="API key revoked").detail == {"why": "laptop lost"}
    with pytest.raises(CommandError, match="no key with the prefix"):
        answer_of("revoke_key", "00000000")


def test_a_scope_that_is_none_is_refused_with_those_there_are():
    with pytest.raises(ValidationError, match="fleet:read, fleet:write"):
        issue_key(operator=an_operator(), name="x", scopes=["everything"], at=NOW)
