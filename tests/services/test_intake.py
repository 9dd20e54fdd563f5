"""The counter of a centre: consultation, the 25 questions, who may answer and do them, what follows."""

from datetime import date
from typing import Any

import pytest
from marshmallow import ValidationError

from contracts.catalogue import CROSSING
from contracts.events.intake import CHECKLIST_ITEMS
from contracts.events.sample import DAY_SERVICE
from services.hokatsu.definition import SERVICE
from services.hokatsu.events import CENTRE_EVENTS
from services.ward.definition import SERVICE as WARD_SERVICE
from shared.care.intake import GENERAL_PARTS, PROJECT_PARTS
from shared.node.errors import Refused
from tests.care.stage import ADACHI, ADACHI_CENTRE, Desk, Town, desk, made
from tests.care.test_two_wards import PERSON, town

DAY = date(2019, 5, 10)
POSITIVE = {str(n): ("no" if n in (*range(1, 9), 16, 19) else "yes") for n in CHECKLIST_ITEMS}
NEGATIVE = {n: ("yes" if answer == "no" else "no") for n, answer in POSITIVE.items()}
ASKED: dict[str, Any] = {
    "answered_by": "person",
    "means": "counter",
    "staff": "three_professions",
    "height_cm": "150",
    "weight_kg": "48",
}
CAME: dict[str, Any] = {
    "visitor": "person",
    "means": "counter",
    "wishes": ["day"],
    "at_once": True,
}
FORM: dict[str, Any] = {
    "name": "見本 あき",
    "kana": "ミホン アキ",
    "birth_date": "1945-07-20",
    "insured_number": "0000000011",
    "address": "東京都足立区見本町一丁目1番1号",
    "telephone": "03-0000-0011",
    "start_date": "2019-05-20",
    "signed_by_person": True,
}


def answers(**changed: str | None) -> dict[str, str | None]:
    """All negative but for what is named."""
    return {f"q{n}": NEGATIVE[n] for n in NEGATIVE} | changed


def positive(*items: int) -> dict[str, str | None]:
    return answers(**{f"q{n}": POSITIVE[str(n)] for n in items})


@pytest.fixture
def where() -> Town:
    found = town()
    found.advance(DAY)
    return found


@pytest.fixture
def case(where: Town) -> Any:
    return newcomer(where)


def newcomer(where: Town, **changed: Any) -> Any:
    """The case of somebody without certification."""
    person = {**PERSON, "status": "none", "certified_from": None, "certified_to": None, **changed}
    return where.act(ADACHI_CENTRE, "OpenCase", insurer=ADACHI, **person).events[0].case_id


def rules(decision: Any) -> list[str]:
    return [each.rule for each in decision.advice]


