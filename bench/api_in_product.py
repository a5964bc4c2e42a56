"""What the benchmark of the API needs of the product: a key, a person's session, and where a page begins."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from django.conf import settings
from django.test import Client

from fleet.models import Membership, Operator, Rig, User
from fleet.models.keys import Scope
from fleet.models.operator import OperatorRole
from fleet.services import issue_key as issue


def issue_key(operator: str) -> str:
    """A key of the operator with every scope."""
    owner = Operator.objects.get(slug=operator)
    return issue(
        operator=owner, name="bench", scopes=list(Scope), at=datetime.fromtimestamp(time.time(), UTC)
    )[1]


def rig_before(operator: str, rows: int) -> int:
    """The id of the last of so many rigs."""
    rigs = Rig.objects.filter(operator__slug=operator).order_by("pk").values_list("pk", flat=True)
    return int(rigs[rows - 1])


def sign_in(operator: str) -> str:
    """The session of a manager of the operator."""
    return a_manager(operator).cookies[settings.SESSION_COOKIE_NAME].value


def a_manager(operator: str) -> Client:
    """A manager of the operator, signed in."""
    owner = Operator.objects.get(slug=operator)
    person, _ = User.objects.get_or_create(username="bench")
    Membership.objects.get_or_create(user=person, operator=owner, role=OperatorRole.MANAGER)
    visitor = Client(headers={"host": "localhost"})
    visitor.force_login(person)
    return visitor
