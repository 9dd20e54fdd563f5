"""``./renkei play``: play a scenario on running nodes, through their own HTTP interface."""

import argparse
from pathlib import Path
from typing import Final

from deploy.cli.at_node import DEMO, ROOT
from deploy.demo.cast import TOWN
from deploy.demo.consoles import stay_open
from deploy.demo.stage import stage
from deploy.local.errors import CannotRun
from deploy.play.http import HttpTarget
from deploy.play.player import Played, play
from deploy.play.scenario import Scenario, ScenarioError, load_scenario
from deploy.play.target import Rejected
from shared.policy.unreadable import why

FRESH: Final = ROOT / ".local" / "play"
"""Where the nodes of a play of its own keep their files."""

DESCRIPTION: Final = """\
シナリオ（YAML）を、動いている研修モードのノードで演じます。日付ごとに時計を進め、人が画面で行うのと同じ操作をし、
起きるはずのこと（届いた出来事、義務、断られること、金額）を確かめます。名簿が空のノードで始めてください。
--fresh なら、シナリオに出てくるノードを .local/play に新しく起動して演じ、終わったらすべて止めます。
--stay を加えると、演じ終えたノードの画面を開いたままにし、Ctrl-C で止めます。

例:
  ./renkei play deploy/scenarios/transferred.yaml --fresh
  ./renkei play deploy/scenarios/adachi_checklist.yaml --fresh --stay
  ./renkei play my_case.yaml --sign-ins nodes.json

終了ステータス: 0 すべて合った、1 合わないことがあった、2 シナリオかノードが使えない"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "play", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="シナリオの YAML ファイル")
    parser.add_argument(
        "--sign-ins",
        type=Path,
        default=DEMO / "sign-in.json",
        metavar="FILE",
        help="ノードのアドレスと API トークンの JSON ファイル（省略時はデモのもの）",
    )
    parser.add_argument("--fresh", action="store_true", help="空のノードを新しく起動して演じる")
    parser.add_argument(
        "--stay", action="store_true", help="演じ終えても画面を開いたままにする（--fresh とともに）"
    )
    parser.add_argument("--port", type=int, metavar="N", help="最初の画面のポート（--fresh のとき）")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    try:
        scenario = load_scenario(arguments.file)
    except ScenarioError as problem:
        raise CannotRun(str(problem)) from problem
    except OSError as problem:
        raise CannotRun(f"{arguments.file} を読めません: {why(problem)}") from problem
    if (arguments.stay or arguments.port) and not arguments.fresh:
        raise CannotRun("--stay と --port は --fresh とともに指定してください")
    if not arguments.fresh:
        return _play(scenario, arguments.sign_ins)
    playing = {each.node for each in scenario.agencies}
    members = [each for each in TOWN if each.name in playing]
    with stage(FRESH, scenario.starts_at, arguments.port, print, members) as made:
        status = _play(scenario, made.sign_ins)
        if arguments.stay:
            stay_open(made)
    return status


def case_lines(scenario: Scenario, played: Played) -> list[str]:
    """The number of each case that was played, as the other commands' --case takes it, and whom it is about."""
    return [
        f"ケース {case}　{scenario.cases.get(name, name)}（--case {case[:8]}）"
        for name, case in played.cases.items()
    ]


def _play(scenario: Scenario, sign_ins: Path) -> int:
    try:
        target = HttpTarget(sign_ins)
        lacking = [each.node for each in scenario.agencies if each.node not in target.nodes]
    except (OSError, ValueError) as problem:
        raise CannotRun(
            f"{sign_ins} を読めません。先に ./renkei demo を実行するか、--fresh を付けてください"
        ) from problem
    if lacking:
        raise CannotRun(f"{sign_ins} にノード {'、'.join(lacking)} がありません")
    try:
        target.set_clock(scenario.starts_at)
    except Rejected as problem:  # nothing is written yet
        raise CannotRun(
            f"これらのノードでは始められません（{problem}）。空のノードで演じるには --fresh を付けてください"
        ) from problem
    except OSError as problem:
        raise CannotRun(f"ノードに接続できません: {why(problem)}") from problem
    try:
        played = play(scenario, target, print)
    except OSError as problem:
        raise CannotRun(f"ノードに接続できません: {why(problem)}") from problem
    except ScenarioError as problem:
        raise CannotRun(f"ノードに接続できません: {problem}") from problem
    print(f"\n操作 {played.commands}件、確認 {played.checks}件、不一致 {len(played.failures)}件")
    for failure in played.failures:
        print(f"  ✗ {failure}")
    print("\n".join(case_lines(scenario, played)))
    return 1 if played.failures else 0
