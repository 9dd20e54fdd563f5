"""What belongs together in a timeline: documents handed over at once, versions of one plan, nothing lost."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from contracts.events.sample import CENTRE, OFFICE
from services.kyotaku.definition import SERVICE
from shared.console.runs import facts_of_run, plan_names, runs
from shared.eventlog.model import Event
from tests.care.stage import made
from tests.care.test_planning import internal
from tests.console.conftest import MakeNode

DAY = date(2025, 2, 26)


def handed(document: str, on: date = DAY, **changes: Any) -> Event:
    return made("DocumentHandedOver", OFFICE, on, document=document, handed_over_on=on, **changes)


COPIES = [handed(each, handed_as="copy") for each in ("assessment", "basic_checklist", "meeting_record")]


def test_what_was_handed_over_at_once_is_one_entry_and_no_document_is_lost() -> None:
    assert runs(COPIES) == [COPIES]
    assert [event for run in runs(COPIES) for event in run] == COPIES


@pytest.mark.parametrize(
    "other",
    [
        handed("monitoring", handed_as="original"),
        handed("monitoring", DAY.replace(day=27), handed_as="copy"),
        handed("monitoring", handed_as="copy", giver=CENTRE, receiver=OFFICE),
        internal("PlanDrafted", DAY),
    ],
    ids=["an original", "another day", "the other way", "something else"],
)
def test_another_handing_over_is_an_entry_of_its_own(other: Event) -> None:
    assert runs([*COPIES, other]) == [COPIES, [other]]
    assert runs([COPIES[0], other, COPIES[1]]) == [[COPIES[0]], [other], [COPIES[1]]]


def test_what_they_have_in_common_is_said_once_and_each_document_has_a_row(make_node: MakeNode) -> None:
    node = make_node(service=SERVICE, agency=OFFICE)
    documents, *common = facts_of_run(node, COPIES, {}, {})
    assert documents.title == "渡した書類"
    assert [row[0].text for row in documents.rows] == [
        "アセスメント",
        "基本チェックリスト",
        "サービス担当者会議の要点",
    ]
    assert ("原本・写し", "写し") in [(each.title, each.text) for each in common]
    assert facts_of_run(node, COPIES[:1], {}, {})[0].title == "渡した事業所"


def test_each_plan_is_named_after_its_first_version_and_counts_its_own() -> None:
    """A renewal is a new plan: its first version comes after the second one of the plan before."""
    one, two = str(UUID(int=1)), str(UUID(int=2))
    first = internal("PlanDrafted", DAY, plan_id=one, plan_version=1, occasion="first")
    revised = internal("PlanDrafted", DAY, plan_id=one, plan_version=2, occasion="revision")
    renewed = internal("PlanDrafted", DAY, plan_id=two, plan_version=1, occasion="renewal")
    named = {one: "初回の計画", two: "更新の計画"}
    assert plan_names([first, revised, renewed]) == named
    assert plan_names([revised, first, renewed]) == named
    assert plan_names([internal("PlanConsented", DAY)]) == {}
