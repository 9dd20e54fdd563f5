"""A RabbitMQ in a container of our own, where a container engine answers."""

import json
from collections.abc import Mapping
from typing import Any

from testcontainers.core.container import DockerContainer

from contracts.topology import VHOST
from deploy.local.children import wait_until
from deploy.local.ports import Port, free_port
from deploy.local.rabbitmq import speaks_amqp

IMAGE = "rabbitmq:4.1"
_DEFINITIONS = "/etc/rabbitmq/definitions.json"
_CONFIGURATION = f"load_definitions = {_DEFINITIONS}\n"


class ContainerBroker:
    """Like PrivateBroker, in a container. The engine's reaper removes it when we end without stopping it."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions
        self._port: Port | None = None
        self._container: DockerContainer | None = None

    @property
    def description(self) -> str:
        """What runs and where, for a person."""
        return f"container {IMAGE} on 127.0.0.1:{self._port}"

    def url(self, user: str, password: str) -> str:
        """The AMQP address for one user of the definitions."""
        return f"amqp://{user}:{password}@127.0.0.1:{self._port}/{VHOST}"

    def start(self) -> None:
        """Start and return when it accepts connections and has its definitions."""
        self._port = free_port()
        self._launch()

    def stop(self) -> None:
        """Remove the container with its data and give the port back. Harmless when it does not run."""
        self._remove()
        if self._port is not None:
            self._port.release()
            self._port = None

    def kill(self) -> None:
        """End it as a crash would (SIGKILL); ``restart`` brings it back with its data."""
        if self._container is not None:
            self._container.get_wrapped_container().kill()

    def wipe(self) -> None:
        """Remove the container with its data; ``restart`` brings back only what the definitions say."""
        self._remove()

    def restart(self) -> None:
        """Start it again at the same address, stopping it first if it runs."""
        if self._container is None:
            self._launch()
        else:
            self._container.get_wrapped_container().restart()
            self._await_ready()

    def load(self, definitions: Mapping[str, Any]) -> None:
        """Add users and queues to the running broker."""
        assert self._container is not None
        self._container.copy_into_container(json.dumps(definitions).encode(), "/tmp/added.json")  # noqa: S108
        done = self._container.exec(["rabbitmqctl", "import_definitions", "/tmp/added.json"])  # noqa: S108
        if done.exit_code != 0:
            raise RuntimeError(done.output.decode(errors="replace"))

    def erase(self) -> None:
        """Stop it; a container leaves nothing behind."""
        self.stop()

    def _launch(self) -> None:
        assert self._port is not None
        container = DockerContainer(IMAGE)
        container.ports.update({"5672/tcp": ("127.0.0.1", self._port.number)})  # type: ignore[dict-item]
        container.with_copy_into_container(json.dumps(self._definitions).encode(), _DEFINITIONS)
        container.with_copy_into_container(_CONFIGURATION.encode(), "/etc/rabbitmq/conf.d/90-renkei.conf")
        self._container = container
        container.start()
        self._await_ready()

    def _await_ready(self) -> None:
        assert self._port is not None
        port = self._port.number
        wait_until(lambda: speaks_amqp(port), "RabbitMQ", patience=120)

    def _remove(self) -> None:
        if self._container is not None:
            self._container.stop()
            self._container = None
