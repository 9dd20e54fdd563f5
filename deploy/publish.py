"""The published contract, made from the code: what a vendor in any language integrates from.

JSON Schemas, an example of every event as signed payload with its disclosures, golden messages under published
test keys, the AsyncAPI document and the error codes. Everything is deterministic but the golden encrypted messages,
which are made once and kept as long as they can still be read.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from joserfc.jwk import OKPKey

from contracts.catalogue import CROSSING
from contracts.definition import ROLES, EventType
from contracts.disclosure import conceal, reveal
from contracts.envelope import Envelope, EnvelopeSchema, Frame, build
from contracts.errors import ALARMS, REFUSED, UNAUTHENTIC, WAITING
from contracts.file import FilePieceSchema, FileRequestSchema
from contracts.json_schema import json_schema
from contracts.opening import OpeningRequestSchema
from contracts.receipt import ReceiptSchema, ResendRequestSchema
from contracts.topology import EXCHANGE, inbox_queue, queue_arguments
from shared.exchange import jose
from shared.node.agency_keys import AgencyKeys
from shared.node.recording import canonical

PUBLISHED: Final = Path(__file__).resolve().parents[1] / "contracts" / "published"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_AGENCY_OF_ROLE: Final = {
    "ward": "131169",
    "hokatsu": "1301600019",
    "kyotaku": "1371600014",
    "billing": "131169B001",
}
_MOMENT: Final = datetime(2024, 10, 10, 9, tzinfo=ZoneInfo("Asia/Tokyo"))
_CASE: Final = UUID("6f1d9f4e-0c52-4a53-9a5c-6f2f6f0b7a11")


def artefacts() -> Iterator[tuple[str, str]]:
    """Every published file but the encrypted golden messages, as (path below ``contracts/published``, text)."""
    for kind in CROSSING.values():
        yield f"schemas/{kind.name}.v{kind.version}.json", _json(_event_schema(kind))
        yield f"examples/{kind.name}.v{kind.version}.json", _json(_example(kind))
    for name, schema in (
        ("Envelope", EnvelopeSchema),
        ("Receipt", ReceiptSchema),
        ("Resend", ResendRequestSchema),
        ("FileRequest", FileRequestSchema),
        ("FilePiece", FilePieceSchema),
        ("OpeningRequest", OpeningRequestSchema),
    ):
        yield f"schemas/{name}.json", _json({"$schema": _DIALECT, "title": name, **json_schema(schema)})
    groups = {"waiting": WAITING, "refused": REFUSED, "unauthentic": UNAUTHENTIC, "alarms": ALARMS}
    yield "errors.json", _json({name: dict(codes) for name, codes in groups.items()})
    yield "asyncapi.yaml", yaml.safe_dump(_asyncapi(), allow_unicode=True, sort_keys=False, width=110)
    yield "test-keys.json", _json({role: _test_keys(agency) for role, agency in _AGENCY_OF_ROLE.items()})


def stale() -> list[str]:
    """Published files that are missing, no longer made, or differ from what the code makes now."""
    made = dict(artefacts())
    found = {str(path.relative_to(PUBLISHED)) for path in PUBLISHED.rglob("*.*") if path.is_file()}
    golden = {f"golden/{kind.name}.v{kind.version}.txt" for kind in CROSSING.values()}
    wrong = {
        name for name, text in made.items() if name not in found or (PUBLISHED / name).read_text() != text
    }
    unreadable = {name for name in golden if name not in found or not _golden_holds(name)}
    return sorted(wrong | unreadable | (found - set(made) - golden))


def publish() -> list[str]:
    """Write what is stale; returns the names of the changed files."""
    changed = stale()
    made = dict(artefacts())
    for name in changed:
        path = PUBLISHED / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name in made:
            path.write_text(made[name], encoding="utf-8")
        elif name.startswith("golden/") and _kind_of(name) is not None:
            path.write_bytes(_golden(name) + b"\n")
        else:
            path.unlink()
    return changed


def _event_schema(kind: EventType) -> Mapping[str, Any]:
    return {
        "$schema": _DIALECT,
        "$id": f"urn:renkei:schema:{kind.name}:v{kind.version}",
        "title": kind.title,
        **json_schema(kind.schema),
        "x-scope": kind.scope,
        "x-opens-case": kind.opens_case,
        **({"x-joins": kind.joins} if kind.joins else {}),
        "x-speaks-for": kind.speaks_for,
        "x-parties": list(kind.party_fields),
        "x-senders": sorted(kind.senders),
        "x-recipients": sorted(kind.recipients),
        "x-personal": sorted(kind.personal_fields),
    }


def _example(kind: EventType) -> Mapping[str, Any]:
    payload, disclosures = _signed_payload(kind)
    return {"payload": json.loads(payload), "disclosures": disclosures}


def _signed_payload(kind: EventType) -> tuple[str, list[str]]:
    """The example of a type as it is signed: salts, ids and times follow from its name."""
    opened, disclosures = conceal(dict(kind.example), kind.personal_fields, _Salts(kind.name))
    sender, recipient = _pair(kind)
    frame = Frame(
        id=uuid5(NAMESPACE_URL, f"urn:renkei:example:{kind.name}"),
        sender=sender,
        recipient=recipient,
        epoch=1,
        sequence=1,
        time=_MOMENT,
        training=True,
    )
    envelope = Envelope(
        frame=frame,
        type=kind.name,
        version=kind.version,
        case=_CASE if kind.scope == "case" else None,
        causation=uuid5(NAMESPACE_URL, f"urn:renkei:cause:{kind.name}"),
        correlation=uuid5(NAMESPACE_URL, f"urn:renkei:cause:{kind.name}"),
        occurred_on=date(2024, 10, 10),
        recorded_at=_MOMENT,
        actor="tantou",
        data=canonical(opened),
    )
    return build(envelope), disclosures


class _Salts:
    """Salts that follow from a name, so that an example is the same at every publication."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._drawn = 0

    def __call__(self, size: int) -> bytes:
        self._drawn += 1
        return sha256(f"{self._name}/{self._drawn}".encode()).digest()[:size]


