"""Making the demo's nodes: databases, keys, configuration, accounts, an empty training log each."""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import tomli_w

from deploy.composition import service_named
from deploy.demo.cast import CAST, Member
from deploy.local.databases import create_node_databases, drop_node_databases
from deploy.local.ports import Port, free_port
from shared.console.accounts import Accounts
from shared.console.sessions import Sessions
from shared.eventlog.migrate import migrate, migrate_keys
from shared.node.agency_keys import AgencyKeys
from shared.node.config import load_config
from shared.node.node import Node


@dataclass
class MadeNode:
    """One node of the demo. ``passwords`` are by account name, ``tokens`` by account role."""

    member: Member
    config: Path
    keys: AgencyKeys
    web: Port
    health: Port
    broker_password: str
    passwords: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Address of the node's console and API."""
        return f"http://127.0.0.1:{self.web.number}"


def prepare(folder: Path, first_port: int | None, members: Sequence[Member] | None = None) -> list[MadeNode]:
    """Keys, passwords and ports of the members, or of the whole cast; nothing is started yet."""
    made = []
    for index, member in enumerate(CAST if members is None else members):
        place = folder / member.name
        place.mkdir(parents=True, exist_ok=True)
        keys = AgencyKeys.generate(member.agency)
        keys.save(place / "keys.json")
        made.append(
            MadeNode(
                member,
                place / "node.toml",
                keys,
                free_port(first_port + index if first_port else None),
                free_port(),
                secrets.token_urlsafe(18),
            )
        )
    return made


def make(
    nodes: Sequence[MadeNode],
    superuser_dsn: str,
    broker_url: Callable[[str, str], str],
    clock: datetime,
    tell: Callable[[str], None],
) -> None:
    """Make every node's databases anew, write its configuration and open its training log at ``clock``.

    Each ward among them is a trust anchor of every node.
    """
    anchors = {node.member.agency: node.keys.anchor() for node in nodes if node.member.service == "ward"}
    for node in nodes:
        tell(f"ノード {node.member.name}（{node.member.title}）を用意しています")
        _make_one(node, superuser_dsn, broker_url(node.member.agency, node.broker_password), anchors)
        _open_one(node, clock)


def _make_one(node: MadeNode, superuser_dsn: str, broker: str, anchors: Mapping[str, Any]) -> None:
    name = node.member.name
    drop_node_databases(superuser_dsn, name)
    made = create_node_databases(superuser_dsn, name, secrets.token_urlsafe(18), secrets.token_urlsafe(18))
    migrate(made.owner, made.application_role)
    migrate_keys(made.keys_owner, made.application_role)
    content = {
        "node": {
            "name": name,
            "agency": node.member.agency,
            "service": node.member.service,
            "training": True,
            "key_file": "keys.json",
        },
        "database": {
            "dsn": made.application,
            "keys_dsn": made.keys_application,
            "owner_dsn": made.owner,
            "owner_keys_dsn": made.keys_owner,
        },
        "broker": {"url": broker},
        "web": {"host": "127.0.0.1", "port": node.web.number, "health_port": node.health.number},
        "trust": {insurer: dict(anchor) for insurer, anchor in anchors.items()},
    }
    node.config.touch(mode=0o600)
    node.config.write_text(tomli_w.dumps(content), encoding="utf-8")


def _open_one(node: MadeNode, clock: datetime) -> None:
    opened = Node(load_config(node.config), service_named(node.member.service))
    opened.open(training_now=clock)
    accounts, sessions = Accounts(opened.database), Sessions(opened.database)
    for name, role, display in node.member.accounts:
        node.passwords[name] = secrets.token_urlsafe(9)
        account = accounts.add(name, role, display, node.passwords[name])
        node.tokens[role] = sessions.open(account, kind="token")
    opened.close()


def save_sign_ins(nodes: Sequence[MadeNode], path: Path) -> None:
    """Write where the consoles are and how to sign in, for the scenario player and for people."""
    content = {
        node.member.name: {
            "agency": node.member.agency,
            "title": node.member.title,
            "url": node.url,
            "tokens": node.tokens,
            "passwords": node.passwords,
            "public_keys": node.keys.public_jwks(),
        }
        for node in nodes
    }
    path.touch(mode=0o600)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
