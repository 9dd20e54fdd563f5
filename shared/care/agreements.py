"""Agreements between agencies that offices and centres both make."""

from marshmallow import Schema

from contracts.fields import Agency, Day
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Command, Decision, Situation


class EntrustBilling(Schema):
    biller = Agency("請求事務を行う事業所")
    valid_from = Day("開始日")


def entrust_billing(situation: Situation, command: Command) -> Decision:
    """Give a billing desk the mandate to make this agency's claims."""
    biller = command.fields["biller"]
    if not situation.agency.has_role(biller, "billing"):
        raise Refused(
            "biller_unknown",
            f"{biller} は請求を行う事業所として登載されていません",
            field="biller",
            todo="事業所番号を確かめてください",
        )
    # The wards that list this agency take its claims from nobody else.
    wards = sorted(
        {each.insurer for each in situation.agency.listings.values() if each.agency == situation.me}
    )
    entrusted = NewEvent(
        "BillingEntrusted", {**command.fields, "claimant": situation.me}, to=(biller, *wards)
    )
    return Decision([entrusted])
