"""The schema is what the API does: examples fit it, answers fit it, and whatever it allows is answered."""

from __future__ import annotations

import re
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as how
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from config.wsgi import application
from fleet.api.shapes import UploadTaken
from fleet.flows.upload_choices import Choices
from fleet.models import Upload
from tests.api.programs import a_key, a_program, work
from tests.console.visitors import an_operator
from tests.sheets import a_csv, a_row

pytestmark = pytest.mark.usefixtures("shipped")

SCHEMA = "/api/v1/schema/"
FITS = ["response_schema_conformance", "status_code_conformance", "content_type_conformance"]
VERBS = ("get", "post", "put", "patch", "delete")


def schema() -> dict[str, Any]:
    """As the server gives it."""
    return Client().get(SCHEMA).json()


def operations(told: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Path, verb, operation."""
    return [
        (path, verb, every[verb]) for path, every in told["paths"].items() for verb in VERBS if verb in every
    ]


def test_the_schema_is_valid_and_without_a_warning(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))
    assert schema()["openapi"] == "3.1.0"


def test_every_operation_has_a_summary_an_id_and_an_example():
    for path, verb, told in operations(schema()):
        assert {"summary", "operationId"} <= set(told), (path, verb)
        answers = [
            answer.get("content", {}) for status, answer in told["responses"].items() if status < "300"
        ]
        kinds = {kind: body for content in answers for kind, body in content.items()}
        json = kinds.get("application/json")
        assert json is None or "examples" in json or "example" in json, (path, verb)


def test_every_example_fits_its_shape():
    whole = schema()
    for path, verb, told in operations(whole):
        for answer in told["responses"].values():
            for body in answer.get("content", {}).values():
                shown = [each["value"] for each in body.get("examples", {}).values()]
                for example in shown + ([body["example"]] if "example" in body else []):
                    wrong = list(Draft202012Validator({**body["schema"], **defs(whole)}).iter_errors(example))
                    assert not wrong, (path, verb, wrong[0].message)


def defs(whole: dict[str, Any]) -> dict[str, Any]:
    """What the shapes refer to."""
    return {"components": whole["components"]}


def test_every_post_takes_an_idempotency_key():
    posts = [told for _, verb, told in operations(schema()) if verb == "post"]
    assert posts
    assert all("Idempotency-Key" in [each["name"] for each in told["parameters"]] for told in posts)


def test_every_choice_of_an_upload_can_be_sent():
    told_otherwise = {"file", "dry_run"}
    assert set(UploadTaken().fields) ^ set(Choices.__slots__) == told_otherwise


def test_every_path_and_verb_is_closed_to_strangers():
    opened = []
    for path, verb, _ in operations(schema()):
        address = re.sub(r"{\w+}", "1", path)
        answer = getattr(Client(), verb)(address)
        if (answer.status_code, answer.json()["code"]) != (401, "key_missing"):
            opened.append((path, verb))
    assert not opened


@pytest.fixture
def one_transaction(monkeypatch):
    """The product's own WSGI application stays in a test's transaction: it does not hang up after a request."""
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)


@pytest.fixture
def key(tmp_path, settings, one_transaction):
    """A key of an operator that has an upload of every kind."""
    operator = an_operator()
    program = a_program(operator)
    program.send(a_csv(tmp_path, [a_row(1), a_row(2, hts_code="84.71")]), "?dry_run=true")
    program.send(a_csv(tmp_path, [a_row(1)]))
    program.send(a_csv(tmp_path, [a_row(1, status="lost")]))
    work()
    program.send(a_csv(tmp_path, [a_row(3)]))
    settings.API_REQUESTS_A_MINUTE = 10**6
    return a_key(operator)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_whatever_is_sent_is_answered_as_the_schema_says(key, mode):
    whole = schemathesis.openapi.from_dict(schema())
    ids = list(Upload.objects.values_list("pk", flat=True))
    for found in whole.get_all_operations():
        operation = found.ok()

        @how(max_examples=15, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None)
        @given(case=operation.as_strategy(generation_mode=mode))
        def tried(case):
            if "upload_id" in (case.path_parameters or {}) and mode == GenerationMode.POSITIVE:
                case.path_parameters["upload_id"] = ids[hash(str(case.query)) % len(ids)]
            answer = case.call(app=application, headers={"Authorization": f"Bearer {key}"})
            assert answer.status_code < 500, case.as_curl_command()
            case.validate_response(answer, checks=CHECKS.get_by_names(FITS))

        tried()


def test_the_pages_of_the_schema_have_nothing_inline():
    page = Client().get("/api/v1/docs/")
    html, policy = page.content.decode(), page["Content-Security-Policy"]
    assert page.status_code == 200
    assert all(tag.startswith(" src=") for tag in html.split("<script")[1:])
    assert "<style" not in html
    assert "'unsafe-inline'" not in policy
    assert "http://" not in html
    assert "https://" not in html
