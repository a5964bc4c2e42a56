"""Alerts on record -> letters to those whom they concern, as the rule of each operator says; while the mail server is
down they wait.

One connection takes all letters of a run. The first fault of it ends the run: a server that swallows what it is sent
costs one wait, not one for each operator. A fault of one letter holds up no other.

Each is claimed by a conditional update with a lease, so two workers do not both send it. A worker that is killed
between the server's answer and its own record sends it again, under the same Message-ID.
"""

from __future__ import annotations

import logging
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from fleet.models import Operator, User
from fleet.models.operator import OperatorRole, PlatformRole
from fleet.selectors import in_chunks
from ledger.isolating import by_itself
from risk.engine.alerts import AT_ONCE, Waiting, letters_due
from risk.flows.alert_rows import rules_of
from risk.flows.mail_line import is_taken
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


@dataclass(frozen=True, slots=True)
class _Letter:
    """The keys of the alerts that one letter tells of, the rule that asks for it (None: the register's), and to whom
    it goes."""

    keys: tuple[int, ...]
    rule: AlertRule | None
    addresses: list[str]


def send_alerts(*, clock: Callable[[], datetime]) -> int:
    """Mail what is due and was not mailed yet; returns how many alerts that were. Without a mail server, none.

    An alert for which nobody has an address waits until somebody has; one that the server refuses, or at which the
    connection failed, is tried again when its lease is over.
    """
    if settings.EMAIL is None:
        return 0
    sent = 0
    try:
        with closing(get_connection()) as line:
            for letter in _letters(clock):
                sent += _sent(letter, line, clock)
    except OSError as fault:  # of the connection: what the server says of one letter ends no run
        log.warning("The mail server failed (%s); what is due is tried again.", type(fault).__name__)
    return sent


def _letters(clock: Callable[[], datetime]) -> Iterator[_Letter]:
    """What is due by the rule of each operator, and of the register."""
    waiting: defaultdict[int | None, list[Waiting]] = defaultdict(list)
    rows = (
        Alert.objects.to_be_sent(clock()).order_by("pk").values_list("operator_id", "pk", "made_at", "kind")
    )
    for operator_id, pk, made_at, kind in rows:
        is_urgent = kind == AlertKind.LOT_BLOCKED
        waiting[operator_id].append(Waiting(key=pk, made_at=made_at, is_urgent=is_urgent))
    operators = Operator.objects.in_bulk([pk for pk in waiting if pk is not None])
    rules = rules_of(operators.values())
    for whose, some in waiting.items():
        yield from _letters_by(rules.get(whose) if whose else None, some, clock())


def _letters_by(rule: AlertRule | None, waiting: Iterable[Waiting], now: datetime) -> list[_Letter]:
    """The letters to one operator, or to the keepers of the register; none while nobody has an address."""
    with by_itself(f"What is due to {f'operator {rule.operator_id}' if rule else 'the register'}"):
        if addresses := _addresses(rule):
            letters = letters_due(waiting, rule.schedule if rule else AT_ONCE, now)
            return [_Letter(tuple(keys), rule, addresses) for keys in letters]
    return []


def _sent(letter: _Letter, line: Any, clock: Callable[[], datetime]) -> int:
    """How many alerts went out with the letter; the connection is opened for the first that goes."""
    alerts = _claimed(letter.keys, clock())
    if not alerts:
        return 0
    line.open()
    what = f"alert {alerts[0].pk}"
    if not is_taken(line, lambda: _mail(alerts, letter.rule, letter.addresses), what=what):
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
        subject=" ".join(f"{whose}{subject}".split()),  # a name with a line break would end the header
        body="\n\n".join([*(each.sentence for each in alerts), *_closings(alerts)]) + "\n",
        bcc=addresses,
        headers={"Message-ID": f"<alert-{first.pk}-{len(alerts)}-{first.made_at:%Y%m%d%H%M%S}@rig-ledger>"},
    )


def _closings(alerts: Iterable[Alert]) -> list[str]:
    """Where in the console to look, said once each."""
    closings = (CLOSINGS.get(AlertKind(each.kind), CLOSING) for each in alerts)
    return list(dict.fromkeys(filter(None, closings)))
