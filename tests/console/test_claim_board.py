"""The service month as a board: stages from open to decided at the desk and at the claimant (T-32, T-33, A-S10)."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from contracts.catalogue import CROSSING
from contracts.events.sample import BILLING, CENTRE, OFFICE
from shared.care.claim_stages import month_stage
from shared.console.claim_board import MOST, STAGES, BoardRow, Standing, board
from tests.console.conftest import NAME, Console, event, take_in

MONTH = "2024-09"
STOPPED = {"rule": "T-16", "text": "届出書の届出がありません", "todo": "届出日を確かめてください"}


def rows(*stages: str, claimant: str = OFFICE) -> list[Standing]:
    return [
        Standing(
            claimant,
            stage,
            5380,
            partial(BoardRow, uuid4(), claimant, stage, "preventive_support", 472, 5380),
        )
        for stage in stages
    ]


def test_every_stage_is_summed_and_one_is_chosen() -> None:
    every = [*rows("decided", "blocked", "blocked"), *rows("decided", claimant=CENTRE)]
    whole = board(every, MONTH, {})
    assert [(each.key, each.persons, each.yen) for each in whole.sums if each.persons] == [
        ("blocked", 2, 10760),
        ("decided", 2, 10760),
    ]
    assert (whole.total.persons, whole.total.yen) == (4, 21520)
    assert [each.stage for each in whole.rows] == ["blocked", "blocked", "decided", "decided"]
    narrowed = board(every, MONTH, {"claimant": CENTRE, "stage": "decided"})
    assert (narrowed.shown, narrowed.total.persons) == (1, 1)
    assert board(every, MONTH, {"claimant": "x", "stage": "x", "page": "x"}).shown == 4


def test_a_month_of_many_is_shown_by_pages() -> None:
    last = board(rows(*["submitted"] * (MOST * 2 + 1)), MONTH, {"page": "9"})
    assert (last.number, last.of, len(last.rows), last.total.persons) == (3, 3, 1, MOST * 2 + 1)


def stated(node_agency: str, case_id: Any, **changes: Any) -> Any:
    return event("WorksheetStated", case_id, service_month=MONTH, claimant=node_agency, **changes)


def test_the_desk_s_board_follows_a_person_from_open_to_decided_and_back(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("billing")

    def stage() -> str:
        text = browser.get(f"/claims?month={MONTH}").text
        body = text[text.index("<tbody>") :]
        shown = body[body.index("mark-") :].split(">", 1)[1].split("<", 1)[0]
        known = node.situation(case_id)
        assert shown == STAGES[month_stage(known.case, MONTH, known.agency.submissions)]
        return shown

    take_in(node, OFFICE, event("PerformanceReported", case_id, service_month=MONTH))
    assert stage() == "集計中"
    take_in(node, BILLING, stated(CENTRE, case_id, outcome="blocked", claim_id=None, blockers=[STOPPED]))
    assert stage() == "止まっている"
    text = browser.get(f"/claims?month={MONTH}&stage=blocked").text
    assert "届出書の届出がありません" in text
    assert "届出日を確かめてください" in text
    assert NAME not in browser.get(f"/claims?month={MONTH}&stage=decided").text
    claim = {"service_month": MONTH, "claimant": CENTRE}
    take_in(node, BILLING, event("ClaimDrafted", case_id, **claim), stated(CENTRE, case_id))
    assert stage() == "確認待ち"
    take_in(node, CENTRE, event("ClaimConfirmed", case_id, **claim))
    assert stage() == "確認済み（提出待ち）"
    line = {**CROSSING["ClaimSubmitted"].example["lines"][0], "case": str(case_id), "service_month": MONTH}
    take_in(node, BILLING, event("ClaimSubmitted", None, lines=[line]))
    assert stage() == "提出済み"
    take_in(node, BILLING, event("ClaimReturned", case_id, **claim))
    assert stage() == "返戻・過誤"
    anew = "77777777-7777-4777-8777-777777777777"
    take_in(node, BILLING, event("ClaimDrafted", case_id, **claim | {"claim_id": anew}))
    assert stage() == "確認待ち"
    again = {**line, "claim_id": anew, "late": "returned"}
    take_in(node, BILLING, event("ClaimSubmitted", None, lines=[again], submission_id=str(uuid4())))
    assert stage() == "提出済み"
    take_in(node, BILLING, event("ClaimDecided", case_id, **claim | {"claim_id": anew}))
    assert stage() == "決定"
    assert "月遅れ（返戻）" in browser.get(f"/claims?month={MONTH}").text
    take_in(node, BILLING, event("MonthReopened", case_id, **claim | {"claim_id": anew}))
    assert "請求する事業所と額が変わります" in browser.get(f"/claims?month={MONTH}").text


@pytest.mark.parametrize("service", ["kyotaku", "hokatsu"])
def test_a_claimant_sees_what_stops_its_month_and_what_each_figure_follows_from(
    console_of: Callable[[str], Console], service: str
) -> None:
    node, browser, case_id = console_of(service)
    drafted = event("ClaimDrafted", case_id, service_month=MONTH, claimant=node.agency)
    take_in(node, OFFICE, event("PerformanceReported", case_id, service_month=MONTH))
    take_in(node, BILLING, drafted, stated(node.agency, case_id, blockers=[STOPPED]))
    text = browser.get("/own-claims").text
    for shown in ("止まっている", "届出書の届出がありません", "届出日を確かめてください", "RequestClosing"):
        assert shown in text, shown
    sheet = browser.get(f"/own-claims/{MONTH}/{case_id}").text
    assert "742×11.40＝8458.80円" in sheet
    assert "届出書の届出がありません" in sheet
    assert browser.get(f"/own-claims/2024-08/{case_id}").status_code == 404
    assert browser.get(f"/own-claims/2024-13/{case_id}").status_code == 404
    assert "請求の根拠" in {each.what for each in node.access.of_case(case_id)}
    take_in(node, BILLING, stated(node.agency, case_id))
    assert "確認待ちの 1件" in browser.get("/own-claims").text


def test_a_file_that_can_t_be_made_again_is_told_in_plain_words(console_of: Callable[[str], Console]) -> None:
    """A-S10."""
    node, browser, case_id = console_of("billing")
    line = {**CROSSING["ClaimSubmitted"].example["lines"][0], "case": str(case_id)}
    take_in(node, BILLING, event("ClaimSubmitted", None, lines=[line]))
    submission = CROSSING["ClaimSubmitted"].example["submission_id"]
    found = browser.get(f"/submissions/{submission}/files/C202502.CSV")
    assert found.status_code == 422
    assert "同じものを作れません" in found.text
