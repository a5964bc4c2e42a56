"""What the addresses of receipts take and give, as the schema tells it; what is taken is read and refused here."""

from __future__ import annotations

import json
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from fleet.api.shapes import PreviewTold, ProblemTold, UndoTold
from fleet.flows.manifest import MOST_UNITS
from fleet.flows.receive_goods import RECEIVABLE
from fleet.models.receipt import ReceiptState
from ledger.api.strict import Strict
from risk.engine.terms.rigs import RigStatus, TransportMode

LARGEST_ID = 2**63 - 1

RECEIVED_STATUSES = [str(each) for each in RECEIVABLE]


class UnitsOf(serializers.Serializer):
    """So many units of a model, or of a lot on order: one of the two."""

    model = serializers.CharField(required=False, max_length=200)
    lot = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    units = serializers.IntegerField(min_value=1, max_value=MOST_UNITS)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Raises ValidationError unless exactly one of model and lot is named."""
        if len({"model", "lot"} & set(attrs)) != 1:
            raise serializers.ValidationError("Name a model or a lot.", code="units_of_what")
        return attrs


@extend_schema_field(UnitsOf(many=True))
class Units(serializers.Field):
    """A list of UnitsOf; in a form its JSON text."""

    default_error_messages = {
        "not_units": 'Write a list like [{{"model": "Antminer S21", "units": 200}}].',
    }

    def to_internal_value(self, data: Any) -> list[tuple[str, int]]:
        """Pairs as the receipt keeps them. Raises ValidationError with what is expected."""
        if isinstance(data, str):
            try:
                data = json.loads(data)
            except (ValueError, RecursionError):
                self.fail("not_units")
        if not isinstance(data, list):
            self.fail("not_units")
        taken = UnitsOf(data=data, many=True)
        taken.is_valid(raise_exception=True)
        return [
            (f"lot {each['lot']}" if "lot" in each else each["model"], each["units"])
            for each in taken.validated_data
        ]

    def to_representation(self, value: Any) -> Any:
        """As it is."""
        return value


class ReceiptTaken(Strict):
    """What was entered, and what came: a manifest as `file`, or `units`. What is left out stays as on order."""

    purchase_order = serializers.CharField(max_length=100)
    entry_date = serializers.DateField()
    entry_number = serializers.CharField(required=False, max_length=50, allow_blank=True)
    import_country = serializers.CharField(
        required=False, max_length=2, allow_blank=True, help_text="ISO 3166-1 alpha-2."
    )
    transport_mode = serializers.ChoiceField([str(mode) for mode in TransportMode], required=False)
    loaded_date = serializers.DateField(required=False)
    importer_of_record = serializers.CharField(required=False, max_length=200, allow_blank=True)
    site = serializers.CharField(
        required=False, max_length=120, allow_blank=True, help_text="Where the rigs arrived; made if new."
    )
    status = serializers.ChoiceField(RECEIVED_STATUSES, default=RigStatus.STORED.value)
    units = Units(required=False)
    sheet = serializers.CharField(
        required=False, max_length=100, allow_blank=True, help_text="Of the manifest, where it has several."
    )
    file = serializers.FileField(
        required=False,
        allow_empty_file=True,
        help_text="The manifest, one line a rig: .xlsx, .xlsm, .xlsb, .xls, .ods, .csv, .tsv",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Raises ValidationError for goods that are told twice."""
        if attrs.get("file") is not None and attrs.get("units"):
            raise serializers.ValidationError("Send a manifest or units, not both.", code="goods_told_twice")
        return attrs


class ReceiptSent(ReceiptTaken):
    """The same as JSON, where there is no manifest."""

    file = None  # type: ignore[assignment]


class ReceiptListed(serializers.Serializer):
    """A receipt in brief; `receipt` is null where nothing was kept. `units` counts machines."""

    receipt = serializers.IntegerField(allow_null=True)
    state = serializers.ChoiceField(ReceiptState.choices)
    purchase_order = serializers.CharField()
    entry_number = serializers.CharField(allow_blank=True)
    import_country = serializers.CharField(allow_blank=True)
    transport_mode = serializers.CharField(allow_blank=True)
    importer_of_record = serializers.CharField(allow_blank=True)
    site = serializers.CharField(allow_blank=True)
    status = serializers.CharField()
    entry_date = serializers.DateField()
    loaded_date = serializers.DateField(allow_null=True)
    manifest = serializers.CharField(allow_blank=True)
    sha256 = serializers.CharField(allow_blank=True)
    units = serializers.IntegerField(min_value=0)
    lots = serializers.IntegerField(min_value=0)
    checked_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField(allow_null=True)
    undone_at = serializers.DateTimeField(allow_null=True)


class ReceiptTold(ReceiptListed):
    """A receipt as it stands."""

    undo_report = UndoTold(allow_null=True)


class ReceivedTold(serializers.Serializer):
    """Units that come into one lot; null is a lot that would be made."""

    lot = serializers.IntegerField(allow_null=True)
    model = serializers.CharField()
    units = serializers.IntegerField(min_value=0)


class ReceiptDone(ReceiptTold):
    """What a receipt did, or would do; `units_left` stay on order (null: the same was received before)."""

    units_left = serializers.IntegerField(min_value=0, allow_null=True)
    received = ReceivedTold(many=True)
    notices = ProblemTold(many=True)
    preview = PreviewTold(required=False, allow_null=True)
    same_as = serializers.IntegerField(required=False, help_text="The receipt that did the same before.")
