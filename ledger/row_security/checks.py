"""Says at `migrate` and `check --database default` where rows of operators are behind no wall."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import Warning as Finding

from ledger.row_security.policies import faults


def wall_holds(app_configs: Any, databases: Sequence[str] | None = None, **_: Any) -> list[Finding]:
    """A warning for each reason why the wall does not hold."""
    if not databases:
        return []
    return [Finding(sentence, id="ledger.W001") for sentence in faults()]
