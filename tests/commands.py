"""Calls a command as a program would, and gives its JSON."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

from django.core.management import call_command


def answer_of(command: str, *arguments: str) -> Any:
    """The JSON that a command answers with; raises CommandError for a refusal."""
    said = StringIO()
    call_command(command, *arguments, "--json", stdout=said)
    return json.loads(said.getvalue())
