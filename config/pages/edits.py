"""Edits of many rigs: what is to change, what it would do, its progress, and its undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect

from config.pages.address import a_number, address_with
from config.pages.edit_form import EditForm
from config.pages.rig_filter import narrowed_by
from config.pages.uploads import preview_in_words
from config.pages.visit import Visit, posted
from fleet.models import BulkEdit, Rig
from fleet.models.bulk_edit import EditState
from fleet.services import (
    MOST_RIGS_AN_EDIT,
    RowsWrong,
    ask_to_edit,
    confirm_edit,
    discard_edit,
    take_back_edit,
)
from risk.dashboard.rig_facts import value_in_words
from risk.dashboard.rig_view import RigView
from risk.dashboard.words import fact_in_words
from risk.flows.preview_upload import preview_moves
from risk.models import Assessment

PAGE_SIZE = 30
RIGS_NAMED = 8


class Chosen(NamedTuple):
    """The rigs that an edit is about; `is_whole_view`: all that the view finds."""

    ids: list[int]
    view: RigView
    is_whole_view: bool

    @property
    def is_too_many(self) -> bool:
        """Whether there are more than one edit takes."""
        return len(self.ids) > MOST_RIGS_AN_EDIT


def new_edit_page(visit: Visit) -> HttpResponse:
    """The form for the rigs that the address names, or for all that its view finds. Raises PermissionDenied."""
    _refuse_viewers(visit)
    request = visit.request
    given = request.POST if visit.is_posted else request.GET
    chosen = _chosen(visit, given)
    form = EditForm(visit.operator, *((request.POST,) if "said" in request.POST else ()))
    if form.is_valid() and (edit := _asked(visit, chosen, form)):
        return redirect("admin:edit", edit.pk)
    named = Rig.objects.of(visit.operator).filter(pk__in=chosen.ids[:RIGS_NAMED]).order_by("pk")
    return visit.render(
        "console/new_edit.html",
        status=400 if form.errors else 200,
        form=form,
        chosen=chosen,
        rig_ids=[] if chosen.is_whole_view else chosen.ids,
        named=[str(rig) for rig in named],
        others=max(0, len(chosen.ids) - RIGS_NAMED),
        narrowed_by=narrowed_by(chosen.view),
        most=MOST_RIGS_AN_EDIT,
    )


def edit_list_page(visit: Visit) -> HttpResponse:
    """The edits of an operator, newest first."""
    edits = BulkEdit.objects.of(visit.operator).defer("rig_ids", "deltas").select_related("asked_by")
    if before := a_number(visit.request, "before"):
        edits = edits.filter(pk__lt=before)
    rows = list(edits.order_by("-pk")[: PAGE_SIZE + 1])
    following = address_with(before=rows[PAGE_SIZE - 1].pk) if len(rows) > PAGE_SIZE else ""
    said = [(edit, _said_in_words(edit)) for edit in rows[:PAGE_SIZE]]
    return visit.render("console/edits.html", edits=said, following=following)


def edit_page(visit: Visit, edit_id: int) -> HttpResponse:
    """One edit: old and new, what the exposed share becomes, then its undo."""
    edit = _edit_of(visit, edit_id)
    is_checked = edit.state == EditState.CHECKED
    preview = preview_moves(edit.operator, edit.deltas, on=visit.today) if is_checked else None
    owed = Assessment.objects.waiting().filter(operator=visit.operator).count()
    return visit.render(
        "console/edit.html",
        edit=edit,
        said=_said_in_words(edit),
        groups=[
            (fact_in_words(row["fact"]), _word(row, "old"), _word(row, "new"), row["rigs"])
            for row in edit.groups
        ],
        others=sum({row["fact"]: row["others"] for row in edit.groups}.values()),
        problems=[(fact_in_words(each["column"]), each["sentence"], each["rigs"]) for each in edit.problems],
        preview=preview_in_words(preview),
        owed=owed,
        is_waiting=edit.is_waiting or (edit.state in (EditState.APPLIED, EditState.UNDONE) and owed > 0),
        may_edit=visit.may("fleet.change_rig"),
    )


@posted
def edit_deed(visit: Visit, edit_id: int, deed: str) -> HttpResponse:
    """Apply what was shown, discard it, or take it back. Raises PermissionDenied for viewers."""
    _refuse_viewers(visit)
    edit = _edit_of(visit, edit_id)
    if deed not in DEEDS:
        raise Http404("There is no such deed.")
    try:
        DEEDS[deed](visit, edit)
    except ValidationError as refusal:
        messages.error(visit.request, " ".join(refusal.messages))
    return redirect("admin:edit", edit.pk)


def _chosen(visit: Visit, given: QueryDict) -> Chosen:
    """Another operator's rigs are not among them."""
    view = RigView.of(visit.operator, QueryDict(given.get("query", "")).dict())
    if given.get("whole_view"):
        ids = view.rigs.order_by().values_list("pk", flat=True)[: MOST_RIGS_AN_EDIT + 1]
        return Chosen(sorted(ids), view, True)
    named = [
        int(text) for text in given.getlist("rig") if text.isascii() and text.isdigit() and len(text) < 19
    ]
    mine = Rig.objects.of(visit.operator).filter(pk__in=named[:500])
    return Chosen(sorted(mine.values_list("pk", flat=True)), view, False)


def _asked(visit: Visit, chosen: Chosen, form: EditForm) -> BulkEdit | None:
    try:
        return ask_to_edit(
            operator=visit.operator,
            rig_ids=chosen.ids,
            said=form.said,
            why=form.cleaned_data["why"],
            query=chosen.view.query,
            at=visit.now,
            by=visit.person,
        )
    except RowsWrong as refusal:
        form.refuse(refusal)
    except ValidationError as refusal:
        form.add_error(None, " ".join(refusal.messages))
    return None


def _said_in_words(edit: BulkEdit) -> str:
    told = (f"{fact_in_words(name)}: {value or 'emptied'}" for name, value in edit.said.items())
    return ", ".join(told)


def _word(row: dict[str, Any], side: str) -> str:
    return value_in_words(row["fact"], row[side])


def _edit_of(visit: Visit, edit_id: int) -> BulkEdit:
    edits = BulkEdit.objects.of(visit.operator).defer("rig_ids")
    edit: BulkEdit | None = (
        edits.select_related("operator", "asked_by", "confirmed_by", "undone_by").filter(pk=edit_id).first()
    )
    if edit is None:
        raise Http404("There is no such edit.")
    return edit


def _refuse_viewers(visit: Visit) -> None:
    if not visit.may("fleet.change_rig"):
        raise PermissionDenied("Only a manager of this operator edits rigs.")


def _confirmed(visit: Visit, edit: BulkEdit) -> None:
    confirm_edit(edit=edit, shown=visit.request.POST.get("shown", ""), at=visit.now, by=visit.person)


def _discarded(visit: Visit, edit: BulkEdit) -> None:
    discard_edit(edit=edit, by=visit.person)


def _undone(visit: Visit, edit: BulkEdit) -> None:
    take_back_edit(edit=edit, at=visit.now, by=visit.person)


DEEDS: dict[str, Callable[[Visit, BulkEdit], None]] = {
    "confirm": _confirmed,
    "discard": _discarded,
    "undo": _undone,
}
