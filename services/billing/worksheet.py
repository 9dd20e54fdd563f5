"""The worksheet of a service month: every figure of a claim with its derivation, and what still blocks it.

Nothing here is stored: it is computed when read from what the node knows, so a fact that arrives late is seen at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from contracts.claim_codes import ROUTES
from contracts.codes import SERVICE_KINDS, STATUSES, TYPES
from services.billing.case import ASSUMED, Assessment, assess, other_items, policy_refused, stated_items
from services.billing.project_services import ServiceOfMonth, project_services
from services.billing.public_assistance import assistance, payers_of, unpaid
from services.billing.slips import changed_slip, managed_rows, slip_left, wrong_slip
from shared.care import requirements
from shared.care.claim_parts import Performance
from shared.care.limits import limit_of, month_certification, month_status
from shared.node.errors import Refused
from shared.node.service import Situation
from shared.policy.citing import cited, cited_rules
from shared.policy.dates import Month, day_text, month_text
from shared.policy.fees import FeeLine
from shared.policy.money import unit_price
from shared.policy.parameters import Entry, Parameters

STATES: Final = {
    "blocked": "請求できない",
    "open": "請求案はまだ",
    "drafted": "請求案（確認待ち）",
    "changed": "請求案のあとで変わった",
    "confirmed": "確認済み（提出待ち）",
    "submitted": "提出済み",
    "returned": "返戻（請求案を作り直す）",
    "taken_back": "過誤の申立て済み（請求案を作り直す）",
    "decided": "決定",
    "reopened": "提出のあとで変わった",
}
"""How far a service month is."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it is, its value, how it follows from facts and parameters, and the rules applied.

    ``sources`` name the parameters behind it, each with document, passage and first day.
    """

    title: str
    value: str
    derivation: str
    rules: tuple[str, ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Blocker:
    """Why a month can't be claimed yet: the rule, what is wrong, and what to do."""

    rule: str
    text: str
    todo: str

    def of(self, insurer: str) -> "Blocker":
        """The same, by the rules of an insurer's own document."""
        return replace(self, rule=cited(self.rule, insurer))


@dataclass(frozen=True, slots=True)
class Worksheet:
    """One person's service month; ``assessment`` is None where nothing can be computed.

    ``changed``: what is known now would make another claim than the one that was drafted or submitted.
    """

    case_id: UUID
    month: Month
    state: str
    assessment: Assessment | None
    figures: tuple[Figure, ...]
    blockers: tuple[Blocker, ...]
    notes: tuple[Blocker, ...] = ()
    changed: bool = False

    @property
    def claimant(self) -> str | None:
        """The agency whose claim it is."""
        return self.assessment.subject.claimant if self.assessment else None


def concerned(situation: Situation, month: Month) -> bool:
    """Whether the month of this case can be claimable: it was reported, or care management goes on in it."""
    case = situation.case
    return str(month) in case.performances or (
        case.mode(month.last) is not None and case.supported_on(month.first)
    )


def worksheet(situation: Situation, month: Month, *, explained: bool = True) -> Worksheet:
    """What a service month comes to, and why; what is missing for a claim, and what to do (T-32, T-33, A-Q37).

    Without ``explained`` it has no figures: a file needs only the sums, of thousands of persons.
    """
    sheet = _sheet(situation, month, explained)
    insurer = situation.case.insurer
    return replace(
        sheet,
        figures=tuple(replace(each, rules=cited_rules(each.rules, insurer)) for each in sheet.figures),
        blockers=tuple(each.of(insurer) for each in sheet.blockers),
        notes=tuple(each.of(insurer) for each in sheet.notes),
    )


def _sheet(situation: Situation, month: Month, explained: bool) -> Worksheet:
    case = situation.case
    assert case.id is not None
    try:
        found = assess(situation, month)
        services = tuple(project_services(situation, found.subject.performance)) if explained else ()
        figures = (*_figures(situation, found), *_of_services(services)) if explained else ()
        blockers = tuple(_blockers(situation, found))
    except Refused as refused:
        blocker = Blocker(refused.rule or "T-33", refused.message, refused.todo or "")
        performance = case.performances.get(str(month)) if explained else None
        services = tuple(project_services(situation, performance)) if performance else ()
        left = tuple(Blocker(*each) for each in slip_left(situation, month, None))
        return Worksheet(case.id, month, "blocked", None, tuple(_of_services(services)), (blocker,), left)
    changes = tuple(_changes(situation, found))
    remains = (Blocker(*each) for each in slip_left(situation, month, found.subject))
    differences = (*remains, *_differences(situation, found, services))
    standing = situation.agency.submissions.standing_claim(case, str(month))
    if standing is not None and standing.claim_id not in case.corrections:
        # It is with the examiner: what is missing now blocks nothing any more, and is shown.
        result = case.claim_results.get(standing.claim_id)
        reached = "decided" if result else "submitted"
        shown = (*changes, *blockers, *differences)
        reopened = changes or changed_slip(situation, found.subject) is not None
        reached = "reopened" if reopened else reached
        return Worksheet(case.id, month, reached, found, figures, (), shown, bool(changes))
    state = "blocked" if blockers else _before_submission(situation, month, bool(changes))
    shown = (*changes, *differences)
    return Worksheet(case.id, month, state, found, figures, blockers, shown, bool(changes))


