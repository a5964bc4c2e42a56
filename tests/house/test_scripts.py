"""What a newcomer types explains itself, and refuses a wrong call with one sentence."""

from __future__ import annotations

import socket
import subprocess

import pytest

from tests.house.tree import ROOT

BASH = "#!/usr/bin/env bash\n"
SCRIPTS = [
    path for path in sorted((ROOT / "script").iterdir()) if path.read_text(encoding="utf-8").startswith(BASH)
]


def call(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a script to its end."""
    command = [ROOT / "script" / script, *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_stops_at_the_first_fault(script):
    assert "\nset -euo pipefail\n" in script.read_text(encoding="utf-8")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_says_in_its_first_line_what_it_does(script):
    said = call(script.name, "--help")
    first = said.stdout.splitlines()[0]
    assert (said.returncode, said.stderr) == (0, "")
    assert f"# {first}" == script.read_text(encoding="utf-8").splitlines()[1]
    assert first.endswith(".")


@pytest.mark.parametrize("port", ["", "eighty", "0", "65536", "-1"])
def test_a_port_that_is_none_is_a_wrong_call(port):
    said = call("server", "--port", port)
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == f"--port takes a number from 1 to 65535, not '{port}'.\n"


def test_a_port_in_use_is_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = call("server", "--port", str(port))
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr == f"Port {port} is in use; choose another with script/server --port N.\n"


@pytest.mark.parametrize("script", ["server", "setup", "lint"])
def test_an_unknown_option_is_a_wrong_call(script):
    said = call(script, "--frobnicate")
    assert (said.returncode, said.stdout, said.stderr.count("\n")) == (2, "", 1)
