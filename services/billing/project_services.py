"""How the project services of a month are paid: whole or by days, in units and yen (A-Q47 to A-Q62).

What happened comes from the log: the certification, the end of the support, the month's report. It is their service
offices' claim; the worksheet shows what the units on the benefit slip come from, and where they can't be right.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

from contracts.codes import MONTH_OCCASIONS, PRICED_BY, SERVICE_ADDITIONS, SERVICE_KINDS, STATUSES
from shared.care import requirements
from shared.care.claim_parts import Performance, UsedService
from shared.node.service import Situation
from shared.policy.copayment import divided
from shared.policy.dates import Month, day_text
from shared.policy.errors import PolicyError
from shared.policy.money import UnitPrice, unit_price
from shared.policy.paid_days import together
from shared.policy.parameters import Entry, ParameterError, Parameters
from shared.policy.project_prices import Addition, ProjectServiceFacts, project_service_price
from shared.policy.proration import ONE_DAY, Period, Proration, ProrationFacts, Use, proration

UNDECIDED: Final = "決められない"


class Told(NamedTuple):
    """A figure of one service: ``value`` in Japanese, ``why`` it is so, the rules and parameters behind it."""

    title: str
    value: str
    why: str
    rules: tuple[str, ...]
    used: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class ServiceOfMonth:
    """One project service of one provider in a month; ``problems`` are (rule, what is wrong), ``barred`` those that
    no claim can be right with.
    """

    figures: tuple[Told, ...]
    problems: tuple[tuple[str, str], ...] = ()
    barred: tuple[tuple[str, str], ...] = ()


class _Occasion(NamedTuple):
    """What happened, in Japanese, and what the rules of proration are asked; None where a day is not known."""

    text: str
    facts: ProrationFacts | None


def project_services(situation: Situation, performance: Performance) -> Iterator[ServiceOfMonth]:
    """Each project service of a month with how it is paid, whoever may claim the care management of it."""
    known = requirements.parameters_of(situation)
    project = known.value("services.project", Month.parse(performance.month).first)
    rows = [each for each in performance.services if each.service in project]
    named = list(dict.fromkeys((each.service, each.provider) for each in rows))
    for service, provider in named:
        alone = sum(kind == service for kind, _ in named) == 1
        title = SERVICE_KINDS[service] + ("" if alone else f"（{situation.agency.name_of(provider)}）")
        of_it = [each for each in rows if (each.service, each.provider) == (service, provider)]
        yield _paid(situation, performance, title, of_it, known)


def _paid(
    situation: Situation, performance: Performance, title: str, rows: Sequence[UsedService], known: Parameters
) -> ServiceOfMonth:
    occasions = list(_occasions(situation, performance, rows[0].service, rows[0].provider))
    why = "。".join(each.text for each in occasions)
    try:
        found = together(Month.parse(performance.month), list(_prorated(occasions, known)))
    except (PolicyError, ParameterError) as problem:
        told = Told(f"{title}の算定", UNDECIDED, f"{why}。{problem.message}", ("A-Q47",), ())
        cost, barred = _as_reported(performance, title, rows, known)
        return ServiceOfMonth((told, *cost), (), barred)
    figures = []
    if occasions:
        figures.append(Told(f"{title}の算定", _shown(found), why, found.rules, found.used))
    cost, problems, barred = _priced(situation, performance, title, rows, found, known)
    return ServiceOfMonth((*figures, *cost), problems, barred)


def _prorated(occasions: Sequence[_Occasion], known: Parameters) -> Iterator[Proration]:
    for each in occasions:
        if each.facts is None:
            raise PolicyError("missing_field", "on", "この日がわからないため、日割りの日数を決められません。")
        yield proration(each.facts, known)


# --- what happened ---


def _occasions(
    situation: Situation, performance: Performance, service: str, provider: str
) -> Iterator[_Occasion]:
    month = Month.parse(performance.month)
    ask = ProrationFacts(month, service, "", None, Use(), None, None)
    changed = category_changed(situation, month)
    if changed is not None:
        yield _category_change(performance, replace(ask, on=changed[0]), provider, changed)
    yield from _frequency_changes(situation, performance, ask, provider, changed)
    for each in performance.occasions:
        if each.service not in (None, service) or each.provider not in (None, provider):
            continue
        name = MONTH_OCCASIONS[each.occasion]
        if each.first is None:
            yield _Occasion(f"{name}があったが、その日の報告がない", None)
        elif each.occasion in ("short_stay", "hospital"):
            last = each.last or each.first
            stay = (each.first, last) if each.occasion == "short_stay" else None
            text = f"{day_text(each.first)}から{day_text(last)}まで{name}"
            yield _Occasion(text, replace(ask, occasion=each.occasion, stay=stay))
        else:
            yield _Occasion(
                f"{day_text(each.first)}に{name}", replace(ask, occasion=each.occasion, on=each.first)
            )
    end = situation.case.support_end
    if end is not None and end.reason == "moved_out" and Month.of(end.ended_on + ONE_DAY) == month:
        on = end.ended_on + ONE_DAY
        text = f"{day_text(on)}に区外へ転居。転居先の取扱いは転居先の保険者に確かめる"
        yield _Occasion(text, replace(ask, occasion="moved_out", on=on))


def category_changed(situation: Situation, month: Month) -> tuple[date, str, str] | None:
    """The day in a month on which the person's state changed, and the states before and after."""
    case = situation.case
    before, after = case.status_on(month.first), case.status_on(month.last)
    certified = case.certification(month.last)
    if before == after or "none" in (before, after) or certified is None or certified.valid_from is None:
        return None
    on = certified.valid_from
    return (on, before, after) if month.first < on <= month.last else None


