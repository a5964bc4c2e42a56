"""Asking as somebody else: every verb at an address, the answer read to its end, files opened, marks looked for."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import quote, quote_plus
from zipfile import BadZipFile, ZipFile

from django.apps import apps
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpRequest
from django.test import Client
from pypdf import PdfReader

VERBS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
READING = ("GET", "HEAD", "OPTIONS")
TOKEN = re.compile(r'<input type="hidden" name="csrfmiddlewaretoken"[^>]*>|csrftoken=\w+')
MADE_UP = re.compile(r"whsec_[\w/+=]+|rl_\w+|nonce-[\w+/=]+")  # secrets, new in every answer
NUMBERS = re.compile(r"\b[\w-]*\d[\w-]*\b")
ANY = b"%PDF-1.7 paper"
# Headers that follow from the rest: lengths of ids differ, and limits are counted down.
OF_ITSELF = {"Content-Length", "RateLimit", "RateLimit-Policy", "ETag"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, and everything that can be read in it, headers and opened files too."""

    status: int
    text: str
    kind: str

    def without(self, *words: Any) -> str:
        """Its text without the words that were asked for and without numbers, so that two answers can be compared."""
        text = self.text
        for word in sorted({str(each) for each in words if len(str(each)) > 2}, key=len, reverse=True):
            text = text.replace(word, "#").replace(quote(word), "#").replace(quote_plus(word), "#")
        return NUMBERS.sub("#", MADE_UP.sub("#", text))


@dataclass(slots=True)
class Walk:
    """What was tried, counted, and what was found wrong, a sentence each."""

    marks: re.Pattern[str]
    tried: Counter[str] = field(default_factory=Counter)
    addresses: set[str] = field(default_factory=set)
    leaks: list[str] = field(default_factory=list)

    def asked(self, client: Client, verb: str, address: str, **sent: Any) -> Answer:
        """The answer to a verb; a mark in it is a leak."""
        answer = ask(client, verb, address, **sent)
        self.tried["requests"] += 1
        self.tried[f"{verb} requests"] += 1
        self.tried["files opened"] += answer.kind in OPENED
        self.addresses.add(address.partition("?")[0])
        if answer.status >= 500:
            self.leaks.append(f"{verb} {address}: a fault, {answer.status}")
        self.looked_through(f"{verb} {address}", answer.text)
        return answer

    def looked_through(self, what: str, text: str) -> None:
        """Look for marks in a text."""
        self.tried["texts read"] += 1
        if found := self.marks.search(text):
            near = " ".join(text[max(0, found.start() - 60) : found.end() + 60].split())
            self.leaks.append(f"{what} tells: {near}")

    def compared(self, what: str, one: str, other: str) -> None:
        """Two answers that nobody may tell apart."""
        self.tried["answers compared"] += 1
        if one != other:
            shorter = min(len(one), len(other))
            at = next((n for n in range(shorter) if one[n] != other[n]), shorter)
            self.leaks.append(
                f"{what}: told apart: {one[max(0, at - 40) : at + 60]!r} from {other[max(0, at - 40) : at + 60]!r}"
            )


def ask(client: Client, verb: str, address: str, **sent: Any) -> Answer:
    """The answer to a verb at an address, read to its end."""
    response = getattr(client, verb.lower())(address, **sent)
    content = response.getvalue()
    for close in response._resource_closers:  # files; closing the answer would close the database too
        close()
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    lines = [f"{name}: {value}" for name, value in response.headers.items() if name not in OF_ITSELF]
    lines += [told for cookie in response.cookies.values() for told in _said_by(cookie)]
    client.cookies.pop(
        "messages", None
    )  # read by now; the next page is told apart by nothing that was said before
    return Answer(response.status_code, TOKEN.sub("", "\n".join([*lines, read(content, kind)])), kind)


def _said_by(cookie: Any) -> Iterator[str]:
    """What a cookie says: a message that the next page will show, or nothing that could be read."""
    if cookie.key == "messages" and cookie.value:
        yield from (f"message: {each}" for each in CookieStorage(HttpRequest())._decode(cookie.value) or ())


def read(content: bytes, kind: str) -> str:
    """All that can be read in a body: of a workbook every part, of a PDF every page."""
    opener = OPENED.get(kind)
    try:
        return opener(content) if opener else content.decode(errors="replace")
    except (BadZipFile, ValueError, OSError):
        return content.decode(errors="replace")


def _parts_of_workbook(content: bytes) -> str:
    with ZipFile(BytesIO(content)) as parts:
        return "\n".join(parts.read(name).decode(errors="replace") for name in parts.namelist())


def _pages_of_pdf(content: bytes) -> str:
    if content == ANY:
        return content.decode()
    reader = PdfReader(BytesIO(content))
    return "\n".join([str(reader.metadata), *(page.extract_text() for page in reader.pages)])


OPENED = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _parts_of_workbook,
    "application/pdf": _pages_of_pdf,
    "text/csv": lambda content: content.decode("utf-8-sig", errors="replace"),
}


class _Undo(Exception):
    pass


@contextmanager
def undone() -> Iterator[None]:
    """What the block writes is taken back."""
    try:
        with transaction.atomic():
            yield
            raise _Undo
    except _Undo:
        pass


def rows_of(operator: Any) -> dict[str, list[Any]]:
    """Everything on record of an operator, by table: whoever compares it sees what was written."""
    told: dict[str, list[Any]] = {}
    for model in apps.get_models():
        names = {each.name for each in model._meta.concrete_fields}
        if "operator" in names or "operator_id" in names:
            rows = model._default_manager.filter(operator_id=operator.pk).order_by("pk")
            told[model._meta.label] = list(rows.values_list())
    return told


# ------------------------------------------------------------------------------------------------- forms of the pages

FIELD = re.compile(r"<(?:input|select|textarea|button)\b[^>]*\bname=\"([^\"]+)\"[^>]*>")
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
ATTRIBUTE = re.compile(r'(?<![:\w-])(method|action|type|value|name)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Form:
    """A form on a page: how and where it is sent, and the names of its fields with what stands in them."""

    verb: str
    action: str
    fields: dict[str, str]


def forms_on(page: str, address: str) -> Iterator[Form]:
    """The forms of a page."""
    for attributes, inside in FORM.findall(page):
        told = dict(ATTRIBUTE.findall(attributes))
        fields = {found[1]: _value(found[0]) for found in FIELD.finditer(inside)}
        fields.pop("csrfmiddlewaretoken", None)
        yield Form(told.get("method", "get").upper(), told.get("action") or address, fields)


def _value(tag: str) -> str:
    return dict(ATTRIBUTE.findall(tag)).get("value", "")


def body(verb: str, fields: dict[str, Any] | None = None, *, is_json: bool = False) -> dict[str, Any]:
    """What is sent with a verb."""
    if verb in READING:
        return {}
    if is_json or verb != "POST":
        return {"data": json.dumps(fields or {}), "content_type": "application/json"}
    return {"data": {name: _sent(value) for name, value in (fields or {}).items()}}


def _sent(value: Any) -> Any:
    return SimpleUploadedFile("paper.pdf", ANY) if value is ANY else value


def counted(walks: Iterable[Walk]) -> Counter[str]:
    """All that was tried."""
    return sum((walk.tried for walk in walks), Counter())
