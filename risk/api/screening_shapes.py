"""What screening's addresses take and give, as the schema tells it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from risk.engine.hits import Band
from risk.engine.reviews import Decision, HitState
from risk.engine.terms.countries import CountryCode

STRENGTH = "A decimal from 0 to 1; 0.85 and more: act, 0.70 and more: review."
BANDS = [each.value for each in Band]


class NameTaken(serializers.Serializer):
    """A name to be screened; nothing is recorded."""

    name = serializers.CharField(max_length=300, help_text="In any script.")
    country = serializers.CharField(
        max_length=60,
        required=False,
        help_text="The country of the company: an ISO code or its English name.",
    )
    list = serializers.CharField(max_length=100, required=False, help_text="One list alone, by its code.")

    def validate_country(self, value: str) -> CountryCode:
        """The code. Raises ValidationError for what is no country."""
        try:
            return CountryCode.parse(value)
        except ValueError as wrong:
            raise serializers.ValidationError(str(wrong), code="country_unknown") from None


class AlikeTold(serializers.Serializer):
    """A listed party that the name is like."""

    list = serializers.CharField()
    entity_id = serializers.CharField()
    name = serializers.CharField()
    matched_name = serializers.CharField()
    strength = serializers.CharField(help_text=STRENGTH)
    band = serializers.ChoiceField(BANDS)
    programs = serializers.ListField(child=serializers.CharField())
    listed_on = serializers.DateField(allow_null=True, help_text="null: the source gives none.")
    citations = serializers.ListField(child=serializers.CharField())
    reasons = serializers.ListField(child=serializers.CharField())


class WordsTold(serializers.Serializer):
    """The listed parties at or over the threshold of review, strongest first."""

    query = serializers.CharField()
    hits: Any = AlikeTold(many=True)


class WordTold(serializers.Serializer):
    """A word of each name, and why they agree."""

    vendor = serializers.CharField()
    listed = serializers.CharField()
    similarity = serializers.CharField()
    weight = serializers.CharField()
    why = serializers.CharField()


class DecisionTold(serializers.Serializer):
    """What a person said last."""

    decision = serializers.ChoiceField([each.value for each in Decision])
    reason = serializers.CharField()
    at = serializers.DateTimeField()
    is_in_force = serializers.BooleanField(help_text="false: a second person has to say the same.")


class HitTold(serializers.Serializer):
    """A screening hit on record. `party` is null for the vendor itself."""

    id = serializers.IntegerField()
    party = serializers.CharField(allow_null=True)
    relation = serializers.CharField(allow_null=True)
    list = serializers.CharField()
    entity_id = serializers.CharField()
    name = serializers.CharField()
    matched_name = serializers.CharField()
    vendor_name = serializers.CharField()
    strength = serializers.CharField(help_text=STRENGTH)
    band = serializers.ChoiceField(BANDS)
    state = serializers.ChoiceField([(each.value, each.name) for each in HitState])
    binds = serializers.BooleanField(help_text="The vendor counts as the listed party.")
    changed_because = serializers.CharField(allow_null=True)
    programs = serializers.ListField(child=serializers.CharField())
    listed_on = serializers.DateField(allow_null=True, help_text="null: the source gives none.")
    citations = serializers.ListField(child=serializers.CharField())
    edition = serializers.CharField(help_text="The edition of the list with which the entry came.")
    sha256 = serializers.CharField()
    words = WordTold(many=True)
    reasons = serializers.ListField(child=serializers.CharField())
    decision = DecisionTold(allow_null=True)
