"""What the examiner says of a claim, and taking a decided one back (A-Q53, A-Q54b)."""

from datetime import date
from typing import Any

from marshmallow import Schema

from contracts.claim_codes import CLAIM_RETURNS
from contracts.definition import personal
from contracts.fields import Code, Count, Day, LongText
from contracts.fields import Month as MonthField
from shared.care import requirements
from shared.care.submissions import Submission, SubmittedLine
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import day_text, month_text


class RecordReturn(Schema):
    service_month = MonthField("サービス提供月")
    returned_on = Day("返戻日")
    reason_code = Code("返戻の理由", CLAIM_RETURNS)
    reason = personal(LongText("理由の説明", null=True, load_default=None))


class RecordDecision(Schema):
    service_month = MonthField("サービス提供月")
    decided_on = Day("決定日")
    units = Count("決定した単位数", null=True, load_default=None, help="空欄なら請求のとおり")
    yen = Count("決定した額（円）", null=True, load_default=None, help="空欄なら請求のとおり")


class FileCorrection(Schema):
    service_month = MonthField("サービス提供月")
    reason = personal(LongText("理由"))


def record_return(situation: Situation, command: Command) -> Decision:
    """Record that a claim came back (返戻); it can be drafted, confirmed and submitted anew."""
    submission, line = _standing(situation, command)
    _not_decided(situation, line)
    returned = NewEvent(
        "ClaimReturned",
        {**command.fields, "claim_id": line.claim_id, "claimant": submission.claimant},
        case_id=command.case_id,
        to=_told(situation, submission, line),
    )
    return Decision([returned], on_ahead(command, "returned_on"))


def on_ahead(command: Command, name: str) -> list[Advice]:
    """What to mind of a result of a later day than that on which it is recorded."""
    on: date = command.fields[name]
    if on <= command.occurred_on:
        return []
    text = f"{day_text(on)}は、実施日（{day_text(command.occurred_on)}）より後の日です。通知の日付を確かめてください"
    return [Advice("T-33", text)]


def record_decision(situation: Situation, command: Command) -> Decision:
    """Record what was decided of a claim; other units or yen than were claimed are an assessment (査定)."""
    submission, line = _standing(situation, command)
    _not_decided(situation, line)
    fields: dict[str, Any] = dict(command.fields)
    units = line.units if fields["units"] is None else fields["units"]
    yen = line.yen if fields["yen"] is None else fields["yen"]
    if units > line.units or yen > line.yen:
        raise Refused(
            "more_than_claimed",
            f"請求（{line.units}単位 {line.yen:,}円）より多い決定はありません",
            field="yen" if yen > line.yen else "units",
            rule="T-33",
            todo="決定通知の単位数と額を確かめてください",
        )
    as_claimed = (units, yen) == (line.units, line.yen)
    decided = NewEvent(
        "ClaimDecided",
        {
            "claim_id": line.claim_id,
            "service_month": line.service_month,
            "claimant": submission.claimant,
            "decided_on": fields["decided_on"],
            "outcome": "as_claimed" if as_claimed else "assessed",
            "units": units,
            "yen": yen,
        },
        case_id=command.case_id,
        to=_told(situation, submission, line),
    )
    return Decision([decided], on_ahead(command, "decided_on"))


def file_correction(situation: Situation, command: Command) -> Decision:
    """Take back a claim that was submitted: in the month's own file, or by application (A-Q53, A-Q54b).

    An application needs the decision first; what goes into the month's file needs none.
    """
    submission, line = _standing(situation, command)
    name = "care_management_fee" if submission.route == "ward" else "preventive_support"
    with requirements.published_only():
        way = requirements.parameters_of(situation).last(f"correction.{name}").value
    result = situation.case.claim_results.get(line.claim_id)
    route = "same_file" if way["route"] == "same_file" else "application"
    if route == "application" and result is None:
        raise Refused(
            "not_decided",
            f"{month_text(line.service_month)}の請求はまだ審査中です",
            field="service_month",
            rule="A-Q54b",
            todo="審査が終わり給付が決定してから申し立ててください。審査中に戻った請求は、返戻を記録してください",
        )
    if line.claim_id in situation.case.corrections:
        raise Refused(
            "already_filed",
            f"{month_text(line.service_month)}の請求の過誤は申立て済みです",
            field="service_month",
            rule="A-Q53",
            todo="請求案を作り直し、取消と一緒に提出してください",
        )
    filed = NewEvent(
        "CorrectionFiled",
        {
            "claim_id": line.claim_id,
            "service_month": line.service_month,
            "claimant": submission.claimant,
            "filed_on": command.occurred_on,
            "route": route,
            "code": way["code"],
            "reason": command.fields["reason"],
        },
        case_id=command.case_id,
        to=requirements.recipients(submission.claimant, situation.case.ward),
    )
    text = (
        "取消は、次の請求データと必ず一つのファイルにして提出します（書面は不要）"
        if route == "same_file"
        else f"申立事由コード {way['code']} で保険者に申し立て、取下げの後に請求し直します"
    )
    return Decision([filed], [Advice("A-Q53" if route == "same_file" else "A-Q54d", text)])


def _standing(situation: Situation, command: Command) -> tuple[Submission, SubmittedLine]:
    month = command.fields["service_month"]
    submissions = situation.agency.submissions
    line = submissions.standing_claim(situation.case, month)
    for submission, each in submissions.ever(str(situation.case.id), month):
        if line is not None and each.claim_id == line.claim_id and submission.stands:
            return submission, line
    raise Refused(
        "not_submitted",
        f"{month_text(month)}の請求は、提出されていないか、すでに返戻または取下げになっています",
        field="service_month",
        rule="T-33",
        todo="提出した請求のサービス提供月を確かめてください",
    )


def _not_decided(situation: Situation, line: SubmittedLine) -> None:
    result = situation.case.claim_results.get(line.claim_id)
    if result is not None:
        raise Refused(
            "already_decided",
            f"{month_text(line.service_month)}の請求は{day_text(result.on)}に決定済みです",
            field="service_month",
            rule="A-Q54b",
            todo="決定のあとの訂正は「過誤を申し立てる」で行ってください",
        )


def _told(situation: Situation, submission: Submission, line: SubmittedLine) -> tuple[str, ...]:
    everybody = requirements.recipients(submission.biller, submission.claimant)
    return tuple(each for each in everybody if each != situation.me)