def _category_change(
    performance: Performance, ask: ProrationFacts, provider: str, changed: tuple[date, str, str]
) -> _Occasion:
    """The weekly count of each side is that of the plan in force on it (A-Q48a to c)."""
    on, before, after = changed
    then = Use(before, performance.per_week(ask.service, provider, on - ONE_DAY))
    since = Use(after, performance.per_week(ask.service, provider, on))
    sides = [name for name, use in (("変更前", then), ("変更後", since)) if use.ours and use.per_week is None]
    unknown = f"。{'と'.join(sides)}に有効な計画の週の回数がわからない" if sides else ""
    counts = f"週{then.per_week}回から週{since.per_week}回" if not sides else ""
    text = f"{day_text(on)}に{STATUSES[before]}から{STATUSES[after]}に変わった{counts and f'（{counts}）'}{unknown}"
    return _Occasion(text, replace(ask, occasion="category_change", before=then, after=since))


def _frequency_changes(
    situation: Situation,
    performance: Performance,
    ask: ProrationFacts,
    provider: str,
    changed: tuple[date, str, str] | None,
) -> Iterator[_Occasion]:
    """Days on which the plan's weekly count became another, apart from a change of the state (A-Q52)."""
    weeks = sorted(
        each for each in performance.weeks if (each.service, each.provider) == (ask.service, provider)
    )
    for before, after in pairwise(weeks):
        on = after.first
        inside = ask.month.first < on <= ask.month.last and before.last == on - ONE_DAY
        if not inside or None in (before.per_week, after.per_week) or (changed and changed[0] == on):
            continue
        if before.per_week != after.per_week:
            status = situation.case.status_on(on)
            text = f"{day_text(on)}に週{before.per_week}回から週{after.per_week}回に変わった"
            uses = Use(status, before.per_week), Use(status, after.per_week)
            yield _Occasion(
                text, replace(ask, occasion="frequency_change", on=on, before=uses[0], after=uses[1])
            )


# --- what it comes to ---


