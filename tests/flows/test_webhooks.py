"""From the outbox to a receiver: signed, in order, once where all goes well, and never lost where it does not."""

from __future__ import annotations

import json
import socket
from collections import defaultdict
from datetime import timedelta
from threading import Event

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from standardwebhooks.webhooks import Webhook

from keeping.housekeeping import clearing
from ledger.models import AuditEntry, OutboxEvent
from risk import tasks
from risk.flows import deliver_webhooks as flow
from risk.flows.deliver_webhooks import is_something_due
from risk.flows.hand_out_events import LARGEST_BODY, hand_out_events
from risk.flows.webhook_records import stop
from risk.models import Alert, StopReason, WebhookAttempt, WebhookDelivery, WebhookSecret
from risk.services.webhooks import (
    change_webhook,
    remove_webhook,
    replay_delivery,
    replay_time,
    rotate_secret,
    send_test,
    switch_off,
    switch_on,
)
from tests.console.visitors import an_operator
from tests.database import NOW
from tests.risk.outward.receiver import answering, dripping, receiving, silent
from tests.webhooks import SOON, Worker, a_worker_of_now, an_endpoint, secret_given_for, states, told

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def private_network(settings):
    settings.WEBHOOKS_TO_PRIVATE_NETWORK = True


@pytest.fixture
def receiver():
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def operator():
    return an_operator()


@pytest.fixture
def endpoint(operator, receiver):
    return an_endpoint(operator, receiver.address())


@pytest.fixture
def worker():
    return Worker()


def test_an_event_comes_signed_and_thin(receiver, endpoint, operator, worker):
    event = told(operator, about="upload:17", upload=17, rigs=500)
    assert worker.works() == 1
    (came,) = receiver.came
    assert came.headers["Content-Type"] == "application/json"
    assert set(came.told) == {"type", "timestamp", "data"}
    assert came.told["type"] == "upload.applied"
    assert came.told["timestamp"] == event.at.isoformat().replace("+00:00", "Z")
    assert came.told["data"] == {"upload": 17, "rigs": 500, "about": "upload:17"}
    assert int(came.headers["webhook-timestamp"]) == int(NOW.timestamp())
    assert states(endpoint) == ["delivered"]
    assert worker.works(after=DAY) == 0


def test_the_library_of_the_receivers_takes_what_comes(receiver, operator, endpoint):
    told(operator, upload=17)
    a_worker_of_now().works()  # the library judges a message's age by today's clock
    (came,) = receiver.came
    assert Webhook(secret_given_for(endpoint)).verify(came.body, came.headers) == came.told


def test_an_endpoint_hears_of_its_own_operator_of_what_concerns_all_and_of_the_kinds_it_asked_for(
    receiver, operator, worker
):
    an_endpoint(operator, receiver.address(), ["policy.published", "upload.applied"])
    told(an_operator("other", "Other"))
    told(operator, kind="upload.refused")
    told(None, about="edition:4", kind="policy.published", edition=4)
    told(operator)
    worker.works()
    assert receiver.heard() == ["policy.published", "upload.applied"]


def test_what_is_told_in_a_transaction_that_rolls_back_is_not_sent(receiver, endpoint, operator, worker):
    def fail():
        with transaction.atomic():
            told(operator)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert worker.works() == 0
    assert not (receiver.came or WebhookDelivery.objects.exists() or OutboxEvent.objects.exists())


def test_a_worker_is_asked_once_a_transaction_when_it_is_committed(
    operator, monkeypatch, django_capture_on_commit_callbacks
):
    asked = []
    monkeypatch.setattr("risk.tasks.nudge", lambda task, **_: asked.append(task.name))
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(3):
            told(operator, about=f"upload:{number}")
        assert asked == []
    assert asked == ["risk.tasks.deliver_webhooks"]


def test_the_sweep_finds_what_the_queue_lost(monkeypatch):
    asked = []
    monkeypatch.setattr("risk.tasks.nudge", lambda task, **_: asked.append(task.name))
    tasks.sweep()
    assert "risk.tasks.deliver_webhooks" in asked


