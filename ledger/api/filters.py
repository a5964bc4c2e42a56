"""Filters of lists: declared once, for the query and for the schema; what cannot be meant is refused, not ignored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ErrorDetail, ValidationError

MOST = 2**63 - 1
YES_OR_NO = {"true": True, "false": False}
SWITCHES = {"true": "true", "1": "true", "false": "false", "0": "false"}


class MomentField(forms.Field):
    """A moment in ISO 8601."""

    def to_python(self, value: Any) -> datetime | None:
        """The moment in UTC; one without a zone is in UTC already."""
        if not value:
            return None
        try:
            moment = datetime.fromisoformat(value)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            sentence = f"'{value}' is no moment; write it like 2026-11-28T15:00:00Z."
            raise forms.ValidationError(sentence, code="moment_unreadable") from None


class MomentFilter(filters.Filter):
    """Rows by a moment."""

    field_class = MomentField


class DayField(forms.DateField):
    """A day in ISO 8601."""

    default_error_messages = {"invalid": "This is no day; write it like 2026-11-28."}


class DayFilter(filters.Filter):
    """Rows by a day."""

    field_class = DayField


class WordField(filters.fields.ChoiceField):
    """One of some words; `code` names the refusal of another one."""

    def __init__(self, *args: Any, code: str = "invalid_choice", **how: Any) -> None:
        super().__init__(*args, **how)
        self.code = code

    def validate(self, value: Any) -> None:
        """Raises ValidationError for a word that is none of them."""
        try:
            super().validate(value)
        except forms.ValidationError as wrong:
            wrong.code = self.code
            raise


class SwitchField(WordField):
    """True or false, as programs write it."""

    def to_python(self, value: Any) -> str:
        """`true` or `false`; what is neither, as it came."""
        said = str(value or "")
        return SWITCHES.get(said.lower(), said)


class OneOf(filters.ChoiceFilter):
    """Rows by one of some words."""

    field_class = WordField

    def __init__(self, words: Iterable[str], **how: Any) -> None:
        words = list(words)
        wrong = f"'%(value)s' is none; choose one of: {', '.join(words)}."
        choices = [(word, word) for word in words]
        super().__init__(choices=choices, error_messages={"invalid_choice": wrong}, empty_label=None, **how)


class YesOrNo(OneOf):
    """Rows for which something holds, or does not."""

    field_class = SwitchField

    def __init__(self, **how: Any) -> None:
        super().__init__(YES_OR_NO, **how)

    def filter(self, qs: Any, value: str) -> Any:
        """By truth."""
        return super().filter(qs, YES_OR_NO.get(value))


class WholeNumber(filters.NumberFilter):
    """Rows by a whole number."""

    field_class = forms.IntegerField

    def __init__(self, **how: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": MOST, **how})


class Filters(filters.FilterSet):
    """The filters of one list; only those that are asked for are made ready, as all sixty cost more than a page."""

    base_filters: ClassVar[dict[str, filters.Filter]]

    def __init__(self, data: Mapping[str, str], **how: Any) -> None:
        few = {name: each for name, each in self.base_filters.items() if name in data}
        self.base_filters = few  # type: ignore[misc]  # past the class, whose own filters stay
        super().__init__(data, **how)


def narrowed(kind: type[Filters], request: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows that the query asks for. Raises ValidationError that names every parameter that is wrong."""
    _refuse_empty(kind, request.query_params)
    asked = kind(request.query_params, queryset=rows, request=request)
    if not asked.is_valid():
        raise ValidationError(
            {
                name: [ErrorDetail(" ".join(error.messages), str(error.code)) for error in errors.as_data()]
                for name, errors in asked.errors.items()
            }
        )
    found: QuerySet[Any] = asked.qs
    return found


def _refuse_empty(kind: type[Filters], asked: Mapping[str, str]) -> None:
    if empty := [
        name for name in kind.base_filters if asked.get(name, " ").strip(" ") == "" and name in asked
    ]:
        sentence = f"'{empty[0]}' has no value; write one, or leave the filter out."
        raise ValidationError({empty[0]: [sentence]}, code="filter_empty")


def parameters_of(kind: type[Filters]) -> list[OpenApiParameter]:
    """The filters as the schema tells them."""
    return [_parameter(name, each) for name, each in kind.base_filters.items()]


def _parameter(name: str, each: filters.Filter) -> OpenApiParameter:
    words = [word for word, _ in each.extra.get("choices", ())]
    schema: Any = {"type": "string"}
    match each:
        case YesOrNo():
            schema = {"type": "boolean"}
        case OneOf():
            schema = {"type": "string", "enum": words}
        case MomentFilter():
            schema = {"type": "string", "format": "date-time"}
        case DayFilter():
            schema = {"type": "string", "format": "date"}
        case WholeNumber():
            schema = {"type": "integer", "minimum": each.extra["min_value"]}
        case filters.NumberFilter():
            schema = {"type": "number", "minimum": 0}
        case filters.CharFilter() if "max_length" in each.extra:
            schema = {"type": "string", "maxLength": each.extra["max_length"]}
    return OpenApiParameter(name, schema, description=str(each.extra.get("help_text") or ""))
