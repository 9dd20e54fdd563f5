"""The commands that an operator or auditor uses on a node, run as they are typed."""

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

import psycopg
import pytest
import tomli_w

from contracts.catalogue import CROSSING
from contracts.events.case import OPENING_EXAMPLE
from deploy.cli.__main__ import main
from deploy.composition import service_named
from deploy.demo.report import case_timeline
from shared.care.events import CARE_EVENTS
from shared.console.awaiting import own_requests
from shared.console.duties import duties_of_case, duty_rows
from shared.eventlog.model import ERASED, NewEvent
from shared.node.node import Node
from shared.node.recording import Cause
from shared.policy.dates import TOKYO
from tests.conftest import NodeMaker

OFFICE = "1371600014"
Run = Callable[..., tuple[int, str]]


def example(name: str, **changes: Any) -> dict[str, Any]:
    """Valid data of a crossing type."""
    return {**CROSSING[name].example, **changes}


@pytest.fixture
def node(nodes: NodeMaker) -> Node:
    return nodes.make(service_named("kyotaku"), OFFICE)


@pytest.fixture
def case_id(node: Node) -> UUID:
    """A case opened on 2024-09-02 and monitored on 2024-11-20."""
    found = uuid4()
    _record(node, NewEvent("CaseOpened", OPENING_EXAMPLE, case_id=found))
    node.set_clock(datetime(2024, 11, 20, 9, tzinfo=TOKYO))
    _record(node, NewEvent("MonitoringRecorded", CARE_EVENTS["MonitoringRecorded"].example, case_id=found))
    return found


def _record(node: Node, event: NewEvent) -> None:
    cause_id = uuid4()
    with node.log.write() as writing:
        writing.append(node.recorder.records([event], Cause(cause_id, cause_id, "tantou", node.today())))


