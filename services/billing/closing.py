"""Closing a service month for everybody in it: slips and drafts of all that can be made, in one act (T-33, A-Q36)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

from marshmallow import Schema

from contracts.events.submission import MOST_LINES
from contracts.fields import Agency, Identifier, Items
from contracts.fields import Month as MonthField
from services.billing.books import Books, books_of
from services.billing.case import policy_refused, service_month
from services.billing.drafting import draft_claim
from services.billing.slips import managed_rows, outdated, prepare_benefit_slip
from services.billing.worksheet import worksheet
from shared.care import requirements
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.node import Node
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import Month, month_text


class CloseMonth(Schema):
    service_month = MonthField("サービス提供月")
    claimant = Agency(
        "請求する事業所", required=False, null=True, load_default=None, help="空欄なら、すべての事業所"
    )
    cases = Items(
        "ケース",
        Identifier("ケース"),
        load_default=list,
        most=MOST_LINES,
        help="空欄なら、この月の実績が届いている人すべて",
    )


def prepare_closing(source: Node | Books, command: Command) -> Command:
    """``CloseMonth`` with the cases whose month is reported, where none were named."""
    fields = command.fields
    if fields["cases"]:
        return command
    cases = books_of(source).reported(Month.parse(fields["service_month"]))
    return replace(command, fields={**fields, "cases": list(cases)[:MOST_LINES]})


def concerned_cases(fields: Mapping[str, Any]) -> Iterable[UUID]:
    """The cases of the month, each once."""
    return dict.fromkeys(fields["cases"])


def close_month(situation: Situation, command: Command) -> Decision:
    """Make the slip and the draft of every person of a month that has none that is right; what can't be made is told.

    :raises Refused: nothing is to be made.
    """
    month = Month.parse(command.fields["service_month"])
    events, advice = list[NewEvent](), list[Advice]()
    for case_id in dict.fromkeys(command.fields["cases"]):
        at = situation.at(case_id)
        own = replace(command, id=uuid5(command.id, str(case_id)), case_id=case_id)
        for problem_or_event in _of_person(at, month, own, command.fields["claimant"]):
            if isinstance(problem_or_event, Advice):
                advice.append(problem_or_event)
            else:
                events.append(problem_or_event)
    if not events and not advice:
        raise Refused(
            "nothing_to_draft",
            f"{month_text(month)}の実績が届いていて、請求案か給付管理票がまだない人はいません",
            field="service_month",
            rule="T-33",
            todo="実績報告を待つか、サービス提供月を確かめてください",
        )
    drafted = sum(1 for each in events if each.type == "ClaimDrafted")
    slips = len(events) - drafted
    told = Advice("T-33", f"請求案 {drafted}件、給付管理票 {slips}件を作成しました")
    return Decision(events, [told, *advice])


def _of_person(
    at: Situation, month: Month, command: Command, claimant: str | None
) -> Iterator[NewEvent | Advice]:
    named = f"ケース {str(at.case.id)[:8]}"
    try:
        with policy_refused():
            subject = service_month(at, month, requirements.parameters_of(at))
        if claimant not in (None, subject.claimant) or _is_with_the_examiner(at, month):
            return
        rows = managed_rows(subject, requirements.parameters_of(at))
        slip = at.case.benefit_slips.get(str(month))
        if rows and (slip is None or outdated(at, subject)):
            manager = slip.entrusted_care_manager if slip and subject.entrusted else None
            fields = {"service_month": str(month), "entrusted_care_manager": manager}
            made = prepare_benefit_slip(at, replace(command, fields=fields))
            yield from made.events
            yield from (Advice(each.rule, f"{named}: {each.message}") for each in made.advice)
        if _needs_draft(at, month):
            fields = {"service_month": str(month), "examination_month": None}
            drafted = draft_claim(at, replace(command, fields=fields))
            yield from drafted.events
            yield from (Advice(each.rule, f"{named}: {each.message}") for each in drafted.advice)
    except Refused as refused:
        yield Advice(refused.rule or "T-33", f"{named}: {refused.message}。{refused.todo or ''}")


def _is_with_the_examiner(at: Situation, month: Month) -> bool:
    standing = at.agency.submissions.standing_claims(at.case, str(month))
    return any(each.claim_id not in at.case.corrections for each in standing)


def _needs_draft(at: Situation, month: Month) -> bool:
    """Whether there is no draft, or one that no longer says what is known, or that was submitted before."""
    claim = at.case.claims.get(str(month))
    if claim is None or claim.id in at.agency.submissions.used(at.case, str(month)):
        return True
    return worksheet(at, month, explained=False).changed
