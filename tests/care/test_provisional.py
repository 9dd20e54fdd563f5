"""Provisional plans: order, the centre's part, public assistance, and what each result means (T-34 to T-41)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import BILLING, CENTRE, DAY_SERVICE, OFFICE, RENTAL, WARD
from shared.care.events import CARE_EVENTS
from shared.console.dossier import dossier
from shared.node.errors import Refused
from shared.node.node import Replay
from tests.care.stage import CASE, Desk, Town, desk, made, model, opened

APPLIED = date(2025, 6, 2)
NEWCOMER: dict[str, Any] = {"status": "none", "certification": None}
RENTED = {"service": "67", "provider": RENTAL, "starts_on": "2025-06-05", "ends_on": None}
DAY_CARE = {"service": "A6", "provider": DAY_SERVICE, "starts_on": "2025-06-05", "ends_on": None}
DRAFT: dict[str, Any] = {
    "prospect": "undecidable",
    "sheets": ["A", "B", "C", "D"],
    "period_from": "2025-06-05",
    "period_to": "2025-08-31",
    "services": [RENTED, DAY_CARE],
    "goals": "自宅で入浴を続ける",
}
SIGNING: dict[str, Any] = {"explained_on": "2025-06-02", "consented_on": "2025-06-02", "signed_by": "person"}


def rules(decision: Any) -> list[str]:
    return [each.rule for each in decision.advice]


def town(entrusted: bool = False) -> Town:
    """A newcomer who has applied: under both contracts at the same time, or entrusted by the centre."""
    made_up = Town.of(OFFICE, CENTRE, WARD, BILLING)
    for each in made_up.desks.values():
        each.given(*model(), opened(APPLIED, **NEWCOMER))
    made_up.advance(APPLIED)
    made_up.act(OFFICE, "RecordApplication", CASE, occasion="new", applied_on="2025-06-02")
    if entrusted:
        made_up.act(CENTRE, "SignContract", CASE, contract=BOTH, **SIGNING)
        made_up.act(CENTRE, "StartEntrustment", CASE, starts_on="2025-06-02", type="preventive_support")
        return made_up
    made_up.act(OFFICE, "RequestSimultaneousContract", CASE)
    made_up.act(CENTRE, "AgreeToSimultaneousContract", CASE)
    made_up.act(OFFICE, "SignContract", CASE, contract="preventive_support", simultaneous=True, **SIGNING)
    made_up.act(CENTRE, "SignContract", CASE, contract=BOTH, simultaneous=True, **SIGNING)
    return made_up


BOTH = "preventive_support_and_care_management"


def agreed(where: Town, *attendees: str, **changes: Any) -> Town:
    """The provisional plan is drafted, agreed to, discussed and delivered."""
    where.act(OFFICE, "DraftProvisionalPlan", CASE, **{**DRAFT, **changes})
    where.act(OFFICE, "RecordPlanConsent", CASE, signed_by="person")
    where.act(OFFICE, "RecordMeeting", CASE, attendees=["person", "centre", *attendees], summary="合意した")
    where.act(OFFICE, "DeliverPlan", CASE, sheets=["A", "B", "C", "D"])
    return where


def announced(where: Town, status: str, on: date = date(2025, 6, 20)) -> Town:
    where.advance(on)
    period = {} if status == "none" else {"valid_from": "2025-06-02", "valid_to": "2025-12-31"}
    where.act(
        WARD, "AnnounceCertification", CASE, occasion="new", status=status, applied_on="2025-06-02", **period
    )
    return where


def settled(where: Town, **fields: Any) -> tuple[Any, dict[str, Any]]:
    decision = where.act(OFFICE, "SettleProvisionalPlan", CASE, wish_confirmed_on="2025-06-23", **fields)
    return decision, dict(decision.events[0].data)


def refusal(where: Town, agency: str, command: str, /, **fields: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        where.act(agency, command, CASE, **fields)
    return refused.value


def header(where: Town) -> str:
    """What the case's header says of the provisional plan at the office."""
    situation = where.desks[OFFICE].situation(CASE)
    replay = Replay(situation.case, tuple(where.desks[OFFICE].events))
    return dict(dossier(replay, situation).standing).get("暫定プラン", "")


