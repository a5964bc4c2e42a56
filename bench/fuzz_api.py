"""Changed requests to the API of a product of their own: every answer is one that the API gives, never a fault."""

from __future__ import annotations

import json
import time
from pathlib import Path
from random import Random
from typing import Any

from fleet.models.keys import Scope
from tests.api.programs import Program, a_key
from tests.console.visitors import an_operator
from tests.fuzz.mangling import changed, some_changes
from tests.fuzz.requests import ASKED, STRANGE, with_one_changed

DEEPEST = 4


def tried(*, seed: int, seconds: float, kept: str) -> dict[str, Any]:
    """Ask for so many seconds; `read` counts answers with what was asked for, `refused` all others but faults."""
    program, chance = Program(a_key(an_operator(), *Scope)), Random(seed)  # noqa: S311 - chance, not a secret
    program.client.raise_request_exception = False
    counted: dict[str, Any] = {"files": 0, "read": 0, "refused": 0, "faults": 0, "slowest": 0.0}
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        address, body = _made(chance)
        began = time.monotonic()
        answer = program.client.post(f"/api/v1/{address}", body, content_type="application/json")
        counted["slowest"] = max(counted["slowest"], time.monotonic() - began)
        counted["files"] += 1
        counted[
            "read" if answer.status_code < 300 else "refused" if answer.status_code < 500 else "faults"
        ] += 1
        if answer.status_code >= 500:
            name = f"{address.replace('/', '-')}{counted['faults']}.json"
            (Path(kept) / name).write_bytes(body)
    return counted


def _made(chance: Random) -> tuple[str, bytes]:
    address = chance.choice(sorted(ASKED))
    if chance.random() < 0.4:
        return address, changed(json.dumps(ASKED[address]).encode(), some_changes(chance))
    places = [chance.randrange(20) for _ in range(chance.randint(0, DEEPEST))]
    return address, json.dumps(with_one_changed(ASKED[address], places, chance.choice(STRANGE))).encode()
