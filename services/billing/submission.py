"""Submitting a claimant's month: what goes in, by which calendar, nothing twice (A-S1 to A-S8, A-Q33, A-Q36, A-Q53)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid5

from marshmallow import Schema

from contracts.codes import MEDIUM_CONTENTS, ROUTES, SUBMISSION_MEANS, SUBMITTED_KINDS
from contracts.events.submission import MOST_LINES, SubmittedFile
from contracts.fields import Agency, Code, Identifier, Items, Moment
from contracts.fields import Month as MonthField
from services.billing.case import policy_refused, service_month
from services.billing.slips import managed_rows, outdated
from services.billing.worksheet import Worksheet, late, reported_late, worksheet
from shared.care import requirements
from shared.care.parts import BenefitSlip
from shared.care.submissions import SubmittedLine
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import TOKYO, Month, day_text
from shared.policy.deadlines import Counted, claim_deadline
from shared.policy.parameters import ParameterError, Parameters, parameters

SLIP_ROUTE: Final = "federation"
"""Benefit slips go to the federation directly, also where the claim goes to the ward (A-Q36)."""


class ChosenLine(Schema):
    case = Identifier("ケース")
    kind = Code("区分", SUBMITTED_KINDS)
    service_month = MonthField("サービス提供月")


class SubmitClaims(Schema):
    claimant = Agency("請求する事業所")
    route = Code("請求先", ROUTES)
    examination_month = MonthField("審査月")
    means = Code("提出の方法", SUBMISSION_MEANS)
    contents = Items(
        "同封したもの", Code("同封したもの", MEDIUM_CONTENTS), load_default=list, help="区への媒体のときだけ"
    )
    brought_at = Moment("持参した日時", null=True, load_default=None, help="持参のときだけ")
    lines = Items(
        "明細",
        ChosenLine,
        load_default=list,
        most=MOST_LINES,
        help="空欄なら、確認済みでまだ提出していないものすべて",
    )
    files = Items(
        "ファイル", SubmittedFile, load_default=list, help="空欄なら、このノードが明細のとおりに作る"
    )


def concerned_cases(fields: Mapping[str, Any]) -> Iterable[UUID]:
    """The cases of a submission's lines, each once."""
    return dict.fromkeys(each["case"] for each in fields["lines"])


def submit_claims(situation: Situation, command: Command) -> Decision:
    """Record what a claimant submits: only what it confirmed, what nothing blocks, and what is with nobody yet.

    :raises Refused: one line can't be right; nothing is submitted then.
    """
    fields = command.fields
    examined = Month.parse(fields["examination_month"])
    if not fields["lines"]:
        raise _nothing(situation, fields)
    _mandate(situation, fields["claimant"], command.occurred_on)
    _once_each(fields["lines"])
    chosen = {(each["case"], each["kind"], each["service_month"]) for each in fields["lines"]}
    lines = [_line(situation, fields, each, examined, chosen) for each in fields["lines"]]
    if not fields["files"]:
        raise _nothing(situation, fields)
    insurers = {situation.cases[each["case"]].insurer for each in fields["lines"]}
    if fields["route"] == "ward" and len(insurers) != 1:
        raise _refused(
            "insurers_mixed",
            "保険者のちがう請求を一つの媒体に入れることはできません",
            "A-Q33",
            "保険者ごとに提出してください",
        )
    insurer = min(insurers)
    _one_file(situation, fields, examined)
    counted, advice = _in_time(situation, fields, command.occurred_on, examined, insurer)
    submitted = NewEvent(
        "ClaimSubmitted",
        {
            "submission_id": str(uuid5(command.id, "submission")),
            "biller": situation.me,
            "claimant": fields["claimant"],
            "insurer": insurer,
            "route": fields["route"],
            "examination_month": str(examined),
            "submitted_on": command.occurred_on,
            "means": fields["means"],
            "contents": fields["contents"],
            "brought_at": fields["brought_at"],
            "counted": counted,
            "files": fields["files"],
            "lines": lines,
        },
        to=requirements.recipients(fields["claimant"], insurer if fields["route"] == "ward" else None),
    )
    return Decision([submitted], advice)


def _nothing(situation: Situation, fields: Mapping[str, Any]) -> Refused:
    return Refused(
        "nothing_to_submit",
        f"{situation.agency.name_of(fields['claimant'])}の、提出できる請求がありません",
        field="lines",
        rule="T-33",
        todo="./renkei claim --service-month で、請求できない理由を確かめてください",
    )


def _refused(code: str, message: str, rule: str, todo: str) -> Refused:
    return Refused(code, message, field="lines", rule=rule, todo=todo)


