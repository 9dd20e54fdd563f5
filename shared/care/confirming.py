"""The claimant confirms the claim of a month that a billing desk drafted for it (T-33)."""

from marshmallow import Schema

from contracts.fields import Month
from shared.care import requirements
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Command, Decision, Situation
from shared.policy.dates import day_text


class ConfirmClaim(Schema):
    service_month = Month("サービス提供月")


def confirm_claim(situation: Situation, command: Command) -> Decision:
    """Confirm the draft that is known now; a newer draft has to be confirmed anew."""
    month = command.fields["service_month"]
    claim = situation.case.claims.get(month)
    if claim is None:
        raise Refused(
            "claim_missing",
            f"{month} の請求案はまだ届いていません",
            field="service_month",
            rule="T-33",
            todo="請求事務を行う事業所が請求案を作成するのを待ってください",
        )
    if claim.claimant != situation.me:
        raise Refused(
            "not_claimant",
            f"{month} を請求するのは{situation.agency.name_of(claim.claimant)}です",
            field="service_month",
            rule="T-33",
            todo="請求する事業所に確認してもらってください",
        )
    if claim.confirmed_on is not None:
        raise Refused(
            "already_confirmed",
            f"{month} の請求案は{day_text(claim.confirmed_on)}に確認済みです",
            field="service_month",
            rule="T-33",
            todo="することはありません。請求案が作り直されたときは、もう一度確認してください",
        )
    biller = situation.agency.biller_of(situation.me, command.occurred_on) or situation.case.biller
    confirmed = NewEvent(
        "ClaimConfirmed",
        {
            "claim_id": claim.id,
            "service_month": month,
            "claimant": situation.me,
            "yen": claim.yen,
            "confirmed_on": command.occurred_on,
        },
        case_id=command.case_id,
        to=requirements.recipients(biller),
    )
    return Decision([confirmed])
