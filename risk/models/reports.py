"""Reports that were asked for, schedules on which they are mailed, and which periods were mailed."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models

from fleet.models.operator import Operator, OwnedQuerySet
from ledger.holds import free_at
from risk.engine.shares import MEASURES
from risk.engine.terms.rhythm import Rhythm


class ReportKind(models.TextChoices):
    """Which report."""

    BOARD = "board", "board report"
    LIABILITY = "liability", "contingent-liability note"
    REFUNDS = "refunds", "refund list"
    VENDOR = "vendor", "vendor scorecard"


class ReportForm(models.TextChoices):
    """As which file."""

    PDF = "pdf", "PDF"
    WORKBOOK = "xlsx", "workbook (.xlsx)"


class ReportState(models.TextChoices):
    """How far a report has come."""

    WAITING = "waiting", "being written"
    READY = "ready", "ready"
    FAILED = "failed", "failed"


class ReportWish(models.Model):
    """Which report, as which file. `measure` counts for the board report; `vendor` is the slug of the maker that a
    scorecard is about, and empty for all others."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=ReportKind.choices)
    form = models.CharField(max_length=10, choices=ReportForm.choices)
    measure = models.CharField(max_length=10, choices=[(name, name) for name in MEASURES], default="hashrate")
    vendor = models.CharField(max_length=80, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def told(self) -> str:
        """The wish in words: "board report by hashrate, PDF"."""
        about = {ReportKind.BOARD: f" by {self.measure}", ReportKind.VENDOR: f" of {self.vendor}"}
        kind = ReportKind(self.kind)
        return f"{kind.label}{about.get(kind, '')}, {ReportForm(self.form).label}"


class Report(ReportWish):
    """A report that somebody asked for. `file` lies under a random name in the operator's own folder; `digest` is
    that of what it says (risk.reports.document). `claimed_until`: a worker's hold."""

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.WAITING)
    file = models.FileField(max_length=200, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    refusal = models.CharField(max_length=300, blank=True)
    claimed_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["operator", "-id"], name="reports_of_an_operator")]

    def __str__(self) -> str:
        return f"Report {self.pk}: {self.told}"


class ReportSchedule(ReportWish):
    """A report that is mailed once a week or once a month to members of its operator. The first period is the first
    one that begins after the day of `since`."""

    rhythm = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Rhythm])
    recipients = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    since = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["operator", "id"], name="report_schedules_of_operator")]

    def __str__(self) -> str:
        return f"Schedule {self.pk}: {self.told}, {self.rhythm}"

    @property
    def last_sent(self) -> ReportSending | None:
        """The newest period that was mailed."""
        sent = [each for each in self.sendings.all() if each.sent_at]
        return max(sent, key=lambda each: each.period, default=None)


class SendingQuerySet(models.QuerySet["ReportSending"]):
    """Questions about sendings."""

    def to_be_sent(self, now: datetime) -> Self:
        """Those that were not sent, and that no worker is sending."""
        return self.filter(free_at(now), sent_at__isnull=True)


class ReportSending(models.Model):
    """One period of a schedule: mailed once, however many workers try. `period` is its first day, `sent_to` how many
    people it went to, `claim` a worker's hold until `claimed_until`."""

    schedule = models.ForeignKey(ReportSchedule, on_delete=models.CASCADE, related_name="sendings")
    period = models.DateField()
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_to = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    claim = models.CharField(max_length=32, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SendingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "period"], name="one_sending_a_schedule_and_period")
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id}: {self.period}"
