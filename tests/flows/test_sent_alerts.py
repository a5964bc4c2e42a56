"""Alerts are mailed to those who decide, each once, and wait while there is no mail server to take them."""

from __future__ import annotations

import socket
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from fleet.models.operator import OperatorRole, PlatformRole
from risk.flows.load_list import load_list
from risk.flows.send_alerts import LEASE, send_alerts
from risk.flows.tell_of_age import tell_of_age
from risk.lists import FORMATS
from risk.models import Alert, AlertKind, AlertRule, PolicyEdition
from tests.console.visitors import a_member, a_person, an_operator
from tests.database import NOW
from tests.risk.lists.samples import SAMPLES

pytestmark = pytest.mark.django_db


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


# ------------------------------------------------------------------------------ as the rule of an operator says


@pytest.fixture
def prairie():
    """An operator of Chicago with a manager and a viewer who have addresses."""
    operator = an_operator()
    for name, role in (("mia", OperatorRole.MANAGER), ("vic", OperatorRole.VIEWER)):
        person = a_member(operator, role=role, username=name)
        person.email = f"{name}@example.com"
        person.save()
    return operator


def of_fleet(operator, sentence, made_at, kind=AlertKind.SHARE_MOVED):
    return Alert.objects.create(kind=kind, operator=operator, sentence=sentence, made_at=made_at)


def chicago(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("America/Chicago"))


def sent_at(moment):
    return send_alerts(clock=lambda: moment)


def text(letter):
    return letter.get_payload(decode=True).decode()


def test_what_falls_in_quiet_hours_waits_and_is_one_letter_in_the_morning_of_the_operators_time_zone(
    prairie, mailbox
):
    AlertRule.objects.create(
        operator=prairie, time_zone="America/Chicago", quiet_from=time(22), quiet_until=time(7)
    )
    of_fleet(prairie, "The first.", chicago(20, 23))
    of_fleet(prairie, "The second.", chicago(21, 3))
    assert [sent_at(chicago(20, 23)), sent_at(chicago(21, 6, 59))] == [0, 0]
    assert [sent_at(chicago(21, 7)), sent_at(chicago(21, 7, 1))] == [2, 0]
    ((addresses, letter),) = mailbox.letters
    assert addresses == ["mia@example.com"]
    assert letter["Subject"] == "Prairie Hash: 2 alerts"
    assert text(letter).index("The first.") < text(letter).index("The second.")


def test_a_blocked_lot_does_not_wait_for_the_morning_unless_the_rule_says_so(prairie, mailbox):
    rule = AlertRule.objects.create(
        operator=prairie, time_zone="America/Chicago", quiet_from=time(22), quiet_until=time(7), digest_hour=9
    )
    of_fleet(prairie, "A share moved.", chicago(20, 23))
    of_fleet(prairie, "A lot was blocked.", chicago(20, 23), kind=AlertKind.LOT_BLOCKED)
    assert sent_at(chicago(20, 23)) == 1
    assert "A lot was blocked." in text(mailbox.letters[0][1])
    rule.blocked_goes_through = False
    rule.save()
    of_fleet(prairie, "Another was blocked.", chicago(20, 23), kind=AlertKind.LOT_BLOCKED)
    assert sent_at(chicago(21, 3)) == 0
    assert sent_at(chicago(21, 9)) == 2


def test_a_digest_is_one_letter_a_day_for_each_operator(prairie, mailbox):
    other = an_operator(slug="other", name="Other")
    for operator in (prairie, other):
        AlertRule.objects.create(
            operator=operator, time_zone="America/Chicago", digest_hour=8, addresses=["desk@example.com"]
        )
        for hour in (9, 12, 20):
            of_fleet(operator, f"At {hour} at {operator}.", chicago(20, hour))
    assert sent_at(chicago(20, 23)) == 0
    assert sent_at(chicago(21, 8)) == 6
    assert [letter["Subject"] for _, letter in mailbox.letters] == [
        "Prairie Hash: 3 alerts",
        "Other: 3 alerts",
    ]
    assert "Other" not in text(mailbox.letters[0][1])
    assert mailbox.letters[0][0] == ["desk@example.com", "mia@example.com"]


def test_a_digest_that_the_server_refuses_is_tried_again_and_sent_once(prairie, mailbox):
    AlertRule.objects.create(operator=prairie, time_zone="America/Chicago", digest_hour=8)
    of_fleet(prairie, "One.", chicago(20, 9))
    of_fleet(prairie, "Two.", chicago(20, 10))
    mailbox.refuses = True
    assert sent_at(chicago(21, 8)) == 0
    mailbox.refuses = False
    assert [sent_at(chicago(21, 8, minute)) for minute in (1, 2, 3)] == [0, 2, 0]
    assert len(mailbox.letters) == 1


