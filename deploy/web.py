"""The web process of a node: its console and HTTP API behind waitress."""

import gc
import logging
import signal
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from importlib import import_module
from types import FrameType
from typing import Any, Final

from flask import Flask
from waitress.server import create_server

from shared.console import logs
from shared.console.app import create_app
from shared.console.files import MOST_REQUEST_BYTES
from shared.console.frame import Console, RolePages
from shared.exchange.state import exchange_state
from shared.node.node import Node

THREADS: Final = 8
_LOOK_EVERY: Final = 60.0
"""Seconds between two looks: more often than people come, seldom enough to cost nothing."""
logger = logging.getLogger("renkei.web")
_PAGES: Final[Mapping[str, str]] = {
    name: f"services.{name}.pages" for name in ("kyotaku", "hokatsu", "ward", "billing")
}


def application(node: Node) -> Flask:
    """The console of an open node, with the pages of its service."""
    pages: RolePages = import_module(_PAGES[node.service.name]).PAGES
    return create_app(node, exchange_state=exchange_state, role_pages=(pages,))


def serve(node: Node, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; requests that are being answered are finished first, for five seconds at most."""
    logs.configure(node.config.name, "web")
    app = application(node)
    threading.Thread(
        target=_look_ahead, args=(app.extensions["renkei"],), name="look-ahead", daemon=True
    ).start()
    server = create_server(
        app,
        host=host,
        port=port,
        threads=THREADS,
        ident=None,
        channel_timeout=30,
        max_request_body_size=MOST_REQUEST_BYTES,
        **_believed(node.config.trusted_proxy),
    )
    _stop_on_signals()
    server.run()
    node.close()
    logger.info("the web process has stopped")


def _look_ahead(console: Console) -> None:
    """Work out what every page needs before anybody asks: after the start, and when a new day begins.

    Who comes first then waits no longer than anybody else. What fails here is told to who asks for a page.
    """
    day: date | None = None
    while True:
        with suppress(Exception):
            console.case_rows.all()
            console.names.fill()
            console.open_duties.sides()
            today = console.node.today()
            if today != day:
                _keep_for_long()
            day = today
        time.sleep(_LOOK_EVERY)


def _keep_for_long() -> None:
    """Let the garbage collector pass by what is remembered for the day.

    Of thousands of cases it would take half a second to walk through that, in the middle of somebody's page.
    """
    gc.collect()
    gc.freeze()


def _believed(proxy: str | None) -> dict[str, Any]:
    """Whose word counts for the caller's address and for TLS: the configured proxy's, and nobody else's.

    Without this every caller behind a proxy would have the proxy's address, and cookies would not be Secure.
    """
    if proxy is None:
        return {"clear_untrusted_proxy_headers": True}
    return {
        "trusted_proxy": proxy,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
        "clear_untrusted_proxy_headers": True,
    }


def _stop_on_signals() -> None:
    """Let SIGTERM end the server's loop as SIGINT does: waitress then waits for the requests in progress."""

    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        if stopping:  # once is enough
            return
        stopping = True
        facts = {"signal": signal.Signals(number).name}
        logger.info("the web process stops after the requests at hand", extra={"facts": facts})
        raise SystemExit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
