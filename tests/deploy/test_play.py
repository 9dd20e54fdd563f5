"""The player: what it reads, how it checks, and when it stops."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.cli.commands.play import case_lines
from deploy.composition import service_named
from deploy.demo.cast import CAST
from deploy.play.checks import differs
from deploy.play.player import Played, play
from deploy.play.scenario import Act, Scenario, ScenarioError, load_scenario
from deploy.play.target import Answer, Listed, Order, Rejected

FILE = Path("deploy/scenarios/toshima_model.yaml")


# --- the scenario of the demo ---


def acts() -> list[Act]:
    return [act for day in load_scenario(FILE).days for act in day.acts if isinstance(act, Act)]


def test_the_demo_s_scenario_gives_commands_that_exist_by_people_who_may() -> None:
    services = {member.name: service_named(member.service) for member in CAST}
    accounts = {member.name: {role for _, role, _ in member.accounts} for member in CAST}
    for act in acts():
        spec = services[act.node].commands[act.command]
        assert act.role in spec.roles & accounts[act.node], (act.node, act.command)


def test_its_days_only_go_forward_and_its_agencies_are_the_demo_s() -> None:
    scenario = load_scenario(FILE)
    days = [day.day for day in scenario.days]
    assert days == sorted(set(days))
    assert {each.node for each in scenario.agencies} == {member.name for member in CAST}


def test_it_shows_the_refusals_that_matter() -> None:
    shown = {act.refused["rule"] for act in acts() if act.refused and "rule" in act.refused}
    assert shown >= {
        "T-02",
        "T-03",
        "T-06N",
        "T-12",
        "T-14",
        "T-16",
        "T-17",
        "T-23",
        "T-61",
        "decision 24",
    }


def test_what_only_the_document_recommends_is_shown_as_advice() -> None:
    assert {"T-12", "T-15", "T-35", "T-60", "T-61", "T-66"} <= {rule for act in acts() for rule in act.advice}


# --- reading ---

GOOD: dict[str, Any] = {
    "title": "試験",
    "starts_at": "2024-09-02T09:00:00+09:00",
    "case": "a",
    "ward": "ward",
    "agencies": {"ward": {"name": "区", "roles": ["ward"]}},
    "days": [],
}


def load(tmp_path: Path, **changes: Any) -> Scenario:
    path = tmp_path / "scenario.yaml"
    path.write_text(yaml.safe_dump({**GOOD, **changes}, allow_unicode=True), encoding="utf-8")
    return load_scenario(path)


def day(*acts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"day": date(2024, 10, 1), "title": "日", "acts": list(acts), **more}


GIVE = {"node": "ward", "as": "clerk", "command": "RecordHearing", "fields": {"agency": "1371600014"}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts_at": "2024-09-02T09:00:00"},
        {"starts_at": "yesterday"},
        {"days": [{"day": date(2024, 10, 1)}]},
        {"days": [day({**GIVE, "commands": "x"})]},
        {"days": [day({**GIVE, "node": "nowhere"})]},
        {"agencies": None},
    ],
)
def test_a_scenario_that_can_t_be_played_is_refused_in_japanese(
    tmp_path: Path, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ScenarioError) as refused:
        load(tmp_path, **wrong)
    assert not str(refused.value).isascii()


def test_an_unreadable_scenario_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError):
        load_scenario(tmp_path / "missing.yaml")


# --- comparing ---


@pytest.mark.parametrize(
    ("actual", "wanted"),
    [
        (1, 1),
        ({"a": 1, "b": 2}, {"a": 1}),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [2]}}),
        ([{"rule": "T-61"}, {"rule": "T-33"}], [{"rule": "T-33"}]),
        ("2024-10-01", date(2024, 10, 1)),
        ({}, {}),
    ],
)
def test_what_is_named_must_be_there(actual: Any, wanted: Any) -> None:
    assert differs(actual, wanted) is None


@pytest.mark.parametrize(
    ("actual", "wanted"),
    [
        (1, 2),
        ({"a": 1}, {"a": None}),
        ({}, {"a": 1}),
        ([1], [2]),
        (None, {"a": 1}),
        ("abc", ["a"]),
        ({"a": {"b": 1}}, {"a": {"b": 2}}),
    ],
)
def test_what_differs_is_named(actual: Any, wanted: Any) -> None:
    assert differs(actual, wanted)


# --- playing ---


@dataclass
class Pretended:
    """Nodes that answer what a test says; the player's own behaviour is what is tested."""

    refusals: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)
    clocks: list[datetime] = field(default_factory=list)
    settled: int = 0

    def listed(self, node: str) -> Listed:
        return Listed("131169", ({"kid": "k", "use": "sig", "kty": "OKP"},))

    def give(self, order: Order) -> Answer:
        self.orders.append(order)
        if order.command in self.refusals:
            raise Rejected(self.refusals[order.command])
        return Answer("c1", ({"id": "e1", "type": "HearingRecorded"},), ("T-06",))

    def set_clock(self, moment: datetime, away: Sequence[str] = ()) -> None:
        self.clocks.append(moment)

    def settle(self, away: Sequence[str] = ()) -> None:
        self.settled += 1

    def case(self, node: str, case: str) -> Mapping[str, Any] | None:
        return {"status": "support2"}

    def events(self, node: str, case: str, known_at: datetime | None = None) -> Sequence[Mapping[str, Any]]:
        return [{"id": "e1", "type": "HearingRecorded", "data": {"agency": "1371600014"}}]

    def obligations(self, node: str, case: str) -> Sequence[Mapping[str, Any]]:
        return []

    def documents(self, node: str, case: str) -> Sequence[Mapping[str, Any]]:
        return []

    def matrix(self, node: str, case: str) -> Sequence[Mapping[str, Any]]:
        return []

    def cases(self, node: str) -> Sequence[Mapping[str, Any]]:
        return []


