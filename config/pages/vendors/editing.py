"""Register a vendor, change its record, and add, change and remove facts on it; each with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from config.pages.vendors.forms import RecordForm, fact_form, vendor_form
from config.pages.vendors.keeping import Keeping, keeping_of
from config.pages.vendors.record import document_of
from config.pages.visit import Visit, posted
from fleet.models import Operator, User
from fleet.models.operator import PlatformRole
from vendors.models import Vendor
from vendors.models.kinds import KINDS, Kind
from vendors.services import (
    add_to_record,
    change_on_record,
    change_vendor,
    keep_document,
    register_vendor,
    remove_from_record,
    withdraw_document,
)


def new_vendor_page(visit: Visit) -> HttpResponse:
    """A new vendor: the register's where the person keeps it, else the own operator's private one."""
    keeping = keeping_of(visit)
    keeping.refuse_unless(keeping.may_register)
    keeper = keeping.registers_for
    form = vendor_form(_people(keeper), visit.request.POST or None)
    if form.is_valid():
        try:
            vendor = register_vendor(operator=keeper, why=_why(form), by=visit.person, **form.said)
            return redirect("admin:vendor_record", vendor.pk)
        except ValidationError as refusal:
            form.refuse(refusal)
    return _form_page(visit, form, title="Register a vendor", keeper=keeper)


def change_vendor_page(visit: Visit, vendor_id: int) -> HttpResponse:
    """What the record itself says."""
    keeping = keeping_of(visit)
    vendor = keeping.vendor(vendor_id)
    keeping.refuse_unless(keeping.may_change(vendor))
    form = vendor_form(_people(vendor.operator), visit.request.POST or None, vendor)
    if form.is_valid():
        try:
            differs = change_vendor(
                vendor=keeping.vendor(vendor_id),
                operator=vendor.operator,
                why=_why(form),
                by=visit.person,
                **form.said,
            )
            return _done(visit, vendor, "The record is changed." if differs else "Nothing differs.")
        except ValidationError as refusal:
            form.refuse(refusal)
    return _form_page(visit, form, title=f"Change {vendor}", vendor=vendor, keeper=vendor.operator)


def add_page(visit: Visit, vendor_id: int, kind: str) -> HttpResponse:
    """A new fact of one kind."""
    keeping, known = keeping_of(visit), _kind(kind)
    vendor = keeping.vendor(vendor_id)
    keeping.refuse_unless(_may_add(keeping, vendor, known))
    form = fact_form(known, vendor, visit.request.POST or None, files=visit.request.FILES or None)
    if form.is_valid():
        try:
            _add(visit, keeping, vendor, known, form)
            return _done(visit, vendor, f"The {known.thing} is on record.")
        except ValidationError as refusal:
            form.refuse(refusal)
    title = f"Add {'an' if known.thing[0] in 'aei' else 'a'} {known.thing}"
    return _form_page(visit, form, title=title, vendor=vendor, keeper=keeping.keeper(vendor), kind=known)


def change_page(visit: Visit, vendor_id: int, kind: str, row_id: int) -> HttpResponse:
    """A fact that is on record."""
    keeping, known = keeping_of(visit), _kind(kind)
    vendor = keeping.vendor(vendor_id)
    row = _row(keeping, vendor, known, row_id)
    form = fact_form(known, vendor, visit.request.POST or None, row)
    if form.is_valid():
        try:
            differs = change_on_record(
                kind=kind,
                row=_row(keeping, vendor, known, row_id),
                said=form.said,
                operator=keeping.keeper(vendor),
                why=_why(form),
                by=visit.person,
            )
            return _done(visit, vendor, f"The {known.thing} is changed." if differs else "Nothing differs.")
        except ValidationError as refusal:
            form.refuse(refusal)
    return _form_page(
        visit,
        form,
        title=f"Change the {known.thing}",
        vendor=vendor,
        keeper=keeping.keeper(vendor),
        kind=known,
        row=row,
        may_remove=kind != "documents" and not getattr(row, "is_shipped", False),
    )


@posted
def remove_page(visit: Visit, vendor_id: int, kind: str, row_id: int) -> HttpResponse:
    """Take a fact off the record; a document is withdrawn instead."""
    keeping, known = keeping_of(visit), _kind(kind)
    vendor = keeping.vendor(vendor_id)
    why, keeper = visit.request.POST.get("why", ""), keeping.keeper(vendor)
    row = _row(keeping, vendor, known, row_id)
    try:
        if kind == "documents":
            paper = document_of(keeping, vendor, row_id)
            withdraw_document(document=paper, operator=keeper, because=why, at=visit.now, by=visit.person)
        else:
            remove_from_record(kind=kind, row=row, operator=keeper, why=why, by=visit.person)
    except ValidationError as refusal:
        messages.error(visit.request, " ".join(refusal.messages))
        return redirect("admin:vendor_record", vendor.pk)
    deed = "counts no more" if kind == "documents" else "is off the record"
    return _done(visit, vendor, f"The {known.thing} {deed}; the history keeps it.")


def _add(visit: Visit, keeping: Keeping, vendor: Vendor, kind: Kind, form: RecordForm) -> None:
    who = {"operator": keeping.keeper(vendor), "why": _why(form), "by": visit.person}
    if kind.name != "documents":
        add_to_record(vendor=vendor, kind=kind.name, said=form.said, **who)
        return
    file = form.cleaned_data["file"]
    keep_document(vendor=vendor, file=file, file_name=file.name, at=visit.now, **who, **form.said)


def _may_add(keeping: Keeping, vendor: Vendor, kind: Kind) -> bool:
    return keeping.may_keep_beside(vendor) if kind.is_scoped else keeping.may_change(vendor)


def _row(keeping: Keeping, vendor: Vendor, kind: Kind, row_id: int) -> Any:
    """Raises Http404 for what the person may not see, PermissionDenied for what is not theirs to change."""
    rows = kind.rows.filter(vendor=vendor)
    if kind.is_scoped:
        rows = rows.filter(Q(operator__isnull=True) | Q(operator=keeping.own))
    row = rows.select_related("vendor").filter(pk=row_id).first()
    if row is None:
        raise Http404(f"There is no such {kind.thing}.")
    keeping.refuse_unless(keeping.may_touch(vendor, kind, row))
    return row


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404("There is no such kind of fact.")
    return KINDS[name]


def _people(keeper: Operator | None) -> QuerySet[User]:
    """Who may keep a record on our side: the operator's people, or the platform's."""
    people = User.objects.filter(is_active=True).order_by("username")
    if keeper is not None:
        return people.filter(memberships__operator=keeper)
    return people.exclude(platform_role=PlatformRole.NONE)


def _why(form: RecordForm) -> str:
    return str(form.cleaned_data["why"])


def _done(visit: Visit, vendor: Vendor, sentence: str) -> HttpResponse:
    messages.success(visit.request, sentence)
    return redirect("admin:vendor_record", vendor.pk)


def _form_page(visit: Visit, form: RecordForm, **said: Any) -> HttpResponse:
    return visit.render("console/vendors/form.html", status=400 if form.errors else 200, form=form, **said)
