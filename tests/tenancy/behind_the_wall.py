"""A product with row level security on PostgreSQL, asked from a process of its own: what is there for whom.

`python -m tests.tenancy.behind_the_wall FOLDER` fills the database, asks everything without policies and with them,
and prints what it found as JSON.
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
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import setup_test_environment

from config.row_security import ActingForTheVisitor
from fleet.models import Rig, Upload
from fleet.tasks import read_upload
from ledger.row_security.acting import acting_for, acting_for_all
from risk.models import Exposure
from tests.sheets import a_csv, a_row
from tests.tenancy.addresses import API, routes
from tests.tenancy.conftest import Two
from tests.tenancy.fleets import asked_of, birch, quillfeather
from tests.tenancy.test_walk import of_objects, own_addresses, walked
from tests.tenancy.test_walk import PLANTED as MARKS
from tests.tenancy.walking import Walk


def filled(folder: Path) -> Two:
    """The shipped register and the two operators, each with objects for every address."""
    call_command("migrate", verbosity=0)
    call_command("load_catalogue", json=True)
    call_command("load_policies", publish=True, json=True)
    two = Two(owner=quillfeather(folder), asker=birch(folder))
    for fleet in (two.owner, two.asker):
        for route in routes():
            list(asked_of(fleet, route))
    return two


def statuses(two: Two) -> dict[str, int]:
    """What the asker's own addresses answer, for its manager and its program."""
    walk, told = Walk(MARKS), {}
    with acting_for_all():
        own = list(own_addresses(two.asker))
    for route, address in own:
        client = two.asker.program.client if route.startswith(API) else two.asker.manager
        told[address] = walk.asked(client, "GET", address).status
    return told


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
    """What the asker is told where every filter is forgotten: of the owner's objects, and on its own pages."""
    with acting_for_all():
        own = list(own_addresses(two.asker))
        asked = {route: list(asked_of(two.owner, route)) for route in of_objects()}
    walk = Walk(MARKS)
    with every_filter_forgotten():
        for route, address in own:
            walk.asked(two.asker.program.client if route.startswith(API) else two.asker.manager, "GET", address)
        with mock.patch("tests.tenancy.test_walk.asked_of", lambda _, route: asked[route]):
            others = walked(two, of_objects(), only=("GET",))
    return {
        "requests": walk.tried["requests"] + others.tried["requests"],
        "leaks": [each for each in [*walk.leaks, *others.leaks] if " tells: " in each],
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
        ActingForTheVisitor(lambda _, counts=counts: (counts.append(Rig.objects.count()), HttpResponse())[1])(request)
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
    """A sheet that a manager sends and a worker reads; and a row that a request would write into another's fleet."""
    path = a_csv(folder, [a_row(7, serial_number="BRC2S0007", site="Birch Creek")], name="more.csv")
    answer = two.asker.manager.post("/uploads/new/", {"file": path.open("rb")})
    with acting_for_all():
        upload = Upload.objects.of(two.asker.operator).latest("pk")
    read_upload.apply(kwargs={"upload_id": upload.pk}, throw=True)
    with acting_for_all():
        upload.refresh_from_db()
    return {"status": answer.status_code, "state": upload.state, "strange row": _strange_row(two)}


def _strange_row(two: Two) -> str:
    from django.db import DatabaseError

    from fleet.models import Site

    try:
        with acting_for([two.asker.operator.pk]):
            Site.objects.create(operator=two.owner.operator, name="Birch was here")
    except DatabaseError as refusal:
        return str(refusal).splitlines()[0]
    return ""


def main(folder: Path) -> dict[str, Any]:
    """Everything, in order."""
    setup_test_environment()
    django.conf.settings.API_REQUESTS_A_MINUTE = 10**6
    with acting_for_all():
        two = filled(folder)
    without = statuses(two)
    with acting_for_all():
        call_command("row_level_security", "on", json=True)
    return {
        "statuses": {"without": without, "with": statuses(two)},
        "seen": seen_without_filters(two),
        "rows": rows_of_everybody(two),
        "written": written(two, folder),
    }


if __name__ == "__main__":
    with redirect_stdout(sys.stderr):
        found = main(Path(sys.argv[1]))
    sys.stdout.write(json.dumps(found))
