"""Reports asked for, and schedules on which they are mailed to members of an operator."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from fleet.models import Operator, User
from ledger.models import record
from risk.engine.terms.rhythm import Rhythm
from risk.models import Report, ReportKind, ReportSchedule
from risk.models.reports import ReportWish
from vendors.models import Vendor

MOST_SCHEDULES, MOST_RECIPIENTS = 50, 50


def ask_for_report(
    *, operator: Operator, by: Any, at: datetime, kind: str, form: str, measure: str, vendor: str = ""
) -> Report:
    """Owe a report, on which whoever asked waits. Raises ValidationError for a kind or form that is none, and for a
    scorecard of a vendor that the operator does not see."""
    report = Report(operator=operator, kind=kind, form=form, measure=measure, vendor=vendor)
    report.asked_by, report.asked_at = by, at
    _refuse_unfit(report)
    with transaction.atomic():
        report.save()
        subject = f"report {report.pk}"
        record(
            deed="report asked for",
            subject=subject,
            by=by,
            operator_id=operator.pk,
            report=report.told,
            form=form,
        )
    return report


def schedule_report(
    *,
    operator: Operator,
    by: Any,
    on: date,
    kind: str,
    form: str,
    measure: str,
    rhythm: str,
    recipients: Collection[User],
    vendor: str = "",
) -> ReportSchedule:
    """Have a report mailed from the next period on.

    Raises ValidationError for what is no report, for recipients who are no members or have no address, for none, and
    for more schedules than an operator may have.
    """
    schedule = ReportSchedule(operator=operator, kind=kind, form=form, measure=measure, vendor=vendor)
    schedule.rhythm, schedule.made_by, schedule.since = rhythm, by, on
    _refuse_unfit(schedule)
    _refuse_strangers(operator, recipients)
    with transaction.atomic():
        # Two at once do not both be the last one.
        Operator.objects.select_for_update(no_key=True).get(pk=operator.pk)
        if ReportSchedule.objects.of(operator).count() >= MOST_SCHEDULES:
            raise ValidationError(f"An operator has at most {MOST_SCHEDULES} schedules.", code="too_many")
        schedule.save()
        schedule.recipients.set(recipients)
        _record("report scheduled", schedule, by, to=sorted(each.pk for each in recipients))
    return schedule


def end_schedule(schedule: ReportSchedule, *, by: Any) -> None:
    """Mail it no more. What was mailed stays on the audit."""
    with transaction.atomic():
        _record("report schedule ended", schedule, by)
        schedule.delete()


def members_with_address(operator: Operator) -> list[User]:
    """To whom reports of an operator can go, by name."""
    people = User.objects.filter(is_active=True, memberships__operator=operator).exclude(email="")
    return list(people.distinct().order_by("username"))


def _refuse_unfit(wish: ReportWish) -> None:
    asked = {field.name for field in ReportWish._meta.fields} - {"operator"}
    if isinstance(wish, ReportSchedule):
        asked.add("rhythm")
    wish.clean_fields(exclude={field.name for field in wish._meta.fields} - asked)
    if wish.kind != ReportKind.VENDOR:
        wish.vendor = ""
    elif not Vendor.objects.visible_to(wish.operator).filter(slug=wish.vendor).exists():
        raise ValidationError("Choose the maker that the scorecard is about.", code="vendor_unknown")


def _refuse_strangers(operator: Operator, recipients: Collection[User]) -> None:
    known = {each.pk for each in members_with_address(operator)}
    if not recipients:
        raise ValidationError("Choose at least one member to whom it goes.", code="nobody")
    if len(recipients) > MOST_RECIPIENTS:
        raise ValidationError(
            f"A report goes to at most {MOST_RECIPIENTS} members.", code="too_many_recipients"
        )
    if strangers := [each for each in recipients if each.pk not in known]:
        raise ValidationError(f"{strangers[0]} is no member with an address.", code="stranger")


def _record(deed: str, schedule: ReportSchedule, by: Any, **more: Any) -> None:
    record(
        deed=deed,
        subject=f"report schedule {schedule.pk}",
        by=by,
        operator_id=schedule.operator_id,
        report=schedule.told,
        rhythm=str(Rhythm(schedule.rhythm)),
        **more,
    )
