"""What a submission is made from: a billing desk's knowledge of its cases, and the persons they are about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from services.billing.people import Person, people
from shared.care.case import evolve_case
from shared.care.state import Case
from shared.eventlog.log import event_of
from shared.node.errors import Refused
from shared.node.node import Node
from shared.node.service import Situation
from shared.policy.dates import Month


class Books(Protocol):
    """What a submission is made from: what is known of a case, whose months there are, and the persons."""

    def situation(self, case_id: UUID | None = None) -> Situation: ...
    def months_of(self, claimant: str, before: Month) -> Iterable[tuple[UUID, str]]: ...
    def reported(self, month: Month) -> Iterable[UUID]: ...
    def people(self, case_ids: Sequence[UUID]) -> Mapping[UUID, Person]: ...
    def stated(self, case_id: UUID, submission_id: str) -> Case: ...


@dataclass(frozen=True, slots=True)
class NodeBooks:
    """A billing desk's node."""

    node: Node

    def situation(self, case_id: UUID | None = None) -> Situation:
        """What the node knows now."""
        return self.node.situation(case_id)

    def months_of(self, claimant: str, before: Month) -> Iterable[tuple[UUID, str]]:
        """The months before ``before`` that were drafted for a claimant, that it has to take back, or whose slip is its
        own, oldest first."""
        query = (
            b"select case_id, service_month from view_claim_months.months"
            b" where (claimant = %s or slip_claimant = %s or (submitted_by = %s and result = 'corrected'))"
            b" and service_month < %s"
            b" order by service_month, case_id"
        )
        with self.node.database.connection() as connection:
            yield from connection.execute(query, (claimant, claimant, claimant, str(before))).fetchall()

    def reported(self, month: Month) -> Iterable[UUID]:
        """The cases of which a service month's performance is reported, or was when its slip was submitted: who is not
        closed yet first, then who was held up, so that closing some at a time comes to all of them.
        """
        query = (
            b"select case_id from view_claim_months.months"
            b" where service_month = %s and (reported_on is not null or slip_submitted_on is not null)"
            b" order by (claim_id is not null and reopened is null), blockers is not null, case_id"
        )
        with self.node.database.connection() as connection:
            return [case_id for (case_id,) in connection.execute(query, (str(month),)).fetchall()]

    def people(self, case_ids: Sequence[UUID]) -> Mapping[UUID, Person]:
        """The persons of these cases, deciphered."""
        return people(self.node, case_ids)

    def stated(self, case_id: UUID, submission_id: str) -> Case:
        """A case as it was known when a submission was made.

        :raises Refused: the log doesn't hold that moment.
        """
        query = (
            b"select position from events"
            b" where type = 'ClaimSubmitted' and data::json ->> 'submission_id' = %s order by position limit 1"
        )
        with self.node.database.connection() as connection:
            row = connection.execute(query, (submission_id,)).fetchone()
        found = case_before(self.node, case_id, row[0]) if row is not None else Case.empty()
        if found.opened:
            return found
        raise Refused(
            "not_as_stated",
            "提出したときの記録がこのノードになく、取消を作れません",
            rule="A-Q53",
            todo="請求を提出したノードで取り消すか、区（地域包括ケア推進課）に取消の方法を問い合わせてください",
        )


def case_before(node: Node, case_id: UUID, position: int) -> Case:
    """A case as a node knew it before a place in its log; not opened where it knew nothing."""
    found = Case.empty()
    for row in node.log.case(case_id):
        if row.position < position:
            found = evolve_case(found, event_of(row))
    return found


def books_of(source: Node | Books) -> Books:
    """The books of a node; other books are what they are."""
    return NodeBooks(source) if isinstance(source, Node) else source
