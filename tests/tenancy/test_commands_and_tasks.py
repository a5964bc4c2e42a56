"""What commands say for one operator, and what tasks do with another's id: nothing of it reaches the first."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, get_commands, load_command_class

from config import celery_app
from fleet.models import BulkEdit, FleetExport, Lot, Upload
from ledger.models import OutboxEvent
from risk.models import Alert, Report, WebhookDelivery
from tests.mail import mail_server
from tests.sheets import a_csv, a_row
from tests.tenancy.addresses import routes
from tests.tenancy.conftest import Two
from tests.tenancy.fleets import PLANTED, asked_of
from tests.tenancy.walking import Walk, rows_of, undone
from vendors.models import Vendor

OURS = ("fleet", "keeping", "ledger", "risk", "vendors")
# Commands of whoever keeps the machine: they act for all operators, or on the one object that is named, and say so.
OF_THE_KEEPER = {
    "backup",
    "changepassword",
    "compare_editions",
    "createsuperuser",
    "duty",
    "export_policies",
    "fetch_lists",
    "forget_audit",
    "forget_second_steps",
    "housekeep",
    "load_catalogue",
    "load_list",
    "load_policies",
    "make_demo",
    "models",
    "move_database",
    "preview_edition",
    "problem_workbook",
    "restated",
    "restore",
    "revoke_key",
    "row_level_security",
    "screen",
    "screen_vendors",
    "undo_receipt",
    "undo_upload",
    "verify_audit",
    "withdraw_evidence",
}


def commands() -> dict[str, Any]:
    """Every command of the product's own."""
    return {name: load_command_class(app, name) for name, app in get_commands().items() if app in OURS}


def parser_of(name: str, command: Any) -> ArgumentParser:
    return command.create_parser("manage.py", name)


def takes_operator(name: str, command: Any) -> bool:
    return any("--operator" in each.option_strings for each in parser_of(name, command)._actions)


def test_every_command_is_for_one_operator_or_of_whoever_keeps_the_machine():
    told = {name for name, command in commands().items() if not takes_operator(name, command)}
    assert told == OF_THE_KEEPER


@pytest.fixture
def made(two: Two) -> Two:
    """Quillfeather has an object of everything that has an address."""
    for route in routes():
        list(asked_of(two.owner, route))
    return two


