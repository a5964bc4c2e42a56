"""Whether the product can serve: for those who watch it, without a sign-in and without a secret."""

from __future__ import annotations

from dataclasses import asdict

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse

from config.watching.readiness import ask_database, parts


def health(_: HttpRequest) -> JsonResponse:
    """200 and "ok" when the database answers, else 503 and what does not."""
    try:
        ask_database()
    except DatabaseError:
        return JsonResponse({"status": "the database does not answer"}, status=503)
    return JsonResponse({"status": "ok"})


def live(_: HttpRequest) -> JsonResponse:
    """200 as long as this process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


def ready(_: HttpRequest) -> JsonResponse:
    """200 when database, migrations, queue and disk do, else 503; each part with its sentence."""
    told = parts()
    is_ready = all(part.is_ready for part in told)
    body = {"status": "ok" if is_ready else "not ready", "parts": [asdict(part) for part in told]}
    return JsonResponse(body, status=200 if is_ready else 503)
