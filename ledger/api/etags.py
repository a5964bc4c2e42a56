"""Changes that are not lost: an object's ETag, asked for by who changes it, and nothing sent twice to who has it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.response import Response

from ledger.api.problems import Refused

ANY = "*"
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `ETag` that you read: 412 if the object has changed since, 428 without. `*`: whatever it is.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="An `ETag` that you have: 304 if it still holds.",
)
NOT_MODIFIED = {304: OpenApiResponse(description="It is as you have it.")}


def etag_of(told: Mapping[str, Any]) -> str:
    """The strong ETag of an object, from all that is told of it: another one as soon as anything differs."""
    digest = hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode())
    return f'"{digest.hexdigest()[:32]}"'


def told_with_etag(
    request: Any, told: Mapping[str, Any], shown: Mapping[str, Any] | None = None, **how: Any
) -> Response:
    """The answer with its ETag; 304 where a reader has it. `shown` is the part that was asked for."""
    etag = etag_of(told)
    headers = {**how.pop("headers", {}), "ETag": etag, "Cache-Control": "private, no-cache"}
    if request.method in ("GET", "HEAD") and _has(request.headers.get("If-None-Match", ""), etag):
        return Response(status=304, headers=headers)
    return Response(told if shown is None else shown, headers=headers, **how)


def refuse_unless_matching(request: Any, told: Mapping[str, Any]) -> None:
    """Raises Refused where the change was not decided on the object as it is: 412 (RFC 9110), 428 without If-Match
    (RFC 6585).
    """
    said = request.headers.get("If-Match")
    if said is None:
        sentence = "Send If-Match with the ETag that you read, or If-Match: * for whatever stands there now."
        raise Refused(sentence, code="if_match_missing", status=428)
    tags = parse_etags(said)
    if ANY not in tags and etag_of(told) not in tags:
        sentence = "The object has changed since you read it; read it again. Nothing was written."
        raise Refused(sentence, code="etag_stale", status=412)


def _has(said: str, etag: str) -> bool:
    """Whether a reader's tags name this one; for reading a weak tag does."""
    tags = {tag.removeprefix("W/") for tag in parse_etags(said)}
    return ANY in tags or etag in tags