def test_recipients_are_by_role_and_by_address_each_once(prairie, mailbox):
    AlertRule.objects.create(
        operator=prairie,
        tells_managers=False,
        tells_viewers=True,
        addresses=["vic@example.com", "desk@example.com"],
    )
    of_fleet(prairie, "Something.", NOW)
    assert send() == 1
    assert mailbox.letters[0][0] == ["desk@example.com", "vic@example.com"]


def test_what_another_worker_is_sending_is_not_sent_beside_it(prairie, mailbox):
    alert = of_fleet(prairie, "Something.", NOW)
    Alert.objects.filter(pk=alert.pk).update(claim="another", claimed_until=NOW + LEASE)
    assert send() == 0
    assert send(LEASE) == 1


@pytest.mark.usefixtures("shipped")
def test_operators_are_told_of_stale_law_beside_the_register_unless_their_rule_leaves_it_out(mailbox):
    told, silent = an_operator(), an_operator(slug="other", name="Other")
    AlertRule.objects.create(operator=silent, kinds=[AlertKind.LOT_BLOCKED])
    late = PolicyEdition.objects.current().verified_through + timedelta(days=31)
    assert [tell_of_age(late, now=NOW), tell_of_age(late, now=NOW)] == [2, 0]
    assert set(Alert.objects.values_list("operator", flat=True)) == {None, told.pk}


# --------------------------------------------------------------------------- one connection, one fault, one letter


@pytest.fixture
def three_operators():
    """Each is told of something, at an address of its own, in the order of their names."""
    operators = [an_operator(slug=name, name=name.title()) for name in ("anna", "bert", "cora")]
    for operator in operators:
        AlertRule.objects.create(operator=operator, addresses=[f"{operator.slug}@example.com"])
        an_alert(operator)
    return operators


def told(mailbox):
    return [addresses for addresses, _ in mailbox.letters]


def test_all_letters_of_a_run_go_over_one_connection(mailbox, three_operators):
    assert send() == 3
    assert mailbox.visits == 1
    assert len(mailbox.letters) == 3


def test_without_a_letter_the_server_is_not_asked(mailbox):
    an_alert()
    assert send() == 0
    assert mailbox.visits == 0


def test_a_server_that_swallows_what_it_is_sent_is_waited_for_once(settings, three_operators):
    with socket.create_server(("127.0.0.1", 0)) as swallows:
        settings.EMAIL, settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = "a server", False, 0.1
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = swallows.getsockname()
        assert send() == 0
        assert connections_waiting(swallows) == 1
    assert Alert.objects.filter(sent_at__isnull=True).count() == 3


def connections_waiting(server):
    """How many clients came that nobody has let in."""
    server.setblocking(False)
    number = 0
    while True:
        try:
            server.accept()[0].close()
        except BlockingIOError:
            return number
        number += 1


def test_a_server_that_hangs_up_ends_the_run_and_nothing_is_lost(mailbox, three_operators, caplog):
    mailbox.hangs_up = True
    assert send() == 0
    assert mailbox.visits == 1
    assert "The mail server failed (SMTPServerDisconnected)" in caplog.text
    mailbox.hangs_up = False
    assert send(LEASE) == 3


def test_a_letter_that_the_server_refuses_holds_up_no_other(mailbox, three_operators):
    mailbox.refuses = True
    assert send() == 0
    assert mailbox.visits == 1
    assert Alert.objects.exclude(claim="").count() == 3  # each was tried


def test_a_name_with_a_line_break_is_one_line_of_the_subject(mailbox, three_operators):
    first = three_operators[0]
    first.name = "Anna\r\nBcc: thief@example.com"
    first.save()
    assert send() == 3
    assert mailbox.letters[0][1]["Subject"].startswith("Anna Bcc: thief@example.com: Screening")
    assert told(mailbox) == [["anna@example.com"], ["bert@example.com"], ["cora@example.com"]]


def test_a_letter_that_cannot_be_written_is_logged_and_holds_up_no_other(mailbox, three_operators, caplog):
    Alert.objects.filter(operator=three_operators[0]).update(kind="of.a.later.version")
    assert send() == 2
    assert told(mailbox) == [["bert@example.com"], ["cora@example.com"]]
    assert f"The letter of alert {Alert.objects.order_by('pk')[0].pk} failed" in caplog.text


def test_an_operator_whose_rule_cannot_be_read_holds_up_no_other(mailbox, three_operators, caplog):
    AlertRule.objects.filter(operator=three_operators[0]).update(time_zone="Nowhere/Nowhere", digest_hour=8)
    assert send() == 2
    assert f"What is due to operator {three_operators[0].pk} failed" in caplog.text