def refusal(where: Town, case: Any, command: str, /, **fields: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        where.act(ADACHI_CENTRE, command, case, **fields)
    return refused.value


def duties(where: Town, case: Any, agency: str = ADACHI_CENTRE) -> dict[str, str]:
    return {each.row: each.state for each in where.desks[agency].obligations(case)}


# --- consultation ---


@pytest.mark.parametrize(
    ("fields", "step", "advice"),
    [
        ({}, "checklist", ["A-Q2b"]),
        ({"at_once": False}, "prevention", ["A-Q2c"]),
        ({"wishes": ["checklist_only"]}, "prevention", ["A-Q2c"]),
        ({"wishes": ["awareness"]}, "prevention", ["A-Q2c"]),
        ({"wishes": ["day", "benefit"]}, "certification", ["A-Q15b"]),
        ({"certification_evident": True}, "certification", ["A-Q9"]),
        ({"lives_in": "131227"}, "home_municipality", ["A-Q8"]),
        ({"lives_in": ADACHI}, "checklist", ["A-Q2b"]),
    ],
)
def test_what_follows_from_a_consultation(
    where: Town, case: Any, fields: dict[str, Any], step: str, advice: list[str]
) -> None:
    """A-Q2b, A-Q2c, A-Q8, A-Q9."""
    decision = where.act(ADACHI_CENTRE, "RecordConsultation", case, **{**CAME, **fields})
    assert decision.events[0].data["next_step"] == step
    assert rules(decision) == advice


def test_the_parts_of_the_project_are_known_by_their_names() -> None:
    """A-Q1a."""
    assert list(PROJECT_PARTS.values())[:2] == ["訪問型サービス", "通所型サービス"]
    assert (len(PROJECT_PARTS), len(GENERAL_PARTS)) == (4, 5)


def test_whoever_is_not_eligible_is_advised_of_other_activities(where: Town, case: Any) -> None:
    """A-Q1c."""
    decision = where.act(ADACHI_CENTRE, "RecordChecklist", case, **ASKED, answers=answers())
    assert "A-Q1c" in rules(decision)
    assert duties(where, case)["A-Q1c"] == "open"
    where.act(ADACHI_CENTRE, "GiveGuidance", case, about=["other_activities"], note="集まりを案内した")
    assert duties(where, case)["A-Q1c"] == "done"


def test_advice_that_was_owed_is_done_by_guidance(where: Town, case: Any) -> None:
    """A-Q9."""
    where.act(ADACHI_CENTRE, "RecordConsultation", case, **{**CAME, "certification_evident": True})
    assert duties(where, case)["A-Q9"] == "open"
    where.act(ADACHI_CENTRE, "GiveGuidance", case, about=["certification"], note="申請を案内した")
    assert duties(where, case)["A-Q9"] == "done"


# --- the checklist ---


@pytest.mark.parametrize(
    ("items", "outcome", "criteria"),
    [
        ((), "not_applicable", []),
        ((16,), "applicable", [5]),
        ((6, 7, 8), "applicable", [2]),
        ((21, 22), "applicable", [7]),
    ],
)
def test_the_25_items_decide(where: Town, case: Any, items: Any, outcome: str, criteria: Any) -> None:
    """A-Q2a, A-Q4."""
    decision = where.act(ADACHI_CENTRE, "RecordChecklist", case, **ASKED, answers=positive(*items))
    data = decision.events[0].data
    assert (data["outcome"], data["criteria"]) == (outcome, criteria)


def test_an_open_answer_that_could_matter_is_not_taken_for_a_negative_one(where: Town, case: Any) -> None:
    """decision 10."""
    decision = where.act(ADACHI_CENTRE, "RecordChecklist", case, **ASKED, answers=answers(q16=None))
    assert (decision.events[0].data["outcome"], decision.events[0].data["unanswered"]) == ("undetermined", 1)
    assert "decision 10" in rules(decision)
    assert duties(where, case)["A-Q4-open"] == "open"
    where.act(ADACHI_CENTRE, "RecordChecklist", case, **ASKED, answers=positive(16))
    assert duties(where, case)["A-Q4-open"] == "done"


def test_the_ward_s_own_questions_are_kept_apart_and_decide_nothing(where: Town, case: Any) -> None:
    """A-Q2a, A-Q2b."""
    where.act(ADACHI_CENTRE, "RecordConsultation", case, **CAME)
    extra = [{"question": "同じ物を何度も買うことがありますか", "answer": "yes"}]
    decision = where.act(ADACHI_CENTRE, "RecordPreventionChecklist", case, answers=extra)
    assert rules(decision) == ["A-Q2b"]
    assert where.desks[ADACHI_CENTRE].situation(case).case.checklists == ()
    with pytest.raises(ValidationError):
        where.act(ADACHI_CENTRE, "RecordChecklist", case, **ASKED, answers={**answers(), "extra": "yes"})


@pytest.mark.parametrize("who", ["office", "provider"])
def test_offices_do_not_answer_for_the_person(where: Town, case: Any, who: str) -> None:
    """A-Q7."""
    problem = refusal(where, case, "RecordChecklist", **{**ASKED, "answered_by": who}, answers=answers())
    assert (problem.code, problem.rule) == ("proxy_excluded", "A-Q7")


def test_who_may_do_the_checklist_and_nothing_else(where: Town, case: Any) -> None:
    """A-Q5."""
    fields = {**ASKED, "staff": "dementia_specialist"}
    where.act(ADACHI_CENTRE, "RecordChecklist", case, **fields, answers=answers())
    problem = refusal(where, case, "RecordChecklist", **{**ASKED, "staff": "other"}, answers=answers())
    assert problem.rule == "A-Q5"
    given = {name for name, spec in SERVICE.commands.items() if "dementia_specialist" in spec.roles}
    assert given == {
        "OpenCase",
        "RecordConsultation",
        "RecordChecklist",
        "RecordPreventionChecklist",
        "GiveGuidance",
    }


def test_the_ward_does_no_checklist_and_only_a_centre_hands_one_in() -> None:
    """A-Q3."""
    assert "RecordChecklist" not in WARD_SERVICE.commands
    assert CROSSING["ChecklistSubmitted"].senders == {"hokatsu"}


def test_nothing_can_be_appealed_against_and_the_status_is_never_cancelled() -> None:
    """A-Q2c, A-Q24."""
    names = {*CROSSING, *CENTRE_EVENTS, *WARD_SERVICE.commands}
    assert not [each for each in names if "Appeal" in each or "Cancel" in each or "Revoke" in each]


@pytest.mark.parametrize(
    ("who", "means", "owed"),
    [
        ("person", "counter", False),
        ("person", "home_visit", False),
        ("person", "telephone", True),
        ("family", "counter", True),
        ("family", "telephone", True),
    ],
)
def test_a_proxy_s_answers_owe_a_look_at_the_person(
    where: Town, case: Any, who: str, means: str, owed: bool
) -> None:
    """A-Q6."""
    fields = {**ASKED, "answered_by": who, "means": means}
    where.act(ADACHI_CENTRE, "RecordChecklist", case, **fields, answers=positive(16))
    assert ("A-Q6" in duties(where, case)) is owed
    if owed:
        where.act(ADACHI_CENTRE, "ConfirmPerson", case, means="home_visit", note="本人に会い、説明した")
        assert duties(where, case)["A-Q6"] == "done"
        assert not where.desks[ADACHI_CENTRE].situation(case).case.checklists[0].confirmation_needed


@pytest.mark.parametrize(("birth_date", "allowed"), [("1954-05-12", False), ("1954-05-11", True)])
def test_below_65_there_is_no_checklist(where: Town, birth_date: str, allowed: bool) -> None:
    """A-Q1b, A-Q8: on 2019-05-10; one comes of an age on the day before one's birthday."""
    case = newcomer(where, birth_date=birth_date)
    consulted = where.act(ADACHI_CENTRE, "RecordConsultation", case, **CAME)
    assert consulted.events[0].data["next_step"] == ("checklist" if allowed else "certification")
    assert rules(consulted) == (["A-Q2b"] if allowed else ["A-Q8"])
    fields = {**ASKED, "answers": positive(16)}
    if allowed:
        checked = where.act(ADACHI_CENTRE, "RecordChecklist", case, **fields)
        assert checked.events[0].data["age"] == 65
    else:
        assert refusal(where, case, "RecordChecklist", **fields).rule == "A-Q8"


@pytest.mark.parametrize("name", ["RecordConsultation", "RecordChecklist"])
@pytest.mark.parametrize("age", [65, 72, 74, 131])
def test_a_typed_age_has_to_agree_with_the_birth_date(where: Town, name: str, age: int) -> None:
    """A-Q1b, A-Q8: nobody comes of 65 by a number at the counter."""
    born = newcomer(where, birth_date="1945-07-20")  # 73 on 2019-05-10
    fields = CAME if name == "RecordConsultation" else {**ASKED, "answers": positive(16)}
    problem = refusal(where, born, name, **fields, age=age)
    assert (problem.rule, problem.field) == ("A-Q8", "age")
    assert "73歳" in problem.message
    where.act(ADACHI_CENTRE, name, born, **fields, age=73)


def test_who_lives_elsewhere_has_no_checklist_without_a_reason(where: Town, case: Any) -> None:
    """A-Q8: as a rule (原則) it is for residents of the ward; a later consultation may find that one has moved in."""
    where.act(ADACHI_CENTRE, "RecordConsultation", case, **CAME, lives_in="131227")
    fields = {**ASKED, "answers": positive(16)}
    problem = refusal(where, case, "RecordChecklist", **fields)
    assert (problem.rule, problem.field) == ("A-Q8", "outside_reason")
    told = where.act(ADACHI_CENTRE, "RecordChecklist", case, **fields, outside_reason="来週転入する")
    assert told.events[0].data["outside_reason"] == "来週転入する"
    where.act(ADACHI_CENTRE, "RecordConsultation", case, **CAME)
    where.act(ADACHI_CENTRE, "RecordChecklist", case, **fields)


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({}, "A-Q10"),
        ({"disability_services": True}, "A-Q13"),
        ({"state_changed": True}, None),
        ({"state_changed": True, "disability_services": True}, None),
    ],
)
def test_after_a_certification_s_no_the_checklist_needs_a_change_of_state(
    where: Town, case: Any, fields: dict[str, Any], rule: str | None
) -> None:
    """A-Q10, A-Q13."""
    where.act(ADACHI_CENTRE, "RecordApplication", case, occasion="new", applied_on="2019-05-10")
    where.act(ADACHI, "AnnounceCertification", case, occasion="new", status="none", applied_on="2019-05-10")
    asked = {**ASKED, **fields, "answers": positive(16)}
    if rule is None:
        where.act(ADACHI_CENTRE, "RecordChecklist", case, **asked)
    else:
        assert refusal(where, case, "RecordChecklist", **asked).rule == rule


