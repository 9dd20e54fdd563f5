"""Two wards on one exchange: each case follows its insurer, and an office near the border is listed by both."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import CENTRE, OFFICE, WARD
from shared.care.agency import AgencyState
from shared.care.folds.register import evolve_agency
from shared.node.errors import Refused
from tests.care.stage import ADACHI, ADACHI_CENTRE, BORDER_OFFICE, NEIGHBOURS, ROLES, Town, made

DAY = date(2025, 6, 2)
PERSON: dict[str, Any] = {
    "contact_agreed_on": "2025-06-02",
    "status": "support1",
    "certified_from": "2025-04-01",
    "certified_to": "2026-03-31",
    "name": "見本 あき",
    "kana": "ミホン アキ",
    "birth_date": "1945-07-20",
    "sex": "female",
    "address": "東京都足立区見本町一丁目1番1号",
    "insured_number": "0000000011",
}


def listed_by(ward: str, *agencies: str) -> list[Any]:
    roles = {**ROLES, **NEIGHBOURS}
    return [
        made("AgencyListed", ward, DAY, insurer=ward, agency=each, roles=[roles[each]], listed_on=DAY)
        for each in agencies
    ]


def town() -> Town:
    """Toshima and Adachi; the border office stands in both directories."""
    where = Town.of(WARD, CENTRE, OFFICE, ADACHI, ADACHI_CENTRE, BORDER_OFFICE)
    for each in where.desks.values():
        each.given(
            *listed_by(WARD, WARD, CENTRE, OFFICE, BORDER_OFFICE),
            *listed_by(ADACHI, ADACHI, ADACHI_CENTRE, BORDER_OFFICE),
        )
    where.advance(DAY)
    return where


@pytest.mark.parametrize(("insurer", "centre"), [(WARD, CENTRE), (ADACHI, ADACHI_CENTRE)])
def test_an_office_in_both_directories_opens_cases_of_both_wards(insurer: str, centre: str) -> None:
    (opened,) = town().act(BORDER_OFFICE, "OpenCase", insurer=insurer, centre=centre, **PERSON).events
    assert opened.data["parties"] == {BORDER_OFFICE: "kyotaku", centre: "hokatsu", insurer: "ward"}


@pytest.mark.parametrize(("insurer", "centre"), [(WARD, ADACHI_CENTRE), (ADACHI, CENTRE)])
def test_a_centre_takes_part_in_cases_of_the_ward_that_lists_it_only(insurer: str, centre: str) -> None:
    with pytest.raises(Refused) as refused:
        town().act(BORDER_OFFICE, "OpenCase", insurer=insurer, centre=centre, **PERSON)
    assert (refused.value.code, refused.value.field) == ("agency_unknown", "centre")


def test_the_advice_on_the_model_is_given_where_the_ward_runs_one_only() -> None:
    """T-66."""
    where, advice = town(), {}
    for insurer, centre in ((WARD, CENTRE), (ADACHI, ADACHI_CENTRE)):
        decision = where.act(BORDER_OFFICE, "OpenCase", insurer=insurer, centre=centre, **PERSON)
        advice[insurer] = [each.rule for each in decision.advice]
    assert advice == {WARD: ["T-33", "T-66"], ADACHI: ["A-Q35a"]}


def test_the_end_of_one_listing_leaves_the_other() -> None:
    state = AgencyState.empty()
    for event in (
        *listed_by(WARD, BORDER_OFFICE),
        *listed_by(ADACHI, BORDER_OFFICE),
        made("AgencyDelisted", ADACHI, DAY, insurer=ADACHI, agency=BORDER_OFFICE, delisted_on=DAY),
    ):
        state = evolve_agency(state, event)
    assert state.has_role(BORDER_OFFICE, "kyotaku", WARD)
    assert not state.has_role(BORDER_OFFICE, "kyotaku", ADACHI)
    assert state.has_role(BORDER_OFFICE, "kyotaku")
