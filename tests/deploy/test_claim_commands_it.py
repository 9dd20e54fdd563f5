"""A billing clerk's commands on a real node: the worksheet, the files, the record, the same files again, settlement."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import tomli_w

from contracts.catalogue import CROSSING
from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from deploy.bench.writing import record
from deploy.cli.__main__ import main
from deploy.composition import service_named
from services.billing.formats import ward_medium
from shared.eventlog.model import NewEvent
from shared.node.node import Node
from shared.policy.dates import TOKYO
from tests.conftest import NodeMaker

Run = Callable[..., tuple[int, str]]
MONTH = "2025-01"


def event(kind: str, case_id: UUID | None = None, /, **changes: Any) -> NewEvent:
    return NewEvent(kind, {**CROSSING[kind].example, **changes}, case_id=case_id)


@pytest.fixture
def node(nodes: NodeMaker) -> Node:
    made = nodes.make(service_named("billing"), BILLING)
    roles = {WARD: "ward", CENTRE: "hokatsu", OFFICE: "kyotaku", BILLING: "billing"}
    record(
        made, [event("AgencyListed", agency=each, roles=[role], name=role) for each, role in roles.items()]
    )
    record(made, [event("BillingEntrusted", claimant=CENTRE), event("EntrustmentContractSigned")])
    made.set_clock(datetime(2025, 2, 7, 9, tzinfo=TOKYO))
    return made


@pytest.fixture
def case_id(node: Node) -> UUID:
    """An entrusted month of ケアマネジメントA, reported with its papers."""
    found = uuid4()
    papers = {"planned": None, "plan_delivered_on": "2025-01-06", "notified_on": "2025-01-06"}
    record(node, [event("CaseOpened", found), event("EntrustmentStarted", found, starts_on="2025-01-01")])
    record(node, [event("PerformanceReported", found, service_month=MONTH, **papers)])
    return found


@pytest.fixture
def run(node: Node, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    config, file = node.config, tmp_path / "node.toml"
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
        status = main([*words, "--node", str(file)])
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return call


def close(node: Node, case_id: UUID) -> None:
    """The month's slip and draft, and its claimant's confirmation."""
    for name in ("PrepareBenefitSlip", "DraftClaim"):
        node.handle(node.parse(name, {"service_month": MONTH}, actor="seikyu", case_id=case_id))
    claim = node.situation(case_id).case.claims[MONTH]
    confirmed = {"claim_id": claim.id, "service_month": MONTH, "claimant": CENTRE, "yen": claim.yen}
    record(node, [event("ClaimConfirmed", case_id, **confirmed)])


def test_the_worksheet_explains_each_figure_and_what_blocks(node: Node, case_id: UUID, run: Run) -> None:
    status, told = run("claim", "--service-month", MONTH, "--explain")
    assert status == 1
    assert "✗ 請求できません［A-Q36］令和7年1月の給付管理票がありません" in told
    assert "請求額: " in told
    assert "出典: " in told
    close(node, case_id)
    status, told = run("claim", "--service-month", MONTH)
    assert (status, "確認済み（提出待ち）" in told) == (0, True)
    assert run("claim", "--service-month", "2024-08")[0] == 0


def test_a_whole_month_is_closed_by_one_command(node: Node, case_id: UUID, run: Run) -> None:
    """T-33."""
    status, told = run("claim", "--service-month", MONTH, "--close")
    assert status == 1, "something is to be minded: the slip names no care manager"
    assert "請求案 1件　給付管理票 1件を作成しました" in told
    assert (
        node.situation(case_id).case.claims[MONTH].yen == node.situation(case_id).case.worksheets[MONTH].yen
    )
    assert "請求案 0件　給付管理票 0件を作成しました" in run("claim", "--service-month", MONTH, "--close")[1]


def test_a_month_is_submitted_made_again_byte_for_byte_and_settled(
    node: Node, case_id: UUID, run: Run, tmp_path: Path
) -> None:
    """A-Q33, A-Q35c, A-Q36, A-S10."""
    close(node, case_id)
    out, again = tmp_path / "out", tmp_path / "again"
    asked = ("submit", "--claimant", CENTRE, "--route", "ward", "--examination-month", "2025-02")
    status, told = run(*asked, "--out", str(out), "--record", "--means", "courier", "--contents", "medium")
    assert status == 0, told
    assert "A-S2" in told
    assert "提出を記録しました" in told
    (file,) = (out / CENTRE / WARD).iterdir()
    assert (out / CENTRE).stat().st_mode & 0o077 == 0
    assert file.stat().st_mode & 0o077 == 0
    (row,) = ward_medium.read(file.read_bytes()).rows
    assert (row.office_yen or 0) + (row.centre_yen or 0) == row.yen
    assert run(*asked, "--out", str(out), "--record", "--means", "courier")[0] == 1, (
        "nothing is submitted twice"
    )

    record(node, [event("PerformanceReported", case_id, service_month="2025-02")])
    (submission_id,) = node.situation().agency.submissions.by_id
    nothing = tmp_path / "nothing"
    status, told = run(*asked, "--out", str(nothing))
    assert f"--again {submission_id}" in told
    assert "ファイルもフォルダも作りませんでした" in told
    assert not nothing.exists()
    status, told = run("submit", "--again", submission_id, "--out", str(again))
    assert status == 0, told
    assert (again / CENTRE / WARD / file.name).read_bytes() == file.read_bytes()
    assert run("submit", "--again", "none", "--out", str(again))[0] == 1

    fields = {"service_month": MONTH, "decided_on": "2025-02-07"}
    node.handle(node.parse("RecordDecision", fields, actor="seikyu", case_id=case_id))
    status, told = run("settle", "--examination-month", "2025-02", "--record")
    assert status == 0
    assert f"{row.office_yen:,}円　1事業所" in told
    assert "見本 はな" in told


def test_files_are_their_owners_alone_and_never_replace_others(
    node: Node, case_id: UUID, run: Run, tmp_path: Path
) -> None:
    """A-S10: also where a file was there before, and whoever's files are in the same folder."""
    close(node, case_id)
    asked = ("submit", "--claimant", CENTRE, "--route", "ward", "--examination-month", "2025-02")
    assert run(*asked, "--out", str(tmp_path))[0] == 0
    (file,) = (tmp_path / CENTRE / WARD).iterdir()
    content = file.read_bytes()
    file.chmod(0o644)
    file.parent.chmod(0o755)
    assert run(*asked, "--out", str(tmp_path))[0] == 0, "the same bytes are fine"
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert file.read_bytes() == content

    file.write_bytes(b"another month's")
    status, told = run(*asked, "--out", str(tmp_path), "--record")
    assert (status, "上書きしません" in told) == (2, True)
    assert file.read_bytes() == b"another month's"
    assert not node.situation().agency.submissions.by_id, "what was not written is not recorded"


