"""Complaints that reach a centre: at which desk each belongs (A-Q27)."""

from uuid import uuid5

from marshmallow import Schema

from contracts.codes import DESKS
from contracts.definition import personal
from contracts.fields import Code, LongText
from shared.care import requirements
from shared.eventlog.model import NewEvent
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.complaints import complaint_desks
from shared.policy.vocabulary import COMPLAINTS, PERSONS_DESKS


class RecordComplaint(Schema):
    about = Code("苦情の内容", COMPLAINTS)
    content = personal(LongText("申し出の内容"))


def record_complaint(situation: Situation, command: Command) -> Decision:
    """Take a complaint and hand it to the ward, where a desk of the ward office answers it (A-Q27)."""
    with requirements.published_only():
        desks = complaint_desks(command.fields["about"], requirements.parameters_of(situation)).value
    at_ward = any(each in DESKS for each in desks)
    received = NewEvent(
        "ComplaintReceived",
        {
            **command.fields,
            "complaint_id": str(uuid5(command.id, "complaint")),
            "centre": situation.me,
            "desks": list(desks),
            "received_on": command.occurred_on,
        },
        case_id=command.case_id,
        to=requirements.recipients(requirements.ward_of(situation)) if at_ward else (),
    )
    named = "、".join(PERSONS_DESKS[each] for each in desks)
    return Decision([received], [Advice("A-Q27", f"窓口は{named}です")])
