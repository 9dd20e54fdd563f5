"""``./renkei parked``: what a person must look at."""

import argparse
import json
from typing import Final

from deploy.cli.at_node import add_node, node_of
from deploy.local.errors import CannotRun
from shared.console.wareki import wareki_moment
from shared.exchange.inbox import Inbox
from shared.exchange.parked import NotRetried, acknowledge, parked_list, retried, retry, show
from shared.exchange.parking import KINDS

DESCRIPTION: Final = """\
要確認のもの（拒否したメッセージ、署名・暗号を確かめられないもの、警告、自動処理の失敗）を一覧・表示・再試行します。

例:
  ./renkei parked list        --node centre
  ./renkei parked show   12   --node centre
  ./renkei parked retry  12   --node centre      原因を直した後に、もう一度処理する（本文がなければ送り直しを頼む）
  ./renkei parked settle 12   --node centre      確認が済み、処理の必要がないことを記録する

終了ステータス: 0 済んだ（一覧では何もない）、1 再試行できない（一覧では要確認のものがある）、2 使い方の誤り"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "parked", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parts = parser.add_subparsers(metavar="list|show|retry|settle", required=True)
    for name, does, summary in (
        ("list", _list, "一覧"),
        ("show", _show, "一件の内容（個人情報は含まない）"),
        ("retry", _retry, "もう一度処理する"),
        ("settle", _settle, "確認済みにする"),
    ):
        part = parts.add_parser(name, help=summary)
        add_node(part)
        if name == "list":
            part.add_argument("--all", action="store_true", help="処理済みのものも含める")
        else:
            part.add_argument("number", type=_number, metavar="NUMBER", help="一覧の番号")
        part.set_defaults(run=run, part=does)


def _number(text: str) -> int:
    """A number of the list, as ``argparse`` wants it."""
    try:
        return int(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(
            f"「{text}」は番号ではありません。./renkei parked list の左の数字を指定してください"
        ) from problem


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    status: int = arguments.part(arguments)
    return status


def _list(arguments: argparse.Namespace) -> int:
    with node_of(arguments.node) as node:
        found = parked_list(node, resolved=arguments.all)
    for each in found:
        since = wareki_moment(each.parked_at)
        place = f"通番{each.sequence}" if each.sequence else f"位置{each.position}" if each.position else ""
        settled = "（処理済み）" if each.resolved_at else ""
        print(f"{each.id:>4}  {since}  {KINDS[each.kind]}  {each.partner or '差出人不明'} {place}  ", end="")
        print(f"{each.message}{'。' + each.detail if each.detail else ''}{settled}")
    if not found:
        print("要確認のものはありません")
    return 1 if any(each.resolved_at is None for each in found) else 0


def _show(arguments: argparse.Namespace) -> int:
    with node_of(arguments.node) as node:
        try:
            shown = show(node, arguments.number)
        except NotRetried as problem:
            raise CannotRun(str(problem)) from problem
    parked = shown.parked
    print(f"{KINDS[parked.kind]}（{parked.code}）: {parked.message}")
    print(f"差出人 {parked.partner or '不明'}　ケース {parked.case_id or 'なし'}　{parked.detail}")
    if parked.size is not None:
        print(f"大きさ {parked.size} バイト{'' if parked.body else '（本文は残していません）'}")
    if shown.envelope is not None:
        print(json.dumps(shown.envelope, ensure_ascii=False, indent=1))
    return 0


def _retry(arguments: argparse.Namespace) -> int:
    with node_of(arguments.node) as node:
        inbox = Inbox(node)
        try:
            status = retry(node, inbox, arguments.number)
        except NotRetried as problem:
            print(problem)
            return 1
        finally:
            inbox.close()
    print(retried(status, arguments.number))
    return 0


def _settle(arguments: argparse.Namespace) -> int:
    with node_of(arguments.node) as node:
        try:
            acknowledge(node, arguments.number)
        except NotRetried as problem:
            raise CannotRun(str(problem)) from problem
    print(f"{arguments.number} を確認済みにしました")
    return 0