def test_a_receiver_that_is_down_for_an_hour_gets_each_event_once_and_in_order_per_object(
    receiver, endpoint, operator, worker
):
    down_until = NOW + HOUR

    def answer(request):
        answering(503 if worker.now < down_until else 204)(request)

    receiver.answer = answer
    taken_before = 0
    for minute in range(90):
        told(operator, about=f"upload:{minute % 7}", number=minute)
        worker.works(after=timedelta(minutes=1))
        if worker.now < down_until:
            taken_before = len(receiver.came)
    assert taken_before < 40  # it was left alone while it was down
    worker.works_until(NOW + 3 * HOUR)
    assert set(states(endpoint)) == {"delivered"}
    taken = WebhookAttempt.objects.filter(status=204).order_by("pk").select_related("delivery")
    order = defaultdict(list)
    for attempt in taken:
        order[attempt.delivery.about].append(json.loads(attempt.delivery.body)["data"]["number"])
    assert sorted(number for numbers in order.values() for number in numbers) == list(range(90))
    assert all(numbers == sorted(numbers) for numbers in order.values())
    endpoint.refresh_from_db()
    assert (endpoint.failing_since, endpoint.failures, endpoint.held_until) == (None, 0, None)


def test_when_a_receiver_is_there_again_what_failed_because_it_was_not_goes_out_at_once(
    receiver, endpoint, operator, worker
):
    receiver.answer = answering(503)
    told(operator)
    worker.works_until(NOW + HOUR)
    delivery = WebhookDelivery.objects.get()
    assert delivery.due_at > worker.now + HOUR
    receiver.answer = None
    told(operator, about="upload:2")
    worker.works_until(worker.now + timedelta(minutes=20))
    assert states(endpoint) == ["delivered", "delivered"]


def test_one_that_fails_while_others_are_taken_keeps_to_its_gaps(receiver, endpoint, operator, worker):
    def answer(request):
        is_bad = json.loads(receiver.came[-1].body)["data"].get("bad")
        answering(503 if is_bad else 204)(request)

    receiver.answer = answer
    bad = told(operator, bad=True)
    for number in range(60):
        told(operator, about=f"upload:{number + 10}")
        worker.works(after=timedelta(minutes=1))
    delivery = WebhookDelivery.objects.get(event=bad)
    assert delivery.state == "waiting"
    assert delivery.log.count() <= 10
    assert states(endpoint).count("delivered") == 60


