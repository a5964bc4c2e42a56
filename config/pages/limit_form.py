"""One limit on purchases as it is set on its page; what the engine judges of it is judged there."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

Row = tuple[str, str, str]


class LimitForm(forms.Form):
    """What a limit looks at, its measure and what it says: text of a length, without characters that are none."""

    kind = forms.CharField(max_length=30)
    measure = forms.CharField(max_length=200, required=False)
    verdict = forms.CharField(max_length=10)


def limits_said(rows: Iterable[Row]) -> tuple[list[Row], list[str]]:
    """The limits of rows that name a kind, cleaned, and what is wrong with those that are no text of a limit."""
    clean: list[Row] = []
    complaints: list[str] = []
    for number, row in enumerate((row for row in rows if row[0]), start=1):
        form = LimitForm(dict(zip(LimitForm.base_fields, row, strict=True)))
        if form.is_valid():
            said = form.cleaned_data
            clean.append((said["kind"], said["measure"], said["verdict"]))
        for name, sentences in form.errors.items():
            complaints += [f"Limit {number}, {name}: {sentence}" for sentence in sentences]
    return clean, complaints