def _mandate(situation: Situation, claimant: str, on: date) -> None:
    if situation.agency.biller_of(claimant, on) != situation.me:
        raise Refused(
            "billing_not_entrusted",
            f"{situation.agency.name_of(claimant)}から請求事務を委任されていません",
            field="claimant",
            rule="T-33",
            todo="請求する事業所に「請求事務を委任する」を行ってもらってください",
        )


def _once_each(lines: Sequence[Mapping[str, Any]]) -> None:
    twice = [
        key
        for key, number in Counter(
            (each["case"], each["kind"], each["service_month"]) for each in lines
        ).items()
        if number > 1
    ]
    if twice:
        case_id, kind, month = twice[0]
        raise _refused(
            "line_twice",
            f"ケース {str(case_id)[:8]} の {month} の{SUBMITTED_KINDS[kind]}が二度あります",
            "A-Q53",
            "一方を除いてください",
        )


def _one_file(situation: Situation, fields: Mapping[str, Any], examined: Month) -> None:
    """The ward takes one single file a month, with cancellations in it (A-Q53)."""
    if fields["route"] != "ward":
        return
    if len(fields["files"]) != 1:
        raise _refused(
            "one_file",
            "区への請求データは一つのファイルにします",
            "A-Q53",
            "一つのファイルにまとめてください",
        )
    for each in situation.agency.submissions.by_id.values():
        key = (each.claimant, each.route, each.examination_month)
        if each.stands and key == (fields["claimant"], "ward", str(examined)):
            raise _refused(
                "one_file",
                f"{examined} 審査分は{day_text(each.submitted_on)}に提出済みです（必ず一つのファイル）",
                "A-Q53",
                "残りは次の審査月に提出してください",
            )


def _line(
    situation: Situation,
    fields: Mapping[str, Any],
    chosen: Mapping[str, Any],
    examined: Month,
    all_chosen: set[tuple[UUID, str, str]],
) -> dict[str, Any]:
    at, month = situation.at(chosen["case"]), Month.parse(chosen["service_month"])
    if examined <= month:
        raise _refused(
            "examined_too_early",
            "審査月はサービス提供月より後の月にしてください",
            "T-33",
            "審査月を確かめてください",
        )
    if chosen["kind"] == "slip":
        return slip_line(at, fields, month)
    if chosen["kind"] == "cancellation":
        return cancellation_line(at, fields, month)
    with_slip = (chosen["case"], "slip", chosen["service_month"]) in all_chosen
    cancelled = (chosen["case"], "cancellation", chosen["service_month"]) in all_chosen
    sheet = worksheet(at, month, explained=False)
    return claim_line(at, sheet, fields, examined, with_slip=with_slip, cancelled=cancelled)


def claim_line(
    at: Situation,
    sheet: Worksheet,
    fields: Mapping[str, Any],
    examined: Month,
    *,
    with_slip: bool,
    cancelled: bool,
) -> dict[str, Any]:
    """The line of a claim.

    :raises Refused: it is blocked, not confirmed, somebody else's, on another route, or already with the examiner.
    """
    month = sheet.month
    named = f"ケース {str(at.case.id)[:8]} の {month} の請求"
    claim = at.case.claims.get(str(month))
    found = sheet.assessment
    if sheet.blockers or found is None:
        blocker = sheet.blockers[0]
        raise _refused("claim_blocked", f"{named}: {blocker.text}", blocker.rule, blocker.todo)
    standing = {each.claim_id for each in at.agency.submissions.standing_claims(at.case, str(month))}
    to_cancel = at.agency.submissions.to_cancel(at.case, str(month))
    if standing - ({to_cancel.claim_id} if cancelled and to_cancel is not None else set()):
        raise _refused(
            "already_claimed",
            f"{named}は提出済みです。二重には請求できません",
            "T-33",
            "返戻されたときは返戻を記録し、決定したあとは過誤の申立てをして、取消を提出してください",
        )
    if claim is None or sheet.changed:
        raise _refused(
            "draft_outdated",
            f"{named}案がないか、あとで事実が変わりました",
            "T-33",
            "請求案を作り直してください",
        )
    if claim.confirmed_on is None:
        raise _refused(
            "not_confirmed",
            f"{named}を{at.agency.name_of(claim.claimant)}が確認していません",
            "T-33",
            "請求する事業所に「請求を確認する」を行ってもらってください",
        )
    route = found.subject.found.claim_route
    if (claim.claimant, route) != (fields["claimant"], fields["route"]):
        raise _refused(
            "other_submission",
            f"{named}は{at.agency.name_of(claim.claimant)}が{ROUTES[route]}に請求するものです",
            "A-Q35a",
            "請求する事業所と請求先ごとに提出してください",
        )
    _slip_goes_too(at, found.subject.performance.month, sheet, fields["route"], with_slip, named)
    split, subject = found.amount.split, found.subject
    return {
        "case": str(at.case.id),
        "kind": "claim",
        "claim_id": claim.id,
        "service_month": str(month),
        "type": claim.type,
        "units": claim.units,
        "yen": claim.yen,
        "entrusted_office": subject.performance.office if split else None,
        "office_yen": split.office if split else None,
        "centre_yen": split.centre if split else None,
        "late": late_reason(at, sheet, examined),
    }


