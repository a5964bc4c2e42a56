"""How the product does, as Prometheus reads it; for those alone who may see it."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, Metric, generate_latest

from config.watching.figures import Moment, all_figures
from ledger.measuring import all_measured
from ledger.proxies import address_read
from ledger.row_security.acting import acting_for_all


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures counted now, and times measured since the beginning. 404 for whoever may not see it."""
    if not (_has_token(request) or _is_near(request)):
        raise Http404
    at = Moment(now=timezone.now(), today=timezone.localdate())
    return HttpResponse(generate_latest(_Figures(at)), content_type=CONTENT_TYPE_LATEST)


class _Figures:
    """All of them, for the writer of the text."""

    def __init__(self, at: Moment) -> None:
        self._at = at

    def collect(self) -> Iterator[Metric]:
        """Those counted, then those measured."""
        with acting_for_all():
            yield from list(all_figures(self._at))
        yield from all_measured()


def _has_token(request: HttpRequest) -> bool:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.METRICS_TOKEN
    return bool(wanted) and kind.lower() == "bearer" and constant_time_compare(token.strip(), wanted)


def _is_near(request: HttpRequest) -> bool:
    address = address_read(request.META.get("REMOTE_ADDR", ""))
    return address is not None and any(address in network for network in settings.METRICS_NETWORKS)
