"""What a centre's corporation agrees with offices, apart from any case."""

from shared.care.requirements import listed_office, recipients
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Command, Decision, Situation


def sign_entrustment_contract(situation: Situation, command: Command) -> Decision:
    """Record the entrustment contract (介護予防支援業務等委託契約) with an office (T-06R)."""
    office, on = command.fields["office"], command.occurred_on
    listed_office(situation, office)
    valid_to = command.fields["valid_to"]
    if valid_to is not None and valid_to < command.fields["valid_from"]:
        raise Refused(
            "period_reversed",
            "契約期間の終了は開始より後にしてください",
            field="valid_to",
            rule="T-06",
            todo="契約書の期間を確かめてください",
        )
    signed = NewEvent(
        "EntrustmentContractSigned",
        {**command.fields, "centre": situation.me, "signed_on": on},
        to=recipients(office, situation.agency.biller_of(situation.me, on)),
    )
    return Decision([signed])
