"""What the risk workers do: each task runs one flow, takes ids and ISO days, and may run twice.

Today is the day in the policy's time zone (US Eastern): measures begin there at midnight.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from threading import Lock
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from ledger.isolating import by_itself
from ledger.queue import nudge
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.claims import outlasts_a_batch
from risk.flows.deliver_webhooks import deliver_webhooks as deliver_messages
from risk.flows.deliver_webhooks import is_something_due
from risk.flows.fetch_lists import fetch_lists as fetch_from_sources
from risk.flows.fetch_lists import formats_due
from risk.flows.fold_steps import fold_steps as fold_what_is_over
from risk.flows.follow_calendar import follow_the_calendar
from risk.flows.follow_policy_change import follow_unfollowed_editions
from risk.flows.keep_curves import keep_curves as keep_steps
from risk.flows.screen_vendors import screen_vendors as screen_owed
from risk.flows.send_alerts import send_alerts as mail_alerts
from risk.flows.snapshots import take_snapshots
from risk.flows.tell_of_age import tell_of_age
from risk.flows.tell_of_coming import tell_of_coming
from risk.flows.tell_of_expiry import tell_of_expiry
from risk.models import Turn
from risk.selectors import day_that_stands

SLICE = timedelta(seconds=20)
"""How long a task goes on beginning batches."""
BESIDE = timedelta(seconds=5)
"""How long one does that helps another, before it stands behind whatever else came to the queue."""


def _today() -> date:
    """The day for which lots are assessed now."""
    return day_that_stands(timezone.localdate())


_ASSESSING = Lock()
"""Held by the thread of this process that assesses, where one alone can write: a second makes both slower by half."""
A_MOMENT = 1.0
"""Seconds for which another waits for it: who holds it for longer looks for what is owed once more before it ends."""


def _assess(day: date) -> None:
    """Assess for a while; where one alone can write and another thread of this process does, it does this as well."""
    if connection.features.has_select_for_update_skip_locked:
        _ask_another()
        _assess_for_a_while(day)
    elif _ASSESSING.acquire(timeout=A_MOMENT):
        try:
            _assess_for_a_while(day)
        finally:
            _ASSESSING.release()


def _assess_for_a_while(day: date) -> None:
    """What is left then waits for a message of its own, behind whatever else the queue holds: a rescore of everything
    holds up no edition. The message is forgotten where others come to do the same."""
    done = assess_owed_lots(assessed_on=day, clock=timezone.now, until=timezone.now() + SLICE)
    if done.is_cut_short:
        nudge(assess_owed, expires=SLICE.total_seconds())


def _ask_another() -> None:
    """Ask a worker that has nothing to do to assess beside this one, where more is owed than a batch and the database
    takes several writers."""
    if connection.features.has_select_for_update_skip_locked and outlasts_a_batch(timezone.now()):
        nudge(assess_beside, expires=SLICE.total_seconds())


def _remind(task: Any) -> None:
    """Ask for what the sweep asks for again: a message that nobody took until then is forgotten, so that none pile up
    while a server outside keeps a worker waiting."""
    nudge(task, expires=settings.SWEEP_SECONDS)


@shared_task
def assess_prompt() -> None:
    """Assess the lots for which a person waits, and no others, for a while: the next request finds a worker. What is
    left then waits behind what came meanwhile."""
    until = timezone.now() + SLICE
    done = assess_owed_lots(assessed_on=_today(), clock=timezone.now, through=Turn.PROMPT, until=until)
    if done.is_cut_short:
        nudge(assess_prompt)


@shared_task
def assess_owed(*, assessed_on: str | None = None) -> None:
    """Assess every lot that is owed and in nobody's hands; those for which a person waits go first."""
    _assess(date.fromisoformat(assessed_on) if assessed_on else _today())


@shared_task
def assess_beside() -> None:
    """Assess beside a worker with much on its hands, for a moment; where that did not end it, go on behind whatever
    else came to the queue. Who found nothing to do asks nobody."""
    done = assess_owed_lots(assessed_on=_today(), clock=timezone.now, until=timezone.now() + BESIDE)
    if done.is_cut_short:
        _ask_another()


