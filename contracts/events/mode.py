"""Events about a case's mode: switched between designated and entrusted, entrustment started and ended."""

from marshmallow import Schema

from contracts.codes import (
    ASSIGNMENT_TRACKS,
    ENTRUSTMENT_ENDS,
    ORIGINALS,
    PROCEDURES,
    SERVICE_KINDS,
    SWITCH_REASONS,
    TRACKS,
    TYPES,
)
from contracts.definition import EventType, personal
from contracts.events.sample import CENTRE, OFFICE
from contracts.fields import Agency, Code, Day, Flag, Items, LongText


class OfficeAssigned(Schema):
    """An office joins a case that its centre did itself: it takes over (移行), or the centre will entrust it.

    An office to which the case is entrusted so far can take it over too.
    """

    office = Agency("居宅介護支援事業所")
    centre = Agency("地域包括支援センター")
    track = Code("区分", ASSIGNMENT_TRACKS)
    assigned_on = Day("決めた日")
    taken_over_on = Day("居宅が引き継ぐ日")
    centre_until = Day("包括が担当する最後の日")
    procedure = Code("手続き", PROCEDURES)
    consented_on = Day("個人情報使用の同意を得た日")
    note = personal(LongText("引き継ぐこと", null=True))


class TypeChanged(Schema):
    """A centre says of what type its own case is from a month on, by the services used (T-61)."""

    centre = Agency("地域包括支援センター")
    from_type = Code("変更前の類型", TYPES)
    to_type = Code("変更後の類型", TYPES)
    effective_from = Day("変更日")
    recorded_on = Day("記録した日")
    because = Items("類型の決まるサービス", Code("サービス種類", SERVICE_KINDS), least=1)


class ModeSwitched(Schema):
    """The office reports a change between 介護予防支援 (居宅指定) and ケアマネジメントA (再委託).

    The report is due the same day and never waits for the progress record: without one it follows in a
    ``ProgressRecordSubmitted`` (T-15, T-60).
    """

    office = Agency("居宅介護支援事業所")
    centre = Agency("地域包括支援センター")
    from_type = Code("変更前の類型", TYPES)
    to_type = Code("変更後の類型", TYPES)
    from_track = Code("変更前の区分", TRACKS)
    to_track = Code("変更後の区分", TRACKS)
    effective_from = Day("変更日")
    reported_on = Day("報告日")
    first = Flag("この類型への初めての変更")
    reason_code = Code("変更の理由", SWITCH_REASONS)
    simultaneous_contract = Flag("同時契約")
    contract_stays = Flag(
        "包括の契約が続く",
        required=False,
        null=True,
        help="モデル実施が終わったあとの変更。同時契約のときの契約は残るので、新しい契約はいらない",
    )
    progress_record_enclosed = Flag("支援経過記録を添付")
    benefit_started_on = Day("予防給付を始めた日", required=False, null=True)
    never_began = Day(
        "始まらなかった変更の変更日",
        required=False,
        null=True,
        help="ケアマネジメントAになるはずの最初の月に予防給付を使い、元の類型が続くとき",
    )
    same_care_manager = Flag(
        "同じ介護支援専門員が続けて担当する", required=False, null=True, help="分からないときは空欄"
    )
    notification_needed = Flag(
        "届出が必要",
        required=False,
        null=True,
        help="始まらなかった変更の届出書がまだ提出されていなければ、戻る届出もいらない",
    )
    reason = personal(LongText("理由と状況"))
    progress_record = personal(LongText("支援経過記録", null=True))


class ProgressRecordSubmitted(Schema):
    """The progress record with the reason of a switch that was reported without it."""

    office = Agency("居宅介護支援事業所")
    centre = Agency("地域包括支援センター")
    effective_from = Day("変更日")
    submitted_on = Day("提出日")
    progress_record = personal(LongText("支援経過記録"))


class EntrustmentStarted(Schema):
    """``cooperation``: the centre gives what is needed and helps to plan, which the linkage addition asks for."""

    office = Agency("居宅介護支援事業所")
    centre = Agency("地域包括支援センター")
    starts_on = Day("委託の開始日")
    type = Code("類型", TYPES)
    contract_signed_on = Day("委託契約日")
    new_to_office = Flag("居宅が初めて担当する", required=False)
    cooperation = Flag("情報の提供と計画作成への協力", required=False)
    certified = Flag(
        "認定を受けている", required=False, null=True, help="事業対象者には認定調査票と主治医意見書がない"
    )


