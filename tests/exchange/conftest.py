"""A ward, an office and a centre with real databases and a real broker, turned by hand."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from amqp import Message
from joserfc.jwk import OKPKey
from kombu.connection import Connection

from contracts.catalogue import CROSSING
from contracts.disclosure import conceal
from contracts.envelope import Envelope, Frame, build
from contracts.events.sample import OFFICE, WARD
from contracts.topology import EXCHANGE, inbox_queue, routing_key
from deploy.local.find_broker import FallibleBroker
from shared.eventlog.log import Row
from shared.eventlog.model import Event, NewEvent
from shared.exchange import jose
from shared.exchange.exchange import Exchange, drain
from shared.node.agency_keys import AgencyKeys
from shared.node.node import Node
from shared.node.recording import Cause
from shared.node.service import Service
from shared.policy.dates import TOKYO
from tests.broker_fixture import operator_url, password_of
from tests.conftest import NodeMaker

CENTRE = "1301600019"
ROLES = {WARD: "ward", OFFICE: "kyotaku", CENTRE: "hokatsu"}
LISTED_FROM = "2024-09-01T00:00:00+09:00"
CLOCK = datetime(2024, 10, 7, 9, tzinfo=TOKYO)


def silent_service(role: str) -> Service:
    """A service without commands and reactions: what the exchange does by itself."""
    return Service(role, role, role, {})


def example(name: str, **changes: Any) -> dict[str, Any]:
    """Valid data of a crossing type."""
    return {**CROSSING[name].example, **changes}


def named_alike(keys: AgencyKeys, other: AgencyKeys) -> AgencyKeys:
    """Keys that pretend to be another's: the same key id, other numbers."""
    own = keys.signing_key().as_dict(private=True)
    pretended = OKPKey.import_key({**own, "kid": str(other.signing_key().kid)})
    return AgencyKeys(other.agency, keys.node_key, (pretended,), keys.encryption)


def listing(maker: NodeMaker, agency: str, **changes: Any) -> dict[str, Any]:
    """Data of an ``AgencyListed`` with the agency's own keys."""
    keys = [
        {"kid": each["kid"], "use": each["use"], "jwk": each, "valid_from": LISTED_FROM, "valid_to": None}
        for each in maker.keys_of(agency).public_jwks()
    ]
    read = {
        "insurer": WARD,
        "agency": agency,
        "name": f"見本事業所 {agency}",
        "roles": [ROLES.get(agency, "kyotaku")],
        "keys": keys,
        "listed_on": "2024-09-01",
    }
    return {**read, **changes}


@dataclass
class Voice:
    """An agency that speaks for itself, message by message: a vendor's system, or an attacker's.

    Numbers and digests run on by themselves unless they are given.
    """

    keys: AgencyKeys
    recipient: AgencyKeys
    sequence: int = 0
    previous: bytes | None = None

    def say(
        self,
        name: str,
        data: Mapping[str, Any] | None = None,
        *,
        case: UUID | None = None,
        version: int = 1,
        key: AgencyKeys | None = None,
        change: Mapping[str, Any] | None = None,
        disclosures: Sequence[str] | None = None,
        **frame: Any,
    ) -> bytes:
        """The body of the next message. ``change`` overrides attributes of the finished envelope."""
        kind = CROSSING.get(name)
        given = dict(kind.example if kind and data is None else data or {})
        opened, disclosed = conceal(given, kind.personal_fields if kind else ())
        told = {
            "id": uuid4(),
            "sender": self.keys.agency,
            "recipient": self.recipient.agency,
            "epoch": 1,
            "sequence": self.sequence + 1,
            "time": CLOCK,
            "training": True,
            "previous_digest": self.previous,
            **frame,
        }
        envelope = Envelope(
            Frame(**told),
            name,
            version,
            case,
            None,
            None,
            CLOCK.date(),
            CLOCK,
            "tantou",
            json.dumps(opened, ensure_ascii=False),
        )
        payload = {**json.loads(build(envelope)), **(change or {})}
        token = jose.sign(json.dumps(payload), (key or self.keys).signing_key(), jose.EVENT)
        self.sequence, self.previous = told["sequence"], jose.digest(token)
        return self.seal(token, disclosed if disclosures is None else disclosures)

    def seal(self, token: str, disclosures: Sequence[str] = (), erased: bool = False) -> bytes:
        return jose.seal(token, disclosures, jose.public_key(self.recipient.public_jwks()[1]), erased)


