"""Ports for bots: nobody listens on them, no client gets them, and none is given out twice in a row."""

import socket
from pathlib import Path

import pytest

from sandbox.harness import free_port

RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def test_no_port_is_given_out_twice_in_a_row() -> None:
    ports = [free_port() for _ in range(50)]
    assert len(set(ports)) == 50


@pytest.mark.skipif(not RANGE.exists(), reason="this system does not tell which ports it gives to clients")
def test_a_port_is_none_that_the_system_gives_to_clients() -> None:
    # A client that gets it between its choice and the bot's start would keep the bot from starting.
    lowest = int(RANGE.read_text().split()[0])
    assert max(free_port() for _ in range(50)) < lowest


def test_a_port_that_somebody_listens_on_is_passed_over() -> None:
    following = free_port() + 1
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", following))
        taken.listen()
        assert free_port() != following