class EntrustmentEnded(Schema):
    """``never_began``: it ends the day before its first day, because the switch that it followed never took effect."""

    office = Agency("居宅介護支援事業所")
    centre = Agency("地域包括支援センター")
    ended_on = Day("委託の終了日")
    reason_code = Code("終了の理由", ENTRUSTMENT_ENDS)
    never_began = Flag("始まらなかった委託", required=False, null=True)


class OriginalsReturned(Schema):
    """``remaining`` names the kinds of originals made under the entrustment that the office still has to return."""

    office = Agency("居宅介護支援事業所")
    centre = Agency("地域包括支援センター")
    returned_on = Day("返却日")
    documents = Items("返却した原本", Code("書類", ORIGINALS), least=1)
    remaining = Items("まだ返却していない原本", Code("書類", ORIGINALS))
    entrustment_ended_on = Day("委託の終了日")


_BETWEEN = {"office": OFFICE, "centre": CENTRE}

EVENTS = (
    EventType(
        "OfficeAssigned",
        1,
        OfficeAssigned,
        "case",
        "担当の居宅の決定",
        senders=frozenset({"hokatsu"}),
        recipients=frozenset({"kyotaku", "ward", "billing"}),
        joins="office",
        speaks_for="centre",
        example={
            **_BETWEEN,
            "track": "designated",
            "assigned_on": "2025-05-07",
            "taken_over_on": "2025-05-12",
            "centre_until": "2025-05-11",
            "procedure": "toshima_2024",
            "consented_on": "2025-03-24",
            "note": "週1回の通所と歩行器の貸与を続けている",
        },
    ),
    EventType(
        "TypeChanged",
        1,
        TypeChanged,
        "case",
        "直営の類型の決定",
        senders=frozenset({"hokatsu"}),
        recipients=frozenset({"billing"}),
        speaks_for="centre",
        example={
            "centre": CENTRE,
            "from_type": "preventive_support",
            "to_type": "care_management_a",
            "effective_from": "2025-02-01",
            "recorded_on": "2025-01-31",
            "because": ["A6"],
        },
    ),
    EventType(
        "ModeSwitched",
        1,
        ModeSwitched,
        "case",
        "類型の変更",
        senders=frozenset({"kyotaku"}),
        recipients=frozenset({"hokatsu"}),
        speaks_for="office",
        example={
            **_BETWEEN,
            "from_type": "preventive_support",
            "to_type": "care_management_a",
            "from_track": "designated",
            "to_track": "entrusted",
            "effective_from": "2025-01-01",
            "reported_on": "2024-12-27",
            "first": True,
            "reason_code": "benefit_ended",
            "simultaneous_contract": True,
            "progress_record_enclosed": True,
            "benefit_started_on": None,
            "reason": "福祉用具を返却し、通所型サービスだけになるため",
            "progress_record": "歩行が安定し、12月27日に歩行器を返却した",
        },
    ),
    EventType(
        "ProgressRecordSubmitted",
        1,
        ProgressRecordSubmitted,
        "case",
        "支援経過記録の提出",
        senders=frozenset({"kyotaku"}),
        recipients=frozenset({"hokatsu"}),
        speaks_for="office",
        example={
            **_BETWEEN,
            "effective_from": "2025-01-01",
            "submitted_on": "2024-12-27",
            "progress_record": "歩行が安定し、12月27日に歩行器を返却した",
        },
    ),
    EventType(
        "EntrustmentStarted",
        1,
        EntrustmentStarted,
        "case",
        "委託の開始",
        senders=frozenset({"hokatsu"}),
        recipients=frozenset({"kyotaku", "billing"}),
        speaks_for="centre",
        example={
            **_BETWEEN,
            "starts_on": "2025-01-01",
            "type": "care_management_a",
            "contract_signed_on": "2024-09-20",
            "new_to_office": False,
            "cooperation": False,
        },
    ),
    EventType(
        "EntrustmentEnded",
        1,
        EntrustmentEnded,
        "case",
        "委託の終了",
        senders=frozenset({"hokatsu"}),
        recipients=frozenset({"kyotaku", "billing"}),
        speaks_for="centre",
        example={**_BETWEEN, "ended_on": "2025-02-28", "reason_code": "returned_to_designated"},
    ),
    EventType(
        "OriginalsReturned",
        1,
        OriginalsReturned,
        "case",
        "原本の返却",
        senders=frozenset({"kyotaku"}),
        recipients=frozenset({"hokatsu"}),
        speaks_for="office",
        example={
            **_BETWEEN,
            "returned_on": "2025-03-05",
            "documents": ["monitoring", "progress_record"],
            "remaining": [],
            "entrustment_ended_on": "2025-02-28",
        },
    ),
)
