"""A port for one test."""

from __future__ import annotations

import zmq


def free_port() -> int:
    """Return a TCP port that nobody listens at now."""
    with zmq.Context() as context, context.socket(zmq.REP) as socket:
        return socket.bind_to_random_port("tcp://127.0.0.1", min_port=20_000, max_port=29_000)
