"""Legal holds: what is kept whatever its age, the form of a new hold, and how one is lifted."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from config.pages.address import a_number
from config.pages.visit import Visit, only_for
from fleet.models import LegalHold, Upload
from fleet.rights import KEEP_HOLDS
from fleet.services import lift_hold, place_hold

LIFTED_SHOWN = 50


class LiftForm(forms.Form):
    """Why a hold ends."""

    why = forms.CharField(
        label="Why",
        max_length=300,
        widget=forms.TextInput(attrs={"aria-describedby": "about-why"}),
        error_messages={"required": "Say why; the reason stays on record."},
        help_text="Like: settled, or the day and number of a release.",
    )


class HoldForm(LiftForm):
    """A new hold: who asks at law, and for what."""

    upload = forms.IntegerField(
        label="Upload",
        required=False,
        min_value=1,
        widget=forms.NumberInput(attrs={"aria-describedby": "about-upload"}),
        help_text="The number in the address of its page. Empty: all that is kept of this operator.",
    )
    field_order = ("why", "upload")

    def __init__(self, visit: Visit) -> None:
        said = visit.request.POST if visit.is_posted else None
        super().__init__(said, initial={"upload": a_number(visit.request, "upload")})
        self.operator = visit.operator
        self.fields["why"].help_text = "Who asks, and for what: Court of International Trade 26-117."

    def clean_upload(self) -> Upload | None:
        """The upload of that number; another operator's does not exist here."""
        if (number := self.cleaned_data["upload"]) is None:
            return None
        upload: Upload | None = Upload.objects.of(self.operator).filter(pk=number).first()
        if upload is None:
            raise ValidationError(f"There is no upload {number} of {self.operator}.")
        return upload


for_managers = only_for(KEEP_HOLDS, "Only a manager of this operator keeps its legal holds.")


@for_managers
def hold_list_page(visit: Visit) -> HttpResponse:
    """The holds that stand and those lifted last, with the form of a new one, which `?upload=` begins."""
    form = HoldForm(visit)
    if form.is_valid():
        said = form.cleaned_data
        place_hold(
            operator=visit.operator, upload=said["upload"], why=said["why"], at=visit.now, by=visit.person
        )
        messages.success(visit.request, "It is held: nothing of it is cleared until the hold is lifted.")
        return redirect("admin:holds")
    holds = LegalHold.objects.of(visit.operator).select_related("upload", "placed_by", "lifted_by")
    return visit.render(
        "console/holds/list.html",
        status=400 if form.errors else 200,
        form=form,
        standing=holds.standing().order_by("-pk"),
        lifted=holds.filter(lifted_at__isnull=False).order_by("-lifted_at", "-pk")[:LIFTED_SHOWN],
    )


@for_managers
def lift_page(visit: Visit, hold_id: int) -> HttpResponse:
    """What would no longer be kept; posted with a reason: the hold is lifted."""
    hold = _hold_of(visit, hold_id)
    form = LiftForm(visit.request.POST if visit.is_posted else None)
    if not form.is_valid():
        return visit.render(
            "console/holds/lift.html", status=400 if form.errors else 200, hold=hold, form=form
        )
    try:
        lift_hold(hold=hold, why=form.cleaned_data["why"], at=visit.now, by=visit.person)
        messages.success(visit.request, "The hold is lifted.")
    except ValidationError as refusal:
        messages.error(visit.request, " ".join(refusal.messages))
    return redirect("admin:holds")


def _hold_of(visit: Visit, hold_id: int) -> LegalHold:
    hold: LegalHold | None = (
        LegalHold.objects.of(visit.operator).select_related("upload", "placed_by").filter(pk=hold_id).first()
    )
    if hold is None:
        raise Http404("There is no such hold.")
    return hold
