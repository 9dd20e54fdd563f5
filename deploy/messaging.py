"""The entry of a node's messaging process: what must be set before anything else is imported, then the
node."""

import os
import sys
import warnings
from pathlib import Path


def serve(config: Path) -> int:
    """Run the messaging of the node that ``config`` describes; the exit status.

    psycopg waits in C by default, which stops every other greenlet; it reads its setting when it is imported.
    """
    if "psycopg" in sys.modules:
        raise RuntimeError("psycopg was imported before its way of waiting was set")
    os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # eventlet says that it is deprecated; decisions.md says what follows
        import eventlet

    eventlet.monkey_patch()
    return _run(config)


def _run(config: Path) -> int:
    from importlib import import_module

    from deploy.composition import node_from
    from shared.console import logs
    from shared.exchange.messaging import run_messaging
    from shared.exchange.yielding import yield_only_when_slow

    yield_only_when_slow()
    node = node_from(config)
    logs.configure(node.config.name, "messaging")
    node.open()
    try:
        service = import_module(f"services.{node.service.name}.service")
        return run_messaging(node, service.Messaging)
    finally:
        node.close()
