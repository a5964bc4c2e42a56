"""Three queues: what a person waits for has its own, and so has what waits for other machines; on the embedded broker
as on Redis."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection, transaction

from config.celery import app
from fleet import tasks as fleet_tasks
from fleet.models import Lot, Upload
from fleet.signals import lots_changed
from ledger.queue import nudge
from risk import tasks as risk_tasks
from risk.flows import claims, owed
from risk.flows.assess_lots import Assessed
from risk.models import Assessment, AssessmentRun, PolicyEdition
from tests.console.visitors import a_fleet, an_operator
from tests.database import NOW
from tests.sheets import a_row
from vendors.models import Vendor
from vendors.signals import vendors_changed

PROMPT = {
    "fleet.tasks.read_upload",
    "fleet.tasks.apply_upload",
    "fleet.tasks.read_waiting_uploads",
    "fleet.tasks.work_on_edit",
    "fleet.tasks.tend_edits",
    "ledger.tasks.seal_audit",
    "risk.tasks.assess_prompt",
    "risk.reports.tasks.write_report",
}
BESIDE = "risk.tasks.assess_beside"
OUTSIDE = {
    f"risk.tasks.{name}"
    for name in ("send_alerts", "deliver_webhooks", "fetch_lists", "fetch_list", "tell_ahead")
} | {"risk.reports.tasks.send_reports", "fleet.tasks.send_password_letter"}


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


def test_what_a_person_waits_for_is_prompt_what_waits_for_others_is_outside_and_all_else_is_the_batch():
    app.loader.import_default_modules()
    ours = {name for name in app.tasks if name.split(".")[0] in {"fleet", "keeping", "risk", "ledger"}}
    assert {name for name in ours if queue_of(name) == "prompt"} == PROMPT
    assert {name for name in ours if queue_of(name) == "outside"} == OUTSIDE
    assert {queue_of(name) for name in ours - PROMPT - OUTSIDE} == {"batch"}


def test_workbooks_are_written_beside_uploads_and_not_before_them():
    assert {queue_of(f"fleet.tasks.{name}") for name in ("write_export", "tend_exports")} == {"batch"}


def test_a_worker_of_one_queue_never_sees_a_message_of_the_other(empty_queues):
    sent = [
        fleet_tasks.read_upload.apply_async(kwargs={"upload_id": 0}),
        risk_tasks.sweep.apply_async(),
        risk_tasks.assess_prompt.apply_async(),
        risk_tasks.send_alerts.apply_async(),
    ]
    assert taken_from("prompt") == {
        sent[0].id: "fleet.tasks.read_upload",
        sent[2].id: "risk.tasks.assess_prompt",
    }
    assert taken_from("batch") == {sent[1].id: "risk.tasks.sweep"}
    assert taken_from("outside") == {sent[3].id: "risk.tasks.send_alerts"}


def test_a_worker_without_a_queue_takes_all():
    assert set(app.amqp.queues.consume_from) == {"prompt", "batch", "outside"}


def test_what_the_scheduler_sends_is_forgotten_before_it_is_sent_again():
    """While a worker is busy for long, sweeps do not pile up behind it."""
    for each in settings.CELERY_BEAT_SCHEDULE.values():
        assert each["options"]["expires"] == each["schedule"].run_every.total_seconds()


@pytest.mark.usefixtures("shipped")
def test_what_the_sweep_asks_for_is_forgotten_when_the_next_sweep_asks_again(monkeypatch):
    """While a server outside keeps a worker waiting, messages to it do not pile up."""
    asked = {}
    for task in (risk_tasks.send_alerts, risk_tasks.deliver_webhooks):
        keep = partial(asked.__setitem__, task.name)
        monkeypatch.setattr(task, "apply_async", lambda *, keep=keep, **how: keep(how))
    risk_tasks.sweep()
    forgotten = {"kwargs": {}, "expires": settings.SWEEP_SECONDS}
    assert asked == {"risk.tasks.send_alerts": forgotten, "risk.tasks.deliver_webhooks": forgotten}


def test_a_message_that_expires_bears_the_moment_at_which_it_is_forgotten(empty_queues):
    nudge(risk_tasks.fetch_list, form="csl", expires=20)
    nudge(risk_tasks.send_alerts)
    with app.connection_for_read() as connection:
        queue = app.amqp.queues["outside"].bind(connection.default_channel)
        held = {message.headers["task"]: message.headers for message in iter(queue.get, None)}
    assert held["risk.tasks.fetch_list"]["expires"]
    assert "form" in held["risk.tasks.fetch_list"]["kwargsrepr"]
    assert held["risk.tasks.send_alerts"]["expires"] is None


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


@pytest.fixture
def three_lots(tmp_path, empty_queues):
    """Lots of which each is a batch, and every task has time for one."""
    rows = [a_row(n, entry_number=f"ABC-{n:07d}-1") for n in range(1, 4)]
    a_fleet(tmp_path, an_operator(), rows)
    return Lot.objects.values_list("pk", flat=True)


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize(
    ("task", "kind", "queue"),
    [
        (risk_tasks.assess_owed, AssessmentRun.Kind.ASKED, "batch"),
        (risk_tasks.assess_prompt, AssessmentRun.Kind.EDIT, "prompt"),
    ],
)
def test_assessing_for_long_lets_other_work_of_its_queue_come_in_between(
    three_lots, monkeypatch, task, kind, queue
):
    monkeypatch.setattr(claims, "BATCH", 1)
    monkeypatch.setattr(risk_tasks, "SLICE", timedelta(0))
    owed.owe(three_lots, cause="a test", now=NOW, kind=kind)
    task()
    assert Assessment.objects.count() == 2
    assert [name for name in taken_from(queue).values() if name != BESIDE] == [task.name]
    monkeypatch.undo()
    task()
    assert not Assessment.objects.exists()
    assert not taken_from(queue)


@pytest.mark.usefixtures("shipped")
def test_where_one_alone_can_write_a_second_thread_leaves_the_assessing_to_it(three_lots, monkeypatch):
    monkeypatch.setattr(risk_tasks, "A_MOMENT", 0.01)
    owed.owe(three_lots, cause="a test", now=NOW)
    with risk_tasks._ASSESSING:
        risk_tasks.assess_owed()
    assert Assessment.objects.count() == (
        0 if connection.features.has_select_for_update_skip_locked else len(three_lots)
    )
    risk_tasks.assess_owed()
    assert not Assessment.objects.exists()


@pytest.mark.usefixtures("shipped")
def test_who_has_more_than_a_batch_to_assess_asks_another_worker_where_two_can_write(three_lots, monkeypatch):
    owed.owe(three_lots, cause="a test", now=NOW)
    monkeypatch.setattr(claims, "BATCH", 2)
    risk_tasks.assess_owed()
    asked = [BESIDE] if connection.features.has_select_for_update_skip_locked else []
    assert list(taken_from("batch").values()) == asked


@pytest.mark.usefixtures("shipped")
def test_who_has_no_more_than_a_batch_to_assess_asks_nobody(three_lots, monkeypatch):
    owed.owe(three_lots, cause="a test", now=NOW)
    monkeypatch.setattr(claims, "BATCH", 3)
    risk_tasks.assess_owed()
    assert not taken_from("batch")


@pytest.mark.usefixtures("shipped")
def test_who_was_asked_assesses_for_a_moment_and_goes_on_behind_other_work(three_lots, monkeypatch):
    monkeypatch.setattr(claims, "BATCH", 1)
    monkeypatch.setattr(risk_tasks, "BESIDE", timedelta(0))
    owed.owe(three_lots, cause="a test", now=NOW)
    risk_tasks.assess_beside()
    asked = [BESIDE] if connection.features.has_select_for_update_skip_locked else []
    assert (Assessment.objects.count(), list(taken_from("batch").values())) == (2, asked)
    risk_tasks.assess_beside()
    assert (Assessment.objects.count(), taken_from("batch")) == (1, {})


@pytest.mark.usefixtures("shipped")
def test_who_was_asked_and_can_assess_nothing_asks_nobody(three_lots, monkeypatch):
    monkeypatch.setattr(claims, "BATCH", 1)
    monkeypatch.setattr(PolicyEdition.objects, "current", lambda: None)
    owed.owe(three_lots, cause="a test", now=NOW)
    risk_tasks.assess_beside()
    assert (Assessment.objects.count(), taken_from("batch")) == (3, {})


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("task", [risk_tasks.assess_owed, risk_tasks.assess_prompt])
def test_who_can_assess_nothing_because_there_is_no_law_does_not_ask_for_ever(three_lots, monkeypatch, task):
    owed.owe(three_lots, cause="a test", now=NOW, kind=AssessmentRun.Kind.EDIT)
    monkeypatch.setattr(PolicyEdition.objects, "current", lambda: None)
    task()
    assert Assessment.objects.count() == 3
    assert not taken_from("batch")
    assert not taken_from("prompt")


STEPS = {
    "follow_unfollowed_editions",
    "screen_owed",
    "follow_the_calendar",
    "assess_owed_lots",
    "tell_of_age",
}


@pytest.mark.django_db
@pytest.mark.parametrize("failing", sorted(STEPS))
def test_a_step_of_the_sweep_that_fails_is_logged_and_those_after_it_are_done(monkeypatch, caplog, failing):
    done = []

    def step(name):
        done.append(name)
        if name == failing:
            raise RuntimeError(f"a fault in {name}")
        return Assessed()

    for name in STEPS:
        monkeypatch.setattr(risk_tasks, name, lambda *_, name=name, **__: step(name))
    monkeypatch.setattr(risk_tasks, "nudge", lambda task, **_: done.append(task.name))
    risk_tasks.sweep()
    assert set(done) == STEPS | {"risk.tasks.send_alerts", "risk.tasks.deliver_webhooks"}
    assert f"a fault in {failing}" in caplog.text


@pytest.mark.django_db
def test_a_sweep_that_took_too_long_ends_where_it_is(monkeypatch):
    def too_long(**_):
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(risk_tasks, "follow_unfollowed_editions", too_long)
    monkeypatch.setattr(risk_tasks, "nudge", lambda *_, **__: None)
    with pytest.raises(SoftTimeLimitExceeded):
        risk_tasks.sweep()
