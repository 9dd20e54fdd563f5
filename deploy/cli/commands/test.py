"""`./renkei test`: the static checks and every test, or the tests that were named."""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

_ROOT = Path(__file__).parents[3]
_PROGRAMS = Path(sys.executable).parent

CHECKS = {
    "ruff check": [sys.executable, "-m", "ruff", "check", "--quiet", "."],
    "ruff format": [sys.executable, "-m", "ruff", "format", "--quiet", "--check", "."],
    "mypy": [sys.executable, "-m", "mypy"],
    "lint-imports": [str(_PROGRAMS / "lint-imports")],
}

BROWSER = "tests/browser"
"""Its tests share one town of nodes, and their driver must not meet eventlet: they run in a process of their own."""
SIDE_BY_SIDE = ["-n", "4", "--dist", "loadfile", "--no-loadscope-reorder", f"--ignore={BROWSER}"]
"""Every other test, in four processes with servers of their own; most tests wait more than they work."""

_EXAMPLES = """\
例:
  ./renkei test                              静的検査(ruff, mypy, 依存の向き)とすべてのテスト
  ./renkei test tests/deploy -k password     選んだテストだけ(引数はそのまま pytest に渡ります)
  ./renkei test --sweep                      全ノードを全段階で落とす長いテストを含む

テストは本物の PostgreSQL と RabbitMQ で動きます。コンテナエンジンがあればコンテナ、なければこの環境専用の
サーバーを使い、どちらを使ったかを最後に表示します。画面のテストは Chromium を操作します。なければ、導入できる環境では
Debian のパッケージを導入し、できないときは何をすればよいかを示して不合格になります。
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
    if chosen:
        return _status(_call([sys.executable, "-m", "pytest", *chosen]))
    failed = [name for name, program in CHECKS.items() if not _passes(name, program)]
    with _beside([sys.executable, "-m", "pytest", BROWSER]) as browser:
        others = _call([sys.executable, "-m", "pytest", *SIDE_BY_SIDE])
        outcomes = [others, browser()]
    if failed:
        print(f"不合格の静的検査 / failed checks: {', '.join(failed)}")
        outcomes.append(1)
    return max(_status(each) for each in outcomes)


def _status(outcome: int) -> int:
    return outcome if outcome in (0, 1) else 2  # pytest's own: interrupted, misused, or nothing collected


def _passes(name: str, program: Sequence[str]) -> bool:
    begun = time.monotonic()
    passed = _call(program) == 0
    print(f"{name}: {'合格' if passed else '不合格'} ({time.monotonic() - begun:.1f} s)", flush=True)
    return passed


@contextmanager
def _beside(program: Sequence[str]) -> Iterator[Callable[[], int]]:
    """Run it while something else runs; what is yielded waits for its end, prints what it said and gives its status."""
    with TemporaryFile() as said:
        process = subprocess.Popen(program, cwd=_ROOT, stdout=said, stderr=subprocess.STDOUT)

        def finished() -> int:
            status = process.wait()
            said.seek(0)
            print(said.read().decode(errors="replace"), flush=True)
            return status

        try:
            yield finished
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()


def _call(program: Sequence[str]) -> int:
    """Run it from the repository's root. Interrupted, it gets the time to end its own servers."""
    process = subprocess.Popen(program, cwd=_ROOT)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
