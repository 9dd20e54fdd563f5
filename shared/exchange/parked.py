"""What a person must look at: listing it, showing one, trying one again, noting that one was looked at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import psycopg

from contracts.errors import ASKED_AGAIN, TEXTS
from shared.eventlog.log import Row, event_of
from shared.eventlog.model import Event, WrongExpectedVersion
from shared.exchange.authenticity import NotYet, Unauthentic
from shared.exchange.inbox import ATTEMPTS, Inbox
from shared.exchange.keeping import take_head
from shared.exchange.verdict import AWAY
from shared.node.node import Node, Reacted

_COLUMNS: Final = (
    "id, kind, partner, epoch, sequence, position, case_id, code, detail, parked_at, resolved_at, body,"
    " body_bytes"
)
_BUSY: Final = "ほかの記録と重なったため、処理できませんでした。もう一度再試行してください"


_RETRIED: Final = {
    "stored": "{number}番を処理しました",
    "done": "{number}番を処理しました",
    "asked": "{number}番は本文を残していないため、相手に送り直しを頼みました。届くと処理し、一覧から消えます",
}


def retried(status: str, number: int) -> str:
    """What a retry came to, in Japanese."""
    return _RETRIED[status].format(number=number)


class NotRetried(Exception):
    """It can't be tried again; the message is Japanese and says what to do."""


@dataclass(frozen=True, slots=True)
class Parked:
    """One parked thing. ``body`` is the ciphertext that arrived; it is not there where it may not or need not be
    kept. ``size`` is in bytes."""

    id: int
    kind: str
    partner: str | None
    epoch: int | None
    sequence: int | None
    position: int | None
    case_id: UUID | None
    code: str
    detail: str
    parked_at: datetime
    resolved_at: datetime | None
    body: bytes | None
    size: int | None = None

    @property
    def message(self) -> str:
        """Why it is parked, in Japanese."""
        return TEXTS.get(self.code, self.code)


@dataclass(frozen=True, slots=True)
class Shown:
    """A parked thing with what its message says about itself, without any personal field."""

    parked: Parked
    envelope: dict[str, Any] | None


def parked_list(node: Node, resolved: bool = False) -> list[Parked]:
    """What is parked, the oldest first; with ``resolved`` also what was settled."""
    condition = "true" if resolved else "resolved_at is null"
    with node.database.connection() as connection:
        rows = connection.execute(
            f"select {_COLUMNS} from parked where {condition} order by id".encode()  # noqa: S608 (constants)
        ).fetchall()
    return [Parked(*row) for row in rows]


def show(node: Node, number: int, inbox: Inbox | None = None) -> Shown:
    """One parked thing. :raises NotRetried: there is none of that number."""
    found = _get(node, number)
    if found.body is None:
        return Shown(found, None)
    try:
        payload = dict((inbox or Inbox(node)).authenticated(found.body).payload)
    except (Unauthentic, NotYet):
        return Shown(found, None)
    return Shown(found, payload)


def retry(node: Node, inbox: Inbox, number: int) -> str:
    """Try a parked thing again with what is known now; returns its status: ``stored``, ``done`` or ``asked``.

    A message whose case was not known, or for which there was no room to wait, was parked without its body. Its sender
    is ``asked`` to send it again; it stays parked until it has come, and is stored then.

    :raises NotRetried: it is refused again, or is not of a kind that can be tried again.
    """
    found = _get(node, number)
    if found.resolved_at is not None:
        raise NotRetried("すでに処理済みです")
    if found.kind == "alarm":
        raise NotRetried("警告は再試行できません。相手の事業所と確認してから、確認済みにしてください")
    if found.kind == "reaction":
        _react_again(node, found)
    elif found.body is None and found.kind == "message" and found.code in ASKED_AGAIN:
        _ask_again(node, inbox, found)
        return "asked"
    elif found.body is None:
        raise NotRetried(
            "本文が残っていないため再試行できません。必要なら、相手に新しく送ってもらってください"
        )
    elif found.kind == "message" and found.sequence is not None:
        _judge_again(inbox, found, found.body)
    else:
        _receive_again(inbox, found.body)
    _resolve(node, number)
    inbox.answer()
    return "stored" if found.kind == "message" else "done"


