"""The units of deploy/systemd run what compose.yaml runs, with no more rights, on secrets that no setting holds."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from tests.faults.compose_set import COMPOSE, IMAGE_COMMAND
from tests.house.tree import ROOT

UNITS = {
    path.name: path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "deploy" / "systemd").glob("*.service"))
}
HARDENED = (
    *(
        "User=rig-ledger",
        "NoNewPrivileges=true",
        "ProtectSystem=strict",
        "ProtectHome=true",
        "PrivateTmp=true",
    ),
    *("CapabilityBoundingSet=", "RestrictNamespaces=true", "StateDirectory=rig-ledger", "UMask=0027"),
)


def command_of(unit: str) -> str:
    (found,) = re.findall(r"^ExecStart=/opt/rig-ledger/\.venv/bin/(.*)$", UNITS[unit], re.M)
    return str(found)


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_can_do_no_more_than_it_needs(unit):
    lines = UNITS[unit].splitlines()
    assert not [each for each in HARDENED if each not in lines]
    assert "LoadCredential=secret-key:/etc/rig-ledger/secret-key" in lines


def test_web_worker_and_scheduler_are_started_as_in_containers():
    assert IMAGE_COMMAND
    in_container = " ".join(re.findall(r'"([^"]+)"', IMAGE_COMMAND[1]))
    assert command_of("rig-ledger-web.service").startswith(in_container.replace("0.0.0.0", "127.0.0.1"))  # noqa: S104
    scheduler = " ".join(COMPOSE["services"]["scheduler"]["command"])
    assert command_of("rig-ledger-scheduler.service") == scheduler
    worker = COMPOSE["services"]["worker-batch"]["command"][-1]
    same = (
        worker.removeprefix("exec ")
        .replace("$$WORKER@$$HOSTNAME", "%i@%%h")
        .replace("--queues batch", "--queues %i")
    )
    assert command_of("rig-ledger-worker@.service") == same


def test_the_steps_start_a_worker_for_each_queue():
    steps = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert all(f"rig-ledger-worker@{queue.name}" in steps for queue in settings.CELERY_TASK_QUEUES)


def test_what_is_set_for_all_units_is_no_secret():
    said = (ROOT / "deploy" / "systemd" / "rig-ledger.env").read_text(encoding="utf-8")
    assert not re.search(r"(SECRET|PASSWORD|TOKEN)\w*=|://[^@\s]*:[^@\s]*@", said)


def test_a_command_by_hand_has_what_the_units_have():
    said = (ROOT / "deploy" / "systemd" / "rig-ledger").read_text(encoding="utf-8")
    for line in UNITS["rig-ledger-web.service"].splitlines():
        if line.startswith(
            ("User=", "Group=", "UMask=", "WorkingDirectory=", "EnvironmentFile=", "LoadCredential=")
        ):
            assert f"--property={line} " in said
