"""The disk is full while a file is written: the sender is told in a sentence, and nothing is half kept."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.running import Product, Refused
from tests.sheets import a_csv, a_row

ROOM = 128 * 1024
"""Bytes, less than the sheet has."""
ROWS = 3_000


@contextmanager
def small_files(product: Product) -> Iterator[None]:
    """No room for a large file, as a quota would have it."""
    product.ask("limit_files", to_bytes=ROOM)
    try:
        yield
    finally:
        product.ask("unlimit_files")


@contextmanager
def a_small_disk(product: Product) -> Iterator[None]:
    """Files are kept on a disk of their own that is too small; where nobody may mount one, they must be small."""
    files = Path(product.environment["VAR_DIR"]) / "files"
    files.mkdir(exist_ok=True)
    small = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(files)]
    if os.geteuid() != 0 or subprocess.run(small, capture_output=True, check=False).returncode != 0:
        with small_files(product):
            yield
        return
    try:
        yield
    finally:
        subprocess.run(["umount", str(files)], check=True)


@pytest.mark.parametrize("without_room", [a_small_disk, small_files])
def test_an_upload_that_finds_no_room_is_refused_whole_and_taken_once_there_is_some(
    without_room, on_servers, tmp_path
):
    sheet = str(a_csv(tmp_path, [a_row(number) for number in range(ROWS)]))
    uploads = on_servers.ask("counts")["uploads"]
    with without_room(on_servers):
        with pytest.raises(
            Refused, match="The disk on which files are kept is full; nothing of this one was kept"
        ):
            on_servers.ask("upload", path=sheet, operator="operator-0")
        assert kept_files(on_servers) == []
    assert on_servers.ask("counts")["uploads"] == uploads
    upload = on_servers.ask("upload", path=sheet, operator="operator-0")
    with on_servers.worker():
        assert on_servers.becomes_fresh()
    assert on_servers.ask("state_of_upload", upload=upload) == ["applied", ""]
    assert on_servers.ask("differences") == []


def kept_files(product: Product) -> list[Path]:
    folder = Path(product.environment["VAR_DIR"]) / "files"
    return [path for path in folder.rglob("*") if path.is_file()]