@pytest.fixture
def run(node: Node, case_id: UUID, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    config = node.config
    file = tmp_path / "node.toml"
    content = {
        "node": {
            "name": config.name,
            "agency": config.agency,
            "service": config.service,
            "training": True,
            "key_file": str(config.key_file),
        },
        "database": {"dsn": config.database, "keys_dsn": config.keys_database},
        "broker": {"url": config.broker},
        "trust": {insurer: dict(key) for insurer, key in config.trust.items()},
    }
    file.write_text(tomli_w.dumps(content))

    def call(*words: str) -> tuple[int, str]:
        capsys.readouterr()
        status = main([words[0], *words[1:], "--node", str(file)])
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return call


def _tamper(nodes: NodeMaker, statement: str) -> None:
    with psycopg.connect(nodes.databases[OFFICE].owner) as connection:
        connection.execute(b"alter table events disable trigger all")
        connection.execute(statement.encode())


def test_a_case_is_found_by_the_beginning_of_its_number_and_told_in_order(run: Run, case_id: UUID) -> None:
    status, text = run("replay", "--case", str(case_id)[:8])
    assert status == 0
    assert text.index("ケースの開始") < text.index("モニタリングの記録")
    assert "研修モード" in text
    assert str(OPENING_EXAMPLE["name"]) in text


def test_the_matrix_of_a_case_tells_each_document_and_fails_while_something_is_overdue(
    run: Run, node: Node, case_id: UUID
) -> None:
    status, text = run("case", str(case_id)[:8], "--matrix")
    assert status == 0
    assert "区分 居宅指定（新規利用者）" in text
    assert "[済み] モニタリング様式または経過記録（毎月）★　令和6年11月20日　モニタリングの記録" in text
    assert "■ 作成届" in text
    late = CARE_EVENTS["ServiceEnded"].example
    _record(node, NewEvent("ServiceEnded", late, case_id=case_id))
    node.set_clock(datetime(2025, 1, 31, 9, tzinfo=TOKYO))
    status, text = run("case", str(case_id), "--matrix", "--json")
    found = json.loads(text)
    assert status == 1
    assert found["title"] == "居宅指定（新規利用者）"
    (switch,) = [each for each in found["places"] if each["document"] == "switch_report"]
    assert (switch["state"], switch["on"], switch["rule"]) == ("overdue", "2024-12-27", "T-60")


def test_the_ledger_of_a_case_tells_where_each_document_is(run: Run, case_id: UUID) -> None:
    status, text = run("case", str(case_id), "--documents")
    assert status == 0
    assert "モニタリングの記録★" in text
    assert "1件の書類" in text
    (row,) = json.loads(run("case", str(case_id), "--documents", "--json")[1])
    assert row["document"]["original_at"] == OFFICE
    with pytest.raises(SystemExit) as wrong:
        run("case", str(case_id))
    assert wrong.value.code == 2


def test_a_replay_tells_what_the_case_could_not_take_in(run: Run, node: Node, case_id: UUID) -> None:
    assert "反映できない" not in run("replay", "--case", str(case_id))[1]
    _record(node, NewEvent("CaseOpened", OPENING_EXAMPLE, case_id=case_id))
    text = run("replay", "--case", str(case_id))[1]
    assert "内容を反映できない記録があります: ケースの開始 1件。" in text


def test_what_was_not_known_yet_is_not_told(run: Run, case_id: UUID) -> None:
    known = run("replay", "--case", str(case_id), "--known-at", "2024-11-19")[1]
    assert "モニタリング" not in known
    assert run("replay", "--case", str(case_id), "--known-at", "2024-09-01")[0] == 1
    lines = run("replay", "--case", str(case_id), "--as-of", "2024-11-20", "--json")[1].splitlines()
    assert [json.loads(line)["type"] for line in lines] == ["CaseOpened", "MonitoringRecorded"]


def test_a_replay_leaves_a_trace_in_the_access_log(run: Run, node: Node, case_id: UUID) -> None:
    run("replay", "--case", str(case_id))
    assert [each.what for each in node.access.of_case(case_id)] == ["replay"]


def test_verify_holds_until_a_byte_is_changed_and_then_names_the_row(run: Run, nodes: NodeMaker) -> None:
    assert run("verify")[0] == 0
    _tamper(nodes, "update events set data = replace(data, 'support2', 'support1') where position = 2")
    status, text = run("verify")
    assert status == 1
    assert "位置 2:" in text


def test_verify_notices_ciphertext_that_was_exchanged(run: Run, nodes: NodeMaker) -> None:
    _tamper(nodes, "update events set personal = personal || '\\x00' where position = 3")
    status, text = run("verify")
    assert status == 1
    assert "位置 3: 個人情報を復号できません" in text


def test_rebuild_tells_whether_the_live_view_was_right(run: Run, nodes: NodeMaker) -> None:
    assert run("rebuild")[0] == 0
    with psycopg.connect(nodes.databases[OFFICE].application) as connection:
        connection.execute("update view_case_list.cases set status = 'care5'")
    status, text = run("rebuild", "--view", "case_list")
    assert status == 1
    assert "相違" in text
    assert text.endswith("ビュー1個を作り直しました。ログとちがっていたものを置き換えました。\n")
    status, text = run("rebuild", "--view", "case_list")
    assert text.splitlines()[0].endswith("一致　ケースの一覧")
    assert (status, text.splitlines()[-1]) == (0, "ビュー1個を作り直しました。どれもログのとおりでした。")


def test_erasing_asks_first_happens_once_and_leaves_the_proofs(run: Run, case_id: UUID) -> None:
    assert run("erase", "--case", str(case_id))[0] == 2
    assert run("erase", "--case", str(case_id), "--yes", "--open")[0] == 0
    assert run("erase", "--case", str(case_id), "--yes")[0] == 1
    assert ERASED in run("replay", "--case", str(case_id))[1]
    status, text = run("verify")
    assert status == 0
    assert "消去済み 2" in text


def test_an_open_case_is_not_erased_before_its_support_has_ended_and_what_is_owed_is_done(
    run: Run, node: Node, case_id: UUID
) -> None:
    _record(node, NewEvent("PlanSubmitted", example("PlanSubmitted"), case_id=case_id))
    owed = duty_rows(node)
    assert any(each.what.open and each.what.debtor == OFFICE for each in owed)
    status, text = run("erase", "--case", str(case_id), "--yes")
    assert status == 2
    assert "  ・支援の終了を記録する" in text
    assert all(
        f"「{each.what.title}」" in text for each in owed if each.what.open and each.what.debtor == OFFICE
    )
    assert "--open" in text
    assert str(OPENING_EXAMPLE["name"]) in run("replay", "--case", str(case_id))[1]
    end = example("SupportEnded", agency=OFFICE, ended_on="2024-11-20", reason_code="died")
    _record(node, NewEvent("SupportEnded", end, case_id=case_id))
    assert "支援の終了を記録する" in run("erase", "--case", str(case_id), "--yes")[1]  # its last day
    node.set_clock(datetime(2024, 11, 21, 9, tzinfo=TOKYO))
    left = [each.what for each in duty_rows(node) if each.what.open and each.what.debtor == OFFICE]
    status, text = run("erase", "--case", str(case_id), "--yes")
    assert "支援の終了を記録する" not in text
    assert status == (2 if left else 0)
    assert all(f"「{each.title}」" in text for each in left)


def test_of_an_erased_person_nothing_is_owed_any_more(run: Run, node: Node, case_id: UUID) -> None:
    asked = example("RecordsRequested", agency=OFFICE)
    _record(node, NewEvent("RecordsRequested", asked, case_id=case_id))
    before = [each.what for each in duty_rows(node)]
    assert any(each.open for each in before)
    assert own_requests(node) != []
    assert run("erase", "--case", str(case_id), "--yes", "--open")[0] == 0
    after = [each.what for each in duty_rows(node)]
    assert len(after) == len(before)
    assert [each for each in after if each.open] == own_requests(node) == []
    assert {each.state for each in after} >= {"erased"}
    rebuilt = run("rebuild", "--view", "obligations")
    assert rebuilt[0] == 0
    found = duties_of_case(node.replay(case_id).events, node.situation(case_id))
    assert list(found.open) == []
    assert node.situation(case_id).case.unread == {}


def test_a_quiet_exchange_is_told_as_such(run: Run) -> None:
    status, text = run("exchange", "--json")
    assert (status, json.loads(text)["partners"]) == (0, [])
    assert run("parked", "list") == (0, "要確認のものはありません\n")


def test_an_unknown_case_view_or_number_says_what_there_is(run: Run, case_id: UUID) -> None:
    status, text = run("replay", "--case", "ffffffff-0000")
    assert (status, str(case_id) in text) == (2, True)
    status, text = run("rebuild", "--view", "nothing")
    assert (status, "case_list" in text) == (2, True)
    assert run("parked", "show", "99")[0] == 2
    assert main(["verify", "--node", "nowhere"]) == 2


def test_an_operator_adds_resets_and_removes_people_and_issues_tokens(
    run: Run, node: Node, tmp_path: Path
) -> None:
    file = str(tmp_path / "node.toml")

    def account(*words: str) -> int:
        return main(["node", *words, "--config", file])

    assert account("account", "--name", "tantou", "--role", "staff", "--display", "担当") == 0
    assert account("account", "--name", "tantou", "--role", "staff", "--display", "担当") == 2
    assert account("account", "--name", "tantou") == 2
    assert account("account", "--name", "tantou", "--reset") == 0
    assert account("token", "--name", "tantou", "--days", "30") == 0
    assert account("token", "--name", "nobody") == 2
    with node.database.connection() as connection:
        assert connection.execute("select account, kind from sessions").fetchall() == [("tantou", "token")]
    assert account("account", "--name", "tantou", "--remove") == 0
    assert account("account", "--name", "tantou", "--remove") == 1


def test_a_production_configuration_does_not_touch_a_training_log(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "node.toml"
    file.write_text(file.read_text().replace("training = true", "training = false"))
    for command in (["verify"], ["rebuild"], ["parked", "list"]):
        status, text = run(*command)
        assert (status, "研修モード" in text) == (2, True)
    assert main(["node", "restored", "--config", str(file)]) == 2


def test_facts_that_the_printed_timeline_leaves_out_are_marked_as_left_out(node: Node, case_id: UUID) -> None:
    opened, monitored = [line for line in case_timeline([node], case_id) if line.startswith("      ")]
    assert opened.endswith("　…")
    assert opened.count(": ") == 5
    assert not monitored.endswith("…")


def test_a_file_of_service_offices_is_taken_in_once_and_a_faulty_one_not_at_all(
    run: Run, node: Node, case_id: UUID, tmp_path: Path
) -> None:
    node.set_clock(datetime(2025, 4, 4, 9, tzinfo=TOKYO))
    example = str(Path(__file__).parents[2] / "deploy" / "examples" / "provider_results.csv")
    before = node.log.head().position
    status, text = run("receive", example, "--check")
    assert (status, node.log.head().position) == (0, before)
    assert "4行を取り込めます" in text
    status, text = run("receive", example, "--received", "2025-04-02")
    assert (status, node.log.head().position) == (0, before + 4)
    assert "4行を取り込みました" in text
    status, text = run("receive", example, "--json")
    assert (status, node.log.head().position) == (0, before + 4)
    assert [each["known"] for each in json.loads(text)["lines"]] == [True] * 4
    faulty = tmp_path / "faulty.csv"
    faulty.write_bytes(Path(example).read_text(encoding="utf-8").replace("3621", "三千").encode("cp932"))
    status, text = run("receive", str(faulty))
    assert (status, node.log.head().position) == (1, before + 4)
    assert "2行目 単位数: 「三千」 → 0以上の整数" in text
    assert run("receive", example, "--received", "2025-04-05")[0] == 2
    assert run("receive", str(tmp_path / "missing.csv"))[0] == 2


def test_a_form_of_a_case_is_written_as_a_file_that_only_its_owner_reads(
    run: Run, node: Node, case_id: UUID, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filed = {**CROSSING["NotificationFiled"].example, "filer": OFFICE, "track": "designated"}
    _record(node, NewEvent("NotificationFiled", filed, case_id=case_id))
    file = tmp_path / "form.pdf"
    where = ("--case", str(case_id)[:8], "--output", str(file))
    status, text = run("form", "notification", *where)
    assert (status, "に書きました" in text) == (0, True)
    assert (file.read_bytes()[:5], file.stat().st_mode & 0o777) == (b"%PDF-", 0o600)
    assert run("form", "notification", *where)[0] == 2
    assert run("form", "notification", *where, "--of", "nothing")[0] == 1
    status, text = run("form", "--list", "--case", str(case_id))
    assert status == 0
    assert str(filed["notification_id"]) in text
    assert str(OPENING_EXAMPLE["name"]) not in text
    assert run("form", "consent", "--case", str(case_id), "--output", str(tmp_path / "c.pdf"))[0] == 1
    assert run("form", "--list")[1].startswith("印刷できる様式はまだありません")  # of the agency itself
    assert main(["form", "--list"]) == 0
    assert "notification  届出書" in capsys.readouterr().out


def test_of_several_papers_of_one_form_it_says_which_was_taken_and_how_to_choose(
    run: Run, node: Node, case_id: UUID, tmp_path: Path
) -> None:
    for number, on in (("first", date(2024, 10, 15)), ("second", date(2025, 3, 3))):
        example = CROSSING["NotificationFiled"].example
        filed = {**example, "filer": OFFICE, "track": "designated", "filed_on": on}
        filed["notification_id"] = str(uuid5(case_id, number))
        _record(node, NewEvent("NotificationFiled", filed, case_id=case_id))
    asked = ("form", "notification", "--case", str(case_id)[:8], "--output")
    status, text = run(*asked, str(tmp_path / "newest.pdf"))
    assert status == 0
    taken, told, *others = text.splitlines()
    assert "令和7年3月3日" in taken
    assert "ほかに" in told
    first = next(each for each in others if "令和6年10月15日" in each)
    status, text = run(*asked, str(tmp_path / "first.pdf"), "--of", first.split()[1])
    assert (status, "令和6年10月15日" in text, "ほかに" in text) == (0, True, False)


def test_of_an_erased_person_no_form_is_listed(run: Run, case_id: UUID) -> None:
    assert run("form", "--list", "--case", str(case_id))[0] == 0
    assert run("erase", "--case", str(case_id), "--yes", "--open")[0] == 0
    status, text = run("form", "--list", "--case", str(case_id))
    assert (status, "消去されています" in text) == (2, True)
