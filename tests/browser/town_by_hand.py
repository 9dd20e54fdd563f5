"""The town of the stories: nobody has done anything yet, and people sit at their browsers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Final

from playwright.sync_api import Browser

from deploy.cli.at_node import ROOT
from deploy.local.find_broker import FallibleBroker
from deploy.play.joined import joined
from deploy.play.player import play
from deploy.play.scenario import load_scenario
from shared.exchange.intake import BrokerAway
from shared.policy.dates import TOKYO
from tests.browser.by_hand import Person
from tests.browser.town import Town
from tests.conftest import NodeMaker

_SCENARIOS: Final = ROOT / "deploy" / "scenarios"
TOSHIMA: Final = ("ward", "centre", "office", "billing")
ADACHI: Final = ("adachi", "adachi_centre", "border_office")
_MORE_PEOPLE: Final[Mapping[str, tuple[tuple[str, str, str], ...]]] = {
    "ward": (
        ("welfare", "clerk", "高齢者福祉課の担当"),
        ("insurance", "clerk", "介護保険課の担当"),
    ),
}
"""People beside those of the demo: the two divisions of a ward sit at browsers of their own."""


@dataclass
class TownByHand:
    """The nodes, who sits there, and what day it is at each."""

    town: Town
    _people: dict[tuple[str, str], Person] = field(default_factory=dict)
    _last: str | None = None

    @classmethod
    def of(cls, nodes: NodeMaker, broker: FallibleBroker, browser: Browser) -> "TownByHand":
        """Agencies that their wards have listed with their keys, which is work for machines; nothing else happened."""
        plays = [load_scenario(_SCENARIOS / name) for name in ("toshima_model.yaml", "adachi_checklist.yaml")]
        agencies = [each for each in joined("", plays).agencies if each.node in TOSHIMA + ADACHI]
        beginning = replace(
            joined("画面だけで働く町", plays), agencies=tuple(agencies), days=(), audits=(), cases={}
        )
        town = Town.of(beginning, nodes, broker, browser, vhost="by_hand", more_people=_MORE_PEOPLE)
        assert play(beginning, town.stage).failures == []
        return cls(town)

    def close(self) -> None:
        self.town.close()

    def person(self, node: str, account: str) -> Person:
        """Who has that account, signed in since the morning."""
        if (node, account) not in self._people:
            self._people[node, account] = Person(self.town.seat(node, account), self.travelling(node))
        return self._people[node, account]

    def settle(self) -> None:
        """What was sent arrives. Whoever gave the broker no sign of life for too long connects again."""
        for _ in self.town.consoles:
            try:
                self.town.stage.settle()
                return
            except BrokerAway:
                continue
        self.town.stage.settle()

    def travelling(self, node: str) -> Callable[[], None]:
        def arrive() -> None:
            if self._last != node:
                self.settle()
                self._last = node

        return arrive

    def day(self, day: str, nodes: Sequence[str] = TOSHIMA) -> None:
        """Nine in the morning of a day, at these nodes; what was sent before has arrived."""
        self.settle()
        moment = datetime.combine(date.fromisoformat(day), time(9), TOKYO)
        for name in nodes:
            self.town.stage.nodes[name].set_clock(moment)
