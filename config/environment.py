"""Reads the settings' values from the environment; a wrong value stops the start with one sentence."""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
import shlex
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

WORDS = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}

SQLITE_FROM = (3, 35)

# Measured: WAL with IMMEDIATE transactions and a patient timeout is the only combination in which writers
# queue instead of failing at once; reads stay outside transactions (never ATOMIC_REQUESTS). A log of 32 MB (8,000
# pages) takes the same page many times before it goes into the database: of 200,000 findings a tenth of the time.
# A cache of 64 MB would spare a twentieth more, and hold as much for each thread of each process.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-20000;PRAGMA wal_autocheckpoint=8000;"
    ),
}


def read(name: str, default: T, reader: Callable[[str], T]) -> T:
    """The value of an environment variable, or of the file that NAME_FILE names, as secrets are handed to containers;
    the default where both are unset or empty."""
    text = os.environ.get(name, "").strip() or _from_file(name)
    if not text:
        return default
    try:
        return reader(text)
    except ValueError as wrong:
        raise ImproperlyConfigured(_complaint(name, text, str(wrong))) from None


# What may hold a secret is not repeated, neither whole nor in the words of a library that failed on a part of it.
SECRET_NAMES = re.compile(r"SECRET|PASSWORD|TOKEN|DSN|_URL$")
OUR_OWN_WORDS = ("write ", "there is ")


def _complaint(name: str, text: str, why: str) -> str:
    if not SECRET_NAMES.search(name):
        return f"{name} is '{text}': {why}"
    return f"{name} is wrong: {why if why.startswith(OUR_OWN_WORDS) else 'it cannot be read.'}"


def _from_file(name: str) -> str:
    path = os.environ.get(f"{name}_FILE", "").strip()
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as wrong:
        raise ImproperlyConfigured(
            f"{name}_FILE is '{path}', which cannot be read: {wrong.strerror}."
        ) from None


def switch(text: str) -> bool:
    """'1', 'yes', 'on', 'true' or their opposites."""
    if text.lower() not in WORDS:
        raise ValueError("write 1 or 0.")
    return WORDS[text.lower()]


def whole_number(text: str) -> int:
    """A whole number over zero."""
    if not text.isdigit() or int(text) == 0:
        raise ValueError("write a whole number over 0.")
    return int(text)


def names(text: str) -> list[str]:
    """Names between commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def days_by_name(usual: Mapping[str, int]) -> Callable[[str], dict[str, int]]:
    """Reads 'exports=3, upload_files=0': other numbers of days for some names."""

    def read_days(text: str) -> dict[str, int]:
        days = dict(usual)
        for each in names(text):
            name, _, number = (part.strip() for part in each.partition("="))
            if name not in usual or not number.isdigit():
                raise ValueError(
                    f"write it like exports=3, upload_files=0; the names are {', '.join(usual)}."
                )
            days[name] = int(number)
        return days

    return read_days


def command(text: str) -> str:
    """A command with its arguments, as a shell would split it; its program has to be there."""
    words = shlex.split(text)
    if not words or shutil.which(words[0]) is None:
        raise ValueError("its program is not here, or may not be started.")
    return text


def networks(text: str) -> list[Network]:
    """Addresses or ranges of addresses between commas: '10.0.0.0/8, 2001:db8::7'."""
    return [ipaddress.ip_network(name) for name in names(text)]


def one_of(*known: str) -> Callable[[str], str]:
    """Reads one of the words that are known."""

    def read_word(text: str) -> str:
        if text not in known:
            raise ValueError(f"write one of {', '.join(known)}.")
        return text

    return read_word


def names_among(known: Iterable[str]) -> Callable[[str], list[str]]:
    """Reads names between commas, of those that are known."""
    among = tuple(known)

    def read_names(text: str) -> list[str]:
        told = names(text)
        if strange := [name for name in told if name not in among]:
            raise ValueError(f"there is no '{strange[0]}'; there are {', '.join(among)}.")
        return told

    return read_names


def list_addresses(official: Mapping[str, Mapping[str, str]]) -> Callable[[str], dict[str, dict[str, str]]]:
    """Reads 'csl=https://…, ofac_sdn.alt=https://…': other addresses for some lists, or for some of their files."""

    def read_addresses(text: str) -> dict[str, dict[str, str]]:
        addresses = {form: dict(parts) for form, parts in official.items()}
        for each in names(text):
            name, _, address = each.partition("=")
            form, _, part = name.strip().partition(".")
            if (
                form not in official
                or (part or "list") not in official[form]
                or not urlsplit(address.strip()).hostname
            ):
                raise ValueError(
                    "write it like csl=https://host/consolidated.csv, ofac_sdn.alt=https://host/alt.csv."
                )
            addresses[form][part or "list"] = address.strip()
        return addresses

    return read_addresses


# Behind a pooler that gives each transaction another connection nothing may outlive a transaction: cursors are read
# whole, and connections go back at once. The driver prepares no statements as Django sets it up.
POOLED = {"DISABLE_SERVER_SIDE_CURSORS": True, "CONN_MAX_AGE": 0}


def issuer(text: str) -> str:
    """The address of an OpenID provider, as it writes it itself: https://login.example.com/realm."""
    parts = urlsplit(text)
    is_here = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
    if not (parts.scheme == "https" or is_here) or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("write it like https://login.example.com/realm.")
    return text


