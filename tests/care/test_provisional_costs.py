"""Adachi: service while a result is awaited, the cards that change hands, who pays what, from when the centre plans."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import DAY_SERVICE, RENTAL, WARD
from shared.node.errors import Refused
from tests.care.stage import ADACHI, ADACHI_CENTRE, BORDER_OFFICE, CASE, Town, desk, made
from tests.care.test_two_wards import town

DAY = date(2019, 5, 1)
DAY_CARE = {"service": "A6", "provider": DAY_SERVICE, "starts_on": "2019-05-05", "ends_on": None}
RENTED = {"service": "67", "provider": RENTAL, "starts_on": "2019-05-05", "ends_on": None}
SERVICES = {"project": [DAY_CARE], "benefit": [RENTED], "both": [DAY_CARE, RENTED]}
DRAFT: dict[str, Any] = {
    "prospect": "undecidable",
    "sheets": ["A", "B", "C", "D"],
    "period_from": "2019-05-05",
    "period_to": "2019-08-31",
    "services": [DAY_CARE],
    "goals": "自宅で入浴を続ける",
    "reason": "退院が早まった",
}
BOTH_TYPES = "preventive_support_and_care_management"


def applied(office: bool = False, registered: bool = True) -> Town:
    """事業対象者, who applied on 2019-05-01; the centre does the case, or entrusts it to the border office."""
    where = town()
    parties = {ADACHI_CENTRE: "hokatsu", ADACHI: "ward", **({BORDER_OFFICE: "kyotaku"} if office else {})}
    known = made(
        "CaseOpened",
        ADACHI_CENTRE,
        DAY,
        insurer=ADACHI,
        parties=parties,
        opened_on=DAY,
        procedure="principle",
        status="none" if registered else "project_eligible",
        certification=None,
    )
    entry = made("ProjectEligibilityRegistered", ADACHI, DAY, eligible_from=DAY, checklist_on=DAY)
    cards = made("CardsIssued", ADACHI, DAY, issued_on=DAY)
    for each in parties:
        where.desks[each].given(known, *([entry, cards] if registered else []))
    where.advance(DAY)
    if office:
        where.act(ADACHI_CENTRE, "SignEntrustmentContract", office=BORDER_OFFICE, valid_from="2019-04-01")
    signing = {"contract": BOTH_TYPES, "explained_on": "2019-05-01", "consented_on": "2019-05-01"}
    where.act(ADACHI_CENTRE, "SignContract", CASE, **signing, signed_by="person")
    if office:
        where.act(ADACHI_CENTRE, "StartEntrustment", CASE, starts_on="2019-05-01", type="care_management_a")
    where.act(ADACHI_CENTRE, "RecordApplication", CASE, occasion="new", applied_on="2019-05-01")
    return where


def announced(where: Town, status: str) -> Town:
    where.advance(date(2019, 5, 28))
    period = {} if status == "none" else {"valid_from": "2019-05-01", "valid_to": "2020-04-30"}
    where.act(
        ADACHI,
        "AnnounceCertification",
        CASE,
        occasion="new",
        status=status,
        applied_on="2019-05-01",
        **period,
    )
    return where


def settled(where: Town, agency: str = ADACHI_CENTRE, **fields: Any) -> tuple[dict[str, Any], list[str], Any]:
    decision = where.act(agency, "SettleProvisionalPlan", CASE, wish_confirmed_on="2019-05-28", **fields)
    ended = next((each.data for each in decision.events if each.type == "SupportEnded"), None)
    return dict(decision.events[0].data), [each.rule for each in decision.advice], ended


CHOSEN = {"choice": "project", "care_from": "2019-06-01"}
CELLS = [
    ("none", "project", {}, ("project_budget", "none", "project_budget")),
    ("none", "both", {}, ("project_budget", "self", "project_budget")),
    ("none", "benefit", {}, ("none", "self", "self")),
    ("support1", "project", {}, ("project_budget", "none", "project_budget")),
    ("support1", "both", {}, ("project_budget", "preventive_benefit", "preventive_benefit")),
    ("support1", "benefit", {}, ("none", "preventive_benefit", "preventive_benefit")),
    ("care1", "project", {"care_from": "2019-06-01"}, ("project_budget", "none", "undecided")),
    ("care1", "both", CHOSEN, ("project_budget", "self", "undecided")),
    ("care1", "both", {"choice": "benefit"}, ("self", "care_benefit", "care_benefit")),
    ("care1", "benefit", {}, ("none", "care_benefit", "care_benefit")),
]


@pytest.mark.parametrize(("status", "services", "fields", "payers"), CELLS)
def test_every_cell_of_the_settlement(status: str, services: str, fields: Any, payers: Any) -> None:
    """A-Q17, A-Q17x, decision 11."""
    where = applied()
    where.act(ADACHI_CENTRE, "DraftProvisionalPlan", CASE, **{**DRAFT, "services": SERVICES[services]})
    data, advice, _ = settled(announced(where, status), **fields)
    assert (data["project_paid_by"], data["benefit_paid_by"], data["plan_paid_by"]) == payers
    assert ("A-Q17" in advice) is ("self" in payers[:2] or (status == "none" and services == "benefit"))
    assert ("decision 11" in advice) is (payers[2] == "undecided")


@pytest.mark.parametrize(
    ("status", "services", "fields", "last_day"),
    [
        ("none", "project", {}, None),
        ("none", "both", {}, None),
        ("none", "benefit", {}, date(2019, 5, 28)),
        ("support1", "both", {}, None),
        ("care1", "project", {"care_from": "2019-06-01"}, date(2019, 5, 31)),
        ("care1", "both", {"choice": "benefit"}, date(2019, 4, 30)),
    ],
)
def test_when_the_support_ends_by_the_result(status: str, services: str, fields: Any, last_day: Any) -> None:
    """A-Q17, A-Q24: who is refused stays 事業対象者; on a care level the project pays until care benefits start."""
    where = applied()
    where.act(ADACHI_CENTRE, "DraftProvisionalPlan", CASE, **{**DRAFT, "services": SERVICES[services]})
    data, _, ended = settled(announced(where, status), **fields)
    assert (ended["ended_on"] if ended else None) == last_day
    if last_day is None:
        kind = "preventive_support" if (status, services) == ("support1", "both") else "care_management_a"
        assert (data["type"], data["track"]) == (kind, "direct")


def refusal(where: Town, **fields: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        settled(where, **fields)
    return refused.value


def test_on_a_care_level_the_person_chooses_one_side() -> None:
    """A-Q17x."""
    where = applied()
    where.act(ADACHI_CENTRE, "DraftProvisionalPlan", CASE, **{**DRAFT, "services": SERVICES["both"]})
    announced(where, "care1")
    assert refusal(where).code == "choice_missing"
    assert refusal(where, choice="project").code == "care_from_missing"


def test_a_choice_where_there_is_none_is_refused() -> None:
    """A-Q17x."""
    where = applied()
    where.act(ADACHI_CENTRE, "DraftProvisionalPlan", CASE, **DRAFT)
    assert refusal(announced(where, "support1"), choice="project").code == "choice_excluded"


def test_without_an_entry_in_the_register_the_project_pays_nothing_on_a_care_level() -> None:
    """A-Q17n."""
    where = applied(registered=False)
    where.act(ADACHI_CENTRE, "DraftProvisionalPlan", CASE, **DRAFT)
    data, advice, _ = settled(announced(where, "care1"))
    assert data["project_paid_by"] == "none"
    assert "A-Q17n" in advice


# --- before the plan ---


@pytest.mark.parametrize(
    ("services", "reason", "advice"),
    [
        ("project", None, ["A-Q16"]),
        ("project", "退院が早まった", []),
        ("benefit", None, []),
        ("both", None, ["A-Q16"]),
    ],
)
def test_project_services_before_the_result_want_a_reason(services: str, reason: Any, advice: Any) -> None:
    """A-Q16."""
    draft = {**DRAFT, "services": SERVICES[services], "reason": reason}
    decision = applied().act(ADACHI_CENTRE, "DraftProvisionalPlan", CASE, **draft)
    assert [each.rule for each in decision.advice if each.rule != "A-Q49"] == advice


@pytest.mark.parametrize(
    ("consulted", "drafted", "plan_from", "unpayable"),
    [
        ("2019-05-02", "2019-05-20", "2019-05-05", None),
        ("2019-05-05", "2019-05-20", "2019-05-05", None),
        ("2019-05-06", "2019-05-20", "2019-05-06", ("2019-05-05", "2019-05-05")),
        (None, "2019-05-20", "2019-05-20", ("2019-05-05", "2019-05-19")),
        (None, "2019-05-04", "2019-05-05", None),
    ],
)
def test_the_centre_plans_from_the_day_of_the_contact_only(
    consulted: Any, drafted: str, plan_from: str, unpayable: Any
) -> None:
    """A-Q19: the draft that the centre is given is a contact, too."""
    where = applied(office=True)
    if consulted:
        where.advance(date.fromisoformat(consulted))
        where.act(BORDER_OFFICE, "ConsultCentre", CASE)
    where.advance(date.fromisoformat(drafted))
    decision = where.act(BORDER_OFFICE, "DraftProvisionalPlan", CASE, **DRAFT)
    in_time = consulted is not None and consulted <= "2019-05-05"
    assert ("A-Q19" in [each.rule for each in decision.advice]) is not in_time
    data, advice, _ = settled(announced(where, "support1"), BORDER_OFFICE)
    assert str(data["effective_from"]) == plan_from
    days = tuple(str(data[each]) for each in ("unpayable_from", "unpayable_to")) if unpayable else None
    assert days == unpayable
    assert ("A-Q19" in advice) is bool(unpayable)
    owed = {each.row: each.state for each in where.desks[BORDER_OFFICE].obligations(CASE)}
    assert owed["A-Q19"] == ("done" if consulted else "open")


@pytest.mark.parametrize(
    ("services", "allowed"), [(["67"], True), (["67", "63"], True), (["A6"], False), (["67", "A6"], False)]
)
def test_a_person_plans_preventive_benefits_only(services: list[str], allowed: bool) -> None:
    """A-Q18, decision 27."""
    fields = {"period_from": "2019-05-05", "period_to": "2020-04-30", "services": services}
    if allowed:
        (accepted,) = applied().act(ADACHI, "AcceptSelfPlan", CASE, **fields).events
        assert accepted.to == (ADACHI_CENTRE,)
        return
    with pytest.raises(Refused) as refused:
        applied().act(ADACHI, "AcceptSelfPlan", CASE, **fields)
    assert refused.value.rule == "A-Q18"


# --- cards ---


def owed(where: Town, agency: str) -> dict[str, str]:
    return {each.row: each.state for each in where.desks[agency].obligations(CASE)}


def test_the_pink_card_goes_back_with_the_application_and_a_green_one_comes() -> None:
    """A-Q22."""
    where = applied()
    assert (owed(where, ADACHI_CENTRE)["A-Q22-return"], owed(where, ADACHI)["A-Q22-issue"]) == ("due", "open")
    where.act(ADACHI_CENTRE, "ReturnCards", CASE, cards=["pink_card"])
    where.act(ADACHI, "IssueCards", CASE, cards=["green_card"])
    assert (owed(where, ADACHI_CENTRE)["A-Q22-return"], owed(where, ADACHI)["A-Q22-issue"]) == (
        "done",
        "done",
    )
    held = where.desks[ADACHI_CENTRE].situation(CASE).case.cards_held
    assert held == ("copayment_certificate", "green_card")
    with pytest.raises(Refused) as refused:
        where.act(ADACHI_CENTRE, "ReturnCards", CASE, cards=["pink_card"])
    assert refused.value.code == "card_not_held"


@pytest.mark.parametrize(
    ("status", "to_return", "to_issue"),
    [("support1", None, None), ("none", ["green_card"], ["pink_card"])],
)
def test_what_a_result_makes_of_the_cards(status: str, to_return: Any, to_issue: Any) -> None:
    """A-Q21b, A-Q22: a certified person keeps the green card; who is refused stays 事業対象者 with a pink one."""
    where = applied()
    where.act(ADACHI_CENTRE, "ReturnCards", CASE, cards=["pink_card"])
    where.act(ADACHI, "IssueCards", CASE, cards=["green_card"])
    result = announced(where, status).desks[ADACHI].events[-1]
    assert (result.data["cards_to_return"], result.data["cards_to_issue"]) == (to_return, to_issue)
    status_after = where.desks[ADACHI_CENTRE].situation(CASE).case.status_on(date(2019, 5, 28))
    assert status_after == ("project_eligible" if status == "none" else status)


def test_a_ward_whose_cards_have_no_colours_says_nothing_of_them() -> None:
    where = desk("1301600019", made("CaseOpened", "1371600014", DAY, insurer=WARD), today=DAY)
    (event,) = where.when("RecordApplication", occasion="new", applied_on="2019-05-01").events
    assert (event.data["cards_to_return"], event.data["cards_to_issue"]) == (None, None)


@pytest.mark.parametrize("status", ["none", "project_eligible", "support1"])
def test_anybody_may_apply_at_any_time(status: str) -> None:
    """A-Q14."""
    certification = {"status": status, "valid_from": "2019-04-01", "valid_to": "2020-03-31"}
    opened = made(
        "CaseOpened",
        ADACHI_CENTRE,
        DAY,
        insurer=ADACHI,
        parties={ADACHI_CENTRE: "hokatsu", ADACHI: "ward"},
        procedure="principle",
        status=status,
        certification=certification if status == "support1" else None,
    )
    where = desk(ADACHI_CENTRE, opened, today=DAY)
    (event,) = where.when("RecordApplication", occasion="new", applied_on="2019-05-01").events
    assert event.data["applied_on"] == DAY
    pending = where.given(made("CertificationApplied", ADACHI_CENTRE, DAY, agency=ADACHI_CENTRE))
    decision = pending.when("RecordApplication", occasion="new", applied_on="2019-05-01")
    assert [each.type for each in decision.events] == ["CertificationApplied"]
