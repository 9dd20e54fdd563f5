"""A file of service offices is recorded whole or not at all, and only once (T-29, T-32)."""

from datetime import date, datetime
from uuid import UUID, uuid4

import pytest

from contracts.events.case import OPENING_EXAMPLE
from contracts.events.sample import DAY_SERVICE
from deploy.composition import service_named
from shared.care.csv_file import FaultyFile
from shared.eventlog.model import NewEvent
from shared.exchange.erasing import erase_person
from shared.node.errors import InvalidFields, UnknownCase
from shared.node.node import Node
from shared.node.provider_import import import_provider_file
from shared.node.recording import Cause
from shared.node.together import NotTogether, handle_together
from shared.policy.dates import TOKYO
from tests.conftest import NodeMaker

OFFICE = "1371600014"
HEADER = "種別,被保険者番号,サービス事業所番号,サービス提供月,サービス種類,単位数,最終利用日,書類の日付,内容,ケース番号"
LAST = date(2025, 2, 3)


@pytest.fixture
def node(nodes: NodeMaker) -> Node:
    made = nodes.make(service_named("kyotaku"), OFFICE)
    made.set_clock(datetime(2025, 2, 3, 9, tzinfo=TOKYO))
    return made


def opened(node: Node, insured_number: str = "0000000001") -> UUID:
    found, cause = uuid4(), uuid4()
    event = NewEvent("CaseOpened", {**OPENING_EXAMPLE, "insured_number": insured_number}, case_id=found)
    with node.log.write() as writing:
        writing.append(node.recorder.records([event], Cause(cause, cause, "tantou", LAST)))
    return found


def use(number: str = "0000000001", units: int = 3621, month: str = "2025-01", case: str = "") -> str:
    return f"実績,{number},{DAY_SERVICE},{month},A6,{units},,,,{case}"


def record(number: str = "0000000001", dated: str = "2025-01-28", content: str = "休まず通う") -> str:
    return f"モニタリング,{number},{DAY_SERVICE},,,,,{dated},{content},"


def take(node: Node, *lines: str, try_only: bool = False, on: date | None = None) -> list[bool]:
    content = "\n".join((HEADER, *lines)).encode("cp932")
    return [each.known for each in import_provider_file(node, content, "tantou", on, try_only=try_only)]


def recorded(node: Node) -> list[str]:
    kinds = ("ProviderPerformanceReceived", "ProviderDocumentReceived")
    return [row.type for page in node.log.pages() for row in page if row.type in kinds]


def faults(node: Node, *lines: str) -> list[tuple[int, str]]:
    before = node.log.head()
    with pytest.raises(FaultyFile) as faulty:
        take(node, *lines)
    assert node.log.head().position == before.position
    return [(each.line, each.column) for each in faulty.value.problems]


def test_the_lines_of_two_persons_are_recorded_each_in_its_case(node: Node) -> None:
    first, second = opened(node), opened(node, "0000000002")
    assert take(node, use(), use("0000000002", 1800), record()) == [False, False, False]
    about = ("2025-01", DAY_SERVICE, "A6")
    assert node.situation(first).case.received_use[about].units == 3621
    assert node.situation(second).case.received_use[about].units == 1800
    assert [each.kind for each in node.situation(first).case.documents] == ["provider_monitoring"]


def test_a_file_that_comes_again_changes_nothing_on_whatever_day(node: Node) -> None:
    opened(node)
    assert take(node, use(), record(), on=date(2025, 2, 1)) == [False, False]
    assert take(node, use(), record()) == [True, True]
    assert len(recorded(node)) == 2


def test_a_corrected_line_counts_and_so_does_one_that_is_corrected_back(node: Node) -> None:
    case_id = opened(node)
    about = ("2025-01", DAY_SERVICE, "A6")
    for units in (3621, 3000, 3621, 3000):
        assert take(node, use(units=units)) == [False]
        assert node.situation(case_id).case.received_use[about].units == units


def test_one_faulty_line_keeps_the_whole_file_out(node: Node) -> None:
    opened(node)
    assert faults(node, use(), use("0000000009", 1), use(month="2025-02"), record(dated="2025-02-04")) == [
        (3, "被保険者番号")
    ]
    assert faults(node, use(), use(month="2025-02"), record(dated="2025-02-04")) == [
        (3, "サービス提供月"),
        (4, "書類の日付"),
    ]
    assert recorded(node) == []


def test_a_check_records_nothing_and_the_file_is_taken_afterwards(node: Node) -> None:
    opened(node)
    assert take(node, use(), record(), try_only=True) == [False, False]
    assert recorded(node) == []
    assert take(node, use(), record()) == [False, False]


def test_a_person_with_two_cases_needs_the_case_s_number(node: Node) -> None:
    first, second = opened(node), opened(node)
    assert faults(node, use()) == [(2, "ケース番号")]
    assert take(node, use(case=str(second)[:8])) == [False]
    assert not node.situation(first).case.received_use
    assert faults(node, use(case="zzzz")) == [(2, "ケース番号")]


def test_a_day_to_come_is_no_day_of_receipt(node: Node) -> None:
    opened(node)
    with pytest.raises(InvalidFields):
        take(node, use(), on=date(2025, 2, 4))


def test_an_erased_person_is_not_found_by_number(node: Node) -> None:
    erase_person(node, opened(node), "tantou")
    assert faults(node, use()) == [(2, "被保険者番号")]


def test_commands_together_see_what_the_ones_before_them_brought(node: Node) -> None:
    case_id = opened(node)
    fields = {"service_month": "2025-01", "provider": DAY_SERVICE, "service": "A6", "units": 5}
    received = [
        node.parse("ReceiveProviderPerformance", fields, actor="tantou", case_id=case_id) for _ in range(2)
    ]
    report = node.parse("ReportPerformance", {"service_month": "2025-01"}, actor="tantou", case_id=case_id)
    results = handle_together(node, [*received, report])
    assert [len(each.events) for each in results] == [1, 0, 1]
    assert [each.repeated for each in handle_together(node, [received[0], report])] == [True, True]


def test_commands_together_are_all_refused_with_the_refused_ones_named(node: Node) -> None:
    case_id = opened(node)
    good = node.parse(
        "ReceiveProviderPerformance",
        {"service_month": "2025-01", "provider": DAY_SERVICE, "service": "A6", "units": 5},
        actor="tantou",
        case_id=case_id,
    )
    bad = [
        node.parse("ReportPerformance", {"service_month": month}, actor="tantou", case_id=case_id)
        for month in ("2024-12", "2025-02")
    ]
    with pytest.raises(NotTogether) as refused:
        handle_together(node, [bad[0], good, bad[1]])
    assert {place: each.code for place, each in refused.value.refusals.items()} == {
        0: "performance_missing",
        2: "month_not_over",
    }
    assert recorded(node) == []
    with pytest.raises(UnknownCase):
        elsewhere = node.parse("ReportPerformance", {"service_month": "2025-01"}, actor="t", case_id=uuid4())
        handle_together(node, [good, elsewhere])
    assert recorded(node) == []
