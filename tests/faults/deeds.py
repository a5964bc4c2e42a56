"""What people do to a running product, and what is asked of it afterwards: from a process of the product's own.

`python -m tests.faults.deeds` reads a line of JSON for each deed, {"deed": name, …}, and answers it with a line: what
the deed returned, or the sentence with which it was refused.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from datetime import date
from pathlib import Path
from typing import Any

import django
from celery import current_app

if __name__ == "__main__":
    django.setup()

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from bench.fleets import make_fleets
from fleet.flows.known_fleet import LOT_FIELDS, LotKey
from fleet.models import Lot, Operator, Rig, Upload
from fleet.models.keys import Scope
from fleet.models.upload import UploadState
from fleet.services import accept_upload, correct_rigs, issue_key, take_back
from risk.engine.terms.spans import DateSpan
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.claims import claim
from risk.flows.load_list import format_named, load_list
from risk.flows.owed import owe
from risk.flows.screening_owed import what_is_owed
from risk.models import Assessment, Exposure, PolicyEdition
from risk.selectors import lots_owed_by_the_calendar
from risk.services import publish_edition, put_measures, start_draft
from tests.facts import a_measure
from tests.faults import recomputation

OURS = ("fleet", "ledger", "risk", "vendors")
# Columns and a table as the next release may add them beside this code (docs/operations.md, rolling deploys).
NEXT_RELEASE = (
    "ALTER TABLE {table} ADD COLUMN next_note varchar(40) NULL",
    "ALTER TABLE {table} ADD COLUMN next_count integer DEFAULT 0 NOT NULL",
)
NEXT_TABLE = (
    "CREATE TABLE fleet_next (rig_id bigint PRIMARY KEY REFERENCES fleet_rig (id), next_note text NOT NULL)"
)

# ---------------------------------------------------------------------------------------------- what people do


def make_fleet(*, rigs: int, lots: int, operators: int) -> None:
    """Fleets in which no two lots are alike, each with its finding of today."""
    make_fleets(rigs=rigs, lots=lots, operators=operators, kinds=lots)
    made = list(Lot.objects.all())
    for lot in made:  # they were made by number; a rig that is edited looks for its lot by the facts
        lot.facts_digest = LotKey(**{name: getattr(lot, name) for name in LOT_FIELDS}).digest
    Lot.objects.bulk_update(made, ["facts_digest"], batch_size=200)
    owe_all()
    assess_owed_lots(assessed_on=timezone.localdate(), clock=timezone.now)


def owe_all() -> None:
    """Every lot is owed, and in nobody's hands."""
    with transaction.atomic():
        owe(Lot.objects.values_list("pk", flat=True), cause="a deed", now=timezone.now())


def draft(code: str, percent: int = 25) -> int:
    """A draft of the edition in force, with one measure more, on everything from everywhere."""
    measure = a_measure(
        code=code, family=code.lower(), authority=code, percent=percent, span=DateSpan(date(2026, 11, 1))
    )
    return put_measures(edition=start_draft(title=code), measures=[measure]).pk


def publish(edition: int) -> int:
    """Publish a draft; the number of the edition."""
    made = PolicyEdition.objects.get(pk=edition)
    return publish_edition(edition=made, on=timezone.localdate(), at=timezone.now(), reason="a deed").number


def edit(rig: int, **values: Any) -> int:
    """Correct facts of one rig; how many rigs changed."""
    found = Rig.objects.select_related("operator").get(pk=rig)
    return correct_rigs(operator=found.operator, rig_ids=[rig], values=values, at=timezone.now(), by=None)


def upload(path: str, operator: str) -> int:
    """Send a sheet; the upload."""
    with Path(path).open("rb") as stream:
        whose = Operator.objects.get(slug=operator)
        return accept_upload(operator=whose, file=File(stream), file_name=Path(path).name).pk


def key_of(operator: str) -> str:
    """A key for a program that reads and changes the fleet."""
    whose = Operator.objects.get(slug=operator)
    scopes = (Scope.FLEET_READ, Scope.FLEET_WRITE)
    return issue_key(operator=whose, name="faults", scopes=scopes, at=timezone.now())[1]


def undo(upload: int) -> dict[str, Any]:
    """Take an applied upload back."""
    return take_back(upload=Upload.objects.get(pk=upload), at=timezone.now())


def new_list(form: str, path: str) -> int:
    """Load an edition of a government list, as of today; its number."""
    loaded = load_list(
        form=format_named(form),
        file=Path(path),
        companions={},
        as_of=timezone.localdate(),
        at=timezone.now(),
        floors={},
    )
    return loaded.edition.number


def die_between_commit_and_queue(what: str, told: dict[str, Any]) -> None:
    """Do something, and be killed once it is committed, before the queue hears of it."""
    with transaction.atomic():
        transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
        DEEDS[what](**told)


