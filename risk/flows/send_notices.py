"""Notices on record -> mail to those who have to decide; while the mail server is down they wait.

Each is claimed by a conditional update with a lease, so two workers do not both send it. A worker that is killed
between the server's answer and its own record sends it again, under the same Message-ID.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage

from fleet.models import User
from fleet.models.operator import OperatorRole, PlatformRole
from risk.flows.tell_of_age import LAW_STALE, LIST_STALE
from risk.flows.webhook_records import GIVEN_UP, STOPPED
from risk.models import Notice

LEASE = timedelta(minutes=2)
DECIDERS = (PlatformRole.ADMIN, PlatformRole.COMPLIANCE)
SUBJECTS = {
    "screening.hit_opened": "Screening: hits wait for a decision",
    LAW_STALE: "The law has not been checked for long",
    LIST_STALE: "A government list is stale",
    STOPPED: "A webhook was switched off",
    GIVEN_UP: "A webhook did not take an event",
}
CLOSINGS = {
    "screening.hit_opened": "The console shows them under Screening, with what speaks for and against each.",
}

log = logging.getLogger(__name__)


def send_notices(*, clock: Callable[[], datetime]) -> int:
    """Mail what was not mailed yet; returns how many notices that were. Without a mail server, none.

    A notice for which nobody has an address waits until somebody has; one that the server refuses is tried again when
    its lease is over.
    """
    if settings.EMAIL is None:
        return 0
    waiting = Notice.objects.to_be_sent(clock()).order_by("pk").select_related("operator")
    return sum(_sent(notice, clock) for notice in waiting)


def _sent(notice: Notice, clock: Callable[[], datetime]) -> bool:
    addresses = _addresses(notice)
    if not (addresses and _claimed(notice, clock())):
        return False
    try:
        _mail(notice, addresses).send()
    except (SMTPException, OSError) as fault:
        log.warning("Notice %s was not sent (%s); it is tried again.", notice.pk, type(fault).__name__)
        return False
    Notice.objects.filter(pk=notice.pk).update(sent_at=clock(), claimed_until=None)
    return True


def _claimed(notice: Notice, now: datetime) -> bool:
    mine = Notice.objects.to_be_sent(now).filter(pk=notice.pk)
    return bool(mine.update(claimed_until=now + LEASE))


def _addresses(notice: Notice) -> list[str]:
    """Who decides: on the register compliance and platform staff, on a private vendor its operator's managers."""
    people = User.objects.filter(is_active=True).exclude(email="")
    if notice.operator_id is None:
        people = people.filter(platform_role__in=DECIDERS)
    else:
        managers = {"memberships__operator": notice.operator_id, "memberships__role": OperatorRole.MANAGER}
        people = people.filter(**managers)
    return sorted(set(people.values_list("email", flat=True)))


def _mail(notice: Notice, addresses: list[str]) -> EmailMessage:
    """To all of them, none of whom learns of the others."""
    whose = f"{notice.operator}: " if notice.operator else ""
    return EmailMessage(
        subject=f"{whose}{SUBJECTS.get(notice.kind, notice.kind)}",
        body="\n\n".join(filter(None, [notice.sentence, CLOSINGS.get(notice.kind)])) + "\n",
        bcc=addresses,
        headers={"Message-ID": f"<notice-{notice.pk}-{notice.made_at:%Y%m%d%H%M%S}@rig-ledger>"},
    )
