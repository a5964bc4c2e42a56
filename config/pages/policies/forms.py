"""What is sent to change or publish a draft."""

from __future__ import annotations

from typing import Any

from django import forms

from risk.models import PolicyEdition

LARGEST_FILE = 4 * 1024 * 1024
PASTED = "pasted.yaml"


class TextFileField(forms.FileField):
    """A file of words; its value is the words, empty where no file was sent."""

    widget = forms.FileInput(attrs={"accept": ".yaml,.yml"})

    def clean(self, data: Any, initial: Any = None) -> str:
        """Raises ValidationError for a file that holds no words, or far too many."""
        file = super().clean(data, initial)
        if not file:
            return ""
        if (file.size or 0) > LARGEST_FILE:
            raise forms.ValidationError("The file is larger than 4 MB; a whole edition has about 0.1 MB.")
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError("The file is no UTF-8 text.") from None


class _Described(forms.Form):
    """Every field names the paragraph that says what it holds."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name, field in self.fields.items():
            field.widget.attrs["aria-describedby"] = f"about-{name}"


class FilesForm(_Described):
    """A file that holds policy files, as an edition is taken along."""

    file = TextFileField(
        label="Policy files in one text (.yaml)",
        help_text="As “Take it along as YAML” or export_policies writes it.",
        error_messages={"required": "Choose a file."},
    )


class MeasureForm(_Described):
    """Measures in the language of the policy files: typed, or from a file, which goes before what is typed."""

    text = forms.CharField(
        label="The measure as YAML",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false", "class": "code"}),
        help_text="The language of the policy files; docs/policies.md tells every key.",
    )
    file = TextFileField(
        label="Or a file of it",
        required=False,
        help_text="A .yaml file. It takes the place of what is typed above.",
    )

    def clean(self) -> dict[str, Any]:
        """With the words of the file in place of what is typed."""
        given = super().clean() or self.cleaned_data
        if given.get("file"):
            given["text"] = given["file"]
        if not self.errors and not (given.get("text") or "").strip():
            self.add_error("text", "Write a measure, or choose a file that holds one.")
        return given


class EndForm(_Described):
    """The last day of a measure, and the act that ended it."""

    through = forms.DateField(
        label="Last day with the measure",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "Write the day like 2026-12-31.", "required": "Give the last day."},
        help_text="It bites on this day, and no longer on the next one.",
    )
    act = forms.CharField(
        label="Act that ended it",
        max_length=500,
        error_messages={"required": "Name the act that ended the measure."},
        help_text="Its citation, like “91 FR 64212 (7 Oct 2026)”.",
    )


class DayForm(_Described):
    """The day on which the law of a draft is looked at."""

    on = forms.DateField(
        label="The law of",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "Write the day like 2027-03-01."},
        help_text="Today's fleet under the law of this day.",
    )


class PublishForm(_Described):
    """Why an edition is published, and whether it mends an error of an earlier one."""

    reason = forms.CharField(
        label="Why it is published",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why this edition is published; it stays on record."},
        help_text="One or two sentences. They stay with the edition and in the audit.",
    )
    restates = forms.ModelChoiceField(
        label="It mends an error of",
        queryset=PolicyEdition.objects.published(),
        required=False,
        empty_label="no earlier edition",
        help_text="Choose an edition only where it told the law wrongly; what rested on it will be listed.",
    )
