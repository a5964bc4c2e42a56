"""Workbooks and sheets that people take with them: the template, the fleet, their own sheet with what is wrong."""

from __future__ import annotations

from io import BytesIO

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, StreamingHttpResponse

from config.pages.uploads import upload_of
from config.pages.visit import Visit
from fleet.flows.export_fleet import csv_pieces
from fleet.flows.problem_workbook import write_problem_workbook
from fleet.models import Site
from fleet.sheets.template import write_template

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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


def fleet_sheet(visit: Visit) -> StreamingHttpResponse:
    """Every rig as a .csv that goes back in unchanged, sent while it is written."""
    named = f'attachment; filename="{visit.operator.slug}-fleet.csv"'
    pieces = (piece.encode() for piece in csv_pieces(visit.operator))
    return StreamingHttpResponse(
        pieces, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": named}
    )


def _attached(written: BytesIO, name: str) -> FileResponse:
    written.seek(0)
    return FileResponse(written, as_attachment=True, filename=name, content_type=WORKBOOK)
