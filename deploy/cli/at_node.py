"""How a command finds the node it works on: by its name in the demo, or by its configuration file."""

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import psycopg

from deploy.composition import node_from
from deploy.local.errors import CannotRun
from deploy.local.postgres import PrivatePostgres
from shared.node.config import ConfigurationError, load_config
from shared.node.node import Node, end_of_day
from shared.policy.dates import TOKYO, DateError, Month, parse_date, parse_month

ROOT: Final = Path(__file__).resolve().parents[2]
DEMO: Final = ROOT / ".local" / "demo"


def add_node(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """Add the option that names the node."""
    parser.add_argument(
        "--node",
        required=required,
        metavar="N",
        help="ノードの名前（デモの ward, centre, office, billing など）、または設定ファイルのパス",
    )


@contextmanager
def node_of(name: str) -> Iterator[Node]:
    """The node named on the command line, its database reachable.

    The demo's database server is started for as long as the command runs, when it does not run already.

    :raises CannotRun: no such node, or its database can't be reached.
    """
    path = _configuration(name)
    with ExitStack() as started:
        try:
            config = load_config(path)
            if not _answers(config.database) and path.is_relative_to(DEMO.resolve()):
                started.enter_context(PrivatePostgres(DEMO / "postgres"))
            node = node_from(path)
        except (ConfigurationError, ValueError) as problem:
            raise CannotRun(str(problem)) from problem
        if not _answers(config.database):
            raise CannotRun(
                f"ノード {name} のデータベースに接続できません。PostgreSQL が動いているか確認してください"
            )
        started.callback(node.close)
        try:
            node.check()
        except ConfigurationError as problem:
            raise CannotRun(str(problem)) from problem
        yield node


def _configuration(name: str) -> Path:
    for path in (DEMO / "nodes" / name / "node.toml", Path(name)):
        if path.is_file():
            return path.resolve()
    known = sorted(each.parent.name for each in DEMO.glob("nodes/*/node.toml"))
    hint = (
        f"デモのノード: {', '.join(known)}"
        if known
        else "先に ./renkei demo を実行するか、設定ファイルを指定してください"
    )
    raise CannotRun(f"ノード {name} が見つかりません。{hint}")


def _answers(dsn: str) -> bool:
    try:
        psycopg.connect(dsn, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def day(text: str) -> date:
    """An ``argparse`` type: a date as people write it, ``2025-01-04``, ``令和7年1月4日``, ``R7.1.4``."""
    try:
        return parse_date(text)
    except DateError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def month(text: str) -> Month:
    """An ``argparse`` type: a month as people write it, ``2025-01``, ``令和7年1月``, ``R7.1``."""
    try:
        return parse_month(text)
    except DateError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def moment(text: str) -> datetime:
    """An ``argparse`` type: a moment, or a date as people write it, which means its end in Asia/Tokyo."""
    try:
        if ":" not in text:
            return end_of_day(parse_date(text))
        read = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} は暦にある日時ではありません。"
            "2025-01-04、令和7年1月4日、2025-01-04T09:00+09:00 のように指定してください"
        ) from None
    return read if read.tzinfo else read.replace(tzinfo=TOKYO)


def case_of(node: Node, given: str) -> UUID:
    """A case by its number, or by the beginning of it.

    :raises CannotRun: none or several begin so; names the known ones.
    """
    with node.database.connection() as connection:
        rows = connection.execute("select distinct case_id from events where case_id is not null").fetchall()
    known = sorted(str(case_id) for (case_id,) in rows)
    found = [each for each in known if each.startswith(given.lower())]
    if len(found) == 1:
        return UUID(found[0])
    shown = "、".join(known[:5]) or "なし"
    problem = "に該当するケースがありません" if not found else f"で始まるケースが{len(found)}件あります"
    raise CannotRun(f"{given} {problem}。このノードのケース: {shown}")
