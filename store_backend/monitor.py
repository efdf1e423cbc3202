"""Figures and health over HTTP, on this machine alone: /metrics for Prometheus, /health for whoever restarts things."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import Gauge
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from aisle.bus import BusError
from aisle.messages.operation import Health
from store_backend.database import cause_of, size_bytes
from store_backend.meter import Meter

log = logging.getLogger(__name__)
_HOST = "127.0.0.1"
_REQUEST_S = 5.0


class _Handler(BaseHTTPRequestHandler):
    """Answers GET of the two paths."""

    meter: Meter
    engine: Engine
    # Whoever says nothing must not hold a thread for good.
    timeout = _REQUEST_S

    def do_GET(self) -> None:
        if self.path == "/metrics":
            self._send(200, "text/plain; version=0.0.4; charset=utf-8", self.meter.exposition())
        elif self.path == "/health":
            health = health_of(self.engine, self.meter)
            self._send(200 if health.is_ready else 503, "text/plain; charset=utf-8", f"{health.sentence}\n".encode())
        else:
            self._send(404, "text/plain; charset=utf-8", b"there are /metrics and /health\n")

    def _send(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a scrape every few seconds is no news."""


@contextmanager
def monitor(engine: Engine, meter: Meter, port: int) -> Iterator[int]:
    """Serve as long as the block, and yield the port (a free one for 0). Raises BusError when it is taken."""
    handler = type("Handler", (_Handler,), {"meter": meter, "engine": engine})
    try:
        server = ThreadingHTTPServer((_HOST, port), handler)
    except OSError as error:
        raise BusError(
            f"the monitor cannot listen at {_HOST}:{port}: {error.strerror}; give --monitor another port"
        ) from error
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="backend-monitor")
    thread.start()
    log.info("metrics and health at http://%s:%d", _HOST, server.server_port)
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def health_of(engine: Engine, meter: Meter) -> Health:
    """Say whether the backend can do its work: whether its last write went well, and the database answers now."""
    health = meter.health()
    if not health.is_ready:
        return health
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
    except SQLAlchemyError as error:
        return Health(is_ready=False, sentence=f"not ready: the database does not answer: {cause_of(error)}")
    return health


def watch_size(engine: Engine, meter: Meter) -> None:
    """Let the meter tell how large the database is, whenever somebody looks."""
    size = Gauge("aisle_database_bytes", "Size of the database on the disk", registry=meter.registry)
    size.set_function(lambda: float(size_bytes(engine)))
