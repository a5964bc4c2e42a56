"""Screening on record: runs, what each vendor was asked as, hits, and what people decided on them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from ledger.holds import free_at
from risk.engine.hits import Band
from risk.engine.reviews import Decision, HitState, binds
from risk.models.lists import ListedEntityRecord


class NameWeights(models.Model):
    """How many of the listed names bear each word, counted once: by these weights names are compared until they are
    counted anew, so that a small difference between two editions moves no strength but those it is about.

    `words` is JSON text of word -> bearers; `editions` says whose names were counted, by format.
    """

    normaliser_version = models.PositiveIntegerField()
    editions = models.JSONField()
    names = models.PositiveIntegerField()
    words = models.TextField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"weights {self.pk} of {self.names} names"

    @property
    def bearers(self) -> dict[str, int]:
        """How many names bear each word."""
        bearers: dict[str, int] = json.loads(self.words)
        return bearers


class RunQuerySet(models.QuerySet["ScreeningRun"]):
    """Questions about runs."""

    def last_run(self) -> ScreeningRun | None:
        """The newest run, without the words of its weights, which are long."""
        return self.select_related("weights").defer("weights__words").order_by("-number").first()


class ScreeningRun(models.Model):
    """One run, on record even when it found nothing. Numbers have no gap: of two runs at once one starts anew.

    `editions` says which edition of each format all vendors have been screened against once the run is over:
    format -> {"id", "number", "data_date", "sha256"}. `names` counts the names that were compared.
    """

    class Kind(models.TextChoices):
        """What set the run going, and so which side was asked."""

        FULL = "full", "every vendor against every list"
        LISTS = "lists", "what differs between editions, against every vendor"
        VENDORS = "vendors", "new and changed vendors, against every list"

    number = models.PositiveIntegerField(unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    cause = models.CharField(max_length=300)
    editions = models.JSONField()
    weights = models.ForeignKey(NameWeights, on_delete=models.PROTECT, related_name="+")
    normaliser_version = models.PositiveIntegerField()
    threshold = models.DecimalField(max_digits=3, decimal_places=2)
    vendors = models.PositiveIntegerField()
    names = models.PositiveIntegerField()
    parties = models.PositiveIntegerField()
    opened = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    lapsed = models.PositiveIntegerField()
    closed = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()

    objects = RunQuerySet.as_manager()

    def __str__(self) -> str:
        return f"screening run {self.number}"


class VendorScreening(models.Model):
    """What a vendor was last screened as; a vendor without one, or with `owed_at`, waits for its turn.

    `asked` holds the parties (the vendor, and those tied to it) with their names, countries and identifiers.
    """

    is_worked_out = True  # made anew from the vendor's record, so a merge of two leaves it behind

    vendor = models.OneToOneField("vendors.Vendor", on_delete=models.CASCADE, related_name="screening")
    asked = models.JSONField(default=list)
    asked_digest = models.CharField(max_length=64, blank=True)
    run = models.ForeignKey(ScreeningRun, null=True, on_delete=models.PROTECT, related_name="+")
    owed_at = models.DateTimeField(null=True, blank=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.vendor_id}: run {self.run_id}"


AWAITING = [state.value for state in HitState if state.awaits_decision]
BEARING = [*AWAITING, HitState.CONFIRMED.value]


class HitQuerySet(models.QuerySet["ScreeningHit"]):
    """Questions about hits."""

    def visible_to(self, operator: Any) -> Self:
        """Those of the register, and those of the operator's own private vendors."""
        return self.filter(Q(operator__isnull=True) | Q(operator=operator))

    def awaiting_decision(self) -> Self:
        """Those that a person has to look at."""
        return self.filter(state__in=AWAITING)

    def bearing(self) -> Self:
        """Those that say something of the vendor's sanction level."""
        return self.filter(state__in=BEARING)


