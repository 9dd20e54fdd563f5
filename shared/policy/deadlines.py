"""Deadlines that the documents state by date: three different rules, which closed days move or leave alone.

The 5th (T-32) and the month end (T-16) stay where they are and warn from the last open day before; the 9th (A-S5) moves
to the next open day at noon (decision 7).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final, Literal

from contracts.codes import Codes
from shared.policy.calendar import Calendar, OutsideCalendar
from shared.policy.dates import TOKYO, Month
from shared.policy.errors import PolicyError, excluded
from shared.policy.evaluator import Evaluator, Result, result
from shared.policy.fields import REQUIRED, Choice, Day, Facts, Minute, MonthField
from shared.policy.parameters import Entry, ParameterError, Parameters

DEADLINES: Final[Codes] = {
    "performance_report": "実績報告（再委託）",
    "held_notification": "保管していた届出書の提出",
    "care_management_claim": "介護予防ケアマネジメント費の請求データの提出",
}
Counted = bool | Literal["undecided"] | None


def fixed_day(month: Month, day: Entry) -> date:
    """The day of a month that a parameter states, open or closed (T-32)."""
    return month.first.replace(day=day.value)


def end_of_month(day: date) -> date:
    """The last day of the month in which a day lies, open or closed (T-16)."""
    return Month.of(day).last


@dataclass(frozen=True, slots=True)
class CutOff:
    """Until when a claim that is brought to the ward counts this month (A-S5, A-S6), in local time."""

    at: datetime
    used: tuple[Entry, ...]


def claim_cut_off(month: Month, parameters: Parameters) -> CutOff:
    """The cut-off of a month's claims (A-S5, decisions 7 and 13).

    Where the stated day is closed, it is the next open day at the hour stated for that; otherwise closing time.

    :raises ParameterError: the insurer had no such rule in that month.
    :raises OutsideCalendar: holidays of that year can't be computed.
    """
    rule = parameters.entry("claim.cut_off", month.first)
    stated = month.first.replace(day=rule.value["day"])
    day = Calendar(parameters).open_on_or_after(stated)
    if day != stated:
        return CutOff(datetime.combine(day, time.fromisoformat(rule.value["when_moved"])), (rule,))
    closing = parameters.entry("office.closing_time", day)
    return CutOff(datetime.combine(day, time.fromisoformat(closing.value)), (rule, closing))


def dispatch_by(month: Month, parameters: Parameters) -> Entry | None:
    """The last day on which a month's claim data may leave by courier, or None without a table (A-S3, A-S12).

    Nothing is computed in place of a table that was not published (decision 8).
    """
    table = parameters.find("claim.dispatch_dates", month.first)
    days = () if table is None else tuple(each for each in table.value if Month.of(each) == month)
    return table.at_value(days[0]) if table and days else None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline: a day, or a time where an hour is set. ``dispatch_by`` concerns claims alone.

    ``counted``: whether what was sent or brought is in time; ``undecided`` where the table is needed that was not
    published, ``None`` where nothing is known of either.
    """

    due: date | datetime
    warn_from: date
    counted: Counted
    rules: tuple[str, ...]
    used: tuple[Entry, ...]
    dispatch_by: date | None = None
    not_published: tuple[str, ...] = ()


def claim_deadline(
    month: Month, sent_on: date | None, brought_at: datetime | None, parameters: Parameters
) -> Deadline:
    """When the claim data for the fee of A must arrive (A-S3 to A-S8, A-S12, decisions 7, 8 and 13).

    What leaves by courier after the dispatch day arrives too late; what is brought in person counts until the cut-off.
    Too late means no claim this month.
    """
    cut_off, dispatch = claim_cut_off(month, parameters), dispatch_by(month, parameters)
    last_dispatch: date | None = dispatch.value if dispatch else None
    rules = ["A-S3", "A-S5", "A-S12", "decision 7", "decision 8", "decision 13"]
    rules += ["A-S7", "A-S6"] if sent_on else []
    rules += ["A-S4", "A-S6"] if brought_at else []
    return Deadline(
        due=cut_off.at,
        warn_from=Calendar(parameters).last_open_on_or_before(cut_off.at.date()),
        counted=_claim_counted(cut_off.at, last_dispatch, sent_on, brought_at),
        rules=tuple(rules),
        used=(*cut_off.used, *([dispatch] if dispatch else [])),
        dispatch_by=last_dispatch,
        not_published=() if dispatch else ("dispatch_by",),
    )


def submission_deadline(
    month: Month, means: str, submitted_on: date, brought_at: datetime | None, parameters: Parameters
) -> Deadline:
    """:func:`claim_deadline` for a submission as its claimant and its ward both see it (A-S3 to A-S8).

    What does not come by hand is judged by the day on which it left, however early it arrived (A-S7). ``brought_at``
    is in any time zone, None where nobody brought it.

    :raises ParameterError: the insurer has no cut-off.
    """
    local = brought_at.astimezone(TOKYO).replace(tzinfo=None) if brought_at else None
    return claim_deadline(month, None if means == "brought" else submitted_on, local, parameters)


