"""Alerts are mailed to those who decide, each once, and wait while there is no mail server to take them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fleet.models.operator import OperatorRole, PlatformRole
from risk.flows.load_list import load_list
from risk.flows.send_alerts import LEASE, send_alerts
from risk.flows.tell_of_age import tell_of_age
from risk.lists import FORMATS
from risk.models import Alert, PolicyEdition
from tests.console.visitors import a_member, a_person, an_operator
from tests.database import NOW
from tests.mail import mail_server
from tests.risk.lists.samples import SAMPLES

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(settings):
    with mail_server() as box:
        settings.EMAIL, settings.EMAIL_USE_TLS = box, False
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        yield box


def an_alert(operator=None):
    return Alert.objects.create(
        kind="screening.hit_opened", operator=operator, sentence="2 hits wait for a decision.", made_at=NOW
    )


def send(later=timedelta(0)):
    return send_alerts(clock=lambda: NOW + later)


def test_hits_of_the_register_are_told_to_compliance_and_platform_staff_and_to_nobody_else(mailbox):
    a_person("carla", platform_role=PlatformRole.COMPLIANCE, email="carla@example.com")
    a_person("paul", platform_role=PlatformRole.ADMIN, email="paul@example.com")
    a_person("left", platform_role=PlatformRole.ADMIN, email="left@example.com", is_active=False)
    a_person("silent", platform_role=PlatformRole.ADMIN)
    a_person("bea", email="bea@example.com")
    an_alert()
    assert send() == 1
    ((addresses, letter),) = mailbox.letters
    assert addresses == ["carla@example.com", "paul@example.com"]
    assert letter["Subject"] == "Screening: hits wait for a decision"
    assert "2 hits wait for a decision." in letter.get_payload()
    assert "carla@example.com" not in str(letter)


def test_hits_of_a_private_vendor_are_told_to_the_managers_of_its_operator(mailbox):
    ours, other = an_operator(), an_operator(slug="other", name="Other")
    for operator, role, name in (
        (ours, OperatorRole.MANAGER, "mia"),
        (ours, OperatorRole.VIEWER, "vic"),
        (other, OperatorRole.MANAGER, "max"),
    ):
        person = a_member(operator, role=role, username=name)
        person.email = f"{name}@example.com"
        person.save()
    an_alert(ours)
    assert send() == 1
    ((addresses, letter),) = mailbox.letters
    assert addresses == ["mia@example.com"]
    assert letter["Subject"].startswith("Prairie Hash: ")


def test_an_alert_is_mailed_once(mailbox):
    a_person("carla", platform_role=PlatformRole.COMPLIANCE, email="carla@example.com")
    an_alert()
    assert [send(), send(), send(LEASE * 2)] == [1, 0, 0]
    assert len(mailbox.letters) == 1


def test_what_the_server_refuses_is_sent_when_it_takes_it_again(mailbox):
    a_person("carla", platform_role=PlatformRole.COMPLIANCE, email="carla@example.com")
    alert = an_alert()
    mailbox.refuses = True
    assert send() == 0
    mailbox.refuses = False
    assert (send(), send(LEASE)) == (0, 1)
    alert.refresh_from_db()
    assert alert.sent_at == NOW + LEASE


def test_a_server_that_is_gone_loses_nothing(mailbox, settings):
    a_person("carla", platform_role=PlatformRole.COMPLIANCE, email="carla@example.com")
    an_alert()
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert send() == 0
    settings.EMAIL_PORT = there
    assert send(LEASE) == 1


def test_without_an_address_or_a_mail_server_an_alert_waits(mailbox, settings):
    an_alert()
    assert send() == 0
    a_person("carla", platform_role=PlatformRole.COMPLIANCE, email="carla@example.com")
    settings.EMAIL = None
    assert send() == 0
    settings.EMAIL = mailbox
    assert send() == 1


@pytest.mark.usefixtures("shipped")
def test_law_and_lists_that_grew_old_are_told_of_once(mailbox):
    a_person("carla", platform_role=PlatformRole.COMPLIANCE, email="carla@example.com")
    edition = PolicyEdition.objects.current()
    last_day = edition.verified_through + timedelta(days=30)
    assert tell_of_age(last_day, now=NOW) == 0
    load_list(
        form=FORMATS["ofac_sdn"], file=SAMPLES / "sdn.csv", companions={}, as_of=last_day, at=NOW, floors={}
    )
    told = [tell_of_age(last_day + timedelta(days=days), now=NOW) for days in (1, 1, 2, 8, 9)]
    assert told == [1, 0, 0, 1, 0]
    assert send() == 2
    law, lists = (letter for _, letter in mailbox.letters)
    assert law["Subject"] == "The law has not been checked for long"
    assert "31 days ago (edition 1)" in law.get_payload()
    assert "is older than 7 days" in lists.get_payload()
