"""A visitor behind proxies is told by those that we trust, and by nobody else."""

from __future__ import annotations

import ipaddress

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from config import environment
from ledger.proxies import TrustedProxies
from tests.api.programs import Program, a_key
from tests.console.visitors import an_operator

ME = "/api/v1/operators/me/"
PROXY, OUTER_PROXY, VISITOR = "10.0.0.2", "10.0.7.7", "192.0.2.7"


@pytest.fixture(autouse=True)
def proxies(settings):
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("10.0.0.0/16")]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def seen(sender: str, told: str, **headers: str) -> tuple[str, bool]:
    """The address that a page sees, and whether it takes the request to have come over TLS."""
    request = RequestFactory().get("/", REMOTE_ADDR=sender, HTTP_X_FORWARDED_FOR=told, **headers)
    answered: list[tuple[str, bool]] = []
    TrustedProxies(lambda it: answered.append((it.META["REMOTE_ADDR"], it.is_secure())))(request)  # type: ignore[arg-type, func-returns-value]
    return answered[0]


@pytest.mark.parametrize(
    ("told", "visitor"),
    [
        (VISITOR, VISITOR),
        (f"{VISITOR}, {OUTER_PROXY}", VISITOR),
        (f"203.0.113.1, {VISITOR}", VISITOR),
        (f"::ffff:{VISITOR},{OUTER_PROXY}", VISITOR),
        ("2001:db8::9", "2001:db8::9"),
        (OUTER_PROXY, PROXY),
        ("", PROXY),
        (f"{VISITOR}, not an address", PROXY),
    ],
)
def test_the_last_address_that_is_no_proxy_of_ours_is_the_visitor(told, visitor):
    assert seen(PROXY, told)[0] == visitor


def test_a_stranger_who_claims_to_be_a_proxy_is_not_believed():
    assert seen("198.51.100.1", VISITOR, HTTP_X_FORWARDED_PROTO="https") == ("198.51.100.1", False)
    assert seen(PROXY, VISITOR, HTTP_X_FORWARDED_PROTO="https") == (VISITOR, True)


@pytest.mark.django_db
def test_a_key_that_is_bound_to_addresses_looks_at_the_visitor_and_not_at_the_proxy(shipped):
    key = a_key(an_operator(), ip_ranges=["192.0.2.0/24"])
    assert Program(key, REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=VISITOR).get(ME).status_code == 200
    assert Program(key, REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR="198.51.100.1").get(ME).status_code == 403
    assert Program(key, REMOTE_ADDR="198.51.100.1", HTTP_X_FORWARDED_FOR=VISITOR).get(ME).status_code == 403


def test_proxies_are_read_as_addresses_and_ranges(monkeypatch):
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8::7")
    assert environment.read("TRUSTED_PROXIES", [], environment.networks) == [
        ipaddress.ip_network("10.0.0.0/8"),
        ipaddress.ip_network("2001:db8::7/128"),
    ]
    monkeypatch.setenv("TRUSTED_PROXIES", "the proxy")
    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES is 'the proxy'"):
        environment.read("TRUSTED_PROXIES", [], environment.networks)