def _priced(
    situation: Situation,
    performance: Performance,
    title: str,
    rows: Sequence[UsedService],
    paid: Proration,
    known: Parameters,
) -> tuple[tuple[Told, ...], tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """The figure of units and yen, its shares, where the report does not agree with it, and what bars a claim."""
    facts = _facts(situation, performance, rows, paid)
    reported = sum(each.units for each in rows)
    if facts is None:
        figures, barred = _as_reported(performance, title, rows, known)
        return figures, (), barred
    try:
        found = [project_service_price(each, known) for each in facts]
    except (PolicyError, ParameterError) as problem:
        visit = any(each.priced_by == "visit" for each in rows)
        barred = (("A-Q60", f"{title}: {problem.message}"),) if visit else ()
        figures = (Told(f"{title}の費用", UNDECIDED, problem.message, ("A-Q60" if visit else "A-Q47",), ()),)
        return figures, (), barred
    units, price = sum(each.units for each in found), found[0].price
    elsewhere = tuple(dict.fromkeys(name for each in found for name in each.elsewhere))
    how = "＋".join(_how(each, rows) for each in facts)
    if elsewhere:
        how += f"。{'・'.join(elsewhere)}は月末の区分により介護給付で請求"
    rules = tuple(dict.fromkeys(rule for each in found for rule in each.rules))
    used = tuple(found[0].used)
    figures = (
        _yen(title, units, price, how, rules, used),
        *_shares(situation, performance, title, price.yen(units), known),
    )
    problems = (
        ()
        if units == reported
        else ((rules[-1], f"{title}は計算では{units:,}単位ですが、報告は{reported:,}単位です（{how}）"),)
    )
    return figures, problems, ()


def _yen(
    title: str, units: int, price: UnitPrice, how: str, rules: tuple[str, ...], used: tuple[Entry, ...]
) -> Told:
    exact = units * price.hundredths
    sum_ = f"{units}×{price.text}＝{exact // 100}.{exact % 100:02d}円、1円未満切り捨て"
    return Told(f"{title}の費用", f"{units:,}単位 {price.yen(units):,}円", f"{how}。{sum_}", rules, used)


def _as_reported(
    performance: Performance, title: str, rows: Sequence[UsedService], known: Parameters
) -> tuple[tuple[Told, ...], tuple[tuple[str, str], ...]]:
    """The figure where what the report says is all that is known."""
    price = unit_price(rows[0].service, Month.parse(performance.month).first, known)
    units = sum(each.units for each in rows)
    how = "日割りの1日あたりの単位数の報告がないため、単位数は報告のとおり"
    return (_yen(title, units, price, how, ("A-Q50",), price.used),), ()


def _facts(
    situation: Situation, performance: Performance, rows: Sequence[UsedService], paid: Proration
) -> list[ProjectServiceFacts] | None:
    """What the price is asked for: once, or by days once a row; None where the report does not tell the daily units."""
    month, first = Month.parse(performance.month), rows[0]
    additions = _additions(performance, first)
    named = ProjectServiceFacts(
        month,
        first.service,
        "month",
        0,
        None,
        None,
        None,
        None,
        situation.case.status_on(month.last),
        additions,
    )
    if any(each.priced_by == "visit" for each in rows):
        times = sum(each.attended or 0 for each in rows) or None
        return [
            replace(named, basis="visit", units=first.units // (times or 1), attended=times, additions=())
        ]
    attended = (
        None if any(each.attended is None for each in rows) else sum(each.attended or 0 for each in rows)
    )
    if paid.method == "whole_month":
        extra = sum(each.units for each in additions)
        return [replace(named, units=sum(each.units for each in rows) - extra, attended=attended)]
    parts = _by_use(paid.periods)
    if len(parts) != len(rows) or any(each.daily_units is None for each in rows):
        return None
    daily = tuple(each for each in additions if each.daily_units is not None)
    return [
        replace(
            named,
            daily_units=row.daily_units,
            days=days,
            attended=row.attended,
            additions=additions if row is rows[-1] else daily,
        )
        for row, days in zip(rows, parts, strict=True)
    ]


def _additions(performance: Performance, of: UsedService) -> tuple[Addition, ...]:
    return tuple(
        Addition(SERVICE_ADDITIONS[each.addition], each.units, each.daily_units)
        for each in performance.additions
        if (each.service, each.provider) == (of.service, of.provider)
    )


def _by_use(periods: Sequence[Period]) -> list[int]:
    """Days a state, in the order in which the states came."""
    days: dict[Use, int] = {}
    for each in periods:
        days[each.use] = days.get(each.use, 0) + each.days
    return list(days.values())


def _how(facts: ProjectServiceFacts, rows: Sequence[UsedService]) -> str:
    if facts.basis == "visit":
        return f"{PRICED_BY['visit']} {facts.attended}回"
    if facts.days is None:
        missed = (
            f"（利用{facts.attended}回。休んだ日があっても変わらない）" if facts.attended is not None else ""
        )
        basic = f"{PRICED_BY['month']} {facts.units}単位{missed}"
    else:
        basic = f"1日 {facts.daily_units}単位×{facts.days}日"
    return "＋".join([basic, *(f"{each.name} {_of_addition(each, facts)}単位" for each in facts.additions)])


def _of_addition(addition: Addition, facts: ProjectServiceFacts) -> int:
    if facts.days is None or addition.daily_units is None:
        return addition.units
    return addition.daily_units * facts.days


def _shares(
    situation: Situation, performance: Performance, title: str, yen: int, known: Parameters
) -> Iterator[Told]:
    """Who pays the service's yen, where the ward has set the person's share (A-Q20)."""
    share = situation.case.share
    month = Month.parse(performance.month)
    if share is None or share.valid_from > month.last:
        return
    found = divided(yen, share.percent, month.first, known, assisted=share.assisted)
    value = f"総合事業 {found.paid:,}円、本人 {found.person:,}円"
    value += f"、介護扶助 {found.assistance:,}円" if share.assisted else ""
    how = f"本人の負担は{share.percent // 10}割。支給する額の1円未満切り捨て、残りが本人の負担"
    yield Told(f"{title}の負担", value, how, ("A-Q20",), found.used)


def _shown(found: Proration) -> str:
    if found.method == "whole_month":
        return "月額包括報酬（日割りしない）"
    total = sum(each.days for each in found.periods)
    if not any(each.use.status for each in found.periods):
        return f"日割り {total}日"
    parts: dict[str, int] = {}
    for each in found.periods:
        name = STATUSES.get(each.use.status or "", "")
        parts[name] = parts.get(name, 0) + each.days
    return "日割り " + "＋".join(f"{name} {days}日" for name, days in parts.items())
