"""A person's month as each format states it: benefit slip, claims at the federation, a row of the ward's medium."""

from collections.abc import Mapping
from typing import Any, Final

from services.billing.formats.benefit_slip import Slip, SlipRow
from services.billing.formats.care_management_claim import CareManagementClaim
from services.billing.formats.codes import SEXES, STATUSES, only_public, provider_kind
from services.billing.formats.covered import ClaimLine
from services.billing.formats.support_claim import SupportClaim
from services.billing.formats.ward_medium import CLAIM, MediumRow
from services.billing.people import Person
from services.billing.public_assistance import age_excludes, assistance
from services.billing.slips import limit_period
from services.billing.taking_back import cost_code
from services.billing.worksheet import Worksheet
from shared.care.limits import month_certification
from shared.care.state import Case
from shared.node.errors import Refused
from shared.node.service import Situation
from shared.policy.dates import Month
from shared.policy.money import unit_price
from shared.policy.parameters import Parameters

_CODES: Final[Mapping[str, str]] = {
    "fee.preventive_support.centre": "centre",
    "fee.preventive_support.office": "office",
    "fee.care_management_a": "care_management_a",
    "addition.initial": "initial",
    "addition.linkage": "linkage",
    "addition.treatment_improvement_permille": "improvement",
}
"""Parameter of a fee's line → its place in the table of service codes."""


def slip_entry(case: Case, month: str, person: Person) -> Slip:
    """The slip of a month (8222). Without a certified period the limit's period begins with the month (assumed)."""
    slip = case.benefit_slips[month]
    of = Month.parse(month)
    first, last = slip.period if slip.period is not None else limit_period(case, of)
    assert person.birth_date is not None
    return Slip(
        service_month=of,
        insurer=case.insurer,
        office=slip.claimant,
        kind=slip.kind,
        made_on=slip.prepared_on,
        insured_number=person.insured_number or "",
        birth_date=person.birth_date,
        sex=SEXES.get(person.sex or "", ""),
        status=STATUSES[slip.status],
        limit_from=Month.of(first) if first else of,
        limit_to=Month.of(last) if last else None,
        limit=slip.limit,
        planner=slip.planner,
        rows=tuple(
            SlipRow(provider, provider_kind(kind), kind, units) for kind, provider, units in slip.rows
        ),
        entrusted_office=slip.entrusted_office,
        entrusted_care_manager=slip.entrusted_care_manager,
    )


def _lines(sheet: Worksheet, known: Parameters) -> tuple[ClaimLine, ...]:
    assert sheet.assessment is not None
    codes = known.value("claim.service_code", sheet.month.first)
    found = []
    for line in sheet.assessment.amount.lines:
        code = codes.get(_CODES.get(line.entry.name, ""))
        if code is None:
            raise Refused(
                "code_not_published",
                f"「{line.name}」のサービスコードが登録されていません",
                rule="decision 5",
                todo="国保連の表のコードをパラメータ claim.service_code に登録してください",
            )
        found.append(ClaimLine(code, line.units))
    return tuple(found)


def _common(situation: Situation, sheet: Worksheet, person: Person, known: Parameters) -> dict[str, Any]:
    found = sheet.assessment
    assert found is not None
    price = unit_price(found.subject.found.type, sheet.month.first, known)
    return {
        "office": found.subject.claimant,
        "service_month": sheet.month,
        "insurer": situation.case.insurer,
        "unit_price": price.hundredths,
        "insured_number": person.insured_number,
        "birth_date": person.birth_date,
        "sex": SEXES.get(person.sex or "", ""),
        "status": STATUSES[found.subject.status],
        "yen": found.amount.yen,
    }


def _public(situation: Situation, sheet: Worksheet, person: Person) -> dict[str, Any]:
    """The numbers of public assistance (公費負担者番号, 公費受給者番号) where it pays: of who is not insured alone.

    :raises Refused: the numbers are missing, or the person can't be one of these.
    """
    month = sheet.month
    alone = only_public(person.insured_number or "")
    if alone == situation.case.insured:
        raise Refused(
            "insured_differs",
            "被保険者番号（H で始まる番号）と、ケースを開いたときの「介護保険の被保険者」が合いません",
            rule="A-Q20",
            todo="ケースを開いた事業所に、被保険者番号を確かめてください",
        )
    if not alone:
        return {}
    excluded = age_excludes(person.birth_date, month) if person.birth_date else None
    if excluded is not None:
        raise Refused(
            "age_excludes",
            f"公費だけの請求（みなし2号）はできません。{excluded}",
            rule="A-Q20",
            todo="区と福祉事務所に資格を確かめ、被保険者となった方は新しい被保険者番号でケースを開いてください",
        )
    told = assistance(situation.case, month)
    numbers = person.assistance.get(told.event_id) if told is not None else None
    if numbers is None:
        raise Refused(
            "assistance_missing",
            "公費負担者番号・公費受給者番号がないか、読めません",
            rule="A-Q20",
            todo="区に「生活保護（公費）の番号を記録する」を行ってもらってください",
        )
    return {"payer": numbers[0], "recipient": numbers[1]}


def _certified(situation: Situation, sheet: Worksheet) -> dict[str, Any]:
    """The period of the certification whose status the claim states."""
    certified = month_certification(situation.case, sheet.month)
    return {
        "certified_from": certified.valid_from if certified else None,
        "certified_to": certified.valid_to if certified else None,
    }


def support_entry(situation: Situation, sheet: Worksheet, person: Person, known: Parameters) -> SupportClaim:
    """The claim of 介護予防支援費 (8125). Its item 15 is the notification's date, from the month's report,
    and empty of who is not insured.
    """
    assert sheet.assessment is not None
    return SupportClaim(
        **_common(situation, sheet, person, known),
        **_certified(situation, sheet),
        **_public(situation, sheet, person),
        notified_on=sheet.assessment.subject.performance.notified_on if situation.case.insured else None,
        lines=_lines(sheet, known),
    )


def care_management_entry(
    situation: Situation, sheet: Worksheet, person: Person, known: Parameters
) -> CareManagementClaim:
    """The claim of ケアマネジメント費 at a federation that takes it (8171)."""
    assert sheet.assessment is not None
    return CareManagementClaim(
        **_common(situation, sheet, person, known),
        **_certified(situation, sheet),
        **_public(situation, sheet, person),
        lines=_lines(sheet, known),
        planner="3",
        planning_office=sheet.assessment.subject.claimant,
    )


def medium_entry(situation: Situation, sheet: Worksheet, person: Person, known: Parameters) -> MediumRow:
    """A row of the medium to the ward (A-Q33, A-Q35a); Tokyo uses no AF codes there (A-Q35b)."""
    found = sheet.assessment
    assert found is not None
    if not situation.case.insured or only_public(person.insured_number or ""):
        raise Refused(
            "no_public_items",
            "区に出す媒体に公費の欄がなく、被保険者でない方の介護予防ケアマネジメント費は書けません",
            rule="A-Q33",
            todo="請求の方法を区（介護保険課）と福祉事務所に確かめてください",
        )
    split = found.amount.split
    assert found.subject.performance.notified_on is not None
    return MediumRow(
        **_common(situation, sheet, person, known),
        kind=CLAIM,
        kana=person.kana or person.name or "",
        cost_code=cost_code(found.amount.units, known, sheet.month),
        units=found.amount.units,
        entrusted_office=found.subject.performance.office if split else None,
        office_yen=split.office if split else None,
        centre_yen=split.centre if split else None,
        notified_on=found.subject.performance.notified_on,
    )
