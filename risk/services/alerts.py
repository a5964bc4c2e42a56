"""What the people of an operator are told, and what they have seen."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from fleet.models import Operator
from ledger.models import differing, record
from risk.models import (
    Alert,
    AlertKind,
    AlertRule,
)
from risk.models.outbound import AlertQuerySet

MOST_ADDRESSES = 50


def set_alert_rule(*, operator: Operator, by: Any, **said: Any) -> AlertRule:
    """Say what an operator's people are told, how and when; by the names of AlertRule, what is not named stays.

    Raises ValidationError for a kind, a time zone or an address that is none, for quiet hours without an end, and for
    a number out of its range.
    """
    with transaction.atomic():
        rule = AlertRule.objects.select_for_update().filter(operator=operator).first()
        rule = rule or AlertRule(operator=operator)
        before = {name: getattr(rule, name) for name in said}
        for name, value in said.items():
            setattr(rule, name, value)
        _refuse_unfit_rule(rule)
        rule.save()
        changed = differing(before, said)
        subject = f"alerts of operator {operator.pk}"
        record(deed="alert rule set", subject=subject, by=by, operator_id=operator.pk, changed=changed)
    return rule


def see_alerts(alerts: AlertQuerySet, *, by: Any) -> None:
    """Mark alerts as seen by a person; for others they stay as they were. Twice is the same as once."""
    through = Alert.seen_by.through
    rows = [through(alert_id=pk, user_id=by.pk) for pk in alerts.order_by().values_list("pk", flat=True)]
    through.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def _refuse_unfit_rule(rule: AlertRule) -> None:
    if unknown := sorted(set(rule.kinds) - set(AlertKind.values)):
        raise ValidationError(f"'{unknown[0]}' is no kind of alert.", code="kind_unknown")
    if rule.time_zone not in available_timezones():
        sentence = f"'{rule.time_zone}' is no time zone; write one like America/Chicago."
        raise ValidationError(sentence, code="time_zone_unknown")
    if (rule.quiet_from is None) != (rule.quiet_until is None):
        raise ValidationError("Quiet hours need a beginning and an end.", code="quiet_hours_open")
    if len(rule.addresses) > MOST_ADDRESSES:
        raise ValidationError(f"At most {MOST_ADDRESSES} addresses can be told.", code="too_many_addresses")
    for address in rule.addresses:
        validate_email(address)
    rule.full_clean(exclude=["operator"])
