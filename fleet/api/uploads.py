"""Uploads for programs: send a spreadsheet, poll, look at its problems, apply it, take it back."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import django_filters as filters
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from fleet.api import examples
from fleet.api.addresses import OperatorAddress
from fleet.api.answers import (
    PROBLEMS_SHOWN,
    nothing_new,
    problem_answers,
    problem_counts,
    upload_detail,
    upload_summary,
)
from fleet.api.shapes import (
    ApplyTaken,
    ChoicesTaken,
    ProblemListed,
    UndoTold,
    UploadListed,
    UploadTaken,
    UploadTold,
)
from fleet.flows.problem_workbook import write_problem_workbook
from fleet.models import Site, Upload, UploadProblem
from fleet.models.keys import Scope
from fleet.models.upload import UploadState
from fleet.services import accept_upload, ask_to_apply, cancel_upload, check_again, take_back
from fleet.sheets.template import write_template
from ledger.api.filters import Filters, OneOf, WholeNumber, YesOrNo
from ledger.api.idempotency import ActsOnce
from ledger.api.lists import Listed, list_parameters
from ledger.api.pages import PagesInOrder, page_of
from ledger.api.problems import Refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BESIDE_THE_FILE = 1024**2
DRY_RUN = OpenApiParameter("dry_run", bool, description="Check every row and write nothing.")


class UploadAddress(OperatorAddress):
    """An address under `uploads/`."""

    reads: str | None = Scope.FLEET_READ
    writes: str | None = Scope.FLEET_WRITE
    statuses = {
        "file_too_large": 413,
        "malware_unknown": 409,
        "fleet_busy": 409,
        "rows_wrong": 409,
        **{f"upload_not_{state}": 409 for state in UploadState},
    }

    def upload(self, upload_id: int) -> Upload:
        """An upload of the caller's operator. Raises Http404: another operator's does not exist here."""
        uploads = Upload.objects.of(self.operator).select_related("operator")
        upload = uploads.filter(pk=upload_id).first()
        if upload is None:
            raise Http404(f"There is no upload {upload_id}.")
        return upload

    def told(self, upload: Upload, *, status: int = 200, **more: Any) -> Response:
        """The upload as it is now."""
        upload.refresh_from_db()
        answer = {**upload_detail(upload, on=timezone.localdate()), **more}
        return Response(answer, status=status, headers={"Location": address_of(upload)})


class UploadFilters(Filters):
    """By how far an upload is, and what file it was."""

    state = OneOf(UploadState, field_name="state", code="state_unknown")
    file = filters.CharFilter("file_name", max_length=200, help_text="The name of the file, as it was sent.")
    sha256 = filters.CharFilter("sha256", "iexact", max_length=64, help_text="The digest of the file.")


class Uploads(Listed, UploadAddress, ActsOnce):
    """All uploads of the operator."""

    parser_classes = [MultiPartParser]
    largest_body = settings.UPLOAD_MAX_BYTES + BESIDE_THE_FILE

    filters, sent_with = UploadFilters, ("dry_run",)

    @extend_schema(
        operation_id="list_uploads",
        summary="Uploads, newest first",
        parameters=list_parameters(UploadFilters),
        responses=OpenApiResponse(page_of("UploadPage", UploadListed), examples=examples.UPLOAD_PAGE),
    )
    def get(self, request: Any) -> Response:
        """A page of uploads, in brief."""
        return self.listed(Upload.objects.of(self.operator), lambda page: map(upload_summary, page))

    @extend_schema(
        operation_id="send_upload",
        summary="Send a spreadsheet",
        parameters=[DRY_RUN],
        request={"multipart/form-data": UploadTaken},
        responses={
            202: OpenApiResponse(UploadTold, "Accepted; poll its address.", examples=examples.UPLOAD),
            200: OpenApiResponse(
                UploadTold, "The same was applied before; nothing was written.", examples=examples.SAME
            ),
        },
    )
    def post(self, request: Any, **named: Any) -> Any:
        """Accept a spreadsheet; a worker reads it, and unless `dry_run` applies it where no row is wrong."""
        return super().post(request, **named)

    def act(self, request: Any, **_: Any) -> Response:
        """Keep the file and set its reading going."""
        given = self.read(UploadTaken)
        file = given.pop("file")
        upload = accept_upload(
            operator=self.operator,
            file=file,
            file_name=file.name,
            by=self.caller.person,
            choices={"accept_partial": False, **given, "dry_run": switch(request, "dry_run")},
        )
        if upload.state == UploadState.APPLIED:
            return self.told(upload, **nothing_new(upload))
        return self.told(upload, status=202)


class OneUpload(UploadAddress):
    """One upload."""

    @extend_schema(
        operation_id="get_upload",
        summary="One upload",
        responses=OpenApiResponse(UploadTold, examples=examples.UPLOAD),
    )
    def get(self, request: Any, upload_id: int) -> Response:
        """How far it is; when `is_settled`, what became of it."""
        return self.told(self.upload(upload_id))

    @extend_schema(
        operation_id="cancel_upload_by_delete",
        summary="Cancel",
        responses={202: OpenApiResponse(UploadTold, examples=examples.UPLOAD)},
    )
    def delete(self, request: Any, upload_id: int) -> Response:
        """The same as `cancel/`: drop an upload that waits or is being read."""
        upload = self.upload(upload_id)
        cancel_upload(upload=upload, by=self.caller.person)
        response = self.told(upload, status=202)
        self.put_on_record(request, response)
        return response


class UploadDeed(UploadAddress, ActsOnce):
    """Something that is done to one upload."""

    reads = None


class Cancelling(UploadDeed):
    """Cancel an upload."""

    @extend_schema(
        operation_id="cancel_upload",
        summary="Cancel",
        request=None,
        responses={202: OpenApiResponse(UploadTold, examples=examples.UPLOAD)},
    )
    def post(self, request: Any, **named: Any) -> Any:
        """Drop an upload that waits or is being read; nothing of it is written. 409 for one that is settled."""
        return super().post(request, **named)

    def act(self, request: Any, upload_id: int, **_: Any) -> Response:
        """Ask for it."""
        upload = self.upload(upload_id)
        cancel_upload(upload=upload, by=self.caller.person)
        return self.told(upload, status=202)


class Applying(UploadDeed):
    """Apply an upload."""

    @extend_schema(
        operation_id="apply_upload",
        summary="Apply a checked upload",
        request=ApplyTaken,
        responses={202: OpenApiResponse(UploadTold, examples=examples.UPLOAD)},
    )
    def post(self, request: Any, **named: Any) -> Any:
        """A worker writes what was shown. If the fleet moved so that it would be something else, the upload stays
        `checked`, and `refusal` says how.
        """
        return super().post(request, **named)

    def act(self, request: Any, upload_id: int, **_: Any) -> Response:
        """Ask for it; wrong rows are named when they stand in the way."""
        upload = self.upload(upload_id)
        try:
            ask_to_apply(upload=upload, by=self.caller.person, **self.read(ApplyTaken))
        except ValidationError as refusal:
            if refusal.code != "rows_wrong":
                raise
            wrong = upload.problems.filter(is_warning=False).order_by("row", "pk")[:PROBLEMS_SHOWN]
            told = problem_answers(wrong)
            raise Refused(str(refusal.message), code="rows_wrong", status=409, errors=told) from None
        return self.told(upload, status=202)


class Checking(UploadDeed):
    """Check an upload again."""

    @extend_schema(
        operation_id="check_upload",
        summary="Check again with other choices",
        request=ChoicesTaken,
        responses={202: OpenApiResponse(UploadTold, examples=examples.UPLOAD)},
    )
    def post(self, request: Any, **named: Any) -> Any:
        """Read the kept file anew; choices that are not named stay. For what is checked or refused."""
        return super().post(request, **named)

    def act(self, request: Any, upload_id: int, **_: Any) -> Response:
        """Ask for it."""
        upload = self.upload(upload_id)
        check_again(upload=upload, choices=self.read(ChoicesTaken), by=self.caller.person)
        return self.told(upload, status=202)


class Undoing(UploadDeed):
    """Take an upload back."""

    @extend_schema(
        operation_id="undo_upload",
        summary="Take an applied upload back",
        request=None,
        responses=OpenApiResponse(UndoTold, examples=examples.UNDO),
    )
    def post(self, request: Any, **named: Any) -> Any:
        """What somebody changed since stays as it is, and is named."""
        return super().post(request, **named)

    def act(self, request: Any, upload_id: int, **_: Any) -> Response:
        """Do it, at once."""
        upload = self.upload(upload_id)
        return Response(take_back(upload=upload, at=timezone.now(), by=self.caller.person))


class ProblemFilters(Filters):
    """By what is wrong, and where."""

    code = filters.CharFilter("code", max_length=60, help_text="Only those of one code.")
    column = filters.CharFilter("column", max_length=200, help_text="The heading, as the file has it.")
    row = WholeNumber(field_name="row")
    is_warning = YesOrNo(field_name="is_warning", help_text="True: what was taken all the same.")


class Problems(Listed, UploadAddress):
    """The problems of an upload."""

    filters, pages = ProblemFilters, PagesInOrder

    @extend_schema(
        operation_id="list_upload_problems",
        summary="What is wrong with which row",
        parameters=list_parameters(ProblemFilters),
        responses=OpenApiResponse(page_of("ProblemPage", ProblemListed), examples=examples.PROBLEM_PAGE),
    )
    def get(self, request: Any, upload_id: int) -> Response:
        """Problems and warnings, the first thousand of each code; how many of each stands in `X-Problem-Counts`."""
        upload = self.upload(upload_id)
        answer = self.listed(UploadProblem.objects.filter(upload=upload), _problems_listed)
        counts = problem_counts(upload).items()
        answer["X-Problem-Counts"] = ", ".join(f"{code}={count}" for code, count in counts)
        return answer


class ProblemWorkbook(UploadAddress):
    """The problems of an upload as a workbook."""

    query_parameters = ("only_wrong",)

    @extend_schema(
        operation_id="get_problem_workbook",
        summary="Their own sheet with the wrong cells marked",
        parameters=[OpenApiParameter("only_wrong", bool, description="Leave the right rows out.")],
        responses={(200, XLSX): OpenApiTypes.BINARY},
    )
    def get(self, request: Any, upload_id: int) -> HttpResponse:
        """A workbook to mend and send again."""
        upload, only_wrong = self.upload(upload_id), switch(request, "only_wrong")
        written = BytesIO()
        write_problem_workbook(upload, written, only_wrong=only_wrong)
        return _workbook(written, f"upload-{upload.pk}-problems.xlsx")


class Template(UploadAddress):
    """The workbook that we hand out."""

    @extend_schema(
        operation_id="get_upload_template",
        summary="The workbook to fill in",
        responses={(200, XLSX): OpenApiTypes.BINARY},
    )
    def get(self, request: Any) -> HttpResponse:
        """Our headings, with lists to choose from and the operator's sites among them."""
        written = BytesIO()
        sites = Site.objects.of(self.operator).values_list("name", flat=True)
        write_template(written, sites=sites)
        return _workbook(written, "fleet-template.xlsx")


def _problems_listed(rows: Sequence[UploadProblem]) -> list[dict[str, Any]]:
    told = zip(problem_answers(rows), rows, strict=True)
    return [{**each, "is_warning": row.is_warning} for each, row in told]


def address_of(upload: Upload) -> str:
    """Where an upload is polled."""
    return reverse("api:upload", args=[upload.pk])


def _workbook(written: BytesIO, name: str) -> HttpResponse:
    headers = {"Content-Type": XLSX, "Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(written.getvalue(), headers=headers)


def switch(request: Any, name: str) -> bool:
    """Whether a query parameter is on. Raises ValidationError for what is neither true nor false."""
    said = request.query_params.get(name, "false").lower()
    if said not in ("true", "false", "1", "0"):
        raise serializers.ValidationError({name: ["Write true or false."]}, code="switch_unreadable")
    return said in ("true", "1")