# --- making it ---


@pytest.mark.parametrize(
    ("status", "title"), [("none", "非該当"), ("support1", "要支援1"), ("care2", "要介護2")]
)
def test_the_header_waits_for_the_result_and_then_names_it_until_it_is_settled(
    status: str, title: str
) -> None:
    """T-39."""
    where = agreed(town())
    assert header(where).startswith("認定結果待ち")
    announced(where, status)
    assert header(where).startswith(f"認定結果は{title}（令和7年6月20日）・プランの確定待ち")


def test_the_draft_goes_to_the_centre_and_the_plan_is_a_provisional_one() -> None:
    """T-34, T-36."""
    drafted, submitted = town().act(OFFICE, "DraftProvisionalPlan", CASE, **DRAFT).events
    assert drafted.data["occasion"] == "provisional"
    assert (submitted.type, submitted.to) == ("ProvisionalPlanSubmitted", (CENTRE,))
    assert (submitted.data["track"], submitted.data["applied_on"]) == ("designated", APPLIED)


def test_without_an_application_there_is_no_provisional_plan() -> None:
    at = desk(OFFICE, *model(), opened(), today=APPLIED)
    with pytest.raises(Refused) as refused:
        at.when("DraftProvisionalPlan", **DRAFT)
    assert (refused.value.code, refused.value.rule) == ("application_missing", "T-36")


@pytest.mark.parametrize(("prospect", "advice"), [("undecidable", []), ("support", ["T-38"])])
def test_where_support_is_foreseen_the_ordinary_way_is_recommended(prospect: str, advice: list[str]) -> None:
    """T-38."""
    decision = town().act(OFFICE, "DraftProvisionalPlan", CASE, **{**DRAFT, "prospect": prospect})
    assert rules(decision) == advice


def test_where_care_is_foreseen_this_procedure_is_off() -> None:
    """T-38."""
    problem = refusal(town(), OFFICE, "DraftProvisionalPlan", **{**DRAFT, "prospect": "care"})
    assert (problem.code, problem.rule, problem.field) == ("care_expected", "T-38", "prospect")


@pytest.mark.parametrize(("first_day", "advice"), [("2025-06-01", ["T-36"]), ("2025-06-02", [])])
def test_service_before_the_application_is_warned_of(first_day: str, advice: list[str]) -> None:
    decision = town().act(OFFICE, "DraftProvisionalPlan", CASE, **{**DRAFT, "period_from": first_day})
    assert rules(decision) == advice


def known_case(on: date) -> Desk:
    """An office with a case whose renewal was applied for on ``on``."""
    signed = made("ContractSigned", OFFICE, date(2024, 10, 10))
    asked = made("CertificationApplied", OFFICE, on, applied_on=on)
    return desk(OFFICE, *model(), opened(), signed, asked, today=on)


@pytest.mark.parametrize(("on", "advice"), [(date(2025, 3, 13), ["T-36"]), (date(2025, 3, 14), [])])
def test_the_notice_applies_from_its_day(on: date, advice: list[str]) -> None:
    """T-36: the notice is of 2025-03-14."""
    draft = {**DRAFT, "period_from": "2025-04-01"}
    assert rules(known_case(on).when("DraftProvisionalPlan", **draft)) == advice


def test_the_ordinary_draft_sends_one_to_the_provisional_one() -> None:
    fields = {name: DRAFT[name] for name in ("sheets", "period_from", "period_to", "services", "goals")}
    assert (
        refusal(town(), OFFICE, "DraftPlan", occasion="provisional", **fields).code == "provisional_elsewhere"
    )


def test_without_consent_nothing_is_given_to_the_centre() -> None:
    """T-11."""
    where = town()
    where.desks[OFFICE].events = [
        each for each in where.desks[OFFICE].events if each.type != "ContractSigned"
    ]
    where.desks[OFFICE].given(made("ContractSigned", OFFICE, APPLIED, consented_on=None, provisional=True))
    assert refusal(where, OFFICE, "DraftProvisionalPlan", **DRAFT).rule == "T-11"