@dataclass
class Town:
    """The three nodes, and what tests do to them."""

    maker: NodeMaker
    broker: FallibleBroker
    exchanges: dict[str, Exchange] = field(default_factory=dict)

    @property
    def ward(self) -> Node:
        return self.exchanges[WARD].node

    @property
    def office(self) -> Node:
        return self.exchanges[OFFICE].node

    @property
    def centre(self) -> Node:
        return self.exchanges[CENTRE].node

    def add(self, agency: str, service: Service | None = None) -> Node:
        node = self.maker.make(
            service or silent_service(ROLES[agency]),
            agency,
            broker=self.broker.url(agency, password_of(agency)),
            clock=CLOCK,
        )
        self.exchanges[agency] = Exchange(node)
        return node

    def replace(self, node: Node, service: Service) -> Node:
        """The same agency, database and keys with another service."""
        self.exchanges[node.agency].close()
        again = Node(node.config, service)
        again.open()
        self.maker.made.append(again)
        self.exchanges[node.agency] = Exchange(again)
        return again

    def list_agencies(self, agencies: Sequence[str], to: Sequence[str]) -> None:
        for agency in agencies:
            record(self.ward, "AgencyListed", listing(self.maker, agency), to=tuple(to))

    def voice(self, sender: str, recipient: str) -> Voice:
        return Voice(self.maker.keys_of(sender), self.maker.keys_of(recipient))

    def drain(self, *agencies: str) -> None:
        drain([self.exchanges[each] for each in agencies or self.exchanges])

    def turn(self, agency: str, times: int = 3) -> None:
        for _ in range(times):
            self.exchanges[agency].turn()

    def send_raw(self, agency: str, body: bytes, key: str = "Anything") -> None:
        """Put bytes into an agency's inbox, as whoever reaches the broker can."""
        with Connection(operator_url(self.broker)) as connection:
            channel = connection.default_channel
            channel.basic_publish(Message(body), exchange=EXCHANGE, routing_key=routing_key(agency, key))
            channel.close()

    def depth(self, queue: str) -> int:
        """How many messages lie in a queue."""
        with Connection(operator_url(self.broker)) as connection:
            return int(connection.default_channel.queue_declare(queue, passive=True).message_count)

    def take_raw(self, agency: str) -> list[bytes]:
        """Everything that lies in an agency's inbox, taken out; its node does not see it."""
        if agency in self.exchanges:
            self.exchanges[agency].reception.close()
        bodies = []
        with Connection(operator_url(self.broker)) as connection:
            channel = connection.default_channel
            while (message := channel.basic_get(inbox_queue(agency), no_ack=True)) is not None:
                body = message.body
                bodies.append(body.encode() if isinstance(body, str) else bytes(body))
        return bodies


def record(
    node: Node,
    name: str,
    data: dict[str, Any],
    *,
    case_id: UUID | None = None,
    to: tuple[str, ...] = (),
) -> Event:
    """Append one event as a command of this node would."""
    day = node.today()
    cause_id = uuid4()
    records = node.recorder.records(
        [NewEvent(name, data, case_id=case_id, to=to)], Cause(cause_id, cause_id, "tantou", day)
    )
    with node.log.write() as writing:
        return writing.append(records)[0]


def open_case(node: Node, to: tuple[str, ...] = (), case_id: UUID | None = None, **changes: Any) -> UUID:
    """Open a case of which all three agencies are parties."""
    case_id = case_id or uuid4()
    data = example("CaseOpened", **{"parties": dict(ROLES), **changes})
    record(node, "CaseOpened", data, case_id=case_id, to=to)
    return case_id


def stored(node: Node, name: str) -> list[Row]:
    """The node's rows of one event type."""
    return [row for page in node.log.pages() for row in page if row.type == name]


def rows(node: Node, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """What a query gives on the node's database."""
    with node.database.connection() as connection:
        return connection.execute(query.encode(), parameters).fetchall()


def parked(node: Node) -> list[tuple[str, str, str | None]]:
    """Kind, code and sender of what is parked."""
    return rows(node, "select kind, code, partner from parked where resolved_at is null order by id")  # type: ignore[return-value]


def received(node: Node, partner: str) -> list[tuple[Any, ...]]:
    """What became of a partner's messages: sequence, status, code."""
    return rows(
        node,
        "select sequence, status, code from received where partner = %s order by epoch, sequence",
        partner,
    )


def receipted(node: Node, partner: str) -> list[tuple[Any, ...]]:
    """What a partner's receipts say: sequence, status, code."""
    return rows(
        node,
        "select sequence, status, code from receipted where partner = %s order by epoch, sequence",
        partner,
    )


@pytest.fixture
def empty_town(nodes: NodeMaker, empty_broker: FallibleBroker) -> Iterator[Town]:
    """A town without nodes."""
    town = Town(nodes, empty_broker)
    yield town
    for exchange in town.exchanges.values():
        exchange.close()


@pytest.fixture
def town(empty_town: Town) -> Town:
    """A town whose nodes know each other; nothing is on its way."""
    for agency in ROLES:
        empty_town.add(agency)
    empty_town.list_agencies(list(ROLES), (OFFICE, CENTRE))
    empty_town.drain()
    return empty_town
