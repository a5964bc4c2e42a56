"""A request acts for the operators of who asks, and for no other: said to the database with each transaction.

A person acts for the operators whose fleets they may see, a program for the operator of its key (fleet.api.callers),
and who has not signed in for nobody. In the middleware only where ROW_LEVEL_SECURITY is on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextvars import copy_context
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from fleet.models import Operator
from ledger.row_security.acting import act_for, act_for_all, acting_for, acting_for_all


class ActingForTheVisitor:
    """Behind Django's own middleware that knows who has signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer; one that is told bit by bit acts for the same operators to its end."""
        with acting_for(()):
            if settings.SESSION_COOKIE_NAME in request.COOKIES:
                act_for_person(request.user)
            response = self._get_response(request)
            if response.streaming:
                response.streaming_content = _in_this_context(response.streaming_content)  # type: ignore[attr-defined]
            return response


def act_for_person(person: Any) -> None:
    """From now on, for the operators whose fleets the person may see; who keeps the platform's register, for all."""
    if getattr(person, "is_platform_staff", False):
        act_for_all()
        return
    with acting_for_all():
        own = list(Operator.objects.visible_to(person).values_list("pk", flat=True))
    act_for(own)


@receiver(user_logged_in)
def act_for_who_came(sender: Any, user: Any, **_: Any) -> None:
    """Who signs in acts for their operators at once."""
    if settings.ROW_LEVEL_SECURITY:
        act_for_person(user)


def _in_this_context(parts: Iterable[bytes]) -> Iterator[bytes]:
    context, rest = copy_context(), iter(parts)
    while True:
        try:
            yield context.run(next, rest)
        except StopIteration:
            return
