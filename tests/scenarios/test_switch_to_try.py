"""What README invites to try: a change of type that its page can show in the last state of a scenario."""

from pathlib import Path
from uuid import UUID, uuid4

from contracts.events.sample import CENTRE
from deploy.play.player import play
from deploy.play.scenario import load_scenario
from shared.care.foresight import foresee
from shared.console.switches import as_if_written, switch_named
from shared.node.service import Command
from tests.scenarios.in_memory import InMemory


def test_the_scenario_that_readme_names_ends_where_the_centre_may_end_the_entrustment() -> None:
    readme = Path("README.md").read_text(encoding="utf-8")
    switch = switch_named("end-entrustment")
    assert switch is not None
    assert "`deploy/scenarios/transferred.yaml --fresh --stay`" in readme
    assert switch.title in readme
    stage = InMemory()
    case_id = UUID(play(load_scenario(Path("deploy/scenarios/transferred.yaml")), stage).cases["haru"])
    desk = stage.town.desks[CENTRE]
    spec, at = desk.service.commands[switch.command], desk.situation(case_id)
    fields = spec.schema().load(as_if_written(spec, switch.begun(at)))
    asked = Command(uuid4(), spec.name, case_id, fields, at.me, at.today)
    history = [each for each in desk.events if each.case_id == case_id]
    found = foresee(at, history, spec, asked)
    assert found.then is not None
    assert found.then.track == "direct"
