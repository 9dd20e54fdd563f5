"""The claimant confirms the claim of a month that a billing desk drafted for it (T-33)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from marshmallow import Schema

from contracts.events.submission import MOST_LINES
from contracts.fields import Count, Identifier, Items, Month
from shared.care import requirements
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import day_text, month_text


class ConfirmClaim(Schema):
    service_month = Month("サービス提供月")


class ConfirmMonth(Schema):
    service_month = Month("サービス提供月")
    yen = Count(
        "請求額の合計（円）", null=True, load_default=None, help="書いた場合は、合計が同じときだけ確認します"
    )
    cases = Items(
        "ケース",
        Identifier("ケース"),
        load_default=list,
        most=MOST_LINES,
        help="空欄なら、この月の請求案で、まだ確認していないものすべて",
    )


def concerned_cases(fields: Mapping[str, Any]) -> Iterable[UUID]:
    """The cases of the month, each once."""
    return dict.fromkeys(fields["cases"])


def confirm_month(situation: Situation, command: Command) -> Decision:
    """Confirm every draft of this agency's month that it has not confirmed yet.

    :raises Refused: nothing waits, or the sum is not what whoever confirms has seen.
    """
    month, waiting = command.fields["service_month"], []
    for case_id in dict.fromkeys(command.fields["cases"]):
        claim = situation.cases[case_id].claims.get(month)
        if claim is not None and claim.claimant == situation.me and claim.confirmed_on is None:
            waiting.append((case_id, claim))
    if not waiting:
        raise Refused(
            "nothing_to_confirm",
            f"{month_text(month)}に、確認していない請求案はありません",
            field="service_month",
            rule="T-33",
            todo="請求事務を行う事業所が請求案を作成するのを待ってください",
        )
    total, seen = sum(claim.yen for _, claim in waiting), command.fields["yen"]
    if seen is not None and seen != total:
        raise Refused(
            "sum_differs",
            f"確認していない請求案は {len(waiting)}件 {total:,}円です",
            field="yen",
            rule="T-33",
            todo="請求案を見直してから、もう一度確認してください",
        )
    events = [
        event
        for case_id, _ in waiting
        for event in confirm_claim(
            situation.at(case_id), replace(command, case_id=case_id, fields={"service_month": month})
        ).events
    ]
    return Decision(events, [Advice("T-33", f"{len(waiting)}件 {total:,}円を確認しました")])


def confirm_claim(situation: Situation, command: Command) -> Decision:
    """Confirm the draft that is known now; a newer draft has to be confirmed anew."""
    month = command.fields["service_month"]
    claim = situation.case.claims.get(month)
    if claim is None:
        raise Refused(
            "claim_missing",
            f"{month_text(month)}の請求案はまだ届いていません",
            field="service_month",
            rule="T-33",
            todo="請求事務を行う事業所が請求案を作成するのを待ってください",
        )
    if claim.claimant != situation.me:
        raise Refused(
            "not_claimant",
            f"{month_text(month)}を請求するのは{situation.agency.name_of(claim.claimant)}です",
            field="service_month",
            rule="T-33",
            todo="請求する事業所に確認してもらってください",
        )
    if claim.confirmed_on is not None:
        raise Refused(
            "already_confirmed",
            f"{month_text(month)}の請求案は{day_text(claim.confirmed_on)}に確認済みです",
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