def test_the_retries_of_a_message_have_its_id_and_a_moment_of_their_own(receiver, endpoint, operator, worker):
    receiver.answer = answering(500, b"our fault")
    told(operator)
    worker.works()
    receiver.answer = None
    worker.works(after=SOON)
    first, second = (came.headers for came in receiver.came)
    assert first["webhook-id"] == second["webhook-id"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 20
    failed, taken = WebhookAttempt.objects.order_by("pk")
    assert (failed.status, failed.response_body, failed.verdict) == (500, "our fault", "refused")
    assert (taken.status, taken.verdict, taken.request_headers["webhook-id"]) == (
        204,
        "taken",
        first["webhook-id"],
    )


def test_a_later_event_of_an_object_waits_for_the_earlier_and_those_of_others_do_not(
    receiver, endpoint, operator, worker
):
    def answer(request):
        is_first = json.loads(receiver.came[-1].body)["data"]["number"] == 1
        answering(400 if is_first else 204)(request)

    receiver.answer = answer
    told(operator, about="upload:1", number=1)
    told(operator, about="upload:1", number=2)
    told(operator, about="upload:2", number=3)
    worker.works()
    assert [came.told["data"]["number"] for came in receiver.came] == [1, 3]
    assert states(endpoint) == ["waiting", "waiting", "delivered"]
    receiver.answer = None
    worker.works(after=SOON)
    assert [came.told["data"]["number"] for came in receiver.came] == [1, 3, 1, 2]


def test_what_is_refused_for_three_days_is_given_up_told_of_and_lets_the_next_through(
    receiver, endpoint, operator, worker
):
    def answer(request):
        answering(400 if json.loads(receiver.came[-1].body)["data"].get("bad") else 204)(request)

    receiver.answer = answer
    told(operator, bad=True)
    worker.works()
    told(operator)
    for hour in range(100):
        told(operator, about=f"upload:{hour + 10}")
        worker.works(after=HOUR)
    delivery = WebhookDelivery.objects.order_by("pk")[0]
    assert delivery.state == "failed"
    assert delivery.attempts == 10
    assert timedelta(days=3) <= delivery.settled_at - NOW < timedelta(days=4)
    assert set(states(endpoint)[1:]) == {"delivered"}
    notice = Alert.objects.get()
    assert (notice.kind, notice.operator) == ("webhook.given_up", operator)
    endpoint.refresh_from_db()
    assert endpoint.is_on


def test_one_refused_message_on_a_quiet_endpoint_is_given_up_and_the_endpoint_stays_on(
    receiver, endpoint, operator, worker
):
    receiver.answer = answering(400)
    told(operator)
    worker.works_until(NOW + 5 * DAY, every=HOUR)
    endpoint.refresh_from_db()
    assert (endpoint.is_on, endpoint.failing_since) == (True, None)
    assert states(endpoint) == ["failed"]
    assert Alert.objects.get().kind == "webhook.given_up"


def test_a_message_out_of_attempts_is_given_up_also_where_its_endpoint_ends(
    receiver, endpoint, operator, worker
):
    receiver.answer = answering(503)
    told(operator)
    worker.works_until(NOW + 5 * DAY, every=HOUR)
    endpoint.refresh_from_db()
    assert endpoint.stopped_because == StopReason.FAILING
    assert states(endpoint) == ["failed"]


@pytest.mark.parametrize(
    ("reason", "caught_up"),
    [
        (StopReason.FAILING, 1),
        (StopReason.UNSIGNED, 1),
        (StopReason.INWARD, 1),
        (StopReason.GONE, 0),
        (StopReason.PERSON, 0),
    ],
)
def test_what_was_told_while_we_had_switched_it_off_is_sent_when_it_is_on(
    receiver, operator, worker, reason, caught_up
):
    OutboxEvent.objects.filter(pk=told(operator, about="upload:1").pk).update(at=NOW)
    worker.works()
    endpoint = an_endpoint(operator, receiver.address(), ["upload.applied"])
    stop(endpoint, reason, now=NOW + HOUR)
    for about, kind in [("upload:2", "upload.applied"), ("upload:3", "upload.refused")]:
        OutboxEvent.objects.filter(pk=told(operator, about, kind).pk).update(at=NOW + 2 * HOUR)
    worker.works(after=3 * HOUR)
    assert switch_on(endpoint=endpoint, at=worker.now) == caught_up
    worker.works()
    assert [came.told["data"]["about"] for came in receiver.came] == ["upload:2"][:caught_up]
    assert switch_on(endpoint=endpoint, at=worker.now) == 0


def test_who_registers_while_much_waits_to_be_handed_out_hears_only_what_is_told_later(
    receiver, operator, worker
):
    told(operator, about="upload:1")
    endpoint = an_endpoint(operator, receiver.address())
    assert OutboxEvent.objects.filter(handed_out_at__isnull=True).count() == 1
    told(operator, about="upload:2")
    worker.works()
    assert [came.told["data"]["about"] for came in receiver.came] == ["upload:2"]
    assert states(endpoint) == ["delivered"]


def forgotten(days: int) -> dict[str, int]:
    """What housekeeping clears of the log so many days later."""
    done = clearing.housekeep(now=NOW + days * DAY, only=("deliveries", "events"))
    return {each.name: each.rows for each in done}


def test_an_event_is_forgotten_when_it_is_old_was_handed_out_and_no_delivery_holds_it(
    receiver, operator, worker, monkeypatch
):
    monkeypatch.setattr(clearing, "AT_ONCE", 2)
    for number in range(5):
        told(an_operator("other", "Other") if number == 0 else None, about=f"upload:{number}")
    worker.works()
    endpoint = an_endpoint(operator, receiver.address())
    held = told(operator, about="upload:6")
    hand_out_events(now=NOW)
    waiting = told(operator, about="upload:7")
    switch_off(endpoint=endpoint, at=NOW)
    forgotten(29)
    assert OutboxEvent.objects.count() == 7
    forgotten(31)
    assert list(OutboxEvent.objects.order_by("pk")) == [held, waiting]


def test_an_endpoint_that_does_not_answer_for_three_days_is_switched_off_and_its_owner_told(
    receiver, endpoint, operator, worker
):
    receiver.answer = answering(503)
    told(operator)
    worker.works_until(NOW + 5 * DAY, every=HOUR)
    endpoint.refresh_from_db()
    assert endpoint.stopped_because == StopReason.FAILING
    assert timedelta(days=3) <= endpoint.stopped_at - NOW < timedelta(days=4)
    notice = Alert.objects.get(kind="webhook.stopped")
    assert notice.operator == operator
    assert "was switched off" in notice.sentence
    assert AuditEntry.objects.get(deed="webhook switched off").operator_id == operator.pk
    assert len(receiver.came) == 10
    told(operator, about="upload:2")
    worker.works_until(NOW + 6 * DAY, every=HOUR)
    assert len(receiver.came) == 10
    receiver.answer = None
    assert switch_on(endpoint=endpoint, at=worker.now) == 2
    worker.works()
    assert states(endpoint) == ["delivered", "delivered"]
    assert replay_time(endpoint=endpoint, first=NOW - 9999 * DAY, until=NOW + 9999 * DAY, at=worker.now) == 2
    worker.works()
    assert [came.told["data"]["about"] for came in receiver.came[-2:]] == ["upload:1", "upload:2"]


def test_a_receiver_that_answers_410_gets_nothing_more(receiver, endpoint, operator, worker):
    receiver.answer = answering(410)
    told(operator)
    told(operator, about="upload:2")
    worker.works_until(NOW + DAY, every=HOUR)
    assert len(receiver.came) == 1
    endpoint.refresh_from_db()
    assert endpoint.stopped_because == StopReason.GONE
    assert states(endpoint) == ["waiting", "waiting"]
    assert Alert.objects.get().kind == "webhook.stopped"


@pytest.mark.parametrize("asked", ["3600", "Sun, 22 Nov 2026 16:00:00 GMT"])
def test_429_and_its_retry_after_are_honoured_for_all_that_waits(receiver, endpoint, operator, worker, asked):
    receiver.answer = answering(429, Retry_After=asked)
    told(operator)
    told(operator, about="upload:2")
    worker.works_until(NOW + HOUR - timedelta(minutes=1))
    assert len(receiver.came) == 1
    receiver.answer = None
    worker.works_until(NOW + HOUR + timedelta(minutes=1))
    assert states(endpoint) == ["delivered", "delivered"]


@pytest.mark.parametrize("asked", ["Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "soon, or later"])
def test_a_retry_after_that_cannot_be_read_stops_no_worker(receiver, endpoint, operator, worker, asked):
    receiver.answer = answering(503, Retry_After=asked)
    told(operator)
    assert worker.works() == 1
    assert WebhookAttempt.objects.get().status == 503


def test_a_fault_while_one_attempt_is_recorded_loses_no_other_and_it_is_tried_later(
    receiver, endpoint, operator, worker, monkeypatch
):
    other = an_endpoint(operator, receiver.address("/other"))
    told(operator)
    record = flow.record_attempt

    def faulty(message, attempted, **how):
        if message.endpoint_id == endpoint.pk:
            raise RuntimeError
        record(message, attempted, **how)

    with monkeypatch.context() as broken:
        broken.setattr(flow, "record_attempt", faulty)
        assert worker.works() == 2
        assert (states(endpoint), states(other)) == (["waiting"], ["delivered"])
        assert worker.works() == 0
    assert worker.works(after=timedelta(minutes=16)) == 1
    assert states(endpoint) == ["delivered"]


def test_a_receiver_that_redirects_to_a_private_address_gets_nothing_more_and_the_address_nothing_at_all(
    receiver, endpoint, operator, worker
):
    with receiving() as trap:
        receiver.answer = answering(302, Location=trap.address("/latest/meta-data/"))
        told(operator)
        told(operator, about="upload:2")
        worker.works_until(NOW + 4 * DAY, every=HOUR)
        assert (len(receiver.came), len(trap.came)) == (1, 0)
    endpoint.refresh_from_db()
    assert endpoint.stopped_because == StopReason.INWARD
    assert "private network" in WebhookAttempt.objects.get().sentence


def test_another_redirect_is_an_attempt_that_failed(receiver, endpoint, operator, worker):
    receiver.answer = answering(307, Location="/elsewhere")
    told(operator)
    worker.works()
    receiver.answer = None
    worker.works(after=SOON)
    assert [came.path for came in receiver.came] == ["/hook", "/hook"]
    assert states(endpoint) == ["delivered"]


@pytest.mark.parametrize("host", ["127.0.0.1", "receiver.example"])
def test_without_leave_nothing_goes_to_ones_own_network(
    receiver, operator, worker, settings, monkeypatch, host
):
    endpoint = an_endpoint(operator, f"https://{host}:{receiver.port}/hook")
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda name, *rest, **how: real("127.0.0.1", *rest, **how))
    settings.WEBHOOKS_TO_PRIVATE_NETWORK = False
    told(operator)
    worker.works()
    assert not receiver.came
    assert "private network" in WebhookAttempt.objects.get().sentence
    assert states(endpoint) == ["waiting"]


def test_slow_receivers_hold_up_nobody_else(receiver, operator, worker):
    all_came = Event()

    def answer_quickly(request):
        if len(receiver.came) == 5:
            all_came.set()
        answering(204)(request)

    def answer_when_all_else_is_done(request):
        answering(204 if all_came.wait(timeout=10) else 500)(request)

    receiver.answer = answer_quickly
    with receiving() as slow:
        slow.answer = answer_when_all_else_is_done
        endpoints = [an_endpoint(operator, slow.address(f"/{number}")) for number in range(3)]
        an_endpoint(operator, receiver.address())
        for number in range(5):
            told(operator, about=f"upload:{number}")
        worker.works()
    assert not WebhookAttempt.objects.exclude(status=204).exists()
    assert [states(endpoint) for endpoint in endpoints] == [["delivered"] * 5] * 3


@pytest.mark.parametrize("answer", [silent, dripping(b"HTTP/1.1 200 OK\r\n" * 100, pause=0.05)])
def test_a_receiver_that_does_not_come_to_its_end_is_cut_off_and_left_alone(
    receiver, endpoint, operator, worker, settings, answer
):
    settings.WEBHOOK_SECONDS = 1
    receiver.answer = answer
    told(operator)
    told(operator, about="upload:2")
    assert worker.works() == 1
    attempt = WebhookAttempt.objects.get()
    assert attempt.status is None
    assert "took longer than" in attempt.sentence or "was silent" in attempt.sentence


def test_a_long_answer_is_kept_to_its_beginning_and_in_a_form_that_can_be_kept(
    receiver, endpoint, operator, worker
):
    receiver.answer = answering(200, b"\x00\xff" + b"x" * 10**6)
    told(operator)
    worker.works()
    kept = WebhookAttempt.objects.get().response_body
    assert len(kept) == 4096
    assert "\x00" not in kept
    assert states(endpoint) == ["delivered"]


def test_data_that_would_make_a_message_too_large_stay_here(receiver, endpoint, operator, worker):
    told(operator, about="upload:9", rows=["x" * 100] * 1000)
    worker.works()
    (came,) = receiver.came
    assert len(came.body) < LARGEST_BODY
    assert came.told["data"] == {"about": "upload:9", "is_cut": True}


def test_where_this_machine_is_offline_everything_waits(receiver, endpoint, operator, worker, settings):
    settings.OFFLINE = True
    told(operator)
    assert worker.works(after=5 * DAY) == 0
    settings.OFFLINE = False
    assert worker.works() == 1
    assert states(endpoint) == ["delivered"]


def test_both_secrets_of_a_rotation_sign_until_the_overlap_is_over(receiver, endpoint, operator, worker):
    old = secret_given_for(endpoint)
    rotate_secret(endpoint=endpoint, at=NOW, overlap=HOUR)
    new = secret_given_for(endpoint)
    told(operator)
    worker.works()
    told(operator, about="upload:2")
    worker.works(after=HOUR)
    during, after = receiver.came
    assert len(during.headers["webhook-signature"].split()) == 2
    assert len(after.headers["webhook-signature"].split()) == 1
    assert old != new


def test_of_three_secrets_the_oldest_ends_at_once(endpoint):
    for _ in range(3):
        rotate_secret(endpoint=endpoint, at=NOW)
    assert WebhookSecret.objects.in_force_at(NOW).count() == 2
    with pytest.raises(ValidationError, match="from 0 to 168 hours"):
        rotate_secret(endpoint=endpoint, at=NOW, overlap=8 * DAY)


def test_no_secret_is_in_the_database(endpoint):
    secret = secret_given_for(endpoint)
    kept = WebhookSecret.objects.values().get()
    assert secret.removeprefix("whsec_") not in str(kept)


def test_under_another_key_of_the_product_nothing_is_sent_unsigned_and_the_owner_is_told(
    receiver, endpoint, operator, worker, settings
):
    settings.SECRET_KEY, former = "another key", settings.SECRET_KEY
    told(operator)
    worker.works()
    endpoint.refresh_from_db()
    assert (endpoint.stopped_because, receiver.came) == (StopReason.UNSIGNED, [])
    assert Alert.objects.get().kind == "webhook.stopped"
    settings.SECRET_KEY_FALLBACKS = [former]
    switch_on(endpoint=endpoint, at=worker.now)
    worker.works()
    assert states(endpoint) == ["delivered"]


def test_a_delivery_is_replayed_as_it_was_under_the_secret_of_now(receiver, endpoint, operator, worker):
    told(operator, upload=1)
    worker.works()
    rotate_secret(endpoint=endpoint, at=worker.now, overlap=timedelta(0))
    replay_delivery(delivery=WebhookDelivery.objects.get(), at=worker.now)
    worker.works()
    first, again = receiver.came
    assert (first.body, first.headers["webhook-id"]) == (again.body, again.headers["webhook-id"])
    assert first.headers["webhook-signature"] != again.headers["webhook-signature"]


def test_a_replay_that_fails_says_nothing_of_the_endpoints_health(receiver, endpoint, operator, worker):
    told(operator)
    worker.works()
    receiver.answer = answering(500)
    replay_delivery(delivery=WebhookDelivery.objects.get(), at=worker.now)
    worker.works_until(NOW + 4 * DAY, every=HOUR)
    endpoint.refresh_from_db()
    assert endpoint.is_on
    assert endpoint.failing_since is None
    assert states(endpoint) == ["failed"]


def test_a_span_of_time_is_replayed_in_order_with_what_was_told_while_nobody_listened(
    receiver, operator, worker
):
    events = [told(operator, number=number) for number in range(4)]
    worker.works()
    endpoint = an_endpoint(operator, receiver.address())
    assert worker.works() == 0
    OutboxEvent.objects.filter(pk=events[0].pk).update(at=NOW - DAY)
    OutboxEvent.objects.exclude(pk=events[0].pk).update(at=NOW)
    assert replay_time(endpoint=endpoint, first=NOW, until=NOW + DAY, at=worker.now) == 3
    worker.works()
    assert [came.told["data"]["number"] for came in receiver.came] == [1, 2, 3]
    assert replay_time(endpoint=endpoint, first=NOW, until=NOW + DAY, at=worker.now, only_failed=True) == 0
    with pytest.raises(ValidationError, match="ends before it begins"):
        replay_time(endpoint=endpoint, first=NOW, until=NOW, at=worker.now)


def test_a_test_is_sent_once_also_while_the_endpoint_is_off(receiver, endpoint, worker):
    switch_off(endpoint=endpoint, at=NOW)
    receiver.answer = answering(500)
    send_test(endpoint=endpoint, at=NOW)
    worker.works_until(NOW + HOUR)
    assert receiver.heard() == ["webhook.test"]
    assert states(endpoint) == ["failed"]
    receiver.answer = None
    send_test(endpoint=endpoint, at=worker.now)
    worker.works()
    assert states(endpoint) == ["failed", "delivered"]
    delivery = WebhookDelivery.objects.order_by("pk")[0]
    with pytest.raises(ValidationError, match="switch it on first"):
        replay_delivery(delivery=delivery, at=worker.now)


def test_what_waits_goes_to_the_new_address(receiver, endpoint, operator, worker):
    receiver.answer = answering(500)
    told(operator)
    worker.works()
    receiver.answer = None
    change_webhook(endpoint=endpoint, url=receiver.address("/new"), events=["upload.applied"])
    worker.works(after=SOON)
    assert [came.path for came in receiver.came] == ["/hook", "/new"]


def test_an_endpoint_that_is_removed_takes_its_log_along(receiver, endpoint, operator, worker):
    told(operator)
    worker.works()
    told(operator, about="upload:2")
    hand_out_events(now=NOW)
    gone = remove_webhook(endpoint=endpoint)
    assert (gone.waiting, gone.deliveries, gone.attempts) == (1, 2, 1)
    assert not WebhookDelivery.objects.exists()
    assert AuditEntry.objects.get(deed="webhook removed").detail["deliveries"] == 2
    assert worker.works() == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://receiver.example/",
        "ftp://receiver.example/",
        "https://",
        "https://127.0.0.1/",
        "https://[::ffff:10.0.0.1]/",
        "https://localhost/",
        "https://db.internal/",
        "https://name:secret@receiver.example/",
        "https://receiver.example/#part",
        "https://receiver.example/a b",
        "https://bücher.example/",
        "https://receiver.example/" + "x" * 500,
    ],
)
def test_an_address_to_which_nothing_may_be_sent_is_refused_at_once(operator, settings, url):
    settings.WEBHOOKS_TO_PRIVATE_NETWORK = False
    with pytest.raises(ValidationError):
        an_endpoint(operator, url)


