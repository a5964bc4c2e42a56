"""What a backup says of itself: made when, of which migrations, which rows and files must be in it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac

FORM = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True, kw_only=True)
class KeptTable:
    """A table: its columns in order, how many rows, the digest of what they say and that of the lines as written."""

    columns: list[str]
    rows: int
    digest: str
    sha256: str

    @property
    def difference(self) -> tuple[int, str]:
        """What must be the same after a restore."""
        return self.rows, self.digest


@dataclass(frozen=True, kw_only=True)
class KeptFile:
    """A file: how large, and its digest."""

    bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup holds. `lacking` are files that rows name and that were gone when the backup came to them;
    `key` tells one SECRET_KEY from another without telling it; without `has_files` it is rows alone."""

    made_at: str
    database: str
    engine: str
    migrations: list[list[str]]
    key: str
    has_files: bool
    tables: dict[str, KeptTable] = field(default_factory=dict)
    files: dict[str, KeptFile] = field(default_factory=dict)
    lacking: list[str] = field(default_factory=list)
    form: int = FORM

    @property
    def rows(self) -> int:
        """Of all tables together."""
        return sum(table.rows for table in self.tables.values())

    def written(self) -> bytes:
        """As JSON, the same for the same content."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()


def seal_of(written: bytes) -> str:
    """The digest of a manifest, and with it of all that it tells: who keeps it elsewhere knows the backup again."""
    return sha256(written).hexdigest()


def read_manifest(written: bytes) -> Manifest:
    """Raises ValidationError for one of another form."""
    try:
        said: dict[str, Any] = json.loads(written)
        if said.get("form") != FORM:
            raise ValidationError(f"This backup has form {said.get('form')}; this product reads {FORM}.")
        tables = {name: KeptTable(**each) for name, each in said.pop("tables").items()}
        files = {name: KeptFile(**each) for name, each in said.pop("files").items()}
        return Manifest(**said, tables=tables, files=files)
    except (ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise ValidationError("The manifest of this backup cannot be read.", code="backup_wrecked") from wrong


def mark_of_key() -> str:
    """What tells this installation's SECRET_KEY from another."""
    return salted_hmac("keeping.archive", "which key", algorithm="sha256").hexdigest()
