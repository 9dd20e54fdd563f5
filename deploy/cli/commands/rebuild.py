"""``./renkei rebuild``: fold a node's views again from its log."""

import argparse
import sys
from typing import Final

from rich.progress import Progress

from deploy.cli.at_node import add_node, node_of
from deploy.local.errors import CannotRun
from shared.eventlog.rebuild import live_digest, rebuild

DESCRIPTION: Final = """\
ノードの一覧表（ビュー）をログから作り直し、動いているものと入れ替えます。業務は止まりません。
作り直す前と後の要約値を表示します。一致すれば、画面の内容はログから正しく導かれています。

例:
  ./renkei rebuild --node office
  ./renkei rebuild --node office --view case_list

終了ステータス: 0 要約値が一致した、1 一致しない（作り直した内容に置き換わりました）、2 使い方の誤り"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "rebuild", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_node(parser)
    parser.add_argument("--view", metavar="V", help="一つのビューだけ（省略時はすべて）")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    with node_of(arguments.node) as node:
        views = [view for view in node.log.views if arguments.view in (None, view.NAME)]
        if not views:
            known = "、".join(f"{view.NAME}（{view.TITLE}）" for view in node.log.views)
            raise CannotRun(f"ビュー {arguments.view} はありません。あるもの: {known}")
        same = True
        for view in views:
            with Progress(transient=True, disable=not sys.stdout.isatty()) as bar:
                task = bar.add_task(view.TITLE)
                before = live_digest(node.log, view)
                at = node.log.head().position
                after = rebuild(
                    node.log,
                    view,
                    lambda done, total, bar=bar, task=task: bar.update(task, completed=done, total=total),  # type: ignore[misc]
                )
            # Events that arrived in between change the digest without anything being wrong.
            equal = before == after or node.log.head().position != at
            same = same and equal
            same_text = "一致" if before == after else "相違"
            print(f"{view.NAME:<24} 前 {before[:16]}…  後 {after[:16]}…  {same_text}　{view.TITLE}")
    print(
        f"ビュー{len(views)}個を作り直しました。"
        + ("どれもログのとおりでした。" if same else "ログとちがっていたものを置き換えました。")
    )
    return 0 if same else 1
