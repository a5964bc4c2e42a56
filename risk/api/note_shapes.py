"""What risk's addresses give beside the exposed share, as the schema tells it: findings, entries, notes, the law."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from risk.api.shapes import USD, BarTold, ExposedTold, LotAmountsTold, PartTold
from risk.engine.findings import SanctionLevel
from risk.engine.refunds import Route
from risk.flows.reserve_note import COLUMNS

PERCENT = "Percent of the customs value; null: not known."


def _text(help_text: str = "", **how: Any) -> serializers.CharField:
    return serializers.CharField(help_text=help_text or None, **how)


def _maybe(help_text: str = "") -> serializers.CharField:
    return _text(help_text, allow_null=True)


class DayAsked(serializers.Serializer):
    """The day and the law asked about."""

    on = serializers.DateField(required=False, help_text="The day asked about; today where it is left out.")
    edition = serializers.IntegerField(
        required=False, min_value=1, max_value=10**9, help_text="A published policy edition."
    )


class EntriesAsked(DayAsked):
    """Which entries, and how much of them."""

    number = serializers.CharField(required=False, max_length=200, help_text="The entry of this number.")
    rigs = serializers.BooleanField(
        required=False, default=False, help_text="What each rig cost to land, too; with `number` alone."
    )
    cursor = serializers.CharField(
        required=False, help_text="Where the page begins; follow `next` and `previous`."
    )
    page_size = serializers.CharField(required=False, help_text="Rows on a page, from 1 to 1,000.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Rigs are told of one entry at a time: a fleet may have a million."""
        if attrs["rigs"] and not attrs.get("number"):
            raise serializers.ValidationError(
                {"rigs": ["Name the entry by its `number`."]}, code="number_missing"
            )
        return attrs


class HistoryAsked(serializers.Serializer):
    """Which days."""

    to = serializers.DateField(
        required=False, help_text="The last day; the last known coming change where it is left out."
    )
    edition = serializers.IntegerField(required=False, min_value=1, max_value=10**9)

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of the language, so it is no name of an attribute."""
        first = serializers.DateField(
            required=False, help_text="The first day; 2018-07-01 where it is left out."
        )
        return {"from": first, **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse days the wrong way round."""
        if attrs.get("from") and attrs.get("to") and attrs["to"] < attrs["from"]:
            raise serializers.ValidationError(
                {"to": ["The last day lies before the first."]}, code="days_reversed"
            )
        return attrs


class FindingTold(serializers.Serializer):
    """A lot's finding in brief."""

    lot = serializers.IntegerField()
    maker = _text()
    model = _text()
    entry_number = _maybe()
    purchase_order = _maybe()
    policy_edition = serializers.IntegerField()
    list_editions = serializers.DictField(child=serializers.CharField())
    assessed_at = serializers.DateTimeField()
    stage = _text()
    origin = _maybe("The origin assessed.")
    contested_origin = _maybe("The origin that customs is reported to assert.")
    additional_rate_percent = _maybe(PERCENT)
    best_additional_rate_percent = _maybe(PERCENT)
    worst_additional_rate_percent = _maybe("Null: no bound is known.")
    sanction_level = serializers.ChoiceField([level.value for level in SanctionLevel])
    is_screened = serializers.BooleanField()
    score = serializers.IntegerField(allow_null=True)
    band = _text()
    duty = LotAmountsTold()
    doubted_facts = serializers.ListField(child=serializers.CharField())


class ExplanationTold(serializers.Serializer):
    """One lot's facts and its finding in the words of the reasons."""

    lot = serializers.IntegerField()
    policy_edition = serializers.IntegerField()
    verified_through = serializers.DateField(allow_null=True)
    list_editions = serializers.DictField(child=serializers.CharField())
    engine_version = _text()
    assessed_at = serializers.DateTimeField()
    facts = serializers.DictField(child=serializers.JSONField())
    origin = _maybe()
    contested_origin = _maybe()
    additional_rate_percent = _maybe(PERCENT)
    score = serializers.IntegerField(allow_null=True)
    band = _text()
    duty = LotAmountsTold()
    questions = serializers.ListField(child=serializers.DictField(child=serializers.JSONField()))


class FeeTold(serializers.Serializer):
    """A fee, taken once an entry."""

    measure = _text()
    title = _text()
    amount = _text()


class LineTold(serializers.Serializer):
    """A line of duty on a lot."""

    measure = _text()
    rate_percent = _text()
    duty = _text()


class EntryLotTold(serializers.Serializer):
    """A lot of an entry, and its part of the fees by customs value."""

    lot = serializers.IntegerField()
    maker = _text()
    model = _text()
    country_of_origin = _maybe()
    units = serializers.IntegerField()
    customs_value = _maybe(USD)
    duty = _maybe(USD)
    fees = _maybe(USD)
    lines = LineTold(many=True, allow_null=True)
    duty_paid = _maybe(USD)
    units_without_duty_paid = serializers.IntegerField()


