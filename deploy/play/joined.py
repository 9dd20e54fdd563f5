"""Several plays as one: the same agencies live through all of them, day after day."""

from collections.abc import Sequence
from dataclasses import replace

from deploy.play.scenario import Act, Agency, Day, Expectation, Scenario


def joined(title: str, plays: Sequence[Scenario]) -> Scenario:
    """One scenario of all plays' agencies and days, in the order of the days; it follows the first play's case.

    Cases and kept values of the same name are the same, so a later play can go on with an earlier one's case. What is
    refused must be refused with the same code; which text names its rule depends on the wards that list an agency.
    """
    agencies: dict[str, Agency] = {}
    for each in (agency for play in plays for agency in play.agencies):
        known = agencies.get(each.node, each)
        agencies[each.node] = replace(known, wards=tuple(dict.fromkeys((*known.wards, *each.wards))))
    return Scenario(
        title,
        min(play.starts_at for play in plays),
        plays[0].case,
        plays[0].ward,
        tuple(agencies.values()),
        tuple(sorted((_by_code(day) for play in plays for day in play.days), key=lambda day: day.day)),
        tuple(audit for play in plays for audit in play.audits),
        {name: about for play in plays for name, about in play.cases.items()},
    )


def _by_code(day: Day) -> Day:
    return replace(day, acts=tuple(_refused_by_code(each) for each in day.acts))


def _refused_by_code(act: Act | Expectation) -> Act | Expectation:
    if isinstance(act, Expectation) or act.refused is None:
        return act
    return replace(act, refused={name: each for name, each in act.refused.items() if name != "rule"})