def test_no_command_for_one_operator_takes_or_tells_what_is_anothers(made, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # reports are written where one stands
    walk, tried = Walk(PLANTED), 0
    before = rows_of(made.owner.operator)
    theirs = _theirs(made, tmp_path)
    for name, command in commands().items():
        if not takes_operator(name, command):
            continue
        for given in _calls(parser_of(name, command), theirs):
            tried += 1
            said = _said(name, command, ["--operator", made.asker.operator.slug, *given])
            walk.looked_through(
                f"{name} {given}", re.sub("|".join(map(re.escape, theirs["words"])), "#", said)
            )
    assert not walk.leaks, "\n".join(walk.leaks)
    assert rows_of(made.owner.operator) == before
    assert tried > 30
    print(f"\ncommands: {tried} calls")


def _theirs(made: Two, folder: Path) -> dict[str, Any]:
    """What somebody would write behind the options of a command to get at Quillfeather's."""
    owner = made.owner.operator
    sheet = a_csv(folder, [a_row(1, serial_number="BRC2S0001")], name="sheet.csv")
    change = folder / "change.yaml"
    change.write_text("title: nothing\nmeasures: []\n")
    words = {
        "--serial": "QZF7S0001",
        "--lot": str(Lot.objects.of(owner)[0].pk),
        "--entry-number": "QZF-1234567-8",
        "--purchase-order": "QZF7-PO",
        "--site": "Quillfeather Bend",
        "--vendor": Vendor.objects.filter(operator=owner)[0].slug,
        "--manifest": str(sheet),
        "--output": str(folder / "out"),
        "--change": str(change),
        "--entry-date": "2025-06-10",
        "--units": "Antminer S21 200T=1",
        "--country": "CN",
        "--title": "paper",
        "--kind": "certificate",
        "--strength": "strong",
        "--name": "key",
        "--scope": "fleet:read",
        "--by": "maker",
        "--mode": "air",
        "file": str(sheet),
        "kind": "board",
        "merged": Vendor.objects.filter(operator=owner)[0].slug,
        "into": "bitmain",
        "--why": "told",
        "order": str(sheet),
    }
    return {**words, "words": [word for word in words.values() if PLANTED.search(word)]}


def _calls(parser: ArgumentParser, theirs: dict[str, Any]) -> list[list[str]]:
    """The call with all that it must be told, and once more with each thing that it may be told."""
    must, may = [], [[]]
    for action in parser._actions:
        name = next((each for each in action.option_strings if each in theirs), action.dest)
        if name not in theirs or name == "words":
            continue
        told = [name, theirs[name]] if action.option_strings else [theirs[name]]
        if action.required:
            must += told
        else:
            may.append(told)
    return [[*must, *each] for each in may]


def _said(name: str, command: Any, arguments: list[str]) -> str:
    """All that a command says, to both sides, and writes where it was told to."""
    said = StringIO()
    with undone():
        try:
            told = parser_of(name, command).parse_args(arguments)
            command.stdout = command.stderr = said
            command.execute(
                **{**vars(told), "stdout": said, "stderr": said, "force_color": False, "no_color": True}
            )
        except (CommandError, ValidationError, SystemExit) as refusal:
            said.write(str(refusal))
    return said.getvalue()


# -------------------------------------------------------------------------------------------------------------- tasks

# What a task that takes an id is given: something of Quillfeather's.
ID_OF = {
    "upload_id": Upload,
    "export_id": FleetExport,
    "edit_id": BulkEdit,
    "report_id": Report,
}
TO_ITS_PERSON = "fleet.tasks.send_password_letter"  # to that person's own address (tests/signin)
WITHOUT = {"assessed_on", "form"}  # a day, and the name of a list's format: nothing of an operator


def tasks() -> dict[str, Any]:
    """Every task of the product's own."""
    celery_app.loader.import_default_modules()
    own = {name: task for name, task in celery_app.tasks.items() if name.partition(".")[0] in OURS}
    return {name: task for name, task in own.items() if name != TO_ITS_PERSON}


def _ids_of(task: Any) -> list[str]:
    names = [name for name in task.run.__annotations__ if name not in ("self", "return")]
    strange = set(names) - set(ID_OF) - WITHOUT
    assert not strange, f"{task.name} takes {strange}: say in ID_OF of this file of which model it is."
    return [name for name in names if name in ID_OF]


def _given_ids_of_anothers(made: Two) -> int:
    before, tried = rows_of(made.asker.operator), 0
    for task in tasks().values():
        for name in _ids_of(task):
            for row in ID_OF[name].objects.of(made.owner.operator):
                with undone():
                    task.apply(kwargs={name: row.pk}, throw=True)
                    assert rows_of(made.asker.operator) == before, task.name
                    tried += 1
    return tried


def test_a_task_with_an_id_of_anothers_changes_nothing_here_and_what_is_told_is_ones_own(made, settings):
    assert _given_ids_of_anothers(made) > 4
    walk = Walk(PLANTED)
    settings.OFFLINE = True
    with mail_server() as box:
        settings.EMAIL = settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT, settings.EMAIL_BACKEND = box.port, "django.core.mail.backends.smtp.EmailBackend"
        tried = 0
        for task in tasks().values():
            if not _ids_of(task) and "form" not in task.run.__annotations__:
                task.apply(throw=True)
                tried += 1
        for addresses, letter in box.letters:
            if any("quillfeather" in each for each in addresses):
                continue
            walk.looked_through(f"A letter to {addresses}", str(letter))
    asker = made.asker.operator
    for event in OutboxEvent.objects.filter(operator_id=asker.pk):
        walk.looked_through(f"The event {event.kind}", f"{event.about} {event.body}")
    for delivery in WebhookDelivery.objects.filter(endpoint__operator=asker):
        walk.looked_through("A webhook", f"{delivery.about} {delivery.body}")
    for alert in Alert.objects.of(asker):
        walk.looked_through("An alert", " ".join(map(str, vars(alert).values())))
    assert not walk.leaks, "\n".join(walk.leaks)
    assert tried > 12
    assert walk.tried["texts read"] > 3
    print(f"\nscheduled tasks: {tried}, texts read {walk.tried['texts read']}, letters {len(box.letters)}")
