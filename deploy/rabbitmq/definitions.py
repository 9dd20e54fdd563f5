"""The definitions document that a broker loads at every start, so that a wiped broker comes back complete.

Run as a script it writes the document of a production broker:
``python -m deploy.rabbitmq.definitions ACCOUNTS.toml > definitions.json`` (see deploy/README.md).
"""

import base64
import hashlib
import json
import re
import secrets
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contracts.topology import (
    DEAD_EXCHANGE,
    EXCHANGE,
    VHOST,
    binding_key,
    dead_queue,
    inbox_queue,
    queue_arguments,
)

OPERATOR = "operator"
"""The user of whoever runs the broker: sees and moves everything, and can read none of it."""

_NOTHING = "^$"
Json = dict[str, Any]


def definitions(passwords: Mapping[str, str], operator_password: str | None = None) -> Json:
    """The document for agencies with these passwords (agency number -> password of its broker user).

    An agency's user is named by its number; it may write to the exchange, read its own inbox and configure
    nothing. ``operator_password`` adds the operator's user. Passwords appear as salted hashes only.
    """
    agencies = list(passwords)
    operator = {} if operator_password is None else {OPERATOR: operator_password}
    return {
        "users": [_user(name, password) for name, password in {**passwords, **operator}.items()],
        "vhosts": [{"name": VHOST}],
        "permissions": [
            *(
                _permissions(agency, write=_only(EXCHANGE), read=_only(inbox_queue(agency)))
                for agency in agencies
            ),
            *(_permissions(name, configure=".*", write=".*", read=".*") for name in operator),
        ],
        "exchanges": [_exchange(EXCHANGE), _exchange(DEAD_EXCHANGE)],
        "queues": [
            *(_queue(inbox_queue(agency), queue_arguments(agency)) for agency in agencies),
            *(_queue(dead_queue(agency), {"x-queue-type": "quorum"}) for agency in agencies),
        ],
        "bindings": [
            *(_binding(EXCHANGE, inbox_queue(agency), binding_key(agency)) for agency in agencies),
            *(_binding(DEAD_EXCHANGE, dead_queue(agency), binding_key(agency)) for agency in agencies),
        ],
    }


def _user(name: str, password: str) -> Json:
    salt = secrets.token_bytes(
        4
    )  # the broker's format: four bytes of salt, then SHA-256 over salt and password
    digest = hashlib.sha256(salt + password.encode()).digest()
    return {
        "name": name,
        "password_hash": base64.b64encode(salt + digest).decode(),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": ["administrator"] if name == OPERATOR else [],
    }


def _permissions(user: str, *, write: str, read: str, configure: str = _NOTHING) -> Json:
    return {"user": user, "vhost": VHOST, "configure": configure, "write": write, "read": read}


def _only(name: str) -> str:
    return f"^{re.escape(name)}$"


def _exchange(name: str) -> Json:
    return {
        "name": name,
        "vhost": VHOST,
        "type": "topic",
        "durable": True,
        "auto_delete": False,
        "internal": False,
        "arguments": {},
    }


def _queue(name: str, arguments: Mapping[str, str | int]) -> Json:
    return {
        "name": name,
        "vhost": VHOST,
        "durable": True,
        "auto_delete": False,
        "arguments": dict(arguments),
    }


def _binding(exchange: str, queue: str, key: str) -> Json:
    return {
        "source": exchange,
        "vhost": VHOST,
        "destination": queue,
        "destination_type": "queue",
        "routing_key": key,
        "arguments": {},
    }


def _main() -> None:
    accounts = tomllib.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    document = definitions(accounts["agencies"], accounts.get("operator_password"))
    json.dump(document, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    _main()
