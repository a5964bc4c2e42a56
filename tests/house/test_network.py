"""The guard in conftest.py holds: a test that reaches for the world fails."""

from __future__ import annotations

import socket

import pytest

FOR_DOCUMENTATION = "192.0.2.1"  # RFC 5737: nobody's address


@pytest.mark.parametrize("connect", ["connect", "connect_ex"])
def test_a_connection_to_another_machine_is_refused_before_it_leaves(connect):
    with socket.socket() as outward, pytest.raises(ConnectionRefusedError, match="do not leave"):
        outward.settimeout(0.01)
        getattr(outward, connect)((FOR_DOCUMENTATION, 9))


def test_a_server_on_this_machine_is_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()
