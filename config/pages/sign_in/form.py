"""The sign-in form: everybody with a role may enter, staff of Django or not; tries are counted, then judged."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from config.pages.visit import may_enter
from fleet.sign_in.entering import PASSWORD, HeldUp, Try, begin_try, person_named
from fleet.sign_in.second_steps import steps_of

NO_ROLE = "This account has no role at any operator yet; ask your operator's manager for one."


class SignInForm(AuthenticationForm):
    """Refuses accounts that are switched off, and those that have no role anywhere.

    `wait` is in seconds where tries are refused for now. `has_second_step` is of the person who gave a good password.
    """

    wait = 0
    has_second_step = False

    def __init__(self, *arguments: Any, now: datetime, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._now = now

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError with a sentence; for a name that nobody has and for a wrong password the same."""
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if username is None or not password:
            return self.cleaned_data
        try:
            request = cast(HttpRequest, self.request)
            try_ = begin_try(request, account=username, kind=PASSWORD, now=self._now)
        except HeldUp as held:
            self.wait = held.wait
            raise
        return self._judged(try_, username)

    def confirm_login_allowed(self, user: Any) -> None:
        """Raises ValidationError with a sentence for an account that may not enter."""
        super().confirm_login_allowed(user)
        if not may_enter(user):
            raise ValidationError(NO_ROLE, code="no_role")

    def _judged(self, try_: Try, username: str) -> dict[str, Any]:
        try:
            said: dict[str, Any] = super().clean()
        except ValidationError as refusal:
            why = "no role" if refusal.code == "no_role" else "wrong password"
            try_.failed(person=person_named(username), why=why)
            raise
        self.has_second_step = steps_of(self.get_user()).any
        try_.went_well(has_entered=not self.has_second_step)
        return said
