"""The letter with the link to a new password, and what its link says of whom it is for."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, Signer

from fleet.models import User

SALT = "fleet.sign_in.letters"
LETTER = """Somebody asked for a new password of {name} at Rig ledger.

Choose one here, within {minutes} minutes:

{address}

If it was not you, do nothing: your password stays as it is.
"""


def person_asked_for(text: str) -> int:
    """The number of the one open account with the name or mail address; 0 where there is none, or several."""
    named = User.objects.filter(is_active=True)
    found = list(named.filter(username=text.strip()).values_list("pk", flat=True)[:1])
    mailed = list(named.filter(email__iexact=text.strip()).values_list("pk", flat=True)[:2])
    numbers = found or (mailed if text.strip() and len(mailed) == 1 else [])
    return int(numbers[0]) if numbers else 0


def send_password_letter(person_id: int, *, page: str) -> bool:
    """Mail the link to the account's own address. Returns whether a letter went out."""
    person = User.objects.filter(pk=person_id, is_active=True).exclude(email="").first()
    if person is None or settings.EMAIL is None or not person.has_usable_password():
        return False
    text = LETTER.format(
        name=person.get_username(),
        minutes=settings.PASSWORD_RESET_TIMEOUT // 60,
        address=f"{page}?key={key_for(person)}",
    )
    return bool(EmailMessage("A new password for Rig ledger", text, to=[person.email]).send())


def key_for(person: User) -> str:
    """What the link carries; good until the password is changed, or somebody signs in."""
    return Signer(salt=SALT).sign(f"{person.pk}.{default_token_generator.make_token(person)}")


def person_of_key(key: str) -> User | None:
    """For whom a link is; None where it is no longer good."""
    try:
        number, _, token = Signer(salt=SALT).unsign(key).partition(".")
    except BadSignature:
        return None
    person = User.objects.filter(pk=int(number), is_active=True).first()
    return person if person and default_token_generator.check_token(person, token) else None
