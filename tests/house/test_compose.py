"""compose.yaml starts what docs/operations.md says: parts that are healthy, secrets in files, official images."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from django.conf import settings

from tests.house.tree import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def command_of(service: dict[str, Any]) -> str:
    command = service.get("command", "")
    return command if isinstance(command, str) else " ".join(command)


def test_there_are_web_set_up_a_worker_for_each_queue_and_exactly_one_scheduler():
    queues = [found[1] for each in OURS.values() if (found := re.search(r"--queues (\S+)", command_of(each)))]
    assert sorted(queues) == sorted(each.name for each in settings.CELERY_TASK_QUEUES)
    assert sum(" beat" in command_of(each) or "--beat" in command_of(each) for each in OURS.values()) == 1
    assert {"web", "setup"} <= set(OURS)


def test_script_server_starts_a_worker_for_each_queue():
    started = re.findall(r"--queues (\S+)", (ROOT / "script" / "server").read_text(encoding="utf-8"))
    assert sorted(started) == sorted(each.name for each in settings.CELERY_TASK_QUEUES)


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_that_goes_on_says_whether_it_is_healthy(name):
    assert "healthcheck" in SERVICES[name] or SERVICES[name]["restart"] == "no"


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_waits_for_what_it_needs(name):
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        wanted = "service_completed_successfully" if needed == "setup" else "service_healthy"
        assert how == {"condition": wanted}


def test_images_are_official_or_built_here():
    foreign = {each["image"] for each in SERVICES.values() if "build" not in each}
    assert foreign
    assert all(re.fullmatch(r"(postgres|redis):[\w.-]+", image) for image in foreign)
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.M)) == {"python:3.11-slim-bookworm"}


def test_no_secret_stands_in_a_file_of_the_repository():
    environments = [each.get("environment", {}) for each in SERVICES.values()]
    named = [name for each in environments for name in each if re.search("PASSWORD|SECRET", name)]
    assert named
    assert all(name.endswith("_FILE") for name in named)
    assert "secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_image_runs_as_nobody_in_particular_on_packages_told_by_their_hashes():
    assert "\nUSER rigs\n" in DOCKERFILE
    assert "--require-hashes" in DOCKERFILE
    assert all(each["read_only"] and each["cap_drop"] == ["ALL"] for each in OURS.values())


def test_the_image_has_every_folder_of_the_product():
    copied = set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.M))
    assert copied == {
        "config",
        "fleet",
        "keeping",
        "ledger",
        "risk",
        "vendors",
        "samples",
        "static",
        "templates",
    }
    assert all((ROOT / name).is_dir() for name in copied)
