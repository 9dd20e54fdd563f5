"""The billing desk's service: 請求."""

from typing import Final

from services.billing import case, commands, slips
from services.billing.reactions import CONSEQUENCES, REACTIONS
from services.billing.views import VIEWS
from shared.care.discrepancies import settling_command
from shared.care.process import named
from shared.node.service import CommandSpec, Service

SERVICE: Final = Service(
    name="billing",
    role="billing",
    title="請求",
    commands=named(
        CommandSpec(
            "DraftClaim", "請求案を作成する", commands.DraftClaim, case.draft_claim, frozenset({"billing"})
        ),
        settling_command(CONSEQUENCES, frozenset({"billing"})),
        CommandSpec(
            "PrepareBenefitSlip",
            "給付管理票を作成する",
            slips.PrepareBenefitSlip,
            slips.prepare_benefit_slip,
            frozenset({"billing"}),
        ),
    ),
    reactions=REACTIONS,
    views=VIEWS,
)
