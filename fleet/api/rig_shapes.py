"""What the addresses of models, sites, lots and rigs take and give, as the schema tells it.

What is taken of a rig is declared where a sheet's columns are, and read by their readers: here it is only told.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from fleet.flows.laid_over import LOT_COLUMNS
from fleet.flows.sent_rows import Outcome
from fleet.models import RigIdentifier
from fleet.sheets.column import Column
from fleet.sheets.columns import COLUMNS, COLUMNS_BY_NAME
from ledger.api.sparse import Sparse
from ledger.api.strict import Strict
from risk.engine.terms.rigs import RigStatus, TransportMode

CELL = ["string", "number", "boolean"]
OF_A_LOT = ("model", "maker", *LOT_COLUMNS)
DECIMAL = "A decimal as text."
NULL: dict[str, Any] = {"allow_null": True}


def _cell(column: Column) -> serializers.Field:
    """A field that takes whatever a cell may hold: its reader says what is wrong with it, and what would be right."""
    told: dict[str, Any] = {"type": CELL, "description": column.holds}
    if column.example:
        told["examples"] = [column.example]
    field = type("Cell", (serializers.JSONField,), {})
    return extend_schema_field(told)(field)(required=False, allow_null=True)


def _row(name: str, told: str, columns: Iterable[Column]) -> type[serializers.Serializer]:
    fields = {column.name: _cell(column) for column in columns}
    return type(name, (serializers.Serializer,), {"__doc__": told, **fields})


RigRow = _row(
    "RigRow",
    "A rig as a row of a sheet tells it; `quantity` rigs where they have no identifier. What is left out, or is "
    'empty, stays as it is; null clears. Amounts are for one unit, in US dollars, as text: "5000.00".',
    COLUMNS,
)
RigChanged = _row("RigChanged", "What is to be corrected of a rig; null and the empty text clear.", COLUMNS)
LotChanged = _row(
    "LotChanged",
    "What is to be corrected of all rigs of a lot; null and the empty text clear.",
    [COLUMNS_BY_NAME[name] for name in OF_A_LOT],
)


def _text(told: str = "", **how: Any) -> serializers.CharField:
    return serializers.CharField(allow_null=True, help_text=told, **how)


class LotFacts(Sparse):
    """The facts that policy looks at; null: not known."""

    country_of_assembly = _text()
    country_of_origin = _text("As declared to customs.")
    hashboard_origin = _text()
    hts_code = _text()
    import_country = _text()
    entry_number = _text()
    transport_mode = serializers.ChoiceField(list(TransportMode), allow_null=True)
    importer_of_record = _text()
    purchase_order = _text()
    entry_date = serializers.DateField(**NULL)
    expected_entry_date = serializers.DateField(**NULL)
    loaded_date = serializers.DateField(**NULL)
    us_content_percent = _text(DECIMAL)
    usmca_claim = serializers.BooleanField(**NULL)


class RigListed(LotFacts):
    """A rig, or `quantity` alike; measures and amounts are those of its sheet, for one unit."""

    rig = serializers.IntegerField()
    lot = serializers.IntegerField()
    serial_number = _text()
    mac_address = _text()
    quantity = serializers.IntegerField()
    maker = serializers.CharField()
    model = serializers.CharField()
    bin = _text()
    site = _text()
    site_id = serializers.IntegerField(**NULL)
    status = serializers.ChoiceField(list(RigStatus))
    customs_value = _text(DECIMAL)
    duty_paid = _text(DECIMAL)
    hashrate_ths = _text(DECIMAL)
    power_w = serializers.IntegerField(**NULL)
    rack = _text()
    position = _text()
    notes = _text()
    is_missing = serializers.BooleanField(help_text="A sheet did not have it any more; it still counts.")
    version = serializers.IntegerField(help_text="One more after each change.")
    updated_at = serializers.DateTimeField()


class FormerIdentifier(serializers.Serializer):
    """What a rig was called once."""

    kind = serializers.ChoiceField(RigIdentifier.Kind.choices)
    value = serializers.CharField()
    used_from = serializers.DateTimeField(**NULL)
    used_until = serializers.DateTimeField()


class RigTold(RigListed):
    """A rig with what it was called before."""

    former_identifiers = FormerIdentifier(many=True)


class Held(serializers.Serializer):
    """So many rigs of a lot at one site in one status."""

    site = _text()
    status = serializers.ChoiceField(list(RigStatus))
    units = serializers.IntegerField()


class LotTold(LotFacts):
    """A lot: rigs that agree in every fact; `units` is 0 once all of them moved to other lots."""

    lot = serializers.IntegerField()
    maker = serializers.CharField()
    model = serializers.CharField()
    has_arrived = serializers.BooleanField(help_text="False for what is on order or in transit.")
    units = serializers.IntegerField()
    holdings = Held(many=True)
    updated_at = serializers.DateTimeField()


class SiteListed(Sparse):
    """A place where rigs stand."""

    site = serializers.IntegerField()
    name = serializers.CharField()
    country = _text("ISO 3166-1 alpha-2.")
    updated_at = serializers.DateTimeField()


class SiteSent(Strict):
    """A site; its country is the country of import of rows that name none."""

    name = serializers.CharField(max_length=100, required=False, help_text="One that no other site has.")
    country = serializers.CharField(
        max_length=100,
        required=False,
        allow_blank=True,
        allow_null=True,
        help_text="ISO code or English name.",
    )


class BinTold(serializers.Serializer):
    """A bin of a model as one source gives it; `reading` tells apart sources that disagree."""

    bin = _text()
    reading = serializers.IntegerField()
    hashrate_ths = _text(DECIMAL)
    power_w = serializers.IntegerField(**NULL)
    algorithm = _text()
    cooling = _text()
    released = _text()
    confidence = _text()


class ModelTold(Sparse):
    """A model of the catalogue; hashrate and power stand here only where all of its bins agree on them."""

    model = serializers.IntegerField()
    maker = serializers.CharField()
    name = serializers.CharField()
    algorithm = _text()
    default_hts_code = _text()
    hashrate_ths = _text(DECIMAL)
    power_w = serializers.IntegerField(**NULL)
    bins = BinTold(many=True)


class Candidate(serializers.Serializer):
    """A model that a name could mean."""

    maker = serializers.CharField()
    model = serializers.CharField()


class NameMeant(serializers.Serializer):
    """What the catalogue makes of a name; `candidates`, the nearest first, where it names no one model."""

    query = serializers.CharField()
    maker = _text()
    model = _text()
    bin = _text()
    confidence = _text()
    candidates = Candidate(many=True)
    how = serializers.CharField()
    note = serializers.CharField(allow_blank=True)


class ModelPage(serializers.Serializer):
    """A page; `named` where a name was asked for."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ModelTold(many=True)
    named = NameMeant(allow_null=True)


class RowProblem(serializers.Serializer):
    """What is wrong with a row that was sent, or worth knowing of it; `field` is empty for the row itself."""

    index = serializers.IntegerField()
    field = serializers.CharField(allow_blank=True)
    code = serializers.CharField()
    value = serializers.CharField(allow_blank=True)
    sentence = serializers.CharField()


class RowTold(serializers.Serializer):
    """What a row came to; `rig` is null where it is wrong, and where it is so many without an identifier."""

    index = serializers.IntegerField()
    outcome = serializers.ChoiceField(list(Outcome))
    rig = serializers.IntegerField(**NULL)


class BulkTold(serializers.Serializer):
    """What became of the rows."""

    rows = serializers.IntegerField()
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    wrong = serializers.IntegerField()
    results = RowTold(many=True)
    problems = RowProblem(many=True, help_text="One a wrong row.")
    warnings = RowProblem(many=True, help_text="What was taken, but deserves a look; one a row.")
