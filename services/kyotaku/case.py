"""What an office decides about its cases: arranging contracts, sharing, submitting, reporting."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import uuid5

from contracts.codes import ORIGINALS
from shared.care import requirements
from shared.care.contracts import not_in_model, office_must_be_in_model
from shared.care.drafts import written_anew
from shared.care.following import originals_listed
from shared.care.handing import handed_over
from shared.care.parts import Entrustment, Plan
from shared.care.planning import advice_on_sheets
from shared.care.support import FOLLOWS_FROM_CIRCUMSTANCE, advice_on_ending, last_day_of, support_ended
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation


def request_simultaneous_contract(situation: Situation, command: Command) -> Decision:
    """Ask the centre to sign with the person at the same time (T-08); only in the model (T-02, T-03)."""
    on = command.occurred_on
    centre = requirements.centre_of(situation)
    if not situation.agency.enrolled(centre, situation.case.insurer, on):
        raise not_in_model(situation, centre, on)
    requirements.designation(situation, on)
    office_must_be_in_model(situation, situation.me, on)
    requested = NewEvent(
        "SimultaneousContractRequested",
        {**command.fields, "office": situation.me, "centre": centre, "requested_on": on},
        case_id=command.case_id,
        to=(centre,),
    )
    return Decision([requested])


def request_records(situation: Situation, command: Command) -> Decision:
    """File a viewing request (閲覧申請) with the ward (T-18N); consent comes first (T-11)."""
    consented_on = requirements.consent_to_share(situation)
    requested = NewEvent(
        "RecordsRequested",
        {
            **command.fields,
            "request_id": str(uuid5(command.id, "request")),
            "requested_on": command.occurred_on,
            "consented_on": consented_on,
        },
        case_id=command.case_id,
        to=(requirements.ward_of(situation),),
    )
    return Decision([requested])


def submit_plan(situation: Situation, command: Command) -> Decision:
    """Send the copy of the delivered plan to the centre (T-23R, T-23N); consent comes first (T-11).

    Without a recorded meeting it warns, and another copy is owed once there is one (T-27, decision 28).
    """
    centre = requirements.centre_of(situation)
    plan = requirements.delivered_plan(situation)
    requirements.consent_to_share(situation)
    submitted = NewEvent(
        "PlanSubmitted",
        {
            **written_anew(plan, command.fields),
            "plan_id": plan.id,
            "plan_version": plan.version,
            "occasion": plan.occasion,
            "sheets": list(plan.sheets),
            "period_from": plan.period_from,
            "period_to": plan.period_to,
            "services": [each.row() for each in plan.services],
            "meeting_on": plan.meeting_on,
            "consented_on": plan.consented_on,
            "delivered_on": plan.delivered_on,
            "submitted_on": command.occurred_on,
        },
        case_id=command.case_id,
        to=(centre,),
        personal_from=plan.drafted_by,
    )
    return Decision([submitted], [*advice_on_sheets(plan.sheets), *_advice_without_meeting(plan)])


def _advice_without_meeting(plan: Plan) -> list[Advice]:
    if plan.meeting_on is not None:
        return []
    return [
        Advice(
            "T-27",
            "サービス担当者会議の記録がありません。会議を記録してから、計画書（写し）をもう一度提出してください",
        )
    ]


def return_originals(situation: Situation, command: Command) -> Decision:
    """Give the originals made under an entrustment back to the centre when it has ended (T-31, T-35R).

    What the log says was made and is not among them is named as remaining. Each of which the centre had no copy is
    handed over by an event of its own, so that what was owed of it is done (T-19R, T-27R, T-28R).
    """
    settled = _entrustment_to_settle(situation)
    if settled is None:
        return _returned_early(situation, command)
    entrustment, ended_on = settled
    documents = command.fields["documents"]
    out = situation.case.originals_out(entrustment, ended_on)
    remaining = [each for each in out if each not in documents]
    returned = NewEvent(
        "OriginalsReturned",
        {
            **command.fields,
            "office": situation.me,
            "centre": entrustment.centre,
            "returned_on": command.occurred_on,
            "entrustment_ended_on": ended_on,
            "remaining": remaining,
        },
        case_id=command.case_id,
        to=(entrustment.centre,),
    )
    made = situation.case.documents_out(entrustment, ended_on)
    still_out = [each for each in made if each.kind not in documents]
    listed = originals_listed(situation, entrustment, ended_on, still_out, command.occurred_on)
    unknown = [each for each in made if each.kind in documents and not each.held_by(entrustment.centre)]
    given = [handed_over(situation, command, each, entrustment.centre, "original") for each in unknown]
    return Decision([returned, *given, listed], _advice_on_remaining(remaining))


def _returned_early(situation: Situation, command: Command) -> Decision:
    """Originals given back while the entrustment goes on; what is asked for is to keep them (T-31R, decision 28)."""
    entrustment = situation.case.entrustments[-1]
    given = [
        each
        for each in situation.case.documents_out(entrustment, command.occurred_on)
        if each.kind in command.fields["documents"]
    ]
    if not given:
        raise Refused(
            "document_missing",
            "返却する原本がこの事業所にありません",
            field="documents",
            rule="T-31",
            todo="書類台帳で原本のありかを確かめてください",
        )
    return Decision(
        [handed_over(situation, command, each, entrustment.centre, "original") for each in given],
        [
            Advice(
                "T-31",
                "委託が続いています。まだ提出していない記録は、委託が終わるまで居宅で保管することになっています",
            )
        ],
    )


def _advice_on_remaining(remaining: Sequence[str]) -> list[Advice]:
    named = "、".join(ORIGINALS[each] for each in remaining)
    return [Advice("T-35", f"まだ返却していない原本があります: {named}")] if remaining else []


def _entrustment_to_settle(situation: Situation) -> tuple[Entrustment, date] | None:
    """The first entrustment that is over and whose originals are not all back, else the last that is over; its end.

    None while the only one goes on.

    :raises Refused: the case was never entrusted.
    """
    over = [
        (each, ended_on)
        for each in situation.case.entrustments
        if (ended_on := _end_of(situation, each)) is not None
    ]
    if not situation.case.entrustments:
        raise Refused(
            "never_entrusted",
            "このケースに委託はありません",
            rule="T-31",
            todo="委託の間に作成した原本だけを返却します",
        )
    if not over:
        return None
    return next((each for each in over if each[0].originals_returned_on is None), over[-1])


def _end_of(situation: Situation, entrustment: Entrustment) -> date | None:
    if entrustment.ended_on is not None:
        return entrustment.ended_on if entrustment.ended_on >= entrustment.starts_on else None
    mode = situation.case.latest_mode
    if mode is not None and mode.track == "designated" and mode.effective_from > entrustment.starts_on:
        # The centre's word may still be on its way; the switch itself ends the entrustment (decision 24).
        return mode.effective_from - timedelta(days=1)
    return None


def report_circumstance(situation: Situation, command: Command) -> Decision:
    """Tell the centre of a change in the person's circumstances, promptly (T-35D).

    A death, a move out of the ward and an admission end the support.
    """
    fields, on = command.fields, command.occurred_on
    if fields["change"] == "died" and fields["changed_on"] > on:
        raise Refused(
            "death_to_come",
            "まだ来ていない日の死亡は記録できません",
            field="changed_on",
            rule="T-35",
            todo="亡くなった日を確かめてください",
        )
    prompt = requirements.due(situation, "T-35-circumstance", on, basis=fields["changed_on"])
    reported = NewEvent(
        "CircumstanceChanged",
        {**fields, "reported_on": on},
        case_id=command.case_id,
        to=(requirements.centre_of(situation),),
    )
    late = prompt is not None and on > prompt
    advice = [Advice("T-35", "状況の変化は速やかに包括へ連絡してください")] if late else []
    if fields["change"] not in FOLLOWS_FROM_CIRCUMSTANCE or situation.case.support_end is not None:
        return Decision([reported], advice)
    ended_on = last_day_of(fields["change"], fields["changed_on"])
    ended = support_ended(situation, command, fields["change"], ended_on, fields["note"])
    return Decision([reported, ended], [*advice, *advice_on_ending(situation, fields["change"], ended_on)])
