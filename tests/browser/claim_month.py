"""January's claim, worked by hand from the board to the payment: submitted, returned, corrected, decided, settled."""

from typing import Final

from tests.browser.by_hand import Person
from tests.browser.toshima_steps import NAME, Cast, confirm, submit

CENTRE: Final = "見本地域包括支援センター（モデル）"
JANUARY: Final = "令和7年1月"
YEN: Final = "8,458円"


def claim_month(cast: Cast) -> None:
    """T-32, T-33, decision 1: the centre's claim for the entrusted month, and what the office gets of it."""
    the_medium_goes_to_the_ward(cast)
    the_ward_returns_the_claim(cast)
    the_claim_is_made_again(cast)
    the_ward_decides_and_the_office_is_paid(cast)
    a_slip_comes_back(cast)


def board_of(person: Person, month: str) -> None:
    """The board of a month."""
    person.goes_to("請求")
    person.fills({"サービス提供月": month})
    person.presses("この条件で表示")


def stage_of(person: Person, month: str) -> str:
    """The person's row on the board of a month."""
    board_of(person, month)
    return person.row(NAME)


def the_medium_goes_to_the_ward(cast: Cast) -> None:
    """A-Q33, A-S1: the file is written to the medium, the benefit slip goes to the federation."""
    biller = cast.biller
    cast.town.day("2025-04-08")
    assert "確認済み（提出待ち）" in stage_of(biller, JANUARY)
    bag = {
        "提出の方法": "文書交換便",
        "同封したもの": [
            "総合事業（介護予防ケアマネジメント費請求）用USB",
            "総合事業ケアマネジメント費請求 受取確認書／受領書",
        ],
    }
    submit(biller, "R7.4", CENTRE, "区", bag)
    submit(biller, "R7.4", CENTRE, "国保連")
    assert "提出済み" in stage_of(biller, JANUARY)
    with biller.window.expect_download() as begun:
        biller.main.locator("tr", has_text="区").get_by_role("link", name=".csv").first.click()
    content = begun.value.path().read_bytes().decode("cp932")
    assert "1301600019" in content
    assert "0000000001" in content


def the_ward_returns_the_claim(cast: Cast) -> None:
    """A-S9: the ward receives the medium and sends the claim back; desk and centre read why."""
    ward = cast.welfare
    cast.town.day("2025-04-09")
    ward.goes_to("請求データの受領")
    ward.follows_in_row("受領を記録する", CENTRE)
    arrived = [
        "総合事業（介護予防ケアマネジメント費請求）用USB",
        "総合事業ケアマネジメント費請求 受取確認書／受領書",
    ]
    ward.fills({"受け取った日時": "R7.4.9 10:30", "届いたもの": arrived, "この審査月の請求になる": "はい"})
    ward.presses("記録する")
    ward.sees("記録しました：請求データの受領を記録する")
    ward.goes_to("請求データの受領")
    ward.follows_in_row("令和7年4月8日", CENTRE)
    ward.follows_in_row("返戻する", NAME)
    ward.fills(
        {"返戻日": "R7.4.9", "返戻の理由": "データの誤り", "理由の説明": "担当者の番号を確かめてください"}
    )
    ward.presses("記録する")
    ward.sees("記録しました：請求を返戻する")
    for each in (cast.biller, cast.centre):
        assert "返戻の理由：データの誤り 担当者の番号を確かめてください" in stage_of(each, JANUARY)


def the_claim_is_made_again(cast: Cast) -> None:
    """T-33: a new draft, confirmed anew, submitted with the next month."""
    biller = cast.biller
    cast.town.day("2025-05-07")
    board_of(biller, JANUARY)
    biller.follows_in_row("請求案を作り直す", NAME)
    biller.presses("記録する")
    biller.sees("記録しました：請求案を作成する")
    confirm(cast.centre, JANUARY, YEN)
    submit(biller, "R7.5", CENTRE, "区", {"提出の方法": "持参", "持参した日時": "R7.5.7 14:00"})


def the_ward_decides_and_the_office_is_paid(cast: Cast) -> None:
    """Decision 1: the centre keeps a tenth, the office reads what it is paid."""
    ward, biller = cast.welfare, cast.biller
    ward.goes_to("請求データの受領")
    ward.follows_in_row("令和7年5月7日", CENTRE)
    ward.follows("受領を記録する")
    ward.fills({"受け取った日時": "R7.5.7 14:00", "この審査月の請求になる": "はい"})
    ward.presses("記録する")
    cast.town.day("2025-05-30")
    ward.goes_to("請求データの受領")
    ward.follows_in_row("令和7年5月7日", CENTRE)
    ward.follows("残りをすべて請求のとおり決定する")
    ward.fills({"決定日": "R7.5.30"})
    ward.presses("記録する")
    ward.sees("記録しました：提出された請求をまとめて決定する")
    assert "決定" in stage_of(biller, JANUARY)
    biller.goes_to("提出・委託料")
    biller.does(
        "委託料の明細書を作成する",
        {
            "地域包括支援センター": CENTRE,
            "委託先の居宅介護支援事業所": "見本居宅介護支援事業所",
            "審査月": "R7.5",
        },
    )
    for each in (cast.centre, cast.care_manager):
        board_of(each, JANUARY)
        each.sees("委託料の明細書と支払")
        assert "8,458円 7,613円 845円" in each.row("明細書（PDF）")


def a_slip_comes_back(cast: Cast) -> None:
    """T-33, A-Q36: the federation returns the slip, which lacks the planner's number; it is made anew and sent."""
    biller = cast.biller
    cast.town.day("2025-06-02")
    biller.opens(NAME)
    biller.does(
        "給付管理票の返戻を記録する",
        {"サービス提供月": "R7.1", "返戻日": "R7.6.2", "返戻の理由": "データの誤り"},
    )
    biller.goes_to("今日の仕事")
    biller.sees("返戻された給付管理票を作り直す（令和7年1月分）")
    board_of(biller, JANUARY)
    biller.follows_in_row("給付管理票を作り直す", NAME)
    biller.fills({"委託先の担当介護支援専門員番号": "13000002"})
    biller.presses("記録する")
    biller.sees("記録しました：給付管理票を作成する")
    submit(biller, "R7.6", CENTRE, "国保連")
    biller.goes_to("今日の仕事")
    biller.misses("返戻された給付管理票", "令和7年1月分")
