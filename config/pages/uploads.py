"""Sending a spreadsheet, and the page that tells how far it has come and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from config.pages.address import a_number, address_with
from config.pages.guide.marks import OPEN, marks_of
from config.pages.upload_form import UploadForm
from config.pages.upload_report import report_of
from config.pages.visit import Visit, posted
from fleet.models import Site, Upload
from fleet.models.upload import UploadState
from fleet.rights import KEEP_HOLDS
from fleet.services import accept_upload, ask_to_apply, cancel_upload, check_again, take_back
from fleet.sheets.files.limits import DEFAULT_LIMITS
from risk.dashboard import headline
from risk.dashboard.words import percent, whole
from risk.engine.shares import FleetShares, Kind, Part
from risk.flows.preview_upload import UploadPreview, preview_upload
from risk.models import Assessment


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The exposed share in words before and after, and share by share: what, before, after."""

    now: str
    then: str
    shares: list[tuple[str, str, str]]


PAGE_SIZE = 30
COUNTS = ("rows", "new", "changed", "unchanged", "missing", "wrong", "lots")
LIMITS = {"megabytes": settings.UPLOAD_MAX_BYTES // 1024**2, "cells": f"{DEFAULT_LIMITS.cells:,}"}


def upload_list_page(visit: Visit) -> HttpResponse:
    """The uploads of an operator, newest first."""
    uploads = Upload.objects.of(visit.operator).select_related("uploaded_by").order_by("-pk")
    if before := a_number(visit.request, "before"):
        uploads = uploads.filter(pk__lt=before)
    rows = list(uploads[: PAGE_SIZE + 1])
    following = address_with(before=rows[PAGE_SIZE - 1].pk) if len(rows) > PAGE_SIZE else ""
    return visit.render("console/uploads.html", uploads=rows[:PAGE_SIZE], following=following)


def new_upload_page(visit: Visit) -> HttpResponse:
    """The form; a file that is accepted leads to its own page. Raises PermissionDenied for viewers."""
    refuse_viewers(visit)
    request = visit.request
    form = UploadForm(request.POST, request.FILES) if visit.is_posted else UploadForm()
    if form.is_valid() and (upload := _accepted(visit, form)):
        return redirect("admin:upload", upload.pk)
    sites = Site.objects.of(visit.operator).order_by("name").values_list("name", flat=True)
    status = 400 if form.errors else 200
    return visit.render("console/new_upload.html", status=status, form=form, sites=sites, limits=LIMITS)


def upload_page(visit: Visit, upload_id: int) -> HttpResponse:
    """One upload: its state, its counts, its columns, its problems, and what it would do to the share."""
    upload = upload_of(visit, upload_id)
    if upload.state == UploadState.CHOOSING and visit.may_upload:
        return redirect("admin:guide", upload.pk, "sheet")
    request = visit.request
    owed = Assessment.objects.waiting().filter(operator=visit.operator).count()
    return visit.render(
        "console/upload.html",
        upload=upload,
        report=report_of(upload, request.GET.get("code", "")),
        counts=[(name, whole(getattr(upload, name))) for name in COUNTS],
        owed=owed,
        is_waiting=_is_waiting(upload, owed),
        preview=_preview(upload, visit),
        marks=marks_of(upload, _place_of(upload)),
        questions=upload.problems.filter(code="identifier_changed").count(),
        kept=upload.problems.filter(code="value_kept").count(),
        may_change=visit.may_upload and upload.state in OPEN and bool(upload.file),
        keeps_holds=visit.may(KEEP_HOLDS),
    )


@posted
def upload_deed(visit: Visit, upload_id: int, deed: str) -> HttpResponse:
    """Apply a checked upload, or cancel one that waits; a refusal is shown on the upload's page."""
    refuse_viewers(visit)
    request, upload = visit.request, upload_of(visit, upload_id)
    if deed not in DEEDS:
        raise Http404("There is no such deed.")
    page = reverse("admin:upload", args=[upload.pk])
    try:
        DEEDS[deed](upload=upload, by=visit.person, **_said(visit, deed))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(page)
    return redirect(page)


def refuse_viewers(visit: Visit) -> None:
    """Raises PermissionDenied for those who may only look."""
    if not visit.may_upload:
        raise PermissionDenied


def upload_of(visit: Visit, upload_id: int) -> Upload:
    """Raises Http404 for another operator's upload: it does not exist here."""
    uploads = Upload.objects.of(visit.operator).select_related("operator", "uploaded_by")
    upload = uploads.filter(pk=upload_id).first()
    if upload is None:
        raise Http404("There is no such upload.")
    return upload


def _accepted(visit: Visit, form: UploadForm) -> Upload | None:
    """The upload on record; None when the service refuses, with its sentence beside the file."""
    file = form.cleaned_data["file"]
    try:
        upload = accept_upload(
            operator=visit.operator, file=file, file_name=file.name, by=visit.person, choices=form.choices
        )
    except ValidationError as refusal:
        form.add_error("file", refusal)
        return None
    if upload.state == UploadState.APPLIED:
        messages.info(visit.request, "The same file was applied already; nothing was written again.")
    return upload


def _is_waiting(upload: Upload, owed: int) -> bool:
    """Whether the page will say something else soon: a worker reads, applies, or assesses."""
    if upload.state == UploadState.CHECKED:
        return upload.is_confirmed
    return upload.state == UploadState.WAITING or (upload.state == UploadState.APPLIED and owed > 0)


def _preview(upload: Upload, visit: Visit) -> Preview | None:
    """The exposed share now, and as it would be; only for what was checked and is not yet applied."""
    if upload.state != UploadState.CHECKED:
        return None
    return preview_in_words(preview_upload(upload, on=visit.today))


def preview_in_words(preview: UploadPreview | None) -> Preview | None:
    """The shares before and after in words; None where no law is published."""
    if preview is None:
        return None
    before, after = preview.before.whole, preview.after.whole
    return Preview(
        now=headline(preview.before),
        then=headline(preview.after),
        shares=[
            (f"{what} by {measure}", _share(before, part, measure), _share(after, part, measure))
            for what, part in (("exposed", Kind.ANY), ("unknown", Part.UNKNOWN))
            for measure in ("units", "hashrate", "value")
        ],
    )


def _share(whole: FleetShares, part: Kind | Part, measure: str) -> str:
    if not whole.fleet.units:
        return "no rigs"
    shares = whole.exposed[part] if isinstance(part, Kind) else whole.bar[part]
    return percent(shares.of(measure))


def _place_of(upload: Upload) -> str:
    """Which step of the guide the page of an upload is."""
    if upload.state == UploadState.CHECKED:
        return "apply" if not upload.wrong else "check"
    return "report" if upload.state in (UploadState.APPLIED, UploadState.UNDONE) else "check"


def _said(visit: Visit, deed: str) -> dict[str, Any]:
    """What a deed needs beside the upload and the person."""
    if deed == "apply":
        return {"accept_partial": "accept_partial" in visit.request.POST}
    if deed == "check":
        return {"choices": {}}
    return {"at": visit.now} if deed == "undo" else {}


DEEDS: dict[str, Callable[..., Any]] = {
    "apply": ask_to_apply,
    "cancel": cancel_upload,
    "check": check_again,
    "undo": take_back,
}
