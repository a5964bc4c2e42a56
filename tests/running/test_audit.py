"""script/audit says that all is well only where every locked package was audited."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.house.tree import ROOT

LOCK = "django==5.2.19 \\\n    --hash=sha256:aa\npsycopg[binary,pool]==3.3.9 \\\n    --hash=sha256:bb\n"
CLEAN = [
    {"name": "Django", "version": "5.2.19", "vulns": []},
    {"name": "psycopg", "version": "3.3.9", "vulns": []},
]
LEAKY = {"name": "Django", "version": "5.2.19", "vulns": [{"id": "PYSEC-1", "fix_versions": ["5.2.20"]}]}
SKIPPED = {"name": "psycopg", "version": "3.3.9", "skip_reason": "not found"}


def judged(tmp_path, answer: str | None) -> subprocess.CompletedProcess[str]:
    (tmp_path / "lock.txt").write_text(LOCK)
    if answer is not None:
        (tmp_path / "answer.json").write_text(answer)
    call = [sys.executable, "script/audited.py", str(tmp_path / "lock.txt"), str(tmp_path / "answer.json")]
    return subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_lock_that_was_audited_whole_and_is_clean_is_clean(tmp_path):
    said = judged(tmp_path, json.dumps({"dependencies": CLEAN}))
    assert (said.returncode, said.stdout) == (0, "lock.txt: 2 packages audited, nothing known.\n")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (None, "Nothing was audited"),
        ("No known vulnerabilities found", "Nothing was audited"),
        (json.dumps({"dependencies": []}), "Not audited: 2 of 2"),
        (json.dumps({"dependencies": CLEAN[:1]}), "Not audited: 1 of 2"),
        (json.dumps({"dependencies": [CLEAN[0], SKIPPED]}), "Not audited: 1 of 2"),
        (json.dumps({"dependencies": [LEAKY, CLEAN[1]]}), "PYSEC-1, mended in 5.2.20"),
    ],
    ids=["no answer", "only words", "nothing", "one missing", "one skipped", "a vulnerability"],
)
def test_everything_else_is_not(tmp_path, answer, sentence):
    said = judged(tmp_path, answer)
    assert (said.returncode, said.stdout) == (1, "")
    assert sentence in said.stderr