class LandedLineTold(serializers.Serializer):
    """A rig's part of a line of duty."""

    measure = _text()
    duty = _text()


class LandedRigTold(serializers.Serializer):
    """A rig, or so many alike, and what it cost to land: customs value, duty and fees."""

    rig = serializers.IntegerField()
    lot = serializers.IntegerField()
    serial_number = _maybe()
    mac_address = _maybe()
    quantity = serializers.IntegerField()
    customs_value = _maybe(USD)
    lines = LandedLineTold(many=True, allow_null=True)
    duty = _maybe(USD)
    fees = _maybe(USD)
    landed_cost = _maybe(USD)
    duty_paid = _maybe(USD)


class EntryTold(serializers.Serializer):
    """A customs entry; without a number it is a purchase order, a day and an importer."""

    entry_number = _maybe()
    entry_date = serializers.DateField()
    import_country = _maybe()
    purchase_order = _maybe()
    importer_of_record = _maybe()
    units = serializers.IntegerField()
    customs_value = _maybe(USD)
    duty = _maybe(USD)
    fees = FeeTold(many=True, allow_null=True)
    total_fees = _maybe(USD)
    duty_paid = _maybe(USD)
    units_without_duty_paid = serializers.IntegerField()
    explanation = serializers.ListField(
        child=serializers.CharField(), help_text="What lies between the duty paid and the duty computed."
    )
    lots = EntryLotTold(many=True)
    rigs = LandedRigTold(many=True, required=False)


