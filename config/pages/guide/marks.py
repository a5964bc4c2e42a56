"""The list of steps on every page of an upload: where one is, and where one may go back to."""

from __future__ import annotations

from typing import NamedTuple

from django.urls import reverse

from fleet.models import Upload
from fleet.models.upload import UploadState

TITLES = {
    "file": "File",
    "sheet": "Sheet",
    "columns": "Columns",
    "reading": "Dates and numbers",
    "values": "Values",
    "mode": "Key and mode",
    "check": "Check",
    "apply": "Preview",
    "report": "Report",
}
OTHER_TITLES = {"answers": "Swapped boards"}
ASKED = ("sheet", "columns", "reading", "values", "mode")
OPEN = (UploadState.CHOOSING, UploadState.CHECKED, UploadState.REFUSED)


class Mark(NamedTuple):
    """One entry of the list; without an address it is only named."""

    title: str
    address: str
    is_here: bool


def marks_of(upload: Upload | None, here: str) -> list[Mark]:
    """The steps in their order; the questions of an upload that is not applied may be gone back to."""
    is_open = upload is not None and upload.state in OPEN and bool(upload.file)
    return [
        Mark(
            title,
            reverse("admin:guide", args=[upload.pk, slug]) if upload and is_open and slug in ASKED else "",
            slug == here,
        )
        for slug, title in TITLES.items()
    ]
