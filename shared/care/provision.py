"""What goes to and comes from service offices, which have no node: provision sheets, plans and records (T-26, T-29)."""

from uuid import uuid5

from marshmallow import Schema

from contracts.codes import PROVIDER_DOCUMENTS
from contracts.definition import personal
from contracts.fields import Agency, Code, Day, Items, LongText, Month
from shared.care import requirements
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation


class IssueProvisionSheet(Schema):
    month = Month("提供月")
    providers = Items("渡したサービス事業所", Agency("サービス事業所"), least=1)


class ReceiveProviderDocument(Schema):
    document = Code("書類", PROVIDER_DOCUMENTS)
    provider = Agency("サービス事業所")
    dated = Day("書類の日付")
    content = personal(LongText("内容", null=True, load_default=None))


def issue_provision_sheet(situation: Situation, command: Command) -> Decision:
    """Record that service offices got the month's provision sheet (提供票), when needed (T-26R)."""
    plan = requirements.delivered_plan(situation)
    issued = NewEvent(
        "ProvisionSheetIssued",
        {**command.fields, "issued_on": command.occurred_on},
        case_id=command.case_id,
    )
    planned = {each.provider for each in plan.services}
    others = [each for each in command.fields["providers"] if each not in planned]
    named = "、".join(situation.agency.name_of(each) for each in others)
    return Decision([issued], [Advice("T-26", f"今の計画にない事業所です: {named}")] if others else [])


def advice_on_provision_sheet(situation: Situation, month: str, reason: str) -> list[Advice]:
    """A reminder in the first and in a changed month; without one nothing is wrong (T-26R)."""
    if reason == "monthly" or month in situation.case.provision_sheets:
        return []
    return [
        Advice("T-26", "必要なら、サービス事業所に提供票を渡してください（「提供票を渡したことを記録する」）")
    ]


def receive_provider_document(situation: Situation, command: Command) -> Decision:
    """Record what a service office handed in; entrusted, its plan goes on to the centre (T-29R)."""
    fields = command.fields
    if fields["dated"] > command.occurred_on:
        raise Refused(
            "document_of_the_future",
            "書類の日付は、受け取った日より後にはできません",
            field="dated",
            rule="T-29",
            todo="書類の日付を確かめてください",
        )
    track = requirements.track_of(situation, command.occurred_on)
    received = NewEvent(
        "ProviderDocumentReceived",
        {
            **fields,
            "document_id": str(uuid5(command.id, "document")),
            "received_on": command.occurred_on,
            "track": track,
        },
        case_id=command.case_id,
    )
    goes_on = track == "entrusted" and fields["document"] == "individual_plan"
    return Decision(
        [received],
        [Advice("T-29", "個別サービス計画書は、「書類を渡す」で包括にも提出してください")] if goes_on else [],
    )
