"""Events by which a person becomes project-eligible (事業対象者): checklist at the ward, register, cards."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema

from contracts.codes import CARDS, COMPLAINTS, PERSONS_DESKS, SHARES, Codes
from contracts.definition import EventType, personal
from contracts.events.sample import CENTRE, CHECKLIST, COMPLAINT, NOTIFICATION
from contracts.fields import Agency, Code, Count, Day, Flag, Identifier, Items, LongText, Row, Text

_CARE = frozenset({"kyotaku", "hokatsu"})

CHECKLIST_OUTCOMES: Final[Codes] = {
    "applicable": "該当",
    "not_applicable": "非該当（チェックリスト）",
    "undetermined": "判定できない（未回答あり）",
}
"""What the 25 questions say of a person."""

YES_NO: Final[Codes] = {"yes": "はい", "no": "いいえ"}

CHECKLIST_ITEMS: Final[Mapping[int, str]] = {
    1: "バスや電車で1人で外出している",
    2: "日用品の買物をしている",
    3: "預貯金の出し入れをしている",
    4: "友人の家を訪ねている",
    5: "家族や友人の相談にのっている",
    6: "階段を手すりや壁をつたわらずに昇っている",
    7: "椅子から何もつかまらずに立ち上がっている",
    8: "15分くらい続けて歩いている",
    9: "この1年間に転んだことがある",
    10: "転倒への不安が大きい",
    11: "6か月間で2〜3kg以上の体重減少があった",
    13: "半年前に比べて固いものが食べにくくなった",
    14: "お茶や汁物などでむせることがある",
    15: "口の渇きが気になる",
    16: "週に1回以上は外出している",
    17: "昨年と比べて外出の回数が減っている",
    18: "周りの人から物忘れがあると言われる",
    19: "自分で電話番号を調べて電話をかけている",
    20: "今日が何月何日かわからないときがある",
    21: "（ここ2週間）毎日の生活に充実感がない",
    22: "（ここ2週間）楽しんでいたことが楽しめなくなった",
    23: "（ここ2週間）楽にできていたことがおっくうに感じられる",
    24: "（ここ2週間）自分が役に立つ人間だと思えない",
    25: "（ここ2週間）わけもなく疲れたような感じがする",
}
"""The items of the basic checklist in short; height and weight answer the twelfth."""


def answers_schema(name: str, **settings: Any) -> type[Schema]:
    """A group of the 25 items but the twelfth, which height and weight answer; null where nothing was answered."""
    return Schema.from_dict(
        {
            f"q{number}": Code(f"{number}. {question}", YES_NO, null=True, **settings)
            for number, question in CHECKLIST_ITEMS.items()
        },
        name=name,
    )


ChecklistAnswers = answers_schema("ChecklistAnswers")
"""As events carry them: every item is named."""


class ChecklistSubmitted(Schema):
    """The checklist as an application (様式1): it goes to the ward together with its notification (様式2, A-Q12a)."""

    centre = Agency("地域包括支援センター")
    checklist_id = Identifier("基本チェックリストの番号")
    notification_id = Identifier("一緒に提出する届出書の番号")
    checked_on = Day("実施日")
    outcome = Code("判定", CHECKLIST_OUTCOMES)
    criteria = Items("該当した基準", Count("基準の番号", least=1))
    submitted_on = Day("提出日")
    answers = personal(Row(ChecklistAnswers, "回答"))
    height_cm = personal(Text("身長（cm）", null=True, longest=8))
    weight_kg = personal(Text("体重（kg）", null=True, longest=8))


class ProjectEligibilityRegistered(Schema):
    """The ward has entered the person in its register (受給者台帳), eligible from the day of the checklist (A-Q12c).

    The cards are those that the person returns and is issued for it; null where there is none.
    """

    notification_id = Identifier("届出書の番号")
    checklist_on = Day("基本チェックリストの実施日")
    eligible_from = Day("事業対象者となった日")
    registered_on = Day("登録日")
    cards_to_issue = Items("発行する証", Code("証", CARDS), null=True)
    cards_to_return = Items("返還してもらう証", Code("証", CARDS), null=True)


class CardsIssued(Schema):
    """Cards that the ward has sent to the person; a card by its colour (A-Q21c)."""

    cards = Items("発行した証", Code("証", CARDS), least=1)
    colour = Code("被保険者証の色", CARDS, required=False, null=True, help="証の中の被保険者証。なければ空欄")
    issued_on = Day("発行日")


class CopaymentShareSet(Schema):
    """The person's share of the costs (A-Q20); the cards are those that a changed one exchanges (A-Q21b)."""

    percent = Code("負担割合", SHARES)
    valid_from = Day("適用の開始日")
    public_assistance = Flag("生活保護を受けている")
    set_on = Day("決定日")
    cards_to_issue = Items("発行する証", Code("証", CARDS), null=True)
    cards_to_return = Items("返還してもらう証", Code("証", CARDS), null=True)


class PublicAssistanceRecorded(Schema):
    """What the welfare office told the ward of a person on public assistance (生活保護): its numbers and their period.

    The newest one of a first day counts; ``valid_to`` is null while it goes on (A-Q20, T-33).
    """

    valid_from = Day("公費の有効期間の開始")
    valid_to = Day("公費の有効期間の終了", null=True)
    told_on = Day("福祉事務所から連絡のあった日")
    recorded_on = Day("記録した日")
    payer_number = personal(Text("公費負担者番号", longest=8))
    recipient_number = personal(Text("公費受給者番号", longest=7))


