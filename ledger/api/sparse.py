"""Some fields of an object and no others: `fields=`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

FIELDS = "fields"
FIELDS_PARAMETER = OpenApiParameter(
    FIELDS, str, description="Only these fields, parted by commas: `fields=rig,serial_number,status`."
)


class Sparse(serializers.Serializer):
    """A shape of which somebody may ask for a part: no field is sure to be there."""

    def get_fields(self) -> dict[str, Any]:
        """All of them, none required."""
        fields = super().get_fields()
        for field in fields.values():
            field.required = False
        return fields


def fields_asked(request: Any, shape: type[serializers.Serializer]) -> tuple[str, ...] | None:
    """The fields asked for, None for all. Raises ValidationError for one that the shape has not."""
    said = request.query_params.get(FIELDS)
    if said is None:
        return None
    known, asked = tuple(shape().fields), tuple(dict.fromkeys(name.strip() for name in said.split(",")))
    if unknown := [name for name in asked if name not in known]:
        sentence = f"There is no field '{unknown[0]}'; there are: {', '.join(known)}."
        raise ValidationError({FIELDS: [sentence]}, code="field_unknown")
    return asked


def only(told: Mapping[str, Any], fields: tuple[str, ...] | None) -> Mapping[str, Any]:
    """The part of an answer that was asked for."""
    return told if fields is None else {name: told[name] for name in fields}
