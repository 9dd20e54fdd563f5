"""The configuration of one node: a TOML file, and a key file that only the node can read."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.policy.unreadable import why


class ConfigurationError(Exception):
    """A configuration that can't be used; the message is Japanese and says what to change."""


@dataclass(frozen=True, slots=True)
class NodeConfig:
    """One agency's node.

    ``database`` and ``keys_database`` are libpq connection strings of the application role, ``owner_database`` and
    ``owner_keys_database`` those of the owner, needed for migrations only. ``trust`` maps an insurer's number to the
    public signing key (JWK) of its ward. ``trusted_proxy`` is the address of the proxy that ends TLS, if there is one:
    only its ``X-Forwarded-For`` and ``X-Forwarded-Proto`` are believed. ``key_file`` holds the node key and the
    agency's private keys.
    """

    name: str
    agency: str
    service: str
    training: bool
    database: str
    keys_database: str
    broker: str
    key_file: Path
    trust: Mapping[str, Mapping[str, Any]]
    web_host: str = "127.0.0.1"
    web_port: int = 8000
    health_port: int = 8001
    trusted_proxy: str | None = None
    owner_database: str | None = None
    owner_keys_database: str | None = None


_SECTIONS = ("node", "database", "broker", "trust")


def load_config(path: Path) -> NodeConfig:
    """Read a node's configuration file.

    :raises ConfigurationError: unreadable, or a section or value is missing.
    """
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise ConfigurationError(f"設定ファイル {path} を読めません: {why(problem)}") from problem
    except tomllib.TOMLDecodeError as problem:
        raise ConfigurationError(
            f"設定ファイル {path} は TOML の書き方になっていません（{problem}）"
        ) from problem
    missing = [section for section in _SECTIONS if section not in read]
    if missing:
        raise ConfigurationError(f"設定ファイル {path} に [{missing[0]}] がありません")
    node, database, web = read["node"], read["database"], read.get("web", {})
    try:
        return NodeConfig(
            name=node["name"],
            agency=node["agency"],
            service=node["service"],
            training=bool(node.get("training", False)),
            database=database["dsn"],
            keys_database=database["keys_dsn"],
            owner_database=database.get("owner_dsn"),
            owner_keys_database=database.get("owner_keys_dsn"),
            broker=read["broker"]["url"],
            key_file=(path.parent / node["key_file"]).resolve(),
            trust={insurer: dict(key) for insurer, key in read["trust"].items()},
            web_host=web.get("host", "127.0.0.1"),
            web_port=int(web.get("port", 8000)),
            health_port=int(web.get("health_port", 8001)),
            trusted_proxy=web.get("trusted_proxy"),
        )
    except KeyError as problem:
        raise ConfigurationError(f"設定ファイル {path} に {problem.args[0]} がありません") from problem
