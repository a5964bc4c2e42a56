"""Several workers at one moment, and workers that die: each message goes out once, or again under the same id."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from risk.flows import deliver_webhooks as flow
from risk.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from risk.services.webhooks import remove_webhook
from tests.at_once import at_once
from tests.console.visitors import an_operator
from tests.database import NOW
from tests.risk.outward.receiver import receiving
from tests.webhooks import Worker, an_endpoint, states, told

pytestmark = pytest.mark.usefixtures("shipped_for_good")


@pytest.fixture
def receiver(settings):
    settings.WEBHOOKS_TO_PRIVATE_NETWORK = True
    with receiving() as receiver:
        yield receiver


def test_workers_that_race_deliver_each_event_once_and_in_order(receiver):
    operator = an_operator()
    endpoints = [an_endpoint(operator, receiver.address(f"/{number}")) for number in range(4)]
    for number in range(12):
        told(operator, about=f"upload:{number % 3}", number=number)
    at_once(*4 * [lambda: Worker().works()])
    assert Worker().works() == 0
    for endpoint in endpoints:
        assert states(endpoint) == ["delivered"] * 12
    assert WebhookAttempt.objects.count() == len(receiver.came) == 48
    for endpoint in endpoints:
        path = f"/{endpoints.index(endpoint)}"
        heard = [came.told["data"]["number"] for came in receiver.came if came.path == path]
        for about in range(3):
            assert [number for number in heard if number % 3 == about] == list(range(about, 12, 3))


def test_events_told_while_workers_are_at_work_are_delivered_once(receiver):
    operator = an_operator()
    endpoint = an_endpoint(operator, receiver.address())

    def tell_some():
        for number in range(10):
            with transaction.atomic():
                told(operator, about=f"upload:{number}", number=number)

    at_once(tell_some, tell_some, lambda: Worker().works(), lambda: Worker().works())
    Worker().works()
    assert states(endpoint) == ["delivered"] * 20
    assert len({came.headers["webhook-id"] for came in receiver.came}) == len(receiver.came) == 20


def test_a_message_whose_worker_died_goes_out_again_when_the_lease_is_over_under_the_same_id(
    receiver, monkeypatch
):
    operator = an_operator()
    endpoint = an_endpoint(operator, receiver.address())
    told(operator)
    worker = Worker()
    with monkeypatch.context() as killed:
        killed.setattr(flow, "record_attempt", _killed)
        with pytest.raises(KeyboardInterrupt):
            worker.works()
    assert states(endpoint) == ["waiting"]
    assert worker.works() == 0
    assert worker.works(after=timedelta(minutes=1)) == 1
    assert states(endpoint) == ["delivered"]
    first, second = receiver.came
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


def _killed(*_, **__):
    raise KeyboardInterrupt


def test_a_worker_that_was_overtaken_undoes_nothing(receiver, monkeypatch):
    operator = an_operator()
    endpoint = an_endpoint(operator, receiver.address())
    told(operator)
    slow, record = Worker(), flow.record_attempt

    def overtaken(message, attempted, **how):
        WebhookEndpoint.objects.update(claim="somebody else's", claimed_until=NOW + timedelta(hours=1))
        failed = type(attempted)(milliseconds=1, sentence="cut")
        record(message, failed, **how)

    monkeypatch.setattr(flow, "record_attempt", overtaken)
    slow.works()
    endpoint.refresh_from_db()
    assert (endpoint.claim, endpoint.failing_since) == ("somebody else's", None)
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.log.count()) == ("waiting", 0, 1)


def test_an_endpoint_that_goes_while_its_message_is_on_the_way_is_no_fault(receiver, monkeypatch):
    operator = an_operator()
    endpoint = an_endpoint(operator, receiver.address())
    told(operator)
    record = flow.record_attempt

    def removed(*told, **how):
        remove_webhook(endpoint=endpoint)
        record(*told, **how)

    monkeypatch.setattr(flow, "record_attempt", removed)
    assert Worker().works() == 1
    assert not WebhookAttempt.objects.exists()