def test_agencies_are_listed_first_and_the_clock_only_goes_forward(tmp_path: Path) -> None:
    target = Pretended()
    played = play(load(tmp_path, days=[day(GIVE, GIVE)]), target)
    assert [order.command for order in target.orders] == ["ListAgency", "RecordHearing", "RecordHearing"]
    assert target.clocks == sorted(target.clocks)
    assert (played.commands, played.failures) == (3, [])


def test_command_ids_are_the_same_in_every_play_and_differ_within_one(tmp_path: Path) -> None:
    scenario = load(tmp_path, days=[day(GIVE, GIVE)])
    one, other = Pretended(), Pretended()
    play(scenario, one)
    play(scenario, other)
    assert [order.id for order in one.orders] == [order.id for order in other.orders]
    assert len({order.id for order in one.orders}) == 3


def test_a_refusal_that_was_not_expected_ends_the_play(tmp_path: Path) -> None:
    target = Pretended({"RecordHearing": {"code": "x", "message": "だめ"}})
    played = play(load(tmp_path, days=[day(GIVE, GIVE)]), target)
    assert len(target.orders) == 2
    assert len(played.failures) == 1
    assert "続けられません" in played.failures[0]


def test_an_expected_refusal_must_name_the_rule(tmp_path: Path) -> None:
    target = Pretended({"RecordHearing": {"code": "x", "message": "だめ", "rule": "T-06"}})
    right = play(load(tmp_path, days=[day({**GIVE, "refused": {"rule": "T-06"}})]), target)
    assert (right.failures, right.checks) == ([], 1)
    wrong = play(load(tmp_path, days=[day({**GIVE, "refused": {"rule": "T-07"}})]), target)
    assert len(wrong.failures) == 1


def test_a_command_that_should_have_been_refused_is_a_failure(tmp_path: Path) -> None:
    played = play(load(tmp_path, days=[day({**GIVE, "refused": {"rule": "T-06"}})]), Pretended())
    assert len(played.failures) == 1


def test_advice_that_does_not_come_is_a_failure(tmp_path: Path) -> None:
    assert play(load(tmp_path, days=[day({**GIVE, "advice": ["T-06"]})]), Pretended()).failures == []
    assert len(play(load(tmp_path, days=[day({**GIVE, "advice": ["T-07"]})]), Pretended()).failures) == 1


def test_a_kept_value_stands_where_it_is_named(tmp_path: Path) -> None:
    keeping = {**GIVE, "case": "a", "keep": {"who": "HearingRecorded.agency"}}
    using = {**GIVE, "fields": {"agency": {"keep": "who"}}}
    target = Pretended()
    play(load(tmp_path, days=[day(keeping, using)]), target)
    assert target.orders[-1].fields == {"agency": "1371600014"}
    with pytest.raises(ScenarioError, match="keep"):
        play(load(tmp_path, days=[day(using)]), Pretended())


def test_nothing_is_checked_of_a_case_that_is_not_open(tmp_path: Path) -> None:
    expecting = {"node": "ward", "expect": "case", "case": "a", "wanted": {"status": "support2"}}
    played = play(load(tmp_path, days=[day(expecting)]), Pretended())
    assert "まだ開かれていません" in played.failures[0]
    opened = play(load(tmp_path, days=[day({**GIVE, "case": "a"}, expecting)]), Pretended())
    assert opened.failures == []


def test_an_unknown_expectation_is_a_failure(tmp_path: Path) -> None:
    odd = {"node": "ward", "expect": "miracle", "case": "a"}
    played = play(load(tmp_path, days=[day({**GIVE, "case": "a"}, odd)]), Pretended())
    assert "miracle" in played.failures[0]


def test_the_numbers_of_the_cases_that_were_played_are_told() -> None:
    scenario = load_scenario(FILE)
    played = Played(cases={"hana": "600c3c9d-0ce8-51e9-a205-8f70bed0f3d1"})
    [line] = case_lines(scenario, played)
    assert line.startswith("ケース 600c3c9d-0ce8-51e9-a205-8f70bed0f3d1　見本 はな。")
    assert line.endswith("（--case 600c3c9d）")


def test_where_people_reach_an_agency_is_listed_with_it() -> None:
    office = next(each for each in load_scenario(FILE).agencies if each.node == "office")
    assert office.contact["address"] == "東京都豊島区見本町二丁目2番1号"
    assert office.contact["telephone"] == "03-0000-0102"
