"""The lines of a submission: a claim, a benefit slip, a cancellation, each only where it can be right (T-33, A-Q53)."""

from collections.abc import Mapping
from typing import Any, Final

from contracts.claim_codes import ROUTES
from services.billing.case import policy_refused, service_month
from services.billing.held_slips import CANCELLED, held_slip
from services.billing.slips import managed_rows, outdated
from services.billing.worksheet import Worksheet, late, reported_late
from shared.care import requirements
from shared.care.claim_parts import BenefitSlip, Claim
from shared.care.submissions import SubmittedLine
from shared.node.errors import Refused
from shared.node.service import Situation
from shared.policy.dates import Month, month_text

SLIP_ROUTE: Final = "federation"
"""Benefit slips go to the federation directly, also where the claim goes to the ward (A-Q36)."""


def wrong_line(code: str, message: str, rule: str, todo: str) -> Refused:
    """Why a line of a submission can't be right."""
    return Refused(code, message, field="lines", rule=rule, todo=todo)


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
    named = f"ケース {str(at.case.id)[:8]} の{month_text(month)}の請求"
    found = sheet.assessment
    if sheet.blockers or found is None:
        blocker = sheet.blockers[0]
        raise wrong_line("claim_blocked", f"{named}: {blocker.text}", blocker.rule, blocker.todo)
    _not_claimed(at, str(month), named, cancelled)
    claim = _confirmed_draft(at, sheet, named)
    route = found.subject.found.claim_route
    if (claim.claimant, route) != (fields["claimant"], fields["route"]):
        raise wrong_line(
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


def _not_claimed(at: Situation, month: str, named: str, cancelled: bool) -> None:
    """A month is claimed once; ``cancelled`` is what the same file takes back (A-Q53)."""
    standing = {each.claim_id for each in at.agency.submissions.standing_claims(at.case, month)}
    to_cancel = at.agency.submissions.to_cancel(at.case, month)
    if standing - ({to_cancel.claim_id} if cancelled and to_cancel is not None else set()):
        raise wrong_line(
            "already_claimed",
            f"{named}は提出済みです。二重には請求できません",
            "T-33",
            "返戻されたときは返戻を記録し、決定したあとは過誤の申立てをして、取消を提出してください",
        )


def _confirmed_draft(at: Situation, sheet: Worksheet, named: str) -> Claim:
    """The draft that goes in: of what is known now, confirmed by its claimant, and never submitted before."""
    claim = at.case.claims.get(str(sheet.month))
    if claim is not None and claim.id in at.agency.submissions.used(at.case, str(sheet.month)):
        raise wrong_line(
            "draft_used",
            f"{named}案は一度提出したものです（返戻または取下げ）。同じ請求案をもう一度は出せません",
            "T-33",
            "請求案を作り直し、請求する事業所にもう一度確認してもらってください",
        )
    if claim is None or sheet.changed:
        raise wrong_line(
            "draft_outdated",
            f"{named}案がないか、あとで事実が変わりました",
            "T-33",
            "請求案を作り直してください",
        )
    if claim.confirmed_on is None:
        raise wrong_line(
            "not_confirmed",
            f"{named}を{at.agency.name_of(claim.claimant)}が確認していません",
            "T-33",
            "請求する事業所に「請求を確認する」を行ってもらってください",
        )
    return claim


def _slip_goes_too(
    at: Situation, month: str, sheet: Worksheet, route: str, with_slip: bool, named: str
) -> None:
    """A claim at the federation needs the slip of the same month there (T-33N)."""
    assert sheet.assessment is not None
    rows = managed_rows(sheet.assessment.subject, requirements.parameters_of(at))
    slip = at.case.benefit_slips.get(month)
    if route != SLIP_ROUTE or not rows or with_slip:
        return
    stands = slip is not None and slip.kind != CANCELLED and slip.id not in at.case.slip_returns
    if not stands or not at.agency.submissions.slip_submitted(str(at.case.id), slip.id if slip else ""):
        raise wrong_line(
            "slip_not_submitted",
            f"{named}に給付管理票が付いていません",
            "T-33",
            "給付管理票も一緒に提出してください",
        )


def slip_line(at: Situation, fields: Mapping[str, Any], month: Month) -> dict[str, Any]:
    """The line of a benefit slip (A-Q36): by its claimant, to the federation, each slip once.

    :raises Refused: none is made, it is somebody else's, on another route, or was submitted.
    """
    named = f"ケース {str(at.case.id)[:8]} の{month_text(month)}の給付管理票"
    slip = at.case.benefit_slips.get(str(month))
    if slip is None:
        raise wrong_line(
            "slip_missing", f"{named}がありません", "T-33", "「給付管理票を作成する」を行ってください"
        )
    if (slip.claimant, SLIP_ROUTE) != (fields["claimant"], fields["route"]):
        raise wrong_line(
            "other_submission",
            f"{named}は{at.agency.name_of(slip.claimant)}が国保連に提出するものです",
            "A-Q36",
            "提出する事業所と提出先を確かめてください",
        )
    _slip_is_right(at, slip, named)
    if at.agency.submissions.slip_submitted(str(at.case.id), slip.id):
        raise wrong_line(
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
    if slip.kind == CANCELLED:
        if held_slip(at, Month.parse(slip.service_month)) is None:
            raise wrong_line(
                "nothing_to_cancel",
                f"{named}は国保連になく、取り消すものがありません",
                "A-Q36",
                "提出と返戻の記録を確かめてください",
            )
        return
    if slip.id in at.case.slip_returns:
        raise wrong_line(
            "slip_returned",
            f"{named}は返戻になりました",
            "A-Q36",
            "理由を直し、「給付管理票を作成する」をもう一度行ってください",
        )
    if slip.units > slip.limit:
        raise wrong_line(
            "over_the_limit",
            f"{named}は区分支給限度基準額を {slip.units - slip.limit:,}単位超えています",
            "A-Q37",
            "超えた分を自費とするサービスを決め、限度額内の単位数で実績を報告し直してください",
        )
    with policy_refused():
        month = Month.parse(slip.service_month)
        subject = service_month(at, month, requirements.parameters_of(at))
    if outdated(at, subject):
        raise wrong_line(
            "slip_outdated",
            f"{named}は、いまの実績・認定とちがいます",
            "A-Q36",
            "「給付管理票を作成する」をもう一度行ってください（修正では、すべてのサービスを書き直します）",
        )


def cancellation_line(at: Situation, fields: Mapping[str, Any], month: Month) -> dict[str, Any]:
    """The line that takes an earlier claim back in the same file (A-Q53): with that claim's own figures.

    :raises Refused: nothing stands that was to be taken back, or by another claimant or route.
    """
    standing = at.agency.submissions.to_cancel(at.case, str(month))
    if standing is None or fields["route"] != "ward" or not is_taken_back(at, standing, fields["claimant"]):
        raise wrong_line(
            "nothing_to_cancel",
            f"ケース {str(at.case.id)[:8]} の{month_text(month)}に、取り消す請求がありません",
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
