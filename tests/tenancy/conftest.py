"""The two operators of the walk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.tenancy.fleets import Fleet, birch, quillfeather


@dataclass(frozen=True, slots=True)
class Two:
    """Whose objects are asked for, and who asks."""

    owner: Fleet
    asker: Fleet


@pytest.fixture
def two(shipped: None, tmp_path: Path, settings: Any) -> Two:
    """Quillfeather and Birch, each with a fleet that was read and assessed."""
    settings.API_REQUESTS_A_MINUTE = 10**6  # the walk asks more often than a program may
    return Two(owner=quillfeather(tmp_path), asker=birch(tmp_path))
