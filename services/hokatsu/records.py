"""Handing records over to the office without being asked (T-18M, T-18R)."""

from shared.care import requirements
from shared.eventlog.model import NewEvent
from shared.node.service import Command, Decision, Situation


def hand_over_records(situation: Situation, command: Command) -> Decision:
    """Give the office what the centre holds; the person's consent comes first (T-11)."""
    requirements.consent_to_share(situation)
    provided = NewEvent(
        "RecordsProvided",
        {**command.fields, "request_id": None, "provided_on": command.occurred_on},
        case_id=command.case_id,
        to=(requirements.office_of(situation),),
    )
    return Decision([provided])
