"""Events about where documents are: handed over, commented, still out after an entrustment."""

from marshmallow import Schema

from contracts.codes import HANDED_AS, HANDED_DOCUMENTS, ORIGINALS, TRACKS
from contracts.definition import EventType, personal
from contracts.events.sample import CENTRE, OFFICE, PLAN
from contracts.fields import Agency, Code, Count, Day, Identifier, Items, LongText, Month

HOLDERS = frozenset({"kyotaku", "hokatsu"})


class DocumentHandedOver(Schema):
    """One document goes from one party to another, as the original or as a copy.

    Kind, day, month and version name it; ``commented_on`` is the day of the centre's comment on an evaluation;
    ``track`` is the case's on the day.
    """

    giver = Agency("渡した事業所")
    receiver = Agency("受け取る事業所")
    handed_over_on = Day("渡した日")
    handed_as = Code("原本・写し", HANDED_AS)
    track = Code("区分", TRACKS, null=True)
    document = Code("書類", HANDED_DOCUMENTS)
    dated = Day("書類の日付")
    month = Month("対象月", null=True)
    plan_id = Identifier("計画の番号", null=True)
    plan_version = Count("版", least=1, null=True)
    commented_on = Day("包括のコメントの日", null=True)
    note = personal(LongText("連絡事項", null=True))


class EvaluationCommented(Schema):
    """The centre's comment, which the office writes on the original of the evaluation (T-30R)."""

    centre = Agency("地域包括支援センター")
    office = Agency("居宅介護支援事業所")
    plan_id = Identifier("計画の番号")
    plan_version = Count("版", least=1)
    commented_on = Day("コメントの日")
    track = Code("区分", TRACKS, null=True)
    comment = personal(LongText("包括のコメント"))


class PaperOut(Schema):
    document = Code("書類", ORIGINALS)
    dated = Day("書類の日付")
    month = Month("対象月", null=True)


class OriginalsListed(Schema):
    """The originals of an entrustment that is over and that the office still has, one by one (T-35R)."""

    office = Agency("居宅介護支援事業所")
    centre = Agency("地域包括支援センター")
    entrustment_ended_on = Day("委託の終了日")
    listed_on = Day("一覧の日")
    papers = Items("返却していない原本", PaperOut)


EVENTS = (
    EventType(
        "DocumentHandedOver",
        1,
        DocumentHandedOver,
        "case",
        "書類の引渡し",
        senders=HOLDERS,
        recipients=HOLDERS,
        speaks_for="giver",
        example={
            "giver": OFFICE,
            "receiver": CENTRE,
            "handed_over_on": "2025-02-28",
            "handed_as": "copy",
            "track": "entrusted",
            "document": "monitoring",
            "dated": "2025-01-22",
            "month": "2025-01",
            "plan_id": None,
            "plan_version": None,
            "commented_on": None,
            "note": "通所先での様子を書いています",
        },
    ),
    EventType(
        "EvaluationCommented",
        1,
        EvaluationCommented,
        "case",
        "評価表への包括のコメント",
        senders=frozenset({"hokatsu"}),
        recipients=frozenset({"kyotaku"}),
        speaks_for="centre",
        example={
            "centre": CENTRE,
            "office": OFFICE,
            "plan_id": PLAN,
            "plan_version": 1,
            "commented_on": "2025-03-25",
            "track": "entrusted",
            "comment": "外出の機会が増えている。次の計画でも続けてほしい。",
        },
    ),
    EventType(
        "OriginalsListed",
        1,
        OriginalsListed,
        "case",
        "返却していない原本の一覧",
        senders=frozenset({"kyotaku"}),
        recipients=frozenset({"hokatsu"}),
        speaks_for="office",
        example={
            "office": OFFICE,
            "centre": CENTRE,
            "entrustment_ended_on": "2025-02-28",
            "listed_on": "2025-03-03",
            "papers": [{"document": "monitoring", "dated": "2025-01-22", "month": "2025-01"}],
        },
    ),
)
