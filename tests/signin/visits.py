"""Browsers at the door: each with an address, what it sends, and what it is told."""

from __future__ import annotations

import html
import re
from typing import Any

from django.test import Client

from fleet.sign_in import digits
from fleet.sign_in.sealing import opened
from fleet.sign_in.throttle import CROWD, HERE, Attempt, counted
from tests.console.visitors import PASSWORD
from tests.database import NOW

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
HOME, OFFICE, STRANGER = "198.51.100.7", "203.0.113.20", "192.0.2.66"


def a_browser(address: str = HOME) -> Client:
    """A browser that has been nowhere yet."""
    return Client(REMOTE_ADDR=address, HTTP_USER_AGENT=FIREFOX)


def tried(browser: Client, username: str = "ann", password: str = PASSWORD, **said: str) -> Any:
    """The answer to a name and a password."""
    return browser.post("/login/", {"username": username, "password": password, "next": "/", **said})


def guesses(browser: Client, times: int, username: str = "ann") -> list[int]:
    """The statuses of wrong passwords."""
    return [tried(browser, username, f"wrong guess {number}").status_code for number in range(times)]


def a_crowd(kind: str, account: str = "ann") -> None:
    """Twenty strange networks have failed at an account five times each."""
    for number in range(CROWD.tries):
        attempt = Attempt(kind=kind, account=account, network=f"192.0.2.{number // HERE.tries}/32")
        assert not counted(attempt, now=NOW).wait


def is_in(browser: Client) -> bool:
    """Whether the front page is shown."""
    return browser.get("/me/").status_code == 200


def sentence_of(answer: Any) -> str:
    """What the page complains of."""
    found = re.search(r'role="alert">(.*?)</p>', answer.content.decode(), re.DOTALL)
    return html.unescape(found[1].strip()) if found else ""


def with_code_app(browser: Client, moment: Any = NOW) -> tuple[str, list[str]]:
    """The secret of an app that the person has added, and the recovery codes that came with it."""
    browser.get("/me/code-app/")
    secret = opened(browser.session["new_code_app"]) or ""
    step = int(moment.timestamp()) // digits.STEP_SECONDS
    answer = browser.post("/me/code-app/", {"code": digits.code_of(secret, step)})
    codes = re.findall(r'<li class="code">([a-z2-7-]{19})</li>', answer.content.decode())
    return secret, codes


def code_at(secret: str, moment: Any) -> str:
    """The digits of a moment."""
    return digits.code_of(secret, int(moment.timestamp()) // digits.STEP_SECONDS)
