"""``./renkei bench``: speed and memory, ours and theirs in one run."""

import argparse
import time
from collections.abc import Callable
from typing import Final

from rich.console import Console

from deploy.bench.figures import Figure, Tell, as_json, show
from deploy.bench.ground import ground, kept_ground, remove_kept

WIDTH: Final = 120
"""Columns of the table where it goes to a file."""
_SOMETIMES: Final = 10.0
"""Seconds between two lines that tell how far it is, where lines can't move."""
DESCRIPTION: Final = """\
速さとメモリを一度の実行で測り、目標と比べます。記録の速さは、同じ専用の PostgreSQL（fsync 有効）の上で
ライブラリ eventsourcing と交互に測り、比を示します。他の負荷があると値も比も動くので、空いた機械で測ってください。

例:
  ./renkei bench                    すべて（数分かかります）
  ./renkei bench --quick            回数を減らして
  ./renkei bench --only exchange    一つの組だけ: log（記録）、exchange（ノード間とメモリ）、
                                    pages（画面）、claims（請求の月）
  ./renkei bench --only pages --cases 5000
                                    画面ごとの時間（p50、p95）と CPU。作ったノードは .local/bench/kept に残り、次は
                                    測るだけになる（数分）。--fresh で作り直す（10分ほど、2 GB）
  ./renkei bench --json > bench.json

終了ステータス: 0 すべての目標に届いた、1 届かない項目がある、2 この機械では実行できない"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "bench", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="回数を減らす")
    parser.add_argument("--json", action="store_true", help="表の代わりに JSON で出力する")
    parser.add_argument(
        "--only", metavar="NAME", choices=sorted(_GROUPS), help="一つの組だけ: log, exchange, pages, claims"
    )
    parser.add_argument(
        "--cases",
        type=int,
        default=5000,
        metavar="N",
        help="画面を測るときのケースの数（既定 5000、居宅では1ケースに100の出来事。--quick では 500 まで）",
    )
    parser.add_argument("--fresh", action="store_true", help="画面を測るノードを作り直す")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    progress = Console(stderr=True)
    chosen = [arguments.only] if arguments.only else list(_GROUPS)
    with progress.status("PostgreSQL を起動しています") as status:
        figures = [
            figure for name in chosen for figure in _GROUPS[name](arguments, _teller(status.update, progress))
        ]
    if arguments.json:
        print(as_json(figures))
    else:
        console = Console()
        show(figures, console if console.is_terminal else Console(width=WIDTH))
    return 1 if any(each.holds is False for each in figures) else 0


def _teller(update: Callable[[str], None], progress: Console) -> Tell:
    """Where no line moves, such as in a log, every new stage is told, and now and then how far it is."""
    told: set[str] = set()
    last = time.monotonic()

    def tell(text: str) -> None:
        nonlocal last
        stage = text.split(" ")[0]
        if progress.is_terminal:
            update(text)
        elif stage not in told or time.monotonic() - last > _SOMETIMES:
            told.add(stage)
            last = time.monotonic()
            progress.print(text)

    return tell


def _log(arguments: argparse.Namespace, tell: Tell) -> list[Figure]:
    from deploy.bench.log_figures import log_figures

    with ground() as made:
        return log_figures(made, 3 if arguments.quick else 9, tell)


def _exchange(arguments: argparse.Namespace, tell: Tell) -> list[Figure]:
    from deploy.bench.exchange_figures import exchange_figures

    with ground() as made:
        return exchange_figures(made, *((10, 600) if arguments.quick else (30, 3000)), tell)


def _pages(arguments: argparse.Namespace, tell: Tell) -> list[Figure]:
    from deploy.bench.page_figures import page_figures

    if arguments.fresh:
        remove_kept()
    cases, visits = (min(500, arguments.cases), 10) if arguments.quick else (arguments.cases, 20)
    with kept_ground() as made:
        return page_figures(made, cases, visits, tell)


def _claims(arguments: argparse.Namespace, tell: Tell) -> list[Figure]:
    from deploy.bench.claim_month import PERSONS, claim_figures

    with ground() as made:
        return claim_figures(made, PERSONS // 10 if arguments.quick else PERSONS, tell)


_GROUPS: Final = {"log": _log, "exchange": _exchange, "pages": _pages, "claims": _claims}
