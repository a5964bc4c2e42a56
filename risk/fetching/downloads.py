"""One file over http: redirects checked one by one, streamed to the disk, whole or not at all."""

from __future__ import annotations

import hashlib
import http.client
import socket
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urljoin

from risk.fetching.failed import FetchFailed
from risk.fetching.reachable import Reachable
from risk.outward import NotReached, Patience, Place, line_to, without_query

_REDIRECTS = (301, 302, 303, 307, 308)
_AT_ONCE = 1 << 16
_PAST_THE_END = (
    1.0  # seconds to wait for bytes beyond the length that was declared; they come at once or never
)
_WEB_PAGE = (b"<!doctype html", b"<html")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how much: seconds of silence, seconds in all, bytes (also when unpacked), redirects."""

    silence: float = 30
    seconds: float = 180
    bytes: int = 512 * 1024 * 1024
    redirects: int = 4


@dataclass(frozen=True, slots=True)
class Marks:
    """What a server said of the file that it sent, by which it can tell next time that nothing changed."""

    etag: str = ""
    last_modified: str = ""

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)

    def as_headers(self) -> dict[str, str]:
        """The question 'only if it changed'."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}

    @property
    def modified_at(self) -> datetime | None:
        """When the file was published, where the server says so."""
        try:
            moment = parsedate_to_datetime(self.last_modified)
        except ValueError:
            return None
        return moment if moment.tzinfo else None


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a server answers with, and the line that it comes on."""

    response: http.client.HTTPResponse
    line: socket.socket

    def header(self, name: str) -> str:
        return (self.response.getheader(name) or "").strip()

    def goes_on(self) -> bool:
        """Whether more comes than was declared."""
        self.line.settimeout(_PAST_THE_END)
        try:
            return bool(self.response.fp.read1(1))
        except OSError:
            return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came. Where `is_unchanged`, no file did: the server has the one that the marks stand for.

    `sha256` and `bytes` are those of the file on the disk, after the packing of the transport.
    """

    address: str
    is_unchanged: bool = False
    bytes: int = 0
    sha256: str = ""
    marks: Marks = Marks()


def download(
    address: str, to: Path, *, reachable: Reachable, limits: Limits, agent: str, marks: Marks = Marks()
) -> Fetched:
    """The file at an address, onto the disk. With marks of an earlier one: only if it changed since.

    Raises FetchFailed with one sentence where it did not come whole; then `to` is not to be used.
    """
    headers = {"User-Agent": agent, "Accept": "*/*", "Accept-Encoding": "gzip", "Connection": "close"}
    headers |= marks.as_headers()
    seen: list[str] = []
    while address not in seen:
        seen.append(address)
        if len(seen) > limits.redirects + 1:
            raise FetchFailed(
                f"{without_query(seen[0])} leads on and on, over more than {limits.redirects} redirects."
            )
        with _asked(reachable.place(address), headers, limits) as answer:
            if answer.response.status not in _REDIRECTS:
                return _received(answer, address, to, limits, is_conditional=bool(marks))
            address = _next(address, answer)
    raise FetchFailed(f"{without_query(seen[0])} leads in a circle, back to {without_query(address)}.")


@contextmanager
def _asked(place: Place, headers: Mapping[str, str], limits: Limits) -> Iterator[_Answer]:
    """The answer of the machine that was checked. Every fault of the line, also while it is read, is one sentence."""
    try:
        with line_to(place, Patience(silence=limits.silence, seconds=limits.seconds)) as line:
            line.connection.request("GET", place.target, headers={"Host": place.name, **headers})
            with closing(line.connection.getresponse()) as response:
                yield _Answer(response, line.socket)
    except NotReached as wrong:
        raise FetchFailed(str(wrong)) from None


def _next(address: str, answer: _Answer) -> str:
    onward = answer.header("Location")
    if not onward:
        raise FetchFailed(f"{without_query(address)} redirects without saying where to.")
    return urljoin(address, onward)


def _received(answer: _Answer, address: str, to: Path, limits: Limits, *, is_conditional: bool) -> Fetched:
    response = answer.response
    if response.status == 304 and is_conditional:
        return Fetched(address=without_query(address), is_unchanged=True)
    if response.status != 200:
        status = f"{response.status} {response.reason}".strip()
        raise FetchFailed(f"{without_query(address)} answers {status} instead of a file.")
    size, digest = _kept(_unpacked_transport(answer, limits), to, limits)
    if not size:
        raise FetchFailed(f"{without_query(address)} sent a file of 0 bytes.")
    marks = Marks(answer.header("ETag"), answer.header("Last-Modified"))
    return Fetched(address=without_query(address), bytes=size, sha256=digest, marks=marks)


def _kept(blocks: Iterator[bytes], to: Path, limits: Limits) -> tuple[int, str]:
    """Writes the file; its size and checksum."""
    digest = hashlib.sha256()
    size = 0
    with to.open("wb") as file:
        for block in blocks:
            if not size and block.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_WEB_PAGE):
                raise FetchFailed("A web page came instead of a file.")
            size += len(block)
            if size > limits.bytes:
                raise FetchFailed(f"The file is larger than {limits.bytes:,} bytes; the rest was not read.")
            digest.update(block)
            _write(file, block)
    return size, digest.hexdigest()


def _write(file: BinaryIO, block: bytes) -> None:
    try:
        file.write(block)
        file.flush()  # a full disk says so here, and not when the file is closed
    except OSError as wrong:
        raise FetchFailed(f"The file could not be kept on the disk ({wrong.strerror}).") from None


def _unpacked_transport(answer: _Answer, limits: Limits) -> Iterator[bytes]:
    packing = answer.header("Content-Encoding").lower()
    if packing in ("", "identity"):
        return _body(answer, limits)
    if packing in ("gzip", "x-gzip"):
        return _gunzipped(_body(answer, limits))
    raise FetchFailed(f"The file came packed as '{packing[:20]}', which nobody asked for.")


def _body(answer: _Answer, limits: Limits) -> Iterator[bytes]:
    """The bytes on the line, in pieces as they come: read1 gives what is there, so that each wait is one wait."""
    response = answer.response
    if response.chunked:
        while block := response.read1(_AT_ONCE):  # a cut chunk is an IncompleteRead
            yield block
        return
    declared = response.length
    if declared is not None and declared > limits.bytes:
        raise FetchFailed(f"The file is larger than {limits.bytes:,} bytes ({declared:,}); it was not read.")
    left = declared
    while left != 0:
        block = response.fp.read1(_AT_ONCE if left is None else min(left, _AT_ONCE))
        if not block:
            break
        left = None if left is None else left - len(block)
        yield block
    if left:
        raise FetchFailed(f"The file broke off: {left:,} of {declared:,} bytes are missing.")
    if declared is not None and answer.goes_on():
        raise FetchFailed(
            f"The file goes on after the {declared:,} bytes that were declared; neither can be believed."
        )


def _gunzipped(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """What was packed for the way; in pieces of one size, however little it was packed into."""
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        for block in blocks:
            rest = block
            while rest:
                if unpacker.eof:
                    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
                yield unpacker.decompress(rest, _AT_ONCE)
                rest = unpacker.unconsumed_tail or unpacker.unused_data
    except zlib.error:
        raise FetchFailed("The file came packed, and cannot be unpacked: it is damaged.") from None
    if not unpacker.eof:
        raise FetchFailed("The file broke off: it came packed, and its end is missing.")
