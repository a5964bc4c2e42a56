"""The addresses under /api/v1/: those of every room, the schema and its pages, what problems mean."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, include, path
from django.utils.cache import patch_vary_headers
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition
from drf_spectacular.views import SpectacularSwaggerSplitView

from fleet.api import urls as fleet
from ledger.api.problems import ADDRESS, KINDS, Kind, is_for_programs, problem
from risk.api import urls as risk
from vendors.api import urls as vendors

app_name = "api"
SCHEMA = Path(__file__).with_name("openapi.json")
OPENAPI_JSON = "application/vnd.oai.openapi+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedSchema:
    """The schema as `script/openapi` wrote it: to work it out takes a second, to send it a millisecond."""

    plain: bytes
    packed: bytes
    etag: str


@cache
def prepared_schema() -> PreparedSchema:
    """Read once a process."""
    plain = SCHEMA.read_bytes()
    etag = f'"{hashlib.sha256(plain).hexdigest()[:32]}"'
    return PreparedSchema(plain=plain, packed=gzip.compress(plain, mtime=0), etag=etag)


@csrf_exempt
@condition(etag_func=lambda request: prepared_schema().etag)
def schema(request: HttpRequest) -> HttpResponse:
    """What the API is, for programs; open to all."""
    if request.method not in ("GET", "HEAD"):
        sentence = f"This address does not take {request.method}; it takes GET, HEAD."
        headers = {"Allow": "GET, HEAD"}
        return problem(status=405, code="method_not_allowed", detail=sentence, headers=headers)
    is_packed = "gzip" in request.headers.get("Accept-Encoding", "")
    told = prepared_schema().packed if is_packed else prepared_schema().plain
    answer = HttpResponse(told, content_type=OPENAPI_JSON, headers={"Cache-Control": "no-cache"})
    if is_packed:
        answer["Content-Encoding"] = "gzip"
    patch_vary_headers(answer, ["Accept-Encoding"])
    return answer


def problem_kinds(request: HttpRequest, name: str | None = None) -> HttpResponse:
    """What a problem's `type` means and what to do about it; without a name, all of them."""
    told = [_told(kind) for kind in KINDS.values() if name in (None, kind.name)]
    if not told:
        raise Http404("There is no such kind of problem.")
    return JsonResponse(told[0] if name else {"results": told})


@csrf_exempt
def no_such_address(request: HttpRequest) -> HttpResponse:
    """404 for programs, with the slash that may be missing."""
    hint = "" if request.path.endswith("/") else f" Addresses end with a slash: try {request.path}/."
    return problem(status=404, code="address_unknown", detail=f"There is nothing at this address.{hint}")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, as the asker expects it."""
    if is_for_programs(request):
        return problem(status=400, code="malformed", detail="The request cannot be read.")
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, as the asker expects it."""
    if is_for_programs(request):
        return problem(status=404, code="not_found", detail="There is nothing at this address.")
    return defaults.page_not_found(request, exception)


def fault(request: HttpRequest) -> HttpResponse:
    """500, as the asker expects it; the fault itself is in the log alone."""
    if is_for_programs(request):
        sentence = "The product failed; nothing was written. A retry with the same Idempotency-Key is safe."
        return problem(status=500, code="fault", detail=sentence)
    return defaults.server_error(request)


def _told(kind: Kind) -> dict[str, Any]:
    return {
        "type": ADDRESS.format(kind.name),
        "title": kind.title,
        "status": kind.status,
        "advice": kind.advice,
    }


# Swagger UI comes from our own static files, and nothing of it is inline.
own_files_only = cast(Callable[[Any], Any], csp_replace({"script-src": ["'self'"], "style-src": ["'self'"]}))
docs = SpectacularSwaggerSplitView.as_view(url_name="api:schema", template_name="api/docs.html")

urlpatterns: list[URLPattern | Any] = [
    path("schema/", schema, name="schema"),
    path("docs/", own_files_only(docs), name="docs"),
    path("problems/", problem_kinds, name="problems"),
    path("problems/<slug:name>/", problem_kinds, name="problem"),
    path("", include(fleet)),
    path("", include(risk)),
    path("", include(vendors)),
]
