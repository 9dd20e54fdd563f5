"""A private RabbitMQ node, for the demo and the tests.

It runs beside any other broker of the machine without touching it: own node name, own ports on 127.0.0.1, own
epmd, own cookie, own data. It loads its definitions at every start, so a wiped one comes back complete.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import zlib
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from contracts.topology import VHOST
from deploy.local.children import Child
from deploy.local.errors import StartFailed
from deploy.local.folders import lock
from deploy.local.ports import Port, free_port

_CONFIGURATION = """\
load_definitions = {definitions}
listeners.tcp.1 = 127.0.0.1:{port}
loopback_users.guest = true
log.console = true
log.console.level = info
log.file = false
# The write-ahead log is preallocated in memory; its default of 512 MB is meant for a server of its own.
raft.wal_max_size_bytes = 67108864
"""

_ERLANG_ARGUMENTS = "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}"


class PrivateBroker:
    """A broker on the data in ``folder``, started from the programs in ``programs``.

    ``definitions`` is the definitions document or a file that holds it. Its address stays the same from
    ``start`` to ``stop``. It ends with the thread that started it, and with this process however that ends.
    """

    def __init__(self, folder: Path, definitions: Path | Mapping[str, Any], programs: Path) -> None:
        self.folder = folder.resolve()
        self._definitions = definitions
        self._programs = programs
        self._broker: Child | None = None
        self._epmd: Child | None = None
        self._ports: list[Port] = []
        self._lock: int | None = None

    @property
    def description(self) -> str:
        """What runs and where, for a person."""
        return f"private broker {self._programs.resolve().parent.name} on 127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        """The AMQP port on 127.0.0.1."""
        return self._ports[0].number

    def url(self, user: str, password: str) -> str:
        """The AMQP address for one user of the definitions."""
        return f"amqp://{user}:{password}@127.0.0.1:{self.port}/{VHOST}"

    def start(self) -> None:
        """Start and return when it accepts connections and has its definitions.

        Raises StartFailed with the end of its log. A port that was taken meanwhile is replaced by another.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = lock(self.folder)
        for attempt in range(3):
            self._ports = [free_port() for _ in range(3)]  # the old ones stay locked, so these are others
            try:
                self._launch()
                return
            except StartFailed as failure:
                self._end(signal.SIGKILL)
                if attempt == 2 or "eaddrinuse" not in str(failure):
                    self.stop()
                    raise
            except BaseException:
                self.stop()
                raise

    def stop(self) -> None:
        """Stop in order and give the ports back. Harmless when it does not run."""
        self._end(signal.SIGTERM)
        for port in self._ports:
            port.release()
        self._ports = []
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def kill(self) -> None:
        """End it as a crash would (SIGKILL), for failure tests; its ports stay reserved for ``restart``."""
        self._end(signal.SIGKILL)

    def wipe(self) -> None:
        """Kill it and delete its data, as if its machine were replaced.

        ``restart`` brings back what the definitions say and no more.
        """
        self.kill()
        shutil.rmtree(self.folder / "data", ignore_errors=True)

    def restart(self) -> None:
        """Start it again at the same address, stopping it first if it runs."""
        self._end(signal.SIGTERM)
        self._launch()

    def load(self, definitions: Mapping[str, Any]) -> None:
        """Add users and queues to the running broker; a later start has only the first definitions again."""
        added = self.folder / "added-definitions.json"
        added.write_text(json.dumps(definitions))
        self._control("import_definitions", str(added))

    def erase(self) -> None:
        """Stop it and delete everything it ever wrote."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> "PrivateBroker":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _launch(self) -> None:
        self._write_configuration()
        environment, log = self._environment(), self.folder / "rabbitmq.log"
        # Ours, in the foreground: the one that Erlang starts by itself would stay behind.
        epmd = [_epmd_program(), "-port", str(self._ports[2]), "-address", "127.0.0.1"]
        self._epmd = Child(epmd, self.folder / "epmd.log", environment=environment)
        self._epmd.await_ready(lambda: _listens(self._ports[2].number), "epmd")
        self._broker = Child([str(self._programs / "rabbitmq-server")], log, environment=environment)
        self._broker.await_ready(lambda: speaks_amqp(self.port), "RabbitMQ", patience=120)

    def _end(self, by: signal.Signals) -> None:
        for child in (self._broker, self._epmd):
            if child is not None:
                child.kill() if by == signal.SIGKILL else child.stop(by)
        self._broker = self._epmd = None

    def _write_configuration(self) -> None:
        for name in ("data", "home"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        if isinstance(self._definitions, Path):
            document = self._definitions.read_text(encoding="utf-8")
        else:
            document = json.dumps(self._definitions)
        definitions = self.folder / "definitions.json"
        definitions.write_text(document, encoding="utf-8")
        text = _CONFIGURATION.format(definitions=definitions, port=self.port)
        (self.folder / "rabbitmq.conf").write_text(text)
        (self.folder / "enabled_plugins").write_text("[].\n")
        cookie = self.folder / "home" / ".erlang.cookie"
        if not cookie.exists():
            cookie.touch(mode=0o600)
            cookie.write_text(secrets.token_hex(16))
            cookie.chmod(0o400)

    def _environment(self) -> dict[str, str]:
        """Every place and name that the broker would otherwise take from the system's own installation."""
        data = self.folder / "data"
        return {
            "HOME": str(self.folder / "home"),
            "RUNNING_UNDER_SYSTEMD": "true",  # the start script then becomes the broker, no shell stays
            "RABBITMQ_NODENAME": f"renkei{zlib.crc32(str(self.folder).encode()):08x}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self._ports[0]),
            "RABBITMQ_DIST_PORT": str(self._ports[1]),
            "ERL_EPMD_PORT": str(self._ports[2]),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_CRASH_DUMP": str(self.folder / "erl_crash.dump"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": _ERLANG_ARGUMENTS,
            "RABBITMQ_CONF_ENV_FILE": os.devnull,
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.folder / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(data / "config"),
            "RABBITMQ_MNESIA_BASE": str(data),
            "RABBITMQ_MNESIA_DIR": str(data / "node"),
            "RABBITMQ_FEATURE_FLAGS_FILE": str(data / "feature_flags"),
            "RABBITMQ_PID_FILE": str(data / "pid"),
            "RABBITMQ_LOG_BASE": str(self.folder),
            "RABBITMQ_LOGS": "-",
        }

    def _control(self, *command: str) -> None:
        subprocess.run(
            [str(self._programs / "rabbitmqctl"), *command],
            env={**os.environ, **self._environment()},
            check=True,
            capture_output=True,
            timeout=60,
        )


def _epmd_program() -> str:
    return shutil.which("epmd") or "/usr/lib/erlang/bin/epmd"


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def speaks_amqp(port: int) -> bool:
    """Whether the broker answers our protocol header; it opens its port only after the definitions are in."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(b"AMQP\x00\x00\x09\x01")
            return connection.recv(1) == b"\x01"
    except OSError:
        return False
