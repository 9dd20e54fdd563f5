"""The ward's receipt desk on its screen (A-S1, A-S2, A-S9, A-S10)."""

import re
from collections.abc import Callable
from uuid import uuid4

from contracts.catalogue import CROSSING
from contracts.events.sample import BILLING, WARD
from tests.console.conftest import NAME, Console, event, take_in


def test_the_receipt_desk_shows_each_medium_and_leads_to_its_receipt_its_return_and_its_decisions(
    console_of: Callable[[str], Console],
) -> None:
    """A-S1, A-S2, A-S9, A-S10."""
    node, browser, case_id = console_of("ward")
    assert "請求データはまだ届いていません" in browser.get("/receipts").text
    line = {**CROSSING["ClaimSubmitted"].example["lines"][0], "case": str(case_id)}
    submitted = event("ClaimSubmitted", None, lines=[line], contents=["medium"])
    take_in(node, BILLING, submitted)
    text = browser.get("/receipts").text
    for shown in ("未受領", "8,458円", "受取確認書／受領書", "登録なし", "ReceiveSubmission"):
        assert shown in text, shown
    link = re.search(r'href="(/receipts/[^"]*)"', text)
    assert link is not None
    text = browser.get(link[1]).text
    for shown in (NAME, "7,613円", "RecordReturn", "DecideSubmission"):
        assert shown in text, shown
    assert node.access.of_case(case_id)[0].what == "請求データの受領"
    take_in(node, WARD, event("SubmissionReceived", None, medium_returned_on=None))
    assert "ReturnMedium" in browser.get("/receipts").text
    take_in(node, WARD, event("ClaimDecided", case_id))
    assert "請求のとおり決定" in browser.get(link[1]).text
    assert browser.get(f"/receipts/{uuid4()}").status_code == 404


def test_a_medium_whose_claims_are_decided_and_that_nobody_recorded_as_received_says_what_to_do(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("ward")
    line = {**CROSSING["ClaimSubmitted"].example["lines"][0], "case": str(case_id)}
    take_in(node, BILLING, event("ClaimSubmitted", None, lines=[line], contents=["medium"]))
    link = re.search(r'href="(/receipts/[^"]*)"', browser.get("/receipts").text)
    assert link is not None
    told = "請求は決定していますが、媒体を受け取った記録がありません"
    assert told not in browser.get(link[1]).text
    take_in(node, WARD, event("ClaimDecided", case_id))
    assert told in browser.get(link[1]).text
    take_in(node, WARD, event("SubmissionReceived", None, medium_returned_on=None))
    assert told not in browser.get(link[1]).text


def test_media_are_narrowed_by_how_far_the_desk_is_and_stand_fifty_on_a_page(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("ward")
    line = {**CROSSING["ClaimSubmitted"].example["lines"][0], "case": str(case_id)}
    sent = [
        event("ClaimSubmitted", None, lines=[line], contents=["medium"], submission_id=str(uuid4()))
        for _ in range(51)
    ]
    take_in(node, BILLING, *sent)
    take_in(node, WARD, event("SubmissionReceived", None, **_received(sent[0].data["submission_id"])))

    def rows(address: str) -> int:
        return len(re.findall(r'href="/receipts/[^"]*"', browser.get(address).text))

    assert [rows(f"/receipts?page={each}") for each in (1, 2)] == [50, 1]
    assert rows("/receipts?state=awaited") == 50
    assert rows("/receipts?state=to_return") == 1
    assert "この状態のものはありません" in browser.get("/receipts?state=done").text


def _received(submission: str) -> dict[str, str | None]:
    return {"submission_id": submission, "medium_returned_on": None}
