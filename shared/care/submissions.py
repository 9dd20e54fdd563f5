"""What was submitted, received and settled: an agency's claims beyond one case, from its register (A-S6, A-S9)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

from shared.care.state import Case
from shared.policy.dates import TOKYO
from shared.policy.obligation_facts import Fact, Part, facts_of_part


@dataclass(frozen=True, slots=True)
class SubmittedLine:
    """One person's month in a submission: a claim, a cancellation of one, or a benefit slip."""

    case: str
    kind: str
    claim_id: str
    service_month: str
    type: str
    units: int
    yen: int
    entrusted_office: str | None
    office_yen: int | None
    centre_yen: int | None
    late: str | None


@dataclass(frozen=True, slots=True)
class Submission:
    """What a claimant submitted in an examination month by one route.

    ``counted``: in time by the calendar, or as the ward said when it received it; None while neither tells.
    ``contents`` went into the bag, ``arrived`` is what the ward found in it (A-S1, A-S2).
    """

    id: str
    biller: str
    claimant: str
    insurer: str
    route: str
    examination_month: str
    submitted_on: date
    means: str
    counted: bool | None
    lines: tuple[SubmittedLine, ...]
    files: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()
    brought_at: datetime | None = None
    received_at: datetime | None = None
    arrived: tuple[str, ...] = ()
    medium_returned_on: date | None = None

    @property
    def received_on(self) -> date | None:
        """The day, in Tokyo, on which the ward received it; None while it has not."""
        return self.received_at.astimezone(TOKYO).date() if self.received_at else None

    @property
    def stands(self) -> bool:
        """Whether its lines count as submitted: so long as nobody said that it came too late."""
        return self.counted is not False

    def received_by(self, data: Mapping[str, Any]) -> bool:
        """Whether ``SubmissionReceived`` is of the ward that it went to, and of its claimant."""
        return (self.route, self.insurer, self.claimant) == ("ward", data["ward"], data["claimant"])


@dataclass(frozen=True, slots=True)
class Statement:
    """A settlement stated to an entrusted office for one examination month; yen, below zero when owed back.

    ``split_assumed``: the shares follow an assumed rule, which is shown wherever they are (decision 1).
    """

    id: str
    centre: str
    office: str
    examination_month: str
    stated_on: date
    lines: tuple[SubmittedLine, ...]
    yen: int
    office_yen: int
    centre_yen: int
    split_assumed: bool = False


def submission_of(data: Mapping[str, Any]) -> Submission:
    """From the data of ``ClaimSubmitted``."""
    return Submission(
        data["submission_id"],
        data["biller"],
        data["claimant"],
        data["insurer"],
        data["route"],
        data["examination_month"],
        date.fromisoformat(data["submitted_on"]),
        data["means"],
        data["counted"],
        tuple(_line(each) for each in data["lines"]),
        tuple(each["name"] for each in data["files"]),
        tuple(data["contents"]),
        datetime.fromisoformat(data["brought_at"]) if data["brought_at"] else None,
    )


def received(submission: Submission, data: Mapping[str, Any]) -> Submission:
    """With what ``SubmissionReceived`` says."""
    returned = data["medium_returned_on"]
    return replace(
        submission,
        counted=data["counted"],
        received_at=datetime.fromisoformat(data["received_at"]),
        arrived=tuple(data["contents"]),
        medium_returned_on=date.fromisoformat(returned) if returned else submission.medium_returned_on,
    )


def statement_of(data: Mapping[str, Any]) -> Statement:
    """From the data of ``SettlementStated``."""
    return Statement(
        data["statement_id"],
        data["centre"],
        data["office"],
        data["examination_month"],
        date.fromisoformat(data["stated_on"]),
        tuple(_line(each) for each in data["lines"]),
        data["yen"],
        data["office_yen"],
        data["centre_yen"],
        bool(data.get("split_assumed")),
    )


def of_month(statements: Iterable[Statement], month: str, agency: str = "") -> tuple[Statement, ...]:
    """The statements with lines of a service month, by or to one agency where it is named."""
    return tuple(
        each
        for each in statements
        if agency in ("", each.centre, each.office)
        and any(line.service_month == month for line in each.lines)
    )


def _line(data: Mapping[str, Any]) -> SubmittedLine:
    return SubmittedLine(
        data["case"],
        data["kind"],
        data["claim_id"],
        data["service_month"],
        data.get("type", ""),
        data.get("units", 0),
        data["yen"],
        data.get("entrusted_office"),
        data.get("office_yen"),
        data.get("centre_yen"),
        data.get("late"),
    )


