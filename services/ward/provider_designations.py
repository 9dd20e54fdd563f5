"""The ward designates providers for services of its project, and tells everybody in its directory (A-Q25a, A-Q49)."""

from marshmallow import Schema

from contracts.codes import PROJECT_SERVICES
from contracts.fields import Agency, Code, Day, Items, Text
from services.ward.agencies import everybody
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Command, Decision, Situation


class DesignateProvider(Schema):
    provider = Agency("サービス事業所")
    provider_name = Text("事業所の名称")
    services = Items("指定するサービス", Code("サービス種類", PROJECT_SERVICES), least=1)
    designated_from = Day("指定日")
    designated_to = Day(
        "指定の最後の日",
        null=True,
        load_default=None,
        help="指定を終えるときは、同じ指定日でもう一度記録し、最後の日を入力します",
    )


def designate_provider(situation: Situation, command: Command) -> Decision:
    """Designate a provider, wherever it stands, or tell the last day of a designation (A-Q25a, A-Q49).

    :raises Refused: the designation would end before it begins.
    """
    fields = command.fields
    if fields["designated_to"] is not None and fields["designated_to"] < fields["designated_from"]:
        raise Refused(
            "ended_before_start",
            "指定の最後の日は、指定日以後にしてください",
            field="designated_to",
            rule="A-Q49",
            todo="指定日と最後の日を確かめてください",
        )
    designated = NewEvent("ProviderDesignated", {**fields, "insurer": situation.me}, to=everybody(situation))
    return Decision([designated])
