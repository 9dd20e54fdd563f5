"""The log against the library `eventsourcing`: committing, rebuilding a case, reading pages.

Our side does all that a node does: validation, commitments and encryption of personal fields, hash chain, one delivery
an event, the command's own record, and every view of the office's service.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID, uuid4

import psycopg

from deploy.bench.case_events import LENGTH, life_of_a_case, register
from deploy.bench.figures import Figure, Rounds, Tell, rate
from deploy.bench.ground import Ground
from deploy.bench.library import Library, LibraryCase, opened
from deploy.bench.writing import ACTOR, DAY, records_of
from deploy.composition import node_from
from shared.eventlog.model import NewEvent, case_stream
from shared.node.node import Node
from shared.node.service import Command

CASES: Final = 20
"""New cases in each round."""
PASSES: Final = 5
"""Single commits to each of them, for each way of committing."""
PAGE: Final = 1000
CHANGE: Final = {"change": "moved_within", "changed_on": DAY, "note": "見本町二丁目へ転居"}


@dataclass
class Ours:
    """An office's node, and how far the bench has brought its cases."""

    node: Node
    versions: dict[UUID, int] = field(default_factory=dict)

    def prepare(self) -> None:
        """Open the log and tell the node of the agencies."""
        self.node.open()
        self._append(register(), {})

    def hundred(self, lives: Sequence[Sequence[NewEvent]]) -> None:
        """Each new case in one commit."""
        for life in lives:
            case_id = life[0].case_id
            assert case_id is not None
            self._append(life, {case_stream(case_id): 0})
            self.versions[case_id] = len(life)

    def rebuild(self, cases: Sequence[UUID]) -> None:
        """Fold each case from the log."""
        for case_id in cases:
            self.node.knowledge.forget()
            self.node.situation(case_id)

    def commit(self, cases: Sequence[UUID]) -> None:
        """One event to each case, the decision and its state in hand."""
        for case_id in cases:
            data = {**CHANGE, "reported_on": DAY}
            event = NewEvent("CircumstanceChanged", data, case_id=case_id, to=("1301600019",))
            self._append([event], {case_stream(case_id): self.versions[case_id]})
            self.versions[case_id] += 1

    def handle(self, cases: Sequence[UUID], cold: bool) -> None:
        """One command to each case; ``cold``: no state is remembered."""
        for case_id in cases:
            if cold:
                self.node.knowledge.forget()
            self.node.handle(Command(uuid4(), "ReportCircumstance", case_id, CHANGE, ACTOR, DAY))
            self.versions[case_id] += 1

    def read(self) -> None:
        """The whole log, page by page."""
        for _ in self.node.log.pages(limit=PAGE):
            pass

    def _append(self, events: Sequence[NewEvent], expected: dict[str, int]) -> None:
        # What Node.handle does with a decision, its command's record included.
        records = records_of(self.node, events)
        told = [{"id": str(each.id), "type": each.type} for each in records]
        result = {"asked": "x" * 64, "case": str(events[0].case_id), "events": told, "advice": []}
        command = {"id": str(uuid4()), "name": "ReportCircumstance", "result": result}
        self.node.log.append(records, expected, command)


@dataclass
class Theirs:
    """The library, plain and with its cache of aggregates."""

    plain: Library
    remembering: Library
    in_hand: dict[UUID, LibraryCase] = field(default_factory=dict)

    def hundred(self, lives: Sequence[Sequence[NewEvent]]) -> list[UUID]:
        """Each new case in one commit; returns the library's numbers of them."""
        made = []
        for life in lives:
            case = opened(life, ACTOR)
            self.plain.save(case)
            self.in_hand[case.id] = case
            made.append(case.id)
        return made

    def rebuild(self, cases: Sequence[UUID]) -> None:
        """Read each case."""
        for case_id in cases:
            self.plain.get(case_id)

    def commit(self, cases: Sequence[UUID]) -> None:
        """One event to each case, the aggregate in hand."""
        for case_id in cases:
            case = self.in_hand[case_id]
            _change(case)
            self.plain.save(case)

    def read_and_commit(self, cases: Sequence[UUID], library: Library) -> None:
        """Read each case, add one event, save it."""
        for case_id in cases:
            case = library.get(case_id)
            _change(case)
            library.save(case)

    def read(self) -> None:
        """The whole log, page by page."""
        after = 0
        while (last := self.plain.page(after, PAGE)) != after:
            after = last


