"""Monthly bundles of project services when something changes in mid-month: whole, or by days (日割り)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal, cast

from contracts.codes import SERVICE_KINDS, STATUSES, Codes
from shared.policy.dates import Month, day_text, month_text
from shared.policy.errors import PolicyError, excluded
from shared.policy.evaluator import Evaluator, Result, result
from shared.policy.fields import REQUIRED, Choice, Day, Facts, Group, ListOf, MonthField, Strict, Whole
from shared.policy.parameters import Entry, Parameters
from shared.policy.vocabulary import PREVENTIVE_STATUSES

ONE_DAY: Final = timedelta(days=1)
PRORATION_OCCASIONS: Final[Codes] = {
    "category_change": "区分変更",
    "frequency_change": "利用回数の変更",
    "short_stay": "短期入所",
    "moved_out": "区外への転居",
    "contract_started": "利用契約の開始",
    "contract_ended": "利用契約の解除",
    "hospital": "入院",
}


@dataclass(frozen=True, slots=True)
class Use:
    """A person's status and how often a week the service is used; ``None`` where it is not known."""

    status: str | None = None
    per_week: int | None = None

    @property
    def ours(self) -> bool:
        """Whether a person of this status can use project services (A-Q1b, A-Q11)."""
        return self.status is None or self.status in PREVENTIVE_STATUSES


@dataclass(frozen=True, slots=True)
class ProrationFacts:
    """What happened in a month. ``on`` is the first day of the new state, at a contract's end its last day.

    ``stay`` are the days in a short stay.
    """

    month: Month
    service: str
    occasion: str
    on: date | None
    before: Use
    after: Use | None
    stay: tuple[date, date] | None


@dataclass(frozen=True, slots=True)
class Period:
    """Days that are paid in one state, both ends included."""

    first: date
    last: date
    use: Use

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Proration:
    """``whole_month`` has one period, at the frequency of the month's first day."""

    method: Literal["whole_month", "daily"]
    periods: tuple[Period, ...]
    rules: tuple[str, ...]
    used: tuple[Entry, ...]


def proration(facts: ProrationFacts, parameters: Parameters) -> Proration:
    """Decide how a month is paid in which something changed (A-Q47, A-Q48a, A-Q48b, A-Q48c, A-Q52, A-Q61, A-Q62).

    The ministry's notice prorates by day from the change; where the ward pays a service by its weekly count, a change
    of the category alone changes nothing, and a change of the count alone is paid as the month began.

    :raises PolicyError: facts that do not fit the occasion, or a service without a monthly bundle of the project.
    :raises ParameterError: the insurer has stated no rule for the occasion.
    """
    project = parameters.entry("services.project", facts.month.first)
    if facts.service not in project.value:
        raise excluded(
            "service",
            f"{SERVICE_KINDS[facts.service]}の日割りはここでは扱いません（総合事業の訪問型・通所型 A1〜A8 のみ）。",
        )
    return _BY_OCCASION[facts.occasion](facts, parameters)


def _category_change(facts: ProrationFacts, parameters: Parameters) -> Proration:
    on, before, after = _change(facts)
    if before.status == after.status:
        raise excluded(
            "to", "変更前と変更後の状態が同じです。利用回数の変更なら frequency_change で尋ねてください。"
        )
    if not (before.ours or after.ours):
        raise excluded("from", "変更の前も後も、訪問型・通所型サービスの対象になる状態ではありません。")
    entry = parameters.entry("proration.category_change", facts.month.first)
    counted = parameters.find("proration.weekly_count_services", facts.month.first)
    by_count = counted is not None and facts.service in counted.value
    if not (before.ours and after.ours):
        return Proration("daily", _split(facts.month, on, before, after), ("A-Q47", "A-Q59"), (entry,))
    if on == facts.month.first:
        return Proration("whole_month", (_whole(facts.month, after),), ("A-Q47",), (entry,))
    if counted is not None and by_count and before.per_week == after.per_week:
        used = (entry, counted, *_unless_stated(facts, before, after, parameters))
        return Proration("whole_month", (_whole(facts.month, before),), ("A-Q48a",), used)
    rules, used = _by_notice(facts, before, after, parameters) if by_count else ((), ())
    return Proration("daily", _split(facts.month, on, before, after), ("A-Q47", *rules), (entry, *used))


def _unless_stated(
    facts: ProrationFacts, before: Use, after: Use, parameters: Parameters
) -> tuple[Entry, ...]:
    """The assumption by which a month stays whole where the manual speaks of another change (A-Q48a)."""
    if (before.status, after.status, before.per_week) == ("support1", "support2", 1):
        return ()
    assumed = parameters.find("proration.weekly_count_other_changes", facts.month.first)
    return () if assumed is None else (assumed,)


