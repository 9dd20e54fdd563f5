"""`python -m deploy.cli COMMAND ...`: find the command's module and run it.

Exit status: 0 well done, 1 a check failed, 2 bad usage or this machine does not allow it, 130 interrupted.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Protocol, cast

from deploy.cli.japanese import speak_japanese
from deploy.local.errors import CannotRun
from deploy.local.processes import one_interruption
from shared.node.config import ConfigurationError

COMMANDS = {
    "bench": "速さとメモリを測り、目標と比べます",
    "case": "ケースの工程表・書類台帳を表示します",
    "claim": "サービス提供月の請求の根拠を示し、請求データを作成・確認します",
    "contracts": "公開する契約(JSON Schema など)を作成・確認します",
    "demo": "六つのノードを起動し、一つのケースを通して見せます",
    "erase": "ケースの本人の鍵を破棄します",
    "exchange": "相手ごとの送受信の状態を表示します",
    "form": "ケースの様式を PDF にします",
    "node": "一つのノードのプロセスを動かします",
    "parameters": "規則が使う数値とその出典を表示します",
    "parked": "人の確認が必要なものを一覧・再試行します",
    "play": "シナリオを、動いているノードで演じます",
    "policy": "規則に JSON で問い合わせます",
    "rebuild": "記録から画面用の表を作り直します",
    "receive": "サービス事業所の実績・書類のファイルを取り込みます",
    "replay": "ある日の時点で知られていたケースを再現します",
    "rules": "規則の一覧と、それを実装するコード・確かめる試験を表示します",
    "screenshots": "すべての画面の画像を作成します",
    "settle": "委託料の明細書と支払の一覧を作成します",
    "submit": "請求データのファイルを作成し、提出を記録します",
    "test": "静的検査とすべてのテストを実行します",
    "verify": "記録が改ざんされていないかを確かめます",
}
"""Every command with its one line of help; `deploy.cli.commands.<name>` is its module."""

_CHECK_FAILED, _USAGE_ERROR, _INTERRUPTED = 1, 2, 130


class CommandModule(Protocol):
    """What a module in `deploy/cli/commands` offers."""

    def add_parser(self, subparsers: Any) -> None:
        """Add the command's parser, with an example in its help.

        Its default ``run`` is called with the arguments and returns the exit status; CannotRun becomes status 2.
        A parser whose default ``rest`` is a list takes arguments that it does not know, in ``arguments.rest``.
        """


def main(argv: Sequence[str]) -> int:
    chosen = next((word for word in argv if not word.startswith("-")), None)
    # Only the chosen one is imported: a node's process must not carry what the demo needs, and the messaging
    # process has settings to make before others import psycopg.
    module = (
        cast(CommandModule, import_module(f"deploy.cli.commands.{chosen}")) if chosen in COMMANDS else None
    )
    speak_japanese()
    parser = _parser(chosen, module)
    arguments, rest = parser.parse_known_args(argv)
    if module is None:
        parser.print_help()
        return _USAGE_ERROR
    if rest and not hasattr(arguments, "rest"):
        parser.error(f"不明な引数です: {' '.join(rest)}")
    if rest:
        arguments.rest = rest
    try:
        with one_interruption():
            status: int = arguments.run(arguments)
            sys.stdout.flush()
            return status
    except (CannotRun, ConfigurationError) as reason:
        print(reason, file=sys.stderr)
        return _USAGE_ERROR
    except BrokenPipeError:
        # The reader has gone (`| head`): no traceback now, nor when Python closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _CHECK_FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED


def _parser(chosen: str | None, module: CommandModule | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="renkei",
        description="介護予防支援の関係機関が、署名付きの出来事をやり取りして一つのケースを進めるための道具です。",
        epilog="例: ./renkei test\n各コマンドの説明: ./renkei COMMAND --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    subparsers = parser.add_subparsers(metavar="COMMAND")
    for name, summary in COMMANDS.items():
        if name == chosen and module is not None:
            module.add_parser(subparsers)
        else:
            subparsers.add_parser(name, help=summary)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
