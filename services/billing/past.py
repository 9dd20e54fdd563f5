"""The files of an earlier submission, made again from what was known then; their hashes prove them the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from services.billing.books import NodeBooks, case_before
from services.billing.filing import File, bundle
from services.billing.people import Person, people
from shared.care.agency import AgencyState
from shared.care.folds.register import evolve_agency
from shared.care.state import Case
from shared.care.submissions import Submission
from shared.eventlog.log import event_of
from shared.node.node import Node
from shared.node.service import Situation
from shared.policy.dates import Month


class CannotRestore(Exception):
    """The files can't be made as they were; the message is Japanese and says why."""


@dataclass(frozen=True)
class PastBooks:
    """What the desk knew when it made a submission: all that stands before its ``position`` in the log."""

    node: Node
    submission: Submission
    position: int

    def situation(self, case_id: UUID | None = None) -> Situation:
        """A case and the register as they were known then."""
        now = replace(self.node.situation(), agency=self.register)
        return now if case_id is None else replace(now, case=case_before(self.node, case_id, self.position))

    @cached_property
    def register(self) -> AgencyState:
        """Mandates, designations, earlier submissions and what was known to have become of them."""
        found = AgencyState.empty()
        for row in self.node.log.register(0):
            if row.position < self.position:
                found = evolve_agency(found, event_of(row))
        return found

    def months_of(self, claimant: str, before: Month) -> Iterable[tuple[UUID, str]]:
        """The months of this submission."""
        found = {(line.service_month, line.case) for line in self.submission.lines}
        return [(UUID(case), month) for month, case in sorted(found)]

    def reported(self, month: Month) -> Iterable[UUID]:
        """The cases of this submission."""
        return [UUID(line.case) for line in self.submission.lines if line.service_month == str(month)]

    def people(self, case_ids: Sequence[UUID]) -> Mapping[UUID, Person]:
        """The persons as they can be read today."""
        return people(self.node, case_ids)

    def stated(self, case_id: UUID, submission_id: str) -> Case:
        """A case as it was known when a still earlier submission was made."""
        return NodeBooks(self.node).stated(case_id, submission_id)


def files_again(node: Node, submission_id: str) -> tuple[Submission, tuple[File, ...]]:
    """The files of a submission, byte for byte.

    :raises CannotRestore: there is no such submission, or a file would differ (a person was erased meanwhile).
    """
    submission = node.situation().agency.submissions.by_id.get(submission_id)
    if submission is None:
        raise CannotRestore(f"{submission_id} という提出はありません")
    position, hashes = _recorded(node, submission_id)
    books = PastBooks(node, submission, position)
    examined = Month.parse(submission.examination_month)
    chosen = {(UUID(each.case), each.kind, each.service_month) for each in submission.lines}
    files = bundle(books, submission.claimant, submission.route, examined, chosen).files
    if {each.name: each.written.sha256 for each in files} != hashes:
        raise CannotRestore(
            "提出したファイルと同じものを作れません。本人の記録が消去されたか、登録値が変わっています。"
            "提出したときに保存したファイルを使ってください"
        )
    return submission, files


def _recorded(node: Node, submission_id: str) -> tuple[int, dict[str, str]]:
    """The place of a submission in the log, and the hashes of its files by name."""
    query = (
        b"select position, data::json -> 'files' from events"
        b" where type = 'ClaimSubmitted' and data::json ->> 'submission_id' = %s order by position limit 1"
    )
    with node.database.connection() as connection:
        row = connection.execute(query, (submission_id,)).fetchone()
    if row is None:
        raise CannotRestore(f"{submission_id} の提出の記録を読めません")
    position, files = row
    return position, {each["name"]: each["sha256"] for each in files}
