"""The form of a schedule, and what each report is good for."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from fleet.models import Lot, Operator, User
from risk.engine.shares import MEASURES
from risk.engine.terms.rhythm import Rhythm
from risk.models import ReportForm, ReportKind
from risk.services.reports import members_with_address
from vendors.models import Vendor

# Kind, title, and for whom it is.
KINDS = (
    (
        ReportKind.BOARD,
        "Board report",
        "One page of picture and numbers, then the tables: how much of the fleet is exposed, and why.",
    ),
    (
        ReportKind.LIABILITY,
        "Contingent-liability note",
        "For accountants: what a dispute over origin could cost, low, likely and high, with the assumptions.",
    ),
    (
        ReportKind.REFUNDS,
        "Refund list",
        "For the customs broker: entries that could bring something back, the route, and the days left.",
    ),
    (
        ReportKind.VENDOR,
        "Vendor scorecard",
        "For buyers and compliance: one maker's owners, hits and decisions, and how far this fleet depends on it.",
    ),
)


def makers_held(operator: Operator) -> list[Vendor]:
    """The makers of an operator's lots, by name."""
    held = Lot.objects.of(operator).order_by().values("model__maker")
    return list(Vendor.objects.visible_to(operator).filter(pk__in=held).order_by("name"))


class ScheduleForm(forms.Form):
    """Which report goes to whom, and how often."""

    kind = forms.ChoiceField(label="Report", choices=[(kind.value, title) for kind, title, _ in KINDS])
    measure = forms.ChoiceField(
        label="Shares are taken of",
        choices=[(name, name) for name in MEASURES],
        initial="hashrate",
        help_text="Counts for the board report.",
    )
    vendor = forms.ChoiceField(
        label="Maker", required=False, help_text="Counts for the vendor scorecard; makers of this fleet."
    )
    form = forms.ChoiceField(label="File", choices=ReportForm.choices)
    rhythm = forms.ChoiceField(
        label="Mailed",
        choices=[(each.value, each.value) for each in Rhythm],
        help_text="On Monday, or on the first of the month; later where the product was off then.",
    )
    recipients: Any = forms.ModelMultipleChoiceField(
        label="To",
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one member to whom it goes."},
    )

    def __init__(self, *arguments: Any, operator: Operator, **named: Any) -> None:
        super().__init__(*arguments, **named)
        people = members_with_address(operator)
        vendor = cast(forms.ChoiceField, self.fields["vendor"])
        vendor.choices = [("", "–"), *((each.slug, each.name) for each in makers_held(operator))]
        recipients = cast(forms.ModelMultipleChoiceField, self.fields["recipients"])
        recipients.queryset = operator.members.filter(pk__in=[each.pk for each in people])
        for name in ONE_CHOICE:
            self.fields[name].widget.attrs["aria-describedby"] = f"about-{name}"

    @property
    def choices_of_one(self) -> list[forms.BoundField]:
        """The fields in which one thing is chosen."""
        return [self[name] for name in ONE_CHOICE]

    @property
    def said(self) -> dict[str, Any]:
        """What goes to the service."""
        return {**self.cleaned_data, "recipients": list(self.cleaned_data["recipients"])}


ONE_CHOICE = ("kind", "measure", "vendor", "form", "rhythm")
