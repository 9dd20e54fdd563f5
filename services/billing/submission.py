"""Submitting a claimant's month: what goes in and where, nothing twice (A-S1 to A-S8, A-Q33, A-Q36, A-Q53)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

from marshmallow import Schema

from contracts.claim_codes import (
    MEDIUM_CONTENTS,
    ROUTES,
    SUBMISSION_MEANS,
    SUBMITTED_KINDS,
)
from contracts.events.submission import MOST_LINES, SubmittedFile
from contracts.fields import Agency, Code, Identifier, Items, Moment
from contracts.fields import Month as MonthField
from services.billing.lines import cancellation_line, claim_line, slip_line, wrong_line
from services.billing.windows import in_time
from services.billing.worksheet import worksheet
from shared.care import requirements
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import Month, day_text, month_text

LEFT_OUT: Final = "left_out"
"""Field that no one types: rule and text of each part of a month that did not go in, where no lines were chosen."""


class ChosenLine(Schema):
    case = Identifier("ケース")
    kind = Code("区分", SUBMITTED_KINDS)
    service_month = MonthField("サービス提供月")


class SubmitClaims(Schema):
    claimant = Agency("請求する事業所")
    route = Code("請求先", ROUTES)
    examination_month = MonthField("審査月")
    insurer = Agency(
        "保険者",
        required=False,
        null=True,
        load_default=None,
        help="区への提出のときだけ。空欄なら、明細のケースの保険者（一つのとき）",
    )
    means = Code("提出の方法", SUBMISSION_MEANS)
    contents = Items(
        "同封したもの", Code("同封したもの", MEDIUM_CONTENTS), load_default=list, help="区への媒体のときだけ"
    )
    brought_at = Moment("持参した日時", null=True, load_default=None, help="持参のときだけ")
    lines = Items(
        "明細",
        ChosenLine,
        load_default=list,
        most=MOST_LINES,
        help="空欄なら、確認済みでまだ提出していないものすべて",
    )
    files = Items(
        "ファイル",
        SubmittedFile,
        load_default=list,
        help="このノードが明細のとおりに作る。書いた場合は、作ったものと同じでなければ提出しない",
    )


def concerned_cases(fields: Mapping[str, Any]) -> Iterable[UUID]:
    """The cases of a submission's lines, each once."""
    return dict.fromkeys(each["case"] for each in fields["lines"])


def submit_claims(situation: Situation, command: Command) -> Decision:
    """Record what a claimant submits: only what it confirmed, what nothing blocks, and what is with nobody yet.

    :raises Refused: one line can't be right; nothing is submitted then.
    """
    fields = command.fields
    examined = Month.parse(fields["examination_month"])
    if not fields["lines"]:
        raise _nothing(situation, fields)
    _mandate(situation, fields["claimant"], command.occurred_on)
    _once_each(fields["lines"])
    chosen = {(each["case"], each["kind"], each["service_month"]) for each in fields["lines"]}
    lines = [_line(situation, fields, each, examined, chosen) for each in fields["lines"]]
    insurer = _insurer(situation, fields)
    if not fields["files"]:
        raise _nothing(situation, fields)
    _one_file(situation, fields, examined, insurer)
    counted, advice = in_time(fields, command.occurred_on, examined, insurer)
    submitted = NewEvent(
        "ClaimSubmitted",
        {
            "submission_id": str(uuid5(command.id, "submission")),
            "biller": situation.me,
            "claimant": fields["claimant"],
            "insurer": insurer,
            "route": fields["route"],
            "examination_month": str(examined),
            "submitted_on": command.occurred_on,
            "means": fields["means"],
            "contents": fields["contents"],
            "brought_at": fields["brought_at"],
            "counted": counted,
            "files": fields["files"],
            "lines": lines,
        },
        to=requirements.recipients(fields["claimant"], insurer if fields["route"] == "ward" else None),
    )
    left_out = [Advice(rule, text) for rule, text in fields.get(LEFT_OUT, ())]
    return Decision([submitted], [*advice, *left_out])