def _before_submission(situation: Situation, month: Month, changed: bool) -> str:
    claim = situation.case.claims.get(str(month))
    if claim is None:
        return "open"
    if changed:
        return "changed"
    if claim.id in situation.agency.submissions.used(situation.case, str(month)):
        return "taken_back" if claim.id in situation.case.corrections else "returned"
    return "confirmed" if claim.confirmed_on else "drafted"


# --- figures ---


def _figures(situation: Situation, found: Assessment) -> Iterable[Figure]:
    subject, amount, case = found.subject, found.amount, situation.case
    performance = subject.performance
    name = situation.agency.name_of
    reported = f"{day_text(performance.reported_on)}の実績報告（{name(performance.office)}）"
    certified = month_certification(case, subject.month)
    period = (
        f"認定有効期間 {_period_text(certified.valid_from, certified.valid_to)}"
        if certified
        else "被保険者証の記載"
    )
    at_end = case.status_on(subject.month.last)
    heaviest = "の末日の区分" if at_end == subject.status else f"の中で重い区分（末日は{STATUSES[at_end]}）"
    yield Figure(
        "状態区分",
        STATUSES[subject.status],
        f"{month_text(subject.month)}{heaviest}。{period}",
        ("A-Q1b", "T-33"),
    )
    used = "、".join(f"{SERVICE_KINDS[each.service]} {each.units:,}単位" for each in performance.services)
    yield Figure(
        "類型", TYPES[subject.found.type], f"{reported}: {used}", ("T-61", "A-Q15a"), _of(subject.found.used)
    )
    who = (
        "居宅指定の介護予防支援"
        if subject.found.claimant == "office"
        else "包括の月" + ("（再委託）" if subject.entrusted else "")
    )
    yield Figure("請求する事業所", name(subject.claimant), who, ("T-33", "T-04"))
    route = ASSUMED if subject.found.route_assumed else ""
    yield Figure(
        "請求先",
        ROUTES[subject.found.claim_route],
        f"類型による{route}",
        ("A-Q35a",),
        _of(subject.found.used[-1:]),
    )
    yield from _additions(situation, found)
    for line in amount.lines:
        yield _line(line)
    lines = "＋".join(f"{each.units:,}" for each in amount.lines)
    yield Figure("単位数の合計", f"{amount.units:,}単位", lines, amount.rules)
    with policy_refused():
        price = unit_price(subject.found.type, subject.month.first, requirements.parameters_of(situation))
    yield Figure("単価", f"{amount.unit_price}円", "地域区分と人件費割合による", ("A-Q50",), _of(price.used))
    yen = f"{amount.units:,}×{amount.unit_price}＝{_exact(amount.units * price.hundredths)}、1円未満切り捨て"
    yield Figure("請求額", f"{amount.yen:,}円", yen, ("A-Q50",))
    yield _payers(situation, found)
    if amount.split is not None:
        split = f"包括 {amount.split.centre:,}円、居宅 {amount.split.office:,}円"
        how = f"合わせて {amount.split.office + amount.split.centre:,}円{ASSUMED if amount.split.assumed else ''}"
        yield Figure("配分", split, how, ("A-Q35c", "decision 1"), _of(amount.split.used))
    yield from _slip_figures(situation, found)


def _payers(situation: Situation, found: Assessment) -> Figure:
    """What the insurance and public assistance (公費12) pay of the fee (A-Q20)."""
    case, month = situation.case, found.subject.month
    paid = payers_of(case, month, found.amount.yen)
    told = assistance(case, month)
    period = f"。公費の期間 {_period_text(told.valid_from, told.valid_to)}" if told is not None else ""
    value = f"保険 {paid.insurance:,}円、公費 {paid.public:,}円"
    return Figure("保険と公費", value, paid.why + period, ("A-Q20", "T-33"))


