"""An intake at Adachi, worked by hand: from the daughter's visit to the first plan (A-Q3 to A-Q12c).

What ``adachi_checklist.yaml`` plays, done by the centre's specialist and staff and by the ward's clerk in browsers.
"""

from typing import Final

from tests.browser.by_hand import Answers
from tests.browser.town_by_hand import ADACHI, TownByHand

NAME: Final = "見本 はる"
CENTRE: Final = "1302100019"
DAY_CENTRE: Final = "13A1600017"
PERSON: Final[Answers] = {
    "氏名": NAME,
    "フリガナ": "ミホン ハル",
    "生年月日": "昭和16年2月3日",
    "住所": "東京都足立区見本町二丁目2番2号",
    "電話番号": "03-0000-0021",
}
NUMBER: Final = "0000000021"
YES: Final = ("2.", "3.", "4.", "5.", "16.", "19.")
"""What the daughter answers with はい: nothing that has to do with moving about."""


def intake(town: TownByHand) -> None:
    """The daughter comes, the checklist makes her mother eligible, the ward registers her, the centre plans."""
    town.day("2019-05-09", ADACHI)
    somebody_is_shown_the_way(town)
    town.day("2019-05-10", ADACHI)
    the_daughter_answers(town)
    town.day("2019-05-13", ADACHI)
    both_forms_go_to_the_ward(town)
    town.day("2019-05-15", ADACHI)
    the_first_plan_is_delivered(town)


def somebody_is_shown_the_way(town: TownByHand) -> None:
    """A-Q3: the ward does no checklist of its own; it names the centre."""
    clerk = town.person("adachi", "clerk")
    clerk.goes_to("窓口")
    clerk.does(
        "相談と案内を記録する",
        {
            "相談の内容": "通所型サービス",
            "すぐにサービスを利用したい": True,
            "案内した管轄の地域包括支援センター": CENTRE,
        },
        title="区役所での相談と包括への案内を記録する",
    )
    clerk.goes_to("窓口")
    clerk.sees("見本足立地域包括支援センター（1302100019）を案内")


def the_daughter_answers(town: TownByHand) -> None:
    """A-Q2a, A-Q4 to A-Q7: consultation and checklist, answered by the family and never by an office."""
    specialist = town.person("adachi_centre", "dementia")
    specialist.goes_to("利用者・ケース")
    opening = {"保険者": "131219", "連絡の了解を得た日": "R1.5.10", "状態区分": "非該当", "性別": "女"}
    specialist.does("ケースを開く", {**opening, **PERSON, "被保険者番号": NUMBER})
    specialist.does(
        "窓口での相談を記録する",
        {
            "相談に来た人": "家族・親族",
            "方法": "来所",
            "目的・希望するもの": ["通所型サービス"],
            "すぐにサービスを利用したい": True,
            "相談の内容": "母は入院中。退院したらすぐに通所を使いたい",
        },
    )
    specialist.follows("基本チェックリストを実施する")
    specialist.fills(
        {
            "回答した人": "居宅介護支援事業所",
            "方法": "来所",
            "実施した職員の職種": "認知症専門員",
            "身長（cm）": "150",
            "体重（kg）": "48",
        }
    )
    for number in [*range(1, 12), *range(13, 26)]:
        answer = "はい" if f"{number}." in YES else "いいえ"
        specialist.chooses(f"{number}. ", answer)
    specialist.presses("記録する")
    specialist.sees("記録できませんでした")
    specialist.fills({"回答した人": "家族・親族"})
    specialist.presses("記録する")
    specialist.sees("記録しました：基本チェックリストを実施する", "該当")


def both_forms_go_to_the_ward(town: TownByHand) -> None:
    """A-Q12a, A-Q12b: forms 1 and 2 in one, accepted, registered, and the pink card sent."""
    staff, clerk = town.person("adachi_centre", "staff"), town.person("adachi", "clerk")
    staff.goes_to("今日の仕事")
    staff.row(NAME, "届出")
    staff.opens(NAME)
    staff.does(
        "契約を記録する",
        {
            "契約書": "介護予防支援・介護予防ケアマネジメント利用契約書",
            "重要事項を説明した日": "R1.5.13",
            "個人情報使用の同意を得た日": "R1.5.13",
            "署名した人": "家族",
        },
    )
    form = {
        "類型": "介護予防ケアマネジメントA",
        "届出の理由": "初めての届出",
        "サービス開始年月日": "R1.5.20",
    }
    staff.does("届出書を提出する", {**PERSON, "被保険者番号": NUMBER, **form, "本人の自署": True})
    clerk.goes_to("窓口")
    clerk.follows_in_row("確かめて決める", NAME, "届出書")
    clerk.sees("一緒に提出された基本チェックリスト（様式1）")
    clerk.presses("受理する")
    clerk.opens(NAME)
    clerk.does("受給者台帳に登録する（事業対象者）")
    clerk.does("被保険者証などの発行を記録する", {"発行した証": ["被保険者証（ピンク）", "負担割合証"]})
    clerk.goes_to("台帳")
    clerk.row(NAME, "事業対象者")
    staff.opens(NAME)
    staff.sees("事業対象者", "被保険者証（ピンク）、負担割合証")


def the_first_plan_is_delivered(town: TownByHand) -> None:
    """A-Q6, A-Q12c, A-Q49: the centre sees the person, plans, and only then the service begins."""
    staff, clerk = town.person("adachi_centre", "staff"), town.person("adachi", "clerk")
    clerk.goes_to("今日の仕事")
    clerk.does(
        "総合事業のサービス事業所を指定する",
        {
            "サービス事業所": DAY_CENTRE,
            "事業所の名称": "見本デイサービス",
            "指定するサービス": ["通所型サービス（独自）"],
            "指定日": "H31.4.1",
        },
    )
    staff.goes_to("今日の仕事")
    staff.row(NAME, "本人")
    staff.opens(NAME)
    seen = {"方法": "相談者宅の訪問", "本人の状況、制度の趣旨の説明": "退院した本人に会い、制度を説明した"}
    staff.does("本人の状況の確認と制度の説明を記録する", seen)
    staff.does(
        "アセスメントを記録する",
        {
            "作成の理由": "初回",
            "作成した書類": [
                "利用者基本情報",
                "基本チェックリスト",
                "アセスメント",
                "興味・関心チェックシート",
            ],
            "アセスメントの内容": "階段と椅子からの立ち上がりが難しい",
        },
    )
    staff.follows("計画書（A〜D表）を書く")
    staff.fills(
        {
            "作成の理由": "初回",
            "計画期間の開始": "R1.5.20",
            "計画期間の終了": "R3.5.19",
            "1番 目標": "一人で近所の店まで歩く",
            "1行目 サービス種別": "通所型サービス（独自）",
            "1行目 事業所": DAY_CENTRE,
            "開始": "R1.5.20",
            "週の回数": "1",
        }
    )
    staff.presses("計画書を記録する（原案）")
    staff.sees("記録しました")
    staff.opens(NAME)
    staff.follows("サービス担当者会議を記録する")
    staff.fills(
        {"出席者（必須）": ["本人", "家族", "サービス事業所"], "検討内容（会議の要点）": "週1回の通所を使う"}
    )
    staff.presses("会議を記録する")
    staff.opens(NAME)
    staff.does("計画への同意を記録する", {"署名した人": "本人"})
    staff.does("計画を交付する", {"交付した計画書": ["A表", "B表", "C表", "D表（週間計画表）"]})
    staff.does("利用票を交付する", {"利用月": "R1.5", "交付の理由": "初回"})
    staff.goes_to("今日の仕事")
    staff.misses("期限超過")
