"""What tests of flows may ask for: a mailbox behind the product's mail server."""

from __future__ import annotations

import pytest

from tests.mail import mail_server


@pytest.fixture
def mailbox(settings):
    with mail_server() as box:
        settings.EMAIL, settings.EMAIL_USE_TLS = box, False
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        yield box
