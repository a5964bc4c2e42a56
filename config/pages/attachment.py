"""Answers that are files to take along."""

from __future__ import annotations

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse
from django.utils.http import content_disposition_header

from ledger.stored_files import handed_out_as

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def attached(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file of a kind under a name, which the browser keeps and does not show."""
    place = content_disposition_header(True, handed_out_as(name))
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": place})


def stored(file: FieldFile, name: str) -> FileResponse:
    """A kept file as it was sent, under the name that it had; never shown inside the console. Raises Http404 for one
    whose time was over."""
    if not file:
        raise Http404("This file is kept no more; its digest and who erased it why are on record.")
    return FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=handed_out_as(name),
        content_type="application/octet-stream",
    )