@shared_task
def follow_policy_change() -> None:
    """Mark the lots that a newly published edition touches as owed, then assess them."""
    follow_unfollowed_editions(now=timezone.now())
    _assess(_today())


@shared_task
def screen_vendors() -> None:
    """Screen what is owed: editions of lists that no run covers, new and changed vendors; then assess the lots."""
    screen_owed(clock=timezone.now)
    _assess(_today())
    _remind(send_alerts)


@shared_task
def send_alerts() -> None:
    """Mail the alerts that are due and were not mailed yet."""
    mail_alerts(clock=timezone.now)


@shared_task
def tell_ahead() -> None:
    """Tell of what comes by itself: papers that expire, measures that will move a share. Safe to run twice."""
    with by_itself("Telling of papers that expire"):
        tell_of_expiry(timezone.localdate(), now=timezone.now())
    with by_itself("Telling of coming measures"):
        tell_of_coming(timezone.localdate(), now=timezone.now())
    _remind(send_alerts)


@shared_task
def deliver_webhooks() -> None:
    """Send what programs outside are told and what was not taken before; where more is due at the end, go on."""
    deliver_messages(clock=timezone.now)
    if is_something_due(timezone.now()):
        _remind(deliver_webhooks)


def _assess_today() -> None:
    _assess(_today())


def _follow_calendar() -> None:
    follow_the_calendar(timezone.localdate(), clock=timezone.now, until=timezone.now() + SLICE)


SWEPT: dict[str, Callable[[], object]] = {
    "Following editions": lambda: follow_unfollowed_editions(now=timezone.now()),
    "Screening": lambda: screen_owed(clock=timezone.now),
    "Following the calendar": _follow_calendar,
    "Assessing what is owed": _assess_today,
    "Telling of what is old": lambda: tell_of_age(timezone.localdate(), now=timezone.now()),
}


@shared_task
def sweep() -> None:
    """Find what the queue lost and what the calendar makes due: editions of law and lists, vendors that were never
    screened, findings that ended, owed lots; and send what people and programs have to be told. Each step stands by
    itself: one that fails is logged, and those after it are done all the same."""
    _remind(deliver_webhooks)
    for what, step in SWEPT.items():
        with by_itself(what):
            step()
    _remind(send_alerts)


@shared_task
def fold_steps() -> None:
    """Fold the steps of runs that are long over."""
    fold_what_is_over(now=timezone.now())


@shared_task
def keep_curves() -> None:
    """Work out the exposed share through time of fleets that moved, for a while; a fleet whose steps are on record as
    things stand costs no look. What is left waits for a message of its own."""
    if not keep_steps(timezone.localdate(), clock=timezone.now, until=timezone.now() + SLICE):
        _remind(keep_curves)


@shared_task
def snapshot_fleets() -> None:
    """Keep how every fleet stands today; a second run on one day changes nothing."""
    take_snapshots(timezone.localdate())


@shared_task
def fetch_lists() -> None:
    """Set going what is due from the official addresses, a task for each list: a slow source holds up no other."""
    for form in formats_due(timezone.now()):
        nudge(fetch_list, form=form)


@shared_task
def fetch_list(*, form: str) -> None:
    """Fetch one list, then ask for the vendors to be screened against what is new in it; while another process
    fetches it, nothing. What came of it stays on record."""
    fetch_from_sources([form], clock=timezone.now)
    nudge(screen_vendors, expires=settings.SWEEP_SECONDS)


def start_delivering() -> None:
    """Ask a worker, once a transaction, to deliver what is told in it when it is committed."""
    if not any(waiting[1] is _deliver for waiting in connection.run_on_commit):
        transaction.on_commit(_deliver)


def _deliver() -> None:
    _remind(deliver_webhooks)


def start_following() -> None:
    """Ask a worker to follow a published edition once it is committed."""
    transaction.on_commit(lambda: nudge(follow_policy_change))
