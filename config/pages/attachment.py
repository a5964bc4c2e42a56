"""Answers that are files to take along."""

from __future__ import annotations

from django.http import HttpResponse

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def attached(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file of a kind under a name, which the browser keeps and does not show."""
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
