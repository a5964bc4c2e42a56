"""Workbooks and sheets that people take with them: the template, the fleet, their own sheet with what is wrong."""

from __future__ import annotations

from io import BytesIO

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect

from config.pages.attachment import CSV, WORKBOOK
from config.pages.uploads import upload_of
from config.pages.visit import Visit, posted
from fleet.flows.export_fleet import csv_pieces
from fleet.flows.problem_workbook import write_problem_workbook
from fleet.models import FleetExport, Site
from fleet.models.export import ExportState
from fleet.services import ask_for_workbook
from fleet.sheets.template import write_template


def template_workbook(visit: Visit) -> FileResponse:
    """An empty sheet with our headings and this operator's sites."""
    written = BytesIO()
    write_template(
        written, sites=list(Site.objects.of(visit.operator).order_by("name").values_list("name", flat=True))
    )
    return _attached(written, "fleet-template.xlsx")


def problem_workbook(visit: Visit, upload_id: int) -> FileResponse:
    """The sender's own sheet, wrong cells marked, with a reason beside every wrong row."""
    upload = upload_of(visit, upload_id)
    written = BytesIO()
    try:
        write_problem_workbook(upload, written)
    except ValidationError as nothing:
        raise Http404(" ".join(nothing.messages)) from None
    return _attached(written, f"upload-{upload.pk}-problems.xlsx")


@posted
def ask_for_fleet(visit: Visit) -> HttpResponse:
    """Have the fleet written as a workbook; its page tells when it is ready."""
    return redirect(
        "admin:fleet_workbook", ask_for_workbook(operator=visit.operator, at=visit.now, by=visit.person).pk
    )


def fleet_workbook(visit: Visit, export_id: int) -> HttpResponse:
    """How far a workbook is, with its link when it is ready."""
    return visit.render("console/export.html", export=_export_of(visit, export_id))


def fleet_workbook_file(visit: Visit, export_id: int) -> FileResponse:
    """The workbook itself."""
    export = _export_of(visit, export_id)
    if export.state != ExportState.READY:
        raise Http404("The workbook is not written yet.")
    name = f"{visit.operator.slug}-fleet.xlsx"
    return FileResponse(export.file.open("rb"), as_attachment=True, filename=name, content_type=WORKBOOK)


def _export_of(visit: Visit, export_id: int) -> FleetExport:
    export = FleetExport.objects.of(visit.operator).filter(pk=export_id).first()
    if export is None:
        raise Http404("There is no such workbook.")
    return export


def fleet_sheet(visit: Visit) -> StreamingHttpResponse:
    """Every rig as a .csv that goes back in unchanged, sent while it is written."""
    named = f'attachment; filename="{visit.operator.slug}-fleet.csv"'
    pieces = (piece.encode() for piece in csv_pieces(visit.operator))
    return StreamingHttpResponse(pieces, content_type=CSV, headers={"Content-Disposition": named})


def _attached(written: BytesIO, name: str) -> FileResponse:
    written.seek(0)
    return FileResponse(written, as_attachment=True, filename=name, content_type=WORKBOOK)