class ScreeningHit(models.Model):
    """One vendor, or a party tied to it, that may be one entry of a list. Its state follows from what was found last
    and what was decided last (risk.engine.reviews).

    `party` is empty for the vendor itself. `operator` is set for a private vendor, whose hits only that operator
    sees. `record` is the entry as the list has it, or had it last. `evidence` is HitCandidate.told; `decided_on` the
    digest of the evidence of the last decision in force and `decided_evidence` that evidence.
    """

    follows_facts = True  # a hit is about the names of its vendor, and goes along only where these go

    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.CASCADE, related_name="hits")
    operator = models.ForeignKey(
        "fleet.Operator", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    party = models.CharField(max_length=300, blank=True)
    relation = models.CharField(max_length=200, blank=True)
    list_code = models.CharField(max_length=100)
    entity_id = models.CharField(max_length=255)
    record = models.ForeignKey(ListedEntityRecord, on_delete=models.PROTECT, related_name="+")
    strength = models.DecimalField(max_digits=3, decimal_places=2)
    band = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Band])
    evidence = models.JSONField()
    evidence_digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=[(each.value, each.value) for each in HitState])
    decision = models.CharField(max_length=10, blank=True)
    decided_on = models.CharField(max_length=64, blank=True)
    decided_evidence = models.JSONField(default=dict)
    changed_because = models.TextField(blank=True)
    first_run = models.ForeignKey(ScreeningRun, on_delete=models.PROTECT, related_name="+")
    last_run = models.ForeignKey(ScreeningRun, on_delete=models.PROTECT, related_name="+")

    objects = HitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "party", "list_code", "entity_id"], name="one_hit_a_vendor_and_listed_party"
            )
        ]
        indexes = [
            models.Index(fields=["list_code", "entity_id"]),
            models.Index(fields=["state", "strength"]),
        ]

    def __str__(self) -> str:
        return f"{self.vendor_id}: {self.list_code} {self.entity_id}"

    @property
    def binds(self) -> bool:
        """Whether the vendor counts as the listed party."""
        return binds(HitState(self.state), Decision(self.decision) if self.decision else None)


NEVER_CHANGES = "A decision on record never changes; make another one."


class DecisionQuerySet(models.QuerySet["HitDecision"]):
    """Decisions are added; they are neither changed nor taken away. Raises ValidationError."""

    def update(self, **values: Any) -> int:
        """Is refused."""
        raise ValidationError(NEVER_CHANGES, code="decision_on_record")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Is refused; with its vendor a hit goes as a whole."""
        raise ValidationError(NEVER_CHANGES, code="decision_on_record")


class HitDecision(models.Model):
    """What a person said of a hit on the evidence of that moment. Never changed, never deleted.

    Where two persons are asked for, the first one's word is not in force until a second says the same: `seconds`
    is then the first one's.
    """

    hit = models.ForeignKey(ScreeningHit, on_delete=models.CASCADE, related_name="decisions")
    decision = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Decision])
    reason = models.TextField()
    evidence_digest = models.CharField(max_length=64)
    evidence = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_in_force = models.BooleanField()
    seconds = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.RESTRICT, related_name="seconded_by"
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_decision_says_why"),
            models.CheckConstraint(
                condition=Q(seconds__isnull=True) | Q(is_in_force=True),
                name="a_seconded_decision_is_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hit_id}: {self.decision}"

    def save(self, *arguments: Any, **named: Any) -> None:
        """Keep a new decision. Raises ValidationError for one that is on record."""
        if self.pk:
            raise ValidationError(NEVER_CHANGES, code="decision_on_record")
        super().save(*arguments, **named)


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Questions about notices."""

    def to_be_sent(self, now: datetime) -> Self:
        """Those that were not sent, and that no worker is sending."""
        return self.filter(free_at(now), sent_at__isnull=True)


class Notice(models.Model):
    """Something that people have to be told, written with what it tells of. `sent_at` is empty until it was mailed;
    without a mail server, or without anybody's address, it is read in the console.

    `operator` empty: for those who keep the platform's register. `about` names what is told of only once, such as an
    edition that grew old. `claimed_until`: while a worker sends it.
    """

    kind = models.CharField(max_length=40)
    operator = models.ForeignKey("fleet.Operator", null=True, on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey(ScreeningRun, null=True, on_delete=models.CASCADE, related_name="notices")
    about = models.CharField(max_length=120, blank=True)
    sentence = models.TextField()
    detail = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "kind", "operator"], name="one_notice_a_run_and_operator"),
            models.UniqueConstraint(
                fields=["run", "kind"],
                condition=Q(operator__isnull=True),
                name="one_notice_a_run_for_the_register",
            ),
            models.UniqueConstraint(
                fields=["kind", "about"], condition=~Q(about=""), name="told_of_the_same_once"
            ),
        ]

    def __str__(self) -> str:
        return self.sentence
