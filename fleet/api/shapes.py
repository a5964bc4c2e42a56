"""What the fleet's addresses take and give, as the schema tells it; what is taken is read and refused here."""

from __future__ import annotations

import json
import re
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from fleet.flows.upload_choices import EmptyCell, FixedValue, Key, MissingRigs, Mode, NewIdentifier
from fleet.models.upload import UploadState
from fleet.sheets.cells.dates import DayOrder
from fleet.sheets.cells.numbers import DecimalMark
from fleet.sheets.files.delimited import DELIMITERS
from fleet.sheets.files.encodings import ENCODINGS
from fleet.sheets.instructions import Instructions
from ledger.api.strict import Strict

LAST_HEADING_ROW = 1_000
UNFIT = re.compile(r"[\x00\ud800-\udfff]")


@extend_schema_field(OpenApiTypes.OBJECT)
class JsonObject(serializers.Field):
    """A JSON object, in a form as its text: texts by text, or one level deeper where `deep`."""

    default_error_messages = {
        "not_json": "This is no JSON: {why}.",
        "not_object": 'Write a JSON object of texts, like {{"Serial": "serial_number"}}.',
    }

    def __init__(self, *, deep: bool = False, null: bool = False, **named: Any) -> None:
        super().__init__(**named)
        self.deep, self.null = deep, null

    def to_internal_value(self, data: Any) -> Any:
        """The object. Raises ValidationError with what is expected."""
        if isinstance(data, str):
            try:
                data = json.loads(data)
            except (ValueError, RecursionError) as wrong:
                self.fail("not_json", why=wrong)
        if not self._fits(data, self.deep):
            self.fail("not_object")
        return data

    def to_representation(self, value: Any) -> Any:
        """As it is."""
        return value

    def _fits(self, data: Any, deep: bool) -> bool:
        if not isinstance(data, dict) or not all(_is_text(name) for name in data):
            return False
        if deep:
            return all(self._fits(each, False) for each in data.values())
        return all(_is_text(each) or (self.null and each is None) for each in data.values())


def _is_text(value: Any) -> bool:
    """A text that every database takes: no NUL, no half of a surrogate pair."""
    return isinstance(value, str) and not UNFIT.search(value)


def _count(**how: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, **how)


