"""What a machine that watches the product is told: whether it lives, whether it is ready, and of what it lacks."""

from __future__ import annotations

import pytest
from django.db.migrations.recorder import MigrationRecorder

SECRET = "hunter2-hunter2"


def parts_of(answer) -> dict[str, bool]:
    return {part["part"]: part["is_ready"] for part in answer.json()["parts"]}


def test_a_process_lives_whatever_its_database_does(client):
    """The test has no database: whoever asks it fails."""
    assert client.get("/health/live").json() == {"status": "ok"}


@pytest.mark.django_db
def test_a_product_that_has_all_that_it_needs_is_ready(client):
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert parts_of(answer) == dict.fromkeys(("database", "migrations", "queue", "disk"), True)


@pytest.mark.django_db
def test_a_release_whose_migrations_were_not_applied_is_not_ready(client):
    MigrationRecorder.Migration.objects.filter(app="ledger").order_by("-name")[:1].get().delete()
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert [name for name, is_ready in parts_of(answer).items() if not is_ready] == ["migrations"]
    assert "not applied: 1." in answer.content.decode()


@pytest.mark.django_db
def test_a_disk_that_takes_nothing_is_told_of(client, settings, tmp_path):
    settings.VAR_DIR = tmp_path / "gone"
    answer = client.get("/health/ready")
    assert (answer.status_code, parts_of(answer)["disk"]) == (503, False)


@pytest.mark.django_db
def test_a_queue_that_is_down_is_told_of_within_seconds(client, settings):
    settings.REDIS_URL = f"redis://:{SECRET}@127.0.0.1:1/0"
    answer = client.get("/health/ready")
    assert (answer.status_code, parts_of(answer)["queue"]) == (503, False)
    assert SECRET not in answer.content.decode()
