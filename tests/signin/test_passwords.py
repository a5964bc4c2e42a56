"""A password is long and nobody's first guess; what it is made of is its owner's affair."""

from __future__ import annotations

import pytest
from django.contrib.auth.management.commands import changepassword
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command

from fleet.models import PersonSession, User
from ledger.models import AuditEntry
from tests.console.visitors import a_person, an_operator, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def nina():
    person = a_person("nina.olsen", first_name="Nina", last_name="Olsen", email="boss.of.rigs@example.com")
    an_operator("prairie-hash", "Prairie Hash LLC").members.add(person)
    return person


@pytest.mark.parametrize(
    "password",
    [
        "seven green barrels",
        "кириллица и пробелы",
        "correcthorsebatterystaple",
        "     spaces     count    ",
        "0123 ist meine Hausnummer",
        "🔋🔋🦎 battery lizard, twice",
        "nina likes long walks at night",
        "an unusual passphrase that goes on and on " * 3,
    ],
)
def test_any_long_password_will_do(nina, password):
    validate_password(password, nina)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("fourteen chars", "password_too_short"),
        ("y" + "abcdefgh " * 15, "password_too_long"),
        ("aaaaaaaaaaaaaaaaaaaa", "password_a_row"),
        ("1234567890123456", "password_a_row"),
        ("abababababababab", "password_a_row"),
        ("zyxwvutsrqponmlk", "password_a_row"),
        ("qwertyuiop123456789", "password_a_row"),
        ("qwertyuiopasdfg", "password_a_row"),
        ("mnbvcxzlkjhgfdsa", "password_a_row"),
        ("qwerty1234!!!!!", "password_too_common"),
        ("iloveyouiloveyou", "password_too_common"),
        ("!!!1michelle2024!!!", "password_too_common"),
        ("Prairie Hash 2026", "password_a_name"),
        ("prairie-hash-llc-1", "password_a_name"),
        ("Rig Ledger 2026!!", "password_a_name"),
        ("nina.olsen.12345", "password_a_name"),
        ("boss.of.rigs.2026", "password_a_name"),
        ("AntminerAntminer1", "password_a_name"),
    ],
)
def test_what_guessers_try_first_is_refused_with_its_reason(nina, password, code):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, nina)
    assert code in {each.code for each in refused.value.error_list}


def test_a_password_may_be_pasted_and_browsers_may_keep_it(client):
    page = client.get("/login/").content.decode()
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page


def test_djangos_own_commands_of_people_leave_an_entry(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "seven green barrels")
    call_command("createsuperuser", username="root", email="root@example.com", interactive=False)
    root = User.objects.get(username="root")
    made = AuditEntry.objects.get(deed="person registered")
    assert made.subject == f"person {root.pk}"
    assert made.detail["changed"] == {"username": [None, "root"], "is_superuser": [None, True]}
    signed_in(root)
    monkeypatch.setattr(changepassword.Command, "_get_pass", lambda *_: "eight green barrels")
    call_command("changepassword", "root")
    root.refresh_from_db()
    assert root.check_password("eight green barrels")
    told = AuditEntry.objects.get(deed="password set")
    assert (told.subject, told.came_by) == (made.subject, made.came_by) == (f"person {root.pk}", "command")
    assert told.came_from.startswith("changepassword as ")
    assert not PersonSession.objects.exists()
    root.save()
    assert AuditEntry.objects.filter(subject=made.subject).count() == 2
