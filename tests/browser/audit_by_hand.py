"""An audit of 見本 はな's case, by hand: what was known when, what differs, who looked."""

from typing import Final

from tests.browser.by_hand import Person, follow
from tests.browser.town_by_hand import TownByHand

NAME: Final = "見本 はな"
OFFICE: Final = "見本居宅介護支援事業所"


def audit(town: TownByHand) -> None:
    """The centre's auditor, who may change nothing, answers an inspector's questions."""
    auditor = town.person("centre", "auditor")
    auditor.opens(NAME)
    assert auditor.window.locator("main").get_by_role("link", name="届出書を提出する").count() == 0
    auditor.follows("履歴の再現")
    both_clocks_are_set(auditor)
    the_slider_goes_a_day_on(auditor)
    two_days_are_compared(auditor)
    two_agencies_are_compared(auditor)
    who_looked_is_listed(auditor)


def both_clocks_are_set(auditor: Person) -> None:
    """What was done until Christmas, known before the change of type was reported; and the same day known later."""
    when, known = "いつのケースか（行われた日）", "いつまでに知っていたか（ここに記録された時）"
    auditor.fills({when: "R6.12.27", known: "R6.12.27 8:00"})
    auditor.presses("再現する")
    auditor.sees("令和6年12月27日（金）まで", "令和6年12月27日 8:00まで", "この条件では見えない記録が")
    auditor.misses("次の変更")
    auditor.fills({known: "R7.1.6 12:00"})
    auditor.presses("再現する")
    auditor.sees("次の変更", "令和7年1月6日 12:00まで")
    auditor.misses("受理 令和7年1月7日")


def the_slider_goes_a_day_on(auditor: Person) -> None:
    """The slider moves along the days on which something was done."""
    auditor.follows("条件を消す")
    slider = auditor.main.get_by_label("行われた日のつまみ")
    slider.press("Home")
    with auditor.window.expect_navigation(wait_until="domcontentloaded"):
        slider.press("Enter")
    auditor.sees("令和6年10月7日（月）まで", "回答待ち　令和6年10月7日から")
    auditor.misses("同時契約の承諾")
    auditor.main.get_by_label("行われた日のつまみ").press("ArrowRight")
    with auditor.window.expect_navigation(wait_until="domcontentloaded"):
        auditor.main.get_by_label("行われた日のつまみ").press("Enter")
    auditor.sees("令和6年10月8日（火）まで", "同時契約の承諾")


def two_days_are_compared(auditor: Person) -> None:
    """December's last day against January's: the mode, and the papers that came between."""
    auditor.follows("二つの日をくらべる")
    auditor.fills({"初めの日": "R6.12.26", "後の日": "R7.1.7"})
    auditor.presses("くらべる")
    auditor.sees("令和6年12月26日（木） から 令和7年1月7日（火） まで")
    assert "再委託" in auditor.row("類型")


def two_agencies_are_compared(auditor: Person) -> None:
    """What the office has of the centre's records, by its signed receipts."""
    auditor.follows("履歴の再現")
    auditor.follows("二つの事業所の記録をくらべる")
    auditor.main.get_by_label("相手").select_option(label=f"{OFFICE}（1371600014）")
    auditor.fills({"この日の終わりにここで分かっていたこと": "R7.1.7"})
    auditor.presses("くらべる")
    assert "受領通知" in auditor.row("委託の開始", "令和7年1月6日")


def who_looked_is_listed(auditor: Person) -> None:
    """Every look of the centre's staff at the case, the newest first, and that nobody rewrote the list."""
    follow(auditor.main.get_by_role("link", name="閲覧記録").first)
    auditor.fills({"見た人": "包括の担当（職員）"})
    auditor.presses("しぼりこむ")
    assert "包括の担当" in auditor.row("操作「居宅に委託する」")
    auditor.follows("記録が書き換えられていないか検証する")
    auditor.sees("書き換えはありません")
