"""The messaging process of a node: the nameko container with inbox, relay and timers, and its health.

eventlet must have replaced the standard library's blocking calls, and ``PSYCOPG_WAIT_FUNC`` must be set,
before psycopg is imported; ``deploy.messaging`` does both.
"""

import json
import logging
import os
import signal
import threading
import time
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import FrameType
from typing import Any, Final

import eventlet
from nameko.containers import ServiceContainer
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from shared.exchange.reception import Reception
from shared.exchange.relay import Relay
from shared.node.health import NodeMetrics, look
from shared.node.node import Node

STALLED_SECONDS: Final = 120.0
"""A thread that has not begun a turn for so long hangs: every operation in it has a shorter time limit."""
STOP_SECONDS: Final = 15.0
"""How long the batch at hand may take after a signal to stop; less than any supervisor waits before it kills."""
WAIT_FUNCTION: Final = "wait_selector"

logger = logging.getLogger("renkei.messaging")


def run_messaging(node: Node, service_class: type) -> int:
    """Run until SIGTERM or SIGINT (returns 0), or until one of its threads ends (returns 1).

    After a signal the batch at hand is finished. One that takes longer than :data:`STOP_SECONDS` is abandoned and the
    process exits with 0 all the same: what was not acknowledged is delivered again.
    """
    if os.environ.get("PSYCOPG_WAIT_FUNC") != WAIT_FUNCTION:
        raise RuntimeError(
            f"PSYCOPG_WAIT_FUNC must be {WAIT_FUNCTION}: one slow query would freeze the process"
        )
    container = ServiceContainer(service_class, {"node": node})
    _stop_on_signals(container)
    container.start()
    health = serve_health(node, container.config["reception"], container.config["relay"])
    logger.info("messaging has started", extra={"facts": {"agency": node.agency}})
    try:
        container.wait()
    except Exception:
        logger.critical("messaging ends, because one of its threads ended", exc_info=True)
        return 1
    finally:
        health.shutdown()
    logger.info("messaging has stopped")
    return 0


def _stop_on_signals(container: ServiceContainer) -> None:
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        if stopping:  # once is enough, and nameko can be stopped only once
            return
        stopping = True
        # A thread of the system's, for a greenlet would not run while something blocks them all.
        limit = eventlet.patcher.original("threading").Timer(STOP_SECONDS, _abandon)
        limit.daemon = True
        limit.start()
        eventlet.spawn_n(_stop, container, signal.Signals(number).name)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)


def _stop(container: ServiceContainer, name: str) -> None:
    logger.info("messaging stops after the batch at hand", extra={"facts": {"signal": name}})
    container.stop()


def _abandon() -> None:
    line = {"level": "warning", "logger": logger.name, "message": "messaging ends without its batch at hand"}
    os.write(2, (json.dumps(line) + "\n").encode())  # logging may wait for a lock that a greenlet holds
    os._exit(0)


# --- health ---


class ExchangeMetrics(Collector):
    """Gauges of the process's two threads."""

    def __init__(self, reception: Reception, relay: Relay) -> None:
        self._threads: dict[str, Reception | Relay] = {"inbox": reception, "relay": relay}

    def collect(self) -> Iterable[Metric]:
        """The gauges."""
        connected = GaugeMetricFamily(
            "renkei_thread_connected", "ブローカーとの接続があるか", labels=["thread"]
        )
        idle = GaugeMetricFamily(
            "renkei_thread_idle_seconds", "最後に働き始めてからの秒数", labels=["thread"]
        )
        for name, thread in self._threads.items():
            connected.add_metric([name], float(thread.connected))
            idle.add_metric([name], time.monotonic() - thread.alive_at)
        yield connected
        yield idle


def serve_health(node: Node, reception: Reception, relay: Relay) -> ThreadingHTTPServer:
    """Answer ``/healthz`` and ``/metrics`` on the node's health port, in a thread of its own."""
    registry = CollectorRegistry()
    registry.register(NodeMetrics(node))
    registry.register(ExchangeMetrics(reception, relay))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/healthz":
                status, found = health_of(node, reception, relay)
                self._answer(status, "application/json", json.dumps(found, ensure_ascii=False).encode())
            elif self.path == "/metrics":
                self._answer(200, "text/plain; version=0.0.4; charset=utf-8", generate_latest(registry))
            else:
                self._answer(404, "text/plain; charset=utf-8", b"")

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Health is asked for every few seconds: nothing of it is logged."""

    server = ThreadingHTTPServer((node.config.web_host, node.config.health_port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server


def health_of(node: Node, reception: Reception, relay: Relay) -> tuple[int, dict[str, Any]]:
    """HTTP status and body of ``/healthz``: 503 without the database, or when a thread hangs."""
    health = look(node)
    now = time.monotonic()
    threads: dict[str, Reception | Relay] = {"inbox": reception, "relay": relay}
    stalled = [name for name, thread in threads.items() if now - thread.alive_at > STALLED_SECONDS]
    found = {
        **health.as_json(),
        "inbox_connected": reception.connected,
        "relay_connected": relay.connected,
        "problem": reception.problem,
        "stalled": stalled,
    }
    return (200 if health.working and not stalled else 503), found
