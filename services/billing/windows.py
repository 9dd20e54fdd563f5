"""When a claim is in time: the federation's window, the ward's dispatch day and cut-off (A-S1 to A-S8)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from contracts.claim_codes import MEDIUM_CONTENTS
from shared.node.errors import Refused
from shared.node.service import Advice
from shared.policy.dates import Month, day_text, month_text
from shared.policy.deadlines import Counted, submission_deadline
from shared.policy.parameters import ParameterError, Parameters, parameters


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


def in_time(
    fields: Mapping[str, Any], on: date, examined: Month, insurer: str
) -> tuple[bool | None, list[Advice]]:
    """Whether a submission counts for its examination month, None where nobody published it; and what to mind.

    :raises Refused: the federation's window is closed.
    """
    if fields["route"] == "federation":
        return _at_federation(on, examined, parameters(insurer))
    return _at_ward(fields, on, examined, parameters(insurer))


def _at_federation(on: date, examined: Month, known: Parameters) -> tuple[bool | None, list[Advice]]:
    window = federation_window(examined, known)
    if on > window.last:
        following = examined.plus(1)
        raise Refused(
            "window_closed",
            f"{month_text(examined)}審査分の受付は{day_text(window.last)}までです",
            field="examination_month",
            rule="T-33",
            todo=f"{following} 審査分（月遅れ）として提出してください",
        )
    if on < window.first:
        opens = f"{month_text(examined)}審査分の受付は{day_text(window.first)}からです"
        text = f"{opens}。受付が始まってから送信してください"
        return True, [Advice("T-33", text)]
    return True, []


def _at_ward(
    fields: Mapping[str, Any], on: date, examined: Month, known: Parameters
) -> tuple[bool | None, list[Advice]]:
    """The ward's cut-off and dispatch day (A-S3 to A-S8); what comes too late is no claim of this month."""
    brought: datetime | None = fields["brought_at"]
    advice = [*_on_contents(fields)]
    if fields["means"] == "transmission":
        advice.append(Advice("A-Q33", "区への請求データは、媒体（USB）を文書交換便または持参で提出します"))
    if fields["means"] == "brought" and brought is None:
        raise Refused(
            "brought_at_missing",
            "持参した日時がありません",
            field="brought_at",
            rule="A-S5",
            todo="持参した日時を入力してください（締切は正午のことがあります）",
        )
    try:
        found = submission_deadline(examined, fields["means"], on, brought, known)
    except ParameterError as problem:
        return None, [*advice, Advice("A-S12", f"{problem.message} 間に合うかは区に確かめてください")]
    desks = known.find("claim.receipt_desk", examined.first)
    where = f"区（{desks.value['brought']}）" if desks else "区"
    return _decided(found.counted), [
        *advice,
        *_on_lateness(fields, found.counted, found.due, examined, where),
    ]


def _decided(counted: Counted) -> bool | None:
    return counted if isinstance(counted, bool) else None


def _on_contents(fields: Mapping[str, Any]) -> Iterable[Advice]:
    for code, title in MEDIUM_CONTENTS.items():
        if code not in fields["contents"]:
            rule = "A-S1" if code == "medium" else "A-S2"
            yield Advice(rule, f"「{title}」を個人情報文書専用袋に入れてください")


def _on_lateness(
    fields: Mapping[str, Any], counted: Counted, due: date | datetime, examined: Month, where: str
) -> Iterable[Advice]:
    """``where`` it has to be brought, which is another desk than the usual one (A-S11)."""
    until = due.isoformat(timespec="minutes") if isinstance(due, datetime) else due.isoformat()
    if counted is False and fields["means"] == "courier":
        yield Advice(
            "A-S7",
            f"交換便の発送締切を過ぎています。{until} までに{where}へ持参しなければ、"
            f"{month_text(examined)}の請求になりません（A-S4）",
        )
    elif counted is False:
        yield Advice(
            "A-S6",
            f"持参締切（{until}）を過ぎたため、{month_text(examined)}の請求になりません。次の審査月に月遅れで請求します",
        )
    elif counted == "undecided":
        yield Advice("A-S12", "この年度の発送締切の表が登録されていません。間に合うかは区に確かめてください")
