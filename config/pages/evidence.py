"""Papers that bear an origin: the list, a new one with what it covers, its file, and its withdrawal."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect

from config.pages.address import a_number, address_with
from config.pages.attachment import stored
from config.pages.evidence_form import EvidenceForm
from config.pages.visit import Visit, posted
from fleet.models import OriginEvidence
from fleet.services import keep_evidence, withdraw_evidence

PAGE_SIZE = 50


def evidence_list_page(visit: Visit) -> HttpResponse:
    """The papers of an operator, newest first; withdrawn ones stay in the list with their reason."""
    papers = OriginEvidence.objects.of(visit.operator).select_related("added_by", "withdrawn_by")
    papers = papers.annotate(lots_covered=Count("lots", distinct=True)).prefetch_related("ranges")
    if before := a_number(visit.request, "before"):
        papers = papers.filter(pk__lt=before)
    rows = list(papers.order_by("-pk")[: PAGE_SIZE + 1])
    following = address_with(before=rows[PAGE_SIZE - 1].pk) if len(rows) > PAGE_SIZE else ""
    return visit.render("console/evidence.html", papers=rows[:PAGE_SIZE], following=following)


def new_evidence_page(visit: Visit) -> HttpResponse:
    """The form; a paper that covers nothing is not kept; `?lots=` names lots to begin with. Raises PermissionDenied
    for viewers.
    """
    _refuse_viewers(visit)
    request = visit.request
    if visit.is_posted:
        form = EvidenceForm(request.POST, request.FILES)
    else:
        form = EvidenceForm(initial={"lots": request.GET.get("lots", "")})
    if form.is_valid() and _kept(visit, form):
        return redirect("admin:evidence")
    return visit.render("console/new_evidence.html", status=400 if form.errors else 200, form=form)


def evidence_file(visit: Visit, evidence_id: int) -> FileResponse:
    """The paper as it was sent, never shown inside the console."""
    paper = _paper_of(visit, evidence_id)
    return stored(paper.file, paper.file_name)


@posted
def withdraw_page(visit: Visit, evidence_id: int) -> HttpResponse:
    """Let a paper count no more. Raises PermissionDenied for viewers."""
    _refuse_viewers(visit)
    paper, because = _paper_of(visit, evidence_id), visit.request.POST.get("because", "")
    try:
        withdraw_evidence(evidence=paper, because=because, at=visit.now, by=visit.person)
        messages.success(visit.request, f"{paper.title} counts no more.")
    except ValidationError as refusal:
        messages.error(visit.request, " ".join(refusal.messages))
    return redirect("admin:evidence")


def _kept(visit: Visit, form: EvidenceForm) -> bool:
    file = form.cleaned_data["file"]
    try:
        paper, touched = keep_evidence(
            operator=visit.operator,
            file=file,
            file_name=file.name,
            covering=form.covered,
            at=visit.now,
            by=visit.person,
            **form.said,
        )
    except ValidationError as refusal:
        form.add_error(None, " ".join(refusal.messages))
        return False
    messages.success(visit.request, f"{paper.title} is on record and covers rigs of {touched} lots.")
    return True


def _paper_of(visit: Visit, evidence_id: int) -> OriginEvidence:
    paper: OriginEvidence | None = OriginEvidence.objects.of(visit.operator).filter(pk=evidence_id).first()
    if paper is None:
        raise Http404("There is no such paper.")
    return paper


def _refuse_viewers(visit: Visit) -> None:
    if not visit.may_upload:
        raise PermissionDenied("Only a manager of this operator adds or withdraws evidence.")
