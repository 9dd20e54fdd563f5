"""Events about documents: handed over, commented, still out after an entrustment, with a file attached."""

from typing import Final

from marshmallow import Schema, validate

from contracts.codes import DOCUMENTS, FILE_KINDS, HANDED_AS, HANDED_DOCUMENTS, ORIGINALS, TRACKS
from contracts.definition import EventType, personal
from contracts.events.sample import CENTRE, OFFICE, PLAN
from contracts.fields import Agency, Code, Count, Day, Identifier, Items, LongText, Month, Text

HOLDERS = frozenset({"kyotaku", "hokatsu"})
FILE_HOLDERS = frozenset({"kyotaku", "hokatsu", "ward"})
MOST_FILE_BYTES: Final = 20 * 1024 * 1024
"""How many bytes an attached file may have at most."""


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


class DocumentAttached(Schema):
    """A file with the content of a document: what it is, its SHA-256 in hexadecimal and its size in bytes.

    The content itself does not travel with the event. Kind, day or month, number and version name the document as
    its sender's ledger knows it.
    """

    agency = Agency("添付した事業所")
    attached_on = Day("添付した日")
    document = Code("書類", DOCUMENTS)
    dated = Day("書類の日付")
    month = Month("対象月", null=True)
    document_number = Text("書類の番号", null=True, longest=36)
    version = Count("版", least=1, null=True)
    file_kind = Code("ファイルの種類", FILE_KINDS)
    size = Count("大きさ（バイト）", least=1)
    digest = Text(
        "内容のハッシュ",
        validate=validate.Regexp(r"^[0-9a-f]{64}\Z", error="SHA-256 を16進の小文字64字で書いてください"),
    )
    file_name = personal(Text("ファイル名"))


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
    EventType(
        "DocumentAttached",
        1,
        DocumentAttached,
        "case",
        "書類へのファイルの添付",
        senders=FILE_HOLDERS,
        recipients=FILE_HOLDERS,
        speaks_for="agency",
        example={
            "agency": OFFICE,
            "attached_on": "2025-03-03",
            "document": "monitoring",
            "dated": "2025-01-22",
            "month": "2025-01",
            "document_number": None,
            "version": None,
            "file_kind": "pdf",
            "size": 183204,
            "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "file_name": "モニタリング記録_見本.pdf",
        },
    ),
)
