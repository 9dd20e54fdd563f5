"""Designating offices: applications, the year's fixed days, renewal after the period, changes (T-03, T-06N)."""

from datetime import date, timedelta

from marshmallow import Schema

from contracts.codes import DESIGNATED_SERVICES, DESIGNATION_KINDS, DESIGNATION_RETURNS
from contracts.fields import Agency, Code, Day
from services.ward.agencies import everybody, listing_of, value_of
from shared.care.agency import Application, Listing, last_day_of
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Command, Decision, Situation
from shared.policy.dates import day_text


class DesignateOffice(Schema):
    agency = Agency("指定する事業所")
    service = Code("指定するサービス", DESIGNATED_SERVICES)
    designated_from = Day("指定日", help="新規は年度ごとに定めた指定日、更新は前の有効期間の終わりの翌日")
    hearing_on = Day("意見聴取の日", null=True, load_default=None, help="介護保険事業計画推進会議の日")


class ReturnDesignationApplication(Schema):
    agency = Agency("申請した事業所")
    kind = Code("手続き", DESIGNATION_KINDS)
    reason_code = Code("差戻しの理由", DESIGNATION_RETURNS)


class AcceptDesignationChange(Schema):
    agency = Agency("届け出た事業所")


def designate_office(situation: Situation, command: Command) -> Decision:
    """Designate an office for 介護予防支援, or renew its designation, after the hearing (T-06N).

    A new designation begins on one of the year's fixed days; a renewal on the day after the period that ends.
    """
    fields, day = command.fields, command.fields["designated_from"]
    office = listing_of(situation, fields["agency"])
    if "kyotaku" not in office.roles:
        raise Refused(
            "not_an_office",
            f"{office.name}は居宅介護支援事業所ではありません",
            field="agency",
            rule="T-03",
            todo="居宅介護支援事業所の番号を入力してください",
        )
    application = _waiting(situation, office.agency, "new", "renewal")
    _must_not_be_covered(situation, office, day)
    last_day = situation.agency.designated_to(office.agency, situation.me, day - timedelta(days=1))
    if last_day is None:
        _must_be_permitted_day(situation, day)
    _must_be_heard(situation, office.agency, fields["hearing_on"])
    designated = NewEvent(
        "OfficeDesignated",
        {
            **fields,
            "insurer": situation.me,
            "designated_to": _last_day(situation.me, day),
            "renewal": last_day is not None,
            "application_id": application.id if application else None,
        },
        to=everybody(situation),
    )
    return Decision([designated])


def _last_day(insurer: str, designated_from: date) -> date | None:
    """The end of the period that begins, where the insurer's parameters state how long one is."""
    last_day = last_day_of(insurer, designated_from)
    return None if last_day == date.max else last_day


def _must_not_be_covered(situation: Situation, office: Listing, day: date) -> None:
    last_day = situation.agency.designated_to(office.agency, situation.me, day)
    if last_day is not None:
        following = day_text(last_day + timedelta(days=1))
        raise Refused(
            "already_designated",
            f"{office.name}は{day_text(last_day)}まで指定を受けています",
            field="designated_from",
            rule="T-06N",
            todo=f"更新の指定日は{following}にしてください",
        )


def _must_be_permitted_day(situation: Situation, day: date) -> None:
    permitted = value_of(situation, "designation.permitted_dates", day, "designated_from", "T-06N")
    assert isinstance(permitted, tuple)
    if day not in permitted:
        named = "、".join(day_text(each) for each in permitted)
        raise Refused(
            "day_not_permitted",
            f"{day_text(day)}は指定日ではありません（この年度の指定日: {named}）",
            field="designated_from",
            rule="T-06N",
            todo="年度ごとに定めた指定日を入力してください",
        )


def _must_be_heard(situation: Situation, office: str, hearing_on: date | None) -> None:
    if hearing_on is None or not situation.agency.heard(office, hearing_on):
        raise Refused(
            "hearing_missing",
            "介護保険事業計画推進会議での意見聴取の記録がありません",
            field="hearing_on",
            rule="T-06N",
            todo="推進会議で関係者の意見を伺い、「意見聴取を記録する」を行ってください",
        )


def return_designation_application(situation: Situation, command: Command) -> Decision:
    """Return (差戻し) an application or a notice of change, with the reason (T-06N)."""
    application = _must_wait(situation, command.fields["agency"], command.fields["kind"])
    returned = NewEvent(
        "DesignationReturned",
        {
            "application_id": application.id,
            "agency": application.agency,
            "decided_on": command.occurred_on,
            "reason_code": command.fields["reason_code"],
        },
        to=(application.agency,),
    )
    return Decision([returned])


def accept_designation_change(situation: Situation, command: Command) -> Decision:
    """Accept (受理) a notice of change; an application is settled by designating (T-06N)."""
    application = _must_wait(situation, command.fields["agency"], "change")
    accepted = NewEvent(
        "DesignationChangeAccepted",
        {
            "application_id": application.id,
            "agency": application.agency,
            "decided_on": command.occurred_on,
        },
        to=(application.agency,),
    )
    return Decision([accepted])


def _waiting(situation: Situation, office: str, *kinds: str) -> Application | None:
    """The oldest application of these kinds of an office that nobody has decided, or None."""
    return next(
        (
            each
            for each in situation.agency.applications.values()
            if each.agency == office and each.kind in kinds and each.decision is None
        ),
        None,
    )


def _must_wait(situation: Situation, office: str, kind: str) -> Application:
    application = _waiting(situation, office, kind)
    if application is None:
        raise Refused(
            "application_unknown",
            f"{situation.agency.name_of(office)}の、決めていない{DESIGNATION_KINDS[kind]}の申請・届出はありません",
            field="agency",
            rule="T-06N",
            todo="「指定」の画面の一覧から選んでください",
        )
    return application
