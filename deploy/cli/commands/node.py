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
  ./renkei node keys      --agency 1371600014 --file /etc/renkei/keys.json --renew
  ./renkei node account   --config /etc/renkei/node.toml --name tantou --role staff --display 包括の担当
  ./renkei node account   --config /etc/renkei/node.toml --name tantou --reset
  ./renkei node account   --config /etc/renkei/node.toml --name tantou --remove
  ./renkei node token     --config /etc/renkei/node.toml --name system1 --days 365
  ./renkei node restored  --config /etc/renkei/node.toml

web と messaging は SIGTERM か Ctrl-C を受けると、手元の処理を済ませてから終わります（終了ステータス 0）。
終了ステータス: 0 成功、1 失敗（messaging では続けられない障害）、2 使い方か設定の誤り"""


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
    keys.add_argument(
        "--renew", action="store_true", help="新しい鍵を加える（古い鍵は、名簿が改まるまで使い続ける）"
    )
    keys.set_defaults(run=run, part=_keys)
    account = parts.add_parser("account", help="利用者を追加・削除し、または新しいパスワードを発行する")
    account.add_argument("--config", type=Path, required=True, help="ノードの設定ファイル（TOML）")
    account.add_argument("--name", required=True, help="サインインに使う名前（英小文字）")
    account.add_argument(
        "--role", help="care_manager, staff, dementia_specialist, clerk, billing, administrator, auditor"
    )
    account.add_argument("--display", help="画面に表示する名前")
    account.add_argument("--reset", action="store_true", help="新しいパスワードを発行する")
    account.add_argument("--remove", action="store_true", help="利用者を削除する（記録は残ります）")
    account.set_defaults(run=run, part=_account)
    token = parts.add_parser("token", help="外部システムのための API トークンを発行する")
    token.add_argument("--config", type=Path, required=True, help="ノードの設定ファイル（TOML）")
    token.add_argument("--name", required=True, help="トークンで操作する利用者の名前")
    token.add_argument("--days", type=int, default=365, help="有効な日数（既定 365）")
    token.set_defaults(run=run, part=_token)


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
    node.check()
    epoch = node.raise_epoch()
    node.close()
    print(f"送信の通番を改めました（第{epoch}期）。相手には次の送信で伝わります")
    return 0


def _keys(arguments: argparse.Namespace) -> int:
    from deploy.local.errors import CannotRun
    from shared.node.agency_keys import AgencyKeys

    if arguments.file.exists():
        keys = AgencyKeys.load(arguments.file)
        if keys.agency != arguments.agency:
            raise CannotRun(f"{arguments.file} は {keys.agency} の鍵です。--agency を確かめてください")
        if arguments.renew:
            keys = keys.renewed()
            keys.save(arguments.file)
    elif arguments.renew:
        raise CannotRun(f"{arguments.file} がありません。--renew は、すでにある鍵に新しい鍵を加えます")
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

    if not (arguments.reset or arguments.remove) and not (arguments.role and arguments.display):
        raise CannotRun("追加するときは --role と --display を指定してください")
    node = node_from(arguments.config)
    accounts, password = Accounts(node.database), secrets.token_urlsafe(12)
    try:
        if arguments.remove:
            done = accounts.remove(arguments.name)
            print(f"{arguments.name} を削除しました" if done else f"{arguments.name} という利用者はいません")
            return 0 if done else 1
        if arguments.reset:
            accounts.set_password(arguments.name, password)
        else:
            accounts.add(arguments.name, arguments.role, arguments.display, password)
    except AccountRefused as problem:
        raise CannotRun(str(problem)) from problem
    finally:
        node.close()
    print(f"{arguments.name} のパスワード: {password}")
    return 0


def _token(arguments: argparse.Namespace) -> int:
    from datetime import timedelta

    from deploy.composition import node_from
    from deploy.local.errors import CannotRun
    from shared.console.accounts import Accounts
    from shared.console.sessions import Sessions

    node = node_from(arguments.config)
    try:
        account = Accounts(node.database).get(arguments.name)
        if account is None:
            raise CannotRun(f"{arguments.name} という利用者はいません。先に node account で追加してください")
        secret = Sessions(node.database).open(account, kind="token", lifetime=timedelta(days=arguments.days))
    finally:
        node.close()
    print(secret)
    return 0
