"""Checking the whole access log, which takes minutes where years are in it: it goes on beside whoever asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock, Thread
from typing import Final

from shared.eventlog.access import AccessLog
from shared.eventlog.chain import Finding

_SOON: Final = 20_000
"""Rows that are checked while somebody waits, in a fraction of a second."""


@dataclass(frozen=True, slots=True)
class Checked:
    """How far a check that was begun at a moment is: ``done`` of ``total`` rows. ``findings`` is None until its end."""

    begun_at: datetime
    total: int
    done: int = 0
    findings: Sequence[Finding] | None = None
    failed: bool = False


class AccessCheck:
    """The last check of a node's access log, or the one that goes on."""

    def __init__(self, log: AccessLog) -> None:
        self._log = log
        self._guard = Lock()
        self._last: Checked | None = None

    def look(self, now: datetime, again: bool = False) -> Checked:
        """A check of a short log; of a long one how far the last is. One begins where there is none, or ``again``."""
        total = self._log.end()
        if total <= _SOON:
            return Checked(now, total, total, list(self._log.verify()))
        with self._guard:
            over = self._last is None or self._last.failed or self._last.findings is not None
            if self._last is None or self._last.failed or (again and over):
                self._last = Checked(now, total)
                Thread(target=self._check, name="access-check", daemon=True).start()
            return self._last

    def _check(self) -> None:
        try:
            findings = list(self._log.verify(self._reached))
        except Exception:
            self._tell(failed=True)
            raise
        self._tell(findings=findings)

    def _reached(self, position: int) -> None:
        self._tell(done=position)

    def _tell(self, **changes: object) -> None:
        with self._guard:
            if self._last is not None:
                self._last = replace(self._last, **changes)  # type: ignore[arg-type]
