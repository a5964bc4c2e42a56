"""A message goes to the machine that was judged, within its time, and no step further."""

from __future__ import annotations

import socket
import time
from threading import Event

import pytest

from risk.outward import NotReached, Patience, complaint_about, is_public, place_of, post
from risk.outward.posting import LONGEST_BODY, LONGEST_HEADER, MOST_HEADERS
from tests.risk.outward.receiver import CERTIFICATE, answering, dripping, receiving, silent

PATIENT = Patience(silence=5, seconds=5)


def sent(address, body=b"{}", *, patience=PATIENT, **headers):
    return post(place_of(address, private=True), body, headers, patience=patience)


@pytest.fixture
def receiver():
    with receiving() as receiver:
        yield receiver


def test_a_message_comes_whole_and_its_answer_is_kept(receiver):
    receiver.answer = answering(200, b"thanks", X_Request="7")
    answer = sent(receiver.address("/hook?a=1"), b'{"a": 1}', **{"webhook-id": "evt_1"})
    (came,) = receiver.came
    assert (came.path, came.body, came.headers["webhook-id"]) == ("/hook?a=1", b'{"a": 1}', "evt_1")
    assert came.headers["Host"] == f"127.0.0.1:{receiver.port}"
    assert (answer.status, answer.body, answer.header("x-request")) == (200, b"thanks", "7")


def test_a_message_goes_over_tls_to_whom_the_certificate_names(monkeypatch):
    with receiving(tls=True) as receiver:
        with pytest.raises(NotReached, match="is not safe"):
            sent(receiver.address())
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        assert sent(receiver.address()).status == 204
        other = place_known_as(monkeypatch, "other.example", f"https://other.example:{receiver.port}/")
        with pytest.raises(NotReached, match="is not safe"):
            post(other, b"{}", {}, patience=PATIENT)
    assert len(receiver.came) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(receiver, status):
    receiver.answer = answering(status, Location=receiver.address("/elsewhere"))
    assert sent(receiver.address()).status == status
    assert [came.path for came in receiver.came] == ["/hook"]


def test_of_a_long_answer_the_beginning_is_kept(receiver):
    many = {f"X-{number}": "v" * 600 for number in range(60)}
    receiver.answer = answering(500, b"x" * 10**6, **many)
    answer = sent(receiver.address())
    assert (len(answer.body), len(answer.headers)) == (LONGEST_BODY, MOST_HEADERS)
    assert max(map(len, answer.headers.values())) == LONGEST_HEADER


@pytest.mark.parametrize("answer", [silent, dripping(b"HTTP/1.1 200 OK\r\n" * 100, pause=0.05)])
def test_all_of_it_takes_no_longer_than_its_limit(receiver, answer):
    receiver.answer = answer
    begun = time.monotonic()
    with pytest.raises(NotReached, match=r"took longer than 0\.3 seconds"):
        sent(receiver.address(), patience=Patience(silence=50, seconds=0.3))
    assert time.monotonic() - begun < 30


def test_an_answer_whose_body_drips_counts_by_its_status(receiver):
    receiver.answer = dripping(b"HTTP/1.0 202 Accepted\r\n\r\n" + b"x" * 10**5, pause=0.001)
    answer = sent(receiver.address(), patience=Patience(silence=5, seconds=2))
    assert answer.status == 202
    assert 0 < len(answer.body) < LONGEST_BODY


def test_a_greeting_of_tls_that_drips_is_cut_off_too():
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        begun = time.monotonic()
        with pytest.raises(NotReached, match=r"took longer than 0\.3 seconds"):
            sent(f"https://127.0.0.1:{port}/", patience=Patience(silence=50, seconds=0.3))
    assert time.monotonic() - begun < 30


def test_a_name_that_nobody_looks_up_in_time_is_not_waited_for(monkeypatch):
    told = Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: told.wait(60))
    begun = time.monotonic()
    with pytest.raises(NotReached, match="was not found in"):
        place_of("https://receiver.example/", seconds=0.05)
    assert time.monotonic() - begun < 30
    told.set()


PRIVATE = [
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.0.9", "169.254.169.254",  # noqa: S104 - what names may stand for
    "100.64.0.1", "192.0.2.7", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fd00::1", "fec0::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "192.88.99.1", "168.63.129.16", "::ffff:168.63.129.16", "::ffff:0:10.0.0.1", "::ffff:0:198.41.0.4",
    "2001:470:1::5efe:10.0.0.1", "2001:470:1:0:200:5efe:198.41.0.4",
    "::127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::10.0.0.1", "2002:7f00:1::",
]  # fmt: skip


@pytest.mark.parametrize("machine", PRIVATE)
def test_machines_that_are_not_of_the_public_network(machine):
    assert not is_public(machine)


@pytest.mark.parametrize(
    "machine",
    ["198.41.0.4", "2001:503:ba3e::2:30", "::ffff:198.41.0.4", "64:ff9b::198.41.0.4", "172.32.0.1"],
)
def test_machines_of_the_public_network(machine):
    assert is_public(machine)


@pytest.mark.parametrize("port", [0, 22, 25, 80, 1023])
def test_ports_of_other_services_are_not_asked(port):
    address = f"https://198.41.0.4:{port}/hook"
    assert f"Port {port} is not asked" in complaint_about(address)
    with pytest.raises(NotReached, match=f"Port {port} is not asked"):
        place_of(address)


@pytest.mark.parametrize("port", ["", ":443", ":1024", ":8443", ":65535"])
def test_ports_of_receivers_are_asked(port):
    address = f"https://198.41.0.4{port}/hook"
    assert complaint_about(address) == ""
    assert place_of(address).port == int(port[1:] or 443)


def test_where_plain_http_is_allowed_its_port_is():
    assert complaint_about("http://127.0.0.1:80/", private=True) == ""
    assert "443 or 80" in complaint_about("http://127.0.0.1:0/", private=True)


def standing_for(*machines):
    return lambda host, port, **_: [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in machines
    ]


@pytest.mark.parametrize("machine", ["127.0.0.1", "::ffff:10.0.0.1"])
def test_a_name_of_which_one_machine_is_private_leads_nowhere(monkeypatch, machine):
    monkeypatch.setattr(socket, "getaddrinfo", standing_for("198.41.0.4", machine))
    with pytest.raises(NotReached, match="private network"):
        place_of("https://receiver.example/hook")


def test_a_name_that_changes_its_mind_after_it_was_judged_moves_nothing(monkeypatch, receiver):
    place = place_known_as(monkeypatch, "receiver.example", f"http://receiver.example:{receiver.port}/hook")
    resolve(monkeypatch, "receiver.example", "127.0.0.66")
    assert post(place, b"{}", {}, patience=PATIENT).status == 204
    assert receiver.came[0].headers["Host"] == f"receiver.example:{receiver.port}"


def place_known_as(monkeypatch, name, address):
    resolve(monkeypatch, name, "127.0.0.1")
    return place_of(address, private=True)


def resolve(monkeypatch, name, machine):
    """From now on the name stands for the machine."""
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *rest, **how: real(machine if host == name else host, *rest, **how),
    )


@pytest.mark.parametrize(
    "address", ["http://198.41.0.4/", "ftp://198.41.0.4/", "https:///x", "https://[::1", "hook"]
)
def test_what_is_no_https_address_leads_nowhere(address):
    with pytest.raises(NotReached, match="is no"):
        place_of(address)
