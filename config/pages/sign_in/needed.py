"""Who has to show a second step, and has none yet, sees nothing but the pages on which it is added."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from fleet.sign_in.entering import lacks_second_step
from fleet.sign_in.second_steps import steps_of

Page = Callable[..., HttpResponseBase]
OPEN_WITHOUT = frozenset(
    {
        "second_step_needed",
        "confirm",
        "own_passkey_question",
        "code_app",
        "new_passkey",
        "new_passkey_question",
        "password_change",
        "password_change_done",
        "logout",
    }
)


def second_step_first(page: Page) -> Page:
    """A page that is shown to those who have done all that is asked of them at the door."""

    @wraps(page)
    def respond(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        match = request.resolver_match
        if (match and match.url_name in OPEN_WITHOUT) or not lacks_second_step(request):
            return page(request, *arguments, **named)
        if not steps_of(request.user).any:
            return redirect("admin:second_step_needed")
        logout(request)
        messages.info(request, "A second step is asked of you now. Sign in again with it.")
        return redirect("admin:login")

    return respond
