"""People, operators and fleets for tests of the console: real rows, made by the real services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from django.test import Client

from fleet.models import Membership, Operator, User
from fleet.models.operator import OperatorRole, PlatformRole
from fleet.services import register_operator
from tests.commands import answer_of
from tests.sheets import a_csv

PASSWORD = "a long enough password"


def an_operator(slug: str = "prairie", name: str = "Prairie Hash") -> Operator:
    """An operator without a fleet."""
    return register_operator(slug=slug, name=name)


def a_person(username: str = "ann", **said: object) -> User:
    """Somebody who has an account, and nothing else."""
    return User.objects.create_user(username, password=PASSWORD, **said)


def a_member(operator: Operator, role: str = OperatorRole.MANAGER, username: str = "ann") -> User:
    """Somebody who works for an operator; not staff in Django's sense."""
    person = a_person(username)
    Membership.objects.create(user=person, operator=operator, role=role)
    return person


def an_admin(username: str = "root") -> User:
    """A platform admin."""
    return a_person(username, platform_role=PlatformRole.ADMIN)


def signed_in(person: User) -> Client:
    """A browser in which the person has signed in."""
    client = Client()
    client.force_login(person)
    return client


def a_fleet(folder: Path, operator: Operator, rows: Iterable[Mapping[str, object]]) -> dict:
    """Rows of a sheet, read and assessed by the real pipeline; the answer of the upload."""
    path = a_csv(folder, rows, name=f"{operator.slug}.csv")
    return answer_of("import_fleet", str(path), "--operator", operator.slug)
