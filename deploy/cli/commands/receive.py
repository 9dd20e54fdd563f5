"""``./renkei receive``: take in a file of what service offices hand in."""

import argparse
import json
from pathlib import Path
from typing import Any, Final

from deploy.cli.at_node import add_node, day, node_of
from deploy.local.errors import CannotRun
from shared.care.csv_file import FaultyFile, Problem
from shared.node.errors import InvalidFields
from shared.node.provider_import import TakenLine, import_provider_file
from shared.policy.unreadable import why

DESCRIPTION: Final = """\
サービス事業所の実績・個別サービス計画書・モニタリングの記録を、CSV ファイルから取り込みます。
誤りが一つでもあれば何も取り込まず、誤りのある行をすべて示します。同じファイルを二度取り込んでも、二重には記録しません。
形式の説明と例: deploy/examples/README.md、deploy/examples/provider_results.csv

例:
  ./renkei receive deploy/examples/provider_results.csv --node office --check     確かめるだけ
  ./renkei receive deploy/examples/provider_results.csv --node office --received 2025-04-04

終了ステータス: 0 取り込んだ（新しいものがなくても）、1 誤りがあり何も取り込んでいない、2 使い方の誤り"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "receive", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV ファイル（UTF-8 または Shift_JIS）")
    add_node(parser)
    parser.add_argument("--received", type=day, metavar="DAY", help="受け取った日（省くと今日）")
    parser.add_argument("--check", action="store_true", help="確かめるだけで、記録しない")
    parser.add_argument("--json", action="store_true", help="JSON で表示する")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    try:
        content = arguments.file.read_bytes()
    except OSError as problem:
        raise CannotRun(f"{arguments.file} を読めません: {why(problem)}") from problem
    with node_of(arguments.node) as node:
        if "ReceiveProviderPerformance" not in node.service.commands:
            raise CannotRun("取り込めるのは、居宅と包括のノードだけです")
        try:
            taken = import_provider_file(
                node, content, "command-line", arguments.received, try_only=arguments.check
            )
        except InvalidFields as problem:
            raise CannotRun(str(problem)) from problem
        except FaultyFile as faulty:
            _print_problems(faulty.problems, arguments.json)
            return 1
    _print_taken(taken, arguments.check, arguments.json)
    return 0


def _print_problems(problems: tuple[Problem, ...], as_json: bool) -> None:
    if as_json:
        found = [
            {"line": each.line, "column": each.column, "value": each.value, "expected": each.expected}
            for each in problems
        ]
        print(json.dumps({"problems": found}, ensure_ascii=False, indent=1))
        return
    print(f"誤りが{len(problems)}件あるため、何も取り込んでいません")
    for each in problems:
        where = f"{each.line}行目" + (f" {each.column}" if each.column else "")
        print(f"  {where}: {f'「{each.value}」' if each.value else '（空）'} → {each.expected}")


def _print_taken(taken: list[TakenLine], only_checked: bool, as_json: bool) -> None:
    new = [each for each in taken if not each.known]
    if as_json:
        print(json.dumps(_shaped(taken, only_checked), ensure_ascii=False, indent=1))
        return
    did = "取り込めます" if only_checked else "取り込みました"
    print(f"{len(new)}行を{did}（記録済みで変わらないもの {len(taken) - len(new)}行）")
    for each in new:
        print(f"  {each.line.number}行目 {each.line.kind}: ケース {str(each.case_id)[:8]}")
        for rule, message in each.advice:
            print(f"    注意［{rule}］ {message}")


def _shaped(taken: list[TakenLine], only_checked: bool) -> dict[str, Any]:
    lines = [
        {
            "line": each.line.number,
            "kind": each.line.kind,
            "case": str(each.case_id),
            "known": each.known,
            "advice": [{"rule": rule, "message": message} for rule, message in each.advice],
        }
        for each in taken
    ]
    return {"recorded": not only_checked, "lines": lines}