class ChoicesTaken(Strict):
    """How a file is to be read, and what it may do. What is left out stays as it was, or is guessed and shown."""

    sheet = serializers.CharField(required=False, max_length=200, help_text="The sheet to read.")
    heading_row = serializers.IntegerField(
        required=False, min_value=1, max_value=LAST_HEADING_ROW, help_text="The row with the headings."
    )
    mapping = JsonObject(
        required=False, null=True, help_text='Headings to columns; null: ignored. {"S/N": "serial_number"}'
    )
    constants = JsonObject(
        required=False, help_text='Values for rows that lack them: {"site": "Rockdale", "entry_date": "…"}'
    )
    day_order = serializers.ChoiceField(
        list(DayOrder), required=False, help_text="How 03/04/2025 in text is meant."
    )
    decimal_mark = serializers.ChoiceField(
        list(DecimalMark), required=False, help_text="How 1,850 in text is meant."
    )
    encoding = serializers.ChoiceField(
        list(ENCODINGS), required=False, help_text="How a text file is encoded, where the guess is wrong."
    )
    delimiter = serializers.ChoiceField(
        list(DELIMITERS),
        required=False,
        help_text="What parts the cells of a text file.",
    )
    values = JsonObject(
        required=False, deep=True, help_text='What strange values mean: {"model": {"S19 XX": "…"}}'
    )
    mode = serializers.ChoiceField(list(Mode), required=False, help_text="Add rigs, change rigs, or both.")
    empty = serializers.ChoiceField(list(EmptyCell), required=False, help_text="What empty cells mean.")
    missing = serializers.ChoiceField(
        list(MissingRigs), required=False, help_text="What happens to rigs that the sheet lacks."
    )
    key = serializers.ChoiceField(list(Key), required=False, help_text="What finds a rig first.")
    identifiers = serializers.ChoiceField(
        list(NewIdentifier), required=False, help_text="Rows that seem to be rigs under a new identifier."
    )
    answers = JsonObject(required=False, help_text='The same for one identifier: {"SN-1": "same"}')
    fixed = serializers.ChoiceField(
        list(FixedValue), required=False, help_text="Values that a person corrected."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Columns and constants are read as they will be, so that a wrong one is refused before any waiting."""
        names = (
            "sheet",
            "heading_row",
            "mapping",
            "constants",
            "day_order",
            "decimal_mark",
            "encoding",
            "delimiter",
        )
        try:
            Instructions.checked(
                **{"sheet": None, "mapping": None, "constants": None, "day_order": None}
                | {name: attrs[name] for name in names if name in attrs}
            )
        except ValueError as wrong:
            raise serializers.ValidationError(str(wrong), code="choice_unfit") from None
        return attrs


class UploadTaken(ChoicesTaken):
    """A spreadsheet and how it is to be read."""

    file = serializers.FileField(
        allow_empty_file=True, help_text=".xlsx, .xlsm, .xlsb, .xls, .ods, .csv, .tsv"
    )
    accept_partial = serializers.BooleanField(
        required=False, help_text="Take the right rows and leave the wrong; else one wrong row refuses all."
    )


class ApplyTaken(serializers.Serializer):
    """How a checked upload is applied."""

    accept_partial = serializers.BooleanField(
        default=False, help_text="Take the right rows and leave the wrong."
    )


class ProblemTold(serializers.Serializer):
    """One thing wrong with one cell or row, and what would be right."""

    row = _count()
    column = serializers.CharField(allow_blank=True)
    code = serializers.CharField()
    value = serializers.CharField(allow_blank=True)
    sentence = serializers.CharField()


class ProblemListed(ProblemTold):
    """The same in the list of all; a warning is told, but refuses nothing."""

    is_warning = serializers.BooleanField()


class UploadListed(serializers.Serializer):
    """An upload in brief. Counts are data rows: a row of 500 rigs is one."""

    upload = serializers.IntegerField()
    state = serializers.ChoiceField(UploadState.choices)
    file = serializers.CharField()
    sha256 = serializers.CharField()
    layout = serializers.CharField(allow_blank=True)
    rows = _count()
    new = _count()
    changed = _count()
    unchanged = _count()
    missing = _count()
    wrong = _count()
    refusal = serializers.CharField(allow_blank=True)
    uploaded_at = serializers.DateTimeField()
    checked_at = serializers.DateTimeField(allow_null=True)
    applied_at = serializers.DateTimeField(allow_null=True)
    undone_at = serializers.DateTimeField(allow_null=True)


class ProgressTold(serializers.Serializer):
    """How far a worker is, in rows; `total`, `left` and `seconds_left` are null while nobody knows."""

    stage = serializers.CharField()
    done = _count()
    total = _count(allow_null=True)
    left = _count(allow_null=True)
    seconds_left = serializers.FloatField(allow_null=True)


class ChangeTold(serializers.Serializer):
    """What would differ of one rig, old and new."""

    rig = serializers.CharField()
    before = serializers.DictField(child=serializers.JSONField())
    after = serializers.DictField(child=serializers.JSONField())


class PreviewTold(serializers.Serializer):
    """The exposed share now and as it would be, as the command `exposure` tells it."""

    before = serializers.DictField(child=serializers.JSONField())
    after = serializers.DictField(child=serializers.JSONField())


class UndoTold(serializers.Serializer):
    """What went back, and what stays because somebody changed it since."""

    reverted = _count()
    kept = serializers.ListField(child=serializers.DictField(child=serializers.CharField(allow_blank=True)))
    impossible = serializers.ListField(
        child=serializers.DictField(child=serializers.CharField(allow_blank=True))
    )


class UploadTold(UploadListed):
    """An upload with all that is known of it. Of problems and warnings the first hundred each."""

    columns = serializers.DictField(child=serializers.CharField(allow_null=True))
    ignored_columns = serializers.ListField(child=serializers.CharField(allow_blank=True))
    problems = ProblemTold(many=True)
    warnings = ProblemTold(many=True)
    lots = _count()
    seconds = serializers.DictField(child=serializers.FloatField())
    problem_counts = serializers.DictField(child=serializers.IntegerField())
    choices = serializers.DictField(child=serializers.JSONField())
    is_settled = serializers.BooleanField()
    progress = ProgressTold(allow_null=True)
    sample_changes = ChangeTold(many=True)
    preview = PreviewTold(allow_null=True)
    undo_report = UndoTold(allow_null=True)
    owed_lots = serializers.IntegerField(help_text="Lots of the operator that wait to be assessed.")
    same_as = serializers.IntegerField(required=False, help_text="The upload that wrote the same before.")


class MeTold(serializers.Serializer):
    """The operator that the key belongs to, and what the key may do."""

    operator = serializers.CharField(help_text="The operator's slug.")
    name = serializers.CharField()
    tariff_threshold_percent = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    key = serializers.DictField(child=serializers.CharField(allow_null=True), allow_null=True)
