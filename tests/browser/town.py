"""Nodes in this process whose consoles answer on ports of their own, for people with real browsers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Thread
from typing import Any, Final

from flask import Flask
from playwright.sync_api import Browser, Page
from waitress.server import create_server

from contracts.topology import VHOST
from deploy.browser.chromium import person, sign_in
from deploy.composition import service_named
from deploy.demo.cast import TOWN, Member
from deploy.local.find_broker import FallibleBroker
from deploy.local.ports import free_port
from deploy.play.scenario import Scenario
from deploy.rabbitmq.definitions import definitions
from deploy.web import application
from shared.console.accounts import Accounts
from shared.node.node import Node
from tests.conftest import NodeMaker
from tests.scenarios.in_process import InProcess

PASSWORD = "とてもながい合言葉-2024"
_NOBODY: Final[Mapping[str, Sequence[tuple[str, str, str]]]] = {}


@dataclass
class Console:
    """One node's console, served as in production."""

    member: Member
    node: Node
    app: Flask
    url: str
    _server: Any

    @classmethod
    def serving(
        cls, member: Member, node: Node, more_people: Sequence[tuple[str, str, str]] = ()
    ) -> "Console":
        accounts = Accounts(node.database)
        for name, role, display in (*member.accounts, *more_people):
            accounts.add(name, role, display, PASSWORD)
        app = application(node)
        port = free_port()
        server = create_server(app, host="127.0.0.1", port=port.number, threads=4, ident=None)
        Thread(target=server.run, name=member.name, daemon=True).start()
        return cls(member, node, app, f"http://127.0.0.1:{port.number}", server)

    def close(self) -> None:
        self._server.close()

    def account_of(self, role: str) -> str:
        return next(name for name, its_role, _ in self.member.accounts if its_role == role)


@dataclass
class Town:
    """The consoles of a scenario's agencies, and the stage on which their messages travel."""

    stage: InProcess
    consoles: dict[str, Console]
    browser: Browser
    _people: dict[tuple[str, str], Page] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        nodes: NodeMaker,
        broker: FallibleBroker,
        browser: Browser,
        vhost: str = VHOST,
        more_people: Mapping[str, Sequence[tuple[str, str, str]]] = _NOBODY,
    ) -> "Town":
        """Nodes of the agencies that the scenario names, their clocks at its start.

        Towns that have the same agencies need a ``vhost`` each on the broker. ``more_people`` are further accounts by
        node.
        """
        broker.load(_in_vhost(definitions({member.agency: _secret(member) for member in TOWN}), vhost))
        wanted = {each.node for each in scenario.agencies}
        members = [member for member in TOWN if member.name in wanted]
        wards = [member.agency for member in members if member.service == "ward"]
        stage, consoles = InProcess(), {}
        for member in members:
            node = nodes.make(
                service_named(member.service),
                member.agency,
                broker=broker.url(member.agency, _secret(member)).removesuffix(VHOST) + vhost,
                clock=scenario.starts_at,
                ward=wards[0],
                neighbours=wards[1:],
            )
            stage.add(member.name, node)
            consoles[member.name] = Console.serving(member, node, more_people.get(member.name, ()))
        return cls(stage, consoles, browser)

    def close(self) -> None:
        for page in self._people.values():
            page.context.close()
        for console in self.consoles.values():
            console.close()
        self.stage.close()

    def somebody(self, node: str, role: str, width: int = 1366, scripts: bool = True) -> Page:
        """A window in which an account of that role has just signed in."""
        return self.seat(node, self.consoles[node].account_of(role), width, scripts)

    def seat(self, node: str, account: str, width: int = 1366, scripts: bool = True) -> Page:
        """A window in which somebody has just signed in."""
        page = person(self.browser, width, scripts=scripts).new_page()
        sign_in(page, self.consoles[node].url, account, PASSWORD)
        return page

    def window(self, node: str, role: str) -> Page:
        """The window that the person of that role has had open all the time."""
        if (node, role) not in self._people:
            self._people[node, role] = self.somebody(node, role)
        return self._people[node, role]


def _secret(member: Member) -> str:
    return f"secret-of-{member.agency}"


def _in_vhost(document: dict[str, Any], name: str) -> dict[str, Any]:
    """A broker's definitions with everything of it in another virtual host."""
    moved = {
        kind: [{**each, "vhost": name} if "vhost" in each else each for each in found]
        for kind, found in document.items()
    }
    return {**moved, "vhosts": [{"name": name}]}
