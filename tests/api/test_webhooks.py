"""Webhooks for programs: kept with a secret that is told once, tried, rotated, replayed, and nobody else's seen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fleet.models.keys import Scope
from fleet.services import lift_hold, place_hold
from ledger.models import AuditEntry, IdempotencyKey
from risk.flows.webhook_records import stop
from risk.models import StopReason, WebhookDelivery, WebhookEndpoint
from tests.api.programs import a_program
from tests.api.test_problems import problem_of
from tests.console.visitors import an_operator
from tests.risk.outward.receiver import answering, receiving
from tests.webhooks import a_worker_of_now, secret_given_for, told

pytestmark = pytest.mark.usefixtures("shipped")
WEBHOOKS = "/api/v1/webhooks/"


@pytest.fixture
def receiver(settings):
    settings.WEBHOOKS_TO_PRIVATE_NETWORK = True
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def operator():
    return an_operator()


@pytest.fixture
def program(operator):
    return a_program(operator, Scope.WEBHOOKS_WRITE)


@pytest.fixture
def worker():
    return a_worker_of_now()


@pytest.fixture
def made(program, receiver):
    """A webhook as it was answered."""
    answer = program.post(WEBHOOKS, {"url": receiver.address(), "description": "ERP"})
    assert answer.status_code == 201, answer.content
    return answer.json()


def address(made, rest=""):
    return f"{WEBHOOKS}{made['webhook']}/{rest}"


def patch(program, made, body, *, tag="*"):
    return program.patch(address(made), body, tag=tag)


def test_a_change_names_what_it_was_decided_on(program, made, operator, worker):
    tag = program.get(address(made))["ETag"]
    assert problem_of(patch(program, made, {"is_on": False}, tag=None))["code"] == "if_match_missing"
    told(operator)
    worker.works()
    changed = patch(program, made, {"description": "Stores"}, tag=tag)
    assert (changed.status_code, changed["ETag"] != tag) == (200, True)
    refused = problem_of(patch(program, made, {"is_on": False}, tag=tag))
    assert (refused["status"], refused["code"]) == (412, "etag_stale")
    assert WebhookEndpoint.objects.get().is_on
    assert program.get(address(made))["ETag"] == changed["ETag"]


def test_what_was_told_while_we_had_switched_it_off_is_counted_when_it_is_on(program, made, operator, worker):
    stop(WebhookEndpoint.objects.get(), StopReason.FAILING, now=worker.now)
    told(operator)
    worker.works()
    assert patch(program, made, {"is_on": True}).json()["caught_up"] == 1
    assert patch(program, made, {"is_on": True}).json()["caught_up"] == 0


def test_a_webhook_is_kept_and_its_secret_told_this_once(program, made, receiver):
    endpoint = WebhookEndpoint.objects.get()
    assert made["key"] == secret_given_for(endpoint)
    assert (made["url"], made["events"], made["is_on"], made["waiting"]) == (receiver.address(), [], True, 0)
    told_later = program.get(address(made)).json()
    assert told_later == {name: value for name, value in made.items() if name != "key"}
    assert program.get(WEBHOOKS).json()["results"] == [told_later]
    assert AuditEntry.objects.get(deed="webhook registered").detail["through"].startswith("API key ")


def test_a_retry_makes_one_webhook_tells_the_secret_again_and_keeps_it_nowhere(program, receiver):
    first, again = (program.post(WEBHOOKS, {"url": receiver.address()}, once="one") for _ in range(2))
    assert (again.status_code, again["Idempotency-Replayed"]) == (201, "true")
    assert first.json() == again.json()
    assert first.json()["key"].startswith("whsec_")
    rotated = [program.post(address(first.json(), "rotate/"), {}, once="two").json()["key"] for _ in range(2)]
    assert rotated[0] == rotated[1] != first.json()["key"]
    assert WebhookEndpoint.objects.get().secrets.count() == 2
    assert not IdempotencyKey.objects.filter(body__contains="whsec_").exists()


def test_an_event_is_followed_to_its_answer(program, made, receiver, operator, worker):
    receiver.answer = answering(500, b"our fault", X_Trace="7")
    event = told(operator, upload=17)
    worker.works()
    receiver.answer = None
    worker.works(after=timedelta(seconds=20))
    (brief,) = program.get(address(made, "deliveries/")).json()["results"]
    assert (brief["state"], brief["attempts"], brief["type"]) == ("delivered", 2, "upload.applied")
    whole = program.get(address(made, f"deliveries/{brief['delivery']}/")).json()
    assert whole["message"] == receiver.came[0].told
    taken, failed = whole["log"]
    assert (taken["status"], failed["status"], failed["response_body"]) == (204, 500, "our fault")
    assert failed["response_headers"]["X-Trace"] == "7"
    assert taken["request_headers"]["webhook-id"] == brief["id"]
    assert event.kind == brief["type"]


def test_deliveries_are_found_by_state_and_object(program, made, operator, worker, receiver):
    told(operator, about="upload:1")
    worker.works()
    receiver.answer = answering(500)
    told(operator, about="upload:2")
    worker.works()

    def found(**asked):
        rows = program.get(address(made, "deliveries/"), data=asked).json()["results"]
        return [row["about"] for row in rows]

    assert found() == ["upload:2", "upload:1"]
    assert found(state="waiting") == found(about="upload:2") == ["upload:2"]
    refused = program.get(address(made, "deliveries/"), data={"state": "lost"})
    assert (refused.status_code, problem_of(refused)["code"]) == (400, "invalid")


def test_a_test_a_replay_of_one_and_of_a_time(program, made, receiver, operator, worker):
    tested = program.post(address(made, "test/"), once="test")
    assert (tested.status_code, tested.json()["is_test"]) == (202, True)
    worker.works(after=timedelta(minutes=1))
    told(operator)
    worker.works(after=timedelta(minutes=1))
    delivery = WebhookDelivery.objects.get(kind="upload.applied")
    replayed = program.post(address(made, f"deliveries/{delivery.pk}/replay/"))
    assert (replayed.status_code, replayed.json()["state"]) == (202, "waiting")
    worker.works(after=timedelta(minutes=1))
    span = {
        "from": (worker.now - timedelta(days=9999)).isoformat(),
        "until": (worker.now + timedelta(days=9999)).isoformat(),
    }
    again = program.post(address(made, "replay/"), span)
    assert (again.status_code, again.json()) == (202, {"webhook": made["webhook"], "deliveries": 1})
    worker.works(after=timedelta(minutes=1))
    assert receiver.heard() == ["webhook.test", *["upload.applied"] * 3]
    assert len({came.headers["webhook-id"] for came in receiver.came}) == 2


def test_a_webhook_is_changed_switched_and_removed(program, made, receiver):
    changed = patch(program, made, {"events": ["policy.published"], "description": ""}).json()
    assert (changed["events"], changed["description"], changed["is_on"]) == (["policy.published"], "", True)
    off = patch(program, made, {"is_on": False}).json()
    assert (off["is_on"], off["stopped_because"]) == (False, "by hand")
    span = {"from": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z"}
    refused = program.post(address(made, "replay/"), span)
    assert (refused.status_code, problem_of(refused)["code"]) == (409, "webhook_off")
    assert patch(program, made, {"is_on": True}).json()["stopped_at"] is None
    assert program.delete(address(made)).status_code == 204
    assert program.get(address(made)).status_code == 404
    deeds = AuditEntry.objects.filter(subject=f"webhook {made['webhook']}").values_list("deed", flat=True)
    assert set(deeds) >= {
        "webhook registered",
        "webhook changed",
        "webhook switched off",
        "webhook switched on",
        "webhook removed",
    }


def test_an_overlap_of_nothing_ends_the_old_secret_at_once(program, made):
    rotated = program.post(address(made, "rotate/"), {"overlap_hours": 0}).json()
    assert [secret["ends_at"] for secret in rotated["secrets"]] == [None]
    both = program.post(address(made, "rotate/")).json()
    assert len(both["secrets"]) == 2
    refused = program.post(address(made, "rotate/"), {"overlap_hours": 169})
    assert (refused.status_code, problem_of(refused)["errors"][0]["field"]) == (400, "overlap_hours")


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"url": "http://receiver.example/"}, 422, "url_unfit"),
        ({"url": "https://169.254.169.254/latest/"}, 422, "url_unfit"),
        ({"url": "https://receiver.example/", "events": ["upload"]}, 400, "invalid"),
        ({}, 400, "invalid"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_kept(program, sent, status, code):
    answer = program.post(WEBHOOKS, sent)
    assert (answer.status_code, problem_of(answer)["code"]) == (status, code)
    assert not WebhookEndpoint.objects.exists()


def test_a_webhook_stays_with_its_log_while_a_legal_hold_keeps_it(made, program, operator):
    hold = place_hold(operator=operator, upload=None, why="a dispute", at=timezone.now())
    refused = program.delete(address(made))
    assert (refused.status_code, problem_of(refused)["code"]) == (409, "legal_hold")
    assert program.get(address(made)).status_code == 200
    lift_hold(hold=hold, at=timezone.now(), why="settled")
    assert program.delete(address(made)).status_code == 204


def test_webhooks_of_another_operator_do_not_exist(made, program, operator, worker):
    told(operator)
    worker.works()
    (delivery,) = program.get(address(made, "deliveries/")).json()["results"]
    stranger = a_program(an_operator("other", "Other"), Scope.WEBHOOKS_WRITE)
    assert stranger.get(WEBHOOKS).json()["results"] == []
    span = {"from": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z"}
    one = f"deliveries/{delivery['delivery']}/"
    answers = [
        *[stranger.get(address(made, rest)) for rest in ("", "deliveries/", one)],
        *[stranger.post(address(made, rest)) for rest in ("test/", "rotate/", f"{one}replay/")],
        stranger.post(address(made, "replay/"), span),
        patch(stranger, made, {"is_on": False}),
        stranger.delete(address(made)),
    ]
    assert {answer.status_code for answer in answers} == {404}
    own = stranger.post(WEBHOOKS, {"url": "https://receiver.example/"}).json()
    assert stranger.get(address(own, one)).status_code == 404
    assert WebhookEndpoint.objects.get(pk=made["webhook"]).is_on


def test_a_key_without_the_scope_may_neither_read_nor_write(operator, made):
    program = a_program(operator, Scope.FLEET_READ, Scope.FLEET_WRITE)
    for answer in (program.get(WEBHOOKS), program.get(address(made)), program.post(address(made, "test/"))):
        assert (answer.status_code, problem_of(answer)["code"]) == (403, "scope_missing")


def test_a_list_asks_the_database_as_often_for_many_as_for_one(program, receiver):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            program.get(WEBHOOKS)
        return len(asked)

    program.post(WEBHOOKS, {"url": receiver.address()})
    program.get(WEBHOOKS)
    one = queries()
    for number in range(5):
        program.post(WEBHOOKS, {"url": receiver.address(f"/{number}")})
    assert queries() == one
