"""Deciding a whole submission as claimed: all that nobody has answered yet, in one act (T-33, A-Q54b)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Protocol
from uuid import UUID

from marshmallow import Schema

from contracts.events.submission import MOST_LINES
from contracts.fields import Day, Identifier, Items
from shared.care import requirements
from shared.care.claim_results import on_ahead
from shared.care.submissions import Submission, SubmittedLine
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation


class DecideSubmission(Schema):
    submission_id = Identifier("提出の番号")
    decided_on = Day("決定日")
    cases = Items(
        "ケース",
        Identifier("ケース"),
        load_default=list,
        most=MOST_LINES,
        help="空欄なら、提出したもののうち、まだ結果のないものすべて",
    )


class Knowing(Protocol):
    """Whatever tells what its agency knows."""

    def situation(self, case_id: UUID | None = None) -> Situation: ...


def prepare_decisions(source: Knowing, command: Command) -> Command:
    """``DecideSubmission`` with the cases of the submission, where none were named."""
    fields = command.fields
    submission = source.situation().agency.submissions.by_id.get(str(fields["submission_id"]))
    if fields["cases"] or submission is None:
        return command
    cases = sorted({UUID(each.case) for each in submission.lines if each.kind == "claim"})
    return replace(command, fields={**fields, "cases": cases})


def concerned_cases(fields: Mapping[str, Any]) -> Iterable[UUID]:
    """The cases of a submission's lines, each once."""
    return dict.fromkeys(fields["cases"])


def decide_submission(situation: Situation, command: Command) -> Decision:
    """Decide as claimed whatever in a submission has no result yet: neither returned, decided nor taken back.

    :raises Refused: the submission is not known or came too late, or nothing in it waits.
    """
    submission = situation.agency.submissions.by_id.get(str(command.fields["submission_id"]))
    if submission is None or not submission.stands:
        raise _refused(
            "submission_unknown",
            "この番号の提出は届いていないか、締切後の提出です",
            "提出の番号を確かめてください。締切後のものは、次の審査月の提出で決定します",
        )
    waiting = list(_waiting(situation, submission, set(command.fields["cases"])))
    if not waiting:
        raise _refused("nothing_waits", "結果を待っている請求がありません", "することはありません")
    told = requirements.recipients(submission.biller, submission.claimant)
    events = [
        NewEvent(
            "ClaimDecided",
            {
                "claim_id": line.claim_id,
                "service_month": line.service_month,
                "claimant": submission.claimant,
                "decided_on": command.fields["decided_on"],
                "outcome": "as_claimed",
                "units": line.units,
                "yen": line.yen,
            },
            case_id=UUID(line.case),
            to=tuple(each for each in told if each != situation.me),
        )
        for line in waiting
    ]
    yen = sum(line.yen for line in waiting)
    told_of = Advice("T-33", f"{len(waiting)}件 {yen:,}円を請求のとおり決定しました")
    return Decision(events, [told_of, *on_ahead(command, "decided_on")])


def _refused(code: str, message: str, todo: str) -> Refused:
    return Refused(code, message, field="submission_id", rule="T-33", todo=todo)


def _waiting(situation: Situation, submission: Submission, cases: set[UUID]) -> Iterator[SubmittedLine]:
    for line in submission.lines:
        if line.kind != "claim" or UUID(line.case) not in cases:
            continue
        case = situation.cases[UUID(line.case)]
        standing = situation.agency.submissions.standing_claims(case, line.service_month)
        answered = line.claim_id in case.claim_results or line.claim_id in case.corrections
        if not answered and line.claim_id in {each.claim_id for each in standing}:
            yield line
