"""What an agency knows: states folded from its log and remembered, because what is folded never changes.

A state is remembered with the place in the log up to which it is folded, and a look reads only what came after. The log
is the truth: a second process that writes to it is seen at the next look.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any, Final
from uuid import UUID

from shared.care.agency import AgencyState
from shared.care.case import Case, evolve_case, evolve_case_through
from shared.care.folds.register import evolve_agency
from shared.eventlog.log import EventLog
from shared.eventlog.model import Event, case_stream
from shared.node.service import Situation
from shared.policy.dates import TOKYO

_REMEMBERED: Final = 25_000
"""Events that all remembered cases are folded from; the least recently used case is forgotten first.

A folded event takes some 0.7 KB, so this is 18 MB, whether an office has a few long cases or two thousand short ones.
"""


@dataclass(frozen=True, slots=True)
class Look:
    """The situation of a decision, the stream versions it stands for, and the command's first result if it has one."""

    situation: Situation
    expected: Mapping[str, int]
    earlier: Mapping[str, Any] | None
    case_known: bool


class Knowledge:
    """The states of one agency's log."""

    def __init__(self, log: EventLog, agency: str, role: str) -> None:
        self._log = log
        self._agency = agency
        self._role = role
        # An agency decides about the register on all of it: every stream's version is expected.
        streams = {"agency": 0, f"directory:{agency}": 0} if role == "ward" else {"agency": 0}
        self._register: tuple[int, Mapping[str, int], AgencyState] = (0, streams, AgencyState.empty())
        self._cases: OrderedDict[UUID, tuple[int, Case]] = OrderedDict()
        self._weight = 0
        self._lock = Lock()

    def look(self, case_id: UUID | None = None, command_id: UUID | None = None) -> Look:
        """What is known now, of a case or without one; one round trip to the database."""
        position, versions, agency = self._register
        version, case = self._cases.get(case_id, (0, Case.empty())) if case_id else (0, Case.empty())
        read = self._log.read_since(position, case_stream(case_id) if case_id else None, version, command_id)
        for event in read.register:
            agency = evolve_agency(agency, event)
            position = event.position
            versions = {**versions, event.stream: event.version}
        self._register = (position, versions, agency)
        if read.stream:
            case, version = evolve_case_through(case, read.stream), read.stream[-1].version
        expected = versions
        if case_id is not None:
            expected = {case_stream(case_id): version}
            self._remember(case_id, version, case)
        today: date = read.head.now.astimezone(TOKYO).date()
        situation = Situation(self._agency, self._role, today, agency, case)
        return Look(situation, expected, read.done, version > 0)

    def learn(self, events: Sequence[Event]) -> None:
        """Fold what was just committed into the remembered cases, so that the next look need not read it."""
        for event in events:
            if event.case_id is None or event.stream != case_stream(event.case_id):
                continue
            version, case = self._cases.get(event.case_id, (0, Case.empty()))
            if event.version == version + 1:
                self._remember(event.case_id, event.version, evolve_case(case, event))

    def forget(self) -> None:
        """Forget every case; the next look at one folds it from the log."""
        with self._lock:
            self._cases.clear()
            self._weight = 0

    def _remember(self, case_id: UUID, version: int, case: Case) -> None:
        if version == 0:
            return
        with self._lock:
            before, _ = self._cases.pop(case_id, (0, case))
            self._cases[case_id] = (version, case)
            self._weight += version - before
            while self._weight > _REMEMBERED and len(self._cases) > 1:
                _, (forgotten, _) = self._cases.popitem(last=False)
                self._weight -= forgotten