def acknowledge(node: Node, number: int) -> None:
    """Note that a person has looked at it and nothing is to be done any more.

    :raises NotRetried: there is none of that number.
    """
    _get(node, number)
    _resolve(node, number)


def _get(node: Node, number: int) -> Parked:
    with node.database.connection() as connection:
        row = connection.execute(
            f"select {_COLUMNS} from parked where id = %s".encode(),  # noqa: S608 (constants)
            (number,),
        ).fetchone()
    if row is None:
        raise NotRetried(f"{number} 番はありません。一覧で番号を確かめてください")
    return Parked(*row)


def _ask_again(node: Node, inbox: Inbox, found: Parked) -> None:
    partner, epoch, sequence = found.partner or "", found.epoch or 0, found.sequence or 0
    if found.case_id is None or node.situation(found.case_id).case.opening is None:
        raise NotRetried(_again(found.code))
    with node.database.connection() as connection:
        row = connection.execute(
            "select incoming_epoch from partners where partner = %s", (partner,)
        ).fetchone()
    if row != (epoch,):
        raise NotRetried(
            "相手はこの後に通番を改めたため、同じものは送り直せません。必要なら、相手に新しく送ってもらってください"
        )
    if not inbox.ask_again(partner, epoch, sequence):
        raise NotRetried(
            "相手に送り直しを頼めませんでした。送受信の状態を確かめて、もう一度再試行してください"
        )


def _judge_again(inbox: Inbox, found: Parked, body: bytes) -> None:
    try:
        message = inbox.authenticated(body)
    except (Unauthentic, NotYet) as problem:
        raise NotRetried(_again(problem.code)) from problem
    verdict = inbox.verdict(message)
    if verdict.status != "stored":
        raise NotRetried(_again(verdict.code or "", verdict.field))
    try:
        verdict = inbox.settle(message, verdict, None)
    except WrongExpectedVersion as problem:
        raise NotRetried(_BUSY) from problem
    if verdict.status != "stored":
        raise NotRetried(_again(verdict.code or "", verdict.field))


def _receive_again(inbox: Inbox, body: bytes) -> None:
    try:
        inbox.authenticated(body)
    except (Unauthentic, NotYet) as problem:
        raise NotRetried(_again(problem.code)) from problem
    inbox.receive(body)


def _react_again(node: Node, found: Parked) -> None:
    event = event_of(_event_row(node, found))
    for attempt in range(ATTEMPTS):
        try:
            early = _reacted(node, event) if attempt < ATTEMPTS - 1 else None
            with node.log.write() as writing:
                assert writing.head  # waits until the lock is held: then the state can't move on any more
                reacted = early or _reacted(node, event)
                writing.append(reacted.records, reacted.expected)
            return
        except WrongExpectedVersion:
            continue
        except psycopg.errors.UniqueViolation:
            return  # it had been done before
    raise NotRetried(_BUSY)


def _reacted(node: Node, event: Event) -> Reacted:
    try:
        return node.reactions_to(event, already_recorded=True)
    except AWAY:
        raise
    except Exception as problem:
        raise NotRetried(f"自動の処理がまた失敗しました（{type(problem).__name__}）") from problem


def _event_row(node: Node, found: Parked) -> Row:
    row = node.log.at(found.position or 0)
    if row is None:
        raise NotRetried("受け取ったイベントがログにありません")
    return row


def _again(code: str, field: str | None = None) -> str:
    place = f"（項目 {field}）" if field else ""
    return f"再試行しましたが、まだ受け入れられません: {TEXTS.get(code, code)}{place}"


def _resolve(node: Node, number: int) -> None:
    with node.log.write() as writing:
        take_head(writing.connection)
        writing.connection.execute(
            # Nobody needs its body any more; digest and size stay.
            "update parked set resolved_at = clock_timestamp(), body = null where id = %s and resolved_at is null",
            (number,),
        )
