"""What somebody has typed outlives the end of their session."""

from datetime import timedelta
from typing import Final

from playwright.sync_api import Page as Window

from tests.browser.by_hand import Person, follow
from tests.browser.town import PASSWORD
from tests.browser.town_by_hand import TownByHand

NAME: Final = "見本 はな"
WORDS: Final = "通所先で面接。畑仕事を再開した。"


def their_session_ends(town: TownByHand, node: str, account: str) -> None:
    """Nobody asked for anything for longer than a session waits."""
    late = "update sessions set last_used_at = last_used_at - %s where account = %s"
    with town.town.consoles[node].node.database.connection() as connection:
        connection.execute(late.encode(), (timedelta(hours=2), account))


def signs_in_again(window: Window) -> None:
    window.get_by_label("利用者名").fill("care_manager")
    window.get_by_label("パスワード").fill(PASSWORD)
    follow(window.get_by_role("button", name="サインイン"))


def test_what_was_typed_before_the_session_ended_is_recorded_once_after_signing_in_again(
    worked: TownByHand,
) -> None:
    office: Person = worked.person("office", "care_manager")
    office.opens(NAME)
    office.follows("モニタリングを記録する")
    office.fills({"対象月": "R7.4", "方法": "面接（通所先など）", "モニタリングの内容": WORDS})
    their_session_ends(worked, "office", "care_manager")
    office.presses("記録する")
    assert office.window.get_by_role("button", name="サインイン").count() == 1
    assert WORDS not in office.reads()
    signs_in_again(office.window)
    office.sees("まだ記録していません")
    assert office.main.get_by_label("モニタリングの内容").input_value() == WORDS
    office.presses("記録する")
    office.sees("記録しました：モニタリングを記録する")
    office.follows("サービス・実績")
    assert "あり" in office.row("令和7年4月")