# --- form 1 and form 2 ---


def filed(where: Town, case: Any) -> Any:
    where.act(ADACHI_CENTRE, "RecordChecklist", case, **ASKED, answers=positive(16))
    where.act(
        ADACHI_CENTRE,
        "SignContract",
        case,
        contract="preventive_support_and_care_management",
        signed_by="person",
    )
    return where.act(
        ADACHI_CENTRE, "FileNotification", case, type="care_management_a", occasion="first", **FORM
    ).events


def test_the_two_forms_go_to_the_ward_as_a_set(where: Town, case: Any) -> None:
    """A-Q12a, A-Q31a."""
    notification, checklist = filed(where, case)
    assert (notification.data["occasion"], notification.data["attachments"]) == (
        "new_project_eligible",
        ["basic_checklist"],
    )
    assert checklist.type == "ChecklistSubmitted"
    assert checklist.data["notification_id"] == notification.data["notification_id"]
    assert notification.to == checklist.to == (ADACHI,)


def test_the_desk_takes_form_2_with_form_1_only(where: Town, case: Any) -> None:
    """A-Q12a."""
    notification, _ = filed(where, case)
    ward = where.desks[ADACHI]
    ward.events = [each for each in ward.events if each.type != "ChecklistSubmitted"]
    with pytest.raises(Refused) as refused:
        where.act(ADACHI, "AcceptNotification", case, notification_id=notification.data["notification_id"])
    assert (refused.value.code, refused.value.rule) == ("notification_incomplete", "A-Q12a")