class EntriesTold(serializers.Serializer):
    """A page of entries, and the law under which they were computed."""

    operator = _text()
    on = serializers.DateField()
    policy_edition = serializers.IntegerField()
    verified_through = serializers.DateField(allow_null=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = EntryTold(many=True)


class LiquidationTaken(serializers.Serializer):
    """An entry and the day on which customs liquidated it."""

    entry_number = serializers.CharField(max_length=50)
    liquidated_on = serializers.DateField()


class LiquidationsTaken(serializers.Serializer):
    """Days of liquidation, and where they are from."""

    liquidations = serializers.ListField(child=LiquidationTaken(), allow_empty=False, max_length=10_000)

    def get_fields(self) -> dict[str, Any]:
        """`source` is a word of the framework, so it is no name of an attribute."""
        source = serializers.CharField(max_length=200, help_text="A report of ACE and its day, for instance.")
        return {"source": source, **super().get_fields()}


class LiquidationsTold(serializers.Serializer):
    """How many entries have another day now, and how many had it already."""

    recorded = serializers.IntegerField()
    unchanged = serializers.IntegerField()


class MovedByTold(serializers.Serializer):
    """A measure that begins or ends."""

    measure = _text()
    title = _text()
    legal_reference = _text()


def _step(name: str, **more: serializers.Field) -> serializers.Serializer:
    fields: dict[str, Any] = {
        **more,
        "from": serializers.DateField(),
        "through": serializers.DateField(),
        "exposed": ExposedTold,
        "bar": BarTold,
        "begun": MovedByTold(many=True),
        "ended": MovedByTold(many=True),
        "lots_moved": serializers.IntegerField(),
        "lots_of_their_own": serializers.IntegerField(),
        "points": serializers.DictField(
            child=serializers.CharField(allow_null=True),
            help_text="Percentage points by which the share moved, by measure of the fleet.",
        ),
    }
    return inline_serializer(name, fields, many=True)


class HistoryTold(serializers.Serializer):
    """The share of today's fleet under the law of every day."""

    operator = _text()
    today = serializers.DateField()
    policy_edition = serializers.IntegerField()
    verified_through = serializers.DateField(allow_null=True)
    list_editions = serializers.DictField(child=serializers.CharField())
    steps = _step("StepTold")
    coming = _step("ComingTold", days_left=serializers.IntegerField())


class CountedTold(serializers.Serializer):
    """Rigs, and how many of them have a hashrate on record."""

    units = serializers.IntegerField()
    hashrate_ghs = serializers.IntegerField()
    units_with_hashrate = serializers.IntegerField()


class FactTold(CountedTold):
    """A fact that lots lack, and between which rates they lie for it."""

    fact = _text()
    lots = serializers.ListField(child=serializers.IntegerField())
    undecided = CountedTold()
    best_additional_rate_percent = _text(PERCENT)
    worst_additional_rate_percent = _maybe("Null: no bound is known.")


class AskTold(CountedTold):
    """What to collect for which lots, most settled first."""

    facts = serializers.ListField(child=serializers.CharField())
    lots = serializers.ListField(child=serializers.IntegerField())
    best_additional_rate_percent = _text(PERCENT)
    worst_additional_rate_percent = _maybe("Null: no bound is known.")
    settled = _text("The share of what is unknown that this and everything above it would settle.")
    sentence = _text()


class DoubtsTold(serializers.Serializer):
    """What is unknown of the fleet."""

    operator = _text()
    today = serializers.DateField()
    policy_edition = serializers.IntegerField(allow_null=True)
    verified_through = serializers.DateField(allow_null=True)
    list_editions = serializers.DictField(child=serializers.CharField())
    exposed = PartTold()
    exposed_at_most = PartTold()
    unknown = CountedTold()
    facts = FactTold(many=True)
    asks = AskTold(many=True)


class ClockTold(serializers.Serializer):
    """A clock of an entry; `days_left` null: it has run out."""

    clock = _text()
    last_day = serializers.DateField()
    days_left = serializers.IntegerField(allow_null=True)
    is_estimated = serializers.BooleanField()


class OriginTold(serializers.Serializer):
    """An origin, who says so, and since when."""

    country = _maybe()
    since = serializers.DateField(allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        """`source` is a word of the framework, so it is no name of an attribute."""
        return {"source": _text(allow_blank=True), **super().get_fields()}


def _columns() -> dict[str, Any]:
    return {
        "lots": serializers.IntegerField(),
        **{column: _text("US dollars.") for column in COLUMNS},
        "unknown_lots": serializers.DictField(
            child=serializers.IntegerField(), help_text="Lots that are in no sum of the column."
        ),
    }


def _sums(name: str, key: str, **more: Any) -> serializers.Serializer:
    return inline_serializer(name, {key: _maybe(), **_columns(), **more}, many=True)


class ReserveLotTold(serializers.Serializer):
    """A lot of the note."""

    lot = serializers.IntegerField()
    maker = _text()
    model = _text()
    entry_number = _maybe()
    entry_date = serializers.DateField(allow_null=True)
    units = serializers.IntegerField()
    customs_value = _maybe(USD)
    declared_origin = OriginTold()
    assessed_origin = OriginTold()
    contested_origin = _maybe()
    low = _maybe(USD)
    likely = _maybe(USD)
    high = _maybe(USD)
    because = _text()
    clocks = ClockTold(many=True)


class ReserveTold(serializers.Serializer):
    """What a dispute over origin could cost, and under which assumptions."""

    operator = _text()
    on = serializers.DateField()
    policy_edition = serializers.IntegerField()
    verified_through = serializers.DateField(allow_null=True)
    currency = _text()
    assumptions = serializers.DictField(child=serializers.CharField())
    total = inline_serializer("ReserveSum", _columns())
    by_stage = _sums("ReserveByStage", "stage")
    by_entry = _sums("ReserveByEntry", "entry_number", clocks=ClockTold(many=True))
    by_maker = _sums("ReserveByMaker", "maker")
    by_site = _sums("ReserveBySite", "site")
    lots = ReserveLotTold(many=True)


class RefundLineTold(serializers.Serializer):
    """What could come back of one entry under one measure."""

    entry_number = _maybe()
    entry_date = serializers.DateField()
    lots = serializers.ListField(child=serializers.IntegerField())
    measure = _text()
    title = _text()
    legal_reference = _text()
    amount = _maybe(USD)
    unknown_lots = serializers.IntegerField()
    route = serializers.ChoiceField([str(route) for route in Route])
    route_sentence = _text()
    last_day = serializers.DateField(allow_null=True)
    days_left = serializers.IntegerField(allow_null=True)


RouteTold = inline_serializer("RouteTold", {"entries": serializers.IntegerField(), "amount": _text()})


class RefundsTold(serializers.Serializer):
    """What could come back."""

    operator = _text()
    on = serializers.DateField()
    policy_edition = serializers.IntegerField()
    verified_through = serializers.DateField(allow_null=True)
    currency = _text()
    total = _text("US dollars, over the lots whose amount is known.")
    unknown_lots = serializers.IntegerField()
    by_route = serializers.DictField(child=RouteTold)
    lines = RefundLineTold(many=True)
    without_entry_number = inline_serializer(
        "RefundsApart", {"sentence": _text(allow_blank=True), "lines": RefundLineTold(many=True)}
    )
    undecided = inline_serializer(
        "RefundsUndecided",
        {
            "sentence": _text(allow_blank=True),
            "lots": serializers.ListField(child=serializers.IntegerField()),
        },
    )
    portal_files = serializers.ListField(
        child=serializers.IntegerField(), help_text="Entry numbers in each file for the refund portal."
    )


class EditionTold(serializers.Serializer):
    """A published policy edition."""

    edition = serializers.IntegerField()
    title = _text(allow_blank=True)
    digest = _text()
    verified_through = serializers.DateField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    reason = _text(allow_blank=True)
    restates = serializers.IntegerField(allow_null=True, help_text="The edition whose error it mends.")


class MeasureTold(serializers.Serializer):
    """A measure of an edition."""

    measure = _text()
    family = _text()
    title = _text()
    authority = _text()
    rate_type = _text(allow_blank=True)
    rate_percent = _maybe()
    effective_from = serializers.DateField()
    effective_through = serializers.DateField(allow_null=True)
    confidence = _text()
    legal_reference = _text()
    record = serializers.DictField(child=serializers.JSONField())
