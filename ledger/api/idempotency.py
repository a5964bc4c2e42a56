"""One answer for one question, however often it is sent: the Idempotency-Key of every POST.

The first request with a key claims it, acts, and keeps its answer in the transaction of its deed. The same
request again gets that answer again for a day. A claim has a lease: a process that died in flight blocks a
key for two minutes, not for ever, and a process that comes to its end after its lease was taken over
undoes its deed, for it cannot keep its answer.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.utils import timezone

from ledger.api.problems import Refused
from ledger.api.rendering import AnswerRenderer
from ledger.models import IdempotencyKey
from ledger.stored_files import sha256_of

HEADER = "Idempotency-Key"
LIFE = timedelta(hours=24)
LEASE = timedelta(minutes=2)
TRIES = 3
WELL_FORMED = re.compile(r'"?([\x21\x23-\x7e]{1,255}?)"?')
KEPT_HEADERS = ("Content-Type", "Location")
PASSING = {409, 429}  # what another time may be answered otherwise is not kept


class ActsOnce:
    """A view whose POST is `act`, done once for an Idempotency-Key, in one transaction with its answer."""

    def act(self, *args: Any, **named: Any) -> HttpResponseBase:
        """The deed. Raises ValidationError or Refused where it is not done."""
        raise NotImplementedError

    def post(self, request: Any, **named: Any) -> HttpResponseBase:
        """Do the deed, or give the answer that was given before."""
        key = key_of(request)
        if key is None:
            with transaction.atomic():
                return self._acted(request, **named)
        owner, now = self.idempotency_owner(), timezone.now()
        claim = claimed(operator_id=owner, key=key, fingerprint=fingerprint_of(request), now=now)
        return replayed(claim) if claim.status else self._kept(claim, request, **named)

    def idempotency_owner(self) -> int:
        """The operator whose keys these are."""
        raise NotImplementedError

    def put_on_record(self, request: Any, response: Any) -> None:
        """Say in the audit who did what, in the deed's transaction."""

    def _acted(self, request: Any, **named: Any) -> HttpResponseBase:
        response = self.act(request, **named)
        self.put_on_record(request, response)
        return response

    def _kept(self, claim: IdempotencyKey, request: Any, **named: Any) -> HttpResponseBase:
        try:
            with transaction.atomic():
                response = self._acted(request, **named)
                keep(claim, response)
            return response
        except Exception as refusal:
            return self._refused(claim, refusal)

    def _refused(self, claim: IdempotencyKey, refusal: Exception) -> HttpResponseBase:
        """The refusal's problem, kept like any answer; a bug lets go of the key and crashes."""
        try:
            response: HttpResponseBase = self.handle_exception(refusal)  # type: ignore[attr-defined]
        except Exception:
            release(claim)
            raise
        if response.status_code in PASSING or response.status_code >= 500:
            release(claim)
        else:
            keep(claim, response)
        return response


def key_of(request: Any) -> str | None:
    """The request's key, quoted or bare; None without one. Raises Refused for one that is malformed."""
    said = request.headers.get(HEADER)
    if said is None:
        return None
    if not (found := WELL_FORMED.fullmatch(said)):
        sentence = f"An {HEADER} has 1 to 255 visible ASCII characters, like a UUID."
        raise Refused(sentence, code="idempotency_key_malformed", status=400)
    return found[1]


def fingerprint_of(request: Any) -> str:
    """The digest of what is asked: method, address, fields, and the content of files, whatever their names."""
    digest = hashlib.sha256()
    for part in (request.method, request.get_full_path(), *_body(request)):
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


def claimed(*, operator_id: int, key: str, fingerprint: str, now: datetime) -> IdempotencyKey:
    """The key, claimed for this request, or with the answer that was given before.

    Raises Refused: 422 for a key that was used for something else, 409 while its first request is in flight.
    """
    token = secrets.token_hex(16)
    for _ in range(TRIES):
        fresh = IdempotencyKey(
            operator_id=operator_id,
            key=key,
            fingerprint=fingerprint,
            claim=token,
            created_at=now,
            claimed_until=now + LEASE,
        )
        IdempotencyKey.objects.bulk_create([fresh], ignore_conflicts=True)
        known = IdempotencyKey.objects.filter(operator_id=operator_id, key=key).first()
        if known is None:
            continue
        if known.claim == token:
            return known
        if known.created_at + LIFE <= now:
            IdempotencyKey.objects.filter(pk=known.pk, claim=known.claim).delete()
            continue
        return _taken_over_or_known(known, fingerprint, token, now)
    raise _in_flight()


def _taken_over_or_known(
    known: IdempotencyKey, fingerprint: str, token: str, now: datetime
) -> IdempotencyKey:
    if known.fingerprint != fingerprint:
        sentence = f"This {HEADER} was used for another request; take a new one for a new request."
        raise Refused(sentence, code="idempotency_key_reused", status=422)
    if known.status:
        return known
    if known.claimed_until > now:
        raise _in_flight()
    stale = IdempotencyKey.objects.filter(pk=known.pk, claim=known.claim, status__isnull=True)
    if not stale.update(claim=token, claimed_until=now + LEASE):
        raise _in_flight()
    known.claim = token
    return known


def keep(claim: IdempotencyKey, response: Any) -> None:
    """Keep the answer. Raises Refused when somebody took the claim over; the caller's deed then rolls back."""
    data = getattr(response, "data", None)
    body = response.content if data is None else AnswerRenderer().render(data)
    headers = {name: response[name] for name in KEPT_HEADERS if response.has_header(name)}
    if data is not None:  # not rendered yet, so that the header is still the framework's default
        headers["Content-Type"] = AnswerRenderer.media_type
    mine = IdempotencyKey.objects.filter(pk=claim.pk, claim=claim.claim)
    if not mine.update(status=response.status_code, headers=headers, body=body.decode()):
        raise _in_flight()


def release(claim: IdempotencyKey) -> None:
    """Let go of a key whose request did nothing."""
    IdempotencyKey.objects.filter(pk=claim.pk, claim=claim.claim, status__isnull=True).delete()


def replayed(known: IdempotencyKey) -> HttpResponse:
    """The answer as it was given the first time, marked as given again."""
    headers = {"Content-Type": "application/json", **known.headers, "Idempotency-Replayed": "true"}
    return HttpResponse(known.body, status=known.status, headers=headers)


def _in_flight() -> Refused:
    sentence = f"The first request with this {HEADER} is still in flight; ask again in a moment."
    return Refused(sentence, code="idempotency_key_in_flight", status=409, wait=1)


def _body(request: Any) -> Iterator[str]:
    data = request.data
    if not isinstance(data, QueryDict):
        yield json.dumps(data, sort_keys=True)
        return
    for name in sorted(set(data) - set(request.FILES)):
        yield json.dumps([name, data.getlist(name)])
    for name in sorted(request.FILES):
        yield json.dumps([name, [sha256_of(file) for file in request.FILES.getlist(name)]])
