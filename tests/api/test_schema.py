"""The schema is what the API does: examples fit it, answers fit it, and whatever it allows is answered."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from jsonschema import Draft202012Validator

from fleet.api.shapes import UploadTaken
from fleet.flows.upload_choices import Choices

pytestmark = pytest.mark.usefixtures("shipped")

SCHEMA = "/api/v1/schema/"
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
        address = re.sub(r"\{\w+\}", "1", path)
        answer = getattr(Client(), verb)(address)
        if (answer.status_code, answer.json()["code"]) != (401, "key_missing"):
            opened.append((path, verb))
    assert not opened


def test_the_schema_is_sent_packed_and_to_those_who_have_it_not_at_all():
    plain, packed = Client().get(SCHEMA), Client(headers={"Accept-Encoding": "gzip, br"}).get(SCHEMA)
    assert gzip.decompress(packed.content) == plain.content
    assert (packed["Content-Encoding"], "Accept-Encoding" in packed["Vary"]) == ("gzip", True)
    assert len(packed.content) * 5 < len(plain.content)
    assert Client().get(SCHEMA, headers={"If-None-Match": plain["ETag"]}).status_code == 304
    refused = Client().post(SCHEMA)
    assert (refused.status_code, refused["Allow"], refused.json()["code"]) == (
        405,
        "GET, HEAD",
        "method_not_allowed",
    )


def test_the_pages_of_the_schema_have_nothing_inline():
    page = Client().get("/api/v1/docs/")
    html, policy = page.content.decode(), page["Content-Security-Policy"]
    assert page.status_code == 200
    assert all(tag.startswith(" src=") for tag in html.split("<script")[1:])
    assert "<style" not in html
    assert "'unsafe-inline'" not in policy
    assert "http://" not in html
    assert "https://" not in html
