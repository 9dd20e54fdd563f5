"""One browser, and one town whose nodes have lived through the plays of its pages, for every test of this folder."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from deploy.browser.chromium import chromium, fetching
from deploy.browser.life import SHOWN, first_addresses, life
from deploy.browser.pages import Page, pages_of
from deploy.cli.at_node import ROOT
from deploy.demo.cast import TOWN
from deploy.local.find_broker import FallibleBroker
from deploy.play.player import Played, play
from tests.browser.toshima_case import whole_case
from tests.browser.town import Town
from tests.browser.town_by_hand import TownByHand
from tests.conftest import NodeMaker, Templates

LIFE = life()
PLAYING = {each.node for each in LIFE.agencies}
ROLES = [(each.name, role) for each in TOWN if each.name in PLAYING for _, role, _ in each.accounts]
DAILY = {("office", "care_manager"), ("centre", "staff"), ("ward", "clerk"), ("billing", "billing")}
"""Who does the day's work at each kind of node; ``--sweep`` looks at the pages of everybody."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if {"node", "role"} <= set(metafunc.fixturenames):
        swept = metafunc.config.getoption("--sweep")
        metafunc.parametrize(("node", "role"), [each for each in ROLES if swept or each in DAILY])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """That every view is reached by links shows only where the pages of everybody are looked at."""
    if config.getoption("--sweep"):
        return
    whole = [each for each in items if each.name.startswith("test_every_view_of_every_console")]
    config.hook.pytest_deselected(items=whole)
    items[:] = [each for each in items if each not in whole]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium(ROOT / ".local" / "browser", print) as started:
        yield started


@pytest.fixture(scope="package")
def lasting_nodes(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeMaker]:
    maker = NodeMaker(templates.lend, tmp_path_factory.mktemp("nodes"))
    yield maker
    for node in maker.made:
        node.close()


@dataclass(frozen=True)
class Lived:
    """The town after its plays, and what they came to."""

    town: Town
    played: Played


@pytest.fixture(scope="package")
def lived(lasting_nodes: NodeMaker, broker: FallibleBroker, browser: Browser) -> Iterator[Lived]:
    town = Town.of(LIFE, lasting_nodes, broker, browser)
    try:
        yield Lived(town, play(LIFE, town.stage))
    finally:
        town.close()


@pytest.fixture(scope="package")
def by_hand(lasting_nodes: NodeMaker, broker: FallibleBroker, browser: Browser) -> Iterator[TownByHand]:
    """A town in which nothing has happened yet; the stories' people do everything in it themselves."""
    town = TownByHand.of(lasting_nodes, broker, browser)
    try:
        yield town
    finally:
        town.close()


@pytest.fixture(scope="package")
def worked(by_hand: TownByHand) -> TownByHand:
    """The same town, in which the whole case of Toshima has been worked by hand."""
    whole_case(by_hand)
    return by_hand


Visits = dict[tuple[str, str], list[Page]]


@pytest.fixture(scope="package")
def visits(lived: Lived, request: pytest.FixtureRequest) -> Visits:
    """By node and role: the pages that somebody of that role reaches by links."""
    cases = {lived.played.cases[name] for name in SHOWN}
    first = first_addresses(lived.played.cases)
    found: Visits = {}
    for name, console in lived.town.consoles.items():
        for _, role, _ in console.member.accounts:
            if not request.config.getoption("--sweep") and (name, role) not in DAILY:
                continue
            window = lived.town.window(name, role)
            fetch = fetching(window.context, console.url)
            found[name, role] = pages_of(console.app, console.node, fetch, cases, first)
    return found