def _claim_counted(
    cut_off: datetime, last_dispatch: date | None, sent_on: date | None, brought_at: datetime | None
) -> Counted:
    ways: list[Counted] = []
    if brought_at is not None:
        ways.append(brought_at <= cut_off)
    if sent_on is not None and last_dispatch is not None:
        ways.append(sent_on <= last_dispatch)
    elif sent_on is not None:
        ways.append("undecided" if sent_on < cut_off.date() else False)
    if not ways:
        return None
    return True if True in ways else "undecided" if "undecided" in ways else False


def report_deadline(month: Month, arrived_on: date | None, parameters: Parameters) -> Deadline:
    """The day in ``month`` by which an entrusted office reports the month before (T-32, decision 7)."""
    day = parameters.entry("performance_report.day", month.first)
    return _day_deadline(fixed_day(month, day), arrived_on, "T-32", day, parameters)


def held_notification_deadline(start: date, arrived_on: date | None, parameters: Parameters) -> Deadline:
    """The last day of the month in which A starts, when the held notification is due (T-16, decision 7)."""
    rule = parameters.entry("notification.held_due", start)
    return _day_deadline(end_of_month(start), arrived_on, "T-16", rule, parameters)


def _day_deadline(
    due: date, arrived_on: date | None, rule: str, entry: Entry, parameters: Parameters
) -> Deadline:
    return Deadline(
        due=due,
        warn_from=Calendar(parameters).last_open_on_or_before(due),
        counted=None if arrived_on is None else arrived_on <= due,
        rules=(rule, "decision 7"),
        used=(entry,),
    )


class DeadlineInput(Facts):
    """Input of ``deadline``."""

    kind = Choice(DEADLINES, required=True, metadata={"title": "期限の種類"})
    month = MonthField(load_default=None, allow_none=True, metadata={"title": "期限が来る月"})
    start_date = Day(load_default=None, allow_none=True, metadata={"title": "サービス開始年月日"})
    sent_on = Day(load_default=None, allow_none=True, metadata={"title": "発送・提出した日"})
    brought_at = Minute(load_default=None, allow_none=True, metadata={"title": "持参した日時"})


def evaluate_deadline(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``deadline`` as an evaluator (T-16, T-32, A-S3, A-S4, A-S5, A-S6, A-S7, A-S8, A-S12, decisions 7, 8 and 13).

    :raises PolicyError: the month or the start date is missing, or a year whose holidays can't be computed.
    """
    dated_by = "start_date" if facts["month"] is None else "month"
    try:
        found = _deadline(facts, parameters)
    except OutsideCalendar as problem:
        raise PolicyError("out_of_range", dated_by, str(problem)) from problem
    except ParameterError as problem:
        raise PolicyError(problem.code, dated_by, problem.message) from problem
    values = {
        "due": found.due.isoformat(timespec="minutes") if isinstance(found.due, datetime) else str(found.due),
        "dispatch_by": found.dispatch_by.isoformat() if found.dispatch_by else None,
        "warn_from": found.warn_from.isoformat(),
        "counted": found.counted,
        "not_published": list(found.not_published),
    }
    return result(values, found.rules, found.used)


def _deadline(facts: Mapping[str, Any], parameters: Parameters) -> Deadline:
    month, start, sent_on, brought_at = _asked(facts)
    if facts["kind"] == "care_management_claim":
        return claim_deadline(month, sent_on, brought_at, parameters)
    days = [each for each in (sent_on, brought_at and brought_at.date()) if each]
    arrived_on = min(days, default=None)
    if facts["kind"] == "performance_report":
        return report_deadline(month, arrived_on, parameters)
    return held_notification_deadline(start or month.first, arrived_on, parameters)


def _asked(facts: Mapping[str, Any]) -> tuple[Month, date | None, date | None, datetime | None]:
    month, start = facts["month"], facts["start_date"]
    if start is not None and facts["kind"] != "held_notification":
        raise excluded(
            "start_date", f"{DEADLINES[facts['kind']]}の期限は、期限が来る月（month）で尋ねてください。"
        )
    if start is not None and month is not None and Month.of(start) != month:
        raise excluded("month", "期限が来る月（month）がサービス開始年月日（start_date）の月とちがいます。")
    if start is None and month is None:
        field = "start_date" if facts["kind"] == "held_notification" else "month"
        raise PolicyError("missing_field", field, REQUIRED)
    return month or Month.of(start), start, facts["sent_on"], facts["brought_at"]


DEADLINE = Evaluator(
    "deadline",
    "実績報告・届出書・請求データの期限と、間に合うかを答える",
    DeadlineInput,
    evaluate_deadline,
)