def _additions(situation: Situation, found: Assessment) -> Iterable[Figure]:
    initial = found.initial
    rules: tuple[str, ...] = ("A-Q34a",)
    value, why = "なし", "前の月から続いている"
    if initial is not None:
        value = (
            "あり"
            if initial.payable is True
            else "決められない"
            if initial.payable == "undecided"
            else "なし"
        )
        why, rules = initial.reason, initial.rules
    yield Figure("初回加算の算定", value, why, rules, _of(initial.used) if initial else ())
    if found.subject.found.claimant == "centre":
        linked = "あり" if found.linkage else "なし"
        why = "最初の再委託の月（1人1回）" if found.linkage else "最初の再委託の月でないか、委託していない"
        yield Figure("委託連携加算の算定", linked, why, ("T-69",))
    yield from _not_set(situation, found)


def _not_set(situation: Situation, found: Assessment) -> Iterable[Figure]:
    """Where a small multifunctional home is used, the addition that the ward has not set up (A-Q34d)."""
    entry = requirements.parameters_of(situation).find("addition.not_set", found.subject.month.first)
    used = {each.service for each in found.subject.performance.services}
    if entry is not None and used & {"69", "75"}:
        title = "介護予防小規模多機能型居宅介護事業所連携加算の算定"
        yield Figure(title, "なし", "この区では設定していない", ("A-Q34d",), _of((entry,)))


def _line(line: FeeLine) -> Figure:
    assumed = ASSUMED if line.entry.assumed else ""
    how = f"{line.entry.period_text()}の額{assumed}"
    rule = "decision 14" if line.entry.assumed else "T-33"
    return Figure(line.name, f"{line.units:,}単位", how, (rule,), _of((line.entry,)))


def _slip_figures(situation: Situation, found: Assessment) -> Iterable[Figure]:
    month, known = found.subject.month, requirements.parameters_of(situation)
    rows = managed_rows(found.subject, known)
    total = sum(units for _, _, units in rows)
    sums = "＋".join(f"{units:,}（{kind}）" for kind, _, units in rows) or "限度額管理のサービスなし"
    yield Figure("給付管理の単位数", f"{total:,}単位", sums, ("T-33",))
    status = month_status(situation.case, month)
    if status in ("project_eligible", "support1", "support2"):
        with policy_refused():
            limit = limit_of(situation.case, month, total, known)
        how = f"{STATUSES[status]}（月の中で重い区分）。超過 {limit.excess:,}単位"
        yield Figure("区分支給限度基準額", f"{limit.limit:,}単位", how, limit.rules, _of(limit.used))


def _of_services(services: Iterable[ServiceOfMonth]) -> Iterable[Figure]:
    for service in services:
        for each in service.figures:
            yield Figure(each.title, each.value, each.why, each.rules, _of(each.used))


def _period_text(first: date | None, last: date | None) -> str:
    """``令和6年9月12日〜令和7年3月31日``; an end that nobody told stays open."""
    return f"{day_text(first) if first else ''}〜{day_text(last) if last else ''}"


def _exact(hundredths: int) -> str:
    return f"{hundredths // 100:,}.{hundredths % 100:02d}円"


def _of(used: Iterable[Entry]) -> tuple[str, ...]:
    found = [
        f"{each.title}＝{_shown(each)}（{day_text(each.valid_from)}から、{each.source.document}「{each.source.passage}」）"
        + ("【仮定】" if each.assumed else "")
        for each in used
    ]
    return tuple(dict.fromkeys(found))


def _shown(entry: Entry) -> str:
    value = entry.value
    return "・".join(map(entry.term, value)) if isinstance(value, (tuple, list)) else entry.term(value)


# --- what blocks, and what changed ---


def _blockers(situation: Situation, found: Assessment) -> Iterable[Blocker]:
    subject, month = found.subject, found.subject.month
    performance, name = subject.performance, situation.agency.name_of
    yield from _paper_blockers(situation, performance, month, name(subject.claimant))
    if unpaid(situation.case, month):
        yield Blocker(
            "A-Q20",
            f"介護保険の被保険者でない方ですが、{month_text(month)}の末日に有効な生活保護（公費）の記録がありません",
            "区に「生活保護（公費）の番号を記録する」を行ってもらってください",
        )
    if any(each.priced_by == "visit" for each in performance.services):
        barred = [each for service in project_services(situation, performance) for each in service.barred]
        yield from (Blocker(rule, text, _ask_again(name(performance.office))) for rule, text in barred)
    known = requirements.parameters_of(situation)
    rows = managed_rows(subject, known)
    if rows:
        with policy_refused():
            limit = limit_of(situation.case, month, sum(units for _, _, units in rows), known)
        if limit.excess:
            yield Blocker(
                "A-Q37",
                f"区分支給限度基準額 {limit.limit:,}単位を {limit.excess:,}単位超えています",
                f"超えた分を自費とするサービスを本人と決め、{name(performance.office)}が限度額内の単位数で報告し直してください",
            )
        wrong = wrong_slip(situation, subject)
        if wrong is not None:
            yield Blocker("A-Q36" if subject.found.claimant == "centre" else "T-33", *wrong)


