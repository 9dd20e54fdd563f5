"""Which designations hold until when, which near their renewal, and on which days new ones begin (T-06N)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from shared.care.agency import AgencyState, last_day_of
from shared.policy.parameter_files import Entry
from shared.policy.parameters import ParameterError, parameters

PERIOD_STATES: Final = {
    "coming": "指定日の前",
    "holds": "有効",
    "renewal": "更新の時期",
    "renewed": "更新済み",
    "over": "有効期間の終わり",
}


@dataclass(frozen=True, slots=True)
class Period:
    """One designation of an office from its first to its last day, and how it stands."""

    office: str
    first: date
    last: date
    state: str


def periods(agency: AgencyState, insurer: str, on: date) -> list[Period]:
    """The designations of an insurer, those that end first on top; what is over or renewed comes last."""
    own = [each for each in agency.designations if each.insurer == insurer]
    begun = {(each.agency, each.designated_from) for each in own}
    found = [
        Period(
            each.agency, each.designated_from, last, _state(each.designated_from, last, renewed, insurer, on)
        )
        for each in own
        for last in (last_day_of(insurer, each.designated_from),)
        for renewed in ((each.agency, _day_after(last)) in begun,)
    ]
    return sorted(found, key=lambda each: (each.state in ("over", "renewed"), each.last, each.office))


def _state(first: date, last: date, renewed: bool, insurer: str, on: date) -> str:
    if on > last:
        return "over"
    if renewed:
        return "renewed"
    if on < first:
        return "coming"
    notice = parameters(insurer).find("designation.renewal_notice_days", on)
    near = notice is not None and on >= last - timedelta(days=int(notice.value))
    return "renewal" if near else "holds"


def _day_after(day: date) -> date:
    return day if day == date.max else day + timedelta(days=1)


def permitted_days(insurer: str) -> Sequence[Entry]:
    """The fixed days of each fiscal year that has published any; a year without a table is not guessed."""
    try:
        return parameters(insurer).history("designation.permitted_dates")
    except ParameterError:
        return ()
