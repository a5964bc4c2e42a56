"""A client that a generator makes from docs/openapi.yaml talks to the product, and understands every answer."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest

from config.wsgi import application
from fleet.models import Upload
from fleet.models.keys import Scope
from tests.api.programs import a_key, work
from tests.api.test_schema import operations, schema
from tests.console.visitors import a_fleet, an_operator
from tests.house.tree import ROOT
from tests.sheets import a_csv, a_row
from vendors.models import Vendor

pytestmark = pytest.mark.usefixtures("shipped", "one_transaction")

PACKAGE = "rig_ledger_client"


@pytest.fixture(scope="module")
def generated(tmp_path_factory) -> Path:
    """The folder of a package that was made from the file in the repository, without one warning."""
    folder = tmp_path_factory.mktemp("client")
    command = [
        sys.executable,
        "-m",
        "openapi_python_client",
        "generate",
        "--fail-on-warning",
        "--meta",
        "none",
    ]
    command += ["--path", str(ROOT / "docs" / "openapi.yaml"), "--output-path", str(folder / PACKAGE)]
    command += ["--config", str(ROOT / "docs" / "openapi-python-client.yaml")]
    made = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    assert made.returncode == 0, made.stdout + made.stderr
    return folder


@pytest.fixture
def client(generated, monkeypatch, tmp_path) -> Any:
    """The generated client with a key of an operator that has a fleet, in front of the product's own application."""
    monkeypatch.syspath_prepend(str(generated))
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1), a_row(2, country_of_origin="MY", country_of_assembly="MY")])
    return part("client").AuthenticatedClient(
        base_url="http://testserver",
        token=a_key(operator, *Scope),
        raise_on_unexpected_status=True,
        httpx_args={"transport": httpx.WSGITransport(app=application)},
    )


def part(name: str) -> Any:
    """A module of the generated package."""
    return importlib.import_module(f"{PACKAGE}.{name}")


def asked(operation: str, client: Any, **said: Any) -> Any:
    """What an operation answers: status, bytes, headers, and the object that was read."""
    tag = next(told["tags"][0] for _, _, told in operations(schema()) if told["operationId"] == operation)
    module = part(f"api.{re.sub('[^a-z]', '_', tag)}.{operation}")
    return module.sync_detailed(client=client, **said)


def test_it_knows_whose_key_it_has(client):
    me = asked("get_me", client).parsed
    assert (me.operator, set(me.scopes)) == ("prairie", set(Scope))


def test_it_reads_every_list_and_every_answer_without_an_id(client):
    read = []
    for path, verb, told in operations(schema()):
        needs = [each for each in told.get("parameters", []) if each.get("required")]
        if verb != "get" or "{" in path or needs:
            continue
        answer = asked(told["operationId"], client)
        kind = answer.headers["Content-Type"]
        assert (answer.status_code, answer.parsed is None) == (200, False), (path, answer.content[:200])
        if kind == "application/json":
            assert type(answer.parsed).__name__ != "Problem"
            assert answer.parsed.to_dict() == json.loads(answer.content), path
        read.append(path)
    assert len(read) >= 10


def test_it_registers_a_vendor_once_however_often_it_retries(client):
    body = part("models").VendorTakenRequest.from_dict(
        {"name": "Rockdale Repairs", "roles": ["host"], "identifiers": [{"system": "erp", "value": "V-42"}]}
    )
    first, again = (
        asked("register_vendor", client, body=body, idempotency_key="8e03978e-40d5") for _ in range(2)
    )
    assert (first.status_code, first.parsed.name) == (201, "Rockdale Repairs")
    assert (again.parsed.id, again.headers["Idempotency-Replayed"]) == (first.parsed.id, "true")
    assert Vendor.objects.filter(name="Rockdale Repairs").count() == 1


def test_it_sends_a_spreadsheet_and_polls_until_it_is_in_the_fleet(client, tmp_path):
    sheet = a_csv(tmp_path, [a_row(3)], name="third.csv").read_bytes()
    file = part("types").File(payload=BytesIO(sheet), file_name="third.csv", mime_type="text/csv")
    sent = asked(
        "send_upload", client, body=part("models").UploadTakenRequest(file=file), idempotency_key="u"
    )
    assert (sent.status_code, sent.parsed.state) == (202, "waiting")
    work()
    told = asked("get_upload", client, upload_id=sent.parsed.upload).parsed
    assert (told.state, told.new) == ("applied", 1)
    assert Upload.objects.latest("pk").pk == told.upload


def test_it_reads_a_refusal_as_a_problem(client):
    problem = asked("get_upload", client, upload_id=987_654).parsed
    assert (type(problem).__name__, problem.status, problem.code) == ("Problem", 404, "not_found")
    wrong = part("models").VendorTakenRequest.from_dict(
        {"name": "X", "identifiers": [{"system": "lei", "value": "1"}]}
    )
    refused = asked("register_vendor", client, body=wrong).parsed
    assert (refused.status, refused.errors[0].field) == (422, "identifiers.0.value")
