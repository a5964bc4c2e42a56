"""Two queues: what a person waits for has its own, on the embedded broker as on Redis."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction

from config.celery import app
from fleet import tasks as fleet_tasks
from fleet.models import Lot, Upload
from fleet.signals import lots_changed
from ledger.queue import nudge
from risk import tasks as risk_tasks
from risk.flows import owed
from risk.models import Assessment
from tests.console.visitors import a_fleet, an_operator
from tests.database import NOW
from tests.sheets import a_row
from vendors.models import Vendor
from vendors.signals import vendors_changed

PROMPT = {"fleet.tasks.read_upload", "fleet.tasks.apply_upload", "fleet.tasks.write_export"}
SWEEPS_OF_UPLOADS = {"fleet.tasks.read_waiting_uploads", "fleet.tasks.tend_exports"}


def queue_of(name):
    return app.amqp.router.route({}, name)["queue"].name


def taken_from(name):
    """Every message of a queue: identity and task."""
    taken = {}
    with app.connection_for_read() as connection:
        queue = app.amqp.queues[name].bind(connection.default_channel)
        queue.declare()
        while message := queue.get():
            taken[message.headers["id"]] = message.headers["task"]
            message.ack()
    return taken


@pytest.fixture
def empty_queues():
    for name in app.amqp.queues:
        taken_from(name)


def test_what_a_person_waits_for_goes_to_the_prompt_queue_and_all_else_to_the_batch():
    ours = {name for name in app.tasks if name.split(".")[0] in {"fleet", "risk", "ledger"}}
    prompt = {name for name in ours if queue_of(name) == "prompt"}
    assert prompt == PROMPT | SWEEPS_OF_UPLOADS | {"risk.tasks.assess_prompt"}
    assert {queue_of(name) for name in ours - prompt} == {"batch"}


def test_a_worker_of_one_queue_never_sees_a_message_of_the_other(empty_queues):
    sent = [
        fleet_tasks.read_upload.apply_async(kwargs={"upload_id": 0}),
        risk_tasks.sweep.apply_async(),
        risk_tasks.assess_prompt.apply_async(),
    ]
    assert taken_from("prompt") == {
        sent[0].id: "fleet.tasks.read_upload",
        sent[2].id: "risk.tasks.assess_prompt",
    }
    assert taken_from("batch") == {sent[1].id: "risk.tasks.sweep"}


def test_a_worker_without_a_queue_takes_both():
    assert set(app.amqp.queues.consume_from) == {"prompt", "batch"}


def test_what_the_scheduler_sends_is_forgotten_before_it_is_sent_again():
    """While a worker is busy for long, sweeps do not pile up behind it."""
    for each in settings.CELERY_BEAT_SCHEDULE.values():
        assert each["options"]["expires"] == each["schedule"].run_every.total_seconds()


@pytest.mark.usefixtures("shipped")
def test_an_upload_nudges_the_prompt_worker_and_a_vendor_the_batch(
    tmp_path, empty_queues, django_capture_on_commit_callbacks
):
    a_fleet(tmp_path, an_operator(), [a_row(1)])
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        lots_changed.send(sender=Upload, lot_ids=[Lot.objects.get().pk], cause="upload 1 applied")
    assert set(taken_from("prompt").values()) == {"risk.tasks.assess_prompt"}
    assert not taken_from("batch")
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        maker = Lot.objects.get().model.maker_id
        vendors_changed.send(sender=Vendor, vendor_ids=[maker], cause="vendor Bitmain")
    assert "risk.tasks.assess_owed" in taken_from("batch").values()
    assert not taken_from("prompt")


def test_a_queue_that_is_down_is_forgiven(monkeypatch, caplog):
    def no_broker(**_):
        raise OSError("nobody listens")

    monkeypatch.setattr(risk_tasks.assess_prompt, "apply_async", no_broker)
    nudge(risk_tasks.assess_prompt)
    assert "the sweep will do it" in caplog.text


@pytest.mark.usefixtures("shipped")
def test_a_rescore_of_everything_lets_other_work_of_its_queue_come_in_between(
    tmp_path, empty_queues, monkeypatch
):
    rows = [a_row(n, entry_number=f"ABC-{n:07d}-1") for n in range(1, 4)]
    a_fleet(tmp_path, an_operator(), rows)
    monkeypatch.setattr(owed, "BATCH", 1)
    monkeypatch.setattr(risk_tasks, "SLICE", timedelta(0))
    owed.owe(Lot.objects.values_list("pk", flat=True), cause="a test", now=NOW)
    risk_tasks.assess_owed()
    assert Assessment.objects.count() == 3
    assert set(taken_from("batch").values()) == {"risk.tasks.assess_owed"}
    monkeypatch.undo()
    risk_tasks.assess_owed()
    assert not Assessment.objects.exists()
    assert not taken_from("batch")
