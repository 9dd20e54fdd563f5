"""What the end of the model changes is shown before the ward ends it (T-01, T-16, T-66, decision 25)."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.sample import CENTRE, OFFICE, WARD
from services.ward.model_end import EndForeseen, foresee_end
from services.ward.reading import ModelCase
from shared.eventlog.model import Event
from shared.node.errors import Refused
from shared.node.recording import plain
from shared.node.service import Command
from tests.care.stage import CENTRE_OUTSIDE, Desk, desk, made, model

OPENED = date(2024, 10, 7)


def case(**changes: Any) -> ModelCase:
    return ModelCase(**{**dict.fromkeys(ModelCase.__slots__), **_CASE, **changes})  # type: ignore[arg-type]


_CASE: dict[str, Any] = {"case_id": UUID(int=1), "office": OFFICE, "centre": CENTRE, "opened_on": OPENED}


def seen(*events: Event, cases: tuple[ModelCase, ...] = (), **changes: Any) -> EndForeseen:
    at: Desk = desk(WARD, *model(), *events, today=date(2026, 3, 2))
    spec = at.service.commands["EndModel"]
    fields = {"model": "toshima_2024", "agency": None, "ended_on": "2026-03-31", **changes}
    command = Command(uuid4(), "EndModel", None, spec.schema().load(plain(fields)), "tester", at.today)
    return foresee_end(at.situation(None), spec, command, cases)


def rows(found: EndForeseen, to_type: str) -> tuple[set[str], set[str]]:
    [one] = [each for each in found.switches if each.type == to_type]
    return {each.row for each in one.during}, {each.row for each in one.after}


def test_a_switch_to_a_goes_by_the_held_form_until_the_last_day_and_by_a_new_signed_one_after_it() -> None:
    during, after = rows(seen(), "care_management_a")
    assert "T-16" in during
    assert "T-66-notification-centre" not in during
    assert "T-66-notification-centre" in after
    assert "T-16" not in after
    assert "T-66-contract-centre" not in after  # decision 25: the contract stays


def test_a_switch_back_wants_a_new_form_of_the_office_and_no_new_contract() -> None:
    during, after = rows(seen(), "preventive_support")
    assert "T-17-office" in during
    assert "T-66-notification-office" in after
    assert not {"T-66-contract-office"} & (during | after)


@pytest.mark.parametrize(
    ("agency", "changes", "becomes"),
    [
        (None, {}, "void"),
        (CENTRE, {}, "void"),
        (OFFICE, {}, "void"),
        (CENTRE, {"centre": CENTRE_OUTSIDE, "office": None}, "goes_on"),
        (None, {"used_on": OPENED}, "used"),
        (None, {"used_on": OPENED, "voided_on": OPENED}, "voided"),
    ],
)
def test_what_becomes_of_a_held_form(agency: str | None, changes: dict[str, Any], becomes: str) -> None:
    found = seen(cases=(case(**changes),), agency=agency)
    assert [held for _, held in found.cases] == [becomes]


def test_where_the_model_has_ended_already_it_is_refused_with_its_rule() -> None:
    with pytest.raises(Refused) as found:
        seen(made("ModelEnded", WARD, date(2026, 3, 1)))
    assert found.value.rule == "T-01"


def test_without_a_review_that_is_done_it_says_so() -> None:
    assert [rule for rule, _ in seen().advice] == ["T-01"]
