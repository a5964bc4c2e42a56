"""Purchases asked about before they are made: the operator's limits, and every answer with all that it rests on."""

from __future__ import annotations

import json
import secrets
from typing import Any

from django.conf import settings
from django.db import models

from fleet.models.operator import Owned
from risk.engine.verdicts import LimitKind, PurchaseLimit, PurchaseVerdict, limit_from

MARK = "pc_"
RANDOM_BYTES = 12


def new_code() -> str:
    """A number of a check that nobody guesses: 96 random bits."""
    return MARK + secrets.token_hex(RANDOM_BYTES)


class PurchaseRule(Owned):
    """One limit of an operator on purchases; `place` is its place in the list. Shipped ones of other kinds hold."""

    kind = models.CharField(max_length=30, choices=[(kind.value, kind.value) for kind in LimitKind])
    measure = models.CharField(max_length=200, blank=True)
    verdict = models.CharField(
        max_length=10, choices=[(each.value, each.value) for each in PurchaseVerdict if each != "allow"]
    )
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "kind", "measure"], name="one_purchase_rule_of_a_measure"
            )
        ]

    def __str__(self) -> str:
        return self.limit.words

    @property
    def limit(self) -> PurchaseLimit:
        """The limit as the engine takes it."""
        return limit_from(self.kind, self.measure, self.verdict)


class PurchaseCheck(Owned):
    """One answer to the question before a purchase; never changed, but for the upload that ordered it.

    `asked` is the question as it was read, `told` the whole answer as JSON text, the same bytes whenever it is read.
    `digest` is that of the question, the day, the edition, the list editions, the limits and the engine version.
    `made_with` is the prefix of the API key, empty where a person asked.
    """

    code = models.CharField(max_length=40, unique=True, default=new_code, editable=False)
    asked = models.JSONField()
    asked_on = models.DateField()
    edition = models.ForeignKey("risk.PolicyEdition", on_delete=models.PROTECT, related_name="+")
    list_editions = models.JSONField(default=dict)
    engine_version = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)
    verdict = models.CharField(max_length=10, choices=[(each.value, each.value) for each in PurchaseVerdict])
    decided_by = models.CharField(max_length=300, blank=True)
    purchase_order = models.CharField(max_length=100, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    lines = models.PositiveIntegerField()
    units = models.PositiveIntegerField()
    landed_cents = models.BigIntegerField(null=True)
    told = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_with = models.CharField(max_length=20, blank=True)
    upload = models.ForeignKey("fleet.Upload", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["operator", "-id"])]

    def __str__(self) -> str:
        return self.code

    @property
    def answer(self) -> dict[str, Any]:
        """The answer as it was given."""
        told: dict[str, Any] = json.loads(self.told)
        return told
