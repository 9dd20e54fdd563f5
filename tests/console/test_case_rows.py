"""The rows of cases are remembered, and are what the log says after every event."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from contracts.catalogue import CROSSING
from contracts.events.sample import CENTRE
from shared.console import case_rows
from shared.console.case_rows import CaseRow, CaseRows, rows_of
from shared.node.node import Node
from tests.console.conftest import Console, MakeNode, event, take_in


def unnamed(node: Node) -> list[CaseRow]:
    return rows_of(node, lambda case_ids: dict.fromkeys(case_ids, ""))


def test_what_is_remembered_is_what_the_views_say_after_every_event(make_node: MakeNode) -> None:
    node = make_node()
    kept = CaseRows(node)
    assert list(kept.all()) == []
    first, second = uuid4(), uuid4()
    for name, case_id in (
        ("CaseOpened", first),
        ("CaseOpened", second),
        ("CertificationResult", first),
        ("ContractSigned", second),
        ("SupportEnded", first),
    ):
        take_in(
            node, CENTRE, event(name, case_id, **({"agency": CENTRE} if CROSSING[name].speaks_for else {}))
        )
        assert list(kept.all()) == unnamed(node)
    assert len(kept.all()) == 2


def test_only_cases_of_which_something_is_new_are_read_again(
    make_node: MakeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    node, asked, read = make_node(), list[Sequence[UUID] | None](), case_rows.rows_of
    monkeypatch.setattr(
        case_rows, "rows_of", lambda of, names, ids=None: asked.append(ids) or read(of, names, ids)
    )
    first, second = uuid4(), uuid4()
    take_in(node, CENTRE, event("CaseOpened", first), event("CaseOpened", second))
    kept = CaseRows(node)
    kept.all()
    kept.all()
    take_in(node, CENTRE, event("CertificationResult", second))
    kept.all()
    assert asked == [None, [second]]


@pytest.mark.parametrize("service", ["kyotaku"])
def test_months_are_shown_fifty_persons_at_a_time(console_of: object, service: str) -> None:
    made: Console = console_of(service)  # type: ignore[operator]
    node, browser, _ = made
    for _ in range(50):
        take_in(node, CENTRE, event("CaseOpened", uuid4()))
    first, second = browser.get("/months").text, browser.get("/months?page=2").text
    assert "51人を" in first
    assert (first.count('<th scope="row">'), second.count('<th scope="row">')) == (50, 1)
    assert 'rel="next" href="/months?page=2"' in first
