"""The page that takes in the examiner's results, from a list of the federation or a table (T-33, A-Q54b)."""

from collections.abc import Callable
from io import BytesIO

from werkzeug.test import TestResponse

from contracts.catalogue import CROSSING
from contracts.events.sample import BILLING, CENTRE
from tests.console.conftest import NAME, Browser, Console, event, take_in

NUMBER = CROSSING["CaseOpened"].example["insured_number"]


def returned(number: str = NUMBER) -> bytes:
    rows = [
        f"7411,H1,{CENTRE},見本,202409,20240930,1,見本国保連合会",
        f"7411,D1,00131169,見本区,{number},ﾐﾎﾝ,請,202409,46,442,B,12P4,,",
    ]
    head = f"1,1,0,2,741,0,0,{CENTRE},13,7,202409,0"
    return "\r\n".join([head, f"2,2,{rows[0]}", f"2,3,{rows[1]}", "3,4", ""]).encode("cp932")


def send(browser: Browser, content: bytes, **form: str) -> TestResponse:
    browser.get("/results")
    return browser.send("/results", {"file": (BytesIO(content), "7411.csv"), **form})


def test_a_list_of_returns_is_checked_then_recorded_and_faults_record_nothing(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("billing")
    assert "審査結果" in browser.get("/").text
    line = {
        **CROSSING["ClaimSubmitted"].example["lines"][0],
        "case": str(case_id),
        "service_month": "2024-09",
    }
    drafted = event("ClaimDrafted", case_id, service_month="2024-09", claimant=CENTRE)
    take_in(node, BILLING, drafted, event("ClaimSubmitted", None, lines=[line], claimant=CENTRE))
    before = node.log.head().position
    wrong = send(browser, returned("9999999999"))
    assert (wrong.status_code, "何も記録していません" in wrong.text) == (422, True)
    assert "読めない" not in wrong.text
    assert "1件を記録できます。まだ記録していません" in send(browser, returned(), check="1").text
    assert node.log.head().position == before
    page = send(browser, returned()).text
    assert "1件を記録しました" in page
    assert NAME in page
    assert node.situation(case_id).case.claim_results[line["claim_id"]].reason_code == "person"
    assert send(browser, b"").status_code == 422
