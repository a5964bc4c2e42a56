"""What the benchmark of the API needs of the product: a key, and where a page begins."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from fleet.models import Operator, Rig
from fleet.models.keys import Scope
from fleet.services import issue_key as issue


def issue_key(operator: str) -> str:
    """A key of the operator with every scope."""
    owner = Operator.objects.get(slug=operator)
    return issue(
        operator=owner, name="bench", scopes=list(Scope), at=datetime.fromtimestamp(time.time(), UTC)
    )[1]


def rig_before(operator: str, rows: int) -> int:
    """The id of the last of so many rigs."""
    rigs = Rig.objects.filter(operator__slug=operator).order_by("pk").values_list("pk", flat=True)
    return int(rigs[rows - 1])
