"""Evidence of origin for programs: send a paper with what it covers, list them, withdraw one."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.conf import settings
from django.db.models import Count, QuerySet
from django.http import FileResponse, Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from fleet.api import evidence_examples as examples
from fleet.api.addresses import OperatorAddress
from fleet.api.evidence_shapes import EvidenceTaken, EvidenceTold, WithdrawalTaken
from fleet.api.uploads import BESIDE_THE_FILE
from fleet.models import OriginEvidence
from fleet.models.keys import Scope
from fleet.services import keep_evidence, withdraw_evidence
from ledger.api.filters import Filters, OneOf, YesOrNo
from ledger.api.idempotency import ActsOnce
from ledger.api.lists import Listed, list_parameters
from ledger.api.pages import page_of
from ledger.api.parsers import JsonBody
from ledger.stored_files import handed_out_as


class EvidenceAddress(OperatorAddress):
    """An address under `evidence/`."""

    reads: str | None = Scope.FLEET_READ
    writes: str | None = Scope.FLEET_WRITE
    statuses = {"file_too_large": 413, "malware_unknown": 409, "evidence_withdrawn": 409}

    def paper(self, evidence_id: int) -> OriginEvidence:
        """A paper of the caller's operator. Raises Http404: another operator's does not exist here."""
        paper: OriginEvidence | None = OriginEvidence.objects.of(self.operator).filter(pk=evidence_id).first()
        if paper is None:
            raise Http404(f"There is no evidence {evidence_id}.")
        return paper


def _withdrawn(rows: QuerySet[OriginEvidence], _: str, value: str) -> QuerySet[OriginEvidence]:
    return rows.filter(withdrawn_at__isnull=value == "false")


class EvidenceFilters(Filters):
    """By what a paper is, and for what it speaks."""

    kind = OneOf(OriginEvidence.Kind, field_name="kind", code="kind_unknown")
    country = filters.CharFilter("country", "iexact", max_length=2, help_text="ISO 3166-1 alpha-2.")
    is_withdrawn = YesOrNo(method=_withdrawn)


class AllEvidence(Listed, EvidenceAddress, ActsOnce):
    """The papers of an operator."""

    parser_classes = [MultiPartParser]
    largest_body = settings.UPLOAD_MAX_BYTES + BESIDE_THE_FILE

    filters = EvidenceFilters

    @extend_schema(
        operation_id="list_evidence",
        summary="Evidence of origin, newest first",
        parameters=list_parameters(EvidenceFilters),
        responses=OpenApiResponse(page_of("EvidencePage", EvidenceTold), examples=examples.EVIDENCE_PAGE),
    )
    def get(self, request: Any) -> Response:
        """Withdrawn papers stay in the list, with the reason."""
        papers = OriginEvidence.objects.of(self.operator).prefetch_related("ranges")
        counted = papers.annotate(covered=Count("lots", distinct=True))
        return self.listed(counted, lambda page: (_told(paper, covered=paper.covered) for paper in page))

    @extend_schema(
        operation_id="send_evidence",
        summary="Send a paper and what it covers",
        request={"multipart/form-data": EvidenceTaken},
        responses={201: OpenApiResponse(EvidenceTold, "On record.", examples=examples.EVIDENCE)},
    )
    def post(self, request: Any, **named: Any) -> Any:
        """Keep the paper and let it cover lots by id, rigs by serial number, and all lots of a filter."""
        return super().post(request, **named)

    def act(self, request: Any, **_: Any) -> Response:
        """Keep it, or neither it nor its cover. Raises ValidationError for what is wrong with either."""
        taken = EvidenceTaken(data=request.data)
        taken.is_valid(raise_exception=True)
        file = taken.validated_data["file"]
        paper, _touched = keep_evidence(
            operator=self.operator,
            file=file,
            file_name=file.name,
            covering=taken.covered,
            at=timezone.now(),
            by=self.caller.person,
            **taken.said,
        )
        return Response(_told(paper, covered=paper.lots.count()), status=201)


class OneEvidence(EvidenceAddress):
    """One paper."""

    @extend_schema(
        operation_id="get_evidence",
        summary="One paper",
        responses=OpenApiResponse(EvidenceTold, examples=examples.EVIDENCE),
    )
    def get(self, request: Any, evidence_id: int) -> Response:
        """What it bears and covers."""
        paper = self.paper(evidence_id)
        return Response(_told(paper, covered=paper.lots.count()))


class EvidenceFile(EvidenceAddress):
    """The file of a paper."""

    @extend_schema(
        operation_id="get_evidence_file",
        summary="The paper as it was sent",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Any, evidence_id: int) -> FileResponse:
        """Its bytes, whose SHA-256 stands beside the paper."""
        paper = self.paper(evidence_id)
        if not paper.file:
            raise Http404("This file is kept no more; its digest and who erased it why are on record.")
        return FileResponse(
            paper.file.open("rb"),
            as_attachment=True,
            filename=handed_out_as(paper.file_name),
            content_type="application/octet-stream",
        )


class Withdrawing(EvidenceAddress, ActsOnce):
    """The withdrawal of a paper."""

    parser_classes = [JsonBody]
    reads = None

    @extend_schema(
        operation_id="withdraw_evidence",
        summary="Let a paper count no more",
        request=WithdrawalTaken,
        responses=OpenApiResponse(EvidenceTold, examples=examples.EVIDENCE),
    )
    def post(self, request: Any, **named: Any) -> Any:
        """It stays on record with the reason. 409 for one that was withdrawn before."""
        return super().post(request, **named)

    def act(self, request: Any, evidence_id: int, **_: Any) -> Response:
        """Withdraw it."""
        paper = self.paper(evidence_id)
        because = self.read(WithdrawalTaken)["because"]
        withdraw_evidence(evidence=paper, because=because, at=timezone.now(), by=self.caller.person)
        return Response(_told(paper, covered=paper.lots.count()))


def _told(paper: OriginEvidence, *, covered: int) -> dict[str, Any]:
    return {
        "evidence": paper.pk,
        "kind": paper.kind,
        "title": paper.title,
        "file": paper.file_name,
        "sha256": paper.sha256,
        "country": paper.country,
        "strength": paper.strength,
        "issued_on": paper.issued_on.isoformat() if paper.issued_on else None,
        "expires_on": paper.expires_on.isoformat() if paper.expires_on else None,
        "note": paper.note,
        "lots_covered": covered,
        "serials": [{"first": each.first, "last": each.last} for each in paper.ranges.all()],
        "added_at": paper.added_at.isoformat(),
        "withdrawn_at": paper.withdrawn_at.isoformat() if paper.withdrawn_at else None,
        "withdrawn_because": paper.withdrawn_because,
    }
