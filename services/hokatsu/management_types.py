"""Which kind of 介護予防ケアマネジメント a person gets: A, B or C, as far as the ward offers them (A-Q28)."""

from typing import Any

from marshmallow import Schema

from contracts.definition import personal
from contracts.fields import Code, LongText
from services.hokatsu.events import MANAGEMENT_KINDS
from shared.care import requirements
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Command, Decision, Situation


class DecideCareManagement(Schema):
    kind = Code(
        "ケアマネジメントの類型",
        MANAGEMENT_KINDS,
        help="Aは、指定事業所のサービス、訪問型・通所型サービスCを使うときと、包括が必要と判断したとき",
    )
    reason = personal(LongText("判断の理由", null=True, load_default=None))


def decide_care_management(situation: Situation, command: Command) -> Decision:
    """Decide on the kind of process; one that the ward does not offer is answered as such (A-Q28).

    :raises Refused: the ward does not offer it, or has stated nothing.
    """
    offered: Any = requirements.published(situation, "care_management.offered", command.occurred_on)
    kind = command.fields["kind"]
    if kind not in offered:
        named = "、".join(MANAGEMENT_KINDS[each] for each in offered)
        raise Refused(
            "management_not_offered",
            f"{MANAGEMENT_KINDS[kind]}は、この区では実施していません（実施しているのは{named}）",
            field="kind",
            rule="A-Q28",
            todo=f"{named}で進めてください",
        )
    decided = NewEvent(
        "CareManagementDecided",
        {**command.fields, "decided_on": command.occurred_on},
        case_id=command.case_id,
    )
    return Decision([decided])
