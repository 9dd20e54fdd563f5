"""How many of a centre's cases this office can care for under entrustment (A-Q32)."""

from marshmallow import Schema

from contracts.fields import Agency, Count
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Command, Decision, Situation


class StateCapacity(Schema):
    centre = Agency("地域包括支援センター")
    most = Count(
        "受託できる件数",
        null=True,
        load_default=None,
        help="この包括から受託できる件数の上限。上限を示さないときは空欄",
    )


def state_capacity(situation: Situation, command: Command) -> Decision:
    """Tell a centre how many of its cases this office can take; it is said, not agreed, and binds nobody (A-Q32).

    :raises Refused: no directory lists the centre.
    """
    centre = command.fields["centre"]
    if not situation.agency.has_role(centre, "hokatsu"):
        raise Refused(
            "agency_unknown",
            f"{centre} は地域包括支援センターとして登載されていません",
            field="centre",
            todo="事業所番号を確かめてください",
        )
    stated = {**command.fields, "office": situation.me, "stated_on": command.occurred_on}
    return Decision([NewEvent("CapacityStated", stated, to=(centre,))])
