"""The form of what an operator's people are told: causes, thresholds, times and recipients."""

from __future__ import annotations

from typing import Any

from django import forms

from risk.engine.shares import MEASURES
from risk.models import AlertKind, AlertRule

AT_ONCE = ""


class _Clock(forms.TimeField):
    """A time of day, as the browser asks for one."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class _Percent(forms.DecimalField):
    """0 to 100, with two decimals."""

    def __init__(self, *, label: str, help_text: str, required: bool = False) -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            required=required,
            min_value=0,
            max_value=100,
            max_digits=5,
            decimal_places=2,
        )


class AlertRuleForm(forms.Form):
    """What the service judges is judged there; here only what a field cannot hold at all."""

    kinds = forms.MultipleChoiceField(
        label="Causes", required=False, choices=AlertKind.choices, widget=forms.CheckboxSelectMultiple
    )
    measure = forms.ChoiceField(label="Shares are taken of", choices=[(name, name) for name in MEASURES])
    tariff_percent = _Percent(
        label="Tariff share over (%)", help_text="Told when it goes over or no longer is. Empty: no."
    )
    sanction_percent = _Percent(
        label="Sanction share over (%)",
        help_text="Restricted and blocked rigs. 0: told when there are any. Empty: no.",
    )
    points = _Percent(
        label="Points by which the exposed share must move",
        help_text="Percentage points, up or down: of changes now, and of measures to come.",
        required=True,
    )
    time_zone = forms.CharField(label="Time zone", max_length=60, help_text="Like America/Chicago.")
    quiet_from = _Clock(label="Quiet from", required=False, help_text="What falls in quiet hours waits.")
    quiet_until = _Clock(label="Quiet until", required=False, help_text="Both empty: no quiet hours.")
    digest_hour = forms.TypedChoiceField(
        label="Mailed",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(AT_ONCE, "at once"), *((hour, f"once a day at {hour}:00") for hour in range(24))],
        help_text="Once a day: all in one letter.",
    )
    blocked_goes_through = forms.BooleanField(
        label="Blocked lots are told at once, whatever quiet hours and digest say", required=False
    )
    tells_managers = forms.BooleanField(label="Managers are told", required=False)
    tells_viewers = forms.BooleanField(label="Viewers are told", required=False)
    addresses = forms.CharField(
        label="Other addresses",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line.",
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name in (*SHARES, *TIMES, "addresses"):
            self.fields[name].widget.attrs["aria-describedby"] = f"about-{name}"

    @staticmethod
    def said_of(rule: AlertRule) -> dict[str, Any]:
        """What the form shows of a rule."""
        said = {name: getattr(rule, name) for name in AlertRuleForm.base_fields}
        return {**said, "addresses": "\n".join(rule.addresses)}

    @property
    def about_shares(self) -> list[forms.BoundField]:
        """The fields of thresholds."""
        return [self[name] for name in SHARES]

    @property
    def about_times(self) -> list[forms.BoundField]:
        """The fields of quiet hours and digest."""
        return [self[name] for name in TIMES]

    @property
    def about_roles(self) -> list[forms.BoundField]:
        """Who is told by role."""
        return [self["tells_managers"], self["tells_viewers"]]

    def clean_addresses(self) -> list[str]:
        """Addresses, each once."""
        return list(dict.fromkeys(str(self.cleaned_data["addresses"]).split()))

    @property
    def said(self) -> dict[str, Any]:
        """What goes to the service."""
        return dict(self.cleaned_data)


SHARES = ("measure", "tariff_percent", "sanction_percent", "points")
TIMES = ("time_zone", "quiet_from", "quiet_until", "digest_hour")