def _by_notice(
    facts: ProrationFacts, before: Use, after: Use, parameters: Parameters
) -> tuple[tuple[str, ...], tuple[Entry, ...]]:
    """What is said of the ward's own service when category and weekly count change together."""
    if (before.status, before.per_week, after.status, after.per_week) == ("support2", 2, "support1", 1):
        return ("A-Q48b",), ()
    raised = parameters.entry("proration.frequency_raised", facts.month.first)
    return ("A-Q48c", "decision 12"), (raised,)


def _frequency_change(facts: ProrationFacts, parameters: Parameters) -> Proration:
    on, before, after = _change(facts)
    if before.status != after.status:
        raise excluded("to", "状態も変わっています。category_change で尋ねてください。")
    _must_be_ours(before)
    if before.per_week == after.per_week:
        raise excluded("to", "変更前と変更後の利用回数が同じです。")
    entry = parameters.entry("proration.frequency_change_whole_month", facts.month.first)
    if facts.service not in entry.value:
        raise PolicyError(
            "not_published",
            "service",
            f"{parameters.insurer.name}の{SERVICE_KINDS[facts.service]}で利用回数が変わったときの取扱いは"
            "登録されていません。区の資料を確かめて登録してください。",
        )
    use = after if on == facts.month.first else before
    return Proration("whole_month", (_whole(facts.month, use),), ("A-Q47", "A-Q52"), (entry,))


def _short_stay(facts: ProrationFacts, parameters: Parameters) -> Proration:
    if facts.stay is None:
        raise PolicyError("missing_field", "short_stay", REQUIRED)
    first, last = facts.stay
    if first > last:
        raise excluded(
            "short_stay",
            "短期入所の終わりの日が始まりの日より前です。始まりの日、終わりの日の順に入力してください。",
        )
    if last < facts.month.first or facts.month.last < first:
        raise PolicyError(
            "out_of_range", "short_stay", f"短期入所の期間が{month_text(facts.month)}にありません。"
        )
    if facts.on not in (None, first):
        raise excluded(
            "on", "短期入所の日は short_stay に始まりと終わりで入力してください（on は要りません）。"
        )
    _must_not_change(facts)
    entry = parameters.entry("proration.short_stay", facts.month.first)
    before = [(facts.month.first, first - ONE_DAY, facts.before)] if first > facts.month.first else []
    after = [(last + ONE_DAY, facts.month.last, facts.before)] if last < facts.month.last else []
    around = _periods(*before, *after)
    return Proration("daily", around, ("A-Q61",), (entry,))


def _moved_out(facts: ProrationFacts, parameters: Parameters) -> Proration:
    on = _day(facts)
    _must_not_change(facts)
    entry = parameters.entry("proration.moved_out", facts.month.first)
    return Proration("daily", _periods((facts.month.first, on - ONE_DAY, facts.before)), ("A-Q62",), (entry,))


def _contract_started(facts: ProrationFacts, parameters: Parameters) -> Proration:
    """From the day of the contract, whenever the first use was (A-Q47)."""
    on = _day(facts)
    return _by_contract(facts, on, facts.month.last, parameters)


def _contract_ended(facts: ProrationFacts, parameters: Parameters) -> Proration:
    """Until the day on which the contract ended, that day included (A-Q47)."""
    on = _day(facts)
    return _by_contract(facts, facts.month.first, on, parameters)


def _by_contract(facts: ProrationFacts, first: date, last: date, parameters: Parameters) -> Proration:
    _must_not_change(facts)
    entry = parameters.entry("proration.contract", facts.month.first)
    period = Period(first, last, facts.before)
    whole = (first, last) == (facts.month.first, facts.month.last)
    return Proration("whole_month" if whole else "daily", (period,), ("A-Q47",), (entry,))


def _hospital(facts: ProrationFacts, parameters: Parameters) -> Proration:
    """A stay in hospital is no cause of the notice: the bundle is paid whole (A-Q47)."""
    _must_not_change(facts)
    entry = parameters.entry("proration.hospital", facts.month.first)
    return Proration("whole_month", (_whole(facts.month, facts.before),), ("A-Q47",), (entry,))


_BY_OCCASION: Final = {
    "category_change": _category_change,
    "frequency_change": _frequency_change,
    "short_stay": _short_stay,
    "moved_out": _moved_out,
    "contract_started": _contract_started,
    "contract_ended": _contract_ended,
    "hospital": _hospital,
}


