"""Events about what becomes of a claim: confirmed, submitted, received, returned, decided, corrected, settled."""

from marshmallow import Schema

from contracts.claim_codes import (
    CLAIM_OUTCOMES,
    CLAIM_RETURNS,
    CORRECTION_ROUTES,
    LATE_REASONS,
    MEDIUM_CONTENTS,
    ROUTES,
    SUBMISSION_MEANS,
    SUBMITTED_KINDS,
)
from contracts.codes import TYPES
from contracts.definition import EventType, personal
from contracts.events.sample import BILLING, CASE, CENTRE, CLAIM, OFFICE, STATEMENT, SUBMISSION, WARD
from contracts.fields import (
    Agency,
    Code,
    Count,
    Day,
    Flag,
    Identifier,
    Items,
    LongText,
    Moment,
    Month,
    Text,
)

MOST_LINES = 1500
"""Lines of a submission or a statement: with the longest codes and amounts they fit into a message."""


class ClaimConfirmed(Schema):
    """The claimant confirms the claim of one person's month: without it nothing is submitted."""

    claim_id = Identifier("請求の番号")
    service_month = Month("サービス提供月")
    claimant = Agency("請求する事業所")
    yen = Count("請求額（円）")
    confirmed_on = Day("確認日")


class SubmittedFile(Schema):
    """A file that was made: the event commits to its bytes."""

    format = Text("様式", longest=10)
    name = Text("ファイル名", longest=60)
    sha256 = Text("ハッシュ値（SHA-256）", longest=64)
    size = Count("バイト数", least=1)
    records = Count("データレコードの数", least=1)


class SubmittedLine(Schema):
    """One person's month in a submission. ``late`` says why it comes later than in the month after, null in time."""

    case = Identifier("ケース")
    kind = Code("区分", SUBMITTED_KINDS)
    claim_id = Identifier("請求または給付管理票の番号")
    service_month = Month("サービス提供月")
    type = Code("類型", TYPES)
    units = Count("単位数")
    yen = Count("請求額（円）")
    entrusted_office = Agency("委託先の居宅介護支援事業所", null=True)
    office_yen = Count("居宅の額（円）", null=True)
    centre_yen = Count("包括の額（円）", null=True)
    late = Code("月遅れの理由", LATE_REASONS, null=True)


class ClaimSubmitted(Schema):
    """What a claimant submitted in one examination month by one route.

    ``counted``: whether it is in time by the route's calendar; null where no calendar is published.
    """

    submission_id = Identifier("提出の番号")
    biller = Agency("請求事務を行う事業所")
    claimant = Agency("請求する事業所")
    insurer = Agency("保険者")
    route = Code("請求先", ROUTES)
    examination_month = Month("審査月")
    submitted_on = Day("提出日")
    means = Code("提出の方法", SUBMISSION_MEANS)
    contents = Items("同封したもの", Code("同封したもの", MEDIUM_CONTENTS))
    brought_at = Moment("持参した日時", null=True)
    counted = Flag("この審査月の請求になる", null=True)
    files = Items("ファイル", SubmittedFile, least=1)
    lines = Items("明細", SubmittedLine, least=1, most=MOST_LINES)


class SubmissionReceived(Schema):
    """The ward's receipt for a data medium: whether it counts this month, and the emptied medium's return (A-S9)."""

    submission_id = Identifier("提出の番号")
    ward = Agency("受け取った区")
    claimant = Agency("請求する事業所")
    received_at = Moment("受け取った日時")
    counted = Flag("この審査月の請求になる")
    contents = Items("届いたもの", Code("届いたもの", MEDIUM_CONTENTS))
    medium_returned_on = Day("空のUSBを返送した日", null=True)


class ClaimReturned(Schema):
    claim_id = Identifier("請求の番号")
    service_month = Month("サービス提供月")
    claimant = Agency("請求する事業所")
    returned_on = Day("返戻日")
    reason_code = Code("返戻の理由", CLAIM_RETURNS)
    reason = personal(LongText("理由の説明", null=True))


class ClaimDecided(Schema):
    claim_id = Identifier("請求の番号")
    service_month = Month("サービス提供月")
    claimant = Agency("請求する事業所")
    decided_on = Day("決定日")
    outcome = Code("決定", CLAIM_OUTCOMES)
    units = Count("決定した単位数")
    yen = Count("決定した額（円）")


class CorrectionFiled(Schema):
    """A decided claim is taken back, to be claimed anew (過誤): in the month's own file, or by application."""

    claim_id = Identifier("請求の番号")
    service_month = Month("サービス提供月")
    claimant = Agency("請求する事業所")
    filed_on = Day("申し立てた日")
    route = Code("方法", CORRECTION_ROUTES)
    code = Text("申立事由コード", null=True, longest=4)
    reason = personal(LongText("理由"))


class SettledLine(Schema):
    """One person's month in a statement; a cancellation is taken off."""

    case = Identifier("ケース")
    kind = Code("区分", {key: SUBMITTED_KINDS[key] for key in ("claim", "cancellation")})
    claim_id = Identifier("請求の番号")
    service_month = Month("サービス提供月")
    yen = Count("請求額（円）")
    office_yen = Count("居宅の額（円）")
    centre_yen = Count("包括の額（円）")