def _pair(kind: EventType) -> tuple[str, str]:
    sender = sorted(kind.senders)[0]
    others = sorted(kind.recipients - {sender}) or sorted(kind.recipients)
    return _AGENCY_OF_ROLE[sender], _AGENCY_OF_ROLE[others[0]]


def _test_keys(agency: str) -> Mapping[str, Any]:
    """Keys for tests of other software, derived from the agency's number; never for anything real."""
    keys = {}
    for use, curve in (("sig", "Ed25519"), ("enc", "X25519")):
        seed = sha256(f"renkei test key {agency} {use}".encode()).digest()
        keys[use] = _private_key(curve, seed, f"{agency}-test-{use}", use).as_dict(private=True)
    return keys


def _private_key(curve: str, seed: bytes, kid: str, use: str) -> OKPKey:
    private = Ed25519PrivateKey if curve == "Ed25519" else X25519PrivateKey
    public = private.from_private_bytes(seed).public_key().public_bytes_raw()
    jwk: dict[str, str | list[str]] = {
        "kty": "OKP",
        "crv": curve,
        "x": _base64(public),
        "d": _base64(seed),
        "kid": kid,
        "use": use,
    }
    return OKPKey.import_key(jwk)


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _kind_of(name: str) -> EventType | None:
    return CROSSING.get(name.removeprefix("golden/").split(".")[0])


def _golden(name: str) -> bytes:
    """The example as it would stand in a queue: signed, with disclosures, encrypted to the recipient's test key."""
    kind = _kind_of(name)
    assert kind is not None
    sender, recipient = _pair(kind)
    payload, disclosures = _signed_payload(kind)
    token = jose.sign(payload, OKPKey.import_key(dict(_test_keys(sender)["sig"])), jose.EVENT)
    return jose.seal(token, disclosures, OKPKey.import_key(dict(_test_keys(recipient)["enc"])))


def _golden_holds(name: str) -> bool:
    """Whether the stored golden message still decrypts, verifies, and says what the example says."""
    kind = _kind_of(name)
    path = PUBLISHED / name
    if kind is None or not path.exists():
        return False
    sender, recipient = _pair(kind)
    keys = AgencyKeys(recipient, b"", (), (OKPKey.import_key(dict(_test_keys(recipient)["enc"])),))
    try:
        opened = jose.unseal(path.read_bytes().strip(), keys)
        jose.verify(opened.jws, OKPKey.import_key(dict(_test_keys(sender)["sig"])))
        claimed = jose.peek(opened.jws).payload
        reveal(claimed["data"], opened.disclosures)
    except (ValueError, KeyError):
        return False
    return bool(claimed == json.loads(_signed_payload(kind)[0]))


def _asyncapi() -> dict[str, Any]:
    messages = {
        f"{kind.name}.v{kind.version}": {
            "name": kind.name,
            "title": kind.title,
            "contentType": "application/jose",
            "summary": f"{_roles(kind.senders)} → {_roles(kind.recipients)}",
            "payload": {"$ref": f"./schemas/{kind.name}.v{kind.version}.json"},
            "examples": [{"name": "example", "payload": dict(kind.example)}],
        }
        for kind in CROSSING.values()
    }
    references = {name: {"$ref": f"#/components/messages/{name}"} for name in messages}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Renkei exchange",
            "version": "1",
            "description": (
                "Each message body is a JWE (ECDH-ES, A256GCM) whose plaintext is a JWS (Ed25519) over a CloudEvents"
                " 1.0 envelope, followed by the disclosures of its personal fields as in RFC 9901. The payloads below"
                " are the events' data with the personal fields in the clear; see README.md and DELIVERY.md in"
                " contracts."
            ),
        },
        "defaultContentType": "application/jose",
        "channels": {
            "inbox": {
                "address": "{agency}.{eventType}",
                "description": f"Routing key in the topic exchange `{EXCHANGE}`; each agency reads its own queue.",
                "parameters": {
                    "agency": {"description": "Number of the recipient agency"},
                    "eventType": {"description": "Name of the event type or of another message"},
                },
                "messages": references,
                "bindings": {
                    "amqp": {
                        "is": "routingKey",
                        "exchange": {"name": EXCHANGE, "type": "topic", "durable": True, "vhost": "renkei"},
                    }
                },
            }
        },
        "operations": {
            "send": {"action": "send", "channel": {"$ref": "#/channels/inbox"}},
            "receive": {
                "action": "receive",
                "channel": {"$ref": "#/channels/inbox"},
                "description": (
                    f"From the queue `{inbox_queue('1371600014')}` (for that agency), declared as"
                    f" {json.dumps(queue_arguments('1371600014'), ensure_ascii=False)}"
                ),
            },
        },
        "components": {"messages": messages},
    }


def _roles(roles: frozenset[str]) -> str:
    return "・".join(ROLES[each] for each in sorted(roles))


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
