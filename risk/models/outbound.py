"""What people are told: alerts on record, the rule of each operator, and how a fleet stood when it was last told."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from fleet.models.operator import Operator, OwnedQuerySet
from ledger.holds import free_at
from risk.engine.alerts import Schedule
from risk.engine.shares import MEASURES, Kind
from risk.engine.terms.money import HUNDRED


class AlertKind(models.TextChoices):
    """What is told, most pressing first: of what one cause changes at once, the first names the alert."""

    LOT_BLOCKED = "lot.blocked", "lots become blocked"
    THRESHOLD = "exposure.threshold_crossed", "a share crosses a threshold"
    SHARE_MOVED = "exposure.changed", "the exposed share moves by more than the set points"
    COMING = "measure.coming", "a coming measure will move the exposed share by more than the set points"
    EVIDENCE = "evidence.expiring", "evidence of origin expires in 30, 7 and 1 days"
    SET_ASIDE = "lot.set_aside", "lots cannot be assessed"
    HITS_OPENED = "screening.hit_opened", "screening hits of private vendors wait for a decision"
    WEBHOOK_STOPPED = "webhook.stopped", "a webhook was switched off"
    WEBHOOK_GIVEN_UP = "webhook.given_up", "a webhook did not take an event"
    LAW_STALE = "policy.stale", "the law has not been checked for long"
    LIST_STALE = "list.stale", "a government list is stale"


def every_kind() -> list[str]:
    """All kinds of alerts."""
    return list(AlertKind.values)


class AlertRule(models.Model):
    """What the people of an operator are told, how and when. An operator without a row has these defaults.

    Thresholds are percentages of the fleet by `measure`; None: none is set. `points` are percentage points by which a
    share must move. `quiet_from` until `quiet_until` nobody is written to, by the clocks of `time_zone`;
    `digest_hour`: one letter a day at this hour, None: at once.
    """

    operator = models.OneToOneField(Operator, on_delete=models.CASCADE, related_name="alert_rule")
    kinds = models.JSONField(default=every_kind, blank=True)
    measure = models.CharField(max_length=10, choices=[(name, name) for name in MEASURES], default="units")
    tariff_percent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, default=Decimal(25)
    )
    sanction_percent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, default=Decimal(0)
    )
    points = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(5))
    time_zone = models.CharField(max_length=60, default=settings.TIME_ZONE)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    digest_hour = models.PositiveSmallIntegerField(null=True, blank=True)
    blocked_goes_through = models.BooleanField(default=True)
    tells_managers = models.BooleanField(default=True)
    tells_viewers = models.BooleanField(default=False)
    addresses = models.JSONField(default=list, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(tariff_percent__isnull=True) | Q(tariff_percent__gte=0, tariff_percent__lte=100),
                name="tariff_share_threshold_between_0_and_100",
            ),
            models.CheckConstraint(
                condition=Q(sanction_percent__isnull=True)
                | Q(sanction_percent__gte=0, sanction_percent__lte=100),
                name="sanction_share_threshold_between_0_and_100",
            ),
            models.CheckConstraint(
                condition=Q(points__gte=0, points__lte=100), name="points_between_0_and_100"
            ),
            models.CheckConstraint(
                condition=Q(digest_hour__isnull=True) | Q(digest_hour__lte=23), name="digest_at_an_hour"
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_begin_and_end",
            ),
        ]

    def __str__(self) -> str:
        return f"alerts of {self.operator}"

    def wants(self, kind: str) -> bool:
        """Whether people are to be told of this kind."""
        return kind in self.kinds

    @property
    def thresholds(self) -> dict[Kind, Decimal | None]:
        """The thresholds as shares, by the kind of exposure."""
        percents = {Kind.TARIFF: self.tariff_percent, Kind.SANCTION: self.sanction_percent}
        return {kind: None if percent is None else percent / HUNDRED for kind, percent in percents.items()}

    @property
    def schedule(self) -> Schedule:
        """When people may be written to."""
        return Schedule(
            zone=ZoneInfo(self.time_zone),
            quiet_from=self.quiet_from,
            quiet_until=self.quiet_until,
            digest_hour=self.digest_hour,
            urgent_goes_through=self.blocked_goes_through,
        )


class AlertQuerySet(models.QuerySet["Alert"]):
    """Questions about alerts."""

    def of(self, operator: Operator) -> Self:
        """Those of one operator."""
        return self.filter(operator=operator)

    def to_be_sent(self, now: datetime) -> Self:
        """Those that were not sent, and that no worker is sending."""
        free = free_at(now)
        return self.filter(free, sent_at__isnull=True)

    def unseen_first(self, person: Any) -> Self:
        """Those that a person has not marked as seen first, each `is_seen` or not; the newest of both first."""
        seen = Alert.seen_by.through.objects.filter(alert=OuterRef("pk"), user=person)
        return self.annotate(is_seen=Exists(seen)).order_by("is_seen", "-pk")


class Alert(models.Model):
    """Something that people are told, once: written in the transaction of what it tells, read in the console by those
    whom it concerns, and mailed as their rule says. `sent_at` is empty until it was mailed; without a mail server,
    or without anybody's address, it is read in the console alone.

    `operator` empty: for those who keep the platform's register. `about` names what is told of only once, such as an
    edition that grew old. `counts` holds a part for each thing that is told, with lots, units, value in cents, and
    shares as decimal text; `detail` what is counted, by id. `claim` is a worker's hold until `claimed_until`.
    """

    kind = models.CharField(max_length=40, choices=AlertKind.choices)
    operator = models.ForeignKey("fleet.Operator", null=True, on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey("risk.ScreeningRun", null=True, on_delete=models.CASCADE, related_name="alerts")
    about = models.CharField(max_length=120, blank=True)
    cause = models.CharField(max_length=300, blank=True)
    sentence = models.TextField()
    counts = models.JSONField(default=list)
    detail = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    claim = models.CharField(max_length=32, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    seen_by = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "kind", "operator"], name="one_alert_a_run_and_operator"),
            models.UniqueConstraint(
                fields=["run", "kind"],
                condition=Q(operator__isnull=True),
                name="one_alert_a_run_for_the_register",
            ),
            models.UniqueConstraint(
                fields=["operator", "kind", "about"], condition=~Q(about=""), name="told_of_the_same_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "about"],
                condition=~Q(about="") & Q(operator__isnull=True),
                name="told_the_register_of_the_same_once",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "-id"]),
            models.Index(
                fields=["operator", "id"], condition=Q(sent_at__isnull=True), name="alert_to_be_sent"
            ),
        ]

    def __str__(self) -> str:
        return self.sentence

    @property
    def is_urgent(self) -> bool:
        """Whether it may break quiet hours: a lot was blocked."""
        return self.kind == AlertKind.LOT_BLOCKED


class FleetTold(models.Model):
    """How a fleet stood when its people were last told, so that each change is told once.

    `figures` are those of risk.flows.fleet_figures, by the tariff threshold of `threshold_percent`; `blocked` and
    `set_aside` the lots that were told of as such. `causes` counts the lots assessed by cause since then; `changes`
    how often something changed. `looked_ahead` is the digest of all that the last look at coming measures rested on.
    The row is locked by whoever settles the fleet's assessments.
    """

    operator = models.OneToOneField(Operator, on_delete=models.CASCADE, related_name="+")
    figures = models.JSONField(default=dict)
    threshold_percent = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    blocked = models.JSONField(default=list)
    set_aside = models.JSONField(default=list)
    causes = models.JSONField(default=dict)
    changes = models.PositiveBigIntegerField(default=0)
    looked_ahead = models.CharField(max_length=64, blank=True)

    objects = OwnedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.operator_id}: change {self.changes}"
