"""The row that takes an earlier claim back: with what that claim stated, whatever was learned since (A-Q53)."""

from datetime import date

from services.billing.formats.codes import SEXES, STATUSES
from services.billing.formats.ward_medium import CANCELLATION, MediumRow
from services.billing.people import Person
from shared.care import requirements
from shared.care.state import Case
from shared.care.submissions import Submission, SubmittedLine
from shared.node.errors import Refused
from shared.node.service import Situation
from shared.policy.dates import Month, month_text
from shared.policy.money import unit_price
from shared.policy.parameters import Parameters, parameters


def submission_of(now: Situation, line: SubmittedLine) -> Submission:
    """The standing submission that a claim's line is in.

    :raises Refused: it is in none.
    """
    for submission, each in now.agency.submissions.ever(line.case, line.service_month):
        if each.claim_id == line.claim_id and submission.stands:
            return submission
    raise _unknown(line, "提出の記録")


def cancellation_row(line: SubmittedLine, submission: Submission, then: Case, person: Person) -> MediumRow:
    """The row of a cancellation; ``line`` and ``submission`` are the claim's own, ``then`` what was known of the case
    when it was submitted: status and notification are of that moment.

    :raises Refused: what the claim stated can't be told any more.
    """
    month = Month.parse(line.service_month)
    status, notified_on = _stated(line, month, then)
    with requirements.published_only():
        known = parameters(submission.insurer)
        price = unit_price(line.type, month.first, known)
    if person.birth_date is None:
        raise _unknown(line, "生年月日")
    return MediumRow(
        kind=CANCELLATION,
        service_month=month,
        insurer=submission.insurer,
        office=submission.claimant,
        insured_number=person.insured_number or "",
        kana=person.kana or person.name or "",
        birth_date=person.birth_date,
        sex=SEXES.get(person.sex or "", ""),
        status=status,
        cost_code=cost_code(line.units, known, month),
        units=line.units,
        unit_price=price.hundredths,
        yen=line.yen,
        entrusted_office=line.entrusted_office,
        office_yen=line.office_yen,
        centre_yen=line.centre_yen,
        notified_on=notified_on,
    )


def _stated(line: SubmittedLine, month: Month, then: Case) -> tuple[str, date]:
    """The person's status code and the notification's date, as the claim stated them."""
    performance = then.performances.get(line.service_month)
    status, notified_on = STATUSES.get(then.status_on(month.last)), performance and performance.notified_on
    if status is None:
        raise _unknown(line, "要介護状態区分")
    if notified_on is None:
        raise _unknown(line, "届出日")
    return status, notified_on


def _unknown(line: SubmittedLine, what: str) -> Refused:
    return Refused(
        "not_as_stated",
        f"{month_text(line.service_month)}の請求を提出したときの{what}が分からず、取消を作れません",
        rule="A-Q53",
        todo="提出したときに保存したファイルを確かめ、区（地域包括ケア推進課）に取消の方法を問い合わせてください",
    )


def cost_code(units: int, known: Parameters, month: Month) -> str | None:
    """費用コード 1001 or 1002 where the ward has published them for these units (A-Q35c), else None."""
    codes = known.find("claim.cost_code", month.first)
    basic, initial = (
        known.find("fee.care_management_a", month.first),
        known.find("addition.initial", month.first),
    )
    if codes is None or basic is None:
        return None
    if units == basic.value:
        return str(codes.value["basic"])
    return str(codes.value["basic_and_initial"]) if initial and units == basic.value + initial.value else None
