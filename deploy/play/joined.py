"""Several plays as one: the same agencies live through all of them, day after day."""

from collections.abc import Sequence
from dataclasses import replace

from deploy.play.scenario import Agency, Scenario


def joined(title: str, plays: Sequence[Scenario]) -> Scenario:
    """One scenario of all plays' agencies and days, in the order of the days; it follows the first play's case.

    Cases and kept values of the same name are the same, so a later play can go on with an earlier one's case.
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
        tuple(sorted((day for play in plays for day in play.days), key=lambda day: day.day)),
        tuple(audit for play in plays for audit in play.audits),
        {name: about for play in plays for name, about in play.cases.items()},
    )
