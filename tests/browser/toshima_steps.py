"""Who works on 見本 はな's case, what they write again and again, and the steps that every month has."""

from dataclasses import dataclass
from typing import Final

from tests.browser.by_hand import Answers, Person, follow
from tests.browser.town_by_hand import TownByHand

NAME: Final = "見本 はな"
OFFICE: Final = "1371600014"
CENTRE: Final = "1301600019"
BILLING: Final = "131169B001"
SHOP: Final = "1371600022"
DAY_CENTRE: Final = "13A1600017"
RENTAL: Final = "介護予防福祉用具貸与"
DAY_SERVICE: Final = "通所型サービス（独自）"
PERSON: Final[Answers] = {
    "氏名": NAME,
    "フリガナ": "ミホン ハナ",
    "生年月日": "昭和17年5月3日",
    "住所": "東京都豊島区見本町一丁目1番1号",
    "電話番号": "03-0000-0001",
}
NUMBER: Final = "0000000001"
ASSESSED: Final[Answers] = {
    "作成した書類": ["利用者基本情報", "基本チェックリスト", "アセスメント", "興味・関心チェックシート"],
    "アセスメントの内容": "屋外の歩行に不安がある。近所の友人との交流を続けたい。",
}
FIRST_ASSESSMENT: Final[Answers] = {**ASSESSED, "作成の理由": "初回"}
RENTED: Final[Answers] = {"サービス種類": RENTAL, "サービス事業所": SHOP}
PLAN: Final[Answers] = {
    "作成の理由": "初回",
    "計画期間の開始": "R6.10.21",
    "計画期間の終了": "R7.3.31",
    "計画作成者氏名": "見本 花子",
    "初回・紹介・継続": "初回",
    "目標とする生活 1日": "午前中に家の周りを歩く",
    "目標とする生活 1年": "友人と公園まで出かける",
    "運動・移動について 現在の状況": "屋内は伝い歩き。屋外は歩行器があれば15分歩ける",
    "運動・移動について 本人・家族の意欲・意向": "近所の公園まで一人で歩いて行きたい（本人）",
    "課題の有無": "有",
    "運動・移動について 課題の背景・原因": "下肢の筋力が落ち、歩行器がないと外出に不安がある",
    "1番 総合的課題": "歩行への不安から外出が減り、筋力と人との交流が落ちている",
    "1番 課題に対する目標と具体策の提案": "歩行器で外出し、通所で下肢の体操を続ける",
    "1番 具体策についての意向": "無理のない範囲で続けたい（本人）",
    "1番 目標": "近所の公園まで一人で歩いて行く",
    "総合的な方針": "転倒に注意しながら外出の機会を増やす",
    "健康状態について": "血圧が高い日は運動を控える（主治医）",
    "必要な事業プログラム": ["運動不足", "閉じこもり予防"],
    "1行目 曜日": ["火"],
    "1行目 開始時刻（例 9:30、0930）": "0930",
    "1行目 終了時刻（例 12:00、1200）": "12:30",
    "1行目 内容": "通所型サービス（体操・交流）",
    "1行目 区分": "介護保険・総合事業のサービス",
    "週単位以外のサービス": "福祉用具貸与（歩行器）、月1回の通院",
}
SUPPORTS: Final = (
    ("歩行器で少しずつ距離を延ばす", RENTAL, SHOP, "R6.10.21"),
    ("体操で下肢の筋力を保ち、仲間と話す", DAY_SERVICE, DAY_CENTRE, "R6.10.22"),
)
BOTH: Final = ((RENTAL, SHOP, "500"), (DAY_SERVICE, DAY_CENTRE, "3621"))


@dataclass(frozen=True)
class Cast:
    """The five people of the story."""

    town: TownByHand
    care_manager: Person
    centre: Person
    welfare: Person
    insurance: Person
    biller: Person

    @classmethod
    def of(cls, town: TownByHand) -> "Cast":
        return cls(
            town,
            town.person("office", "care_manager"),
            town.person("centre", "staff"),
            town.person("ward", "welfare"),
            town.person("ward", "insurance"),
            town.person("billing", "billing"),
        )


