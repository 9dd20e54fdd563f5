"""Answering partners: signed receipts for whatever was received since the last one, requests to send again.

Which receipts are owed stands in the table ``received``, so none is forgotten when the process or the
broker dies, and one that is lost on the way is owed again as soon as its message arrives again.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final
from uuid import UUID, uuid4

from joserfc.jwk import OKPKey

from contracts.envelope import Frame
from contracts.receipt import Answer, Receipt, ResendRequest, build_receipt, build_resend_request
from contracts.topology import routing_key
from shared.eventlog.log import Head
from shared.exchange import jose
from shared.exchange.broker import Outgoing, Publisher
from shared.exchange.directory import Directory, DirectoryReader
from shared.exchange.keeping import take_head
from shared.exchange.numbering import Incoming
from shared.node.node import Node

RUN: Final = 500
"""Messages that one receipt answers at most."""
ASK_SECONDS: Final = 5.0
"""How long a partner is given to fill a gap before it is asked again."""
QUIET_SECONDS: Final = 10.0
"""How long a partner that has no inbox at the broker is left alone."""

logger = logging.getLogger("renkei.exchange.answering")


@dataclass(frozen=True, slots=True)
class Run:
    """Answers to one partner for messages of one epoch."""

    partner: str
    epoch: int
    answers: tuple[Answer, ...]


class Answering:
    """Sends what one node owes to those who sent it something."""

    def __init__(self, node: Node, directory: DirectoryReader, publisher: Publisher) -> None:
        self._node = node
        self._directory = directory
        self._publisher = publisher
        self._asked_at: dict[tuple[str, int, int], float] = {}
        self._to_ask: dict[str, tuple[int, int]] = {}
        self._quiet_until: dict[str, float] = {}

    def ask(self, frame: Frame, incoming: Incoming) -> None:
        """Note that messages before this one are missing; they are asked for at the next answer."""
        after = incoming.through if frame.epoch == incoming.epoch else 0
        question = (frame.sender, frame.epoch, after)
        now = time.monotonic()
        if now - self._asked_at.get(question, -ASK_SECONDS) >= ASK_SECONDS:
            self._asked_at = {key: at for key, at in self._asked_at.items() if now - at < ASK_SECONDS}
            self._asked_at[question] = now
            self._to_ask[frame.sender] = (frame.epoch, after)

    def ask_all(self) -> None:
        """Note that every partner is to be asked for what follows its last message."""
        with self._node.database.connection() as connection:
            rows = connection.execute(
                "select partner, greatest(incoming_epoch, 1), received_through from partners"
            ).fetchall()
        self._to_ask.update({partner: (epoch, through) for partner, epoch, through in rows})

    def ask_again(self, partner: str, epoch: int, after: int) -> bool:
        """Ask a partner at once for what follows its message ``after``; false when the broker did not take it."""
        directory, head = self._directory.read(), self._node.log.head()
        return self._send_questions({partner: (epoch, after)}, directory, head) == 1

    def answer(self) -> int:
        """Send what is owed; what can't be sent now stays owed. Returns how many messages the broker
        confirmed."""
        runs = self._owed()
        if not runs and not self._to_ask:
            return 0
        directory, head = self._directory.read(), self._node.log.head()
        sent = self._send_receipts(runs, directory, head)
        questions, self._to_ask = self._to_ask, {}
        return sent + self._send_questions(questions, directory, head)

    def close(self) -> None:
        """Give the broker connection back."""
        self._publisher.close()

    def _owed(self) -> list[Run]:
        with self._node.database.connection() as connection:
            rows = connection.execute(
                "select partner, epoch, sequence, event_id, digest, status, code, field, position from received"
                " where not answered order by partner, epoch, sequence limit %s",
                (4 * RUN,),
            ).fetchall()
        runs = []
        for (partner, epoch), group in groupby(rows, key=lambda row: (row[0], row[1])):
            answers = [Answer(*row[2:]) for row in group]
            runs += [
                Run(partner, epoch, tuple(answers[start : start + RUN]))
                for start in range(0, len(answers), RUN)
            ]
        now = time.monotonic()
        return [each for each in runs if self._quiet_until.get(each.partner, 0.0) <= now]

    def _send_receipts(self, runs: Sequence[Run], directory: Directory, head: Head) -> int:
        able = [(run, key) for run in runs if (key := directory.encryption_key(run.partner, head.now))]
        payloads = [self._receipt(run, head) for run, _ in able]
        outgoing = [
            self._sealed(payload, jose.RECEIPT, run.partner, "Receipt", key, directory, head)
            for payload, (run, key) in zip(payloads, able, strict=True)
        ]
        return sum(
            self._note(run, outcome == "confirmed")
            for (run, _), outcome in zip(able, self._publisher.publish(outgoing), strict=True)
        )

    def _send_questions(
        self, questions: Mapping[str, tuple[int, int]], directory: Directory, head: Head
    ) -> int:
        outgoing = []
        for partner, (epoch, after) in questions.items():
            key = directory.encryption_key(partner, head.now)
            if key is not None:
                request = ResendRequest(*self._common(partner, head), epoch, after)
                outgoing.append(
                    self._sealed(
                        build_resend_request(request),
                        jose.RESEND,
                        partner,
                        "ResendRequest",
                        key,
                        directory,
                        head,
                    )
                )
        return self._publisher.publish(outgoing).count("confirmed")

    def _receipt(self, run: Run, head: Head) -> str:
        return build_receipt(
            Receipt(*self._common(run.partner, head), run.epoch, run.answers, head.position, head.hash)
        )

    def _common(self, partner: str, head: Head) -> tuple[UUID, str, str, bool, datetime]:
        return uuid4(), self._node.agency, partner, self._node.training, head.now

    def _sealed(
        self,
        payload: str,
        typ: str,
        partner: str,
        name: str,
        key: OKPKey,
        directory: Directory,
        head: Head,
    ) -> Outgoing:
        listed = [each.kid for each in directory.current_keys(self._node.agency, "sig", head.now)]
        token = jose.sign(payload, self._node.agency_keys.signing_key(listed), typ)
        return Outgoing(routing_key(partner, name), jose.seal(token, (), key))

    def _note(self, run: Run, confirmed: bool) -> int:
        if not confirmed:
            self._quiet_until[run.partner] = time.monotonic() + QUIET_SECONDS
            return 0
        with self._node.log.write() as writing:
            take_head(writing.connection)
            # A status that changed meanwhile is owed a receipt of its own.
            writing.connection.execute(
                "update received set answered = true from unnest(%s::bigint[], %s::text[]) as told (number, status)"
                " where partner = %s and epoch = %s and sequence = told.number and received.status = told.status",
                (
                    [each.sequence for each in run.answers],
                    [each.status for each in run.answers],
                    run.partner,
                    run.epoch,
                ),
            )
        return 1
