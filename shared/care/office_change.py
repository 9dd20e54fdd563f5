"""Another office takes over a person from the office of a case: what ends, what is new (T-07, T-12, T-31R, T-35).

Parties of a case never change, so the person's support goes on in a new case with the new office. Whoever holds the tie
that ends records the change: the centre that entrusts, or the office that has the contract with the person.
"""

from datetime import date, timedelta

from marshmallow import Schema

from contracts.codes import ASSIGNMENT_TRACKS, ENDS_WITH_OFFICE, NEW_WITH_OFFICE
from contracts.definition import personal
from contracts.fields import Agency, Code, Day, LongText
from shared.care import requirements
from shared.care.agency import AgencyState
from shared.care.opening import office_in_model
from shared.care.state import Case
from shared.care.support import advice_on_ending, support_ended
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import Month, day_text, month_text


class ChangeOffice(Schema):
    last_day = Day("これまでの居宅の最終日")
    new_office = Agency("新しい居宅介護支援事業所")
    new_track = Code("新しい居宅の区分", ASSIGNMENT_TRACKS)
    note = personal(LongText("内容・引継ぎ", null=True, load_default=None))


def change_office(situation: Situation, command: Command) -> Decision:
    """End the support by this office; advice says what ends with it and what is new with the other.

    :raises Refused: no other office of the directory, or without the designation that it needs; it is the other
        party's tie that ends; the support is over.
    """
    fields, case = command.fields, situation.case
    old, new, last_day = requirements.office_of(situation), fields["new_office"], fields["last_day"]
    track = _track_that_ends(situation, last_day)
    _may_follow(situation, old, new, fields["new_track"], last_day + timedelta(days=1))
    if case.support_end is not None:
        raise Refused(
            "support_over",
            f"このケースの支援はすでに終わっています（支援の最終日 {day_text(case.support_end.ended_on)}）",
            rule="T-35",
            todo="新しい居宅とのケースは、新しく開いてください",
        )
    ends = ends_with_office(case)
    anew = new_with_office(case, situation.agency, new, fields["new_track"], last_day + timedelta(days=1))
    changed = NewEvent(
        "OfficeChanged",
        {
            "agency": situation.me,
            "office": old,
            "centre": requirements.centre_of(situation),
            "last_day": last_day,
            "track": track,
            "new_office": new,
            "new_track": fields["new_track"],
            "ends": list(ends),
            "anew": list(anew),
            "held_notification": "held_notification" in ends,
            "note": fields["note"],
        },
        case_id=command.case_id,
        to=requirements.recipients(requirements.other_party(situation), requirements.ward_of(situation)),
    )
    ended = support_ended(situation, command, "office_changed", last_day, fields["note"])
    advice = [
        *_advice(situation, ends, anew, new, last_day),
        *advice_on_ending(situation, "office_changed", last_day),
    ]
    return Decision([changed, ended], advice)


def _track_that_ends(situation: Situation, last_day: date) -> str:
    """The track in which the office works; the centre ends an entrustment, the office its own contract."""
    mode = situation.case.mode(last_day)
    track = mode.track if mode is not None else "designated"
    entrusts = any(each.ended_on is None for each in situation.case.entrustments)
    by_centre = track == "entrusted" or entrusts
    if by_centre and situation.role != "hokatsu":
        raise Refused(
            "not_responsible",
            "委託しているケースの居宅を変えるのは、委託している包括です",
            rule="T-35",
            todo="包括に連絡し、包括に居宅の変更を記録してもらってください",
        )
    if not by_centre and situation.role != "kyotaku":
        raise Refused(
            "not_responsible",
            "居宅指定の支援を終えるのは、本人と契約している居宅です",
            rule="T-35",
            todo="居宅に連絡し、居宅に居宅の変更を記録してもらってください",
        )
    return "entrusted" if by_centre else track


def _may_follow(situation: Situation, old: str, new: str, track: str, begins: date) -> None:
    requirements.listed_office(situation, new)
    if new == old:
        raise Refused(
            "office_unchanged",
            "これまでと同じ居宅です",
            field="new_office",
            rule="T-35",
            todo="新しい居宅の事業所番号を確かめてください",
        )
    if track == "designated" and not situation.agency.designated(new, situation.case.insurer, begins):
        raise Refused(
            "not_designated",
            f"{situation.agency.name_of(new)}は{day_text(begins)}に介護予防支援の指定を受けていません",
            field="new_office",
            rule="T-03",
            todo="指定を受けた居宅を選ぶか、区分で再委託を選んでください",
        )


def ends_with_office(case: Case) -> tuple[str, ...]:
    """What ends with the office of a case; the centre's own contract with the person stays (decision 21)."""
    found = {
        "entrustment": any(each.ended_on is None for each in case.entrustments),
        "office_contract": case.contract_of(case.office) is not None,
        "simultaneous_contract": case.simultaneous_contract,
        "held_notification": case.held_notification(case.centre or "") is not None,
    }
    return tuple(code for code, there in found.items() if there)


def new_with_office(
    case: Case, agency: AgencyState, office: str, track: str, begins: date
) -> tuple[str, ...]:
    """What begins with another office, by its track and whether office and centre take part in the model."""
    designated = track == "designated"
    in_model = agency.enrolled(case.centre or "", case.insurer, begins)
    together = designated and in_model and office_in_model(agency, office, case.insurer, begins)
    found = {
        "case": True,
        "risk_report": designated and not in_model,
        "simultaneous_contract": together,
        "office_contract": designated and not together,
        "held_notification": together,
        "entrustment": not designated,
        "notification": True,
    }
    return tuple(code for code, there in found.items() if there)


def _advice(
    situation: Situation, ends: tuple[str, ...], anew: tuple[str, ...], new: str, last_day: date
) -> list[Advice]:
    name = situation.agency.name_of(new)
    over = "、".join(ENDS_WITH_OFFICE[each] for each in ends)
    begun = "、".join(NEW_WITH_OFFICE[each] for each in anew)
    advice = [Advice("T-35", f"終わるもの: {over}")] if over else []
    advice.append(Advice("T-35", f"{name}と新しく行うもの: {begun}"))
    if last_day != Month.of(last_day).last:
        advice.append(
            Advice(
                "T-33",
                f"月の途中の変更です。{month_text(Month.of(last_day))}の請求と給付管理は、月の末日に担当する側が"
                f"{name}との新しいケースで行います。この月の実績を渡してください",
            )
        )
    return advice
