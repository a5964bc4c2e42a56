"""The API keys of an operator: the list, a new one, one with its record, its rotation and its end.

The text of a key is in the answer that made it and nowhere else: not in an address, a session, a message or a log.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import get_random_string

from config.pages.keys.forms import KeyForm, RevocationForm, RotationForm
from config.pages.visit import Visit, only_for, posted
from fleet.models import ApiKey
from fleet.models.keys import Scope
from fleet.rights import KEEP_KEYS
from fleet.services import issue_key, revoke_key, rotate_key
from ledger.models import AuditEntry

ENDED_SHOWN = 50
DEEDS_SHOWN = 50
FORM = "form"
FORMS_USED = "key_forms_used"
FORMS_REMEMBERED = 20
CLAIM_SECONDS = 24 * 60 * 60


for_managers = only_for(KEEP_KEYS, "Only a manager of this operator keeps its keys.")


@for_managers
def key_list_page(visit: Visit) -> HttpResponse:
    """The keys in force, and those that ended last."""
    keys = ApiKey.objects.of(visit.operator).select_related("made_by").order_by("-pk")
    in_force = keys.in_force_at(visit.now)
    ended = keys.exclude(pk__in=in_force.values("pk"))[:ENDED_SHOWN]
    return visit.render("console/keys/list.html", in_force=in_force, ended=ended)


@for_managers
def new_key_page(visit: Visit) -> HttpResponse:
    """The form of a new key; the answer shows its text, this once."""
    form = KeyForm(visit)
    if form.is_valid():
        try:
            return _made_once(
                visit, lambda: issue_key(operator=visit.operator, at=visit.now, by=visit.person, **form.said)
            )
        except ValidationError as refusal:
            form.add_error(FIELDS.get(str(refusal.code)), refusal.messages)
    status = 400 if form.errors else 200
    return visit.render("console/keys/new.html", status=status, form=form, number=_form_number(visit))


@for_managers
def key_page(visit: Visit, key_id: int) -> HttpResponse:
    """One key: what it may do, and what is on record of it."""
    key = _key_of(visit, key_id)
    deeds = AuditEntry.objects.filter(subject=key.subject, operator_id=visit.operator.pk)
    return visit.render(
        "console/keys/key.html",
        key=key,
        scopes=[(scope, Scope(scope).label) for scope in key.scopes if scope in set(Scope)],
        opens=key.opens_at(visit.now),
        successor=key.successor_at(visit.now),
        deeds=deeds.select_related("by").order_by("-pk")[:DEEDS_SHOWN],
        rotation=RotationForm(),
        number=_form_number(visit),
    )


@for_managers
@posted
def rotate_page(visit: Visit, key_id: int) -> HttpResponse:
    """Make a key like this one; the answer shows its text, this once."""
    key = _key_of(visit, key_id)
    form = RotationForm(visit.request.POST)
    try:
        if not form.is_valid():
            raise ValidationError("Choose how long the old key goes on.")
        overlap = timedelta(hours=form.cleaned_data["overlap"])
        return _made_once(visit, lambda: rotate_key(key=key, at=visit.now, overlap=overlap, by=visit.person))
    except ValidationError as refusal:
        messages.error(visit.request, " ".join(refusal.messages))
        return redirect("admin:key", key.pk)


@for_managers
def revoke_page(visit: Visit, key_id: int) -> HttpResponse:
    """Which key would end, and when it was last used; posted: it ends."""
    key = _key_of(visit, key_id)
    form = RevocationForm(visit.request.POST or None)
    if not visit.is_posted or not form.is_valid():
        status = 400 if form.errors else 200
        opens = key.opens_at(visit.now)
        return visit.render("console/keys/revoke.html", status=status, key=key, form=form, opens=opens)
    revoke_key(key=key, at=visit.now, by=visit.person, why=form.cleaned_data["why"])
    messages.success(visit.request, f"{key} opens nothing any more.")
    return redirect("admin:keys")


def _made_once(visit: Visit, make: Callable[[], tuple[ApiKey, str]]) -> HttpResponse:
    """The answer with the text of a key. A form that is sent again, as by a reload, makes no second key."""
    number = visit.request.POST.get(FORM, "")
    used = visit.request.session.get(FORMS_USED, [])
    if number and (number in used or not _claimed(visit, number)):
        messages.error(
            visit.request,
            "This form has made its key already, and the key was shown then. If nobody kept it, revoke it and "
            "make another.",
        )
        return redirect("admin:keys")
    try:
        key, text = make()
    except Exception:
        cache.delete(_claim_of(visit, number))  # nothing was made: the form may come again
        raise
    visit.request.session[FORMS_USED] = [*used, number][-FORMS_REMEMBERED:]
    old = key.rotated_from
    if old is not None:
        old.refresh_from_db(fields=["revoked_at"])
    return visit.render(
        "console/keys/made.html",
        key=key,
        text=text,
        ends_at=old.revoked_at if old else None,
        me=visit.request.build_absolute_uri(reverse("api:me")),
    )


def _claimed(visit: Visit, number: str) -> bool:
    """Whether a form comes first: of two at the same moment neither finds the other in the session."""
    return bool(cache.add(_claim_of(visit, number), True, timeout=CLAIM_SECONDS))


def _claim_of(visit: Visit, number: str) -> str:
    said = f"{visit.request.session.session_key} {number}"
    return f"key-form:{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()}"


def _form_number(visit: Visit) -> str:
    """By what a form is known when it comes back."""
    return visit.request.POST.get(FORM) or get_random_string(16)


def _key_of(visit: Visit, key_id: int) -> ApiKey:
    keys = ApiKey.objects.of(visit.operator).select_related("made_by", "rotated_from")
    key: ApiKey | None = keys.filter(pk=key_id).first()
    if key is None:
        raise Http404("There is no such key.")
    return key


# Beside which field a refusal of the service stands, by its code.
FIELDS = {
    "scope_unknown": "scopes",
    "scope_missing": "scopes",
    "ip_range_unreadable": "ip_ranges",
    "name_missing": "name",
    "name_unseen": "name",
    "expiry_past": "expires_on",
}
