"""A worker killed in the middle of an upload: the next one completes it, once, with no rig twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.faults.test_the_running_product import Product, kill, within
from tests.sheets import a_csv, a_row

ROWS = 50_000
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
from fleet.models import Rig, Upload
upload = Upload.objects.get(pk={pk})
print(json.dumps([upload.state, upload.progress, upload.new, Rig.objects.count()]))
"""


@pytest.fixture(params=["embedded", "servers"])
def product(request: pytest.FixtureRequest, tmp_path: Path) -> Product:
    environment = {"VAR_DIR": str(tmp_path / "var"), "DATABASE_URL": "", "REDIS_URL": ""}
    if request.param == "servers":
        environment["DATABASE_URL"] = request.getfixturevalue("postgres_url")
        environment["REDIS_URL"] = request.getfixturevalue("redis_url")
    made = Product(environment)
    made.manage("migrate", "--verbosity", "0")
    made.manage("load_catalogue")
    return made


def test_an_upload_whose_worker_is_killed_completes_once(product, tmp_path):
    path = a_csv(tmp_path, [a_row(n) for n in range(ROWS)])
    pk = int(product.manage("shell", "-v0", "-c", START.format(path=str(path))))

    def asked():
        return json.loads(product.manage("shell", "-v0", "-c", ASK.format(pk=pk)))

    first = product.start_worker()
    assert within(60, lambda: asked()[1] != {} or asked()[0] != "waiting")
    kill(first)
    state, _, _, rigs = asked()
    assert (state, rigs) in (("waiting", 0), ("applied", ROWS))
    second = product.start_worker()
    try:
        assert within(120, lambda: asked()[0] == "applied")
    finally:
        kill(second)
    assert asked()[2:] == [ROWS, ROWS]
