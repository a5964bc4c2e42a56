"""A product with row level security on PostgreSQL, asked from a process of its own: what is there for whom.

`python -m tests.tenancy.behind_the_wall FOLDER` fills the database, makes the policies, asks everything with every
filter of the product's own forgotten, and prints what it found as JSON.
"""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack, contextmanager, redirect_stdout
from pathlib import Path
from typing import Any
from unittest import mock

import django

if __name__ == "__main__":
    django.setup()

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import setup_test_environment

from config.row_security import ActingForTheVisitor
from fleet.models import Rig, Site, Upload
from fleet.tasks import read_upload
from ledger.row_security.acting import acting_for, acting_for_all
from risk.models import Exposure
from tests.commands import answer_of
from tests.sheets import a_csv, a_row
from tests.tenancy.addresses import API, with_ids
from tests.tenancy.conftest import Two
from tests.tenancy.fleets import PLANTED, asked_of, birch, quillfeather
from tests.tenancy.test_walk import of_objects, own_addresses
from tests.tenancy.walking import Walk, ask

# A page or file, the way to another page, and an address that takes no GET.
SERVED = {200, 302, 405}


def filled(folder: Path) -> Two:
    """The shipped register and the two operators, each with objects for every address."""
    call_command("migrate", verbosity=0)
    call_command("load_catalogue", json=True)
    call_command("load_policies", publish=True, json=True)
    return Two(owner=quillfeather(folder), asker=birch(folder))


@contextmanager
def every_filter_forgotten() -> Any:
    """Every question after an operator's rows forgets to ask, in every model."""
    with ExitStack() as stack:
        for model in apps.get_models():
            rows = type(model._default_manager.all())
            for question in ("of", "visible_to"):
                if question in dir(rows) and model._meta.label != "fleet.Operator":
                    stack.enter_context(mock.patch.object(rows, question, lambda rows, _: rows))
        yield


def seen_without_filters(two: Two) -> dict[str, Any]:
    """What the asker is told where every filter is forgotten: on its own pages, and at the owner's objects."""
    with acting_for_all():
        own = list(own_addresses(two.asker))
        others = [
            (route, with_ids(route, each.ids))
            for route in of_objects()
            for each in asked_of(two.owner, route)
        ]
    walk, statuses = Walk(PLANTED), {}
    with every_filter_forgotten():
        for route, address in [*own, *others]:
            client = two.asker.program.client if route.startswith(API) else two.asker.manager
            statuses[address] = walk.asked(client, "GET", address).status
    return {
        "leaks": walk.leaks,
        "own": {address: statuses[address] for _, address in own},
        "others": {address: statuses[address] for _, address in others},
    }


def rows_of_everybody(two: Two) -> dict[str, Any]:
    """How many rigs `Rig.objects.all()` finds inside a request, for whom."""
    told: dict[str, Any] = {}
    for name, client in (("member", two.asker.manager), ("nobody", None)):
        request = RequestFactory().get("/")
        request.user = two.asker.operator.members.get(username="bea") if client else None
        if client:
            request.COOKIES["sessionid"] = "kept"
        counts = []
        ActingForTheVisitor(lambda _, counts=counts: (counts.append(Rig.objects.count()), HttpResponse())[1])(
            request
        )
        told[name] = counts[0]
    with acting_for_all():
        told["all"], told["exposures"] = Rig.objects.count(), Exposure.objects.count()
        told["of the member's operator"] = Rig.objects.of(two.asker.operator).count()
    told["outside"] = Rig.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SHOW ledger.operators")
        told["left in the session"] = cursor.fetchone()[0]
    return told


def written(two: Two, folder: Path) -> dict[str, Any]:
    """A sheet that a manager sends and a task reads, one that is left to a worker, and a row that a request would
    write into another's fleet."""
    first = _sent(two, folder, 7)
    read_upload.apply(kwargs={"upload_id": first}, throw=True)
    with acting_for_all():
        state = Upload.objects.get(pk=first).state
    return {"state": state, "left": _sent(two, folder, 8), "strange row": _strange_row(two)}


def _sent(two: Two, folder: Path, number: int) -> int:
    path = a_csv(
        folder, [a_row(number, serial_number=f"BRC2S{number:04d}", site="Birch Creek")], name="more.csv"
    )
    two.asker.manager.post("/uploads/new/", {"file": path.open("rb")})
    with acting_for_all():
        return int(Upload.objects.of(two.asker.operator).latest("pk").pk)


def _strange_row(two: Two) -> str:
    try:
        with acting_for([two.asker.operator.pk]):
            Site.objects.create(operator=two.owner.operator, name="Birch was here")
    except DatabaseError as refusal:
        return str(refusal).splitlines()[0]
    return ""


def answered(command: str, *arguments: str) -> Any:
    """What a command answers."""
    with acting_for_all():
        return answer_of(command, *arguments)


def main(folder: Path) -> dict[str, Any]:
    """Everything, in order."""
    setup_test_environment()
    settings.API_REQUESTS_A_MINUTE = 10**6
    with acting_for_all():
        two = filled(folder)
    built = answered("row_level_security", "on")
    seen = seen_without_filters(two)
    odd = [address for address, status in seen["own"].items() if status not in SERVED]
    return {
        "built": built,
        "seen": seen,
        "refused": {each: seen["own"][each] for each in odd},
        "refused without": asked_again(two, odd),
        "rows": rows_of_everybody(two),
        "written": written(two, folder),
        "verified": answered("verify_exposures"),
    }


def asked_again(two: Two, addresses: list[str]) -> dict[str, int]:
    """What addresses answer with the policies taken away."""
    answered("row_level_security", "off")
    client = {True: two.asker.program.client, False: two.asker.manager}
    told = {each: ask(client[each.startswith(f"/{API}")], "GET", each).status for each in addresses}
    answered("row_level_security", "on")
    return told


if __name__ == "__main__":
    with redirect_stdout(sys.stderr):
        found = main(Path(sys.argv[1]))
    sys.stdout.write(json.dumps(found))
