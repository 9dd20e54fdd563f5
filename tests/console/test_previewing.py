"""What 「どうなるかを見る」 says is what is recorded when the same form is sent to be recorded."""

import re
from collections.abc import Callable
from html import unescape
from typing import Final
from uuid import uuid4

import pytest

from contracts.events.sample import BILLING
from shared.node.node import Node
from tests.care.stage import Desk
from tests.console.conftest import Console, event, take_in
from tests.console.test_submitting_pages import at_desk
from tests.services.test_closing import two_persons
from tests.services.test_requested_closing import NOVEMBER_5, OFFICE, REPORTED, town
from tests.services.test_submission import NOVEMBER_8

OCTOBER: Final = {"service_month": "R6.10"}


def reported() -> Desk:
    """The office that knows one person's October, on its own node."""
    return town(REPORTED).desks[OFFICE]


def foretold(page: str) -> list[str]:
    """What a page says would be recorded, by title."""
    told = page.partition("記録され、知らされること")[2].partition("</ul>")[0]
    items = re.findall(r"<li>(.*?)</li>", told, re.DOTALL)
    return sorted(unescape(each).partition("：")[2].partition(" → ")[0] for each in items)


def recorded_after(node: Node, position: int) -> list[str]:
    with node.database.connection() as connection:
        found = connection.execute("select type from events where position > %s", (position,)).fetchall()
    return sorted(node.titles.get(kind, kind) for (kind,) in found)


def looked_and_recorded(console: Console, name: str, form: dict[str, str]) -> tuple[list[str], list[str]]:
    node, browser, _ = console
    address, sent = f"/commands/{name}", {"command_id": str(uuid4()), **form}
    browser.get(address)
    before = node.log.head().position
    looked = browser.post(address, {**sent, "look": "yes"})
    assert looked.status_code == 200, looked.text
    assert node.log.head().position == before
    done = browser.post(address, sent)
    assert done.status_code == 302, done.text
    return foretold(looked.text), recorded_after(node, before)


@pytest.mark.parametrize(
    ("service", "name", "known"),
    [("billing", "CloseMonth", two_persons), ("kyotaku", "RequestClosing", reported)],
)
def test_a_month_that_is_closed_for_everybody_is_foretold_as_it_is_recorded(
    console_of: Callable[[str], Console], service: str, name: str, known: Callable[[], Desk]
) -> None:
    today = NOVEMBER_8 if service == "billing" else NOVEMBER_5
    node, browser = at_desk(console_of, known(), today, service)
    said, recorded = looked_and_recorded((node, browser, uuid4()), name, OCTOBER)
    assert said == recorded != []


def test_a_month_that_is_confirmed_for_everybody_is_foretold_as_it_is_recorded(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("kyotaku")
    drafted = event("ClaimDrafted", case_id, claimant=node.agency, service_month="2024-09")
    take_in(node, BILLING, drafted)
    said, recorded = looked_and_recorded((node, browser, case_id), "ConfirmMonth", {"service_month": "R6.9"})
    assert said == recorded == [node.titles["ClaimConfirmed"]]


def test_what_is_refused_is_refused_in_the_same_words_when_it_is_looked_at(
    console_of: Callable[[str], Console],
) -> None:
    _, browser, _ = console_of("kyotaku")
    browser.get("/commands/ConfirmMonth")
    form = {"command_id": str(uuid4()), "service_month": "R6.9"}
    answers = [browser.post("/commands/ConfirmMonth", form | more) for more in ({"look": "yes"}, {})]
    told = [re.findall(r'id="problem".*?<p>(.*?)</p>', each.text, re.DOTALL) for each in answers]
    assert [each.status_code for each in answers] == [422, 422]
    assert told[0] == told[1] != []
