"""What is shown before a change of type is what happens when it is done (T-04, T-15 to T-17, T-33, T-61, T-66)."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from marshmallow import RAISE

from contracts.events.sample import CENTRE, OFFICE
from deploy.play.player import play
from deploy.play.scenario import load_scenario
from deploy.play.target import Answer, Order, Rejected
from shared.care.foresight import Foresight, Owed, foresee
from shared.eventlog.model import Event
from shared.node.errors import Refused
from shared.node.recording import plain
from shared.node.service import Command
from shared.policy.dates import Month
from shared.policy.obligation_due import Ground
from shared.policy.obligation_facts import facts_of
from shared.policy.obligations import standing
from tests.care.stage import CASE, Desk, desk, made, model, opened, signed_by_both
from tests.care.test_planning import internal
from tests.care.test_usage import BOTH, EQUIPMENT, PLANNED, ended
from tests.scenarios.in_memory import InMemory

CHANGES = ("SwitchMode", "ChangeType", "StartEntrustment", "EndEntrustment", "AssignOffice", "EndSupport")
PLAYED = (
    "toshima_model",
    "back_and_forth",
    "entrusted_support",
    "entrusted_care_management_a",
    "transferred",
    "category_change_to_care",
    "direct_case",
    "mid_month_return",
    "outside_model",
)
Known = frozenset[tuple[str, str, str, str | None]]


def seen(at: Desk, name: str, on: date | None = None, case_id: UUID = CASE, **fields: Any) -> Foresight:
    """What a command would bring about at a desk, of which nothing is recorded."""
    spec = at.service.commands[name]
    loaded = spec.schema(unknown=RAISE).load(plain(fields))
    command = Command(uuid4(), name, case_id, loaded, "tester", on or at.today)
    history = [each for each in at.events if each.case_id == case_id]
    before = len(at.events)
    found = foresee(at.situation(case_id), history, spec, command)
    assert len(at.events) == before
    return found


def still_open(at: Desk, case_id: UUID, until: date) -> Known:
    case = at.situation(case_id).case
    facts = [fact for each in at.events if each.case_id == case_id for fact in facts_of(each)]
    found = standing(facts, Ground.of(case.insurer, case.parties), until)
    return frozenset((each.row, each.debtor, each.creditor, each.period) for each in found if each.open)


def named(owed: tuple[Owed, ...]) -> Known:
    return frozenset(
        (each.what.row, each.what.debtor, each.what.creditor, month)
        for each in owed
        for month in (each.months or (None,))
    )


@dataclass
class Seer(InMemory):
    """A play in which every change of type is foreseen before it is done."""

    compared: list[tuple[str, Foresight, Known, Known, Any]] = field(default_factory=list)

    def give(self, order: Order) -> Answer:
        if order.command not in CHANGES or not order.case:
            return super().give(order)
        at, case_id = self._desk(order.node), UUID(order.case)
        found = _or_refused(at, order, case_id)
        if isinstance(found, Refused):
            with pytest.raises(Rejected) as rejected:
                super().give(order)
            assert rejected.value.detail["code"] == found.code
            raise rejected.value
        until = max(at.today, Month.of(found.counts_from).plus(1).last)
        before = still_open(at, case_id, until)
        answer = super().give(order)
        after = still_open(at, case_id, until)
        mode = at.situation(case_id).case.latest_mode
        self.compared.append((order.command, found, after - before, before - after, mode))
        return answer


def _or_refused(at: Desk, order: Order, case_id: UUID) -> Foresight | Refused:
    try:
        return seen(at, order.command, order.on, case_id, **order.fields)
    except Refused as refusal:
        return refusal


@cache
def foreseen(flow: str) -> Seer:
    seer = Seer()
    play(load_scenario(Path(f"deploy/scenarios/{flow}.yaml")), seer)
    return seer


@pytest.mark.parametrize("flow", PLAYED)
def test_in_every_played_case_what_was_shown_is_what_came(flow: str) -> None:
    """Obligations that begin and end at every party, and how the case is run afterwards."""
    for command, found, began, over, mode in foreseen(flow).compared:
        assert named(found.begins) == began, command
        assert named(found.ends) == over, command
        assert found.then in (mode, None), command


def test_every_change_that_the_rules_know_was_tried() -> None:
    tried = {command for flow in PLAYED for command, *_ in foreseen(flow).compared}
    assert tried == set(CHANGES) - {"EndEntrustment"}  # below


# --- Toshima's switch to A and back ---

RETURNED = date(2024, 12, 27)
TO_A = {
    "to_type": "care_management_a",
    "reason_code": "benefit_ended",
    "reason": "返却",
    "progress_record": "",
}


def office(*events: Event, simultaneous: bool = True) -> Desk:
    signed = signed_by_both(simultaneous=simultaneous)
    return desk(
        OFFICE,
        *model(),
        opened(),
        *signed,
        *PLANNED,
        *BOTH,
        ended(EQUIPMENT, RETURNED),
        *events,
        today=RETURNED,
    )


def to_a(at: Desk) -> Foresight:
    return seen(at, "SwitchMode", **{**TO_A, "progress_record": None})


def test_a_switch_to_a_shows_whose_notification_goes_where_by_when_t_16() -> None:
    prepared = made("NotificationPrepared", CENTRE, date(2024, 10, 10), filer=CENTRE)
    found = to_a(office(prepared))
    assert found.counts_from == date(2025, 1, 1)
    [filing] = found.filings
    assert (filing.what.row, filing.what.debtor) == ("T-16", CENTRE)
    assert filing.what.due == date(2025, 1, 31)
    assert "総合事業" in filing.desk
    assert (filing.held, filing.signed, filing.marked) == (True, False, True)


def test_without_a_simultaneous_contract_new_contracts_and_signatures_are_shown_t_66() -> None:
    found = to_a(office(simultaneous=False))
    [filing] = found.filings
    assert (filing.what.row, filing.held, filing.signed, filing.marked) == (
        "T-66-notification-centre",
        False,
        True,
        False,
    )
    wanted = {each.agency: [what.row for what in each.wanted] for each in found.contracts}
    assert "T-66-contract-centre" in wanted[CENTRE]
    assert wanted[OFFICE] == []


def test_a_switch_to_a_shows_who_claims_each_month_t_33() -> None:
    found = to_a(office())
    claimed = [
        (str(each.month), each.now.provider if each.now else None, each.then.provider if each.then else None)
        for each in found.months
    ]
    assert claimed == [
        ("2024-12", OFFICE, OFFICE),
        ("2025-01", OFFICE, CENTRE),
        ("2025-02", OFFICE, CENTRE),
    ]


def test_what_the_act_itself_does_ends_as_done_and_the_rest_as_needless() -> None:
    found = to_a(office())
    done = {each.what.row for each in found.ends if each.done}
    assert "T-60" in done
    assert all(each.what.rules for each in (*found.begins, *found.ends))


def test_the_end_of_the_support_ends_the_entrustment_at_the_centre_and_asks_for_the_originals_t_35() -> None:
    """The office that ends it is shown what the centre's node and its own do by themselves."""
    started = made("EntrustmentStarted", CENTRE, date(2025, 1, 1), starts_on="2025-01-01")
    switched = made("ModeSwitched", OFFICE, RETURNED)
    at = office(switched, started)
    at.today = date(2025, 2, 14)
    found = seen(at, "EndSupport", reason_code="to_care", ended_on="2025-02-28", note=None)
    assert [(each.by, each.type) for each in found.sent] == [
        (OFFICE, "SupportEnded"),
        (CENTRE, "EntrustmentEnded"),
        (OFFICE, "OriginalsListed"),
    ]
    assert found.then is None
    assert [each.then for each in found.months][1:] == [found.months[1].then, None]
    assert any("T-35" in rule for each in found.begins for rule in each.what.rules)


