"""The centre's comment on an evaluation (評価表) that an office has shown to it (T-30R)."""

from marshmallow import Schema

from contracts.definition import personal
from contracts.fields import Identifier, LongText
from shared.care import requirements
from shared.care.documents import Document
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation


class CommentEvaluation(Schema):
    plan_id = Identifier(
        "計画の番号", null=True, load_default=None, help="空なら、まだコメントしていない最後の評価表です"
    )
    comment = personal(LongText("包括のコメント"))


def comment_evaluation(situation: Situation, command: Command) -> Decision:
    """Comment on the evaluation of a plan, for the office to write on the original (T-30R)."""
    evaluation = _shown(situation, command)
    office, on = requirements.office_of(situation), command.occurred_on
    mode = situation.case.mode(on)
    commented = NewEvent(
        "EvaluationCommented",
        {
            "centre": situation.me,
            "office": office,
            "plan_id": evaluation.number,
            "plan_version": evaluation.version,
            "commented_on": on,
            "track": mode.track if mode else None,
            "comment": command.fields["comment"],
        },
        case_id=command.case_id,
        to=(office,),
    )
    again = [Advice("T-30", "この評価表にはすでにコメントしています")] if evaluation.commented_on else []
    return Decision([commented], again)


def _shown(situation: Situation, command: Command) -> Document:
    asked = command.fields["plan_id"]
    here = [
        each
        for each in situation.case.documents
        if each.kind == "evaluation"
        and each.author != situation.me
        and each.held_by(situation.me)
        and (asked is None or each.number == str(asked))
    ]
    if not here:
        raise Refused(
            "evaluation_missing",
            "居宅から受け取った評価表がありません",
            field="plan_id" if asked else None,
            rule="T-30",
            todo="居宅に評価表の原本か写しを「書類を渡す」で送ってもらってください",
        )
    waiting = [each for each in here if each.commented_on is None]
    return (waiting or here)[-1]