def _change(case: LibraryCase) -> None:
    day = DAY.isoformat()
    data = {**CHANGE, "changed_on": day, "reported_on": day}
    case.record("CircumstanceChanged", day, ACTOR, data)


# The target of single commits is for what each side does by default when one thing is to be recorded: the library reads
# the aggregate from its repository and saves it, a node handles a command, and remembers states as it always does. The
# three lines below it take that apart: with the library's cache on, with our states forgotten before every command, and
# without reading or deciding anything.
_LINES: Final = (
    ("read_and_commit", "1件ずつ読み出して記録（双方の通常の動作）", "件/秒", 2.5),
    ("read_and_commit_cached", "同上、相手のキャッシュを有効にした場合", "件/秒", None),
    ("read_and_commit_cold", "同上、Renkei も毎回ログから組み立てる場合", "件/秒", None),
    ("commit", "記録だけ（状態は手元にある）", "件/秒", None),
    ("hundred", "100件を一度に記録", "件/秒", 2.0),
    ("rebuild", "100件のケースを組み立て直す", "ケース/秒", 2.0),
    ("pages", "ログを1,000件ずつ読む", "件/秒", 1.0),
)


def log_figures(ground: Ground, rounds: int, tell: Tell) -> list[Figure]:
    """Everything about the log, in ``rounds`` rounds on cases of 100 events."""
    node = node_from(ground.node("office", prefix="log_").config)
    dsn = ground.database("library")
    ours, theirs = Ours(node), Theirs(Library(dsn), Library(dsn, remembering=True))
    taken, plain = {name: Rounds() for name, *_ in _LINES}, []
    ours.prepare()
    # After one round connections, plans and caches of both are warm, and statistics are there.
    _round(ours, theirs, {name: Rounds() for name, *_ in _LINES})
    ground.analyse("log_office", "library")
    for number in range(rounds):
        tell(f"ログ: {number + 1}/{rounds}回目")
        _round(ours, theirs, taken)
        plain.append(_plain_inserts(dsn))
    for each in (node, theirs.plain, theirs.remembering):
        each.close()
    figures = [taken[name].figure(name, title, unit, target) for name, title, unit, target in _LINES]
    return [
        *figures,
        Figure("insert", "（目安）素の INSERT、1件ずつ確定", "件/秒", sorted(plain)[len(plain) // 2]),
    ]


def _round(ours: Ours, theirs: Theirs, taken: dict[str, Rounds]) -> None:
    lives = [life_of_a_case(uuid4()) for _ in range(CASES)]
    cases = [life[0].case_id for life in lives if life[0].case_id is not None]
    made: list[UUID] = []
    events, singles = CASES * LENGTH, CASES * PASSES
    taken["hundred"].take(
        lambda: rate(events, lambda: ours.hundred(lives)),
        lambda: rate(events, lambda: made.extend(theirs.hundred(lives))),
    )
    taken["rebuild"].take(
        lambda: rate(CASES, lambda: ours.rebuild(cases)), lambda: rate(CASES, lambda: theirs.rebuild(made))
    )
    taken["read_and_commit_cold"].take(
        lambda: rate(singles, lambda: ours.handle(cases * PASSES, cold=True)),
        lambda: rate(singles, lambda: theirs.read_and_commit(made * PASSES, theirs.plain)),
    )
    taken["read_and_commit"].take(
        lambda: rate(singles, lambda: ours.handle(cases * PASSES, cold=False)),
        lambda: rate(singles, lambda: theirs.read_and_commit(made * PASSES, theirs.plain)),
    )
    taken["read_and_commit_cached"].take(
        lambda: rate(singles, lambda: ours.handle(cases * PASSES, cold=False)),
        lambda: rate(singles, lambda: theirs.read_and_commit(made * PASSES, theirs.remembering)),
    )
    theirs.in_hand = {case_id: theirs.plain.get(case_id) for case_id in made}
    taken["commit"].take(
        lambda: rate(singles, lambda: ours.commit(cases * PASSES)),
        lambda: rate(singles, lambda: theirs.commit(made * PASSES)),
    )
    taken["pages"].take(
        lambda: rate(sum(ours.versions.values()), ours.read),
        lambda: rate(sum(ours.versions.values()), theirs.read),
    )


def _plain_inserts(dsn: str, number: int = 200) -> float:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("create table if not exists plain (id uuid primary key, data text)")

        def insert() -> None:
            for _ in range(number):
                connection.execute("insert into plain values (%s, %s)", (uuid4(), "x" * 300))

        return rate(number, insert)