def test_instead_of_the_request_the_centre_may_advise_only(where: Town, case: Any) -> None:
    """A-Q4b."""
    where.act(ADACHI_CENTRE, "RecordChecklist", case, **ASKED, answers=positive(16))
    where.act(ADACHI_CENTRE, "GiveGuidance", case, about=["awareness"], note="教室を案内した")
    assert duties(where, case)["A-Q12a"] == "open"
    where.act(
        ADACHI_CENTRE,
        "GiveGuidance",
        case,
        about=["awareness"],
        instead_of_request=True,
        note="教室を案内した",
    )
    assert duties(where, case)["A-Q12a"] == "done"


def test_the_register_makes_the_person_eligible_from_the_day_of_the_checklist(where: Town, case: Any) -> None:
    """A-Q12b, A-Q12c, A-Q17n, A-Q21c."""
    notification, _ = filed(where, case)
    number = notification.data["notification_id"]
    where.advance(date(2019, 5, 14))
    where.act(ADACHI, "AcceptNotification", case, notification_id=number)
    (registered,) = where.act(ADACHI, "RegisterProjectEligible", case, notification_id=number).events
    assert registered.data["eligible_from"] == DAY
    assert registered.data["cards_to_issue"] == ["pink_card", "copayment_certificate"]
    with pytest.raises(Refused) as again:
        where.act(ADACHI, "RegisterProjectEligible", case, notification_id=number)
    assert again.value.code == "already_registered"
    decision = where.act(ADACHI, "IssueCards", case, cards=["green_card"])
    assert rules(decision) == ["A-Q21c"]
    known = where.desks[ADACHI_CENTRE].situation(case).case
    assert [known.status_on(each) for each in (date(2019, 5, 9), DAY)] == ["none", "project_eligible"]
    assert known.modes[0].type == "care_management_a"


