"""What `docker-compose.yml` needs besides images: keys, passwords and configuration of its six nodes.

``python -m deploy.compose prepare`` writes them to `.local/compose`, once. ``python -m deploy.compose databases FILE``
runs inside the composition and makes the roles and databases that the file names.

The folder is closed to others while its files are readable: each container gets only the files that it mounts, and
reads them as a user that does not exist on the host.
"""

import json
import secrets
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w
from psycopg.conninfo import make_conninfo

from contracts.topology import VHOST
from deploy.demo.cast import CAST, WARD, Member
from deploy.local.databases import NodeDatabases, create_node_databases, node_databases
from deploy.rabbitmq.definitions import definitions
from shared.node.agency_keys import AgencyKeys

FOLDER = Path(__file__).parents[1] / ".local" / "compose"
_PORT, _HEALTH_PORT = 8000, 8001


def prepare(folder: Path) -> None:
    """Write every file that the composition mounts. Raises FileExistsError rather than replace anybody's keys."""
    folder.mkdir(parents=True, mode=0o700)
    superuser_password = _password()
    keys = {member.name: AgencyKeys.generate(member.agency) for member in CAST}
    broker_passwords = {member.agency: _password() for member in CAST}
    passwords = {member.name: {"owner_password": _password(), "password": _password()} for member in CAST}
    superuser = make_conninfo(
        host="postgres", dbname="postgres", user="postgres", password=superuser_password
    )
    _write(folder / "postgres-password", superuser_password)
    _write(folder / "databases.toml", tomli_w.dumps({"superuser": superuser, "nodes": passwords}))
    document = definitions(broker_passwords, operator := _password())
    _write(folder / "broker-operator-password", operator)
    _write(folder / "definitions.json", json.dumps(document, indent=1))
    anchor = keys[WARD.name].anchor()
    for member in CAST:
        databases = node_databases(superuser, member.name, **passwords[member.name])
        broker = f"amqp://{member.agency}:{broker_passwords[member.agency]}@rabbitmq:5672/{VHOST}"
        running = _configuration(member, databases, broker, anchor)
        _write(folder / f"{member.name}.toml", tomli_w.dumps(running))
        # The owner's rights are for migrations: the processes that listen to the world never see them.
        running["database"] |= {"owner_dsn": databases.owner, "owner_keys_dsn": databases.keys_owner}
        _write(folder / f"{member.name}-migrate.toml", tomli_w.dumps(running))
        keys[member.name].save(folder / f"{member.name}-keys.json")
        (folder / f"{member.name}-keys.json").chmod(0o644)


def create_databases(file: Path) -> None:
    """Make the roles and databases that the file names, or set their passwords anew."""
    wanted = tomllib.loads(file.read_text(encoding="utf-8"))
    for node, passwords in wanted["nodes"].items():
        create_node_databases(wanted["superuser"], node, **passwords)


def _configuration(
    member: Member, databases: NodeDatabases, broker: str, anchor: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    return {
        "node": {
            "name": member.name,
            "agency": member.agency,
            "service": member.service,
            "training": False,
            "key_file": "keys.json",
        },
        "database": {"dsn": databases.application, "keys_dsn": databases.keys_application},
        "broker": {"url": broker},
        "web": {"host": "0.0.0.0", "port": _PORT, "health_port": _HEALTH_PORT},  # noqa: S104  its own container
        "trust": {WARD.agency: dict(anchor)},
    }


def _password() -> str:
    return secrets.token_urlsafe(24)


def _write(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")
    path.chmod(0o644)


def main(arguments: list[str]) -> int:
    """Run one of the two; returns the exit status."""
    match arguments:
        case ["prepare"]:
            try:
                prepare(FOLDER)
            except FileExistsError:
                print(f"{FOLDER} は既にあります。鍵を失わないよう、上書きしません。", file=sys.stderr)
                return 2
            print(f"{FOLDER} に鍵・パスワード・設定を作成しました。控えを安全な場所に保管してください。")
        case ["databases", file]:
            create_databases(Path(file))
        case _:
            print("使い方: python -m deploy.compose prepare | databases FILE", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
