"""``./renkei erase``: destroy the key of a case's person at one node."""

import argparse
from typing import Final

from deploy.cli.at_node import add_node, case_of, node_of
from deploy.local.errors import CannotRun
from shared.exchange.erasing import erase_person

DESCRIPTION: Final = """\
保存期間が終わったケースの個人情報を、このノードで読めなくします（本人の鍵を破棄します）。元に戻せません。
署名・ハッシュによる証明は、消去の後も検証できます。

例:
  ./renkei erase --node office --case a112 --yes

終了ステータス: 0 消去した、1 既に消去されていた、2 使い方の誤り（--yes がないときも）"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "erase", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_node(parser)
    parser.add_argument("--case", required=True, metavar="ID", help="ケースの番号、またはその先頭")
    parser.add_argument("--yes", action="store_true", help="元に戻せないことを確認した")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    if not arguments.yes:
        raise CannotRun("個人情報の消去は元に戻せません。実行するには --yes を付けてください")
    with node_of(arguments.node) as node:
        case_id = case_of(node, arguments.case)
        erased = erase_person(node, case_id, "command-line")
    print(
        f"ケース {case_id} の個人情報を消去しました" if erased else f"ケース {case_id} は既に消去されています"
    )
    return 0 if erased else 1
