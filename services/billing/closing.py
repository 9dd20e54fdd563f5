"""Closing a service month for everybody in it: slips and drafts of all that can be made, in one act (T-33, A-Q36)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID, uuid5

from marshmallow import Schema

from contracts.events.submission import MOST_LINES
from contracts.fields import Agency, Identifier, Items
from contracts.fields import Month as MonthField
from services.billing.books import Books, books_of
from services.billing.case import ServiceMonth, policy_refused, service_month
from services.billing.drafting import draft_claim
from services.billing.held_slips import CANCELLED, held_slip, left_behind
from services.billing.slip_cancelling import cancellation
from services.billing.slips import changed_slip, managed_rows, outdated, prepare_benefit_slip
from services.billing.stating import statement
from services.billing.worksheet import Blocker, worksheet
from shared.care import requirements
from shared.care.claim_parts import ClosingRequest
from shared.care.decided import case_after
from shared.eventlog.model import Event, NewEvent
from shared.node.errors import Refused
from shared.node.node import Node
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.citing import cited
from shared.policy.dates import Month, month_text

LATER: Final = "later"
"""Field that no one types: how many persons of the month are left for the next time."""


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
    books, month = books_of(source), Month.parse(fields["service_month"])
    cases = list(books.reported(month))
    if len(cases) > MOST_LINES and fields["claimant"]:
        cases = [each for each in cases if _may_be_of(books.situation(each), month, fields["claimant"])]
    later = len(cases[MOST_LINES:])
    return replace(command, fields={**fields, "cases": cases[:MOST_LINES], LATER: later})


def _may_be_of(at: Situation, month: Month, claimant: str) -> bool:
    """Whether a month is a claimant's, as far as can be told."""
    held = held_slip(at, month)
    try:
        with policy_refused():
            whose = service_month(at, month, requirements.parameters_of(at)).claimant
    except Refused:
        whose = _responsible(at, month) or claimant
    return claimant in (whose, held.claimant if held else None)


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
        own = replace(command, id=uuid5(command.id, str(case_id)), case_id=case_id)
        made, minded = _of_person(situation.at(case_id), month, own, command.fields["claimant"])
        events += made
        advice += minded
    later = command.fields.get(LATER, 0)
    if later:
        text = (
            f"一度に扱えるのは{MOST_LINES:,}人までのため、残りの{later:,}人は扱っていません。もう一度行うと、"
            "まだ締めていない人から順に続けます（./renkei claim --service-month … --close は全員を扱います）"
        )
        advice.insert(0, Advice("T-33", text))
    if not events and not advice:
        raise Refused(
            "nothing_to_draft",
            f"{month_text(month)}の実績が届いていて、請求案か給付管理票がまだない人はいません",
            field="service_month",
            rule="T-33",
            todo="実績報告を待つか、サービス提供月を確かめてください",
        )
    drafted = sum(1 for each in events if each.type == "ClaimDrafted")
    slips = sum(1 for each in events if each.type == "BenefitSlipPrepared")
    cancelled = sum(1 for each in events if each.data.get("kind") == CANCELLED)
    told = f"請求案 {drafted}件、給付管理票 {slips}件を作成しました" + (
        f"（うち取消 {cancelled}件。国保連に提出してください）" if cancelled else ""
    )
    return Decision(events, [Advice("T-33", told), *advice])


def _of_person(
    at: Situation, month: Month, command: Command, claimant: str | None
) -> tuple[list[NewEvent], list[Advice]]:
    """The slip and the draft that a person's month lacks, what they follow from, and what is to be minded."""
    named = f"ケース {str(at.case.id)[:8]}"
    events, advice = list(_slip_cancelled(at, month, command, claimant)), list[Advice]()
    whose = _responsible(at, month)
    refusal = None
    try:
        with policy_refused():
            subject = service_month(at, month, requirements.parameters_of(at))
        whose = subject.claimant
        if claimant not in (None, whose):
            return events, []
        with_examiner = _is_with_the_examiner(at, month)
        for made in (_slip_corrected if with_examiner else _made)(at, month, command, subject):
            events += made.events
            advice += [_of(at, each.rule, f"{named}: {each.message}") for each in made.advice]
    except Refused as refused:
        if claimant not in (None, whose):
            return events, []
        advice.append(_of(at, refused.rule or "T-33", f"{named}: {refused.message}。{refused.todo or ''}"))
        refusal = Blocker(refused.rule or "T-33", refused.message, refused.todo or "")
    if whose is not None and (events or refusal is not None):
        drafted = any(each.type == "ClaimDrafted" for each in events)
        after = replace(at, case=case_after(at, command, events))
        events += statement(after, month, whose, drafted=drafted, refused=refusal)
    return events, advice


