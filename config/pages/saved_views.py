"""Saved views: the address of a list under a name, one's own or shared with the operator."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from config.pages.address import a_number
from config.pages.visit import Visit, posted
from fleet.models import SavedView
from fleet.models.saved_view import ViewedList
from fleet.services import bring_back_view, remove_view, rename_view, save_view

SHARE = "fleet.change_rig"  # a manager's right
MOST_LETTERS = 4_000


class OfferedView(NamedTuple):
    """A view as a list offers it."""

    name: str
    address: str
    is_here: bool
    whose: str


def views_beside(visit: Visit, viewed: str, query: str) -> list[OfferedView]:
    """The views of a list that the person may open, by name."""
    views = SavedView.objects.of(visit.operator).open_to(visit.person).filter(list=viewed)
    return [
        OfferedView(view.name, _address(view), view.query == query, _whose(visit, view))
        for view in views.select_related("person").order_by("name", "pk")
    ]


def view_list_page(visit: Visit) -> HttpResponse:
    """All views that the person may open; `?removed=` offers to bring one back."""
    return _shown(visit)


@posted
def save_view_page(visit: Visit) -> HttpResponse:
    """Keep the address of a list. What cannot be a name is refused beside its field."""
    said = visit.request.POST
    viewed, query = said.get("list", ""), said.get("query", "")[:MOST_LETTERS]
    if viewed not in ViewedList.values:
        raise Http404("There is no such list.")
    try:
        view = save_view(
            operator=visit.operator,
            person=visit.person,
            viewed=viewed,
            name=said.get("name", ""),
            query=query,
            is_shared=_is_shared(visit),
            at=visit.now,
        )
    except ValidationError as refusal:
        return _shown(
            visit,
            errors={"new": _sentence(refusal)},
            new={"list": viewed, "query": query, "name": said.get("name")},
        )
    messages.success(visit.request, f"The view '{view.name}' is saved.")
    return redirect(_address(view))


@posted
def view_deed(visit: Visit, view_id: int, deed: str) -> HttpResponse:
    """Rename, remove or bring back a view; only its owner's, and a manager's where it is shared."""
    view = _view_of(visit, view_id)
    if deed not in ("rename", "remove", "bring-back"):
        raise Http404("There is no such deed.")
    if deed == "remove":
        remove_view(view=view, at=visit.now)
        return redirect(f"{reverse('admin:saved_views')}?removed={view.pk}")
    try:
        if deed == "bring-back":
            bring_back_view(view=view)
        else:
            rename_view(view=view, name=visit.request.POST.get("name", ""), is_shared=_is_shared(visit))
    except ValidationError as refusal:
        return _shown(visit, errors={view.pk: _sentence(refusal)})
    messages.success(
        visit.request, f"The view '{view.name}' is {'back' if deed == 'bring-back' else 'changed'}."
    )
    return redirect("admin:saved_views")


def _shown(
    visit: Visit, *, errors: dict[int | str, str] | None = None, new: dict[str, str | None] | None = None
) -> HttpResponse:
    errors = errors or {}
    views = SavedView.objects.of(visit.operator).open_to(visit.person).select_related("person")
    rows = [
        (view, _address(view), _whose(visit, view), _may_change(visit, view), errors.get(view.pk, ""))
        for view in views.order_by("list", "name", "pk")
    ]
    removed = SavedView.objects.of(visit.operator).filter(
        person=visit.person, pk=a_number(visit.request, "removed"), removed_at__isnull=False
    )
    return visit.render(
        "console/saved_views.html",
        status=400 if errors else 200,
        rows=rows,
        removed=removed.first(),
        new=new,
        new_error=errors.get("new", ""),
        may_share=visit.may(SHARE),
    )


def _view_of(visit: Visit, view_id: int) -> SavedView:
    view: SavedView | None = SavedView.objects.of(visit.operator).filter(pk=view_id).first()
    if view is None or not (view.person_id == visit.person.pk or (view.is_shared and not view.removed_at)):
        raise Http404("There is no such view.")
    if not _may_change(visit, view):
        raise PermissionDenied("Only its owner or a manager changes a shared view.")
    return view


def _may_change(visit: Visit, view: SavedView) -> bool:
    return view.person_id == visit.person.pk or (view.is_shared and visit.may(SHARE))


def _is_shared(visit: Visit) -> bool:
    return bool(visit.request.POST.get("is_shared")) and visit.may(SHARE)


def _whose(visit: Visit, view: SavedView) -> str:
    if view.person_id != visit.person.pk:
        return "shared"
    return "yours, shared" if view.is_shared else "yours"


def _address(view: SavedView) -> str:
    return f"{reverse(f'admin:{view.list}')}?{view.query}"


def _sentence(refusal: ValidationError) -> str:
    told = " ".join(refusal.messages)
    return "Give the view a name." if "blank" in told else told