def _slip_goes_too(
    at: Situation, month: str, sheet: Worksheet, route: str, with_slip: bool, named: str
) -> None:
    """A claim at the federation needs the slip of the same month there (T-33N)."""
    assert sheet.assessment is not None
    rows = managed_rows(sheet.assessment.subject, requirements.parameters_of(at))
    slip = at.case.benefit_slips.get(month)
    if route != SLIP_ROUTE or not rows or with_slip:
        return
    if slip is None or not at.agency.submissions.slip_submitted(str(at.case.id), slip.id):
        raise _refused(
            "slip_not_submitted",
            f"{named}に給付管理票が付いていません",
            "T-33",
            "給付管理票も一緒に提出してください",
        )


def slip_line(at: Situation, fields: Mapping[str, Any], month: Month) -> dict[str, Any]:
    """The line of a benefit slip (A-Q36): by its claimant, to the federation, each slip once.

    :raises Refused: none is made, it is somebody else's, on another route, or was submitted.
    """
    named = f"ケース {str(at.case.id)[:8]} の {month} の給付管理票"
    slip = at.case.benefit_slips.get(str(month))
    if slip is None:
        raise _refused(
            "slip_missing", f"{named}がありません", "T-33", "「給付管理票を作成する」を行ってください"
        )
    if (slip.claimant, SLIP_ROUTE) != (fields["claimant"], fields["route"]):
        raise _refused(
            "other_submission",
            f"{named}は{at.agency.name_of(slip.claimant)}が国保連に提出するものです",
            "A-Q36",
            "提出する事業所と提出先を確かめてください",
        )
    _slip_is_right(at, slip, named)
    if at.agency.submissions.slip_submitted(str(at.case.id), slip.id):
        raise _refused(
            "already_submitted",
            f"{named}は提出済みです",
            "T-33",
            "直すときは、給付管理票を作り直してください（修正）",
        )
    claim = at.case.claims.get(str(month))
    return {
        "case": str(at.case.id),
        "kind": "slip",
        "claim_id": slip.id,
        "service_month": str(month),
        "type": claim.type if claim else "preventive_support",
        "units": slip.units,
        "yen": 0,
        "entrusted_office": slip.entrusted_office,
        "office_yen": None,
        "centre_yen": None,
        "late": None,
    }


def _slip_is_right(at: Situation, slip: BenefitSlip, named: str) -> None:
    if slip.units > slip.limit:
        raise _refused(
            "over_the_limit",
            f"{named}は区分支給限度基準額を {slip.units - slip.limit:,}単位超えています",
            "A-Q37",
            "超えた分を自費とするサービスを決め、限度額内の単位数で実績を報告し直してください",
        )
    with policy_refused():
        month = Month.parse(slip.service_month)
        subject = service_month(at, month, requirements.parameters_of(at))
    if outdated(at, subject):
        raise _refused(
            "slip_outdated",
            f"{named}は、いまの実績とちがいます",
            "A-Q36",
            "「給付管理票を作成する」をもう一度行ってください（修正では、すべてのサービスを書き直します）",
        )


def cancellation_line(at: Situation, fields: Mapping[str, Any], month: Month) -> dict[str, Any]:
    """The line that takes an earlier claim back in the same file (A-Q53): with that claim's own figures.

    :raises Refused: nothing stands that was to be taken back, or by another claimant or route.
    """
    standing = at.agency.submissions.to_cancel(at.case, str(month))
    if standing is None or fields["route"] != "ward" or not is_taken_back(at, standing, fields["claimant"]):
        raise _refused(
            "nothing_to_cancel",
            f"ケース {str(at.case.id)[:8]} の {month} に、取り消す請求がありません",
            "A-Q53",
            "先に「過誤を申し立てる」を行ってください",
        )
    line = {key: getattr(standing, key) for key in SubmittedLine.__dataclass_fields__}
    return {**line, "kind": "cancellation", "late": None}


def is_taken_back(at: Situation, standing: SubmittedLine, claimant: str) -> bool:
    """Whether a claimant's standing claim waits for its cancellation in the month's own file (A-Q53)."""
    filed = at.case.corrections.get(standing.claim_id)
    by_it = any(
        line.claim_id == standing.claim_id and submission.claimant == claimant
        for submission, line in at.agency.submissions.ever(str(at.case.id), standing.service_month)
    )
    return by_it and filed is not None and filed.route == "same_file"


