"""One vendor: all that is said of it, who owns it, what it means to the fleet that is shown, and its history."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect

from config.pages.address import a_number
from config.pages.attachment import stored
from config.pages.vendors.keeping import Keeping, keeping_of
from config.pages.visit import Visit
from fleet.rights import rights_at
from risk.dashboard.vendor_screening import vendor_screened
from risk.models import PolicyEdition
from vendors.dashboard.ownership import ownership_around
from vendors.dashboard.record import documents_in_words, documents_of, history_of, sections_of
from vendors.dashboard.scorecard import Scorecard, scorecard
from vendors.models import Vendor, VendorDocument
from vendors.models.kinds import KINDS


def vendor_page(visit: Visit, vendor_id: int) -> HttpResponse:
    """The record. One that was merged leads to the other, and says so."""
    keeping = keeping_of(visit)
    vendor = keeping.vendor(vendor_id)
    if vendor.merged_into_id:
        messages.info(visit.request, f"{vendor} was merged into this record.")
        return redirect("admin:vendor_record", vendor.survivor.pk)
    may_touch = partial(keeping.may_touch, vendor)
    history, older = history_of(vendor, operator=keeping.own, before=a_number(visit.request, "before"))
    documents = documents_of(vendor, operator=keeping.own, today=visit.today, may_change=may_touch)
    return visit.render(
        "console/vendors/record.html",
        vendor=vendor,
        keeping=keeping,
        may_change=keeping.may_change(vendor),
        may_keep_beside=keeping.may_keep_beside(vendor),
        sections=sections_of(vendor, operator=keeping.own, may_change=may_touch),
        scoped=[kind.name for kind in KINDS.values() if kind.is_scoped],
        keeper=keeping.keeper(vendor),
        documents=documents,
        documents_told=documents_in_words(documents),
        ownership=ownership_around(vendor, operator=keeping.own, today=visit.today),
        card=_card(visit, vendor),
        screened=vendor_screened(vendor, operator=keeping.own),
        history=history,
        older=older,
        tombstones=Vendor.objects.visible_to(keeping.own).filter(merged_into=vendor).order_by("name"),
    )


def document_file(visit: Visit, vendor_id: int, document_id: int) -> FileResponse:
    """The paper as it was sent, never shown inside the console. Raises Http404 for what the person may not see."""
    keeping = keeping_of(visit)
    paper = document_of(keeping, keeping.vendor(vendor_id), document_id)
    return stored(paper.file, paper.file_name)


def document_of(keeping: Keeping, vendor: Vendor, document_id: int) -> VendorDocument:
    """Raises Http404 for a paper of another vendor, or of another operator."""
    papers = VendorDocument.objects.visible_to(keeping.own).filter(vendor=vendor)
    paper: VendorDocument | None = papers.filter(pk=document_id).first()
    if paper is None:
        raise Http404("There is no such document.")
    return paper


def _card(visit: Visit, vendor: Vendor) -> Scorecard | None:
    """For who may see the fleet that is shown."""
    if visit.chosen is None or "fleet.view" not in rights_at(visit.person, visit.chosen):
        return None
    return scorecard(vendor, visit.chosen, today=visit.today, edition=PolicyEdition.objects.current())
