"""What people keep of the door themselves: second steps, codes on paper, where they are signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from config.pages.sign_in.door import QUESTION, refused, safe_way
from config.pages.sign_in.picture import picture_of
from config.pages.visit import Visit, posted
from fleet.models import PersonSession
from fleet.sign_in import digits, second_steps
from fleet.sign_in.entering import (
    CONFIRMED_AT,
    PASSWORD,
    SECOND_STEP,
    HeldUp,
    begin_try,
    is_confirmed,
    note_password,
)
from fleet.sign_in.passkeys import NAME, ask_for_new, ask_for_one, new_passkey, passkey_shown
from fleet.sign_in.sealing import opened, sealed
from fleet.sign_in.second_steps import is_required_of, steps_of
from fleet.sign_in.sessions import end_sessions, sessions_of

NEW_SECRET = "new_code_app"  # noqa: S105 - where the session keeps it
Page = Callable[..., HttpResponse]
LEFT_WITHOUT = ValidationError(
    "A second step is asked of you; add another one before you remove the last.", code="last_second_step"
)


def confirmed(page: Page) -> Page:
    """A page that changes what lets a person in: they have shown lately who they are, or are asked again first."""

    @wraps(page)
    def entered(visit: Visit, **named: Any) -> HttpResponse:
        if is_confirmed(visit.request, now=visit.now):
            return page(visit, **named)
        is_read = visit.request.method in ("GET", "HEAD")
        back = visit.request.path if is_read else reverse("admin:me")
        return redirect(f"{reverse('admin:confirm')}?{urlencode({'next': back})}")

    return entered


class ConfirmForm(forms.Form):
    """The password once more."""

    password = forms.CharField(
        label="Password",
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """The digits that an app shows now."""

    code = forms.CharField(
        label="The six digits that the app shows now",
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class PasskeyForm(forms.Form):
    """What the person calls it, and what the authenticator answered."""

    name = forms.CharField(
        label="Name", max_length=60, required=False, help_text="As you tell it from others: my telephone."
    )
    answer = forms.CharField(widget=forms.HiddenInput)


def own_door(visit: Visit) -> dict[str, Any]:
    """What the page of settings shows of the door."""
    return {
        "steps": steps_of(visit.person),
        "is_required": is_required_of(visit.person),
        "sessions": sessions_of(visit.person, now=visit.now),
        "here": visit.request.session.session_key,
        "has_password": visit.person.has_usable_password(),
    }


def needed_page(visit: Visit) -> HttpResponse:
    """For somebody who has to add a second step before anything else."""
    return visit.render("console/sign_in/needed.html", steps=steps_of(visit.person))


def confirm_page(visit: Visit) -> HttpResponse:
    """Show once more who you are: by the password, or by a passkey."""
    request, person = visit.request, visit.person
    goes_to = safe_way(request, request.POST.get("next") or request.GET.get("next") or reverse("admin:me"))
    form, wait = ConfirmForm(request.POST or None), 0
    if visit.is_posted:
        try:
            if _is_shown(visit, form):
                request.session[CONFIRMED_AT] = visit.now.timestamp()
                return redirect(goes_to)
        except HeldUp as held:
            wait = held.wait
            form.add_error(None, held)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    status = 400 if form.errors else 200
    has = {"has_password": person.has_usable_password(), "has_passkey": person.passkeys.exists()}
    page = visit.render("console/sign_in/confirm.html", status=status, form=form, next=goes_to, **has)
    return refused(page, wait)


def _is_shown(visit: Visit, form: ConfirmForm) -> bool:
    """Whether what was posted is the person's. Raises ValidationError for a passkey that is not."""
    request, person = visit.request, visit.person
    if answer := request.POST.get("answer"):
        passkey_shown(request, request.session.pop(QUESTION, None), answer, person=person)
        return True
    if not form.is_valid():
        return False
    try_ = begin_try(request, account=person.get_username(), kind=PASSWORD, now=visit.now)
    if person.check_password(form.cleaned_data["password"]):
        try_.went_well()
        return True
    try_.failed(person=person, why="wrong password")
    form.add_error("password", "This is not your password.")
    return False


@posted
def own_passkey_question(visit: Visit) -> HttpResponse:
    """What the browser asks for one of the person's passkeys."""
    question, visit.request.session[QUESTION] = ask_for_one(visit.request, visit.person)
    return JsonResponse(question)


@confirmed
def code_app_page(visit: Visit) -> HttpResponse:
    """A fresh secret as a picture and as text; added once the app has shown its digits."""
    request, session = visit.request, visit.request.session
    form = CodeForm(request.POST or None)
    secret = opened(session.get(NEW_SECRET, "")) or ""
    if not visit.is_posted or not secret:
        secret = digits.new_secret()
        session[NEW_SECRET] = sealed(secret)
    elif form.is_valid():
        try:
            code = "".join(form.cleaned_data["code"].split())
            codes = second_steps.add_code_app(visit.person, secret=secret, code=_ascii(code), **_deed(visit))
            del session[NEW_SECRET]
            return _added(visit, codes, "Your app is added.")
        except ValidationError as refusal:
            form.add_error("code", refusal)
    address = digits.address_for_app(secret, account=visit.person.get_username(), issuer=NAME)
    shown = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    said = {"form": form, "secret": shown, "picture": picture_of(address), "steps": steps_of(visit.person)}
    return visit.render("console/sign_in/code_app.html", status=400 if form.errors else 200, **said)


