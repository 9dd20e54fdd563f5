"""The ward's desk for cards: the person's share, changed shares, lost cards, and what a choice costs in yen."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import CENTRE, WARD
from shared.node.errors import Refused
from tests.care.stage import ADACHI, ADACHI_CENTRE, CASE, Town, desk, made
from tests.care.test_provisional_costs import DRAFT, SERVICES, announced, applied, owed, settled


def shared(where: Town, percent: str, valid_from: str = "2019-05-01") -> Any:
    return where.act(ADACHI, "SetCopaymentShare", CASE, percent=percent, valid_from=valid_from).events[0].data


def test_the_first_share_exchanges_nothing_and_a_changed_one_does() -> None:
    """A-Q20, A-Q21b."""
    where = applied()
    assert (shared(where, "10")["cards_to_return"], shared(where, "10")["cards_to_return"]) == (None, None)
    changed = shared(where, "20")
    assert changed["cards_to_return"] == changed["cards_to_issue"] == ["pink_card", "copayment_certificate"]
    assert owed(where, ADACHI_CENTRE)["A-Q21b-share"] == "open"
    where.advance(date(2019, 5, 2))
    where.act(ADACHI_CENTRE, "ReturnCards", CASE, cards=["pink_card", "copayment_certificate"])
    where.act(ADACHI, "IssueCards", CASE, cards=["pink_card", "copayment_certificate"])
    rows = {**owed(where, ADACHI_CENTRE), **owed(where, ADACHI)}
    assert (rows["A-Q21b-share"], rows["A-Q21b-share-issue"]) == ("done", "done")


def test_a_share_that_the_law_did_not_know_yet_is_refused() -> None:
    """A-Q20."""
    with pytest.raises(Refused) as refused:
        shared(applied(), "30", "2018-07-31")
    assert (refused.value.code, refused.value.rule) == ("share_unknown", "A-Q20")


@pytest.mark.parametrize(
    ("fields", "paid_for", "paid_by"),
    [
        ({"choice": "project", "care_from": "2019-06-01"}, 36_000, 10_000),
        ({"choice": "benefit"}, 5_400, 40_600),
    ],
)
def test_what_the_person_s_choice_costs(fields: dict[str, Any], paid_for: int, paid_by: int) -> None:
    """A-Q17x, A-Q20: project services of 40,000 yen and benefits of 6,000 yen at one tenth."""
    where = applied()
    shared(where, "10")
    where.act(ADACHI_CENTRE, "DraftProvisionalPlan", CASE, **{**DRAFT, "services": SERVICES["both"]})
    data, _, _ = settled(announced(where, "care1"), **fields, project_yen=40_000, benefit_yen=6_000)
    assert (data["paid_for_person"], data["paid_by_person"]) == (paid_for, paid_by)


def test_amounts_wait_for_the_share() -> None:
    """A-Q20."""
    where = applied()
    where.act(ADACHI_CENTRE, "DraftProvisionalPlan", CASE, **DRAFT)
    announced(where, "support1")
    with pytest.raises(Refused) as refused:
        settled(where, project_yen=40_000)
    assert refused.value.code == "share_missing"
    assert settled(where)[0]["paid_by_person"] is None


@pytest.mark.parametrize(
    ("colour", "counter", "by"),
    [
        ("pink_card", "ward_branch", "community_care"),
        ("pink_card", "welfare_office", "community_care"),
        ("green_card", "ward_branch", "insurance"),
        ("green_card", "welfare_office", "welfare_office"),
    ],
)
def test_who_reissues_a_lost_card(colour: str, counter: str, by: str) -> None:
    """A-Q23."""
    where = applied()
    where.advance(date(2019, 5, 2))
    where.act(ADACHI, "IssueCards", CASE, cards=[colour])
    where.advance(date(2019, 5, 7))
    decision = where.act(ADACHI, "ReportCardLost", CASE, counter=counter)
    assert (decision.events[0].data["colour"], decision.events[0].data["reissued_by"]) == (colour, by)
    assert [each.rule for each in decision.advice] == ["A-Q23"]
    assert owed(where, ADACHI)["A-Q23"] == "open"
    where.advance(date(2019, 5, 8))
    where.act(ADACHI, "IssueCards", CASE, cards=[colour])
    assert owed(where, ADACHI)["A-Q23"] == "done"


def test_nobody_loses_a_card_that_was_never_issued() -> None:
    """A-Q23."""
    newcomer = made("CaseOpened", CENTRE, date(2024, 10, 7), status="none", certification=None)
    with pytest.raises(Refused) as refused:
        desk(WARD, newcomer).when("ReportCardLost", counter="ward_branch")
    assert refused.value.code == "card_not_held"
