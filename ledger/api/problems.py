"""Refusals as RFC 9457 problem details: one shape for whatever the API does not do.

`type` is an address that tells what the status means and what to do; `code` names the very reason and is
stable; `detail` is the sentence for people; `errors` lists what is wrong with fields or rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework import exceptions

PROBLEM_JSON = "application/problem+json"
ADDRESS = "/api/v1/problems/{}/"
Errors = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a status means here, and what a program should do about it."""

    status: int
    name: str
    title: str
    advice: str


KINDS = {
    kind.status: kind
    for kind in (
        Kind(400, "bad-request", "The request is malformed", "Mend what `errors` names; a retry is no use."),
        Kind(401, "unauthenticated", "No valid key", "Send `Authorization: Bearer KEY` with a key in force."),
        Kind(403, "forbidden", "Not allowed", "Ask the operator's manager for a key with the named scope."),
        Kind(404, "not-found", "Not found", "Check the id; another operator's object does not exist here."),
        Kind(405, "method-not-allowed", "Wrong method", "Use a method that the `Allow` header names."),
        Kind(409, "conflict", "Not now", "Look at the object's state; a retry later may be right."),
        Kind(
            411, "length-missing", "How long?", "Send the body at once, with `Content-Length`, not in chunks."
        ),
        Kind(412, "stale", "Changed meanwhile", "Read the object again, then decide anew what to change."),
        Kind(413, "too-large", "Too large", "Send less at once."),
        Kind(415, "unsupported-media-type", "Wrong content type", "Send the type that the schema names."),
        Kind(422, "refused", "Refused", "Nothing was written; `detail` says what would be right."),
        Kind(428, "unconditional", "Say what you saw", "Send `If-Match` with the `ETag` that you read."),
        Kind(429, "too-many-requests", "Too many requests", "Wait as long as `Retry-After` says."),
        Kind(500, "fault", "A fault of the product", "Retry with the same Idempotency-Key, or tell support."),
    )
}


class Refused(exceptions.APIException):
    """A refusal with its status, code and sentence; `errors` as problem details list them."""

    def __init__(
        self, sentence: str, *, code: str, status: int, errors: Errors | None = None, wait: int | None = None
    ) -> None:
        super().__init__(sentence, code)
        self.status_code, self.errors, self.wait = status, errors or [], wait


def problem(
    *, status: int, code: str, detail: str, errors: Errors | None = None, headers: Mapping[str, str] = {}
) -> HttpResponse:
    """A problem details answer."""
    kind = KINDS.get(status) or KINDS[500 if status >= 500 else 400]
    told: dict[str, Any] = {"type": ADDRESS.format(kind.name), "title": kind.title, "status": status}
    told |= {"code": code, "detail": detail, "errors": errors or []}
    return JsonResponse(told, status=status, content_type=PROBLEM_JSON, headers=headers)


def answer_exception(exception: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """The problem that an exception is; None for a bug, which is left to crash.

    A service's refusal has the status that the view's `statuses` gives its code, else 422.
    """
    match exception:
        case ValidationError():
            return _of_service(exception, getattr(context.get("view"), "statuses", {}))
        case exceptions.ValidationError():
            return _of_fields(exception)
        case exceptions.APIException():
            return _of_framework(exception, context)
    return _of_django(exception)


def _of_django(exception: Exception) -> HttpResponse | None:
    match exception:
        case Http404():
            return problem(status=404, code="not_found", detail=_first(exception, "There is no such object."))
        case PermissionDenied():
            return problem(status=403, code="forbidden", detail=_first(exception, "This is not allowed."))
        case RequestDataTooBig():
            return problem(status=413, code="body_too_large", detail="The body is too large.")
        case SuspiciousOperation():
            return problem(status=400, code="malformed", detail="The request cannot be read.")
    return None


def _of_fields(refusal: exceptions.ValidationError) -> HttpResponse:
    errors = list(_fields(refusal.get_full_details()))
    detail = " ".join(each["sentence"] for each in errors[:3])
    code = errors[0]["code"] if len(errors) == 1 and not errors[0]["field"] else "invalid"
    return problem(status=400, code=code, detail=detail, errors=errors)


def _of_service(refusal: ValidationError, statuses: Mapping[str, int]) -> HttpResponse:
    code = getattr(refusal, "code", None) or "refused"
    return problem(status=statuses.get(code, 422), code=code, detail=" ".join(refusal.messages))


def _of_framework(exception: exceptions.APIException, context: Mapping[str, Any]) -> HttpResponse:
    headers = {}
    if header := getattr(exception, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if (wait := getattr(exception, "wait", None)) is not None:
        headers["Retry-After"] = str(max(1, math.ceil(wait)))
    codes = exception.get_codes()
    return problem(
        status=exception.status_code,
        code=codes if isinstance(codes, str) else "malformed",
        detail=_what_is_taken(exception, context.get("view")) or str(exception.detail),
        errors=getattr(exception, "errors", None),
        headers=headers,
    )


def _what_is_taken(exception: exceptions.APIException, view: Any) -> str | None:
    """What would be right, where a method or a content type is wrong."""
    match exception:
        case exceptions.MethodNotAllowed():
            return f"This address does not take {view.request.method}; it takes {', '.join(view.allowed_methods)}."
        case exceptions.UnsupportedMediaType():
            taken = " or ".join(parser.media_type for parser in view.parser_classes)
            return f"This address does not take this content type; send {taken}."
    return None


def _fields(details: Any, field: str = "") -> Iterator[dict[str, Any]]:
    """What is wrong with which field, from DRF's nested details."""
    if isinstance(details, list):
        for each in details:
            yield from _fields(each, field)
    elif set(details) == {"message", "code"}:
        yield {"field": field, "code": str(details["code"]), "sentence": str(details["message"])}
    else:
        for name, each in details.items():
            inner = "" if name == "non_field_errors" else str(name)
            yield from _fields(each, ".".join(filter(None, (field, inner))))


def _first(exception: Exception, default: str) -> str:
    said = exception.args[0] if exception.args else ""
    return said if isinstance(said, str) and said else default


def is_for_programs(request: HttpRequest) -> bool:
    """Whether whoever asks expects problem details, not a page."""
    return request.path.startswith("/api/")
