"""The sign-in form: everybody with a role may enter, staff of Django or not."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from config.pages.visit import may_enter


class SignInForm(AuthenticationForm):
    """Refuses accounts that are switched off, and those that have no role anywhere."""

    def confirm_login_allowed(self, user: Any) -> None:
        """Raises ValidationError with a sentence for an account that may not enter."""
        super().confirm_login_allowed(user)
        if not may_enter(user):
            sentence = "This account has no role at any operator yet; ask your operator's manager for one."
            raise ValidationError(sentence, code="no_role")
