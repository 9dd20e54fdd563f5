"""Events about plan reviews (計画の検証): the ward asks, the office hands in the nine documents, the centre answers."""

from marshmallow import Schema

from contracts.codes import REVIEW_OCCASIONS, STARRED
from contracts.definition import EventType, personal
from contracts.events.sample import CENTRE, OFFICE, REVIEW
from contracts.fields import Agency, Code, Day, Identifier, Items, LongText


class ReviewRequested(Schema):
    """The ward designates a case for review (T-51, T-54); the document states no day by which the papers are due."""

    review_id = Identifier("検証の番号")
    office = Agency("居宅介護支援事業所")
    centre = Agency("地域包括支援センター")
    requested_on = Day("依頼日")
    occasion = Code("検証の時期", REVIEW_OCCASIONS)
    submit_by = Day("書類の提出期限", null=True)
    note = personal(LongText("連絡事項", null=True))


class StarredDocument(Schema):
    """One of the nine documents, and the day or days that it is of."""

    document = Code("書類", STARRED)
    first = Day("対象の初日")
    last = Day("対象の末日")


class ReviewDocumentsSubmitted(Schema):
    """The ★ documents for the centre; ``missing`` names those that the office does not have (T-50, T-51)."""

    review_id = Identifier("検証の番号")
    office = Agency("居宅介護支援事業所")
    centre = Agency("地域包括支援センター")
    submitted_on = Day("提出日")
    documents = Items("提出した書類", StarredDocument)
    missing = Items("そろっていない書類", Code("書類", STARRED))
    note = personal(LongText("連絡事項", null=True))


class ReviewConcluded(Schema):
    """What the centre's 元気はつらつ報告会 found, for the office (T-53); words, and no score (T-52)."""

    review_id = Identifier("検証の番号")
    office = Agency("居宅介護支援事業所")
    centre = Agency("地域包括支援センター")
    held_on = Day("元気はつらつ報告会の日")
    concluded_on = Day("結果を提供した日")
    result = personal(LongText("検証の結果"))


_REVIEW = {"review_id": REVIEW, "office": OFFICE, "centre": CENTRE}

EVENTS = (
    EventType(
        "ReviewRequested",
        1,
        ReviewRequested,
        "case",
        "計画の検証の依頼",
        senders=frozenset({"ward"}),
        recipients=frozenset({"kyotaku", "hokatsu"}),
        example={
            **_REVIEW,
            "requested_on": "2025-09-01",
            "occasion": "renewal",
            "submit_by": "2025-09-30",
            "note": None,
        },
    ),
    EventType(
        "ReviewDocumentsSubmitted",
        1,
        ReviewDocumentsSubmitted,
        "case",
        "検証の書類の提出",
        senders=frozenset({"kyotaku"}),
        recipients=frozenset({"hokatsu"}),
        speaks_for="office",
        example={
            **_REVIEW,
            "submitted_on": "2025-09-12",
            "documents": [
                {"document": "basic_information", "first": "2025-03-24", "last": "2025-03-24"},
                {"document": "monitoring", "first": "2025-08-01", "last": "2025-08-31"},
            ],
            "missing": [
                "basic_checklist",
                "assessment",
                "interest_checklist",
                "plan",
                "weekly_plan",
                "meeting_record",
                "evaluation",
            ],
            "note": "残りの書類は来週お届けします",
        },
    ),
    EventType(
        "ReviewConcluded",
        1,
        ReviewConcluded,
        "case",
        "計画の検証結果の提供",
        senders=frozenset({"hokatsu"}),
        recipients=frozenset({"kyotaku", "ward"}),
        speaks_for="centre",
        example={
            **_REVIEW,
            "held_on": "2025-10-15",
            "concluded_on": "2025-10-17",
            "result": "通いの場への参加を次の計画の目標に加えることを提案する",
        },
    ),
)
