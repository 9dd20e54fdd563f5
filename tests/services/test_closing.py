"""A whole month in three acts: close it, confirm it, submit it (T-33, A-Q36)."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.sample import BILLING, CENTRE, OFFICE
from services.billing import closing
from shared.node.errors import Refused
from shared.node.recording import plain
from shared.node.service import Decision
from tests.care.stage import CASE, Desk, desk, made, model, opened
from tests.services.test_claims import DAY_CARE, RENTED, billing, used
from tests.services.test_submission import NOVEMBER_8, OCTOBER, refused, submit
from tests.services.test_worksheet import with_papers

OTHER = uuid4()


def take(at: Desk, decision: Decision, sender: str = BILLING) -> Decision:
    for event in decision.events:
        case_id = event.case_id
        at.given(made(event.type, sender, at.today, plain(event.data), case_id=case_id))
    return decision


def two_persons() -> Desk:
    """October of two persons of one office, both reported."""
    at = billing(OCTOBER)
    at.today = NOVEMBER_8
    known = [each for each in at.events if each.case_id is not None]
    at.given(*(each._replace(case_id=OTHER) for each in known if each.type != "CaseOpened"))
    (case,) = [each for each in known if each.type == "CaseOpened"]
    personal = {**(case.personal or {}), "insured_number": "0000000022"}
    at.given(case._replace(case_id=OTHER, personal=personal))
    return at


def close(at: Desk, **fields: Any) -> Decision:
    return at.when("CloseMonth", None, case_id=None, service_month="2024-10", **fields)


def confirm(at: Desk, claimant: str = OFFICE, **fields: Any) -> Decision:
    """The claimant confirms on its own node what it was sent."""
    told = [each for each in at.events if each.type in ("CaseOpened", "ClaimDrafted", "ClaimConfirmed")]
    own = desk(claimant, *model(), *told, today=at.today)
    return own.when("ConfirmMonth", None, case_id=None, service_month="2024-10", **fields)


def kinds(decision: Decision) -> list[tuple[UUID | None, str]]:
    """What was made; what it follows from is told beside it."""
    return [(each.case_id, each.type) for each in decision.events if each.type != "WorksheetStated"]


def test_everybodys_slip_and_draft_are_made_confirmed_and_submitted() -> None:
    at = two_persons()
    closed = take(at, close(at))
    assert sorted(kinds(closed), key=str) == sorted(
        [(each, kind) for each in (CASE, OTHER) for kind in ("BenefitSlipPrepared", "ClaimDrafted")], key=str
    )
    assert "請求案 2件、給付管理票 2件" in closed.advice[0].message
    made_here = [each for each in closed.events if each.type != "WorksheetStated"]
    assert len({each.data.get("claim_id") or each.data.get("slip_id") for each in made_here}) == 4
    with refused("nothing_to_draft", "T-33"):
        close(at)
    confirmed = take(at, confirm(at, yen=17600), OFFICE)
    assert "2件 17,600円" in confirmed.advice[0].message
    with refused("nothing_to_confirm", "T-33"):
        confirm(at)
    (submitted,) = submit(at, NOVEMBER_8, "2024-10", lines=[]).events
    assert [each["kind"] for each in submitted.data["lines"]] == ["slip", "claim"] * 2


def test_nothing_is_confirmed_of_which_another_sum_was_seen() -> None:
    at = two_persons()
    take(at, close(at))
    with refused("sum_differs", "T-33"):
        confirm(at, yen=17599)
    with refused("nothing_to_confirm", "T-33"):
        confirm(at, CENTRE)


def test_what_cannot_be_made_is_told_and_holds_up_nobody_else() -> None:
    at = two_persons()
    at.events = [each for each in at.events if not (each.case_id == OTHER and each.type == "ContractSigned")]
    closed = close(at)
    assert [each for each in kinds(closed) if each[0] == CASE]
    told = [each.message for each in closed.advice if str(OTHER)[:8] in each.message]
    assert told
    assert not [each for each in kinds(closed) if each == (OTHER, "ClaimDrafted")]


def test_only_what_changed_or_came_back_is_made_anew() -> None:
    """T-33: a submitted month is left alone, a returned one gets a new draft and keeps its slip."""
    at = two_persons()
    take(at, close(at))
    take(at, confirm(at), OFFICE)
    take(at, submit(at, NOVEMBER_8, "2024-10", lines=[]))
    with refused("nothing_to_draft", "T-33"):
        close(at)
    on = date(2024, 11, 28)
    at.today = on
    take(at, at.when("RecordReturn", service_month="2024-10", returned_on=on, reason_code="data"))
    assert kinds(close(at)) == [(CASE, "ClaimDrafted")]
    at = two_persons()
    take(at, close(at))
    at.given(with_papers(used("2024-10", RENTED, {**DAY_CARE, "units": 3000}))._replace(case_id=OTHER))
    assert kinds(close(at)) == [(OTHER, "BenefitSlipPrepared")]


def test_one_claimants_month_can_be_closed_alone() -> None:
    at = two_persons()
    assert len(kinds(close(at, claimant=OFFICE))) == 4
    with refused("nothing_to_draft", "T-33"):
        close(at, claimant=CENTRE)


def test_a_month_of_which_nothing_is_reported_has_nothing_to_close() -> None:
    with refused("nothing_to_draft", "T-33"):
        close(desk(BILLING, *model(), opened(), today=NOVEMBER_8))


def test_a_submission_without_lines_tells_whose_month_it_left_out_and_why() -> None:
    """Person, month, item, rule and what to do, beside what went in."""
    at = two_persons()
    take(at, close(at))
    take(at, confirm(at, cases=[CASE]), OFFICE)
    at.events = [
        each
        for each in at.events
        if not (each.case_id == OTHER and each.type in ("BenefitSlipPrepared", "ClaimConfirmed"))
    ]
    decision = submit(at, NOVEMBER_8, "2024-10", lines=[])
    assert {each["case"] for each in decision.events[0].data["lines"]} == {str(CASE)}
    told = [each for each in decision.advice if str(OTHER)[:8] in each.message]
    assert told
    assert all(each.rule and "令和6年10月の請求は入れていません" in each.message for each in told)
    assert "「給付管理票を作成する」を行ってください" in told[0].message


def test_a_submission_of_nothing_tells_why_nothing_goes_in() -> None:
    at = two_persons()
    take(at, close(at))
    at.events = [each for each in at.events if each.type != "BenefitSlipPrepared"]
    with pytest.raises(Refused) as nothing:
        submit(at, NOVEMBER_8, "2024-10", lines=[])
    assert nothing.value.code == "nothing_to_submit"
    assert all(f"ケース {str(each)[:8]} の令和6年10月" in nothing.value.message for each in (CASE, OTHER))


def test_a_month_of_more_persons_than_one_act_takes_says_how_many_remain(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """None is passed over in silence; another office's persons are not counted."""
    monkeypatch.setattr(closing, "MOST_LINES", 1)
    at = two_persons()
    decision = close(at, claimant=OFFICE)
    assert len({each.case_id for each in decision.events}) == 1
    assert [each for each in decision.advice if "残りの1人は扱っていません" in each.message]
    with refused("nothing_to_draft", "T-33"):
        close(at, claimant=CENTRE)