def redis_address(text: str) -> str:
    """A Redis address: redis://host:port/number, or rediss:// for TLS."""
    if urlsplit(text).scheme not in ("redis", "rediss") or not urlsplit(text).hostname:
        raise ValueError("write it like redis://localhost:6379/0.")
    return text


def database(text: str) -> dict[str, Any]:
    """A database address: sqlite:///path/to/file, or postgresql://user:password@host:5432/name."""
    parts = urlsplit(text)
    if parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path)))
    if parts.scheme not in ("postgres", "postgresql") or len(parts.path) < 2:
        raise ValueError(
            "write it like postgresql://user:password@host:5432/name or sqlite:////path/to/file."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def refuse_old_sqlite(
    told: Mapping[str, Any], version: tuple[int, int, int] = sqlite3.sqlite_version_info
) -> None:
    """Raises ImproperlyConfigured where the embedded database is in use and does not tell what it wrote
    (RETURNING)."""
    if str(told["ENGINE"]).endswith("sqlite3") and version < SQLITE_FROM:
        needed, here = (".".join(map(str, each)) for each in (SQLITE_FROM, version))
        raise ImproperlyConfigured(
            f"SQLite {needed} or newer is needed, and this Python has {here}: "
            "set DATABASE_URL to a PostgreSQL, or take another Python."
        )


def refuse_without_postgres(name: str, told: Mapping[str, Any]) -> None:
    """Raises ImproperlyConfigured for a setting that only PostgreSQL can follow."""
    if not str(told["ENGINE"]).endswith("postgresql"):
        raise ImproperlyConfigured(
            f"{name} is on, which needs PostgreSQL: set DATABASE_URL, or leave it off."
        )


@dataclass(frozen=True)
class MailServer:
    """Where mail goes; `tls` upgrades a plain connection, `ssl` begins with an encrypted one."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    ssl: bool


def mail(text: str) -> MailServer:
    """A mail server: smtp://user:password@host:587 (upgraded to TLS) or smtps://user:password@host:465."""
    parts = urlsplit(text)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("write it like smtp://user:password@host:587.")
    is_ssl = parts.scheme == "smtps"
    port = parts.port or (465 if is_ssl else 587)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, port, user, password, tls=not is_ssl, ssl=is_ssl)


def sqlite(path: Path) -> dict[str, Any]:
    """The embedded database in a file."""
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": SQLITE_OPTIONS}


def kept_secret(path: Path) -> str:
    """A secret made once and kept in a file that only its owner can read."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()
