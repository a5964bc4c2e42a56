"""What the addresses of purchase checks give, as the schema tells it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from fleet.api.shapes import UploadListed
from risk.api.screening_shapes import AlikeTold
from risk.api.shapes import USD, BarTold, ExposedTold, RigsTold
from risk.engine.findings import SanctionLevel
from risk.engine.verdicts import LimitKind, PurchaseVerdict

VERDICTS = [each.value for each in PurchaseVerdict]
LIMIT_KINDS = [each.value for each in LimitKind]
LEVELS = [each.value for each in SanctionLevel]
STATES = ("known", "doubt")
PERCENT = "Percent of the customs value; null: not known."


def _maybe(told: str = "") -> serializers.CharField:
    return serializers.CharField(allow_null=True, help_text=told or None)


def _texts() -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField())


class ReasonTold(serializers.Serializer):
    """A thing found, under a stable code."""

    code = serializers.CharField()
    sentence = serializers.CharField()


class LimitTold(serializers.Serializer):
    """A limit of the operator on purchases."""

    kind = serializers.ChoiceField(LIMIT_KINDS)
    measure = _maybe()
    verdict = serializers.ChoiceField(VERDICTS)
    words = serializers.CharField()


class AppliedTold(serializers.Serializer):
    """A limit that did not let it pass. `verdict` may be milder than the limit's own: what is unknown asks."""

    limit = serializers.CharField()
    kind = serializers.ChoiceField(LIMIT_KINDS)
    verdict = serializers.ChoiceField(VERDICTS)
    line = serializers.IntegerField(allow_null=True, help_text="From 0; null: the order as a whole.")
    sentence = serializers.CharField()


class EntryFeeTold(serializers.Serializer):
    """A fee of a customs entry."""

    measure = serializers.CharField()
    title = serializers.CharField()
    amount = serializers.CharField()
    legal_reference = serializers.CharField()


class DutyLineTold(serializers.Serializer):
    """One measure's duty."""

    measure = serializers.CharField()
    title = serializers.CharField()
    rate_percent = serializers.CharField()
    customs_value = serializers.CharField(help_text="What it is taken on.")
    duty = serializers.CharField()
    refundable = serializers.BooleanField()
    refundable_from = serializers.DateField(allow_null=True)
    legal_reference = serializers.CharField()
    because = _texts()


class DutyOfLine(serializers.Serializer):
    """The answer of `duty` for this line as an entry of its own."""

    hts_code = _maybe()
    country_of_origin = _maybe()
    entry_date = serializers.DateField()
    customs_value = serializers.CharField()
    currency = serializers.CharField()
    lines = DutyLineTold(many=True)
    total_rate_percent = serializers.CharField()
    total_duty = serializers.CharField()
    refundable_duty = serializers.CharField()
    fees = EntryFeeTold(many=True)
    total_fees = serializers.CharField()
    findings = ReasonTold(many=True)
    warnings = ReasonTold(many=True)
    verified_through = serializers.DateField()


class NamedModelTold(serializers.Serializer):
    """What the catalogue makes of the model; null with the nearest names where it cannot tell."""

    asked = serializers.CharField()
    maker = _maybe()
    model = _maybe()
    bin = _maybe()
    candidates = _texts()
    sentence = _maybe()


class NamedVendorTold(serializers.Serializer):
    """What the register makes of the vendor; null with the nearest names where nobody bears the name."""

    asked = _maybe()
    id = serializers.IntegerField(allow_null=True)
    name = _maybe()
    candidates = _texts()
    sentence = _maybe()


class ListingTold(serializers.Serializer):
    """The entry of a list that a party is, or may be."""

    party = serializers.CharField()
    list = serializers.CharField()
    entity_id = serializers.CharField()
    name = serializers.CharField()
    edition = serializers.CharField()
    is_confirmed = serializers.BooleanField()


class PartyTold(serializers.Serializer):
    """The maker or the vendor, how far lists reach it, why, and on what evidence."""

    role = serializers.ChoiceField(("maker", "vendor"))
    name = _maybe()
    vendor = serializers.IntegerField(allow_null=True, help_text="Its id in the register.")
    level = serializers.ChoiceField(LEVELS)
    is_screened = serializers.BooleanField()
    reasons = ReasonTold(many=True)
    listings = ListingTold(many=True)
    hits: Any = AlikeTold(many=True)


class SanctionOfLine(serializers.Serializer):
    """The strongest level of all parties."""

    level = serializers.ChoiceField(LEVELS)
    is_screened = serializers.BooleanField()
    parties = PartyTold(many=True)


class SanctionOfOrder(serializers.Serializer):
    """The strongest level of all lines."""

    level = serializers.ChoiceField(LEVELS)
    is_screened = serializers.BooleanField()


class LineDoubtTold(serializers.Serializer):
    """A fact that would settle it; duties above the base rate, at best and at worst."""

    fact = serializers.CharField()
    best_percent = serializers.CharField()
    worst_percent = _maybe("null: no bound is known.")
    best_duty = _maybe(USD)
    worst_duty = _maybe(USD)
    sentence = serializers.CharField()


class LandedUnitsTold(serializers.Serializer):
    """So many rigs, each of which costs so much to land."""

    units = serializers.IntegerField()
    each = serializers.CharField()


