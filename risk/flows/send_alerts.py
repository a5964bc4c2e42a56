"""Alerts on record -> letters to those whom they concern, as the rule of each operator says; while the mail server is
down they wait.

Each is claimed by a conditional update with a lease, so two workers do not both send it. A worker that is killed
between the server's answer and its own record sends it again, under the same Message-ID.
"""

from __future__ import annotations

import logging
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage

from fleet.models import Operator, User
from fleet.models.operator import OperatorRole, PlatformRole
from fleet.selectors import in_chunks
from risk.engine.alerts import AT_ONCE, Waiting, letters_due
from risk.flows.alert_rows import rules_of
from risk.models import Alert, AlertKind, AlertRule

LEASE = timedelta(minutes=2)
DECIDERS = (PlatformRole.ADMIN, PlatformRole.COMPLIANCE)
SUBJECTS = {
    AlertKind.LOT_BLOCKED: "Lots are blocked",
    AlertKind.THRESHOLD: "An exposed share crossed its threshold",
    AlertKind.SHARE_MOVED: "The exposed share moved",
    AlertKind.COMING: "A coming measure will move the exposed share",
    AlertKind.EVIDENCE: "Evidence of origin expires",
    AlertKind.SET_ASIDE: "Lots could not be assessed",
    AlertKind.HITS_OPENED: "Screening: hits wait for a decision",
    AlertKind.WEBHOOK_STOPPED: "A webhook was switched off",
    AlertKind.WEBHOOK_GIVEN_UP: "A webhook did not take an event",
    AlertKind.LAW_STALE: "The law has not been checked for long",
    AlertKind.LIST_STALE: "A government list is stale",
}
CLOSING = "The console shows it under Alerts, with the lots that it is about."
CLOSINGS = {
    AlertKind.HITS_OPENED: "The console shows them under Screening, with what speaks for and against each.",
    AlertKind.WEBHOOK_STOPPED: "The console shows it under Webhooks, with what was sent and answered.",
    AlertKind.WEBHOOK_GIVEN_UP: "The console shows it under Webhooks, with what was sent and answered.",
    AlertKind.LAW_STALE: "",
    AlertKind.LIST_STALE: "",
}

log = logging.getLogger(__name__)


def send_alerts(*, clock: Callable[[], datetime]) -> int:
    """Mail what is due and was not mailed yet; returns how many alerts that were. Without a mail server, none.

    An alert for which nobody has an address waits until somebody has; one that the server refuses is tried again when
    its lease is over.
    """
    if settings.EMAIL is None:
        return 0
    now = clock()
    waiting: defaultdict[int | None, list[Waiting]] = defaultdict(list)
    rows = Alert.objects.to_be_sent(now).order_by("pk").values_list("operator_id", "pk", "made_at", "kind")
    for operator_id, pk, made_at, kind in rows:
        is_urgent = kind == AlertKind.LOT_BLOCKED
        waiting[operator_id].append(Waiting(key=pk, made_at=made_at, is_urgent=is_urgent))
    operators = Operator.objects.in_bulk([pk for pk in waiting if pk is not None])
    rules = rules_of(operators.values())
    return sum(
        _sent(some, rules.get(operator_id) if operator_id else None, clock)
        for operator_id, some in waiting.items()
    )


def _sent(waiting: Iterable[Waiting], rule: AlertRule | None, clock: Callable[[], datetime]) -> int:
    """The alerts of one operator, or of the register, that went out."""
    addresses = _addresses(rule)
    if not addresses:
        return 0
    letters = letters_due(waiting, rule.schedule if rule else AT_ONCE, clock())
    return sum(_sent_letter(keys, rule, addresses, clock) for keys in letters)


def _sent_letter(
    keys: Iterable[int], rule: AlertRule | None, addresses: list[str], clock: Callable[[], datetime]
) -> int:
    alerts = _claimed(keys, clock())
    if not alerts:
        return 0
    try:
        _mail(alerts, rule, addresses).send()
    except (SMTPException, OSError) as fault:
        log.warning("Alert %s was not sent (%s); it is tried again.", alerts[0].pk, type(fault).__name__)
        return 0
    _settle(alerts, clock())
    return len(alerts)


def _claimed(keys: Iterable[int], now: datetime) -> list[Alert]:
    """Those of the alerts that no other worker took first."""
    token = secrets.token_hex(16)
    mine: list[Alert] = []
    for some in in_chunks(keys):
        free = Alert.objects.to_be_sent(now).filter(pk__in=some)
        free.update(claim=token, claimed_until=now + LEASE)
        mine += Alert.objects.filter(pk__in=some, claim=token).order_by("pk")
    return mine


def _settle(alerts: Iterable[Alert], now: datetime) -> None:
    for some in in_chunks([each.pk for each in alerts]):
        Alert.objects.filter(pk__in=some).update(sent_at=now, claim="", claimed_until=None)


def _addresses(rule: AlertRule | None) -> list[str]:
    """Who is told: of the register compliance and platform staff, of a fleet those whom its rule names."""
    people = User.objects.filter(is_active=True).exclude(email="")
    if rule is None:
        people = people.filter(platform_role__in=DECIDERS)
        return sorted(set(people.values_list("email", flat=True)))
    roles = {OperatorRole.MANAGER: rule.tells_managers, OperatorRole.VIEWER: rule.tells_viewers}
    told = [role for role, is_told in roles.items() if is_told]
    people = people.filter(memberships__operator=rule.operator_id, memberships__role__in=told)
    return sorted({*people.values_list("email", flat=True), *rule.addresses})


def _mail(alerts: list[Alert], rule: AlertRule | None, addresses: list[str]) -> EmailMessage:
    """To all of them, none of whom learns of the others."""
    first = alerts[0]
    whose = f"{rule.operator}: " if rule else ""
    subject = SUBJECTS[AlertKind(first.kind)] if len(alerts) == 1 else f"{len(alerts)} alerts"
    return EmailMessage(
        subject=f"{whose}{subject}",
        body="\n\n".join([*(each.sentence for each in alerts), *_closings(alerts)]) + "\n",
        bcc=addresses,
        headers={"Message-ID": f"<alert-{first.pk}-{len(alerts)}-{first.made_at:%Y%m%d%H%M%S}@rig-ledger>"},
    )


def _closings(alerts: Iterable[Alert]) -> list[str]:
    """Where in the console to look, said once each."""
    closings = (CLOSINGS.get(AlertKind(each.kind), CLOSING) for each in alerts)
    return list(dict.fromkeys(filter(None, closings)))
