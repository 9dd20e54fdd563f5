"""The ward office's own counter, and the complaints that lie with its desks (A-Q3, A-Q27)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import CENTRE, WARD
from shared.node.errors import Refused
from shared.node.service import Decision
from tests.care.stage import ADACHI, ADACHI_CENTRE, BORDER_OFFICE, Town
from tests.care.test_two_wards import PERSON, town
from tests.services.test_intake import answers, positive

DAY = date(2025, 6, 2)
CHECKED: dict[str, Any] = {"checked": True, "age": 78, "height_cm": "150", "weight_kg": "48"}


@pytest.fixture
def where() -> Town:
    return town()


def came(where: Town, ward: str = ADACHI, **fields: Any) -> Decision:
    return where.act(ward, "GuideToCentre", **{"wish": "day", "at_once": True, **fields})


def rules(decision: Decision) -> list[str]:
    return [each.rule for each in decision.advice]


def refusal(where: Town, **fields: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        came(where, **fields)
    return refused.value


# --- who comes to the ward office ---


def test_a_check_at_the_ward_registers_nobody_keeps_no_answer_and_leads_to_the_centre(where: Town) -> None:
    """A-Q3."""
    decision = came(where, **CHECKED, answers=positive(6, 7, 8), centre=ADACHI_CENTRE)
    (guided,) = decision.events
    assert guided.data == {
        "wish": "day",
        "at_once": True,
        "centre": ADACHI_CENTRE,
        "outcome": "applicable",
        "visited_on": DAY,
    }
    assert (guided.case_id, guided.to) == (None, ())
    assert rules(decision) == ["A-Q3"]
    assert where.desks[ADACHI].situation().agency.visits[0].centre == ADACHI_CENTRE


@pytest.mark.parametrize(
    ("fields", "advice"),
    [
        ({}, ["A-Q3"]),
        ({"at_once": False}, []),
        ({"centre": ADACHI_CENTRE}, []),
        ({**CHECKED, "answers": positive(6, 7, 8)}, ["A-Q3", "A-Q3"]),
        ({**CHECKED, "answers": answers()}, ["A-Q3", "A-Q1c"]),
        ({**CHECKED, "answers": answers(q16=None)}, ["A-Q3", "A-Q3"]),
    ],
)
def test_who_may_be_eligible_or_wants_a_service_at_once_is_shown_the_competent_centre(
    where: Town, fields: dict[str, Any], advice: list[str]
) -> None:
    """A-Q3, A-Q1c: an open question counts as long as it could matter."""
    assert rules(came(where, **fields)) == advice


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"centre": BORDER_OFFICE}, "agency_unknown", "centre"),
        ({"centre": CENTRE}, "agency_unknown", "centre"),
        ({**CHECKED, "age": None}, "age_missing", "age"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(
    where: Town, fields: dict[str, Any], code: str, field: str
) -> None:
    """A-Q3: the centre of another ward is none of this one's."""
    problem = refusal(where, **fields)
    assert (problem.code, problem.field) == (code, field)


def test_a_ward_that_has_not_stated_where_to_apply_guides_nobody(where: Town) -> None:
    """A-Q3 is Adachi's."""
    assert refusal(where, ward=WARD).code == "not_published"


# --- complaints ---


def complained(where: Town, about: str = "designated_office") -> tuple[Any, str]:
    case = where.act(ADACHI_CENTRE, "OpenCase", insurer=ADACHI, **PERSON).events[0].case_id
    received = where.act(ADACHI_CENTRE, "RecordComplaint", case, about=about, content="送迎が遅れる").events[
        0
    ]
    return case, received.data["complaint_id"]


def duties(where: Town, agency: str, case: Any) -> dict[str, str]:
    return {each.row: each.state for each in where.desks[agency].obligations(case) if each.row == "A-Q27"}


def test_a_complaint_waits_at_the_ward_until_a_desk_has_dealt_with_it(where: Town) -> None:
    """A-Q27."""
    case, number = complained(where)
    assert duties(where, ADACHI, case) == {"A-Q27": "open"}
    assert duties(where, ADACHI_CENTRE, case) == {"A-Q27": "open"}, (
        "the centre that took it sees that it waits"
    )
    where.act(ADACHI, "AnswerComplaint", case, complaint_id=number, answer="事業所に確かめた")
    assert duties(where, ADACHI, case) == duties(where, ADACHI_CENTRE, case) == {"A-Q27": "done"}
    with pytest.raises(Refused) as refused:
        where.act(ADACHI, "AnswerComplaint", case, complaint_id=number, answer="もう一度")
    assert refused.value.code == "complaint_answered"


def test_the_answer_goes_to_the_centre_that_took_the_complaint_and_to_nobody_else(where: Town) -> None:
    """A-Q27: the person complained there; what an office is reproached with is not told to it by the way."""
    case, number = complained(where)
    decision = where.act(ADACHI, "AnswerComplaint", case, complaint_id=number, answer="事業所に確かめた")
    assert [(each.type, tuple(each.to)) for each in decision.events] == [
        ("ComplaintAnswered", (ADACHI_CENTRE,))
    ]
    known = where.desks[ADACHI_CENTRE].situation(case).case.complaints[number]
    assert known.answered_on == where.desks[ADACHI].today


def test_a_complaint_about_any_service_is_the_core_centre_s_and_owes_the_ward_nothing(where: Town) -> None:
    """A-Q27."""
    case, number = complained(where, "any_service")
    assert duties(where, ADACHI_CENTRE, case) == {}
    with pytest.raises(Refused) as refused:
        where.act(ADACHI, "AnswerComplaint", case, complaint_id=number, answer="なし")
    assert refused.value.code == "complaint_unknown"
