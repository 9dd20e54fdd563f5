"""Complaints that centres took and that belong at a desk of this ward office (A-Q27)."""

from marshmallow import Schema

from contracts.definition import personal
from contracts.fields import Identifier, LongText
from shared.care import requirements
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Command, Decision, Situation
from shared.policy.dates import day_text


class AnswerComplaint(Schema):
    complaint_id = Identifier("苦情の番号")
    answer = personal(LongText("対応の内容"))


def answer_complaint(situation: Situation, command: Command) -> Decision:
    """Record what a desk did about a complaint, and tell the centre that took it (A-Q27).

    :raises Refused: no such complaint has arrived, or it is answered.
    """
    wanted = str(command.fields["complaint_id"])
    known = situation.case.complaints.get(wanted)
    if known is None:
        raise Refused(
            "complaint_unknown",
            "その番号の苦情は届いていません",
            field="complaint_id",
            rule="A-Q27",
            todo="窓口の一覧から選んでください",
        )
    if known.answered_on is not None:
        raise Refused(
            "complaint_answered",
            f"この苦情には{day_text(known.answered_on)}に対応を記録しています",
            field="complaint_id",
            rule="A-Q27",
            todo="することはありません",
        )
    answered = {**command.fields, "complaint_id": wanted, "answered_on": command.occurred_on}
    told = [
        NewEvent(
            "ComplaintAnswered",
            answered,
            case_id=command.case_id,
            to=requirements.recipients(known.centre),
        )
    ]
    return Decision(told)