class ComplaintReceived(Schema):
    """A complaint that a centre took, and the desks at which it belongs; the ward gets those of its own (A-Q27)."""

    centre = Agency("受け付けた地域包括支援センター")
    about = Code("苦情の内容", COMPLAINTS)
    desks = Items("窓口", Code("窓口", PERSONS_DESKS), least=1)
    received_on = Day("受付日")
    complaint_id = Identifier("苦情の番号", required=False, null=True)
    content = personal(LongText("申し出の内容"))


class ComplaintAnswered(Schema):
    """What a desk of the ward office did about a complaint; the centre that took it tells the person (A-Q27)."""

    complaint_id = Identifier("苦情の番号")
    answered_on = Day("対応した日")
    answer = personal(LongText("対応の内容"))


class CardsReturned(Schema):
    """Cards that the person gave back to the ward by way of an agency."""

    agency = Agency("返還を取り次いだ事業所")
    cards = Items("返還された証", Code("証", CARDS), least=1)
    returned_on = Day("返還日")


ANSWERS_EXAMPLE: Final[dict[str, Any]] = {
    f"q{number}": "no" if number in (9, 10, 11, 13, 14, 15, 17, 18, 20) else "yes"
    for number in CHECKLIST_ITEMS
    if number < 21
} | {"q21": "yes", "q22": "yes", "q23": "no", "q24": "no", "q25": None}
"""Two of the last five count: the seventh criterion."""

EVENTS = (
    EventType(
        "ChecklistSubmitted",
        1,
        ChecklistSubmitted,
        "case",
        "基本チェックリスト【申請】の提出",
        senders=frozenset({"hokatsu"}),
        recipients=frozenset({"ward"}),
        speaks_for="centre",
        example={
            "centre": CENTRE,
            "checklist_id": CHECKLIST,
            "notification_id": NOTIFICATION,
            "checked_on": "2019-05-10",
            "outcome": "applicable",
            "criteria": [7],
            "submitted_on": "2019-05-13",
            "answers": ANSWERS_EXAMPLE,
            "height_cm": "160",
            "weight_kg": "50.5",
        },
    ),
    EventType(
        "ProjectEligibilityRegistered",
        1,
        ProjectEligibilityRegistered,
        "case",
        "受給者台帳への登録（事業対象者）",
        senders=frozenset({"ward"}),
        recipients=_CARE | {"billing"},
        example={
            "notification_id": NOTIFICATION,
            "checklist_on": "2019-05-10",
            "eligible_from": "2019-05-10",
            "registered_on": "2019-05-14",
            "cards_to_issue": ["pink_card", "copayment_certificate"],
            "cards_to_return": None,
        },
    ),
    EventType(
        "CardsIssued",
        1,
        CardsIssued,
        "case",
        "被保険者証などの発行",
        senders=frozenset({"ward"}),
        recipients=_CARE,
        example={
            "cards": ["pink_card", "copayment_certificate"],
            "colour": "pink_card",
            "issued_on": "2019-05-14",
        },
    ),
    EventType(
        "CopaymentShareSet",
        1,
        CopaymentShareSet,
        "case",
        "負担割合の決定",
        senders=frozenset({"ward"}),
        recipients=_CARE | {"billing"},
        example={
            "percent": "10",
            "valid_from": "2019-05-10",
            "public_assistance": False,
            "set_on": "2019-05-14",
            "cards_to_issue": None,
            "cards_to_return": None,
        },
    ),
    EventType(
        "PublicAssistanceRecorded",
        1,
        PublicAssistanceRecorded,
        "case",
        "生活保護（公費）の番号の記録",
        senders=frozenset({"ward"}),
        recipients=_CARE | {"billing"},
        example={
            "valid_from": "2024-10-01",
            "valid_to": None,
            "told_on": "2024-10-02",
            "recorded_on": "2024-10-03",
            "payer_number": "12139002",
            "recipient_number": "0000018",
        },
    ),
    EventType(
        "ComplaintReceived",
        1,
        ComplaintReceived,
        "case",
        "苦情の受付",
        senders=frozenset({"hokatsu"}),
        recipients=frozenset({"ward"}),
        speaks_for="centre",
        example={
            "centre": CENTRE,
            "about": "designated_office",
            "desks": ["insurance_guidance", "federation"],
            "received_on": "2019-06-03",
            "complaint_id": COMPLAINT,
            "content": "送迎がいつも遅れる",
        },
    ),
    EventType(
        "ComplaintAnswered",
        1,
        ComplaintAnswered,
        "case",
        "苦情への対応",
        senders=frozenset({"ward"}),
        recipients=frozenset({"hokatsu"}),
        example={
            "complaint_id": COMPLAINT,
            "answered_on": "2019-06-10",
            "answer": "事業所に送迎の時刻を確かめ、改めるよう伝えた",
        },
    ),
    EventType(
        "CardsReturned",
        1,
        CardsReturned,
        "case",
        "被保険者証などの返還",
        senders=_CARE,
        recipients=_CARE | {"ward"},
        speaks_for="agency",
        example={"agency": CENTRE, "cards": ["pink_card"], "returned_on": "2019-06-03"},
    ),
)
