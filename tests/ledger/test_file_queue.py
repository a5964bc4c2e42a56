"""The queue of one machine: a message is there whole or not at all, and a wreck of one stops nobody."""

from __future__ import annotations

import logging
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection, Exchange, Queue

from ledger import file_queue

BATCH = Queue("batch", Exchange("batch"), routing_key="batch")


@pytest.fixture
def line(tmp_path: Path):
    options = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path)}
    with Connection(
        "filesystem://localhost//", transport=file_queue.Transport, transport_options=options
    ) as connection:
        yield connection


def send(line: Connection, word: str) -> None:
    line.Producer().publish({"word": word}, exchange=BATCH.exchange, routing_key="batch", declare=[BATCH])


def words(line: Connection) -> list[str]:
    """What lies in the queue, taken out of it in its order."""
    queue = line.SimpleQueue(BATCH)
    found = []
    try:
        while True:
            message = queue.get(block=False)
            message.ack()
            found.append(message.payload["word"])
    except Empty:
        return found


def test_messages_come_out_in_the_order_in_which_they_went_in(line, tmp_path):
    for word in ("one", "two", "three"):
        send(line, word)
    assert words(line) == ["one", "two", "three"]
    assert list(tmp_path.iterdir()) == []


def test_a_message_that_is_half_written_is_not_in_the_queue(line, tmp_path, monkeypatch):
    def killed(*_):
        raise OSError("No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        with pytest.raises(OSError, match="No space left"):
            send(line, "half")
    send(line, "whole")
    assert words(line) == ["whole"]


@pytest.mark.parametrize("wreck", [b"", b'{"body": "', b"\xff\xfe"])
def test_a_wreck_of_a_message_is_dropped_with_a_word_and_the_next_is_read(line, tmp_path, caplog, wreck):
    (tmp_path / "0_wreck.batch.msg").write_bytes(wreck)
    send(line, "next")
    with caplog.at_level(logging.WARNING):
        assert words(line) == []
    assert "A message of batch cannot be read and is dropped" in caplog.text
    assert words(line) == ["next"]