def _nothing(situation: Situation, fields: Mapping[str, Any]) -> Refused:
    left_out = [text for _, text in fields.get(LEFT_OUT, ())]
    why = "".join(f"。{each}" for each in left_out)
    return Refused(
        "nothing_to_submit",
        f"{situation.agency.name_of(fields['claimant'])}の、提出できる請求がありません{why}",
        field="lines",
        rule="T-33",
        todo="./renkei claim --service-month で、請求できない理由を確かめてください",
    )


def _insurer(situation: Situation, fields: Mapping[str, Any]) -> str:
    """The insurer of a submission: each ward's own where it goes to a ward, the least of them at the federation.

    :raises Refused: persons of several insurers, or of another than was named, on one medium (A-Q33).
    """
    insurers = {situation.cases[each["case"]].insurer for each in fields["lines"]}
    named = fields["insurer"]
    if fields["route"] == "ward" and insurers != {named or min(insurers)}:
        raise wrong_line(
            "insurers_mixed",
            "保険者のちがう請求を一つの媒体に入れることはできません",
            "A-Q33",
            "保険者を指定して、保険者ごとに提出してください",
        )
    return min(insurers)


def _mandate(situation: Situation, claimant: str, on: date) -> None:
    if situation.agency.biller_of(claimant, on) != situation.me:
        raise Refused(
            "billing_not_entrusted",
            f"{situation.agency.name_of(claimant)}から請求事務を委任されていません",
            field="claimant",
            rule="T-33",
            todo="請求する事業所に「請求事務を委任する」を行ってもらってください",
        )


def _once_each(lines: Sequence[Mapping[str, Any]]) -> None:
    twice = [
        key
        for key, number in Counter(
            (each["case"], each["kind"], each["service_month"]) for each in lines
        ).items()
        if number > 1
    ]
    if twice:
        case_id, kind, month = twice[0]
        raise wrong_line(
            "line_twice",
            f"ケース {str(case_id)[:8]} の{month_text(month)}の{SUBMITTED_KINDS[kind]}が二度あります",
            "A-Q53",
            "一方を除いてください",
        )


def _one_file(situation: Situation, fields: Mapping[str, Any], examined: Month, insurer: str) -> None:
    """Each ward takes one single file a month, with cancellations in it (A-Q53)."""
    if fields["route"] != "ward":
        return
    if len(fields["files"]) != 1:
        raise wrong_line(
            "one_file",
            "区への請求データは一つのファイルにします",
            "A-Q53",
            "一つのファイルにまとめてください",
        )
    for each in situation.agency.submissions.by_id.values():
        key = (each.claimant, each.insurer, each.route, each.examination_month)
        if each.stands and key == (fields["claimant"], insurer, "ward", str(examined)):
            raise wrong_line(
                "one_file",
                f"{month_text(examined)}審査分は{day_text(each.submitted_on)}に提出済みです（必ず一つのファイル）",
                "A-Q53",
                "残りは次の審査月に提出してください",
            )


def _line(
    situation: Situation,
    fields: Mapping[str, Any],
    chosen: Mapping[str, Any],
    examined: Month,
    all_chosen: set[tuple[UUID, str, str]],
) -> dict[str, Any]:
    at, month = situation.at(chosen["case"]), Month.parse(chosen["service_month"])
    if examined <= month:
        raise wrong_line(
            "examined_too_early",
            "審査月はサービス提供月より後の月にしてください",
            "T-33",
            "審査月を確かめてください",
        )
    if chosen["kind"] == "slip":
        return slip_line(at, fields, month)
    if chosen["kind"] == "cancellation":
        return cancellation_line(at, fields, month)
    with_slip = (chosen["case"], "slip", chosen["service_month"]) in all_chosen
    cancelled = (chosen["case"], "cancellation", chosen["service_month"]) in all_chosen
    sheet = worksheet(at, month, explained=False)
    return claim_line(at, sheet, fields, examined, with_slip=with_slip, cancelled=cancelled)