class Verdicts(serializers.Serializer):
    """The verdict, the limit that decided, and all that spoke."""

    verdict = serializers.ChoiceField(VERDICTS)
    decided_by = AppliedTold(allow_null=True)
    because = AppliedTold(many=True)


class CheckedLineTold(Verdicts):
    """One line. Amounts of null are not known, which is never 0."""

    line = serializers.IntegerField(help_text="Its place in the question, from 0.")
    reference = _maybe()
    state = serializers.ChoiceField(STATES)
    model = NamedModelTold()
    vendor = NamedVendorTold()
    quantity = serializers.IntegerField()
    unit_value = _maybe(USD)
    customs_value = _maybe(USD)
    facts = serializers.DictField(
        child=serializers.JSONField(), help_text="As the engine took them; null: not given."
    )
    stage = serializers.CharField()
    entry_date = serializers.DateField(allow_null=True)
    origin = _maybe()
    additional_rate_percent = _maybe(PERCENT)
    best_additional_rate_percent = serializers.CharField()
    worst_additional_rate_percent = _maybe(PERCENT)
    duty = DutyOfLine(allow_null=True)
    total_duty = _maybe(USD)
    fees = _maybe("Its part of the fees of its entry, by customs value. " + USD)
    landed_cost = _maybe("Customs value, duty and fees, without freight and insurance. " + USD)
    landed_unit_cost = _maybe("Of the dearest rig; `landed_units` has all, to the cent. " + USD)
    landed_units = LandedUnitsTold(many=True)
    sanction = SanctionOfLine()
    score = serializers.IntegerField(allow_null=True)
    band = serializers.CharField()
    unknown = _texts()
    doubts = LineDoubtTold(many=True)
    findings = ReasonTold(many=True)


class TotalsTold(serializers.Serializer):
    """Sums over all lines; null where one of them is not known."""

    lines = serializers.IntegerField()
    quantity = serializers.IntegerField()
    lines_in_doubt = serializers.IntegerField()
    customs_value = _maybe(USD)
    total_duty = _maybe(USD)
    refundable_duty = _maybe(USD)
    total_fees = _maybe(USD)
    landed_cost = _maybe(USD)
    unknown_lines = serializers.DictField(child=serializers.IntegerField())


class OfMeasureTold(serializers.Serializer):
    """The duty of the whole order under one measure."""

    measure = serializers.CharField()
    title = serializers.CharField()
    duty = serializers.CharField()
    legal_reference = serializers.CharField()


class EntryToComeTold(serializers.Serializer):
    """Lines that will be one customs entry; its fees are charged once."""

    entry_date = serializers.DateField()
    import_country = _maybe()
    importer_of_record = _maybe()
    lines = serializers.ListField(child=serializers.IntegerField())
    fees = EntryFeeTold(many=True, allow_null=True)
    total_fees = _maybe(USD)


class RigsMeasured(RigsTold):
    """Rigs counted and measured."""

    lots = None  # type: ignore[assignment]


class SharesTold(serializers.Serializer):
    """The exposed share of the fleet."""

    fleet = RigsMeasured()
    exposed = ExposedTold
    bar = BarTold
    duty_to_come = serializers.CharField()


class BothSharesTold(serializers.Serializer):
    """Before the purchase, and with it."""

    before = SharesTold()
    after = SharesTold()


class RestsOnTold(serializers.Serializer):
    """All that the answer rests on; the same digest is the same question on the same facts."""

    policy_edition = serializers.IntegerField()
    verified_through = serializers.DateField()
    list_editions = serializers.DictField(child=serializers.CharField())
    engine_version = serializers.CharField()
    limits = LimitTold(many=True)
    digest = serializers.CharField()


class AskedBy(serializers.Serializer):
    """The prefix of the key, or the person."""

    key = _maybe()
    person = _maybe()


class CheckTold(Verdicts):
    """A check, as it was answered and is kept."""

    id = serializers.CharField()
    made_at = serializers.DateTimeField()
    made_by = AskedBy()
    operator = serializers.CharField()
    on = serializers.DateField()
    purchase_order = _maybe()
    reference = _maybe()
    currency = serializers.CharField()
    totals = TotalsTold()
    duty = OfMeasureTold(many=True)
    entries = EntryToComeTold(many=True)
    sanction = SanctionOfOrder()
    score = serializers.IntegerField(allow_null=True)
    band = serializers.CharField()
    exposure = BothSharesTold()
    lines = CheckedLineTold(many=True)
    rests_on = RestsOnTold()


class CheckListed(serializers.Serializer):
    """A check in brief."""

    id = serializers.CharField()
    made_at = serializers.DateTimeField()
    on = serializers.DateField()
    verdict = serializers.ChoiceField(VERDICTS)
    decided_by = _maybe()
    purchase_order = _maybe()
    reference = _maybe()
    lines = serializers.IntegerField()
    quantity = serializers.IntegerField()
    landed_cost = _maybe(USD)
    policy_edition = serializers.IntegerField()
    digest = serializers.CharField()
    upload = serializers.IntegerField(allow_null=True, help_text="The upload that ordered it.")


class OrderTold(UploadListed):
    """The upload that puts a check on order; poll and undo it under `uploads/`."""

    id = serializers.CharField(help_text="The check.")
    purchase_order = serializers.CharField()
