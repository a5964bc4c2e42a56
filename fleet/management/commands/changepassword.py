"""Django's `changepassword`, on the audit."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.management.commands import changepassword

from fleet.management.people import people_on_record


class Command(changepassword.Command):
    def handle(self, *args: Any, **options: Any) -> str | None:
        """As Django's; that there is another password is on the audit, and the person's sessions end."""
        with people_on_record("changepassword", "password set"):
            return super().handle(*args, **options)
