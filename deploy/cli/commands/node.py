"""``./renkei node``: the processes of one node, and what an operator does to it."""

import argparse
import json
from pathlib import Path
from typing import Final

DESCRIPTION: Final = """\
一つのノードのプロセスを動かします（本番の構成やデモから呼ばれます）。

例:
  ./renkei node migrate   --config /etc/renkei/node.toml
  ./renkei node web       --config /etc/renkei/node.toml
  ./renkei node messaging --config /etc/renkei/node.toml
  ./renkei node keys      --agency 1371600014 --file /etc/renkei/keys.json
  ./renkei node account   --config /etc/renkei/node.toml --name tantou --role staff --display 包括の担当

終了ステータス: 0 成功、1 失敗、2 設定の誤り"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "node", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parts = parser.add_subparsers(metavar="PART", required=True)
    for name, summary, does in (
        ("migrate", "データベースを作成・更新する", _migrate),
        ("web", "画面と API のプロセス", _web),
        ("messaging", "送受信のプロセス", _messaging),
        ("restored", "バックアップから戻した後に、送信の通番を改める", _restored),
    ):
        part = parts.add_parser(name, help=summary)
        part.add_argument("--config", type=Path, required=True, help="ノードの設定ファイル（TOML）")
        part.set_defaults(run=run, part=does)
    keys = parts.add_parser("keys", help="事業所の鍵を作り、名簿に載せる公開鍵を表示する")
    keys.add_argument("--agency", required=True, help="事業所番号または保険者番号")
    keys.add_argument(
        "--file", type=Path, required=True, help="作成する鍵ファイル（既にあれば公開鍵だけを表示）"
    )
    keys.set_defaults(run=run, part=_keys)
    account = parts.add_parser("account", help="利用者を追加し、初回のパスワードを表示する")
    account.add_argument("--config", type=Path, required=True)
    account.add_argument("--name", required=True, help="サインインに使う名前（英小文字）")
    account.add_argument(
        "--role", required=True, help="care_manager, staff, clerk, billing, administrator, auditor"
    )
    account.add_argument("--display", required=True, help="画面に表示する名前")
    account.set_defaults(run=run, part=_account)


def run(arguments: argparse.Namespace) -> int:
    """Run the chosen part."""
    return int(arguments.part(arguments))


def _migrate(arguments: argparse.Namespace) -> int:
    from psycopg.conninfo import conninfo_to_dict

    from deploy.local.errors import CannotRun
    from shared.eventlog.migrate import migrate, migrate_keys
    from shared.node.config import load_config

    config = load_config(arguments.config)
    if config.owner_database is None or config.owner_keys_database is None:
        raise CannotRun(
            "[database] に owner_dsn と owner_keys_dsn を設定してください（更新のときだけ使います）"
        )
    applied = migrate(config.owner_database, str(conninfo_to_dict(config.database)["user"]))
    migrate_keys(config.owner_keys_database, str(conninfo_to_dict(config.keys_database)["user"]))
    print("適用:", ", ".join(applied) if applied else "変更なし")
    return 0


def _web(arguments: argparse.Namespace) -> int:
    from deploy.composition import node_from
    from deploy.web import serve

    node = node_from(arguments.config)
    node.open()
    serve(node, node.config.web_host, node.config.web_port)
    return 0


def _messaging(arguments: argparse.Namespace) -> int:
    from deploy.messaging import serve

    return serve(arguments.config)


def _restored(arguments: argparse.Namespace) -> int:
    from deploy.composition import node_from

    node = node_from(arguments.config)
    epoch = node.raise_epoch()
    node.close()
    print(f"送信の通番を改めました（第{epoch}期）。相手には次の送信で伝わります")
    return 0


def _keys(arguments: argparse.Namespace) -> int:
    from shared.exchange.jose import AgencyKeys

    if arguments.file.exists():
        keys = AgencyKeys.load(arguments.file)
    else:
        keys = AgencyKeys.generate(arguments.agency)
        keys.save(arguments.file)
    print(json.dumps(keys.public_jwks(), ensure_ascii=False, indent=1))
    return 0


def _account(arguments: argparse.Namespace) -> int:
    import secrets

    from deploy.composition import node_from
    from deploy.local.errors import CannotRun
    from shared.console.accounts import AccountRefused, Accounts

    node = node_from(arguments.config)
    password = secrets.token_urlsafe(12)
    try:
        Accounts(node.database).add(arguments.name, arguments.role, arguments.display, password)
    except AccountRefused as problem:
        raise CannotRun(str(problem)) from problem
    finally:
        node.close()
    print(f"{arguments.name} を追加しました。初回のパスワード: {password}")
    return 0
