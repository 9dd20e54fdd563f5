"""An office's case whose person moves within the ward into another centre's area (T-35D, T-66, T-67)."""

from datetime import date, timedelta

from marshmallow import Schema

from contracts.codes import LAPSES, NEW_AFTER_MOVE
from contracts.definition import personal
from contracts.fields import Agency, Day, LongText
from shared.care import requirements
from shared.care.moves import Consequences, consequences
from shared.care.support import support_ended
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import Month, month_text


class MoveToOtherCentre(Schema):
    moved_on = Day("転居日")
    new_centre = Agency("新しい担当の地域包括支援センター", help="転居先の住所を担当する包括の事業所番号")
    note = personal(LongText("内容", null=True, load_default=None))


def move_to_other_centre(situation: Situation, command: Command) -> Decision:
    """Tell the old centre and the ward of the move; the support goes on in a new case with the new centre.

    Advice says what lapses and what is new.

    :raises Refused: the new centre is the old one, or no centre of the directory; the move is still to come.
    """
    fields, on = command.fields, command.occurred_on
    centre, new_centre = requirements.centre_of(situation), fields["new_centre"]
    _must_be_another_centre(situation, centre, new_centre)
    if fields["moved_on"] > on:
        raise Refused(
            "move_to_come",
            "まだ来ていない日の転居は記録できません",
            field="moved_on",
            rule="T-35",
            todo="転居した日に記録してください",
        )
    found = consequences(situation.case, situation.agency, new_centre, fields["moved_on"])
    reported = NewEvent(
        "CircumstanceChanged",
        {
            "change": "moved_within",
            "changed_on": fields["moved_on"],
            "reported_on": on,
            "note": fields["note"],
        },
        case_id=command.case_id,
        to=(centre,),
    )
    moved = NewEvent(
        "CaseMoved",
        {
            "office": situation.me,
            "centre": centre,
            "moved_on": fields["moved_on"],
            "new_centre": new_centre,
            "lapses": list(found.lapses),
            "anew": list(found.anew),
            "held_notification": "held_notification" in found.lapses,
        },
        case_id=command.case_id,
        to=requirements.recipients(centre, requirements.ward_of(situation)),
    )
    ended = support_ended(
        situation, command, "moved_within", fields["moved_on"] - timedelta(days=1), fields["note"]
    )
    return Decision([reported, moved, ended], _advice(situation, found, new_centre, fields["moved_on"]))


def _must_be_another_centre(situation: Situation, centre: str, new_centre: str) -> None:
    known = situation.agency.has_role(new_centre, "hokatsu")
    if new_centre != centre and known:
        return
    raise Refused(
        "centre_unchanged" if new_centre == centre else "agency_unknown",
        "担当の包括が変わらない転居は、「利用者の状況変化を包括に連絡する」で連絡してください"
        if new_centre == centre
        else f"{new_centre} は地域包括支援センターとして名簿に登載されていません",
        field="new_centre",
        rule="T-35",
        todo="転居先の住所を担当する包括の事業所番号を確かめてください",
    )


def _advice(situation: Situation, found: Consequences, new_centre: str, moved_on: date) -> list[Advice]:
    over = "、".join(LAPSES[each] for each in found.lapses)
    begun = "、".join(NEW_AFTER_MOVE[each] for each in found.anew)
    name = situation.agency.name_of(new_centre)
    advice = [Advice("T-35", f"終わるもの: {over}")] if over else []
    advice.append(Advice("T-35", f"{name}と新しく行うもの: {begun}"))
    if moved_on.day != 1:
        advice.append(
            Advice(
                "T-33",
                f"月の途中の転居です。{month_text(Month.of(moved_on))}の請求と給付管理は、月の全部を新しいケースで行います",
            )
        )
    if "risk_report" in found.anew:
        advice.append(
            Advice(
                "T-67",
                f"{name}はモデル実施を行わない包括です。契約や届出が遅れると全額本人負担になるおそれがあります。"
                "先にリスク対応策を区に報告してください",
            )
        )
    return advice
