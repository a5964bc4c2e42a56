"""cXML at an address that takes JSON too: what is read, and every answer and refusal as a cXML document."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from ledger.api.problems import Refused
from risk.cxml.reading import CxmlUnreadable, read_order
from risk.cxml.writing import refusal

TEXT_XML, APPLICATION_XML = "text/xml", "application/xml"
KINDS = (TEXT_XML, APPLICATION_XML)
LARGEST_DOCUMENT = 5 * 1024 * 1024


class CxmlParser(BaseParser):
    """`text/xml`: the kind of the document, its payloadID, and its order."""

    media_type = TEXT_XML

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        """Raises ParseError for a document that is none, Refused for one that is too large."""
        document = stream.read(LARGEST_DOCUMENT + 1)
        if len(document) > LARGEST_DOCUMENT:
            limit = LARGEST_DOCUMENT // 1024**2
            raise Refused(f"The document is over {limit} MB.", code="body_too_large", status=413)
        try:
            return read_order(document, charset=_charset(media_type))
        except CxmlUnreadable as wrong:
            raise ParseError(str(wrong), code=wrong.code) from None


class ApplicationXmlParser(CxmlParser):
    """The same under `application/xml`."""

    media_type = APPLICATION_XML


class SpeaksCxml:
    """A view that answers in the tongue in which it was asked."""

    request: Any

    @property
    def is_cxml(self) -> bool:
        """Whether the question came as cXML."""
        sent = self.request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
        return self.request.method == "POST" and sent in KINDS

    def handle_exception(self, exc: Exception) -> Any:
        """A refusal; to cXML a document with a Status of the same number as the HTTP status."""
        response = super().handle_exception(exc)  # type: ignore[misc]
        if not self.is_cxml:
            return response
        told = json.loads(response.content)
        at = timezone.now()
        document = refusal(response.status_code, told["code"], _sentence(told), at=at)
        headers = {
            name: response[name] for name in ("Retry-After", "WWW-Authenticate") if response.has_header(name)
        }
        return HttpResponse(document, status=response.status_code, content_type=TEXT_XML, headers=headers)


def _sentence(problem: dict[str, Any]) -> str:
    """What is wrong, with the place of each fault: items count from 1."""
    errors = [
        f"{_place(each['field'])}: {each['sentence']}" for each in problem["errors"] if each.get("field")
    ]
    return " ".join(errors[:20]) or str(problem["detail"])


def _place(field: str) -> str:
    parts = field.removeprefix("order.").split(".")
    if parts[0] == "lines" and len(parts) > 1 and parts[1].isdigit():
        return " ".join([f"Item {int(parts[1]) + 1}", *parts[2:]])
    return " ".join(parts)


def _charset(media_type: str | None) -> str | None:
    for part in (media_type or "").split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'").lower() or None
    return None