class SettlementStated(Schema):
    """What a centre owes an entrusted office for one examination month; below zero it is owed back."""

    statement_id = Identifier("明細書の番号")
    biller = Agency("請求事務を行う事業所")
    centre = Agency("地域包括支援センター")
    office = Agency("委託先の居宅介護支援事業所")
    examination_month = Month("審査月")
    stated_on = Day("作成日")
    lines = Items("明細", SettledLine, least=1, most=MOST_LINES)
    yen = Count("請求額の合計（円）", least=-100_000_000)
    office_yen = Count("居宅に支払う額（円）", least=-100_000_000)
    centre_yen = Count("包括の額（円）", least=-100_000_000)
    split_assumed = Flag("配分は仮定による")


_CLAIMANTS = frozenset({"kyotaku", "hokatsu"})
_LINE = {
    "case": CASE,
    "kind": "claim",
    "claim_id": CLAIM,
    "service_month": "2025-01",
    "type": "care_management_a",
    "units": 742,
    "yen": 8458,
    "entrusted_office": OFFICE,
    "office_yen": 7613,
    "centre_yen": 845,
    "late": None,
}
_RESULT = {"claim_id": CLAIM, "service_month": "2025-01", "claimant": CENTRE}

EVENTS = (
    EventType(
        "ClaimConfirmed",
        1,
        ClaimConfirmed,
        "case",
        "請求の確認",
        senders=_CLAIMANTS,
        recipients=frozenset({"billing"}),
        speaks_for="claimant",
        example={**_RESULT, "yen": 8458, "confirmed_on": "2025-02-07"},
    ),
    EventType(
        "ClaimSubmitted",
        1,
        ClaimSubmitted,
        "agency",
        "請求の提出",
        senders=frozenset({"billing"}),
        recipients=_CLAIMANTS | {"ward"},
        speaks_for="biller",
        example={
            "submission_id": SUBMISSION,
            "biller": BILLING,
            "claimant": CENTRE,
            "insurer": WARD,
            "route": "ward",
            "examination_month": "2025-02",
            "submitted_on": "2025-02-07",
            "means": "courier",
            "contents": ["medium", "receipt_slip"],
            "brought_at": None,
            "counted": None,
            "files": [
                {"format": "WARD", "name": "C202502.CSV", "sha256": "0" * 64, "size": 240, "records": 1}
            ],
            "lines": [_LINE],
        },
    ),
    EventType(
        "SubmissionReceived",
        1,
        SubmissionReceived,
        "agency",
        "請求データの受領",
        senders=frozenset({"ward"}),
        recipients=_CLAIMANTS | {"billing"},
        speaks_for="ward",
        example={
            "submission_id": SUBMISSION,
            "ward": WARD,
            "claimant": CENTRE,
            "received_at": "2025-02-10T10:00:00+09:00",
            "counted": True,
            "contents": ["medium", "receipt_slip"],
            "medium_returned_on": "2025-02-12",
        },
    ),
    EventType(
        "ClaimReturned",
        1,
        ClaimReturned,
        "case",
        "請求の返戻",
        senders=frozenset({"ward", "billing"}),
        recipients=_CLAIMANTS | {"billing"},
        example={**_RESULT, "returned_on": "2025-02-28", "reason_code": "notification", "reason": None},
    ),
    EventType(
        "ClaimDecided",
        1,
        ClaimDecided,
        "case",
        "請求の決定",
        senders=frozenset({"ward", "billing"}),
        recipients=_CLAIMANTS | {"billing"},
        example={**_RESULT, "decided_on": "2025-02-28", "outcome": "as_claimed", "units": 742, "yen": 8458},
    ),
    EventType(
        "CorrectionFiled",
        1,
        CorrectionFiled,
        "case",
        "請求の過誤の申立て",
        senders=frozenset({"billing"}),
        recipients=_CLAIMANTS | {"ward"},
        example={
            **_RESULT,
            "filed_on": "2025-03-05",
            "route": "same_file",
            "code": None,
            "reason": "実績の単位数に誤りがあったため",
        },
    ),
    EventType(
        "SettlementStated",
        1,
        SettlementStated,
        "agency",
        "委託料の明細",
        senders=frozenset({"billing"}),
        recipients=_CLAIMANTS,
        speaks_for="biller",
        example={
            "statement_id": STATEMENT,
            "biller": BILLING,
            "centre": CENTRE,
            "office": OFFICE,
            "examination_month": "2025-02",
            "stated_on": "2025-02-28",
            "lines": [
                {
                    key: _LINE[key]
                    for key in (
                        "case",
                        "kind",
                        "claim_id",
                        "service_month",
                        "yen",
                        "office_yen",
                        "centre_yen",
                    )
                }
            ],
            "yen": 8458,
            "office_yen": 7613,
            "centre_yen": 845,
            "split_assumed": True,
        },
    ),
)
