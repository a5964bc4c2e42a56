"""The way through the guide: the file first, then a step a page, then the check."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from config.pages.guide.answers import ANSWERS
from config.pages.guide.columns import COLUMNS_STEP, UNSETTLED
from config.pages.guide.key_and_mode import KEY_AND_MODE
from config.pages.guide.marks import OPEN, marks_of
from config.pages.guide.question import Asking, Step
from config.pages.guide.reading_rules import READING, is_ambiguous
from config.pages.guide.sheet import SHEET, shows_other_table
from config.pages.guide.values import VALUES
from config.pages.uploads import LIMITS, refuse_viewers, upload_of
from config.pages.visit import Visit
from fleet.flows.read_upload import read_upload
from fleet.flows.upload_choices import READ_BY_HEADINGS
from fleet.models import SavedMapping, Upload
from fleet.models.upload import UploadState
from fleet.services import begin_upload, check_again, choose, forget_mapping, refuse_upload, remember_mapping
from fleet.sheets.wrecks import UnreadableSheet

# Which columns hold days is known once the columns are: only then can anybody be asked how days are meant.
STEPS: tuple[Step, ...] = (SHEET, COLUMNS_STEP, READING, VALUES, KEY_AND_MODE)
ASIDE = (ANSWERS,)  # asked only where the check found such rows
CHECKED_AT_ONCE = 5_000  # rows, checked in a second or two


def first_page(visit: Visit) -> HttpResponse:
    """Choose a file; it is kept at once, and what cannot be read says so at once."""
    refuse_viewers(visit)
    error = ""
    if visit.is_posted:
        file = visit.request.FILES.get("file")
        try:
            if file is None:
                raise ValidationError("Choose a spreadsheet: .xlsx, .xls, .ods, .csv or .tsv.")
            upload = begin_upload(
                operator=visit.operator, file=file, file_name=file.name or "", by=visit.person
            )
            return _begun(visit, upload)
        except ValidationError as refusal:
            error = " ".join(refusal.messages)
    context = {"error": error, "limits": LIMITS, "marks": marks_of(None, "file")}
    return visit.render("console/guide/file.html", status=400 if error else 200, **context)


def step_page(visit: Visit, upload_id: int, slug: str) -> HttpResponse:
    """Show a step, or keep its answer and go on; an answer that is none is shown with what would be right."""
    refuse_viewers(visit)
    upload = upload_of(visit, upload_id)
    step = next((each for each in (*STEPS, *ASIDE) if each.slug == slug), None)
    if step is None:
        raise Http404("There is no such step.")
    if upload.state not in OPEN or not upload.file:
        return redirect("admin:upload", upload.pk)
    asking = Asking(visit, upload, visit.request.POST.dict())
    if visit.is_posted:
        try:
            return _answered(asking, step)
        except (ValidationError, ValueError) as wrong:
            asking.refuse(wrong)
            asking.forget()
    return _shown(asking, step)


def _begun(visit: Visit, upload: Upload) -> HttpResponse:
    if upload.state == UploadState.CHOOSING:
        return redirect("admin:guide", upload.pk, SHEET.slug)
    if upload.state == UploadState.APPLIED:
        messages.info(visit.request, "The same file was applied already; nothing was written again.")
    return redirect("admin:upload", upload.pk)


def _shown(asking: Asking, step: Step) -> HttpResponse:
    status = 400 if asking.errors else 200
    try:
        context = step.shown(asking)
    except (UnreadableSheet, ValueError) as wreck:
        if step is SHEET:
            refuse_upload(upload=asking.upload, sentence=str(wreck), by=asking.visit.person)
            return redirect("admin:upload", asking.upload.pk)
        messages.error(asking.visit.request, str(wreck))
        return redirect("admin:guide", asking.upload.pk, SHEET.slug)
    return asking.visit.render(
        step.template,
        status=status,
        upload=asking.upload,
        step=step,
        errors=asking.errors,
        marks=marks_of(asking.upload, step.slug),
        saved=_saved(asking),
        back=reverse("admin:guide", args=[asking.upload.pk, _before(step).slug]) if step is not SHEET else "",
        **context,
    )


def _answered(asking: Asking, step: Step) -> HttpResponse:
    if "forget" in asking.answer:
        return _forgotten(asking, step)
    choose(upload=asking.upload, choices=step.chosen(asking), by=asking.visit.person)
    if "check" in asking.answer or step in (STEPS[-1], *ASIDE):
        return _checked(asking)
    is_other_table = step is SHEET and shows_other_table(asking)
    following = step if is_other_table or "again" in asking.answer else STEPS[STEPS.index(step) + 1]
    return redirect("admin:guide", asking.upload.pk, following.slug)


def _forgotten(asking: Asking, step: Step) -> HttpResponse:
    forget_mapping(
        operator=asking.visit.operator, heading_set=asking.peek.heading_set, by=asking.visit.person
    )
    choose(upload=asking.upload, choices=dict.fromkeys(READ_BY_HEADINGS), by=asking.visit.person)
    messages.info(
        asking.visit.request, "The kept mapping is forgotten; the columns are as the file shows them."
    )
    return redirect("admin:guide", asking.upload.pk, step.slug)


def _checked(asking: Asking) -> HttpResponse:
    """Set the check going; a small file is checked before the page is answered."""
    upload, visit = asking.upload, asking.visit
    if (step := _first_open(asking)) is not None:
        messages.error(visit.request, f"Before the check: {step.title}.")
        return redirect("admin:guide", upload.pk, step.slug)
    remember_mapping(upload=upload, heading_set=asking.peek.heading_set, at=visit.now, by=visit.person)
    check_again(upload=upload, choices={}, by=visit.person)
    if _rows(asking) <= CHECKED_AT_ONCE:
        read_upload(upload.pk, clock=lambda: visit.now)
    return redirect("admin:upload", upload.pk)


def _first_open(asking: Asking) -> Step | None:
    """The first step whose question nobody answered: steps may be gone to in any order, and passed by."""
    if asking.peek.lacks or any(column.why in UNSETTLED for column in asking.peek.columns):
        return COLUMNS_STEP
    return READING if is_ambiguous(asking) else None


def _rows(asking: Asking) -> int:
    return next((sheet.rows for sheet in asking.peek.sheets if sheet.name == asking.peek.sheet), 0)


def _saved(asking: Asking) -> SavedMapping | None:
    """The kept mapping that the choices began with."""
    saved = SavedMapping.objects.of(asking.visit.operator)
    return saved.filter(heading_set=asking.peek.heading_set).select_related("used_by").first()


def _before(step: Step) -> Step:
    return STEPS[max(0, STEPS.index(step) - 1)] if step in STEPS else STEPS[-1]
