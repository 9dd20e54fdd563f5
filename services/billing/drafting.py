"""Drafting the claim of a service month, with the reasons why it is as it is (T-33, T-61, T-69)."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid5

from contracts.claim_codes import ROUTES
from contracts.codes import TYPES
from services.billing.case import (
    ASSUMED,
    Assessment,
    ServiceMonth,
    assess,
    designated_to_entrusted,
    stated_items,
)
from services.billing.public_assistance import payers_of
from shared.care import requirements
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.additions import InitialAddition
from shared.policy.citing import cited
from shared.policy.dates import Month, month_text
from shared.policy.fees import Fee


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a claim is as it is; ``text`` is Japanese."""

    rule: str
    text: str


def draft_claim(situation: Situation, command: Command) -> Decision:
    """Draft the claim of one service month from what the agencies reported."""
    month = Month.parse(command.fields["service_month"])
    examined = _examination_month(command, month)
    not_with_the_examiner(situation, month)
    found = assess(situation, month)
    subject, initial, linkage, amount = found.subject, found.initial, found.linkage, found.amount
    before = situation.case.claims.get(str(month))
    drafted = NewEvent(
        "ClaimDrafted",
        {
            "claim_id": str(uuid5(command.id, "claim")),
            "service_month": str(month),
            "examination_month": str(examined),
            **_claim(situation, subject, amount),
            "replaces": before.id if before else None,
            "reasons": [
                {"rule": cited(each.rule, situation.case.insurer), "text": each.text}
                for each in reasons(situation, found)
            ],
        },
        case_id=command.case_id,
        to=requirements.recipients(subject.claimant, situation.case.office if amount.split else None),
    )
    advice = [*_advice_on_claim(situation, subject, initial), *_advice_on_linkage(situation, linkage)]
    return Decision([drafted], advice)


def not_with_the_examiner(situation: Situation, month: Month) -> None:
    """A month is claimed once: a new draft waits until the claim came back or is taken back (T-33, A-Q53).

    :raises Refused: a claim of the month is submitted, and neither returned nor to be corrected.
    """
    standing = situation.agency.submissions.standing_claims(situation.case, str(month))
    if any(each.claim_id not in situation.case.corrections for each in standing):
        raise Refused(
            "already_claimed",
            f"{month_text(month)}の請求は提出済みです",
            field="service_month",
            rule="T-33",
            todo="返戻されたときは返戻を記録し、決定したあとは「過誤を申し立てる」を行ってから、作り直してください",
        )


def _advice_on_linkage(situation: Situation, linkage: bool) -> list[Advice]:
    """The addition is once a person; who moved within the ward or changed the office has an earlier case (T-69)."""
    if not linkage or situation.case.previous_case is None:
        return []
    return [
        Advice(
            "T-69",
            "区内転居や居宅の変更の前のケースがある方です。委託連携加算は一人につき1回です。前のケースで算定していないか確かめてください",
        )
    ]


def _examination_month(command: Command, month: Month) -> Month:
    given = command.fields["examination_month"]
    examined = Month.parse(given) if given else month.plus(1)
    if examined <= month:
        raise Refused(
            "examined_too_early",
            "審査月はサービス提供月より後の月にしてください",
            field="examination_month",
            rule="T-33",
            todo="サービス提供月の翌月以後を審査月に入力してください",
        )
    return examined


def _why_linked(situation: Situation, subject: ServiceMonth) -> str:
    switched = any(Month.of(day) == subject.month for day in designated_to_entrusted(situation))
    return (
        "居宅指定から再委託への最初の変更の"
        if switched
        else "委託の開始月に情報の提供と計画作成への協力をした"
    )