def test_what_is_to_be_submitted_has_to_be_named(case_id: UUID, run: Run, tmp_path: Path) -> None:
    unknown = ("--claimant", "1399999999", "--route", "ward", "--examination-month", "2025-02")
    status, told = run("submit", *unknown, "--out", str(tmp_path))
    assert (status, "名簿にありません" in told) == (2, True)
    status, told = run("submit", "--out", str(tmp_path), "--route", "ward")
    assert status == 2
    assert "--claimant" in told


def test_a_file_of_results_is_recorded_once_and_only_as_a_whole(
    node: Node, case_id: UUID, run: Run, tmp_path: Path
) -> None:
    """T-33, A-Q54b."""
    close(node, case_id)
    asked = ("submit", "--claimant", CENTRE, "--route", "ward", "--examination-month", "2025-02")
    assert run(*asked, "--out", str(tmp_path / "out"), "--record", "--means", "courier")[0] == 0
    number = CROSSING["CaseOpened"].example["insured_number"]
    header = "結果,事業所番号,被保険者番号,サービス提供年月,通知日,単位数,決定額,返戻の理由"
    right = f"決定,{CENTRE},{number},{MONTH},2025-02-07,442,5038,"
    file = tmp_path / "results.csv"
    file.write_text(f"{header}\n{right}\n決定,{CENTRE},9999999999,{MONTH},2025-02-07,,,", encoding="cp932")
    status, told = run("claim", "--results", str(file))
    assert (status, "3行目 被保険者番号" in told) == (1, True)
    assert not node.situation(case_id).case.claim_results
    file.write_text(f"{header}\n{right}", encoding="cp932")
    assert "1件のうち 1件を記録できます" in run("claim", "--results", str(file), "--try")[1]
    assert not node.situation(case_id).case.claim_results
    assert "1件のうち 1件を記録しました" in run("claim", "--results", str(file))[1]
    (result,) = node.situation(case_id).case.claim_results.values()
    assert (result.outcome, result.yen) == ("assessed", 5038)
    assert "1件のうち 0件を記録しました" in run("claim", "--results", str(file))[1]


