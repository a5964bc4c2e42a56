"""The API is what docs/openapi.yaml says, and no change of it goes out unannounced."""

from __future__ import annotations

import hashlib
import json
import re

from django.core.management import call_command

from config.api import SCHEMA
from tests.house.tree import ROOT

WRITTEN = ROOT / "docs" / "openapi.yaml"
ANNOUNCED = ROOT / "docs" / "api-changes.md"
SECTION = re.compile(r"^## (?P<day>\d{4}-\d\d-\d\d), (?P<digest>[0-9a-f]{12})\n+(?P<text>[^#]*)", re.M)


def sections() -> list[re.Match[str]]:
    """The announcements, the newest first."""
    return list(SECTION.finditer(ANNOUNCED.read_text(encoding="utf-8")))


def test_what_is_served_is_what_the_product_would_work_out_anew(tmp_path):
    call_command("spectacular", "--format", "openapi-json", "--file", str(tmp_path / "openapi.json"))
    now = json.loads((tmp_path / "openapi.json").read_text(encoding="utf-8"))
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == now, "Run script/openapi."


def test_the_api_is_what_the_file_in_the_repository_says(tmp_path):
    call_command("spectacular", "--file", str(tmp_path / "openapi.yaml"))
    now = (tmp_path / "openapi.yaml").read_text(encoding="utf-8").splitlines()
    written = WRITTEN.read_text(encoding="utf-8").splitlines()
    differing = [line for line in now if line not in set(written)] or [
        line for line in written if line not in set(now)
    ]
    assert now == written, (
        "The API is no longer what docs/openapi.yaml says. If that is meant: run script/openapi, and say what "
        f"changed in docs/api-changes.md. Among the lines that differ: {differing[:20]}"
    )


def test_the_newest_announcement_is_of_this_file():
    digest = hashlib.sha256(WRITTEN.read_bytes()).hexdigest()[:12]
    newest = sections()[0]
    assert newest["digest"] == digest, (
        f"docs/openapi.yaml has changed and nobody was told: add to docs/api-changes.md, above the others, a "
        f"section '## DAY, {digest}' that says what a program that uses the API should know; or, while the newest "
        "section has not gone out yet, say it there and give it this digest."
    )


def test_every_announcement_says_something_and_the_newest_stands_first():
    told = sections()
    assert all(len(each["text"].split()) > 5 for each in told)
    days = [each["day"] for each in told]
    assert days == sorted(days, reverse=True)
    assert len({each["digest"] for each in told}) == len(told)
