"""An office's part in a plan review: handing the nine documents to the centre (T-50, T-51, T-54, T-55)."""

from collections.abc import Sequence

from marshmallow import Schema

from contracts.codes import STARRED
from contracts.definition import personal
from contracts.fields import LongText
from shared.care import requirements
from shared.care.starred import starred_documents
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation


class SubmitReviewDocuments(Schema):
    note = personal(
        LongText(
            "連絡事項",
            null=True,
            load_default=None,
            help="提出する書類は記録から選ばれます。そろっていない書類があれば、いつ提出できるかなどを書いてください",
        )
    )


def submit_review_documents(situation: Situation, command: Command) -> Decision:
    """Hand the ★ documents that the case holds to the centre, naming what is missing; consent comes first (T-11).

    :raises Refused: the ward asked for no review of this case: an office chooses none itself (T-54).
    """
    asked = situation.case.review_under_way
    if asked is None:
        raise Refused(
            "review_not_requested",
            "区からこのケースの検証の依頼がありません。検証するケースは区が指定します",
            rule="T-54",
            todo="区の依頼を待ってください",
        )
    requirements.consent_to_share(situation)
    centre = requirements.centre_of(situation)
    documents, missing = starred_documents(situation.case, command.occurred_on)
    submitted = NewEvent(
        "ReviewDocumentsSubmitted",
        {
            **command.fields,
            "review_id": asked.id,
            "office": situation.me,
            "centre": centre,
            "submitted_on": command.occurred_on,
            "documents": [
                {"document": each.kind, "first": each.first, "last": each.last} for each in documents
            ],
            "missing": list(missing),
        },
        case_id=command.case_id,
        to=(centre,),
    )
    return Decision([submitted], _advice_on_missing(missing))


def _advice_on_missing(missing: Sequence[str]) -> list[Advice]:
    named = "、".join(STARRED[each] for each in missing)
    if not missing:
        return []
    return [Advice("T-51", f"そろっていない書類があります: {named}。記録したら、もう一度提出してください")]
