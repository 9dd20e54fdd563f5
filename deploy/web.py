"""The web process of a node: its console and HTTP API behind waitress."""

import signal
from collections.abc import Mapping
from importlib import import_module
from types import FrameType
from typing import Final

from flask import Flask
from shared.exchange.state import exchange_state
from waitress.server import create_server

from shared.console import logs
from shared.console.app import create_app
from shared.console.frame import RolePages
from shared.node.node import Node

THREADS: Final = 8
_PAGES: Final[Mapping[str, str]] = {
    name: f"services.{name}.pages" for name in ("kyotaku", "hokatsu", "ward", "billing")
}


def application(node: Node) -> Flask:
    """The console of an open node, with the pages of its service."""
    pages: RolePages = import_module(_PAGES[node.service.name]).PAGES
    return create_app(node, exchange_state=exchange_state, role_pages=(pages,))


def serve(node: Node, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; requests that are being answered are finished first."""
    logs.configure(node.config.name, "web")
    server = create_server(
        application(node),
        host=host,
        port=port,
        threads=THREADS,
        ident=None,
        clear_untrusted_proxy_headers=True,
        channel_timeout=30,
    )
    _stop_on_signals()
    server.run()
    node.close()


def _stop_on_signals() -> None:
    """Let SIGTERM end the server's loop as SIGINT does: waitress then waits for the requests in progress."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
