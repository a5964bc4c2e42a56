"""A shape that refuses what it does not know, so that nothing that was sent is lost without a word."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class Strict(serializers.Serializer):
    """A shape of which every field that is sent is a field."""

    def to_internal_value(self, data: Any) -> Any:
        """Raises ValidationError for a field that is none, too."""
        if hasattr(data, "keys") and (unknown := sorted(set(data) - set(self.fields))):
            sentence = f"There is no field '{unknown[0]}'; there are: {', '.join(self.fields)}."
            raise serializers.ValidationError({unknown[0]: [sentence]}, code="field_unknown")
        return super().to_internal_value(data)
