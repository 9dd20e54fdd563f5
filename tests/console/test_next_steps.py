"""What comes next in a case: whose turn it is, and the command with which each obligation is fulfilled."""

from datetime import date
from typing import Any

from contracts.events.sample import BILLING, OFFICE
from deploy.composition import SERVICES, service_named
from shared.console.next_steps import Turn, turns
from shared.console.offering import NotNow, Offer, Offering
from shared.node.errors import Refused
from shared.node.service import CommandSpec
from tests.rules.owing import ENTRUSTED, owed, performance

COMMANDS = {service: service_named(service).commands for service in SERVICES}
NOTHING_REFUSED = Offering([])


def next_of(
    *events: Any, today: date, me: str, service: str, offering: Offering = NOTHING_REFUSED
) -> list[Turn]:
    still_open = [each for each in owed(*events, today=today) if each.open]
    return turns(still_open, me, COMMANDS[service].values(), offering)


def test_the_same_thing_for_several_months_is_one_step_and_its_form_knows_the_first() -> None:
    reports = [performance("2024-12", date(2025, 1, 6)), performance("2025-01", date(2025, 2, 4))]
    (turn,) = next_of(*reports, today=date(2025, 3, 3), me=BILLING, service="billing")
    claims, slips = turn.steps
    assert (turn.since, turn.more) == (date(2025, 1, 6), 0)
    assert (claims.months, slips.months) == (["2024-12", "2025-01"], ["2024-12", "2025-01"])
    (action,) = slips.actions
    assert (action.command.name, action.fields) == ("PrepareBenefitSlip", {"service_month": "2024-12"})


def test_one_s_own_turn_comes_first_and_others_have_no_action_here() -> None:
    report = performance("2025-01", date(2025, 2, 4))
    mine, *others = next_of(ENTRUSTED, report, today=date(2025, 2, 28), me=OFFICE, service="kyotaku")
    assert mine.party == OFFICE
    assert [action.command.name for step in mine.steps for action in step.actions] == ["ReportPerformance"]
    assert all(step.actions == [] for other in others for step in other.steps)


def test_what_is_not_shown_is_counted() -> None:
    reports = [performance(f"2024-{month:02}", date(2025, 2, 4)) for month in range(7, 13)]
    (turn,) = next_of(*reports, today=date(2025, 2, 5), me=BILLING, service="billing")
    assert (len(turn.steps), turn.more) == (2, 0)


def test_a_command_that_the_state_refuses_says_why() -> None:
    spec: CommandSpec = COMMANDS["billing"]["PrepareBenefitSlip"]
    refused = Refused("not_yet", "まだできません")
    offering = Offering([Offer("請求", (), (NotNow(spec, refused),))])
    report = performance("2025-01", date(2025, 2, 4))
    (turn,) = next_of(report, today=date(2025, 2, 5), me=BILLING, service="billing", offering=offering)
    assert [action.refusal for step in turn.steps for action in step.actions] == [None, refused]


def test_what_is_refused_for_the_month_of_its_step_is_not_offered_yet() -> None:
    """T-32: a month is reported once it is over."""
    still_open = [each for each in owed(ENTRUSTED, today=date(2025, 1, 15)) if each.open]
    asked: list[tuple[str, Any]] = []

    def refused(spec: CommandSpec, fields: Any) -> Refused:
        asked.append((spec.name, fields))
        return Refused("month_not_over", "まだ終わっていません")

    mine, *_ = turns(still_open, OFFICE, COMMANDS["kyotaku"].values(), NOTHING_REFUSED, refused)
    told = [each for step in mine.steps for each in step.actions if each.fields]
    assert asked == [(each.command.name, each.fields) for each in told]
    assert all(each.refusal and each.refusal.code == "month_not_over" for each in told)
    assert told
