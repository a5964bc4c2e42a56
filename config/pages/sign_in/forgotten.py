"""A password that was forgotten: asked for by name or mail address, and chosen anew by the link of a letter.

Whatever is asked, the answer is the same and takes the same time: the letter is written by a worker.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from config.pages.sign_in.door import refused
from fleet.sign_in.entering import HeldUp, begin_try, note_password
from fleet.sign_in.letters import person_asked_for, person_of_key
from fleet.tasks import start_password_letter
from ledger.models import record

KEY = "new_password_key"
ASKED = "letter"


class ForgottenForm(forms.Form):
    """Who somebody is."""

    asked = forms.CharField(
        label="User name or mail address",
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )


class NewPasswordForm(SetPasswordForm):
    """A new password, twice."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["new_password1"].help_text = "Fifteen letters or more; a sentence is easiest to keep."


def forgotten_page(request: HttpRequest, *, now: datetime) -> HttpResponse:
    """Ask for the letter. Letters are counted like tries, so that nobody's mailbox is filled."""
    form, wait, is_sent = ForgottenForm(request.POST or None), 0, False
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data["asked"]
        try:
            begin_try(request, account=asked, kind=ASKED, now=now)
            is_sent = True
            page = request.build_absolute_uri(reverse("admin:new_password"))
            start_password_letter(person_asked_for(asked), page)
            record(deed="password letter asked for", subject="sign-in")
        except HeldUp as held:
            wait = held.wait
            form.add_error(None, f"Too many letters were asked for. Wait {-(-wait // 60)} minutes.")
    said = {"form": form, "is_sent": is_sent, "mails": settings.EMAIL is not None}
    return refused(TemplateResponse(request, "console/sign_in/forgotten.html", said), wait)


def new_password_page(request: HttpRequest, *, now: datetime) -> HttpResponse:
    """Choose a new password. The key of the link moves into the session at once, so that no address holds it."""
    if (key := request.GET.get("key")) and person_of_key(key):
        request.session[KEY] = key
        return redirect("admin:new_password")
    person = person_of_key(request.session.get(KEY, ""))
    form = NewPasswordForm(person, request.POST or None) if person else None
    if person and form and request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            note_password(person, way="letter")
        request.session.flush()
        messages.success(request, "Your password was changed. Sign in with it.")
        return redirect("admin:login")
    status = 200 if person and not (form and form.errors) else 400
    return TemplateResponse(request, "console/sign_in/new_password.html", {"form": form}, status=status)