def test_a_contract_of_a_newcomer_is_provisional_and_owes_no_notification_yet() -> None:
    """T-39: the notification follows the result. T-04: a person who has not applied can't sign with an office."""
    office = town().desks[OFFICE]
    assert office.situation().case.contract_of(OFFICE) is not None
    assert office.situation().case.modes == ()
    rows = {each.row for each in office.obligations(today=APPLIED)}
    assert "T-12" not in rows
    alone = desk(OFFICE, *model(), opened(APPLIED, **NEWCOMER), today=APPLIED)
    with pytest.raises(Refused) as refused:
        alone.when("SignContract", contract="preventive_support", **SIGNING)
    assert refused.value.rule == "T-04"


# --- order, and the centre's part ---


def test_without_the_person_s_consent_no_service_starts() -> None:
    """T-36: plan, consent, meeting, notification."""
    where = town()
    where.act(OFFICE, "DraftProvisionalPlan", CASE, **DRAFT)
    assert refusal(where, OFFICE, "DeliverPlan", sheets=["A"]).code == "plan_not_consented"
    start = {"service": "67", "provider": RENTAL, "started_on": "2025-06-02"}
    assert refusal(where, OFFICE, "StartService", **start).code == "plan_missing"


def test_consent_comes_before_the_meeting() -> None:
    """T-36."""
    where = town()
    where.act(OFFICE, "DraftProvisionalPlan", CASE, **DRAFT)
    met = where.act(OFFICE, "RecordMeeting", CASE, attendees=["person", "centre"], summary="合意した")
    assert rules(met) == ["T-36"]
    other = town()
    other.act(OFFICE, "DraftProvisionalPlan", CASE, **DRAFT)
    assert rules(other.act(OFFICE, "RecordPlanConsent", CASE, signed_by="person")) == []
    met = other.act(OFFICE, "RecordMeeting", CASE, attendees=["person", "centre"], summary="合意した")
    assert rules(met) == []


@pytest.mark.parametrize(
    ("checked", "attends", "advice"),
    [(True, False, []), (False, False, ["T-37"]), (False, True, []), (True, True, [])],
)
def test_designated_the_centre_checks_before_or_attends(
    checked: bool, attends: bool, advice: list[str]
) -> None:
    """T-37."""
    where = town()
    where.act(OFFICE, "DraftProvisionalPlan", CASE, **DRAFT)
    if checked:
        (event,) = where.act(CENTRE, "CheckProvisionalPlan", CASE, comment="通所は週1回から").events
        assert event.to == (OFFICE,)
    where.act(OFFICE, "RecordPlanConsent", CASE, signed_by="person")
    attendees = ["person", *(["centre"] if attends else [])]
    assert rules(where.act(OFFICE, "RecordMeeting", CASE, attendees=attendees, summary="合意")) == advice


@pytest.mark.parametrize("checked", [True, False])
def test_entrusted_the_centre_attends_in_any_case_and_its_absence_warns(checked: bool) -> None:
    """T-34R, T-37, decision 6: made under the centre's instruction. Decision 28: no law forbids the meeting."""
    where = town(entrusted=True)
    (_, submitted) = where.act(OFFICE, "DraftProvisionalPlan", CASE, **DRAFT).events
    assert submitted.data["track"] == "entrusted"
    if checked:
        where.act(CENTRE, "CheckProvisionalPlan", CASE)
    where.act(OFFICE, "RecordPlanConsent", CASE, signed_by="person")
    assert rules(where.act(OFFICE, "RecordMeeting", CASE, attendees=["person"], summary="合意")) == ["T-37"]
    assert any(each.row == "T-37-meeting" and each.open for each in where.desks[OFFICE].obligations())
    where.act(OFFICE, "DeliverPlan", CASE, sheets=["A", "B", "C", "D"])
    again = where.act(OFFICE, "RecordMeeting", CASE, attendees=["person", "centre"], summary="合意")
    assert rules(again) == []
    assert not any(each.row == "T-37-meeting" and each.open for each in where.desks[OFFICE].obligations())


