"""A worker killed in the middle of an upload: the next one completes it, once, with no rig twice.

And uploads at once: those of one operator take turns, those of two never wait for each other.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.faults.running import PATIENCE, ROOT, kill, within
from tests.sheets import a_csv, a_row

ROWS = 50_000
HALF_OF_WRITING = 0.25  # seconds, about
START = """
from django.core.files import File
from fleet.models import Operator
from fleet.services import accept_upload, register_operator
operator = Operator.objects.filter(slug="prairie").first() or register_operator(slug="prairie", name="Prairie")
with open({path!r}, "rb") as stream:
    print(accept_upload(operator=operator, file=File(stream), file_name="fleet.csv").pk)
"""
ASK = """
import json
from django.db.models import Sum
from fleet.models import Holding, Rig, Upload
upload = Upload.objects.get(pk={pk})
rigs = Rig.objects.filter(operator__slug="prairie")
serials = rigs.values("serial_number").distinct().count()
held = Holding.objects.filter(operator__slug="prairie")
units = held.aggregate(units=Sum("units"))["units"] or 0
print(json.dumps([upload.state, upload.new, rigs.count(), serials, units]))
"""
PROGRESS = "SELECT progress FROM fleet_upload WHERE id = "
HOLD_THE_FLEET = "UPDATE fleet_operator SET fleet_version = fleet_version WHERE slug = 'prairie'"


def told_by(environment: dict[str, str], pk: int) -> dict[str, object]:
    """The upload's progress, asked of the database itself: a command would take a second to start."""
    if not environment["DATABASE_URL"]:
        file = Path(environment["VAR_DIR"]) / "fleet.sqlite3"
        with closing(sqlite3.connect(file)) as connection:
            return json.loads(connection.execute(PROGRESS + "?", [pk]).fetchone()[0])
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        return connection.execute(PROGRESS + "%s", [pk]).fetchone()[0]


def is_writing(told: dict[str, object]) -> bool:
    """It is told before the transaction begins; nothing is told from then on until all is written."""
    return told.get("stage") == "writing"


def soon(is_so: Callable[[], bool]) -> bool:
    """Whether it becomes so in time, looked at so often that no stage is missed."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if is_so():
            return True
        time.sleep(0.02)
    return False


def test_an_upload_whose_worker_is_killed_while_it_writes_completes_once(product, tmp_path):
    environment = product.environment
    path = a_csv(tmp_path, [a_row(number) for number in range(ROWS)])
    pk = int(product.manage("shell", "-v0", "-c", START.format(path=str(path))))

    def asked() -> list[object]:
        return json.loads(product.manage("shell", "-v0", "-c", ASK.format(pk=pk)))

    first = product.start_worker()
    assert soon(lambda: is_writing(told_by(environment, pk)))
    time.sleep(HALF_OF_WRITING)
    kill(first)
    assert asked() in (["waiting", 0, 0, 0, 0], ["applied", *[ROWS] * 4])  # on a quick machine it was done
    second = product.start_worker()
    try:
        assert within(PATIENCE, lambda: second.poll() is not None or asked()[0] != "waiting", every=1)
    finally:
        kill(second)
    assert asked() == ["applied", *[ROWS] * 4]


@pytest.fixture
def two_fleets(on_servers, tmp_path):
    """A product on PostgreSQL with two operators of its own."""
    for slug in ("prairie", "mesa"):
        sheet = a_csv(tmp_path, [a_row(1)], name=f"{slug}.csv")
        on_servers.manage("import_fleet", str(sheet), "--operator", slug, "--create-operator", slug.title())
    return on_servers


def importing(environment: dict[str, str], path: Path, slug: str) -> subprocess.Popen[bytes]:
    """The import command, begun."""
    call = [sys.executable, "manage.py", "import_fleet", str(path), "--operator", slug]
    return subprocess.Popen(call, cwd=ROOT, env=environment)


def test_the_second_writer_of_a_fleet_waits_and_that_of_another_does_not(two_fleets, tmp_path):
    sheet = a_csv(tmp_path, [a_row(number) for number in range(2, 9)])
    with psycopg.connect(two_fleets.environment["DATABASE_URL"]) as writer:
        writer.execute(HOLD_THE_FLEET)
        waiting, free = (
            importing(two_fleets.environment, sheet, "prairie"),
            importing(two_fleets.environment, sheet, "mesa"),
        )
        assert free.wait(60) == 0
        time.sleep(1)
        assert waiting.poll() is None
        writer.commit()
    assert waiting.wait(60) == 0


def test_two_uploads_of_one_fleet_at_once_make_no_rig_twice(two_fleets, tmp_path):
    sheets = [
        a_csv(tmp_path, [a_row(number) for number in range(first, first + 3_000)], name=f"from-{first}.csv")
        for first in (1, 2_001)
    ]
    with ThreadPoolExecutor() as both:
        codes = list(
            both.map(lambda path: importing(two_fleets.environment, path, "prairie").wait(120), sheets)
        )
    assert codes == [0, 0]
    count = "from fleet.models import Rig; print(Rig.objects.filter(operator__slug='prairie').count())"
    assert int(two_fleets.manage("shell", "-v0", "-c", count)) == 5_000
