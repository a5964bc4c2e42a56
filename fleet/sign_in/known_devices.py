"""Browsers from which an account was entered before: a signed cookie, so that strangers' tries do not hold them up.

The cookie opens nothing. Who steals it may guess as often as its owner may mistype.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

COOKIE = "known_device"
SALT = "fleet.sign_in.known_devices"
KEPT_SECONDS = 180 * 24 * 3600
PEOPLE_A_BROWSER = 5


def device_known_for(request: HttpRequest, account: str) -> str:
    """The browser's own mark where the account was entered from it before; empty where it was not."""
    mine = _mark(account)
    for mark, device in _kept(request):
        if constant_time_compare(mark, mine):
            return device
    return ""


def remember_device(request: HttpRequest, response: HttpResponseBase, account: str) -> None:
    """The browser is known for the account from now on, beside the last few people who enter from it."""
    mine = _mark(account)
    kept = [[mark, device] for mark, device in _kept(request) if mark != mine]
    known = device_known_for(request, account) or secrets.token_hex(8)
    said = signing.dumps([[mine, known], *kept][:PEOPLE_A_BROWSER], salt=SALT)
    response.set_cookie(
        COOKIE, said, max_age=KEPT_SECONDS, httponly=True, samesite="Strict", secure=request.is_secure()
    )


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """What the cookie holds; nothing of one that we did not sign, or that is too old."""
    try:
        said: Any = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return []
    return [(str(mark), str(device)) for mark, device in said]


def _mark(account: str) -> str:
    """An account without its name, so that the cookie tells nobody who works here."""
    return salted_hmac(SALT, account, algorithm="sha256").hexdigest()[:24]
