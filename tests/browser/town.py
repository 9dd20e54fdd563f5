"""Nodes in this process whose consoles answer on ports of their own, for people with real browsers."""

from dataclasses import dataclass, field
from threading import Thread
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, Page
from waitress.server import create_server

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


@dataclass
class Console:
    """One node's console, served as in production."""

    member: Member
    node: Node
    app: Flask
    url: str
    _server: Any

    @classmethod
    def serving(cls, member: Member, node: Node) -> "Console":
        accounts = Accounts(node.database)
        for name, role, display in member.accounts:
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
    def of(cls, scenario: Scenario, nodes: NodeMaker, broker: FallibleBroker, browser: Browser) -> "Town":
        """Nodes of the agencies that the scenario names, their clocks at its start."""
        broker.load(definitions({member.agency: f"secret-of-{member.agency}" for member in TOWN}))
        wanted = {each.node for each in scenario.agencies}
        members = [member for member in TOWN if member.name in wanted]
        wards = [member.agency for member in members if member.service == "ward"]
        stage, consoles = InProcess(), {}
        for member in members:
            node = nodes.make(
                service_named(member.service),
                member.agency,
                broker=broker.url(member.agency, f"secret-of-{member.agency}"),
                clock=scenario.starts_at,
                ward=wards[0],
                neighbours=wards[1:],
            )
            stage.add(member.name, node)
            consoles[member.name] = Console.serving(member, node)
        return cls(stage, consoles, browser)

    def close(self) -> None:
        for page in self._people.values():
            page.context.close()
        for console in self.consoles.values():
            console.close()
        self.stage.close()

    def somebody(self, node: str, role: str, width: int = 1366, scripts: bool = True) -> Page:
        """A window in which an account of that role has just signed in."""
        console = self.consoles[node]
        page = person(self.browser, width, scripts=scripts).new_page()
        sign_in(page, console.url, console.account_of(role), PASSWORD)
        return page

    def window(self, node: str, role: str) -> Page:
        """The window that the person of that role has had open all the time."""
        if (node, role) not in self._people:
            self._people[node, role] = self.somebody(node, role)
        return self._people[node, role]
