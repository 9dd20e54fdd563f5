"""``./renkei contracts``: write or check the published contract."""

import argparse
from typing import Final

from deploy.publish import publish, stale

DESCRIPTION: Final = """\
contracts/published の公開資料（JSON Schema、例、AsyncAPI、エラー番号、見本メッセージ）をコードから作り直します。

例:
  ./renkei contracts
  ./renkei contracts --check

終了ステータス: 0 最新、1 --check で古いファイルがあった、2 使い方の誤り"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "contracts", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--check", action="store_true", help="書き込まず、古いファイルがあれば終了ステータス1"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    names = stale() if arguments.check else publish()
    for name in names:
        print(("古い: " if arguments.check else "更新: ") + name)
    if not names:
        print("公開資料は最新です")
    return 1 if names and arguments.check else 0
