"""A centre's part in a plan review: its 元気はつらつ報告会, and the result for the office (T-52, T-53)."""

from marshmallow import Schema

from contracts.definition import personal
from contracts.fields import LongText
from shared.care import requirements
from shared.care.parts import Review
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation


class RecordReviewMeeting(Schema):
    discussion = personal(
        LongText("検討の内容", help="居宅と包括がともに力を付けるための検討です。事業所の採点はしません")
    )


class ProvideReviewResult(Schema):
    result = personal(LongText("検証の結果", help="居宅に伝える内容。事業所の採点はしません"))


def record_review_meeting(situation: Situation, command: Command) -> Decision:
    """Record that the 元気はつらつ報告会 looked at the plan (T-53). The day of the act is the day of the meeting."""
    review = _under_way(situation)
    held = NewEvent(
        "ReviewMeetingHeld",
        {**command.fields, "review_id": review.id, "held_on": command.occurred_on},
        case_id=command.case_id,
    )
    return Decision([held], _advice_on_documents(review))


def provide_review_result(situation: Situation, command: Command) -> Decision:
    """Give the result to the office, and tell the ward (T-53).

    :raises Refused: the meeting has not looked at the plan yet.
    """
    review = _under_way(situation)
    if review.held_on is None:
        raise Refused(
            "review_meeting_missing",
            "元気はつらつ報告会での検討の記録がありません",
            rule="T-53",
            todo="報告会で検討し、「元気はつらつ報告会での検討を記録する」を行ってください",
        )
    office = requirements.office_of(situation)
    concluded = NewEvent(
        "ReviewConcluded",
        {
            **command.fields,
            "review_id": review.id,
            "office": office,
            "centre": situation.me,
            "held_on": review.held_on,
            "concluded_on": command.occurred_on,
        },
        case_id=command.case_id,
        to=requirements.recipients(office, requirements.ward_of(situation)),
    )
    return Decision([concluded])


def _under_way(situation: Situation) -> Review:
    review = situation.case.review_under_way
    if review is None:
        raise Refused(
            "review_not_requested",
            "区からこのケースの検証の依頼がありません",
            rule="T-54",
            todo="検証するケースは区が指定します。区の依頼を待ってください",
        )
    return review


def _advice_on_documents(review: Review) -> list[Advice]:
    if review.submitted_on is None:
        return [Advice("T-51", "居宅からの★印の書類がまだ届いていません")]
    return []
