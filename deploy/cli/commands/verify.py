"""``./renkei verify``: whether a node's log still proves what it says."""

import argparse
import sys
from typing import Final

from rich.progress import Progress

from deploy.cli.at_node import add_node, node_of
from shared.exchange.evidence import verify_node

DESCRIPTION: Final = """\
ノードのログを証拠として検証します: ハッシュの連鎖、相手の署名、個人情報の要約値、送信記録、添付ファイルの内容、
閲覧記録。
一文字でも書き換えられていれば、その行の位置を示します。

例:
  ./renkei verify --node centre

終了ステータス: 0 すべて確かめられた、1 確かめられない行がある、2 使い方の誤り"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "verify", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_node(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    with node_of(arguments.node) as node, Progress(transient=True, disable=not sys.stdout.isatty()) as bar:
        task = bar.add_task("検証")
        evidence = verify_node(node, lambda done, total: bar.update(task, completed=done, total=total))
        head = node.log.head()
    print(f"行 {evidence.rows}（末尾のハッシュ {head.hash.hex()[:16]}…）")
    print(
        f"相手の署名 {evidence.signatures}、個人情報の要約値 {evidence.commitments}（消去済み {evidence.erased}）"
    )
    print(f"送信記録 {evidence.sent}、添付ファイル {evidence.files}")
    for finding in evidence.findings:
        print(f"位置 {finding.position}: {finding.problem}")
    print("確かめられない行があります" if evidence.findings else "すべて確かめられました")
    return 1 if evidence.findings else 0
