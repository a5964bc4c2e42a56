"""Programs that use the API in tests: a key, a client that sends it, and the worker that does what is owed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from fleet import tasks
from fleet.flows.read_upload import apply_upload
from fleet.models import Operator
from fleet.models.keys import Scope
from fleet.services import issue_key
from tests.console.visitors import an_operator

UPLOADS = "/api/v1/uploads/"
READ_AND_WRITE = (Scope.FLEET_READ, Scope.FLEET_WRITE)


class Program:
    """Somebody else's program: sends its key with every request, and reads JSON."""

    def __init__(self, key: str, **environment: Any) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {key}"}, **environment)

    def get(self, address: str, **how: Any) -> Any:
        """GET."""
        return self.client.get(address, **how)

    def post(self, address: str, body: Any = None, *, once: str | None = None, **how: Any) -> Any:
        """POST of JSON; `once` is its Idempotency-Key."""
        headers = {"Idempotency-Key": once} if once else {}
        text = b"" if body is None else json.dumps(body)
        kind = "application/json" if body is not None else ""
        return self.client.post(address, text, content_type=kind, headers=headers, **how)

    def send(self, path: Path, query: str = "", *, once: str | None = None, **fields: Any) -> Any:
        """A spreadsheet with fields beside it."""
        headers = {"Idempotency-Key": once} if once else {}
        file = SimpleUploadedFile(path.name, path.read_bytes())
        return self.client.post(f"{UPLOADS}{query}", {"file": file, **fields}, headers=headers)

    def patch(self, address: str, body: Any, *, tag: str | None = "*") -> Any:
        """PATCH of JSON; `tag` is what goes into If-Match."""
        headers = {} if tag is None else {"If-Match": tag}
        return self.client.patch(address, json.dumps(body), content_type="application/json", headers=headers)

    def delete(self, address: str) -> Any:
        """DELETE."""
        return self.client.delete(address)


def a_key(operator: Operator, *scopes: str, **how: Any) -> str:
    """The text of a fresh key; without scopes for reading and writing the fleet."""
    how = {"name": "procurement", "at": timezone.now(), **how}
    return issue_key(operator=operator, scopes=scopes or READ_AND_WRITE, **how)[1]


def a_program(operator: Operator | None = None, *scopes: str) -> Program:
    """A program with a key of an operator."""
    return Program(a_key(operator or an_operator(), *scopes))


def work() -> None:
    """What a worker does when it comes by: it reads what waits."""
    tasks.read_waiting_uploads()


def apply(upload_id: int) -> None:
    """What a worker does when it hears of an upload to apply."""
    apply_upload(upload_id, clock=timezone.now)