def _whole(month: Month, use: Use) -> Period:
    return Period(month.first, month.last, use)


def _split(month: Month, on: date, before: Use, after: Use) -> tuple[Period, ...]:
    return _periods((month.first, on - ONE_DAY, before), (on, month.last, after))


def _periods(*spans: tuple[date, date, Use]) -> tuple[Period, ...]:
    """The spans that have a day and in which the person can use the service."""
    return tuple(Period(first, last, use) for first, last, use in spans if first <= last and use.ours)


def _day(facts: ProrationFacts) -> date:
    if facts.stay is not None:
        raise excluded("short_stay", f"{PRORATION_OCCASIONS[facts.occasion]}に短期入所の期間は要りません。")
    if facts.on is None:
        raise PolicyError("missing_field", "on", REQUIRED)
    if Month.of(facts.on) != facts.month:
        raise PolicyError(
            "out_of_range", "on", f"{day_text(facts.on)}は{month_text(facts.month)}の日ではありません。"
        )
    return facts.on


def _change(facts: ProrationFacts) -> tuple[date, Use, Use]:
    on = _day(facts)
    if facts.before.status is None:
        raise PolicyError("missing_field", "from", REQUIRED)
    if facts.after is None:
        raise PolicyError("missing_field", "to", REQUIRED)
    for field, use in (("from", facts.before), ("to", facts.after)):
        if use.ours and use.per_week is None:
            raise PolicyError(
                "missing_field", field, "per_week（週の回数）がありません。整数（例 1）を入力してください。"
            )
    return on, facts.before, facts.after


def _must_not_change(facts: ProrationFacts) -> None:
    _must_be_ours(facts.before)
    if facts.after not in (None, facts.before):
        raise excluded("to", f"{PRORATION_OCCASIONS[facts.occasion]}では状態も利用回数も変わりません。")


def _must_be_ours(use: Use) -> None:
    if not use.ours:
        raise excluded(
            "from",
            f"{STATUSES[str(use.status)]}の人は訪問型・通所型サービスの対象ではありません（A-Q1b、A-Q11）。",
        )


def _use(title: str) -> Group:
    parts: dict[str, Strict[Any]] = {
        "status": Choice(STATUSES, metadata={"title": "認定等の状態"}),
        "per_week": Whole(1, 7, allow_none=True, metadata={"title": "週の利用回数"}),
    }
    return Group(parts, load_default=None, allow_none=True, metadata={"title": title})


# A class body can't name a field `from`.
ProrationInput = cast(
    "type[Facts]",
    Facts.from_dict(
        {
            "month": MonthField(required=True, metadata={"title": "サービス提供月"}),
            "service": Choice(SERVICE_KINDS, required=True, metadata={"title": "サービス種類"}),
            "occasion": Choice(PRORATION_OCCASIONS, required=True, metadata={"title": "月途中の出来事"}),
            "on": Day(
                load_default=None,
                allow_none=True,
                metadata={"title": "変更日・転居日・契約の開始日または解除日"},
            ),
            "from": _use("変更前の状態と利用回数"),
            "to": _use("変更後の状態と利用回数"),
            "short_stay": ListOf(
                Day(),
                2,
                2,
                load_default=None,
                allow_none=True,
                metadata={"title": "短期入所の始まりと終わりの日"},
            ),
        },
        name="ProrationInput",
    ),
)
"""Input of ``proration``."""


def evaluate_proration(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``proration`` as an evaluator (A-Q47, A-Q48a, A-Q48b, A-Q48c, A-Q52, A-Q59, A-Q61, A-Q62, decision 12)."""
    asked = ProrationFacts(
        month=facts["month"],
        service=facts["service"],
        occasion=facts["occasion"],
        on=facts["on"],
        before=Use(**(facts["from"] or {})),
        after=Use(**facts["to"]) if facts["to"] else None,
        stay=facts["short_stay"],
    )
    found = proration(asked, parameters)
    values = {
        "method": found.method,
        "periods": [_shown(each) for each in found.periods],
        "days": sum(each.days for each in found.periods),
    }
    return result(values, found.rules, found.used)


def _shown(period: Period) -> dict[str, Any]:
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "days": period.days,
        "status": period.use.status,
        "per_week": period.use.per_week,
    }


PRORATION = Evaluator(
    "proration",
    "月途中の変更で包括払いか日割りかを判定する",
    ProrationInput,
    evaluate_proration,
    dated_by="month",
)
