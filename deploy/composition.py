"""Which service runs at which role: the one place where services are put together with nodes."""

from functools import cache
from importlib import import_module
from pathlib import Path

from shared.node.config import ConfigurationError, load_config
from shared.node.node import Node
from shared.node.service import Service

SERVICES = ("kyotaku", "hokatsu", "ward", "billing")


def service_named(name: str) -> Service:
    """The service of a role. :raises ConfigurationError: there is none of that name."""
    if name not in SERVICES:
        raise ConfigurationError(
            f"service = {name!r} はありません。{', '.join(SERVICES)} のいずれかにしてください"
        )
    service: Service = import_module(f"services.{name}.definition").SERVICE
    return service


@cache
def command_titles() -> dict[str, str]:
    """The titles of all services' commands, by name."""
    return {each.name: each.title for name in SERVICES for each in service_named(name).commands.values()}


def node_from(path: Path) -> Node:
    """The node that a configuration file describes; not opened yet."""
    config = load_config(path)
    return Node(config, service_named(config.service))