def _slip_cancelled(
    at: Situation, month: Month, command: Command, claimant: str | None
) -> Iterator[NewEvent]:
    """The cancellation of the slip that the federation has, where the month is known to be another's or nobody's.

    Nothing is reported of a month that was reported as unused since. One that can't be told yet, for want of a record,
    cancels nothing.
    """
    subject, managed = None, False
    if _is_with_the_examiner(at, month):
        return
    if str(month) in at.case.performances:
        try:
            with policy_refused():
                subject = service_month(at, month, requirements.parameters_of(at))
                managed = bool(managed_rows(subject, requirements.parameters_of(at)))
        except Refused:
            return
    held = left_behind(at, month, subject, managed=managed)
    if held is None or claimant not in (None, held.claimant):
        return
    if at.agency.biller_of(held.claimant, command.occurred_on) == at.me:
        yield cancellation(at, command, held)


def _slip_corrected(
    at: Situation, month: Month, command: Command, subject: ServiceMonth
) -> Iterator[Decision]:
    """The correction (修正) of a slip whose claim stays with the examiner: it states all services again (T-33)."""
    slip = changed_slip(at, subject)
    managed = managed_rows(subject, requirements.parameters_of(at))
    if slip is not None and managed and slip.claimant == subject.claimant:
        yield _slip_anew(at, month, command, subject)


def _slip_anew(at: Situation, month: Month, command: Command, subject: ServiceMonth) -> Decision:
    slip = at.case.benefit_slips.get(str(month))
    manager = slip.entrusted_care_manager if slip and subject.entrusted else None
    fields = {"service_month": str(month), "entrusted_care_manager": manager}
    return prepare_benefit_slip(at, replace(command, fields=fields))


def _made(at: Situation, month: Month, command: Command, subject: ServiceMonth) -> Iterator[Decision]:
    rows = managed_rows(subject, requirements.parameters_of(at))
    slip = at.case.benefit_slips.get(str(month))
    if rows and (slip is None or outdated(at, subject)):
        try:
            yield _slip_anew(at, month, command, subject)
        except Refused as refused:
            if refused.code != "slip_of_another":
                raise
            # The other's cancellation goes first; the draft doesn't wait for it.
            yield Decision([], [Advice("A-Q36", f"{refused.message}。{refused.todo}")])
    if _needs_draft(at, month):
        fields = {"service_month": str(month), "examination_month": None}
        yield draft_claim(at, replace(command, fields=fields))


def _responsible(at: Situation, month: Month) -> str | None:
    """Whose month it is by the register alone, None where no one is responsible at its end."""
    mode = at.case.mode(month.last)
    return mode.provider if mode is not None else None


def command_of(situation: Situation, event: Event) -> Command:
    """What a partner's event asks for, as if a person of this desk had asked."""
    return Command(event.id, "CloseMonth", event.case_id, {}, "system", situation.today)


def close_for(at: Situation, month: Month, command: Command) -> list[NewEvent]:
    """What a claimant's request to close a month brings about, by what it confirmed (T-32, T-33).

    Nothing is drafted from another performance than the one that it confirmed: its own report may still be on its way.
    """
    asked = at.case.closing_requests[str(month)]
    own = replace(command, id=uuid5(command.id, str(month)))
    performance = at.case.performances.get(str(month))
    if not asked.confirms(performance):
        return statement(at, month, asked.claimant, drafted=False, refused=_other_performance(at, asked))
    whose = worksheet(at, month, explained=False).claimant
    if whose not in (None, asked.claimant):
        name = at.agency.name_of(whose)
        text = f"{month_text(month)}を請求するのは{name}です"
        wrong = Blocker("T-33", text, f"{name}に締めを依頼してもらってください")
        return statement(at, month, asked.claimant, drafted=False, refused=wrong)
    events, _ = _of_person(at, month, own, None)
    if any(each.type == "WorksheetStated" for each in events):
        return events
    return [*events, *statement(at, month, asked.claimant, drafted=False)]


def _other_performance(at: Situation, asked: ClosingRequest) -> Blocker:
    confirmed = sum(units for _, _, units in asked.services)
    performance = at.case.performances.get(asked.month)
    known = (
        f"届いている実績は{sum(each.units for each in performance.services):,}単位です"
        if performance is not None
        else "実績報告がまだ届いていません"
    )
    return Blocker(
        "T-32",
        f"確認された実績は{confirmed:,}単位、{known}",
        "同じ実績が届けば、請求案を作成します。実績がちがうときは、報告し直したあとでもう一度締めを依頼してください",
    )


def _of(at: Situation, rule: str, message: str) -> Advice:
    """Advice on one of the cases, by the rules of its own ward."""
    return Advice(cited(rule, at.case.insurer), message)


def _is_with_the_examiner(at: Situation, month: Month) -> bool:
    standing = at.agency.submissions.standing_claims(at.case, str(month))
    return any(each.claim_id not in at.case.corrections for each in standing)


def _needs_draft(at: Situation, month: Month) -> bool:
    """Whether there is no draft, or one that no longer says what is known, or that was submitted before."""
    claim = at.case.claims.get(str(month))
    if claim is None or claim.id in at.agency.submissions.used(at.case, str(month)):
        return True
    return worksheet(at, month, explained=False).changed
