"""The library that receivers use takes our signatures, under each secret in force and under no other."""

from __future__ import annotations

import base64
import time

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from risk.models import WebhookEvent
from risk.outward import new_salt, secret_of, signature_of, written_secret
from risk.outward.signing import check_of
from tests.house.tree import ROOT

KEY = "the product's own key"


def headers(body, *secrets, at=None, message_id="evt_1"):
    at = at or int(time.time())  # the library judges the age of a message by its own clock
    signature = signature_of(message_id=message_id, timestamp=at, body=body, secrets_in_force=secrets)
    return {"webhook-id": message_id, "webhook-timestamp": str(at), "webhook-signature": signature}


def test_a_signature_is_that_of_the_specification():
    # The example of the specification's own libraries.
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    told = {"message_id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "timestamp": 1614265330}
    signature = signature_of(**told, body=b'{"test": 2432232314}', secrets_in_force=[secret])
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_both_secrets_of_a_rotation_verify_and_another_does_not():
    old, new, other = (secret_of(new_salt(), key=KEY) for _ in range(3))
    body = b'{"type":"upload.applied"}'
    sent = headers(body, new, old)
    for secret in (old, new):
        assert Webhook(written_secret(secret)).verify(body, sent) == {"type": "upload.applied"}
    with pytest.raises(WebhookVerificationError):
        Webhook(written_secret(other)).verify(body, sent)
    with pytest.raises(WebhookVerificationError):
        Webhook(written_secret(new)).verify(body + b" ", sent)


def test_the_function_of_the_documentation_takes_what_the_library_takes():
    text = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
    told: dict = {}
    exec(text.partition("```python\n")[2].partition("```")[0], told)  # noqa: S102 - it is the code that we tell others to run
    old, new = (secret_of(new_salt(), key=KEY) for _ in range(2))
    body = b'{"type":"upload.applied"}'
    sent = headers(body, new, old)
    assert all(told["is_genuine"](written_secret(secret), sent, body) for secret in (old, new))
    assert not told["is_genuine"](written_secret(secret_of(new_salt(), key=KEY)), sent, body)
    assert not told["is_genuine"](written_secret(new), sent, body + b" ")
    assert not told["is_genuine"](written_secret(new), headers(body, new, at=int(time.time()) - 301), body)


def test_every_event_is_told_of_in_the_documentation():
    text = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
    assert all(f"`{event}`" in text for event in WebhookEvent.values)


def test_a_secret_follows_from_salt_and_key_and_is_known_again_by_its_check():
    salt = new_salt()
    secret = secret_of(salt, key=KEY)
    assert (len(secret), secret_of(salt, key=KEY)) == (32, secret)
    assert secret_of(salt, key="another") != secret
    assert check_of(secret) == check_of(secret_of(salt, key=KEY)) != check_of(secret_of(salt, key="another"))
