"""Who pays the fee of a month: the insurance, or public assistance for whoever is not insured (公費12, A-Q20, T-33).

The fee of care management is paid in whole (10割). An insured person on public assistance has no share of it that the
welfare office could pay; of one who is not insured (40 to 64 years, a number that begins with H) it pays everything.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.care.intake import PublicAssistance
from shared.care.state import Case
from shared.policy.ages import comes_of
from shared.policy.dates import Month

YOUNGEST: Final = 40
INSURED_FROM: Final = 65
"""Years of age at which everybody becomes insured (第1号被保険者)."""


@dataclass(frozen=True, slots=True)
class Payers:
    """Yen of a fee that the insurance and public assistance (公費12) pay, and why in Japanese."""

    insurance: int
    public: int
    why: str


def assistance(case: Case, month: Month) -> PublicAssistance | None:
    """The public assistance that covers the last day of a month, or None."""
    return next((each for each in reversed(case.assistances) if each.covers(month.last)), None)


def payers_of(case: Case, month: Month, yen: int) -> Payers:
    """Divide the fee of a month; public assistance counts that covers the month's last day, as the status does."""
    if not case.insured:
        return Payers(0, yen, "介護保険の被保険者でない方（みなし2号）のため、全額を公費（生活保護）に請求")
    assisted = assistance(case, month) is not None
    why = "全額が保険から支払われる（10割）ため、" + (
        "生活保護の方でも公費の負担はない" if assisted else "本人の負担はない"
    )
    return Payers(yen, 0, why)


def unpaid(case: Case, month: Month) -> bool:
    """Whether the person is neither insured nor on public assistance on the month's last day."""
    return not case.insured and assistance(case, month) is None


def age_excludes(birth_date: date, month: Month) -> str | None:
    """Why somebody of this birth date can't be an uninsured person on public assistance in a month, or None.

    One comes of an age on the day before one's birthday; whoever is 65 by the first of the month is insured in it.
    """
    if comes_of(INSURED_FROM, birth_date) <= month.first:
        return f"{INSURED_FROM}歳以上の方は介護保険の被保険者です"
    if comes_of(YOUNGEST, birth_date) > month.last:
        return f"{YOUNGEST}歳未満の方は対象になりません"
    return None
