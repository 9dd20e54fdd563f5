"""The ward's desk for claim data: receipt of a medium, what comes back, what is decided (A-S4 to A-S9)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from marshmallow import Schema

from contracts.claim_codes import MEDIUM_CONTENTS
from contracts.fields import Code, Day, Flag, Identifier, Items, Moment
from shared.care import requirements
from shared.care.submissions import Submission, Submissions, SubmittedLine
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import TOKYO, Month
from shared.policy.deadlines import claim_cut_off
from shared.policy.parameters import ParameterError, parameters


class ReceiveSubmission(Schema):
    submission_id = Identifier("提出の番号")
    received_at = Moment("受け取った日時")
    contents = Items("届いたもの", Code("届いたもの", MEDIUM_CONTENTS), load_default=list)
    counted = Flag(
        "この審査月の請求になる", null=True, load_default=None, help="空欄なら、持参締切によって決まります"
    )
    medium_returned_on = Day("空のUSBを返送した日", null=True, load_default=None)


class ReturnMedium(Schema):
    submission_id = Identifier("提出の番号")
    returned_on = Day("空のUSBを返送した日")


def receive_submission(situation: Situation, command: Command) -> Decision:
    """Record the receipt of a medium: what arrives behind the cut-off is no claim of this month (A-S6, A-S7)."""
    fields = command.fields
    submission = _submission(situation, fields["submission_id"])
    counted = fields["counted"]
    if counted is None:
        counted = _before_cut_off(submission, fields["received_at"])
    again = claimed_again(situation.agency.submissions, submission)
    if counted and submission.counted is False and again:
        raise Refused(
            "claimed_elsewhere",
            f"締切後とした{len(again)}件は、そのあとの提出ですでに請求されています",
            field="counted",
            rule="T-33",
            todo="あとの提出の請求を返戻してから受け付け直すか、この提出を締切後のままにしてください",
        )
    told = {name: fields[name] for name in ("received_at", "contents", "medium_returned_on")}
    received = _received(situation, submission, {**told, "counted": counted})
    advice = [*_advice(fields["contents"], fields["medium_returned_on"], counted), *_advice_on_twice(again)]
    return Decision([received], advice)


def return_medium(situation: Situation, command: Command) -> Decision:
    """Record that the emptied medium went back with its receipt slip (A-S9); its receipt stays as it was.

    :raises Refused: the medium was not received.
    """
    submission = _submission(situation, command.fields["submission_id"])
    if submission.received_at is None or submission.counted is None:
        raise Refused(
            "not_received",
            "この提出の受領はまだ記録されていません",
            field="submission_id",
            rule="A-S9",
            todo="先に「請求データの受領を記録する」を行ってください",
        )
    told = {
        "received_at": submission.received_at,
        "contents": list(submission.arrived),
        "counted": submission.counted,
        "medium_returned_on": command.fields["returned_on"],
    }
    lacking = (
        []
        if "medium" in submission.arrived
        else [Advice("A-S9", "USBは届いていません。返送したものを確かめてください")]
    )
    return Decision([_received(situation, submission, told)], lacking)


def _submission(situation: Situation, submission_id: object) -> Submission:
    submission = situation.agency.submissions.by_id.get(str(submission_id))
    if submission is None or submission.route != "ward":
        raise Refused(
            "submission_unknown",
            "この番号の提出は届いていません",
            field="submission_id",
            rule="A-S9",
            todo="提出の番号を確かめてください",
        )
    return submission


def _received(situation: Situation, submission: Submission, told: Mapping[str, Any]) -> NewEvent:
    return NewEvent(
        "SubmissionReceived",
        {"submission_id": submission.id, "ward": situation.me, "claimant": submission.claimant, **told},
        to=requirements.recipients(submission.biller, submission.claimant),
    )


def claimed_again(submissions: Submissions, submission: Submission) -> tuple[SubmittedLine, ...]:
    """The claims in a submission whose month of the person also stands in another one (T-33)."""
    cancelled = {line.claim_id for line in submission.lines if line.kind == "cancellation"}
    return tuple(
        line
        for line in submission.lines
        if line.kind == "claim"
        and any(
            other.id != submission.id
            and each.service_month == line.service_month
            and each.claim_id not in cancelled
            for other, each in _standing(submissions, line.case)
        )
    )


def _standing(submissions: Submissions, case_id: str) -> Iterable[tuple[Submission, SubmittedLine]]:
    """A case's claims that count and were not cancelled since."""
    cancelled = {line.claim_id for _, line in submissions.lines(case_id, ("cancellation",))}
    return [each for each in submissions.lines(case_id, ("claim",)) if each[1].claim_id not in cancelled]


def _before_cut_off(submission: Submission, received_at: datetime) -> bool:
    at = received_at.astimezone(TOKYO).replace(tzinfo=None)
    try:
        cut_off = claim_cut_off(Month.parse(submission.examination_month), parameters(submission.insurer))
    except ParameterError as problem:
        raise Refused(
            "not_published",
            problem.message,
            field="counted",
            rule="A-S5",
            todo="持参締切が登録されていないため、この審査月の請求になるかどうかを選んでください",
        ) from problem
    return at <= cut_off.at


def _advice(contents: Iterable[str], returned_on: object, counted: bool) -> Iterable[Advice]:
    for code, title in MEDIUM_CONTENTS.items():
        if code not in contents:
            yield Advice("A-S2", f"「{title}」が届いていません。提出した包括に確かめてください")
    if returned_on is None:
        yield Advice("A-S9", "データを取り込んだら、空のUSBと受領書を交換便で返送してください")
    if not counted:
        yield Advice("A-S6", "この審査月の請求にはなりません。次の審査月に月遅れで請求されます")


def _advice_on_twice(again: Sequence[SubmittedLine]) -> Iterable[Advice]:
    if again:
        months = "、".join(sorted({each.service_month for each in again}))
        yield Advice(
            "T-33", f"{months} の{len(again)}件は別の提出にもあります。返戻済みでなければ返戻してください"
        )
