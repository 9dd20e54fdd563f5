"""履歴の比較: what changed between two days, by both clocks, and what two agencies hold."""

import re
from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest

from contracts.events.sample import CENTRE
from shared.console.comparing import changes
from shared.node.node import Node
from tests.console import sample
from tests.console.conftest import Browser, event, take_in

SignIn = Callable[[str], Browser]


@pytest.fixture
def lived(node: Node, case_id: UUID) -> UUID:
    """Opened on the 7th; on the 20th the centre's contract of the 8th arrives."""
    node.set_clock(node.now().replace(day=20))
    contract = {"agency": CENTRE, "signed_on": "2024-10-08"}
    take_in(node, CENTRE, event("ContractSigned", case_id, **contract), on=date(2024, 10, 8))
    return case_id


def words(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", text))


def test_the_change_between_two_days_is_said_with_what_was_done_between(sign_in: SignIn, lived: UUID) -> None:
    browser = sign_in("auditor")
    text = browser.get(f"/cases/{lived}/compare?first=20241007&second=R6.10.9").text
    assert "令和6年10月7日" in text
    assert "契約の変わったところ" in text
    assert "令和6年10月8日" in words(text)
    assert "このあいだの記録はありません" not in text
    same = browser.get(f"/cases/{lived}/compare?first=20241009&second=20241019").text
    assert "状態や書類は変わっていません" in same


def test_by_the_other_clock_the_change_came_when_it_was_known_here(sign_in: SignIn, lived: UUID) -> None:
    browser = sign_in("auditor")
    before = browser.get(f"/cases/{lived}/compare?clock=known&first=20241007&second=20241019").text
    assert "状態や書類は変わっていません" in before
    known = browser.get(f"/cases/{lived}/compare?clock=known&first=20241019&second=20241020").text
    assert "契約の変わったところ" in known


def test_days_in_the_wrong_order_are_put_right_and_unreadable_ones_named(
    sign_in: SignIn, lived: UUID
) -> None:
    browser = sign_in("auditor")
    turned = browser.get(f"/cases/{lived}/compare?first=20241009&second=20241007").text
    assert turned.index('value="令和6年10月7日"') < turned.index('value="令和6年10月9日"')
    wrong = browser.get(f"/cases/{lived}/compare?first=きのう").text
    assert "日付として読めません" in wrong
    assert 'aria-invalid="true"' in wrong


def test_without_days_the_last_two_on_which_something_happened_are_compared(
    sign_in: SignIn, lived: UUID
) -> None:
    text = sign_in("auditor").get(f"/cases/{lived}/compare").text
    assert 'value="令和6年10月8日"' in text


def test_a_replay_goes_from_day_to_day_by_both_clocks_without_a_script(sign_in: SignIn, lived: UUID) -> None:
    browser = sign_in("auditor")
    text = browser.get(f"/cases/{lived}/replay?as_of=2024-10-08").text
    back = re.search(r'rel="prev" href="([^"]+)"', text)
    assert back is not None
    assert "as_of=" in back[1]
    earlier = browser.get(back[1].replace("&amp;", "&")).text
    assert "この条件では見えない記録が1件あります" in earlier
    onward = re.search(r'rel="next" href="([^"]+)"', earlier)
    assert onward is not None
    assert "この条件では見えない記録" not in browser.get(onward[1].replace("&amp;", "&")).text
    days = re.findall(r'<ol class="days".*?</ol>', text, re.DOTALL)
    assert len(days) == 2
    assert 'aria-current="date"' in days[0]
    assert "known_at=2024-10-20" in days[1]


def test_a_slider_stands_at_the_last_day_before_the_one_that_was_asked_for(
    sign_in: SignIn, lived: UUID
) -> None:
    """Most days have no record: the slider does not jump to the end then."""
    asked = sign_in("auditor").get(f"/cases/{lived}/replay?known_at=2024-10-15").text
    known = re.findall(r'<ol class="days".*?</ol>', asked, re.DOTALL)[1]
    days = re.findall(r'known_at=([0-9-]+)[^"]*"', known)
    assert "2024-10-15" not in days
    assert days[-1] == "2024-10-20"
    assert re.findall(r'known_at=([0-9-]+)[^"]*" data-at>', known) == [days[-2]]


def test_an_auditor_sees_what_two_agencies_hold_and_a_worker_does_not(
    sign_in: SignIn, lived: UUID, node: Node
) -> None:
    node.handle(node.parse("AskSample", {}, actor="care.manager", case_id=lived))
    address = f"/cases/{lived}/compare/agencies"
    text = words(sign_in("auditor").get(f"{address}?partner={CENTRE}").text)
    for said in ("双方にある", "行われてから 12日後にここに到達", "相手に向けて送信中", "回答待ち"):
        assert said in text
    assert "履歴の再現" in text
    worker = sign_in("care.manager")
    assert worker.get(address).status_code == 403
    assert "compare/agencies" not in worker.get(f"/cases/{lived}/replay").text


def test_two_agencies_are_compared_as_was_known_on_a_day(sign_in: SignIn, lived: UUID) -> None:
    browser = sign_in("auditor")
    address = f"/cases/{lived}/compare/agencies?partner={CENTRE}"
    assert "双方にある" in words(browser.get(address).text)
    assert "双方にある" not in words(browser.get(f"{address}&as_of=2024-10-10").text)


def test_each_comparison_is_recorded_as_a_view_of_the_case(
    sign_in: SignIn, lived: UUID, rows: Callable[..., list[tuple[str]]]
) -> None:
    browser = sign_in("auditor")
    for page in ("compare", "compare/agencies"):
        browser.get(f"/cases/{lived}/{page}")
    found = rows("select what from accesses where case_id = %s order by position", lived)
    assert found[-2:] == [("二つの日の比較",), ("二つの事業所の記録の比較",)]


def test_a_case_that_is_not_here_can_not_be_compared(sign_in: SignIn) -> None:
    browser = sign_in("auditor")
    for page in ("compare", "compare/agencies"):
        answer = browser.get(f"/cases/{uuid4()}/{page}")
        assert answer.status_code == 404
        assert sample.NAME not in answer.text


def test_nothing_differs_from_nothing() -> None:
    assert changes(None, None) == []
