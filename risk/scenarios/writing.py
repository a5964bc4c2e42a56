"""A scenario as people read it: the text of what is said, which `read_scenario` reads back unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml


def written_scenario(said: Mapping[str, Any]) -> str:
    """YAML of a scenario's mapping: rates and amounts as text (quoted), days as dates (bare), in the given order."""
    return yaml.safe_dump(dict(said), sort_keys=False, allow_unicode=True, width=110)
