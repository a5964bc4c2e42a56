"""Sending a spreadsheet, and the page that tells how far it has come and what is wrong with it."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from config.pages.address import a_number, address_with
from config.pages.upload_form import UploadForm
from config.pages.upload_report import report_of
from config.pages.visit import Visit
from fleet.models import Site, Upload
from fleet.models.upload import UploadState
from fleet.services import accept_upload
from fleet.sheets.files.limits import DEFAULT_LIMITS
from risk.models import Assessment

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
    if not visit.may_upload:
        raise PermissionDenied
    request = visit.request
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid() and (upload := _accepted(visit, form)):
        return redirect("admin:upload", upload.pk)
    sites = Site.objects.of(visit.operator).order_by("name").values_list("name", flat=True)
    status = 400 if form.errors else 200
    return visit.render("console/new_upload.html", status=status, form=form, sites=sites, limits=LIMITS)


def _accepted(visit: Visit, form: UploadForm) -> Upload | None:
    """The upload on record; None when the service refuses, with its sentence beside the file."""
    file = form.cleaned_data["file"]
    try:
        return accept_upload(
            operator=visit.operator, file=file, file_name=file.name, by=visit.person, choices=form.choices
        )
    except ValidationError as refusal:
        form.add_error("file", refusal)
        return None


def upload_page(visit: Visit, upload_id: int) -> HttpResponse:
    """One upload: its state, its counts, its columns, its problems; another operator's does not exist here."""
    uploads = Upload.objects.of(visit.operator).select_related("uploaded_by")
    upload = uploads.filter(pk=upload_id).first()
    if upload is None:
        raise Http404("There is no such upload.")
    owed = Assessment.objects.filter(lot__operator=visit.operator, error="").count()
    return visit.render(
        "console/upload.html",
        upload=upload,
        report=report_of(upload, visit.request.GET.get("code", "")),
        counts=[(name, f"{getattr(upload, name):,}") for name in COUNTS],
        owed=owed,
        is_waiting=not upload.is_settled or (upload.state == UploadState.APPLIED and owed > 0),
    )
