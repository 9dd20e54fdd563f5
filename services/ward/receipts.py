"""What lies at the ward's receipt desk: the media with claim data, by when each had to arrive, what is still to do.

A medium comes by courier with its slip, or is brought; it is received, emptied and returned (A-S1 to A-S9, A-S11).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from contracts.claim_codes import MEDIUM_CONTENTS
from services.ward.claims import claimed_again
from shared.care.submissions import Submission, Submissions, SubmittedLine
from shared.policy.dates import Month
from shared.policy.deadlines import claim_cut_off, dispatch_by
from shared.policy.parameters import ParameterError, parameters

STATES: Final = {
    "awaited": "未受領",
    "to_return": "受領（USB未返送）",
    "done": "受領・返送済み",
}
_ORDER: Final = tuple(STATES)


@dataclass(frozen=True, slots=True)
class Receipt:
    """One submission at the desk. ``cut_off`` and ``dispatch`` are None where nobody published them (A-S12)."""

    submission: Submission
    desk: str | None
    cut_off: datetime | None
    dispatch: date | None
    again: tuple[SubmittedLine, ...]

    @property
    def state(self) -> str:
        """How far the desk is with it: a key of :data:`STATES`."""
        if self.submission.received_at is None:
            return "awaited"
        return "done" if self.submission.medium_returned_on else "to_return"

    @property
    def lacking(self) -> tuple[str, ...]:
        """What should be in the bag and is not: as it arrived, or as it was sent while it is awaited (A-S1, A-S2)."""
        held = self.submission.contents if self.state == "awaited" else self.submission.arrived
        return tuple(title for code, title in MEDIUM_CONTENTS.items() if code not in held)

    @property
    def yen(self) -> int:
        """What is claimed with it, less what it takes back."""
        signs = {"claim": 1, "cancellation": -1}
        return sum(signs.get(each.kind, 0) * each.yen for each in self.submission.lines)

    def count(self, kind: str) -> int:
        """How many lines of a kind it holds."""
        return sum(1 for each in self.submission.lines if each.kind == kind)


def receipts(submissions: Submissions, ward: str) -> list[Receipt]:
    """Every submission to a ward: what is awaited first, then what is to be returned, the latest first in each."""
    found = [
        receipt(submissions, each)
        for each in submissions.by_id.values()
        if (each.route, each.insurer) == ("ward", ward)
    ]
    latest = sorted(found, key=lambda each: (each.submission.submitted_on, each.submission.id), reverse=True)
    return sorted(latest, key=lambda each: _ORDER.index(each.state))


def receipt(submissions: Submissions, submission: Submission) -> Receipt:
    """One submission with the days that its ward has published."""
    examined = Month.parse(submission.examination_month)
    try:
        known = parameters(submission.insurer)
        entry = dispatch_by(examined, known)
        desks = known.find("claim.receipt_desk", examined.first)
    except ParameterError:
        return Receipt(submission, None, None, None, claimed_again(submissions, submission))
    try:
        cut_off: datetime | None = claim_cut_off(examined, known).at
    except ParameterError:
        cut_off = None
    return Receipt(
        submission,
        desks.value.get(submission.means) if desks else None,
        cut_off,
        entry.value if entry else None,
        claimed_again(submissions, submission),
    )


def awaited(found: Iterable[Receipt]) -> int:
    """How many of them wait for the desk."""
    return sum(1 for each in found if each.state != "done")