def late_reason(at: Situation, sheet: Worksheet, examined: Month) -> str | None:
    """Why a claim comes later than in the month after its service (A-S6), None when it is in time."""
    month = sheet.month
    if not late(month, examined):
        return None
    earlier = at.agency.submissions.ever(str(at.case.id), str(month))
    results = [at.case.claim_results.get(line.claim_id) for _, line in earlier]
    if any(line.claim_id in at.case.corrections for _, line in earlier):
        return "corrected"
    if any(each is not None and each.kind == "returned" for each in results):
        return "returned"
    if any(not submission.stands for submission, _ in earlier):
        return "cut_off"
    assert sheet.assessment is not None
    known = requirements.parameters_of(at)
    return "performance" if reported_late(sheet.assessment.subject.performance, known) else "other"


# --- calendars ---


@dataclass(frozen=True, slots=True)
class Window:
    """The days of an examination month on which the federation takes claims."""

    first: date
    last: date


def federation_window(examined: Month, known: Parameters) -> Window:
    """From the 1st to the 10th of the examination month, open or closed."""
    on = examined.first
    first = known.value("claim.federation_opens", on)
    return Window(on.replace(day=first), on.replace(day=known.value("claim.examination_day", on)))


def _in_time(
    situation: Situation, fields: Mapping[str, Any], on: date, examined: Month, insurer: str
) -> tuple[bool | None, list[Advice]]:
    if fields["route"] == "federation":
        return _at_federation(on, examined, parameters(insurer))
    return _at_ward(fields, on, examined, parameters(insurer))


def _at_federation(on: date, examined: Month, known: Parameters) -> tuple[bool | None, list[Advice]]:
    window = federation_window(examined, known)
    if on > window.last:
        following = examined.plus(1)
        raise Refused(
            "window_closed",
            f"{examined} 審査分の受付は{day_text(window.last)}までです",
            field="examination_month",
            rule="T-33",
            todo=f"{following} 審査分（月遅れ）として提出してください",
        )
    if on < window.first:
        text = (
            f"{examined} 審査分の受付は{day_text(window.first)}からです。受付が始まってから送信してください"
        )
        return True, [Advice("T-33", text)]
    return True, []


def _at_ward(
    fields: Mapping[str, Any], on: date, examined: Month, known: Parameters
) -> tuple[bool | None, list[Advice]]:
    """The ward's cut-off and dispatch day (A-S3 to A-S8); what comes too late is no claim of this month."""
    brought: datetime | None = fields["brought_at"]
    at = brought.astimezone(TOKYO).replace(tzinfo=None) if brought else None
    advice = [*_on_contents(fields)]
    if fields["means"] == "transmission":
        advice.append(Advice("A-Q33", "区への請求データは、媒体（USB）を文書交換便または持参で提出します"))
    if fields["means"] == "brought" and at is None:
        raise Refused(
            "brought_at_missing",
            "持参した日時がありません",
            field="brought_at",
            rule="A-S5",
            todo="持参した日時を入力してください（締切は正午のことがあります）",
        )
    try:
        found = claim_deadline(examined, on if fields["means"] != "brought" else None, at, known)
    except ParameterError as problem:
        return None, [*advice, Advice("A-S12", f"{problem.message} 間に合うかは区に確かめてください")]
    return _decided(found.counted), [*advice, *_on_lateness(fields, found.counted, found.due, examined)]


def _decided(counted: Counted) -> bool | None:
    return counted if isinstance(counted, bool) else None


def _on_contents(fields: Mapping[str, Any]) -> Iterable[Advice]:
    for code, title in MEDIUM_CONTENTS.items():
        if code not in fields["contents"]:
            rule = "A-S1" if code == "medium" else "A-S2"
            yield Advice(rule, f"「{title}」を個人情報文書専用袋に入れてください")


def _on_lateness(
    fields: Mapping[str, Any], counted: Counted, due: date | datetime, examined: Month
) -> Iterable[Advice]:
    until = due.isoformat(timespec="minutes") if isinstance(due, datetime) else due.isoformat()
    if counted is False and fields["means"] == "courier":
        yield Advice(
            "A-S7",
            f"交換便の発送締切を過ぎています。{until} までに区（地域包括ケア推進課）へ持参しなければ、"
            f"{examined} の請求になりません（A-S4）",
        )
    elif counted is False:
        yield Advice(
            "A-S6",
            f"持参締切（{until}）を過ぎたため、{examined} の請求になりません。次の審査月に月遅れで請求します",
        )
    elif counted == "undecided":
        yield Advice("A-S12", "この年度の発送締切の表が登録されていません。間に合うかは区に確かめてください")
