"""Who of this agency plans a case, and another care manager who goes on with it (A-Q32, A-Q43)."""

from typing import Final, cast

from marshmallow import Schema, validate

from contracts.definition import personal
from contracts.fields import Day, Flag, LongText, Text
from shared.care import requirements
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.meetings import meeting_required

ACCOUNT: Final = validate.Regexp("[a-z][a-z0-9_.-]{1,40}$", error="利用者名（英小文字）を選んでください")
"""The name by which somebody signs in."""


class ChangePlanner(Schema):
    changed_on = Day("担当が変わる日")
    handover_sufficient = Flag(
        "事業所の中で十分に引き継いだ",
        load_default=False,
        help="サービス担当者会議を開くかどうかの目安になります",
    )
    note = personal(LongText("引き継ぎの内容", null=True, load_default=None))


class AssignPlanner(Schema):
    planner = Text(
        "担当者",
        longest=41,
        validate=ACCOUNT,
        help="担当件数を数えるための、この事業所の中の記録です。ほかの事業所には知らせません",
    )


def assign_planner(situation: Situation, command: Command) -> Decision:
    """Record who of this agency plans the case from now on: what the caseload is counted by (A-Q32)."""
    assigned = {**command.fields, "assigned_on": command.occurred_on}
    return Decision([NewEvent("PlannerAssigned", assigned, case_id=command.case_id)])


def change_planner(situation: Situation, command: Command) -> Decision:
    """Record that another care manager of this agency plans; without a good handover a meeting is recommended (A-Q43).

    The centre whose contract an entrusted case is hears of it (A-Q29). Nothing is owed by it: the manual asks for a
    meeting at four occasions, and this is none of them (A-Q41).

    :raises Refused: the change is later than the record of it.
    """
    fields = command.fields
    if fields["changed_on"] > command.occurred_on:
        raise Refused(
            "change_to_come",
            "担当が変わってから記録してください",
            field="changed_on",
            rule="A-Q43",
            todo="担当が変わった日と、引き継ぎが済んだかどうかを確かめてから記録してください",
        )
    judged = requirements.found(situation, "meeting.planner_change", fields["changed_on"]) is not None
    meeting = (
        meeting_required("planner_change", cast(bool, fields["handover_sufficient"])) if judged else None
    )
    entrusted = requirements.track_of(situation, fields["changed_on"]) == "entrusted"
    changed = NewEvent(
        "PlannerChanged",
        {**fields, "agency": situation.me, "meeting": meeting},
        case_id=command.case_id,
        to=requirements.recipients(situation.case.centre) if entrusted else (),
    )
    if meeting != "recommended":
        return Decision([changed])
    message = "引き継ぎが十分でないときは、サービス担当者会議を開くことをお勧めします"
    return Decision([changed], [Advice("A-Q43", message)])