def send(task: str, **told: Any) -> None:
    """A message as earlier code may have sent it."""
    current_app.send_task(task, kwargs=told)


def limit_files(to_bytes: int) -> None:
    """From now on this process can write no file that is larger, as if the disk were full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (to_bytes, resource.RLIM_INFINITY))


def unlimit_files() -> None:
    """There is room again."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def race_for_claims(at_once: int) -> dict[str, int]:
    """So many processes claim until nothing is left; how many lots were taken, and how many of them twice."""
    told = [os.pipe() for _ in range(at_once)]
    connection.close()
    for reading, writing in told:
        if os.fork() == 0:
            os.close(reading)
            _claim_all(writing)
    taken: list[int] = []
    for reading, writing in told:
        os.close(writing)
        with os.fdopen(reading) as answer:
            taken += json.loads(answer.read())
        os.wait()
    return {"taken": len(taken), "twice": len(taken) - len(set(taken))}


def _claim_all(writing: int) -> None:
    taken: list[int] = []
    while claimed := claim(timezone.now()):
        taken += claimed.lot_ids
    with os.fdopen(writing, "w") as answer:
        json.dump(taken, answer)
    os._exit(0)


# ------------------------------------------------------------------------------------------ what is asked of it


def owed() -> dict[str, int]:
    """What is still to do, by its kind; `claimed` are the lots in a worker's hands."""
    waiting = Assessment.objects.filter(error="")
    # What owes lots is asked for before the lots: an edition that is followed in between is in one of the two.
    return {
        "editions": PolicyEdition.objects.unfollowed().count(),
        "uploads": Upload.objects.filter(state=UploadState.WAITING).count(),
        "screenings": int(what_is_owed() is not None),
        "not_holding": len(lots_owed_by_the_calendar(timezone.localdate())),
        "claimed": waiting.exclude(claim="").count(),
        "lots": waiting.count(),
    }


def state_of_upload(upload: int) -> list[str]:
    """The state of an upload, and why it was refused."""
    found = Upload.objects.get(pk=upload)
    return [found.state, found.refusal]


def rigs_of(operator: str) -> list[int]:
    """The rigs of an operator."""
    return list(Rig.objects.filter(operator__slug=operator).order_by("pk").values_list("pk", flat=True))


def racks() -> dict[int, str]:
    """Where each rig stands."""
    return dict(Rig.objects.values_list("pk", "rack"))


def engines() -> list[str]:
    """The versions of the engine that decided the current findings."""
    return sorted(set(Exposure.objects.current().values_list("engine_version", flat=True)))


def counts() -> dict[str, int]:
    """How many rows there are of what must be there once."""
    return {
        "lots": Lot.objects.filter(holdings__isnull=False).distinct().count(),
        "current": Exposure.objects.current().count(),
        "findings": Exposure.objects.count(),
        "uploads": Upload.objects.count(),
    }


def differences() -> list[str]:
    """What is on record and is not what the facts come to, in sentences; none where all is right."""
    return list(recomputation.differences(timezone.localdate()))


def digests() -> tuple[str, str]:
    """Of all findings on record, and of what the facts come to."""
    return recomputation.digests()


def bring_next_schema() -> int:
    """What the migrations of the next release may add, to every table of ours; how many tables that are."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    tables = {model._meta.db_table for model in models if model._meta.app_label in OURS}
    with connection.cursor() as cursor:
        cursor.execute(NEXT_TABLE)
        for table in sorted(tables):
            for statement in NEXT_RELEASE:
                cursor.execute(statement.format(table=connection.ops.quote_name(table)))
    return len(tables)


def look(addresses: list[str]) -> dict[str, int]:
    """What pages answer to somebody of the platform, who may see all of them."""
    person, _ = get_user_model().objects.get_or_create(username="looks", is_staff=True, is_superuser=True)
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    return {address: client.get(address, follow=True).status_code for address in addresses}


DEEDS = {
    deed.__name__: deed
    for deed in (
        make_fleet,
        owe_all,
        draft,
        publish,
        edit,
        upload,
        key_of,
        undo,
        new_list,
        die_between_commit_and_queue,
        send,
        limit_files,
        unlimit_files,
        race_for_claims,
        owed,
        state_of_upload,
        rigs_of,
        racks,
        engines,
        counts,
        differences,
        digests,
        bring_next_schema,
        look,
    )
}


def main() -> None:
    """Do what each line asks for, until there are no more."""
    for line in sys.stdin:
        told = json.loads(line)
        try:
            answer = {"answer": DEEDS[told.pop("deed")](**told)}
        except ValidationError as refusal:
            answer = {"refused": " ".join(refusal.messages)}
        connection.close()  # a server that was restarted in the meantime is asked anew
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
