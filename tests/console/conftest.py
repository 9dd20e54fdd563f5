"""A node with a small service, its console, and people who are signed in to it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from contracts.catalogue import CROSSING
from contracts.events.sample import BILLING, CENTRE, OFFICE, PERSON, WARD
from shared.console.accounts import Accounts
from shared.console.app import create_app
from shared.console.sessions import Sessions
from shared.eventlog.model import NewEvent
from shared.exchange.state import exchange_state
from shared.node.agency_keys import AgencyKeys
from shared.node.config import NodeConfig
from shared.node.node import Node
from shared.node.recording import Cause, Recorder
from shared.node.service import Service
from tests.conftest import NodeDatabases
from tests.console import sample

PASSWORD = "とてもながい合言葉-2024"
START = datetime.fromisoformat("2024-10-07T09:00:00+09:00")
TODAY = START.date()
HEADERS = {"User-Agent": "test"}

MakeNode = Callable[..., Node]

AGENCIES = {"ward": WARD, "hokatsu": CENTRE, "kyotaku": OFFICE, "billing": BILLING}
ROLES = {"ward": "clerk", "hokatsu": "staff", "kyotaku": "care_manager", "billing": "billing"}
NAME = str(PERSON["name"])


@pytest.fixture
def make_node(make_databases: Callable[[], NodeDatabases], tmp_path: Path) -> Iterator[MakeNode]:
    """Makes an open node of the sample service, in training mode unless told otherwise."""
    made: list[Node] = []

    def make(training: bool = True, service: Service = sample.SERVICE, agency: str = sample.AGENCY) -> Node:
        databases = make_databases()
        key_file = tmp_path / f"keys-{len(made)}.json"
        AgencyKeys.generate(agency).save(key_file)
        config = NodeConfig(
            name="sample",
            agency=agency,
            service=service.name,
            training=training,
            database=databases.application,
            keys_database=databases.keys,
            broker="amqp://127.0.0.1:1/",
            key_file=key_file,
            trust={},
            owner_database=databases.owner,
            owner_keys_database=databases.owner_keys,
        )
        node = Node(config, service)
        node.open(START if training else None)
        made.append(node)
        return node

    yield make
    for node in made:
        node.close()


@pytest.fixture
def node(make_node: MakeNode) -> Node:
    return make_node()


@pytest.fixture
def app(node: Node) -> Flask:
    made = create_app(node, exchange_state=exchange_state)
    accounts = Accounts(node.database)
    for role in ("care_manager", "administrator", "auditor", "billing"):
        accounts.add(role.replace("_", "."), role, f"見本 {role}", PASSWORD)
    return made


def take_in(node: Node, sender: str, *events: NewEvent, on: date = TODAY) -> None:
    """Put events into the log as if ``sender`` had sent them, about acts of a day."""
    cause = uuid4()
    recorder = Recorder(sender, node.event_types, node.keys)
    records = recorder.records(events, Cause(cause, cause, "partner", on))
    with node.log.write() as writing:
        writing.append([replace(each, origin="signed", to=()) for each in records])


@dataclass
class Browser:
    """A person's browser: keeps cookies and brings each form's token back, as a person's clicks would."""

    client: FlaskClient
    csrf: str = field(default="")

    def get(self, address: str, **options: Any) -> TestResponse:
        response = self.client.get(address, headers=HEADERS, **options)
        self._remember(response)
        return response

    def post(self, address: str, form: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        response = self.client.post(
            address, data={"csrf": self.csrf, **(form or {})}, headers=HEADERS, **options
        )
        self._remember(response)
        return response

    def send(self, address: str, form: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Post a form and go where the answer leads."""
        response = self.post(address, form, **options)
        return self.get(response.headers["Location"]) if response.status_code == 302 else response

    def sign_in(self, name: str, password: str = PASSWORD) -> TestResponse:
        self.get("/signin")
        response = self.post("/signin", {"name": name, "password": password})
        if response.status_code == 302:
            self.get(response.headers["Location"])
        return response

    def _remember(self, response: TestResponse) -> None:
        if response.mimetype == "application/pdf":
            return
        _, found, rest = response.text.partition('name="csrf" value="')
        if found:
            self.csrf = rest.split('"', 1)[0]


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def sign_in(app: Flask) -> Callable[[str], Browser]:
    """A browser in which an account of that name is signed in."""

    def signed_in(name: str) -> Browser:
        made = Browser(app.test_client())
        assert made.sign_in(name).status_code == 302
        return made

    return signed_in


@dataclass(frozen=True)
class Api:
    """A vendor's system with its token."""

    client: FlaskClient
    token: str

    def get(self, address: str, **options: Any) -> TestResponse:
        return self.client.get(f"/api/v1{address}", headers=self._headers, **options)

    def post(self, address: str, body: Any) -> TestResponse:
        return self.client.post(f"/api/v1{address}", json=body, headers=self._headers)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


@pytest.fixture
def api(app: Flask, node: Node) -> Callable[[str], Api]:
    """The API with a token of an account of that name."""

    def with_token(name: str) -> Api:
        account = Accounts(node.database).get(name)
        assert account is not None
        return Api(app.test_client(), Sessions(node.database).open(account, "token"))

    return with_token


@pytest.fixture
def case_id(node: Node) -> UUID:
    """A case of the invented person, opened directly at the node."""
    fields = {"name": sample.NAME, "status": "support2"}
    result = node.handle(node.parse("OpenSample", fields, actor="care.manager", command_id=uuid4()))
    assert result.case_id is not None
    return result.case_id


@pytest.fixture
def rows(node: Node) -> Callable[..., list[tuple[Any, ...]]]:
    """Reads the node's tables as the owner."""

    def read(query: str, *parameters: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(node.config.owner_database or "") as connection:
            return connection.execute(query.encode(), parameters).fetchall()

    return read


Console = tuple[Node, Browser, UUID]


@pytest.fixture
def console_of(make_node: MakeNode) -> Callable[[str], Console]:
    """A node of a real service that knows one case, and a signed-in browser."""

    def make(service: str) -> Console:
        definition = import_module(f"services.{service}.definition").SERVICE
        pages = import_module(f"services.{service}.pages").PAGES
        node = make_node(service=definition, agency=AGENCIES[service])
        case_id = uuid4()
        opener = CENTRE if service == "kyotaku" else OFFICE
        take_in(node, opener, event("CaseOpened", case_id))
        Accounts(node.database).add("hanako", ROLES[service], "見本 花子", PASSWORD)
        browser = Browser(create_app(node, role_pages=(pages,)).test_client())
        assert browser.sign_in("hanako").status_code == 302
        return node, browser, case_id

    return make


def event(name: str, case_id: UUID, /, **changes: Any) -> NewEvent:
    return NewEvent(name, {**CROSSING[name].example, **changes}, case_id=case_id)
