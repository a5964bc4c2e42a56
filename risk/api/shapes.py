"""What risk's addresses take and give, as the schema tells it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from risk.engine.findings import SanctionLevel
from risk.engine.shares import Kind, Part
from risk.selectors import GROUPINGS

SHARE = "A decimal from 0 to 1; null: a share of nothing."
USD = "US dollars; null: not known, which is never 0."


class PartTold(serializers.Serializer):
    """A part of the fleet: how many rigs, and which share of each measure."""

    units = serializers.IntegerField()
    share_of_units = serializers.CharField(allow_null=True, help_text=SHARE)
    share_of_hashrate = serializers.CharField(allow_null=True, help_text=SHARE)
    share_of_power = serializers.CharField(allow_null=True, help_text=SHARE)
    share_of_value = serializers.CharField(allow_null=True, help_text=SHARE)


class RigsTold(serializers.Serializer):
    """Rigs counted and measured, and how many of them each measure covers."""

    lots = serializers.IntegerField()
    units = serializers.IntegerField()
    hashrate_ths = serializers.CharField()
    power_kw = serializers.CharField()
    customs_value = serializers.CharField()
    units_with_hashrate = serializers.IntegerField()
    units_with_power = serializers.IntegerField()
    units_with_value = serializers.IntegerField()


ExposedTold = inline_serializer("ExposedTold", {kind.value: PartTold() for kind in Kind})
BarTold = inline_serializer("BarTold", {part.value: PartTold() for part in Part})


class DutyTold(serializers.Serializer):
    """The four amounts, summed over the lots whose amount is known; they are never added together."""

    to_come = serializers.CharField()
    contingent = serializers.CharField()
    refundable = serializers.CharField()
    replacement = serializers.CharField()
    unknown_lots = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many lots are not in each sum."
    )


class DoubtTold(serializers.Serializer):
    """What is missing."""

    lots = serializers.IntegerField()
    facts = serializers.DictField(
        child=serializers.IntegerField(), help_text="Lots by the fact that they lack."
    )


class GroupTold(RigsTold):
    """One group of the fleet."""

    key = serializers.CharField(allow_null=True)
    exposed = ExposedTold
    bar = BarTold


class AssessingTold(serializers.Serializer):
    """How far assessing is, over the runs that still owe lots."""

    percent = serializers.IntegerField()
    lots_done = serializers.IntegerField()
    lots_left = serializers.IntegerField()


class ExposureTold(serializers.Serializer):
    """The exposed share of a fleet, with what it rests on."""

    operator = serializers.CharField()
    assessed_on = serializers.DateField()
    policy_edition = serializers.IntegerField(allow_null=True)
    verified_through = serializers.DateField(
        allow_null=True, help_text="The law was checked through this day."
    )
    list_editions = serializers.DictField(child=serializers.CharField())
    owed_lots = serializers.IntegerField(help_text="Lots whose change is not assessed yet.")
    fresh = serializers.BooleanField(
        required=False,
        help_text="Nothing is owed: every change of the fleet, of law, of lists and of the calendar is in these "
        "numbers. Only of today's share.",
    )
    as_of = serializers.DateTimeField(
        required=False, allow_null=True, help_text="When a finding was last made or found to stand."
    )
    assessing = AssessingTold(required=False, allow_null=True)
    set_aside_lots = serializers.IntegerField(
        required=False, help_text="Lots that could not be assessed; they count as unknown."
    )
    fleet = RigsTold()
    exposed = ExposedTold
    bar = BarTold
    duty = DutyTold()
    doubt = DoubtTold()
    groups = GroupTold(many=True, required=False)


class LotAmountsTold(serializers.Serializer):
    """The four amounts of a lot."""

    to_come = serializers.CharField(allow_null=True, help_text=USD)
    contingent = serializers.CharField(allow_null=True, help_text=USD)
    refundable = serializers.CharField(allow_null=True, help_text=USD)
    replacement = serializers.CharField(allow_null=True, help_text=USD)


class StandingTold(serializers.Serializer):
    """A lot's finding on one side."""

    country_of_origin = serializers.CharField(allow_null=True)
    additional_rate_percent = serializers.CharField(allow_null=True)
    band = serializers.CharField()
    sanction_level = serializers.ChoiceField([level.value for level in SanctionLevel])
    duty = LotAmountsTold()


class MovedTold(serializers.Serializer):
    """A lot that differs; `lot` is null where it would be made, a side is null where there is none."""

    lot = serializers.IntegerField(allow_null=True)
    maker = serializers.CharField()
    model = serializers.CharField()
    units_before = serializers.IntegerField()
    units_after = serializers.IntegerField()
    before = StandingTold(allow_null=True)
    after = StandingTold(allow_null=True)


class WhatIfTold(serializers.Serializer):
    """Both sides of a supposition, and the lots with most hashrate among those that differ, at most 100."""

    title = serializers.CharField(allow_blank=True)
    before = ExposureTold()
    after = ExposureTold()
    lots_moved = serializers.IntegerField()
    moved = MovedTold(many=True)


class ExposureAsked(serializers.Serializer):
    """What of the exposed share is asked for."""

    on = serializers.DateField(required=False, help_text="The day asked about; today where it is left out.")
    by = serializers.ChoiceField(list(GROUPINGS), required=False, help_text="Group the shares.")


class Changes(serializers.ListField):
    """Changes of one kind; each is read as docs/what-if.md says."""

    child: Any = serializers.DictField()

    def __init__(self, **named: Any) -> None:
        super().__init__(required=False, max_length=1_000, **named)


def _room(name: str, *kinds: str) -> Any:
    return inline_serializer(name, {kind: Changes() for kind in kinds}, required=False)


class ScenarioTaken(serializers.Serializer):
    """What is supposed, in the words of a scenario file."""

    on = serializers.DateField(required=False, help_text="The day asked about; today where it is left out.")
    title = serializers.CharField(required=False, allow_blank=True, max_length=120)
    measures = _room("MeasuresSupposed", "added", "ended", "changed")
    vendors = _room("VendorsSupposed", "listed")
    origins = _room("OriginsSupposed", "contested")
    rigs = _room("RigsSupposed", "bought", "sold", "moved", "delayed")
