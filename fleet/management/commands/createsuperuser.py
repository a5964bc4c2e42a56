"""Django's `createsuperuser`, on the audit."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.management.commands import createsuperuser

from fleet.management.people import people_on_record


class Command(createsuperuser.Command):
    def handle(self, *args: Any, **options: Any) -> str | None:
        """As Django's; that there is somebody who may do everything is on the audit."""
        with people_on_record("createsuperuser", "person registered"):
            return super().handle(*args, **options)
