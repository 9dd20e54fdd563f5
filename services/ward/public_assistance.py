"""The ward takes down what the welfare office tells of a person on public assistance (生活保護, A-Q20)."""

from collections.abc import Callable

from marshmallow import Schema

from contracts.definition import personal
from contracts.fields import Day, Text
from shared.care import requirements
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.identifiers import Verdict, public_payer_number, public_recipient_number


class RecordPublicAssistance(Schema):
    told_on = Day("福祉事務所から連絡のあった日")
    valid_from = Day("公費の有効期間の開始")
    valid_to = Day(
        "公費の有効期間の終了",
        null=True,
        load_default=None,
        help="続いている間は空欄。終わったときは、同じ開始日でもう一度記録します",
    )
    payer_number = personal(Text("公費負担者番号", longest=8, help="法別番号12で始まる8桁"))
    recipient_number = personal(Text("公費受給者番号", longest=7, help="7桁"))


def record_public_assistance(situation: Situation, command: Command) -> Decision:
    """Record numbers and period of a person's public assistance, for whoever claims (A-Q20, T-33).

    :raises Refused: a number that can be none, a period that ends before it begins.
    """
    fields, case = command.fields, situation.case
    if fields["valid_to"] is not None and fields["valid_to"] < fields["valid_from"]:
        raise Refused(
            "period_reversed",
            "公費の有効期間の終了が開始より前です",
            field="valid_to",
            rule="A-Q20",
            todo="福祉事務所の連絡にある期間を確かめてください",
        )
    payer = _number(public_payer_number, fields["payer_number"], "payer_number")
    recipient = _number(public_recipient_number, fields["recipient_number"], "recipient_number")
    recorded = NewEvent(
        "PublicAssistanceRecorded",
        {
            **fields,
            "payer_number": payer.number,
            "recipient_number": recipient.number,
            "recorded_on": command.occurred_on,
        },
        case_id=command.case_id,
        to=requirements.recipients(case.office, case.centre, case.biller),
    )
    return Decision([recorded], [Advice("A-Q20", each) for each in (*payer.warnings, *recipient.warnings)])


def _number(judge: Callable[[str], Verdict], value: str, field: str) -> Verdict:
    verdict = judge(value)
    if not verdict.valid:
        raise Refused(
            "number_wrong",
            verdict.warnings[0],
            field=field,
            rule="A-Q20",
            todo="福祉事務所の連絡にある番号を確かめてください",
        )
    return verdict
