"""What a person shows beside a password, who has to, and how it is added, used and taken away; all on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from fleet.models import CodeApp, Passkey, PersonSession
from fleet.models.operator import OperatorRole
from fleet.models.signing_in import subject_of
from fleet.sign_in import digits, recovery
from fleet.sign_in.passkeys import NewPasskey
from fleet.sign_in.sealing import opened, sealed
from fleet.sign_in.sessions import end_sessions
from ledger.models import record

# Whom MFA_REQUIRED may name.
PLATFORM, MANAGERS, EVERYBODY = "platform", "managers", "everybody"
REQUIRED_OF = (PLATFORM, MANAGERS, EVERYBODY)
MOST_PASSKEYS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What a person has beside the password."""

    code_app: CodeApp | None
    passkeys: tuple[Passkey, ...]
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether a password alone lets nobody in. Codes on paper stand in for another step, and are none alone."""
        return self.code_app is not None or bool(self.passkeys)


def steps_of(person: Any) -> Steps:
    """What a person has beside the password."""
    return Steps(
        code_app=CodeApp.objects.filter(person=person).first(),
        passkeys=tuple(person.passkeys.order_by("added_at", "pk")),
        codes_left=person.recovery_codes.count(),
    )


def is_required_of(person: Any) -> bool:
    """Whether the person has to show a second step: by the own switch, or by a role that MFA_REQUIRED names."""
    named = set(settings.MFA_REQUIRED)
    if person.second_step_required or EVERYBODY in named:
        return True
    if PLATFORM in named and person.is_platform_staff:
        return True
    return MANAGERS in named and person.memberships.filter(role=OperatorRole.MANAGER).exists()


def add_code_app(person: Any, *, secret: str, code: str, now: datetime, here: str = "") -> list[str]:
    """Add an app that has shown that it has the secret; returns recovery codes where the person has none yet.

    `here` is the key of the session in which it is done: all others end. Raises ValidationError for wrong digits.
    """
    step = digits.step_of(secret, code, now=now)
    if step is None:
        raise ValidationError(
            "These are not the digits that the app shows now. Is the clock of the telephone right?",
            code="digits_wrong",
        )
    with transaction.atomic():
        said = {"sealed_secret": sealed(secret), "last_step": step, "added_at": now}
        CodeApp.objects.update_or_create(person=person, defaults=said)
        return _added(person, "code app added", here)


def add_passkey(person: Any, *, new: NewPasskey, name: str, now: datetime, here: str = "") -> list[str]:
    """Add a passkey; returns recovery codes where the person has none yet. Raises ValidationError for one too many,
    and for one that is on record."""
    if person.passkeys.count() >= MOST_PASSKEYS:
        raise ValidationError(
            f"A person has at most {MOST_PASSKEYS} passkeys; remove one first.", code="too_many"
        )
    if Passkey.objects.filter(credential_id=new.credential_id).exists():
        raise ValidationError("This passkey is on record already.", code="passkey_known")
    with transaction.atomic():
        Passkey.objects.create(
            person=person,
            name=name.strip()[:60] or "Passkey",
            credential_id=new.credential_id,
            credential=new.credential,
            uses=new.uses,
            added_at=now,
        )
        return _added(person, "passkey added", here, name=name.strip()[:60])


def remove_code_app(person: Any, *, by: Any, why: str = "") -> None:
    """Take the app away; with the last step go the codes on paper."""
    with transaction.atomic():
        if CodeApp.objects.filter(person=person).delete()[0]:
            _removed(person, "code app removed", by, why=why)


def remove_passkey(person: Any, *, passkey: Passkey, by: Any, why: str = "") -> None:
    """Take a passkey away; with the last step go the codes on paper."""
    with transaction.atomic():
        if person.passkeys.filter(pk=passkey.pk).delete()[0]:
            _removed(person, "passkey removed", by, name=passkey.name, why=why)


def forget_second_steps(person: Any, *, by: Any, why: str = "") -> int:
    """Take all second steps away, for somebody who has lost them, and end the person's sessions. Returns how many."""
    steps = steps_of(person)
    said: dict[str, Any] = {"by": by, "why": why or "lost"}
    with transaction.atomic():
        for passkey in steps.passkeys:
            remove_passkey(person, passkey=passkey, **said)
        remove_code_app(person, **said)
        sessions = PersonSession.objects.filter(person=person).select_related("person")
        end_sessions(sessions, by=by, why="second steps taken away")
    return len(steps.passkeys) + bool(steps.code_app)


def make_recovery_codes(person: Any) -> list[str]:
    """Ten fresh codes in place of those before. Raises ValidationError for somebody without a second step."""
    if not steps_of(person).any:
        raise ValidationError(
            "Add a passkey or a code app first; the codes stand in for it.", code="no_second_step"
        )
    with transaction.atomic():
        record(deed="recovery codes made", subject=subject_of(person), by=person)
        return recovery.new_codes(person)


def is_right_code(person: Any, text: str, *, now: datetime) -> str:
    """By what the text lets the person in: "code app", "recovery code", or "" where it does not. Good once."""
    code = "".join(text.split())
    if code.isascii() and code.isdigit() and len(code) == digits.DIGITS:
        return "code app" if _is_fresh(person, code, now) else ""
    return "recovery code" if recovery.is_spent(person, text) else ""


def _is_fresh(person: Any, code: str, now: datetime) -> bool:
    """Whether the app shows the digits and nobody has used them: a conditional update, so of two one comes first.

    The secret is sealed anew by it, so that a former key of the product is needed no longer.
    """
    app = CodeApp.objects.filter(person=person).first()
    secret = opened(app.sealed_secret) if app else None
    step = digits.step_of(secret, code, now=now) if secret else None
    if secret is None or step is None:
        return False
    unused = CodeApp.objects.filter(person=person, last_step__lt=step)
    return bool(unused.update(last_step=step, sealed_secret=sealed(secret)))


def _added(person: Any, deed: str, here: str, **told: Any) -> list[str]:
    """Whoever signed in with less before does so again: all other sessions end."""
    record(deed=deed, subject=subject_of(person), by=person, **told)
    others = PersonSession.objects.filter(person=person).exclude(session_key=here).select_related("person")
    end_sessions(others, by=person, why=deed)
    if person.recovery_codes.exists():
        return []
    return recovery.new_codes(person)


def _removed(person: Any, deed: str, by: Any, **told: Any) -> None:
    record(deed=deed, subject=subject_of(person), by=by, **told)
    if not steps_of(person).any:
        person.recovery_codes.all().delete()
