"""The covering letter for the welfare office, which has no node (T-40, T-41, decision 26)."""

from datetime import date
from typing import Any

import pytest

from contracts.codes import WELFARE_PAPERS
from contracts.events.sample import OFFICE, PLAN
from shared.care.welfare_letter import WelfareLetter, welfare_letter
from shared.eventlog.model import Event
from tests.care.stage import desk, made, model, opened

DAY = date(2025, 6, 3)
SUBMITTED = made("ProvisionalPlanSubmitted", OFFICE, date(2025, 6, 2), public_assistance=True)
CONTACTED = made("WelfareOfficeContacted", OFFICE, DAY, plan_id=PLAN, contacted_on=DAY, note="電話で相談")


def papers(missing: list[str], on: date = DAY) -> Event:
    given: dict[str, Any] = {"papers": [each for each in WELFARE_PAPERS if each not in missing]}
    return made("WelfarePapersSubmitted", OFFICE, on, plan_id=PLAN, submitted_on=on, missing=missing, **given)


def letter(*events: Event) -> WelfareLetter | None:
    at = desk(OFFICE, *model(), opened(), *events, today=DAY)
    known = [each for each in at.events if each.case_id is not None]
    return welfare_letter(at.situation().case, known, PLAN)


def test_before_anything_was_told_every_paper_goes_with_the_letter() -> None:
    """T-40, decision 26."""
    found = letter(SUBMITTED)
    assert found is not None
    assert found.papers == tuple((title, False) for title in WELFARE_PAPERS.values())
    assert (found.contacted_on, found.submitted_on, found.note) == (None, None, None)
    assert found.person["name"]
    assert [service for service, _, _ in found.services]


@pytest.mark.parametrize("missing", [[], ["use_sheet_table"], ["provisional_plan", "use_sheet"]])
def test_it_tells_of_the_contact_and_which_papers_are_there(missing: list[str]) -> None:
    """T-40, decision 26."""
    found = letter(SUBMITTED, CONTACTED, papers(missing))
    assert found is not None
    assert (found.contacted_on, found.note, found.submitted_on) == (DAY, "電話で相談", DAY)
    assert [title for title, there in found.papers if not there] == [WELFARE_PAPERS[each] for each in missing]


def test_without_public_assistance_there_is_no_letter() -> None:
    """T-40."""
    plain = made("ProvisionalPlanSubmitted", OFFICE, date(2025, 6, 2), public_assistance=False)
    assert letter(plain) is None
    assert letter() is None
