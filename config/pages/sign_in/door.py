"""The door: name and password, a passkey, an outside provider; then the second step of those who have one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from config.pages.sign_in.form import NO_ROLE, SignInForm
from config.pages.visit import may_enter
from fleet.models.signing_in import subject_of
from fleet.sign_in import single_sign_on
from fleet.sign_in.entering import (
    CODE,
    HeldUp,
    begin_try,
    enter,
    forget_who_waits,
    note_refusal,
    remember_browser,
    wait_for_second_step,
    who_waits,
)
from fleet.sign_in.passkeys import ask_for_one, passkey_shown
from fleet.sign_in.second_steps import is_right_code, steps_of
from ledger.models import record
from risk.outward.places import NotReached

QUESTION, OUTSIDE = "passkey_question", "outside_sign_on"
NOT_THESE = "These are not the digits that your app shows now, and no recovery code that is still good."


class SignIn(LoginView):
    """The sign-in page."""

    now: Any = None  # the moment, given with the address
    form_class = authentication_form = SignInForm
    template_name = "console/sign_in/sign_in.html"

    def get(self, request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        """The page anew: nobody waits at the second step any more."""
        forget_who_waits(request)
        return super().get(request, *arguments, **named)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form is told the moment."""
        return {**super().get_form_kwargs(), "now": self.now}

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        """What else leads in."""
        ways = {"mails": settings.EMAIL is not None, "outside": single_sign_on.is_offered()}
        return {**super().get_context_data(**named), **ways, "outside_name": settings.OIDC_NAME}

    def form_valid(self, form: Any) -> HttpResponse:
        """In, or to the second step."""
        return first_step_done(
            self.request,
            form.get_user(),
            way="password",
            goes_to=self.get_success_url(),
            now=self.now,
            waits=form.has_second_step,
        )

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form with its sentence; 429 where it was one try too many."""
        return refused(self.render_to_response(self.get_context_data(form=form)), form.wait)


def first_step_done(
    request: HttpRequest, person: Any, *, way: str, goes_to: str, now: datetime, waits: bool
) -> HttpResponse:
    """In, or to the second step where the person has one."""
    if not waits:
        return entered(request, person, way=way, goes_to=goes_to, now=now, with_second_step=False)
    wait_for_second_step(request, person, way=way, goes_to=goes_to, now=now)
    return redirect("admin:second_step")


def entered(
    request: HttpRequest, person: Any, *, way: str, goes_to: str, now: datetime, with_second_step: bool
) -> HttpResponse:
    """The session begins, and the browser is known from now on."""
    enter(request, person, way=way, now=now, with_second_step=with_second_step)
    response = redirect(goes_to)
    remember_browser(request, response, person)
    return response


def refused(response: HttpResponse, wait: int) -> HttpResponse:
    """An answer that says when to come again, where that is asked."""
    if wait:
        response.status_code = 429
        response["Retry-After"] = str(wait)
    return response


def second_step_page(request: HttpRequest, *, now: datetime) -> HttpResponse:
    """The code of an app or from paper, or a passkey."""
    waiting = who_waits(request, now=now)
    if waiting is None:
        return redirect("admin:login")
    person, way, goes_to = waiting
    wrong, wait = "", 0
    if request.method == "POST":
        try:
            if used := _code_taken(request, person, now):
                by = f"{way} and {used}"
                return entered(request, person, way=by, goes_to=goes_to, now=now, with_second_step=True)
            wrong = NOT_THESE
        except HeldUp as held:
            wrong, wait = str(held.message), held.wait
    page = TemplateResponse(
        request, "console/sign_in/second_step.html", {"wrong": wrong, "steps": steps_of(person)}
    )
    return refused(page, wait)


def _code_taken(request: HttpRequest, person: Any, now: datetime) -> str:
    """By what the posted code lets the person in; empty where it does not."""
    try_ = begin_try(request, account=person.get_username(), kind=CODE, now=now)
    used = is_right_code(person, request.POST.get("code", "")[:64], now=now)
    if not used:
        try_.failed(person=person, why="wrong code")
        return ""
    try_.went_well()
    if used == "recovery code":
        left = person.recovery_codes.count()
        record(deed="recovery code used", subject=subject_of(person), by=person, left=left)
    return used


@require_POST
def passkey_question(request: HttpRequest, *, now: datetime) -> HttpResponse:
    """What the browser asks an authenticator: for a passkey of who waits at the door, or of whoever comes."""
    waiting = who_waits(request, now=now)
    question, state = ask_for_one(request, waiting[0] if waiting else None)
    request.session[QUESTION] = state
    return JsonResponse(question)


@require_POST
def passkey_answer(request: HttpRequest, *, now: datetime) -> HttpResponse:
    """In by a passkey: it is two steps in one, for an authenticator asked for a finger, a face or a PIN."""
    waiting = who_waits(request, now=now)
    try:
        passkey = passkey_shown(
            request,
            request.session.pop(QUESTION, None),
            request.POST.get("answer", ""),
            person=waiting[0] if waiting else None,
        )
        if not may_enter(passkey.person):
            raise ValidationError(NO_ROLE, code="no_role")
    except ValidationError as refusal:
        subject = subject_of(waiting[0]) if waiting else "sign-in with passkey"
        note_refusal(request, subject=subject, why=str(refusal.code), now=now)
        messages.error(request, " ".join(refusal.messages))
        return redirect("admin:second_step" if waiting else "admin:login")
    passkey.last_used_at = now
    passkey.save(update_fields=["last_used_at"])
    way = f"{waiting[1]} and passkey" if waiting else "passkey"
    goes_to = waiting[2] if waiting else safe_way(request, request.POST.get("next", ""))
    return entered(request, passkey.person, way=way, goes_to=goes_to, now=now, with_second_step=True)


def to_provider(request: HttpRequest, *, now: datetime) -> HttpResponse:
    """To the outside provider, with what has to come back from it kept in the session."""
    if not single_sign_on.is_offered():
        return redirect("admin:login")
    try:
        address, kept = single_sign_on.way_there(back=_back(request))
    except NotReached as wrong:
        return _not_in(request, str(wrong), now)
    request.session[OUTSIDE] = {**kept, "goes_to": safe_way(request, request.GET.get("next", ""))}
    return redirect(address)


def from_provider(request: HttpRequest, *, now: datetime) -> HttpResponse:
    """Back from the outside provider: in, or to the second step where the provider has not asked for one."""
    kept = request.session.pop(OUTSIDE, {})
    try:
        if not single_sign_on.is_offered():
            raise NotReached("There is no single sign-on here.")
        claim = single_sign_on.claim_of(request.GET.dict(), kept, back=_back(request))
        person = single_sign_on.person_of(claim, now=now)
        if not may_enter(person):
            raise ValidationError(NO_ROLE, code="no_role")
    except NotReached as wrong:
        return _not_in(request, str(wrong), now)
    except ValidationError as refusal:
        return _not_in(request, " ".join(refusal.messages), now)
    if claim.with_second_step:
        return entered(
            request,
            person,
            way="single sign-on",
            goes_to=kept["goes_to"],
            now=now,
            with_second_step=True,
        )
    waits = steps_of(person).any
    return first_step_done(
        request, person, way="single sign-on", goes_to=kept["goes_to"], now=now, waits=waits
    )


def safe_way(request: HttpRequest, address: str) -> str:
    """The address within the console where one was asked for; else the front page."""
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else reverse("admin:index")


def _not_in(request: HttpRequest, sentence: str, now: datetime) -> HttpResponse:
    note_refusal(request, subject="single sign-on", why=sentence, now=now)
    messages.error(request, sentence)
    return redirect("admin:login")


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("admin:from_provider"))
