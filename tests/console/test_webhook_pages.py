"""Webhooks in the console: added with a secret that is shown once, tried, followed, rotated, replayed, removed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from ledger.models import AuditEntry
from risk.models import WebhookDelivery, WebhookEndpoint, WebhookSecret
from tests.console.test_front_page import page_of, text_of
from tests.console.visitors import a_member, an_operator, signed_in
from tests.risk.outward.receiver import answering, receiving
from tests.webhooks import Worker, a_worker_of_now, an_endpoint, secret_given_for, told

pytestmark = pytest.mark.usefixtures("shipped")
WEBHOOKS = "/webhooks/"


@pytest.fixture
def receiver(settings):
    settings.WEBHOOKS_TO_PRIVATE_NETWORK = True
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def operator():
    return an_operator()


@pytest.fixture
def client(operator):
    return signed_in(a_member(operator))


@pytest.fixture
def worker():
    return a_worker_of_now()


def added(client, url, **said):
    answer = client.post(f"{WEBHOOKS}new/", {"url": url, **said})
    assert answer.status_code == 302, text_of(answer.content.decode())
    return answer["Location"]


def test_a_webhook_is_added_and_its_secret_shown_once(client, receiver):
    assert "Webhooks" in page_of(client, "/register/")
    assert "No program is told" in page_of(client, WEBHOOKS)
    address = added(client, receiver.address(), description="ERP", events=["upload.applied"])
    secret = secret_given_for(WebhookEndpoint.objects.get())
    assert secret in page_of(client, address)
    assert secret not in page_of(client, address)
    assert "whsec_" not in str(dict(client.session))
    listed = text_of(page_of(client, WEBHOOKS))
    assert "ERP upload.applied on 0" in listed
    entry = AuditEntry.objects.get(deed="webhook registered")
    assert (entry.by.username, entry.subject) == ("ann", str(WebhookEndpoint.objects.get()))


def test_an_address_that_will_not_do_is_refused_beside_its_field(client):
    answer = client.post(f"{WEBHOOKS}new/", {"url": "https://10.0.0.1/"})
    assert answer.status_code == 400
    beside = answer.content.decode().partition('id="about-url"')[2].split("</p>")[0]
    assert "is a machine of a private network" in beside
    assert not WebhookEndpoint.objects.exists()


def test_a_test_is_sent_and_its_answer_read(client, receiver, worker):
    receiver.answer = answering(418, b"I am a <b>teapot</b>")
    address = added(client, receiver.address())
    client.post(f"{address}test/")
    worker.works(after=timedelta(minutes=1))
    page = page_of(client, address)
    assert "given up" in text_of(page)
    delivery = re.search(rf'href="({address}deliveries/\d+/)"', page)[1]
    page = page_of(client, delivery)
    assert "418 after" in text_of(page)
    assert "I am a &lt;b&gt;teapot&lt;/b&gt;" in page
    assert receiver.came[0].headers["webhook-id"] in page


def test_a_delivery_and_a_time_are_sent_again(client, receiver, operator, worker):
    address = added(client, receiver.address())
    told(operator)
    worker.works()
    delivery = WebhookDelivery.objects.get()
    client.post(f"{address}deliveries/{delivery.pk}/replay/")
    worker.works(after=timedelta(minutes=1))
    span = {"first": "2020-01-01T00:00", "until": "2099-01-01T00:00"}
    answer = client.post(f"{address}replay/", span, follow=True)
    assert "To be sent again, in order: 1 delivery." in answer.content.decode()
    worker.works(after=timedelta(minutes=1))
    assert len(receiver.came) == 3
    wrong = client.post(f"{address}replay/", {"first": "2020-01-01T00:00"}, follow=True)
    assert "Give the moment with which it ends." in wrong.content.decode()


def test_the_secret_is_rotated_with_two_in_force(client, receiver):
    address = added(client, receiver.address())
    page_of(client, address)
    client.post(f"{address}rotate/", {"overlap": "24"})
    page = page_of(client, address)
    assert secret_given_for(WebhookEndpoint.objects.get()) in page
    assert text_of(page).count("Secret ") == 2
    client.post(f"{address}rotate/", {"overlap": "5"})
    assert WebhookSecret.objects.count() == 2


def test_it_is_changed_and_switched_off_and_on(client, receiver):
    address = added(client, receiver.address())
    client.post(f"{address}change/", {"url": receiver.address("/new"), "events": ["list.updated"]})
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.url, endpoint.events) == (receiver.address("/new"), ["list.updated"])
    assert "Switched" not in page_of(client, address)
    client.post(f"{address}off/")
    assert "switched off by a person" in page_of(client, address)
    client.post(f"{address}on/")
    assert WebhookEndpoint.objects.get().is_on


def test_a_removal_names_what_goes_and_asks_first(client, receiver, operator, worker):
    address = added(client, receiver.address())
    told(operator)
    worker.works()
    receiver.answer = answering(500)
    told(operator, about="upload:2")
    worker.works()
    asked = text_of(page_of(client, f"{address}remove/"))
    assert (
        "2 deliveries and the log of 2 attempts go with it. 1 delivery still waiting will never be sent."
        in asked
    )
    assert WebhookEndpoint.objects.exists()
    answer = client.post(f"{address}remove/", follow=True)
    assert "removed with 2 deliveries, 1 of which waited" in answer.content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_webhooks_of_another_operator_do_not_exist_and_a_viewer_keeps_none(operator, client, settings):
    other = an_operator("other", "Other")
    endpoint = an_endpoint(other, "https://receiver.example/hook")
    told(other)
    Worker().works()
    delivery = WebhookDelivery.objects.get()
    one = f"{WEBHOOKS}{endpoint.pk}/"
    assert "receiver.example" not in page_of(client, WEBHOOKS)
    paths = (one, f"{one}change/", f"{one}remove/", f"{one}deliveries/{delivery.pk}/")
    assert {client.get(path).status_code for path in paths} == {404}
    deeds = [f"{one}{deed}/" for deed in ("test", "rotate", "replay", "on", "off", "remove", "change")]
    deeds.append(f"{one}deliveries/{delivery.pk}/replay/")
    assert {client.post(path).status_code for path in deeds} == {404}
    viewer = signed_in(a_member(other, "viewer", username="eve"))
    assert {viewer.get(path).status_code for path in (WEBHOOKS, f"{WEBHOOKS}new/", *paths)} == {403}
    assert {viewer.post(path).status_code for path in deeds} == {403}
    assert "Webhooks" not in page_of(viewer, "/register/")
    own = an_endpoint(operator, "https://receiver.example/own")
    assert client.get(f"{WEBHOOKS}{own.pk}/test/").status_code == 405
    assert client.post(f"{WEBHOOKS}{own.pk}/nonsense/").status_code == 404
    assert client.get(f"{WEBHOOKS}{own.pk}/deliveries/{delivery.pk}/").status_code == 404
