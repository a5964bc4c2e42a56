"""One letter over the line to the mail server: taken, refused by itself, or the line is gone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from smtplib import SMTPConnectError, SMTPException, SMTPServerDisconnected
from typing import Any

from django.core.mail import EmailMessage

from ledger.isolating import by_itself

log = logging.getLogger(__name__)


def is_taken(line: Any, letter: Callable[[], EmailMessage], *, what: str) -> bool:
    """Whether the server took the letter. An OSError is the connection's fault and goes on to the caller; all others
    are the letter's, are logged as those of `what`, and hold up no other."""
    with by_itself(f"The letter of {what}", through=(OSError,)):
        try:
            line.send_messages([letter()])
        except (SMTPServerDisconnected, SMTPConnectError):
            raise
        except SMTPException as fault:  # an OSError too, but an answer to this letter alone
            log.warning("The letter of %s was not sent (%s); it is tried again.", what, type(fault).__name__)
            return False
        return True
    return False