def write_plan(office: Person) -> None:
    """The sheets A to D as on paper, looked at before they are recorded."""
    office.follows("計画書（A〜D表）を書く")
    office.fills(PLAN)
    fill_support(office, 1, *SUPPORTS[0])
    office.presses("支援計画の行を追加")
    fill_support(office, 2, *SUPPORTS[1])
    office.presses("内容を確かめる（記録しません）")
    office.sees("このまま記録できます", "9:30〜12:30")
    office.presses("計画書を記録する（原案）")
    office.sees("記録しました")


def fill_support(
    office: Person, number: int, points: str, service: str, provider: str, starts_on: str
) -> None:
    """One line of sheet C."""
    row = {"支援のポイント": points, "サービス種別": service, "事業所": provider}
    office.fills({f"{number}行目 {name}": answer for name, answer in row.items()})
    office.fills({"開始": starts_on}, office.row_of_field(f"{number}行目 支援のポイント"))


def hold_meeting(office: Person, agreed: str) -> None:
    """Sheet E."""
    office.opens(NAME)
    office.follows("サービス担当者会議を記録する")
    office.fills(
        {
            "計画作成者氏名": "見本 花子",
            "開催場所": "本人の自宅",
            "出席者（必須）": ["本人", "担当の介護支援専門員", "サービス事業所"],
            "検討内容（会議の要点）": agreed,
        }
    )
    office.presses("会議を記録する")
    office.sees("記録しました")


def visit(office: Person, month: str, means: str, findings: str) -> None:
    """The month's monitoring."""
    office.opens(NAME)
    answers = {"対象月": month, "方法": means, "モニタリングの内容": findings}
    office.does("モニタリングを記録する", answers)


def report(office: Person, month: str, *used: tuple[str, str, str]) -> None:
    """What was used in a month."""
    rows = [{"サービス種類": kind, "サービス事業所": shop, "単位数": units} for kind, shop, units in used]
    office.opens(NAME)
    office.does("実績を報告する", {"サービス提供月": month, "実績": rows})


def month_is_closed(biller: Person, month: str) -> None:
    """Drafts and benefit slips of everybody in a month, from the board."""
    biller.goes_to("請求")
    biller.fills({"サービス提供月": month})
    biller.presses("この条件で表示")
    biller.does("この月の請求案・給付管理票をまとめて作る", title="月の請求案と給付管理票をまとめて作成する")
    biller.goes_to("請求")


def confirm(claimant: Person, month: str, yen: str) -> None:
    """The claimant confirms what the desk drafted for it."""
    claimant.goes_to("請求")
    claimant.fills({"サービス提供月": month})
    claimant.presses("この条件で表示")
    assert yen in claimant.row(NAME, "確認待ち")
    claimant.does(f"確認待ちの 1件（{yen}）をまとめて確認する", title="月の請求をまとめて確認する")


def submit(biller: Person, examined: str, claimant: str, route: str, how: Answers | None = None) -> None:
    """What is confirmed and not submitted yet, for one claimant by one way."""
    biller.goes_to("請求")
    biller.follows("確認済みの請求を提出する")
    biller.fills({"審査月": examined})
    biller.presses("この審査月で表示")
    biller.follows_in_row("内容を確かめて提出する", claimant, route)
    biller.fills(how or {"提出の方法": "インターネット伝送"})
    biller.presses("提出を記録する")
    biller.sees("記録しました：請求を提出する")


def copy_plan(office: Person, occasion: str, begins: str, ends: str) -> None:
    """The plan before, written once more with another period."""
    office.opens(NAME)
    office.follows("計画書（A〜D表）を書く")
    follow(office.main.get_by_role("region", name="前回の計画から写す").get_by_role("link").first)
    office.fills(
        {
            "作成の理由": occasion,
            "計画期間の開始": begins,
            "計画期間の終了": ends,
            "初回・紹介・継続": "継続",
        }
    )
    office.fills({"開始": begins}, office.row_of_field("1行目 支援のポイント"))
    office.presses("計画書を記録する（原案）")
    office.sees("記録しました")


def agree_and_deliver(office: Person) -> None:
    """The person's consent, and the plan handed over."""
    office.opens(NAME)
    office.does("計画への同意を記録する", {"署名した人": "本人"})
    office.does("計画を交付する", {"交付した計画書": ["A表", "B表", "C表", "D表（週間計画表）"]})
