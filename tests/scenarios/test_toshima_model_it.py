"""The whole case of Toshima's model, across six nodes in one process."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from deploy.composition import service_named
from deploy.demo.cast import CAST
from deploy.local.find_broker import FallibleBroker
from deploy.play.player import Played, play
from deploy.play.scenario import load_scenario
from deploy.rabbitmq.definitions import definitions
from shared.console.duties import duty_rows
from shared.eventlog.chain import verify_chain
from shared.eventlog.rebuild import live_digest, rebuild
from shared.node.errors import UnknownCase
from shared.node.node import Node
from shared.policy.obligation_due import Ground
from shared.policy.obligation_facts import facts_of
from shared.policy.obligations import Obligation, standing
from tests.conftest import NodeMaker
from tests.scenarios.in_process import InProcess

SCENARIO = load_scenario(Path("deploy/scenarios/toshima_model.yaml"))


@pytest.fixture
def stage(nodes: NodeMaker, broker: FallibleBroker) -> Iterator[InProcess]:
    broker.load(definitions({member.agency: f"secret-of-{member.agency}" for member in CAST}))
    made = InProcess()
    for member in CAST:
        node = nodes.make(
            service_named(member.service),
            member.agency,
            broker=broker.url(member.agency, f"secret-of-{member.agency}"),
            clock=SCENARIO.starts_at,
        )
        made.add(member.name, node)
    yield made
    made.close()


def the_view_of(node: Node, case_id: UUID) -> list[Obligation]:
    return sorted((duty.what for duty in duty_rows(node, case_id)), key=str)


def the_pure_functions(node: Node, case_id: UUID) -> list[Obligation]:
    try:
        replay = node.replay(case_id)
    except UnknownCase:
        return []
    facts = [fact for event in replay.events for fact in facts_of(event)]
    facts += node.situation().agency.submissions.facts(str(case_id))
    ground = Ground.of(replay.case.insurer, replay.case.parties, node.agency)
    return sorted(standing(facts, ground, node.today()), key=str)


def test_the_case_goes_through_all_its_steps_and_every_expectation_holds(stage: InProcess) -> None:
    told: list[str] = []
    played: Played = play(SCENARIO, stage, told.append)
    assert played.failures == []
    assert played.checks > 70
    case_id = UUID(played.cases[SCENARIO.case])
    for name, node in stage.nodes.items():
        assert the_view_of(node, case_id) == the_pure_functions(node, case_id), name
        assert list(verify_chain(node.log)) == [], name
        for view in node.log.views:
            assert live_digest(node.log, view) == rebuild(node.log, view), (name, view.NAME)
    the_views_tell_the_end_of_the_case(stage, case_id)


def rows(node: Node, query: str) -> list[tuple[Any, ...]]:
    with node.database.connection() as connection:
        return connection.execute(query.encode()).fetchall()


def the_views_tell_the_end_of_the_case(stage: InProcess, case_id: UUID) -> None:
    nodes = stage.nodes
    for name in ("ward", "centre", "office", "billing"):
        (listed,) = rows(
            nodes[name], f"select status, certified_to from view_case_list.cases where case_id = '{case_id}'"
        )
        assert listed == ("support2", date(2026, 3, 31))
        waiting = "select what from view_awaiting_partner.requests where asked_on is not null and answered_on is null"
        assert rows(nodes[name], f"{waiting} and case_id = '{case_id}'") == []
    assert rows(
        nodes["ward"], "select desk, decision from view_desk_queue.filings order by filed_on, revision"
    ) == [
        ("insurance_benefits", "returned"),
        ("insurance_benefits", "accepted"),
        ("elderly_project", "accepted"),
        ("insurance_benefits", "accepted"),
    ]
    assert rows(
        nodes["billing"], "select yen, office_yen from view_claim_months.months order by service_month"
    ) == [
        (8800, None),
        (5380, None),
        (5380, None),
        (8458, 7613),
        (5038, 4535),
        (5380, None),
    ]
    assert rows(nodes["centre"], "select prepared_on, filed_on from view_held_notifications.held") == [
        (date(2024, 10, 10), date(2025, 1, 6))
    ]
    assert rows(
        nodes["centre"],
        "select starts_on, ended_on, originals_returned_on from view_entrusted_cases.entrustments",
    ) == [(date(2025, 1, 1), date(2025, 2, 28), date(2025, 3, 4))]
    months = rows(nodes["office"], "select month, monitored_on, reported_on from view_monthly_records.months")
    assert len(months) == 6
    assert all(monitored and reported for _, monitored, reported in months)
