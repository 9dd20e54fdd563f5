"""Agreements between agencies that offices and centres both make."""

from marshmallow import Schema

from contracts.fields import Agency, Day, Month
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Command, Decision, Situation
from shared.policy.dates import Month as CalendarMonth


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
    wards = _wards(situation)
    entrusted = NewEvent(
        "BillingEntrusted", {**command.fields, "claimant": situation.me}, to=(biller, *wards)
    )
    return Decision([entrusted])


def _wards(situation: Situation) -> list[str]:
    """The wards that list this agency."""
    return sorted(
        {each.insurer for each in situation.agency.listings.values() if each.agency == situation.me}
    )


class FileTreatmentImprovement(Schema):
    filed_on = Day("届出日")
    valid_from = Month("算定を始める月")
    valid_to = Month("算定を終える月", null=True, load_default=None)


def file_treatment_improvement(situation: Situation, command: Command) -> Decision:
    """Record that this agency filed for the treatment improvement addition: its own fee alone has it (decision 4).

    :raises Refused: the addition ends before it begins.
    """
    fields = command.fields
    if fields["valid_to"] is not None and fields["valid_to"] < fields["valid_from"]:
        raise Refused(
            "period_reversed",
            "算定を終える月が、始める月より前です",
            field="valid_to",
            todo="届け出た期間を確かめてください",
        )
    biller = situation.agency.biller_of(situation.me, CalendarMonth.parse(fields["valid_from"]).last)
    told = tuple(each for each in (biller, *_wards(situation)) if each)
    filed = NewEvent("TreatmentImprovementFiled", {**fields, "claimant": situation.me}, to=told)
    return Decision([filed])
