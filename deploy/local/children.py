"""Child processes that end when this process ends, and whose output goes to a file."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from deploy.local.errors import StartFailed

_BETWEEN_LOOKS = 0.05  # seconds
_TETHER = Path(__file__).with_name("tether.py")


class Child:
    """One running program; its output is appended to ``log``.

    It runs in a session of its own: a Ctrl-C at the terminal reaches only us, and we decide the order of
    stopping.
    """

    def __init__(
        self,
        program: Sequence[str],
        log: Path,
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        user: str | None = None,
        dies_by: signal.Signals = signal.SIGKILL,
    ) -> None:
        """Start ``program``. ``environment`` is added to ours; ``user`` (root only) is whom it runs as.

        ``dies_by`` is the signal it gets when we end without stopping it.
        """
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        tether = [sys.executable, "-I", "-S", str(_TETHER), str(os.getpid()), str(int(dies_by)), user or "-"]
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [*tether, *program],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
                cwd=folder,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its process id; the program replaces the tether, so it is the program's own."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative when a signal ended it."""
        return self._process.poll()

    def ask_to_end(self, by: signal.Signals = signal.SIGTERM) -> None:
        """Send it a signal without waiting. Harmless when it has ended."""
        if self.exit_code is None:
            self._process.send_signal(by)

    def stop(self, by: signal.Signals = signal.SIGTERM, patience: float = 20.0) -> None:
        """Ask it to end and wait; after ``patience`` seconds SIGKILL it. Harmless when it has ended."""
        self.ask_to_end(by)
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it by SIGKILL, and with it what it started in its own session."""
        if self.exit_code is None:
            os.killpg(self.pid, signal.SIGKILL)
            self._process.wait()

    def await_ready(self, is_ready: Callable[[], bool], what: str, patience: float = 60.0) -> None:
        """Return once ``is_ready`` says so.

        Raises StartFailed, with the end of the log, when the program ended or ``patience`` seconds passed.
        """
        until = time.monotonic() + patience
        while not is_ready():
            if self.exit_code is not None:
                raise StartFailed(self._story(what, f"exit status {self.exit_code}"))
            if time.monotonic() > until:
                raise StartFailed(self._story(what, f"{patience:.0f} s"))
            time.sleep(_BETWEEN_LOOKS)

    def finish(self, what: str, patience: float = 60.0) -> None:
        """Return once it has ended well.

        Raises StartFailed, with the end of the log, when it ended badly or ``patience`` seconds passed.
        """
        try:
            code = self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            raise StartFailed(self._story(what, f"{patience:.0f} s")) from None
        if code != 0:
            raise StartFailed(self._story(what, f"exit status {code}"))

    def _story(self, what: str, why: str) -> str:
        end = self.log.read_text(errors="replace")[-2000:]
        return (
            f"{what} を起動できませんでした({why})。ログ {self.log} を確認してください。\n"
            f"{what} did not start ({why}). See its log {self.log}:\n{end}"
        )


def wait_until(is_ready: Callable[[], bool], what: str, patience: float) -> None:
    """Return once ``is_ready`` says so; raises StartFailed after ``patience`` seconds."""
    until = time.monotonic() + patience
    while not is_ready():
        if time.monotonic() > until:
            raise StartFailed(
                f"{what} が応答しません({patience:.0f} 秒)。\n{what} does not answer ({patience:.0f} s)."
            )
        time.sleep(_BETWEEN_LOOKS)
