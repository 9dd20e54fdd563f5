"""`./renkei test`: the static checks and every test, or the tests that were named."""

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[3]
_PROGRAMS = Path(sys.executable).parent

CHECKS = {
    "ruff check": [sys.executable, "-m", "ruff", "check", "--quiet", "."],
    "ruff format": [sys.executable, "-m", "ruff", "format", "--quiet", "--check", "."],
    "mypy": [sys.executable, "-m", "mypy"],
    "lint-imports": [str(_PROGRAMS / "lint-imports")],
}

SIDE_BY_SIDE = ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]
"""Every test, in three processes with servers of their own; most tests wait more than they work."""

_EXAMPLES = """\
例:
  ./renkei test                              静的検査(ruff, mypy, 依存の向き)とすべてのテスト
  ./renkei test tests/deploy -k password     選んだテストだけ(引数はそのまま pytest に渡ります)
  ./renkei test --sweep                      全ノードを全段階で落とす長いテストを含む

テストは本物の PostgreSQL と RabbitMQ で動きます。コンテナエンジンがあればコンテナ、なければこの環境専用の
サーバーを使い、どちらを使ったかを最後に表示します。
終了ステータス: 0 合格、1 不合格、2 実行できない。パスはリポジトリの最上位からの相対です。"""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "test",
        description="静的検査とすべてのテストを実行します。引数を付けると pytest だけを実行します。",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        usage="renkei test [--sweep] [pytest の引数 ...]",
    )
    parser.set_defaults(run=run, rest=[])


def run(arguments: argparse.Namespace) -> int:
    chosen: list[str] = arguments.rest
    failed = [] if chosen else [name for name, program in CHECKS.items() if not _passes(name, program)]
    outcome = _call([sys.executable, "-m", "pytest", *(chosen or SIDE_BY_SIDE)])
    if failed:
        print(f"不合格の静的検査 / failed checks: {', '.join(failed)}")
    if outcome in (0, 1):
        return 1 if failed else outcome
    return 2  # pytest's own: interrupted, misused, or nothing collected


def _passes(name: str, program: Sequence[str]) -> bool:
    begun = time.monotonic()
    passed = _call(program) == 0
    print(f"{name}: {'合格' if passed else '不合格'} ({time.monotonic() - begun:.1f} s)", flush=True)
    return passed


def _call(program: Sequence[str]) -> int:
    """Run it from the repository's root. Interrupted, it gets the time to end its own servers."""
    process = subprocess.Popen(program, cwd=_ROOT)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
