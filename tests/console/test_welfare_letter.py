"""The covering letter for the welfare office, which has no node, is printed from the record (T-40, decision 26)."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from contracts.events.sample import OFFICE, PERSON, PLAN
from shared.node.node import Node
from tests.console.conftest import NAME, Console, event, take_in

LETTER = "/cases/{}/welfare-letter/{}"


def assisted(node: Node, case_id: UUID, assistance: bool = True) -> None:
    take_in(node, OFFICE, event("ProvisionalPlanSubmitted", case_id, public_assistance=assistance))


def test_the_letter_names_the_person_the_papers_and_the_services_and_stands_on_the_case(
    console_of: Callable[[str], Console],
) -> None:
    """T-40, T-41, decision 26."""
    node, browser, case_id = console_of("kyotaku")
    assisted(node, case_id)
    link = LETTER.format(case_id, PLAN)
    assert link in browser.get(f"/cases/{case_id}").text
    text = browser.get(link).text
    for shown in (
        "福祉事務所　御中",
        NAME,
        str(PERSON["insured_number"]),
        '暫定プラン</th><td data-label="提出">この送付状に添える',
        "利用票別表",
        "令和7年6月2日（結果待ち）",
        "まだ連絡の記録がありません",
    ):
        assert shown in text


def test_it_says_when_the_office_was_told_and_which_papers_it_has(
    console_of: Callable[[str], Console],
) -> None:
    """T-40, decision 26."""
    node, browser, case_id = console_of("kyotaku")
    assisted(node, case_id)
    take_in(
        node,
        OFFICE,
        event("WelfareOfficeContacted", case_id, plan_id=PLAN, contacted_on="2025-06-03", note="電話で相談"),
        event(
            "WelfarePapersSubmitted",
            case_id,
            plan_id=PLAN,
            papers=["use_sheet"],
            missing=["provisional_plan", "use_sheet_table"],
        ),
    )
    text = browser.get(LETTER.format(case_id, PLAN)).text
    assert "令和7年6月3日に連絡しました。　電話で相談" in text
    assert '利用票</th><td data-label="提出">提出済み' in text
    assert '利用票別表</th><td data-label="提出">この送付状に添える' in text


@pytest.mark.parametrize("assistance", [True, False])
def test_without_public_assistance_there_is_no_letter(
    console_of: Callable[[str], Console], assistance: bool
) -> None:
    node, browser, case_id = console_of("kyotaku")
    assisted(node, case_id, assistance)
    assert browser.get(LETTER.format(case_id, PLAN)).status_code == (200 if assistance else 404)
    assert browser.get(LETTER.format(case_id, uuid4())).status_code == 404
    assert browser.get(LETTER.format(uuid4(), PLAN)).status_code == 404
