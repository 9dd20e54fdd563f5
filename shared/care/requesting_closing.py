"""The claimant asks its billing desk to close a month, by the performance that it confirms (T-32, T-33)."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from marshmallow import Schema

from contracts.events.submission import MOST_LINES
from contracts.fields import Identifier, Items
from contracts.fields import Month as MonthField
from shared.care import requirements
from shared.care.state import Case
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import Month, month_text


class RequestClosing(Schema):
    service_month = MonthField("サービス提供月")
    cases = Items(
        "ケース",
        Identifier("ケース"),
        load_default=list,
        most=MOST_LINES,
        help="空欄なら、この月の実績が届いていて、まだ提出していない人すべて",
    )


def concerned_cases(fields: Mapping[str, Any]) -> Iterable[UUID]:
    """The cases of the month, each once."""
    return dict.fromkeys(fields["cases"])


def request_closing(situation: Situation, command: Command) -> Decision:
    """Ask for the month of everybody whose claim it can be: reported, responsible at the month's end, not submitted.

    :raises Refused: nobody acts for this agency, or there is nobody to ask for.
    """
    month = Month.parse(command.fields["service_month"])
    biller = situation.agency.biller_of(situation.me, month.last)
    if biller is None:
        raise Refused(
            "billing_not_entrusted",
            f"{month_text(month)}の請求事務を、どの事業所にも委任していません",
            field="service_month",
            rule="T-33",
            todo="「請求事務を委任する」を行ってください",
        )
    asked = [each for each in dict.fromkeys(command.fields["cases"]) if _ours(situation, each, month)]
    if not asked:
        raise Refused(
            "nothing_to_close",
            f"{month_text(month)}の実績が届いていて、この事業所がまだ提出していない人はいません",
            field="service_month",
            rule="T-32",
            todo="実績報告を待つか、サービス提供月を確かめてください",
        )
    events = [_request(situation, command, each, month, biller) for each in asked]
    name = situation.agency.name_of(biller)
    return Decision(
        events, [Advice("T-33", f"{len(events)}人の{month_text(month)}の締めを{name}に依頼しました")]
    )


def _ours(situation: Situation, case_id: UUID, month: Month) -> bool:
    case = situation.cases[case_id]
    performance = case.performances.get(str(month))
    if performance is None or not performance.services or not claims_month(case, month, situation.me):
        return False
    standing = situation.agency.submissions.standing_claims(case, str(month))
    return all(each.claim_id in case.corrections for each in standing)


def claims_month(case: Case, month: Month, agency: str) -> bool:
    """Whether a month's claim is an agency's by what is known: it is responsible at the month's end, or has a draft."""
    claim, mode = case.claims.get(str(month)), case.mode(month.last)
    return agency in (claim.claimant if claim else None, mode.provider if mode else None)


def _request(situation: Situation, command: Command, case_id: UUID, month: Month, biller: str) -> NewEvent:
    services = situation.cases[case_id].performances[str(month)].services
    return NewEvent(
        "MonthClosingRequested",
        {
            "service_month": str(month),
            "claimant": situation.me,
            "requested_on": command.occurred_on,
            "services": [each._asdict() for each in services],
        },
        case_id=case_id,
        to=requirements.recipients(biller),
    )
