"""The ward's desk for claim data: receipt of a medium, what comes back, what is decided (A-S4 to A-S9)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from marshmallow import Schema

from contracts.claim_codes import MEDIUM_CONTENTS
from contracts.fields import Code, Day, Flag, Identifier, Items, Moment
from shared.care import requirements
from shared.care.submissions import Submission, Submissions, SubmittedLine
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import TOKYO, Month, day_text
from shared.policy.deadlines import submission_deadline
from shared.policy.parameters import ParameterError, parameters


class ReceiveSubmission(Schema):
    submission_id = Identifier("提出の番号")
    received_at = Moment("受け取った日時")
    contents = Items("届いたもの", Code("届いたもの", MEDIUM_CONTENTS), load_default=list)
    counted = Flag(
        "この審査月の請求になる",
        null=True,
        load_default=None,
        help="空欄なら、交換便は発送締切、持参は持参締切によって決まります",
    )
    medium_returned_on = Day("空のUSBを返送した日", null=True, load_default=None)


class ReturnMedium(Schema):
    submission_id = Identifier("提出の番号")
    returned_on = Day("空のUSBを返送した日")


def receive_submission(situation: Situation, command: Command) -> Decision:
    """Record the receipt of a medium: what is late by its way of coming is no claim of this month (A-S6 to A-S8).

    :raises Refused: a date that can't be, no published day to judge by, or a month that was claimed again since.
    """
    fields = command.fields
    submission = _submission(situation, fields["submission_id"])
    received_on = fields["received_at"].astimezone(TOKYO).date()
    _must_be_possible(situation, submission, received_on, fields["medium_returned_on"])
    counted = fields["counted"]
    if counted is None:
        counted = _in_time(submission, fields["received_at"])
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

    :raises Refused: the medium was not received, or not by that day, or the day has not come yet.
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
    received_on = submission.received_at.astimezone(TOKYO).date()
    _must_be_returnable(situation, received_on, command.fields["returned_on"], "returned_on")
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


def _must_be_possible(
    situation: Situation, submission: Submission, received_on: date, returned_on: date | None
) -> None:
    brought_on = submission.brought_at.astimezone(TOKYO).date() if submission.brought_at else None
    left_on = min(submission.submitted_on, brought_on or submission.submitted_on)
    if received_on < left_on:
        raise _impossible(
            "received_before_dispatch",
            f"受け取った日時が、発送・持参された日（{day_text(left_on)}）より前です",
            "received_at",
            "A-S8",
        )
    if received_on > situation.today:
        raise _impossible(
            "received_in_future",
            f"受け取った日時が、今日（{day_text(situation.today)}）より後です",
            "received_at",
            "A-S5",
        )
    if returned_on is not None:
        _must_be_returnable(situation, received_on, returned_on, "medium_returned_on")


def _must_be_returnable(situation: Situation, received_on: date, returned_on: date, field: str) -> None:
    """The emptied medium goes back once it is here, and is recorded once it went (A-S9)."""
    if returned_on < received_on:
        raise _impossible(
            "returned_before_receipt",
            f"USBを返送した日が、受け取った日（{day_text(received_on)}）より前です",
            field,
            "A-S9",
        )
    if returned_on > situation.today:
        raise _impossible(
            "returned_in_future",
            f"USBを返送した日が、今日（{day_text(situation.today)}）より後です",
            field,
            "A-S9",
        )


def _impossible(code: str, message: str, field: str, rule: str) -> Refused:
    return Refused(code, message, field=field, rule=rule, todo="日付を確かめて入力し直してください")


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


def _in_time(submission: Submission, received_at: datetime) -> bool:
    """By the very rule that its claimant was told: the dispatch day by courier, the cut-off by hand (A-S3 to A-S8).

    :raises Refused: no day is published by which it could be judged.
    """
    by_hand = submission.means == "brought" or submission.brought_at is not None
    examined = Month.parse(submission.examination_month)
    try:
        found = submission_deadline(
            examined,
            submission.means,
            submission.submitted_on,
            received_at if by_hand else None,
            parameters(submission.insurer),
        )
    except ParameterError as problem:
        raise _not_published(problem.message, "A-S5", "持参締切") from problem
    if not isinstance(found.counted, bool):
        raise _not_published("この年度の発送締切の表が登録されていません。", "A-S12", "発送締切")
    return found.counted


def _not_published(message: str, rule: str, what: str) -> Refused:
    return Refused(
        "not_published",
        message,
        field="counted",
        rule=rule,
        todo=f"{what}が登録されていないため、この審査月の請求になるかどうかを選んでください",
    )


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