def test_an_event_that_there_is_not_and_one_endpoint_too_many_are_refused(operator):
    with pytest.raises(ValidationError, match="There is no event 'upload'"):
        an_endpoint(operator, "https://receiver.example/", ["upload"])
    for number in range(20):
        an_endpoint(operator, f"https://receiver.example/{number}")
    with pytest.raises(ValidationError, match="20 webhooks already"):
        an_endpoint(operator, "https://receiver.example/20")


def test_what_was_settled_long_ago_is_forgotten_and_what_waits_is_not(receiver, endpoint, operator, worker):
    told(operator)
    worker.works()
    switch_off(endpoint=endpoint, at=NOW)
    WebhookDelivery.objects.bulk_create(
        [
            WebhookDelivery(
                endpoint=endpoint, message_id="m", kind="k", about="a", body="{}", event_at=NOW, due_at=NOW
            )
        ]
    )
    assert forgotten(29)["deliveries"] == 0
    assert forgotten(31)["deliveries"] == 1
    assert states(endpoint) == ["waiting"]


def test_handing_out_asks_the_database_as_often_for_many_events_as_for_one(operator, receiver):
    for number in range(3):
        an_endpoint(operator, receiver.address(f"/{number}"))

    def queries(count):
        for number in range(count):
            told(operator, about=f"upload:{number}")
        with CaptureQueriesContext(connection) as asked:
            hand_out_events(now=NOW)
        return len(asked)

    assert queries(1) == queries(20)
    assert is_something_due(NOW)
