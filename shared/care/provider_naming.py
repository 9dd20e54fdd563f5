"""An agency names the service offices that no municipality's register names, as its papers call them (T-25, T-26)."""

from marshmallow import Schema

from contracts.fields import Agency, Text
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Command, Decision, Situation


class NameProvider(Schema):
    provider = Agency("サービス事業所")
    provider_name = Text(
        "事業所の名称", longest=100, help="計画書・利用票・提供票と画面に、番号の代わりに出ます"
    )


def name_provider(situation: Situation, command: Command) -> Decision:
    """Name a provider for this agency's own papers and screens.

    :raises Refused: a directory or a municipality's register tells another name, which counts.
    """
    fields, known = command.fields, situation.agency
    listed = known.name_of(fields["provider"])
    own = known.providers.names.get(fields["provider"])
    if listed not in (fields["provider"], own):
        raise Refused(
            "provider_listed",
            f"この事業所の名称は、区の名簿・指定の台帳に「{listed}」とあります",
            field="provider",
            todo="することはありません。名称が変わったときは、区に届け出てもらってください",
        )
    return Decision([NewEvent("ProviderNamed", {**fields, "named_on": command.occurred_on})])