def test_the_centre_checks_only_what_an_office_gave_it() -> None:
    assert refusal(town(), CENTRE, "CheckProvisionalPlan").code == "provisional_plan_missing"


def test_service_without_a_certification_and_without_a_provisional_plan_is_warned_of() -> None:
    """T-34."""
    delivered = [
        made(name, OFFICE, APPLIED, kinds=CARE_EVENTS, occasion="first", **dates)
        for name, dates in (
            ("PlanDrafted", {"period_from": "2025-06-02", "period_to": "2025-08-31"}),
            ("PlanDelivered", {"delivered_on": "2025-06-02", "period_to": "2025-08-31"}),
        )
    ]
    at = desk(OFFICE, *model(), opened(APPLIED, **NEWCOMER), *delivered, today=APPLIED)
    start = {"service": "67", "provider": RENTAL, "started_on": "2025-06-02"}
    assert rules(at.when("StartService", **start)) == ["T-34"]
    where = agreed(town())
    assert rules(where.act(OFFICE, "StartService", CASE, **start)) == []


# --- public assistance ---

START: dict[str, Any] = {"service": "67", "provider": RENTAL, "started_on": "2025-06-05"}


def test_on_public_assistance_service_without_contact_and_papers_is_warned_of_and_still_owed() -> None:
    """T-40, decision 28: the ward's document asks for both; it forbids nothing."""
    where = agreed(town(), public_assistance=True)
    assert rules(where.desks[OFFICE].when("StartService", **START)) == ["T-40", "T-40"]
    (told,) = where.act(OFFICE, "RecordWelfareContact", CASE, contacted_on="2025-06-02").events
    assert told.to == (CENTRE,)
    part = where.act(OFFICE, "RecordWelfarePapers", CASE, papers=["provisional_plan", "use_sheet"])
    assert rules(part) == ["T-40"]
    where.advance(date(2025, 6, 5))
    started = where.act(OFFICE, "StartService", CASE, **START)
    assert rules(started) == ["T-40"]
    assert "別表" in started.advice[0].message
    where.advance(date(2025, 6, 6))
    found = {each.row: each.state for each in where.desks[OFFICE].obligations()}
    assert (found["T-40-contact"], found["T-40-papers"]) == ("done", "overdue")
    assert rules(where.act(OFFICE, "RecordWelfarePapers", CASE, papers=["use_sheet_table"])) == []


def test_a_plan_that_is_not_agreed_is_given_to_the_welfare_office_with_a_warning() -> None:
    """T-40: 了承された暫定プラン."""
    where = town()
    where.act(OFFICE, "DraftProvisionalPlan", CASE, **{**DRAFT, "public_assistance": True})
    given = where.act(OFFICE, "RecordWelfarePapers", CASE, papers=["use_sheet"])
    assert "了承されていません" in given.advice[0].message


def test_designated_the_office_goes_to_the_welfare_office_and_entrusted_either() -> None:
    """T-41: what the centre did all the same is recorded, with a warning."""
    where = agreed(town(), public_assistance=True)
    assert rules(where.act(CENTRE, "RecordWelfareContact", CASE, contacted_on="2025-06-02")) == ["T-41"]
    entrusted = agreed(town(entrusted=True), public_assistance=True)
    (told,) = entrusted.act(CENTRE, "RecordWelfareContact", CASE, contacted_on="2025-06-02").events
    assert told.to == (OFFICE,)
    papers = ["provisional_plan", "use_sheet", "use_sheet_table"]
    assert rules(entrusted.act(CENTRE, "RecordWelfarePapers", CASE, papers=papers)) == []
    assert rules(entrusted.act(OFFICE, "StartService", CASE, **START)) == []


def test_without_public_assistance_there_is_nothing_to_tell() -> None:
    assert (
        refusal(agreed(town()), OFFICE, "RecordWelfareContact", contacted_on="2025-06-02").code
        == "not_assisted"
    )
