"""A TCP address between one node and the broker, where a test can stop the bytes of one direction and cut the line.

This is how a process is killed at an exact place of a conversation: it has received what it waited for, and what it
answers never arrives.
"""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final, Literal
from urllib.parse import urlsplit, urlunsplit

from deploy.local.ports import free_port

Side = Literal["node", "broker"]
_JWE: Final = re.compile(rb"eyJ[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+")


class _Line:
    """One connection of a node. ``told`` is what the broker said on it."""

    def __init__(self, node: socket.socket, broker: socket.socket, silenced: set[Side]) -> None:
        self._sockets: dict[Side, socket.socket] = {"node": node, "broker": broker}
        self.silenced = silenced
        self.told = bytearray()
        for side in self._sockets:
            threading.Thread(target=self._pass, args=(side,), daemon=True).start()

    def cut(self) -> None:
        for each in self._sockets.values():
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _pass(self, speaker: Side) -> None:
        """Carry what ``speaker`` says to the other side; what it says once it is silenced is lost."""
        listener: Side = "broker" if speaker == "node" else "node"
        with suppress(OSError):
            while said := self._sockets[speaker].recv(65536):
                if speaker in self.silenced:
                    continue
                if speaker == "broker":
                    self.told += said
                self._sockets[listener].sendall(said)
        self.cut()


class Proxy:
    """The address at which one node reaches the broker at ``broker_url``."""

    def __init__(self, broker_url: str) -> None:
        self._broker = ("127.0.0.1", urlsplit(broker_url).port or 5672)
        self._port = free_port()
        self._lines: list[_Line] = []
        self._lock = threading.Lock()
        self._silenced: set[Side] = set()
        self._listening = socket.create_server(("127.0.0.1", self._port.number), backlog=20)
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, broker_url: str) -> str:
        """The broker's address, by way of this proxy."""
        parts = urlsplit(broker_url)
        place = f"{parts.username}:{parts.password}@127.0.0.1:{self._port.number}"
        return urlunsplit(parts._replace(netloc=place))

    @contextmanager
    def silence(self, side: Side) -> Iterator[None]:
        """Lose whatever ``side`` says from now on; at the end every line is cut, and new ones carry all again."""
        with self._lock:
            self._silenced = {side}
            for line in self._lines:
                line.silenced = {side}
        try:
            yield
        finally:
            self.cut()

    def cut(self) -> None:
        """Cut every line, as when a network fails; the node may come again."""
        with self._lock:
            for line in self._lines:
                line.cut()
            self._silenced = set()

    def heard(self) -> list[set[bytes]]:
        """The messages that the broker delivered, line by line; the same message on two lines was delivered again."""
        with self._lock:
            return [set(_JWE.findall(bytes(line.told))) for line in self._lines]

    def close(self) -> None:
        """End it and give the port back."""
        self._listening.shutdown(socket.SHUT_RDWR)  # closing alone would not wake who waits for a connection
        self._listening.close()
        self.cut()
        self._port.release()

    def _accept(self) -> None:
        while True:
            try:
                node, _ = self._listening.accept()
            except OSError:
                return
            try:
                broker = socket.create_connection(self._broker, timeout=10)
                broker.settimeout(None)
            except OSError:
                node.close()  # the broker is away
                continue
            with self._lock:
                self._lines.append(_Line(node, broker, self._silenced))
