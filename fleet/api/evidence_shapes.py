"""What the addresses of evidence take and give, as the schema tells it."""

from __future__ import annotations

import json
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from fleet.models import OriginEvidence
from risk.engine.reserve import Strength

SAID = ("kind", "title", "country", "strength", "issued_on", "expires_on", "note")
FILTERS = ("entry_number", "purchase_order", "maker", "origin")
STRENGTHS = [each.value for each in Strength]


class Serials(serializers.Serializer):
    """Serial numbers from the first through the last; both of one length."""

    first = serializers.CharField(max_length=80)
    last = serializers.CharField(max_length=80)


@extend_schema_field(Serials(many=True))
class RangesOfSerials(serializers.Field):
    """Ranges as JSON text, since they come beside a file."""

    default_error_messages = {
        "not_json": "This is no JSON: {why}.",
        "not_ranges": 'Write ranges like [{{"first": "SN0001", "last": "SN0100"}}].',
    }

    def to_internal_value(self, data: Any) -> list[tuple[str, str]]:
        """Pairs of serial numbers. Raises ValidationError for what are none."""
        if isinstance(data, str):
            try:
                data = json.loads(data)
            except (ValueError, RecursionError) as wrong:
                self.fail("not_json", why=wrong)
        taken = Serials(data=data if isinstance(data, list) else [data], many=True)
        if not taken.is_valid():
            self.fail("not_ranges")
        return [(each["first"], each["last"]) for each in taken.validated_data]

    def to_representation(self, value: Any) -> Any:
        """As it is."""
        return value


class EvidenceTaken(serializers.Serializer):
    """A paper and what it covers: lots, serial numbers, or all lots of a filter whose words must all agree."""

    file = serializers.FileField(allow_empty_file=True, max_length=255)
    kind = serializers.ChoiceField(OriginEvidence.Kind.choices)
    title = serializers.CharField(max_length=200, help_text="How the paper is named in every reason.")
    country = serializers.RegexField("^[A-Z]{2}$", help_text="The origin that it bears.")
    strength = serializers.ChoiceField(STRENGTHS)
    issued_on = serializers.DateField(required=False, help_text="Since ever where it is left out.")
    expires_on = serializers.DateField(required=False, help_text="On this day it counts no more.")
    note = serializers.CharField(required=False, allow_blank=True, max_length=2_000)
    lots = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), required=False, max_length=10_000
    )
    serials = RangesOfSerials(required=False)
    entry_number = serializers.CharField(required=False, max_length=200)
    purchase_order = serializers.CharField(required=False, max_length=200)
    maker = serializers.CharField(required=False, max_length=200)
    origin = serializers.RegexField("^[A-Z]{2}$", required=False, help_text="The declared origin.")

    @property
    def said(self) -> dict[str, Any]:
        """What goes to the service of the paper."""
        return {name: self.validated_data[name] for name in SAID if name in self.validated_data}

    @property
    def covered(self) -> dict[str, Any]:
        """What goes to the service of its cover."""
        given = self.validated_data
        filters = {name: given[name] for name in FILTERS if name in given}
        return {"lot_ids": given.get("lots", []), "serials": given.get("serials", []), **filters}


class WithdrawalTaken(serializers.Serializer):
    """Why a paper counts no more."""

    because = serializers.CharField(max_length=300)


class EvidenceTold(serializers.Serializer):
    """A paper that bears an origin."""

    evidence = serializers.IntegerField()
    kind = serializers.ChoiceField(OriginEvidence.Kind.choices)
    title = serializers.CharField()
    file = serializers.CharField()
    sha256 = serializers.CharField()
    country = serializers.CharField()
    strength = serializers.ChoiceField(STRENGTHS)
    issued_on = serializers.DateField(allow_null=True)
    expires_on = serializers.DateField(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    lots_covered = serializers.IntegerField(help_text="Lots that are covered whole.")
    serials = Serials(many=True)
    added_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawn_because = serializers.CharField(allow_blank=True)
