"""What is still owed in all cases, remembered from one look to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from threading import Lock, Thread
from typing import Final
from uuid import UUID

from shared.console.duties import Duty, designation_duties, duties_in, urgency
from shared.node.node import Node
from shared.policy.dates import TOKYO

_MOST: Final = 200_000
"""Duties that are remembered, some 80 MB; an agency with more works them all out at every look."""
_SOON: Final = 500
"""Cases whose duties are worked out while somebody waits, in two seconds at most."""
_AT_ONCE: Final = 200
"""Cases that are worked out together."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The open duties that concern an agency, the most urgent first: its ``own``, and what is ``owed`` to it."""

    own: Sequence[Duty] = ()
    owed: Sequence[Duty] = ()
    own_overdue: int = 0
    owed_overdue: int = 0


class OpenDuties:
    """The open obligations of an agency's cases and of designations, the most urgent first.

    How a case's obligations stand follows from its events and the business date alone. So on one day they are worked
    out again only for the cases of which the log has learned something since the look before. Holds no personal data.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._guard = Lock()
        self._day: date | None = None
        self._position = 0
        self._of_case: dict[UUID | None, list[Duty]] = {}  # None: designations, which are of no case
        self._sorted: list[
            tuple[tuple[int, str, str], int, Duty]
        ] = []  # urgency, a number that is nobody else's
        self._number = count()
        self._sides: Sides | None = None
        self._beside: Thread | None = None
        self._too_many = False
        self.progress: tuple[int, int] | None = None
        """Of how many cases how many are worked out, while those of a new day are; None when nothing long goes on."""

    def ready(self) -> bool:
        """Whether :meth:`sides` answers soon. Where a day begins with thousands of cases, they are worked out beside
        whoever asks, who may come back; ``progress`` tells how far it is."""
        if not self._guard.acquire(timeout=0.1):
            return self.progress is None
        try:
            today = self._node.today()
            if today == self._day or self._too_many or len(self._known_cases()) <= _SOON:
                return True
            if self._beside is None or not self._beside.is_alive():
                self._beside = Thread(target=self.sides, name="open-duties", daemon=True)
                self._beside.start()
            return False
        finally:
            self._guard.release()

    def sides(self) -> Sides:
        """Those that concern this agency, as the log and the clock stand now."""
        with self._guard:
            found = self._now()
            if self._sides is not None:
                return self._sides
            me = self._node.agency
            own = [each for _, _, each in found if each.what.debtor == me]
            owed = [each for _, _, each in found if each.what.creditor == me and each.what.debtor != me]
            sides = Sides(own, owed, _overdue(own), _overdue(owed))
            self._sides = sides if self._day is not None else None
            return sides

    def all(self) -> Sequence[Duty]:
        """All of them, as the log and the clock stand now."""
        with self._guard:
            return [each for _, _, each in self._now()]

    def _now(self) -> list[tuple[tuple[int, str, str], int, Duty]]:
        # The end of the log first: what is committed between the two reads is only read once more at the next look.
        head = self._node.log.head()
        today = head.now.astimezone(TOKYO).date()
        if today != self._day:
            self._day, self._position, self._of_case, self._sorted = today, 0, {}, []
        if head.position > self._position:
            self._work_out(self._touched() if self._position else None, today)
            self._position, self._sides = head.position, None
        found, self._too_many = self._sorted, len(self._sorted) > _MOST
        if self._too_many:
            self._day, self._of_case, self._sorted, self._sides = None, {}, [], None
        return found

    def _touched(self) -> list[UUID | None]:
        """The cases of which something was recorded since the last look; None when something of no case was."""
        with self._node.database.connection() as connection:
            rows = connection.execute(
                "select distinct case_id from events where position > %s",
                (self._position,),
            ).fetchall()
        return list(dict.fromkeys([*(case_id for (case_id,) in rows), *self._in_submissions()]))

    def _in_submissions(self) -> list[UUID]:
        """The cases of which a submission, or a ward's receipt of one, has told since the last look."""
        with self._node.database.connection() as connection:
            told = connection.execute(
                "select data::json ->> 'submission_id' from events where position > %s"
                " and type in ('ClaimSubmitted', 'SubmissionReceived')",
                (self._position,),
            ).fetchall()
        known = self._node.situation().agency.submissions.by_id if told else {}
        return [UUID(line.case) for (each,) in told if each in known for line in known[each].lines]

    def _work_out(self, touched: Sequence[UUID | None] | None, today: date) -> None:
        """Those of the cases ``touched``, and of designations if None is among them; of all if none are named."""
        gone = {id(duty) for each in touched or () for duty in self._of_case.pop(each, ())}
        found = self._of_all(today) if touched is None else self._of(touched, today)
        if touched is None or None in touched:
            found += designation_duties(self._node, today)
        found = [duty for duty in found if duty.what.open]
        for duty in found:
            self._of_case.setdefault(duty.case_id, []).append(duty)
        # What stays is in order already, so that little is left to sort.
        kept = [each for each in self._sorted if id(each[2]) not in gone]
        self._sorted = sorted([*kept, *((urgency(duty), next(self._number), duty) for duty in found)])

    def _of_all(self, today: date) -> list[Duty]:
        """The open ones of all cases, some cases at once: their facts would not fit into memory together."""
        cases, found = self._known_cases(), list[Duty]()
        try:
            for done in range(0, len(cases), _AT_ONCE):
                self.progress = (done, len(cases)) if len(cases) > _SOON else None
                found += self._of(cases[done : done + _AT_ONCE], today)
        finally:
            self.progress = None
        return found

    def _of(self, cases: Sequence[UUID | None], today: date) -> list[Duty]:
        wanted = [each for each in cases if each]
        return [duty for duty in duties_in(self._node, wanted, today) if duty.what.open]

    def _known_cases(self) -> list[UUID]:
        with self._node.database.connection() as connection:
            rows = connection.execute(
                "select case_id from view_obligations.cases order by case_id"
            ).fetchall()
        return [case_id for (case_id,) in rows]


def _overdue(duties: Sequence[Duty]) -> int:
    return sum(each.what.state == "overdue" for each in duties)
