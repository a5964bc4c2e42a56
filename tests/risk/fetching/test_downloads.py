"""A file comes whole from a place that may be asked, or not at all, with one sentence."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import socket
import zipfile
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest

from risk.fetching import FetchFailed, Limits, Marks, Reachable, download, unpacked
from tests.risk.fetching.source import (
    chunked,
    declaring,
    dripping,
    failing,
    gzipped,
    redirecting,
    send,
    serving,
    silent,
    without_length,
)
from tests.risk.lists.samples import SAMPLES

LIST = (SAMPLES / "sdn.csv").read_bytes()
NONE = Marks()
LOOPBACK = Reachable(hosts=frozenset({"127.0.0.1", "localhost"}), private=True)


@pytest.fixture
def source():
    with serving() as source:
        source.files["/list.csv"] = LIST
        yield source


@pytest.fixture
def fetched(source, tmp_path):
    """Fetches a path; gives what came and the bytes on the disk."""

    def fetch(path="/list.csv", *, reachable=LOOPBACK, marks=NONE, **limits):
        to = tmp_path / "fetched"
        told = download(
            source.address(path),
            to,
            reachable=reachable,
            limits=Limits(**limits),
            agent="tests of the house",
            marks=marks,
        )
        return told, to.read_bytes() if to.exists() else b""

    return fetch


def refusal(fetched, path, **options):
    with pytest.raises(FetchFailed) as refused:
        fetched(path, **options)
    sentence = str(refused.value)
    assert sentence.endswith((".", "?")), sentence
    return sentence


def test_a_file_comes_whole_with_its_size_checksum_and_marks(fetched, source):
    source.modified = format_datetime(datetime(2026, 11, 27, 23, 30, tzinfo=UTC), usegmt=True)
    told, content = fetched()
    assert content == LIST
    assert (told.bytes, told.sha256) == (len(LIST), hashlib.sha256(LIST).hexdigest())
    assert told.marks.modified_at == datetime(2026, 11, 27, 23, 30, tzinfo=UTC)
    assert source.asked[0][1]["User-Agent"] == "tests of the house"


def test_a_file_that_the_server_knows_to_be_unchanged_is_not_sent_again(fetched):
    first, _ = fetched()
    again, _ = fetched(marks=first.marks)
    assert again.is_unchanged
    assert again.bytes == 0


def test_a_changed_file_is_sent_whole_whatever_marks_were_shown(fetched, source):
    first, _ = fetched()
    source.files["/list.csv"] = LIST + b"more\r\n"
    told, content = fetched(marks=first.marks)
    assert not told.is_unchanged
    assert content == LIST + b"more\r\n"


def test_not_modified_without_having_been_asked_so_is_no_file(fetched, source):
    source.answers["/list.csv"] = lambda request: send(request, b"", status=304)
    assert "answers 304" in refusal(fetched, "/list.csv")


@pytest.mark.parametrize(
    "answer",
    [
        gzipped(LIST),
        without_length(LIST),
        chunked(LIST[:1000], LIST[1000:]),
        lambda request: send(
            request, gzip.compress(LIST[:99]) + gzip.compress(LIST[99:]), Content_Encoding="gzip"
        ),
    ],
    ids=["gzip", "without a length", "in chunks", "gzip in two members"],
)
def test_a_file_may_come_packed_in_pieces_or_without_a_length(fetched, source, answer):
    source.answers["/list.csv"] = answer
    told, content = fetched()
    assert content == LIST
    assert told.sha256 == hashlib.sha256(LIST).hexdigest()


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (declaring(LIST[:-7], len(LIST)), f"broke off: 7 of {len(LIST):,} bytes are missing"),
        (declaring(LIST, len(LIST) - 7), "goes on after the"),
        (declaring(b"", 0), "0 bytes"),
        (without_length(b""), "0 bytes"),
        (chunked(LIST[:1000], is_ended=False), "broke off"),
        (gzipped(LIST, lost=9), "its end is missing"),
        (lambda request: send(request, LIST, Content_Encoding="gzip"), "cannot be unpacked"),
        (lambda request: send(request, LIST, Content_Encoding="br"), "nobody asked for"),
        (lambda request: send(request, b"\r\n <!DOCTYPE html><p>Moved"), "A web page came"),
        (failing(404), "answers 404 Not Found instead of a file"),
        (failing(500), "answers 500"),
        (lambda request: send(request, LIST, status=202), "answers 202"),
        (lambda request: send(request, LIST, status=206), "answers 206"),
        (lambda request: request.wfile.write(b"not http at all\r\n\r\n"), "broke off"),
        (lambda request: None, "broke off"),
    ],
)
def test_what_is_no_whole_file_is_one_sentence(fetched, source, answer, sentence):
    source.answers["/list.csv"] = answer
    assert sentence in refusal(fetched, "/list.csv")


def test_a_server_that_says_nothing_is_not_waited_for(fetched, source):
    source.answers["/list.csv"] = silent
    assert "was silent for 0.1 seconds" in refusal(fetched, "/list.csv", silence=0.1)


def test_a_server_that_drips_is_cut_off(fetched, source):
    source.answers["/list.csv"] = dripping(LIST, pause=0.02)
    assert "took longer than 0.3 seconds" in refusal(fetched, "/list.csv", seconds=0.3)


@pytest.mark.parametrize("answer", [None, without_length(LIST), gzipped(b"0" * 200_000)])
def test_a_file_over_the_largest_size_is_not_read_to_its_end(fetched, source, answer):
    if answer:
        source.answers["/list.csv"] = answer
    assert "larger than 1,000 bytes" in refusal(fetched, "/list.csv", bytes=1000)


def test_a_full_disk_is_one_sentence(source):
    with pytest.raises(FetchFailed, match="kept on the disk"):
        download(
            source.address("/list.csv"), Path("/dev/full"), reachable=LOOPBACK, limits=Limits(), agent="tests"
        )


def test_a_few_redirects_are_followed(fetched, source):
    source.answers["/a"] = redirecting(source.address("/b"), 301)
    source.answers["/b"] = redirecting("list.csv?signature=secret", 307)
    source.files["/list.csv?signature=secret"] = LIST
    told, content = fetched("/a")
    assert content == LIST
    assert told.address == source.address("/list.csv")  # without what signs it


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        ("/start", "leads in a circle"),
        ("http://192.0.2.1/list.csv", "none of those that lists may come from"),
        ("ftp://127.0.0.1/list.csv", "no https address"),
        ("file:///etc/passwd", "no https address"),
        ("http://someone:secret@127.0.0.1/list.csv", "carries a login"),
        ("http://127.0.0.1:99999/", "is no address"),
        ("", "without saying where to"),
    ],
)
def test_a_redirect_to_where_no_list_is_stops_there(fetched, source, to, sentence):
    source.answers["/start"] = redirecting(to)
    said = refusal(fetched, "/start")
    assert sentence in said
    assert "secret" not in said
    assert len(source.asked) == 1


def test_redirects_without_an_end_are_given_up(fetched, source):
    for number in range(9):
        source.answers[f"/{number}"] = redirecting(f"/{number + 1}")
    assert "on and on, over more than 4 redirects" in refusal(fetched, "/0")
    assert len(source.asked) == 5


def test_without_leave_neither_plain_http_nor_ones_own_network_is_asked(fetched, source):
    public_only = Reachable(hosts=LOOPBACK.hosts)
    assert "no https address" in refusal(fetched, "/list.csv", reachable=public_only)
    assert not source.asked


@pytest.mark.parametrize(
    "machine",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "192.168.0.9",
        "::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "0.0.0.0",  # noqa: S104 - nothing listens there, it is what a name may stand for
    ],
)
def test_a_host_whose_name_stands_for_a_machine_of_ones_own_network_is_not_asked(monkeypatch, machine):
    monkeypatch.setattr(socket, "getaddrinfo", _standing_for("198.41.0.4", machine))
    reachable = Reachable(hosts=frozenset({"lists.example"}))
    with pytest.raises(FetchFailed, match="private network"):
        reachable.place("https://lists.example/list.csv")


def test_the_machine_that_was_checked_is_the_one_that_is_asked(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", _standing_for("198.41.0.4"))
    place = Reachable(hosts=frozenset({"lists.example"})).place("https://lists.example/a?b=c")
    assert (place.machines, place.port, place.name, place.target) == (
        ("198.41.0.4",),
        443,
        "lists.example",
        "/a?b=c",
    )


def test_a_machine_that_takes_no_connection_gives_way_to_another_of_the_host(fetched, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", _first_then("127.0.0.2", socket.getaddrinfo))
    _, content = fetched()
    assert content == LIST


def _first_then(deaf, real):
    """A machine of the host at which nobody listens, before the one that there is."""

    def found(host, port, *rest, **told):
        there = real(host, port, *rest, **told)
        return [(*there[0][:4], (deaf, port)), *there] if host == "127.0.0.1" and told else there

    return found


def test_a_host_that_is_not_found_is_one_sentence(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(FetchFailed, match="was not found"):
        Reachable(hosts=frozenset({"lists.example"})).place("https://lists.example/")


def _standing_for(*machines):
    return lambda host, port, **_: [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in machines
    ]


def test_nobody_listening_is_one_sentence(fetched, source):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    source.answers["/start"] = redirecting(f"http://127.0.0.1:{port}/")
    assert "takes no connection" in refusal(fetched, "/start")


def zipped(**files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def test_a_zip_of_one_file_is_unpacked_and_another_file_left_as_it_is(tmp_path):
    (tmp_path / "list.zip").write_bytes(zipped(list=LIST))
    (tmp_path / "list.csv").write_bytes(LIST)
    assert unpacked(tmp_path / "list.zip", at_most=10**6).read_bytes() == LIST
    assert unpacked(tmp_path / "list.csv", at_most=10**6) == tmp_path / "list.csv"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (zipped(one=b"1", two=b"2"), "holds 2 files"),
        (zipped(), None),
        (zipped(list=LIST)[:-30], "cut or damaged"),
        (zipped(list=b"0" * 2_000_000), "unpacks to more than 1,000,000 bytes"),
        (zipped(list=LIST).replace(b"PK\x01\x02", b"PK\x01\x03"), "cut or damaged"),
        (
            zipped(list=os.urandom(5000)).replace(b"\x00\x00\x00list", b"\x01\x00\x00list", 1),
            "cut or damaged",
        ),
    ],
)
def test_a_zip_that_is_no_list_is_one_sentence(tmp_path, content, sentence):
    file = tmp_path / "list.zip"
    file.write_bytes(content)
    if sentence is None:  # an empty archive begins otherwise; the format says what it thinks of it
        assert unpacked(file, at_most=10**6) == file
        return
    with pytest.raises(FetchFailed, match=sentence):
        unpacked(file, at_most=10**6)