NOTICE_HEAD = f"H1,{CENTRE},見本地域包括支援センター,202502,20250227,1,見本国保連合会"


def notice(number: str, *details: str) -> bytes:
    """A list as the federation sends it."""
    rows = [f"{number},{each}" for each in (NOTICE_HEAD, *details)]
    head = f"1,1,0,{len(rows)},{number[:3]},0,0,{CENTRE},13,7,202502,0"
    data = [f"2,{place},{row}" for place, row in enumerate(rows, start=2)]
    return "\r\n".join([head, *data, f"3,{len(rows) + 2}", ""]).encode("cp932")


def at_federation(node: Node, run: Run, tmp_path: Path) -> UUID:
    """An entrusted month of 介護予防支援, submitted to the federation."""
    found = uuid4()
    papers = {"planned": None, "plan_delivered_on": "2025-01-06", "notified_on": "2025-01-06"}
    rented = {"service": "67", "provider": "1370000012", "units": 500}
    record(node, [event("CaseOpened", found), event("EntrustmentStarted", found, starts_on="2025-01-01")])
    record(node, [event("PerformanceReported", found, service_month=MONTH, services=[rented], **papers)])
    close(node, found)
    asked = ("submit", "--claimant", CENTRE, "--route", "federation", "--examination-month", "2025-02")
    status, told = run(*asked, "--out", str(tmp_path / "out"), "--record")
    assert status == 0, told
    return found


def test_the_federations_list_of_returns_is_recorded_once_and_tells_what_it_passes_over(
    node: Node, run: Run, tmp_path: Path
) -> None:
    """T-33."""
    case_id, number = at_federation(node, run, tmp_path), CROSSING["CaseOpened"].example["insured_number"]
    row = f"D1,00131169,見本区,{number},ﾐﾎﾝ,請,202501,46,442,"
    held = f"{row}C,給付管理票なし,保留"
    file = tmp_path / "7411.csv"
    file.write_bytes(notice("7411", held, row.replace(",46,", ",43,") + "A,,"))
    status, told = run("claim", "--results", str(file))
    assert (status, "審査が続いています" in told, "サービス種類43" in told) == (0, True, True)
    assert not node.situation(case_id).case.claim_results, "what is held is not returned"
    file.write_bytes(notice("7411", f"{row}B,12P4:市町村の認定情報と不一致,", f"{row}A,AEEA,"))
    assert "1件のうち 1件を記録しました" in run("claim", "--results", str(file))[1]
    (result,) = node.situation(case_id).case.claim_results.values()
    assert (result.kind, result.reason_code) == ("returned", "person")
    assert "1件のうち 0件を記録しました" in run("claim", "--results", str(file))[1]
    file.write_bytes(notice("7411", row.replace(number, "9999999999") + "B,,"))
    status, told = run("claim", "--results", str(file))
    assert (status, "9999999999" in told, "何も記録しません" in told) == (1, True, True)


def test_a_sum_of_what_was_paid_decides_our_claims_only_where_it_is_theirs(
    node: Node, run: Run, tmp_path: Path
) -> None:
    """A-Q54b: nothing is decided by a sum that is not ours to the yen."""
    case_id = at_federation(node, run, tmp_path)
    claim = node.situation(case_id).case.claims[MONTH]
    paid = f"D1,00131169,202501,46,介護予防支援,1,1,{claim.units},{claim.yen},{claim.yen},0,0,0,0"
    file = tmp_path / "7521.csv"
    file.write_bytes(notice("7521", paid.replace(f"{claim.yen},0", f"{claim.yen - 1},0")))
    status, told = run("claim", "--results", str(file))
    assert (status, f"{claim.yen:,}円" in told) == (1, True)
    assert not node.situation(case_id).case.claim_results
    file.write_bytes(notice("7521", paid, f"T1,1,1,{claim.units},{claim.yen},{claim.yen}"))
    assert "1件のうち 1件を記録できます" in run("claim", "--results", str(file), "--try")[1]
    assert "1件のうち 1件を記録しました" in run("claim", "--results", str(file))[1]
    (result,) = node.situation(case_id).case.claim_results.values()
    assert (result.outcome, result.yen) == ("as_claimed", claim.yen)
    assert "1件のうち 0件を記録しました" in run("claim", "--results", str(file))[1]