def _claim(situation: Situation, subject: ServiceMonth, amount: Fee) -> dict[str, Any]:
    split = amount.split
    paid = payers_of(situation.case, subject.month, amount.yen)
    by_office = subject.found.claimant == "office"
    return {
        "claimant": subject.claimant,
        "office": situation.case.office,
        "type": subject.found.type,
        "track": "designated" if by_office else ("entrusted" if subject.entrusted else "direct"),
        "route": subject.found.claim_route,
        **stated_items(situation.case, subject)._asdict(),
        "lines": [{"name": each.name, "units": each.units} for each in amount.lines],
        "units": amount.units,
        "unit_price": amount.unit_price,
        "yen": amount.yen,
        "insurance_yen": paid.insurance,
        "public_yen": paid.public,
        "split": {"office": split.office, "centre": split.centre} if split else None,
        "split_assumed": split is not None and split.assumed,
    }


def reasons(situation: Situation, assessment: Assessment) -> list[Reason]:
    """Why the claim is as it is, in words that the program makes."""
    subject, amount = assessment.subject, assessment.amount
    initial, linkage = assessment.initial, assessment.linkage
    name, kind = situation.agency.name_of(subject.claimant), TYPES[subject.found.type]
    found = subject.found
    found_reasons = [
        Reason("T-61", f"{month_text(subject.month)}に使ったサービスから、類型は{kind}"),
        Reason("T-33" if found.claimant == "office" else "T-04", f"請求するのは{name}"),
        Reason(
            "decision 23" if found.route_assumed else "A-Q35a",
            f"請求先は{ROUTES[found.claim_route]}{ASSUMED if found.route_assumed else ''}",
        ),
    ]
    if initial is not None:
        found_reasons.append(Reason(initial.rules[0], f"初回加算: {initial.reason}"))
    if linkage:
        found_reasons.append(
            Reason("T-69", f"委託連携加算: {_why_linked(situation, subject)}ため算定（1回限り）")
        )
    found_reasons += [
        Reason("decision 14", f"{each.name}の単位数は{each.units}単位{ASSUMED}")
        for each in amount.lines
        if each.entry.assumed
    ]
    if any(each.entry.name == "addition.treatment_improvement_permille" for each in amount.lines):
        found_reasons.append(Reason("decision 4", f"処遇改善加算: {name}が届け出ているため算定"))
    if amount.split is not None:
        assumed = ASSUMED if amount.split.assumed else ""
        split = f"委託料は包括{amount.split.centre:,}円、居宅{amount.split.office:,}円{assumed}"
        found_reasons.append(Reason("decision 1", split))
    return found_reasons


def _advice_on_claim(
    situation: Situation, subject: ServiceMonth, initial: InitialAddition | None
) -> list[Advice]:
    advice = []
    empty = _empty_months(situation, subject.month)
    if initial is not None and initial.payable is True and empty:
        months = "、".join(map(month_text, empty))
        advice.append(
            Advice(
                "A-Q34a",
                f"{months}に実績がないため初回加算を算定しました。実績報告の漏れでないか確かめてください",
            )
        )
    mode = situation.case.mode(subject.month.last)
    if mode is not None and mode.type != subject.found.type and mode.provider != subject.claimant:
        advice.append(
            Advice(
                "T-61",
                f"報告された類型は{TYPES[mode.type]}ですが、実績から{TYPES[subject.found.type]}としました",
            )
        )
    if initial is not None and initial.payable == "undecided":
        advice.append(
            Advice(initial.rules[0], f"初回加算は決められません。{initial.reason}算定しない案にしました")
        )
    if str(subject.month) in situation.case.claims:
        advice.append(Advice("T-33", f"{month_text(subject.month)}の請求案を作り直しました"))
    return advice


def _empty_months(situation: Situation, month: Month) -> list[Month]:
    """The months between the one that was reported last and ``month``."""
    reported = [Month.parse(each) for each in situation.case.performances if each < str(month)]
    if not reported:
        return []
    following, found = max(reported).plus(1), []
    while following < month:
        found.append(following)
        following = following.plus(1)
    return found
