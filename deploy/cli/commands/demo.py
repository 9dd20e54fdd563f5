"""``./renkei demo``: a real case across six real nodes, from a bare machine."""

import argparse
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final
from uuid import UUID

from deploy.cli.at_node import DEMO, ROOT
from deploy.composition import node_from
from deploy.demo import report
from deploy.demo.consoles import stay_open
from deploy.demo.stage import Stage, stage
from deploy.play.http import HttpTarget
from deploy.play.player import Played, play
from deploy.play.scenario import Scenario, load_scenario
from shared.node.node import Node

SCENARIO: Final = ROOT / "deploy" / "scenarios" / "toshima_model.yaml"
STARTED_AT: Final = "RENKEI_STARTED_AT"
"""Set by the launcher: when the whole command began, as seconds since 1970, installation included."""

DESCRIPTION: Final = """\
豊島区のモデル運用の一ケースを、6つのノード（区・包括2・居宅2・請求）の間で実際に動かします。
PostgreSQL と RabbitMQ は .local の中に専用のものを用意し、終了時にすべて止めます。すべて研修モードです。

例:
  ./renkei demo            終わったら画面を開いて操作できます（Ctrl-C で終了）
  ./renkei demo --once     確認が済んだら終了します
  ./renkei demo --port 8800

終了ステータス: 0 すべての確認に合格、1 合わない確認がある、2 この機械では実行できない"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "demo", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--once", action="store_true", help="確認が済んだら終了する")
    parser.add_argument("--port", type=int, metavar="N", help="最初の画面のポート（続く番号も使います）")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    started = float(os.environ.get(STARTED_AT, time.time()))
    scenario = load_scenario(SCENARIO)

    def tell(text: str) -> None:
        print(f"[{time.time() - started:5.1f}秒] {text}", flush=True)

    with stage(DEMO, scenario.starts_at, arguments.port, tell) as made:
        ready = time.time()
        tell("ケースを進めています")
        played = play(scenario, HttpTarget(made.sign_ins), tell)
        holds = _report(scenario, made, played)
        tell(
            f"ここまでの所要時間。うちノードの準備 {ready - started:.0f}秒、ケース {time.time() - ready:.0f}秒"
        )
        if not arguments.once:
            stay_open(made)
    print("すべて停止しました。記録は残っているので、replay・verify などで調べられます（README）")
    return 0 if holds else 1


def _report(scenario: Scenario, made: Stage, played: Played) -> bool:
    case_id = UUID(played.cases[scenario.case])
    with _opened(made) as nodes:
        by_name = {node.config.name: node for node in nodes}
        print("\n════ ケースの経過（研修モード。人物・番号はすべて架空） ════")
        print("\n".join(report.case_timeline(nodes, case_id)))
        print("\n════ サービス提供月ごとの請求 ════")
        print("\n".join(report.money(by_name["billing"], case_id)))
        for question in scenario.audits:
            print(f"\n════ 監査: {question.title} ════")
            print(
                "\n".join(report.audit(by_name[question.one], by_name[question.other], case_id, question.day))
            )
        print("\n════ 証拠の検証 ════")
        results = list(report.proofs(nodes))
    dead = made.dead_letters()
    results.append((dead == 0, f"配達不能の箱にあるメッセージ: {dead}"))
    results.append(
        (not played.failures, f"シナリオの確認 {played.checks}件、不一致 {len(played.failures)}件")
    )
    for holds, sentence in results:
        print(("  ✓ " if holds else "  ✗ ") + sentence)
    for failure in played.failures:
        print("    " + failure)
    print("\n════ ケースの番号 ════")
    for name, number in played.cases.items():
        print(f"  {number}  {scenario.cases.get(name, name)}")
    print("「断られました（予定どおり）」は、決まりどおりに断ることを確かめた場面で、異常ではありません。")
    print(
        f"例: ./renkei replay --node centre --case {str(case_id)[:8]} --known-at 2025-01-04 --compare office"
    )
    return all(holds for holds, _ in results)


@contextmanager
def _opened(made: Stage) -> Iterator[list[Node]]:
    with ExitStack() as closing:
        nodes = [node_from(node.config) for node in made.nodes]
        for node in nodes:
            closing.callback(node.close)
        yield nodes
