"""Events that open a case and tell of the person's circumstances."""

from marshmallow import Schema

from contracts.codes import (
    ASSIGNMENT_TRACKS,
    CIRCUMSTANCES,
    ENDS_WITH_OFFICE,
    LAPSES,
    NEW_AFTER_MOVE,
    NEW_WITH_OFFICE,
    PREVIOUS_KINDS,
    PROCEDURES,
    STATUSES,
    TRACKS,
)
from contracts.definition import ROLES, EventType, personal
from contracts.events.rows import Certification
from contracts.events.sample import BILLING, CENTRE, OFFICE, PERSON, WARD
from contracts.fields import Agency, Code, Day, Flag, Identifier, Items, LongText, Month, Row, Table, Text

SEXES = {"male": "男", "female": "女"}
CONTRACTORS = {role: ROLES[role] for role in ("kyotaku", "hokatsu")}
PARTNERS = frozenset({"kyotaku", "hokatsu", "ward", "billing"})


class CaseOpened(Schema):
    """The first event of a case: it names the parties, and partners receive it before anything else."""

    insurer = Agency("保険者")
    parties = Table("当事者", Agency("事業所"), Code("役割", ROLES), help="事業所番号と役割")
    opened_on = Day("受付日")
    contact_agreed_on = Day("関係機関へ連絡することの了解を得た日")
    procedure = Code("手続き", PROCEDURES)
    status = Code("状態区分", STATUSES)
    certification = Row(Certification, "認定", null=True)
    previous_plan_end_month = Month("前回の計画の最終月", null=True)
    previous_plan_kind = Code("前回の計画の種類", PREVIOUS_KINDS, null=True)
    previous_case = Identifier(
        "前のケース", required=False, null=True, help="区内転居の前に、同じ方を支援していたケース"
    )
    risk_report_needed = Flag(
        "リスク対応策の報告が必要",
        required=False,
        help="モデル実施を行わない包括のケースで、居宅が区へ報告する",
    )
    contract_by = Code(
        "はじめに本人と契約する側",
        CONTRACTORS,
        required=False,
        null=True,
        help="居宅指定では居宅、再委託と直営では包括",
    )
    insured = Flag(
        "介護保険の被保険者",
        required=False,
        null=True,
        help="40歳から64歳の生活保護の方（被保険者番号が H で始まる）では「いいえ」",
    )
    name = personal(Text("氏名"))
    kana = personal(Text("フリガナ"))
    birth_date = personal(Day("生年月日"))
    sex = personal(Code("性別", SEXES))
    address = personal(Text("住所"))
    telephone = personal(Text("電話番号", null=True, longest=20))
    insured_number = personal(Text("被保険者番号", longest=10))


class CircumstanceChanged(Schema):
    change = Code("状況の変化", CIRCUMSTANCES)
    changed_on = Day("変化のあった日")
    reported_on = Day("連絡した日")
    note = personal(LongText("内容", null=True))


class CaseMoved(Schema):
    """The person moved within the ward into another centre's area: this case ends, a new one begins there.

    The new centre is no party of this case, so ``new_centre`` is only its number.
    """

    office = Agency("居宅介護支援事業所")
    centre = Agency("これまでの地域包括支援センター")
    moved_on = Day("転居日")
    new_centre = Text("新しい担当の地域包括支援センター", longest=10, help="事業所番号")
    lapses = Items("終わるもの", Code("終わるもの", LAPSES))
    anew = Items("新しく行うもの", Code("新しく行うもの", NEW_AFTER_MOVE))
    held_notification = Flag("保管している届出書がある")


class OfficeChanged(Schema):
    """Another office takes over: this case ends with its office's last day, a new one begins with the other.

    The new office is no party of this case, so ``new_office`` is only its number. ``agency`` recorded it: the centre
    that entrusted, or the office whose contract with the person ends.
    """

    agency = Agency("記録した事業所")
    office = Agency("これまでの居宅介護支援事業所")
    centre = Agency("地域包括支援センター")
    last_day = Day("これまでの居宅の最終日")
    track = Code("これまでの区分", TRACKS)
    new_office = Text("新しい居宅介護支援事業所", longest=10, help="事業所番号")
    new_track = Code("新しい居宅の区分", ASSIGNMENT_TRACKS)
    ends = Items("終わるもの", Code("終わるもの", ENDS_WITH_OFFICE))
    anew = Items("新しく行うもの", Code("新しく行うもの", NEW_WITH_OFFICE))
    held_notification = Flag("保管している届出書がある")
    note = personal(LongText("内容・引継ぎ", null=True))


OPENING_EXAMPLE = {
    "insurer": WARD,
    "parties": {OFFICE: "kyotaku", CENTRE: "hokatsu", WARD: "ward", BILLING: "billing"},
    "opened_on": "2024-10-07",
    "contact_agreed_on": "2024-10-07",
    "procedure": "toshima_2024",
    "status": "support2",
    "certification": {"status": "support2", "valid_from": "2024-09-12", "valid_to": "2025-03-31"},
    "previous_plan_end_month": None,
    "previous_plan_kind": None,
    "contract_by": "kyotaku",
    "sex": "female",
    **PERSON,
}

EVENTS = (
    EventType(
        "CaseOpened",
        1,
        CaseOpened,
        "case",
        "ケースの開始",
        senders=frozenset({"kyotaku", "hokatsu"}),
        recipients=PARTNERS,
        opens_case=True,
        example=OPENING_EXAMPLE,
    ),
    EventType(
        "CaseMoved",
        1,
        CaseMoved,
        "case",
        "担当の包括の変更（区内転居）",
        senders=frozenset({"kyotaku"}),
        recipients=frozenset({"hokatsu", "ward"}),
        speaks_for="office",
        example={
            "office": OFFICE,
            "centre": CENTRE,
            "moved_on": "2025-06-10",
            "new_centre": "1301600092",
            "lapses": ["simultaneous_contract", "centre_contract", "held_notification"],
            "anew": ["case", "risk_report", "contract_each_change"],
            "held_notification": True,
        },
    ),
    EventType(
        "OfficeChanged",
        1,
        OfficeChanged,
        "case",
        "居宅の変更",
        senders=frozenset({"kyotaku", "hokatsu"}),
        recipients=frozenset({"kyotaku", "hokatsu", "ward"}),
        speaks_for="agency",
        example={
            "agency": OFFICE,
            "office": OFFICE,
            "centre": CENTRE,
            "last_day": "2025-05-31",
            "track": "designated",
            "new_office": "1371600048",
            "new_track": "entrusted",
            "ends": ["office_contract", "simultaneous_contract", "held_notification"],
            "anew": ["case", "entrustment", "notification"],
            "held_notification": True,
            "note": "本人の希望。計画と記録の写しを渡した",
        },
    ),
    EventType(
        "CircumstanceChanged",
        1,
        CircumstanceChanged,
        "case",
        "利用者の状況変化",
        senders=frozenset({"kyotaku"}),
        recipients=frozenset({"hokatsu"}),
        example={
            "change": "moved_within",
            "changed_on": "2025-06-10",
            "reported_on": "2025-06-10",
            "note": "見本町二丁目へ転居",
        },
    ),
)
