"""``./renkei claim``: a service month's claims: what each figure comes from, what blocks, the files."""

import argparse
from pathlib import Path
from typing import Final

from deploy.local.errors import CannotRun
from services.billing.formats.layout import Unreadable
from services.billing.formats.reading import read_claim_file

DESCRIPTION: Final = """\
請求データのファイル（給付管理票、介護予防支援費、介護予防ケアマネジメント費、区への媒体）を読み、確かめます。
ほかのソフトが書いたファイルも読みます。誤りは、行・レコード・項目・値・あるべき値を示します。

例:
  ./renkei claim --check K202411.CSV

終了ステータス: 0 誤りはない、1 誤りがある、2 使い方の誤り"""

_LARGEST: Final = 100 << 20
"""Bytes of a file that is read."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "claim", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--check", required=True, type=Path, metavar="FILE", help="確かめる請求データのファイル"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    return _check(arguments.check)


def _check(path: Path) -> int:
    try:
        if path.stat().st_size > _LARGEST:
            raise CannotRun(f"{path} は大きすぎます（{_LARGEST >> 20} MB まで）")
        content = path.read_bytes()
    except OSError as problem:
        raise CannotRun(f"{path} を読めません: {problem.strerror}") from problem
    try:
        found = read_claim_file(content)
    except Unreadable as unreadable:
        print("\n".join(each.text for each in unreadable.problems))
        print(f"{len(unreadable.problems)}件の誤りがあります。このファイルからは何も取り込みません。")
        return 1
    print(f"{found.title}　{len(found.entries)}件　処理対象年月 {found.header.examination_month}")
    months = sorted({each.service_month for each in found.entries})
    print(f"サービス提供年月 {'、'.join(map(str, months))}　誤りはありません")
    return 0
