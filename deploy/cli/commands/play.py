"""``./renkei play``: play a scenario on running nodes, through their own HTTP interface."""

import argparse
from pathlib import Path
from typing import Final

from deploy.cli.at_node import DEMO
from deploy.local.errors import CannotRun
from deploy.play.http import HttpTarget
from deploy.play.player import play
from deploy.play.scenario import ScenarioError, load_scenario

DESCRIPTION: Final = """\
シナリオ（YAML）を、動いている研修モードのノードで演じます。日付ごとに時計を進め、人が画面で行うのと同じ操作をし、
起きるはずのこと（届いた出来事、義務、断られること、金額）を確かめます。名簿が空のノードで始めてください。

例:
  ./renkei play deploy/scenarios/toshima_model.yaml
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
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    try:
        scenario = load_scenario(arguments.file)
        target = HttpTarget(arguments.sign_ins)
        lacking = [each.node for each in scenario.agencies if each.node not in target.nodes]
    except ScenarioError as problem:
        raise CannotRun(str(problem)) from problem
    except (OSError, ValueError) as problem:
        raise CannotRun(
            f"{arguments.sign_ins} を読めません。先に ./renkei demo を実行してください"
        ) from problem
    if lacking:
        raise CannotRun(f"{arguments.sign_ins} にノード {'、'.join(lacking)} がありません")
    try:
        played = play(scenario, target, print)
    except (OSError, ScenarioError) as problem:
        raise CannotRun(f"ノードに接続できません: {problem}") from problem
    print(f"\n操作 {played.commands}件、確認 {played.checks}件、不一致 {len(played.failures)}件")
    for failure in played.failures:
        print(f"  ✗ {failure}")
    return 1 if played.failures else 0