@dataclass(frozen=True)
class Submissions:
    """All submissions, by their ids and by the cases in their lines, oldest first."""

    by_id: Mapping[str, Submission] = field(default_factory=dict)
    by_case: Mapping[str, tuple[tuple[str, SubmittedLine], ...]] = field(default_factory=dict)

    def submitted(self, one: Submission) -> "Submissions":
        """With one more."""
        if one.id in self.by_id:
            return self
        by_case = dict(self.by_case)
        for line in one.lines:
            by_case[line.case] = (*by_case.get(line.case, ()), (one.id, line))
        return Submissions({**self.by_id, one.id: one}, by_case)

    def of_month(self, month: str, claimant: str = "") -> tuple[Submission, ...]:
        """The submissions with lines of a service month, of one claimant where it is named."""
        return tuple(
            each
            for each in self.by_id.values()
            if claimant in ("", each.claimant) and any(line.service_month == month for line in each.lines)
        )

    def received(self, data: Mapping[str, Any]) -> "Submissions":
        """With what a ward says of one that it received."""
        known = self.by_id.get(data["submission_id"])
        if known is None or not known.received_by(data):
            return self
        return replace(self, by_id={**self.by_id, known.id: received(known, data)})

    def lines(self, case_id: str, kinds: Collection[str]) -> Iterator[tuple[Submission, SubmittedLine]]:
        """A case's lines of these kinds in submissions that stand."""
        for submission_id, line in self.by_case.get(case_id, ()):
            if line.kind in kinds and self.by_id[submission_id].stands:
                yield self.by_id[submission_id], line

    def standing_claims(self, case: Case, month: str) -> tuple[SubmittedLine, ...]:
        """The claims of a case's month that are with the examiner or decided: not returned, not taken back.

        There are two where a cancellation came too late, and the month's new claim did not (A-Q53, A-S6).
        """
        found: dict[str, SubmittedLine] = {}
        for _, line in self.lines(str(case.id), ("claim", "cancellation")):
            if line.service_month != month:
                continue
            result, taken_back = case.claim_results.get(line.claim_id), case.corrections.get(line.claim_id)
            if line.kind == "cancellation":
                found.pop(line.claim_id, None)
            elif (result is None or result.kind != "returned") and (
                taken_back is None or taken_back.route != "application"
            ):
                found[line.claim_id] = line
        return tuple(found.values())

    def standing_claim(self, case: Case, month: str) -> SubmittedLine | None:
        """The claim of a case's month that is with the examiner or decided, the last where two are."""
        standing = self.standing_claims(case, month)
        return standing[-1] if standing else None

    def to_cancel(self, case: Case, month: str) -> SubmittedLine | None:
        """The first standing claim of a case's month that waits for its cancellation in the month's file (A-Q53)."""
        for line in self.standing_claims(case, month):
            filed = case.corrections.get(line.claim_id)
            if filed is not None and filed.route == "same_file":
                return line
        return None

    def ever(self, case_id: str, month: str) -> tuple[tuple[Submission, SubmittedLine], ...]:
        """Every claim of a case's month in any submission, also in one that came too late."""
        return tuple(
            (self.by_id[submission_id], line)
            for submission_id, line in self.by_case.get(case_id, ())
            if line.kind == "claim" and line.service_month == month
        )

    def used(self, case: Case, month: str) -> frozenset[str]:
        """The claims of a case's month that were submitted in time: none of them is ever submitted again (T-33).

        What came too late was no claim of its month, and the same draft may be submitted in the next (A-S6).
        """
        return frozenset(
            line.claim_id for submission, line in self.ever(str(case.id), month) if submission.stands
        )

    def facts(self, case_id: str) -> list[Fact]:
        """What the submissions that stand mean for a case's obligations: its claims and slips are submitted (T-33)."""
        return [
            fact
            for submission, line in self.lines(case_id, ("claim", "slip"))
            for fact in facts_of_part(
                Part("ClaimSubmitted", submission.submitted_on, submission.biller, asdict(line)),
                submission.id,
            )
        ]

    def slip_submitted(self, case_id: str, slip_id: str) -> bool:
        """Whether this very benefit slip is in a submission that stands."""
        return any(line.claim_id == slip_id for _, line in self.lines(case_id, ("slip",)))
