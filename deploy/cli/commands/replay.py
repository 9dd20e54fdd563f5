"""``./renkei replay``: a case as a node knew it on any day."""

import argparse
from collections.abc import Mapping, Sequence
from typing import Final

from deploy.cli.at_node import add_node, case_of, day, moment, node_of
from deploy.cli.printing import names_of, replay_json, timeline
from deploy.local.errors import CannotRun
from shared.console.reading import named
from shared.console.wareki import wareki
from shared.eventlog.model import Event
from shared.node.errors import UnknownCase
from shared.node.node import Node

DESCRIPTION: Final = """\
あるケースを、あるノードがある時点に知っていたとおりに再現します。
--known-at は「いつ知っていたか」、--as-of は「いつまでに行われたことか」です。日付はその日の終わりを意味します。
--compare は、もう一つのノードの記録と出来事ごとに比べます。閲覧は閲覧記録に残ります。

例:
  ./renkei replay --node centre --case 600c --known-at 2025-01-04
  ./renkei replay --node centre --case 600c --known-at 2025-01-04 --compare office
  ./renkei replay --node office --case 600c --as-of 2024-12-31 --json

終了ステータス: 0 再現した（比較では一致）、1 その時点に記録がない（比較では相違がある）、2 使い方の誤り"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "replay", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_node(parser)
    parser.add_argument("--case", required=True, metavar="ID", help="ケースの番号、またはその先頭")
    parser.add_argument("--as-of", type=day, metavar="DATE", help="この日までに行われたことだけ")
    parser.add_argument("--known-at", type=moment, metavar="MOMENT", help="この時点までに知っていたことだけ")
    parser.add_argument("--compare", metavar="N", help="もう一つのノードの同じ時点の記録と比べる")
    parser.add_argument("--json", action="store_true", help="1行1件の JSON で出力する")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    with node_of(arguments.node) as node:
        case_id = case_of(node, arguments.case)
        node.access.record("command-line", case_id, "replay", "履歴の再現（コマンド）")
        try:
            replay = node.replay(case_id, arguments.as_of, arguments.known_at)
        except UnknownCase as problem:
            print(problem)
            return 1
        if arguments.compare:
            with node_of(arguments.compare) as other:
                return _compare(node, other, arguments)
        if arguments.json:
            print(replay_json(replay))
            return 0
        print(_heading(node, arguments))
        print("\n".join(timeline(node, replay.events)))
        print(f"\n{len(replay.events)}件の出来事")
        if replay.case.unread:
            print(_unread(node, replay.case.unread))
    return 0


def _unread(node: Node, unread: Mapping[str, int]) -> str:
    each = "、".join(f"{node.titles.get(name, name)} {number}件" for name, number in unread.items())
    return f"内容を反映できない記録があります: {each}。状態と判断に入っていません。記録した事業所に確かめてください"


def _heading(node: Node, arguments: argparse.Namespace) -> str:
    name = named(node.agency, names_of(node))
    parts = [f"{name} {node.config.name} の記録"]
    if arguments.known_at:
        parts.append(f"{wareki(arguments.known_at.date())}までに知っていたこと")
    if arguments.as_of:
        parts.append(f"{wareki(arguments.as_of)}までに行われたこと")
    return "、".join(parts) + ("　【研修モード】" if node.training else "")


def _compare(node: Node, other: Node, arguments: argparse.Namespace) -> int:
    case_id = case_of(node, arguments.case)
    other.access.record("command-line", case_id, "compare", "履歴の比較（コマンド）")
    try:
        theirs = other.replay(case_id, arguments.as_of, arguments.known_at).events
    except UnknownCase as problem:
        raise CannotRun(f"{arguments.compare}: {problem}") from problem
    ours = node.replay(case_id, arguments.as_of, arguments.known_at).events
    print("\n".join(difference(node, other, ours, theirs)))
    return 0 if {each.id for each in ours} == {each.id for each in theirs} else 1


def difference(node: Node, other: Node, ours: Sequence[Event], theirs: Sequence[Event]) -> list[str]:
    """The difference of two nodes' knowledge of a case, named event by event."""
    known_here, known_there = {each.id for each in ours}, {each.id for each in theirs}
    names = {**names_of(other), **names_of(node)}
    here, there = named(node.agency, names), named(other.agency, names)
    lines = [f"両方が知っている出来事: {len(known_here & known_there)}件"]
    for title, knower, events, unknown in (
        (f"{here}だけが知っている出来事", node, ours, known_there),
        (f"{there}だけが知っている出来事", other, theirs, known_here),
    ):
        only = [each for each in events if each.id not in unknown]
        lines += [f"\n{title}: {len(only)}件", *("  " + line for line in timeline(knower, only, longest=2))]
    return lines