def test_an_entrustment_that_ends_leads_back_to_the_centre_s_own_care_and_lists_what_is_out_t_35() -> None:
    switched = made("ModeSwitched", OFFICE, RETURNED)
    started = made("EntrustmentStarted", CENTRE, date(2025, 1, 1), starts_on="2025-01-01")
    at = desk(CENTRE, *model(), opened(), *signed_by_both(), switched, started, today=date(2025, 2, 14))
    found = seen(at, "EndEntrustment", reason_code="contract_ended", ended_on="2025-02-28")
    assert [(each.by, each.type) for each in found.sent] == [
        (CENTRE, "EntrustmentEnded"),
        (OFFICE, "OriginalsListed"),
    ]
    assert found.then is not None
    assert (found.then.track, found.then.provider) == ("direct", CENTRE)
    assert found.then.effective_from == date(2025, 3, 1)


@pytest.mark.parametrize(
    ("name", "fields", "rule"),
    [
        (
            "SwitchMode",
            {"to_type": "preventive_support", "reason_code": "benefit_started", "reason": "再開"},
            "T-61",
        ),
    ],
)
def test_a_change_that_is_refused_shows_no_foresight_but_its_rule(
    name: str, fields: dict[str, Any], rule: str
) -> None:
    with pytest.raises(Refused) as found:
        seen(office(), name, **fields)
    assert found.value.rule == rule


def test_what_is_said_changes_with_the_case_and_not_with_the_clock_of_the_form() -> None:
    """Whoever confirms is shown it again when it is not the same any more."""
    assert to_a(office()).said == to_a(office()).said
    later = internal("MonitoringRecorded", RETURNED, month="2024-12")
    assert to_a(office(later)).said == to_a(office()).said
    assert to_a(office()).said != to_a(office(simultaneous=False)).said


def test_the_edges_of_the_months_stand_on_their_first_days() -> None:
    last = seen(
        office(),
        "EndSupport",
        RETURNED,
        reason_code="to_care",
        ended_on="2024-12-31",
        note=None,
    )
    assert [each.then is None for each in last.months] == [False, False, True]
