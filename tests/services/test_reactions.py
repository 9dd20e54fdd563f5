"""Machines answer machines only so far: the graph of reactions has no cycle, and each says what it emits."""

from graphlib import TopologicalSorter

import pytest

from contracts.catalogue import CROSSING
from contracts.definition import EventType
from deploy.composition import SERVICES, service_named
from shared.node.service import Service

EVERY = [service_named(name) for name in SERVICES]
every_service = pytest.mark.parametrize("service", EVERY, ids=lambda service: service.name)


def received_by(service: Service) -> dict[str, EventType]:
    return {name: kind for name, kind in CROSSING.items() if service.role in kind.recipients}


def test_the_graph_of_reactions_has_no_cycle() -> None:
    graph: dict[str, set[str]] = {}
    for service in EVERY:
        for received, reaction in service.reactions.items():
            graph.setdefault(received, set()).update(reaction.emits)
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError
    assert set(graph) <= set(order)


@every_service
def test_a_service_reacts_only_to_what_it_can_receive(service: Service) -> None:
    assert set(service.reactions) <= set(received_by(service))


@every_service
def test_a_reaction_emits_only_what_its_service_may_send_or_keep(service: Service) -> None:
    for received, reaction in service.reactions.items():
        for name in reaction.emits:
            kind = {**CROSSING, **service.event_types}[name]
            assert service.role in kind.senders or name in service.event_types, (received, name)
