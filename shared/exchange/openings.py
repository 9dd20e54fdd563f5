"""A case's parties speak in any order, but only who opened the case can tell one of them what it is.

A message about a case that its recipient does not know waits there. Its sender, told so by the receipt, asks the
opener to tell that party; the opener does so once. Without this, what an office sends to a ward about a case that its
centre opened would wait until the centre itself has something to send to the ward.
"""

import logging
import time
from typing import Final
from uuid import UUID

from contracts.opening import OpeningRequest, build_opening_request
from contracts.receipt import Receipt
from shared.exchange import jose
from shared.exchange.post import Post
from shared.node.node import Node

ASK_SECONDS: Final = 30.0
"""How long an opener is given before it is asked again: it may be away. Each time it is given twice as long."""
LONGEST_SECONDS: Final = 3600.0
MOST_ASKED: Final = 20
"""Requests in one pass: the inbox waits meanwhile."""
_UNTOLD: Final = """
select distinct opening.sender, event.case_id, receipted.partner
  from receipted
  join deliveries using (partner, epoch, sequence)
  join events as event on event.position = deliveries.position
  join events as opening on opening.case_id = event.case_id and opening.type = 'CaseOpened'
 where receipted.status = 'waiting' and receipted.code = 'unknown_case'
   and opening.sender not in (%(me)s, receipted.partner)
"""

logger = logging.getLogger("renkei.exchange.openings")


class Openings:
    """Has parties told of cases: asks the openers of others' cases, answers those who ask about its own."""

    def __init__(self, node: Node, post: Post) -> None:
        self._node = node
        self._post = post
        self._look_at = 0.0
        self._asked: dict[tuple[UUID, str], tuple[float, float]] = {}

    def heard(self, receipt: Receipt) -> None:
        """Note that a partner does not know a case: its opener is asked with the next answers."""
        if any(each.status == "waiting" and each.code == "unknown_case" for each in receipt.answers):
            self._look_at = 0.0

    def answer(self) -> int:
        """Ask the openers of the cases that partners do not know; returns how many messages the broker confirmed."""
        now = time.monotonic()
        if now < self._look_at:
            return 0
        self._look_at = now + ASK_SECONDS
        with self._node.database.connection() as connection:
            untold = connection.execute(_UNTOLD, {"me": self._node.agency}).fetchall()
        self._asked = {
            (case_id, party): self._asked.get((case_id, party), (now, 0.0)) for _, case_id, party in untold
        }
        due = [
            (opener, case_id, party)
            for opener, case_id, party in untold
            if self._asked[case_id, party][0] <= now
        ]
        return sum(self._ask(opener, case_id, party, now) for opener, case_id, party in due[:MOST_ASKED])

    def _ask(self, opener: str, case_id: UUID, party: str, now: float) -> bool:
        pause = min(LONGEST_SECONDS, max(ASK_SECONDS, 2 * self._asked[case_id, party][1]))
        self._asked[case_id, party] = (now + pause, pause)
        request = OpeningRequest(*self._post.heading(opener), case_id, party)
        return self._post.send(opener, "OpeningRequest", build_opening_request(request), jose.OPENING_REQUEST)

    def asked(self, request: OpeningRequest) -> None:
        """Tell a party of a case that this node opened; both it and who asks must be parties of the case.

        :raises psycopg.OperationalError: the database is away; nothing was done.
        """
        facts = {"partner": request.sender, "party": request.agency, "case": str(request.case)}
        parties = self._node.situation(request.case).case.parties
        asks_for_another = request.agency not in (self._node.agency, request.sender)
        if not asks_for_another or request.sender not in parties or request.agency not in parties:
            logger.warning("an opening was asked for by or for one who has no part", extra={"facts": facts})
            return
        with self._node.database.connection() as connection, connection.transaction():
            row = connection.execute("select tell_opening(%s, %s)", (request.case, request.agency)).fetchone()
        if row is not None and row[0]:
            logger.info("a party is told of a case at another's request", extra={"facts": facts})