@pytest.mark.parametrize(
    ("who", "confirmed", "advised"),
    [("family", False, True), ("family", True, False), ("person", False, False)],
    ids=["nobody saw the person", "staff saw the person", "the person answered"],
)
def test_a_plan_is_delivered_with_a_word_where_nobody_saw_the_person(
    where: Town, case: Any, who: str, confirmed: bool, advised: bool
) -> None:
    """A-Q6: a word at the delivery, never a refusal."""
    where.act(ADACHI_CENTRE, "RecordChecklist", case, **{**ASKED, "answered_by": who}, answers=positive(16))
    where.act(
        ADACHI_CENTRE,
        "SignContract",
        case,
        contract="preventive_support_and_care_management",
        signed_by="person",
    )
    filing = where.act(
        ADACHI_CENTRE, "FileNotification", case, type="care_management_a", occasion="first", **FORM
    )
    number = filing.events[0].data["notification_id"]
    where.act(ADACHI, "AcceptNotification", case, notification_id=number)
    where.act(ADACHI, "RegisterProjectEligible", case, notification_id=number)
    where.act(
        ADACHI,
        "DesignateProvider",
        provider=DAY_SERVICE,
        provider_name="見本デイサービス",
        services=["A6"],
        designated_from="2019-04-01",
    )
    service = {"service": "A6", "provider": DAY_SERVICE, "starts_on": "2019-05-20", "ends_on": None}
    where.act(
        ADACHI_CENTRE,
        "DraftPlan",
        case,
        occasion="first",
        sheets=["A", "B", "C", "D"],
        period_from="2019-05-20",
        period_to="2020-03-31",
        goals="週に一度は外出する",
        services=[service],
    )
    where.act(ADACHI_CENTRE, "RecordPlanConsent", case, signed_by="person")
    if confirmed:
        where.act(ADACHI_CENTRE, "ConfirmPerson", case, means="home_visit", note="本人に会い、説明した")
    delivered = where.act(ADACHI_CENTRE, "DeliverPlan", case, sheets=["A", "B", "C", "D"])
    assert ("A-Q6" in rules(delivered)) is advised


def centre_desk() -> Desk:
    """A centre that knows a registered person and a contract."""
    return desk(
        ADACHI_CENTRE,
        made(
            "CaseOpened",
            ADACHI_CENTRE,
            DAY,
            insurer=ADACHI,
            parties={ADACHI_CENTRE: "hokatsu", ADACHI: "ward"},
            opened_on=DAY,
            procedure="principle",
            status="none",
            certification=None,
        ),
        made("ProjectEligibilityRegistered", ADACHI, DAY),
        today=date(2019, 6, 3),
    )


@pytest.mark.parametrize(
    ("on", "outcome"),
    [
        ("2019-05-09", "before_checklist"),
        ("2019-05-10", ["A-Q12b"]),
        ("2019-06-03", ["A-Q12b"]),
        ("2019-06-04", "plan_missing"),
    ],
)
def test_service_before_the_plan_is_warned_of_from_the_day_of_the_checklist(on: str, outcome: Any) -> None:
    """A-Q12b, A-Q12c: normally after the plan; tomorrow's service can wait for it."""
    started: dict[str, Any] = {"service": "A6", "provider": "13A1600017", "started_on": on}
    if isinstance(outcome, str):
        with pytest.raises(Refused) as refused:
            centre_desk().when("StartService", **started)
        assert refused.value.code == outcome
    else:
        assert [each.rule for each in centre_desk().when("StartService", **started).advice][:1] == outcome
