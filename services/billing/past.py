"""The files of an earlier submission, made again from what was known then; their hashes prove them the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.billing.filing import File, NodeBooks, bundle
from services.billing.people import Person, people
from shared.care.state import Case
from shared.care.submissions import Submission, Submissions
from shared.node.node import Node
from shared.node.service import Situation
from shared.policy.dates import Month


class CannotRestore(Exception):
    """The files can't be made as they were; the message is Japanese and says why."""


@dataclass(frozen=True, slots=True)
class PastBooks:
    """What the desk knew when it made a submission."""

    node: Node
    submission: Submission
    known_at: datetime

    def situation(self, case_id: UUID | None = None) -> Situation:
        """A case as it was known then, and the submissions before this one."""
        now = self.node.situation()
        earlier = Submissions()
        for each in now.agency.submissions.by_id.values():
            if each.id == self.submission.id:
                break
            earlier = earlier.submitted(each)
        agency = replace(now.agency, submissions=earlier)
        if case_id is None:
            return replace(now, agency=agency)
        return replace(now, agency=agency, case=self.node.replay(case_id, None, self.known_at).case)

    def months_of(self, claimant: str, before: Month) -> Iterable[tuple[UUID, str]]:
        """The months of this submission."""
        found = {(line.service_month, line.case) for line in self.submission.lines}
        return [(UUID(case), month) for month, case in sorted(found)]

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
    known_at, hashes = _recorded(node, submission_id)
    books = PastBooks(node, submission, known_at)
    examined = Month.parse(submission.examination_month)
    files = bundle(books, submission.claimant, submission.route, examined).files
    if {each.name: each.written.sha256 for each in files} != hashes:
        raise CannotRestore(
            "提出したファイルと同じものを作れません。本人の記録が消去されたか、登録値が変わっています。"
            "提出したときに保存したファイルを使ってください"
        )
    return submission, files


def _recorded(node: Node, submission_id: str) -> tuple[datetime, dict[str, str]]:
    query = (
        b"select recorded_at, data::json -> 'files' from events"
        b" where type = 'ClaimSubmitted' and data::json ->> 'submission_id' = %s"
    )
    with node.database.connection() as connection:
        row = connection.execute(query, (submission_id,)).fetchone()
    if row is None:
        raise CannotRestore(f"{submission_id} の提出の記録を読めません")
    recorded_at, files = row
    return recorded_at, {each["name"]: each["sha256"] for each in files}