@posted
@confirmed
def remove_code_app(visit: Visit) -> HttpResponse:
    """Take the app away."""
    if not steps_of(visit.person).passkeys and is_required_of(visit.person):
        return _refused(visit, LEFT_WITHOUT)
    second_steps.remove_code_app(visit.person, by=visit.person)
    messages.success(visit.request, "Your code app is removed.")
    return redirect("admin:me")


@confirmed
def new_passkey_page(visit: Visit) -> HttpResponse:
    """Add a passkey."""
    request = visit.request
    form = PasskeyForm(request.POST or None)
    if visit.is_posted and form.is_valid():
        try:
            new = new_passkey(request, request.session.pop(QUESTION, None), form.cleaned_data["answer"])
            name = form.cleaned_data["name"]
            codes = second_steps.add_passkey(visit.person, new=new, name=name, **_deed(visit))
            return _added(visit, codes, "Your passkey is added.")
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return visit.render("console/sign_in/new_passkey.html", status=400 if form.errors else 200, form=form)


@posted
@confirmed
def new_passkey_question(visit: Visit) -> HttpResponse:
    """What the browser asks an authenticator that is to make one."""
    question, visit.request.session[QUESTION] = ask_for_new(visit.request, visit.person)
    return JsonResponse(question)


@posted
@confirmed
def remove_passkey(visit: Visit, passkey_id: int) -> HttpResponse:
    """Take a passkey away."""
    steps = steps_of(visit.person)
    passkey = next((each for each in steps.passkeys if each.pk == passkey_id), None)
    if passkey is None:
        raise Http404("There is no such passkey.")
    if len(steps.passkeys) == 1 and not steps.code_app and is_required_of(visit.person):
        return _refused(visit, LEFT_WITHOUT)
    second_steps.remove_passkey(visit.person, passkey=passkey, by=visit.person)
    messages.success(visit.request, f"The passkey “{passkey.name}” is removed.")
    return redirect("admin:me")


@posted
@confirmed
def recovery_codes(visit: Visit) -> HttpResponse:
    """Ten fresh codes in place of those before, shown this once."""
    try:
        codes = second_steps.make_recovery_codes(visit.person)
    except ValidationError as refusal:
        return _refused(visit, refusal)
    return visit.render("console/sign_in/codes.html", codes=codes)


@posted
def end_session(visit: Visit, session_id: int) -> HttpResponse:
    """End one session of the person's own."""
    session = PersonSession.objects.select_related("person").filter(person=visit.person, pk=session_id)
    if not session.exists():
        raise Http404("There is no such session.")
    end_sessions(session, by=visit.person, why="ended by its owner")
    messages.success(visit.request, "That session is ended.")
    return redirect("admin:me")


@posted
def end_other_sessions(visit: Visit) -> HttpResponse:
    """End all sessions of the person's but this one."""
    others = PersonSession.objects.select_related("person").filter(person=visit.person)
    others = others.exclude(session_key=visit.request.session.session_key)
    ended = end_sessions(others, by=visit.person, why="all others ended")
    told = f"{ended} other sessions are ended." if ended != 1 else "The other session is ended."
    messages.success(visit.request, told)
    return redirect("admin:me")


def password_changed(visit: Visit, change: Callable[[], HttpResponse]) -> HttpResponse:
    """Django's page of a new password, its old one counted as a try at the door."""
    request, person = visit.request, visit.person
    if not visit.is_posted:
        return change()
    try:
        try_ = begin_try(request, account=person.get_username(), kind=PASSWORD, now=visit.now)
    except HeldUp as held:
        return _refused(visit, held, "admin:password_change")
    response = change()
    form = (getattr(response, "context_data", None) or {}).get("form")
    if form is not None and "old_password" in form.errors:
        try_.failed(person=person, why="wrong old password")
        return response
    try_.went_well()
    if response.status_code == 302:
        request.session[CONFIRMED_AT] = visit.now.timestamp()
        note_password(person, way="by its owner")
    return response


def _deed(visit: Visit) -> dict[str, Any]:
    return {"now": visit.now, "here": visit.request.session.session_key}


def _added(visit: Visit, codes: list[str], sentence: str) -> HttpResponse:
    """Who has added a step has shown it; codes on paper come with the first."""
    visit.request.session[SECOND_STEP] = True
    if codes:
        return visit.render("console/sign_in/codes.html", codes=codes, sentence=sentence)
    messages.success(visit.request, sentence)
    return redirect("admin:me")


def _refused(visit: Visit, refusal: ValidationError, way: str = "admin:me") -> HttpResponse:
    messages.error(visit.request, " ".join(refusal.messages))
    return redirect(way)


def _ascii(text: str) -> str:
    return text if text.isascii() else ""