def _paper_blockers(
    situation: Situation, performance: Performance, month: Month, claimant: str
) -> Iterable[Blocker]:
    """No claim without the papers; whoever is not insured files no notification (item 15 of 8125 stays empty)."""
    office = situation.agency.name_of(performance.office)
    late_filing = performance.notified_on is None or performance.notified_on > month.last
    if late_filing and situation.case.insured:
        filed = performance.notified_on
        when = "ありません" if filed is None else f"{day_text(filed)}で、月末を過ぎています"
        yield Blocker(
            "T-16",
            f"{month_text(month)}の末日までの届出書の届出が{when}",
            f"{claimant}の届出書の届出日を確かめてください。届出があれば、{office}が届出日を入れて実績を報告し直してください",
        )
    if performance.plan_delivered_on is None or performance.plan_delivered_on > month.last:
        delivered = performance.plan_delivered_on
        when = "がありません" if delivered is None else f"が{day_text(delivered)}で、月末を過ぎています"
        yield Blocker(
            "T-23",
            f"{month_text(month)}に有効な計画の交付の記録{when}",
            f"{office}が計画を交付し（交付済みなら交付日を入れて）、実績を報告し直してください",
        )


def _changes(situation: Situation, found: Assessment) -> Iterable[Blocker]:
    """What came after the draft and would change it: never silently."""
    claim = situation.case.claims.get(str(found.subject.month))
    if claim is None:
        return
    standing = situation.agency.submissions.standing_claim(situation.case, claim.service_month)
    todo = (
        "後から届いた記録を確かめてください。提出した請求は、返戻または過誤の申立てのあとで請求し直します"
        if standing is not None
        else "後から届いた記録を確かめ、請求案を作り直してください"
    )
    now = (found.subject.claimant, found.subject.found.type, found.amount.units, found.amount.yen)
    before = (claim.claimant, claim.type, claim.units, claim.yen)
    if now != before:
        name = situation.agency.name_of
        yield Blocker(
            "T-61",
            f"請求案は {name(claim.claimant)} {TYPES[claim.type]} {claim.yen:,}円、"
            f"いまの記録では {name(now[0])} {TYPES[found.subject.found.type]} {found.amount.yen:,}円です",
            todo,
        )
    for text in other_items(claim, stated_items(situation.case, found.subject)):
        yield Blocker("T-33", f"請求案の{text}です", todo)


def _ask_again(office: str) -> str:
    return f"{office}がサービス事業所に確かめ、実績を報告し直してください"


def _differences(
    situation: Situation, found: Assessment, services: Iterable[ServiceOfMonth]
) -> Iterable[Blocker]:
    """Differences of use from plan, of reported units from what they should be: shown, never a reason to refuse."""
    performance = found.subject.performance
    todo = _ask_again(situation.agency.name_of(performance.office))
    yield from (Blocker(rule, text, todo) for service in services for rule, text in service.problems)
    if performance.planned is None:
        return
    used = {each.service for each in performance.services}
    planned = {service for service, _ in performance.planned}
    for kind in sorted(used ^ planned):
        where = (
            "計画にありますが、実績にありません" if kind in planned else "実績にありますが、計画にありません"
        )
        yield Blocker(
            "T-25",
            f"{SERVICE_KINDS[kind]}は{where}",
            "計画と実績のどちらが正しいか、報告した事業所に確かめてください",
        )


def late(month: Month, examined: Month) -> bool:
    """Whether a claim is examined later than in the month after its service (月遅れ)."""
    return examined > month.plus(1)


def reported_late(performance: Performance, known: Parameters) -> bool:
    """Whether the report came after the examination day of the month after: no claim could be made in time."""
    first = Month.parse(performance.month).plus(1).first
    return performance.reported_on > first.replace(day=known.value("claim.examination_day", first))
