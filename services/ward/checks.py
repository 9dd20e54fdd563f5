"""What a desk looks at on a notification before it decides: the check list beside the form, and what stops it.

The same list answers a person who reads and the command that accepts, so that the two can't disagree.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from contracts.codes import DESKS, FORM_FIELDS, FORMS, STATUSES, TYPES
from services.ward.register import Entry, contradicting, entries_of
from shared.care import requirements
from shared.care.notifications import desk_for, signature_needed
from shared.care.parts import Notification
from shared.care.risk import RISK, report_lacking
from shared.node.service import Situation
from shared.policy.dates import Month, day_text
from shared.policy.notification_filings import form_at
from shared.policy.vocabulary import PREVENTIVE_STATUSES

Finding = Literal["holds", "mind", "fails"]

FINDINGS: Final = {"holds": "よい", "mind": "確かめる", "fails": "受理できない"}
"""``mind``: a person looks at it and decides; ``fails``: the notification can only be returned."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list. ``reason`` and ``field`` are those of the return that a failing line leads to."""

    what: str
    found: Finding
    words: str
    rules: Sequence[str]
    reason: str | None = None
    field: str | None = None


def checks(situation: Situation, notification: Notification) -> list[Check]:
    """What the desk checks on ``notification``, in the order of the form: first what must be right (T-12, T-13, T-17,
    A-Q12a, A-Q31a, A-Q31b), then what is to be minded (T-03, T-04, T-16, T-67, decision 22)."""
    return [
        _filled(notification),
        *_marked(situation, notification),
        _signed(situation, notification),
        *_attached(situation, notification),
        _addressed(situation, notification),
        *_form(situation, notification),
        *_filer(situation, notification),
        *_type(situation, notification),
        *_in_time(notification),
        *_risk(situation),
        _only_one(situation, notification),
    ]


def deadline_of(held_since: date | None, start_date: date | None) -> date | None:
    """By when a notification that was held had to be filed, corrected ones too: the end of the start's month (T-16).

    None for every other one: those are filed promptly, which is no day.
    """
    return Month.of(start_date).last if held_since is not None and start_date is not None else None


def second_current(situation: Situation, notification: Notification) -> list[Entry]:
    """The accepted notifications of others that start no earlier than this one: a second current one (decision 22)."""
    known = entries_of(situation.case)
    this = Entry(
        notification.id,
        situation.case.id,
        notification.filer,
        notification.type,
        notification.track,
        notification.desk or "",
        notification.start_date,
        None,
        len(known),
    )
    return contradicting(known, this)


def _filled(notification: Notification) -> Check:
    blank = notification.blank
    if not blank:
        return Check("記入もれ", "holds", "空欄はありません", ("T-12",))
    named = "".join(f"「{FORM_FIELDS[each]}」" for each in blank)
    return Check("記入もれ", "fails", f"{named}が空欄です", ("T-12",), "missing_field", blank[0])


def _marked(situation: Situation, notification: Notification) -> Iterator[Check]:
    what = "右上の「同時契約」（赤字）"
    if notification.simultaneous_contract and not notification.simultaneous_mark:
        words = "右上に「同時契約」の記載がありません"
        yield Check(what, "fails", words, ("T-13",), "missing_mark", "mark")
    elif notification.simultaneous_contract:
        yield Check(what, "holds", "記載があります", ("T-13",))
    elif notification.simultaneous_mark:
        yield Check(what, "mind", "同時契約の届出ではないのに記載があります", ("T-13",))
    elif requirements.runs_model(situation):
        yield Check(what, "holds", "同時契約の届出ではないので、記載はいりません", ("T-13",))


def _signed(situation: Situation, notification: Notification) -> Check:
    if notification.signed_by_person:
        return Check("本人の自署", "holds", "自署があります", ("T-17",))
    if signature_needed(situation, notification):
        words = "本人の自署がありません"
        return Check("本人の自署", "fails", words, ("T-17",), "missing_signature", "signature")
    words = "同時契約での2回目以降の届出なので、自署がなくても受理できます"
    return Check("本人の自署", "holds", words, ("T-17", "decision 22"))


def _attached(situation: Situation, notification: Notification) -> Iterator[Check]:
    wanted: Any = requirements.found(situation, "notification.attachments", situation.today) or {}
    if "basic_checklist" not in wanted.get(notification.occasion, ()):
        return
    what = "様式1（基本チェックリスト）"
    if notification.id in situation.case.submitted_checklists:
        yield Check(what, "holds", "一緒に提出されています", ("A-Q12a",))
    else:
        words = "様式1（基本チェックリスト）が一緒に提出されていません"
        yield Check(what, "fails", words, ("A-Q12a",), "missing_attachment")


def _addressed(situation: Situation, notification: Notification) -> Check:
    right = desk_for(situation, notification, situation.today)
    if notification.desk == right:
        return Check("提出先の窓口", "holds", DESKS.get(right, right), ("T-12",))
    return Check(
        "提出先の窓口",
        "fails",
        f"提出先の窓口がちがいます（正しい提出先は{DESKS.get(right, right)}）",
        ("T-12",),
        "wrong_desk",
    )


def _form(situation: Situation, notification: Notification) -> Iterator[Check]:
    forms: Any = requirements.found(situation, "notification.form", situation.today)
    if forms is None:
        return
    right, given = form_at(forms, notification.occasion), FORMS.get(notification.form, notification.form)
    if notification.form == right:
        yield Check("様式", "holds", given, ("A-Q31a", "A-Q31b"))
    else:
        words = f"{given}で届いています。この届出の様式は{FORMS.get(right, right)}です"
        yield Check("様式", "mind", words, ("A-Q31a", "A-Q31b"))


def _filer(situation: Situation, notification: Notification) -> Iterator[Check]:
    if notification.track != "designated":
        return
    on, what = notification.start_date or situation.today, "届け出た居宅の指定"
    if notification.type == "care_management_a":
        words = "居宅指定で担当できるのは介護予防支援だけです"
        yield Check(what, "mind", words, ("T-04",))
    since = situation.agency.designated_from(notification.filer, situation.case.insurer, on)
    if since is None:
        yield Check(what, "mind", f"{day_text(on)}に有効な介護予防支援の指定がありません", ("T-03",))
    else:
        yield Check(what, "holds", f"介護予防支援の指定 {day_text(since)}から", ("T-03",))


def _type(situation: Situation, notification: Notification) -> Iterator[Check]:
    what, on = "本人の状態区分と類型", notification.start_date or situation.today
    status = situation.case.standing_on(on)
    words = f"{day_text(on)}の状態区分は{STATUSES[status]}、届出の類型は{TYPES.get(notification.type, '')}"
    if notification.occasion == "new_project_eligible":
        return
    wrong = status not in PREVENTIVE_STATUSES or (
        status == "project_eligible" and notification.type == "preventive_support"
    )
    yield Check(what, "mind" if wrong else "holds", words, ("T-04", "A-Q15b"))


def _in_time(notification: Notification) -> Iterator[Check]:
    due = deadline_of(notification.prepared_on, notification.start_date)
    if due is None or notification.filed_on is None:
        return
    if notification.filed_on <= due:
        words = f"開始月の末日（{day_text(due)}）までに提出されています"
        yield Check("提出の期限", "holds", words, ("T-16",))
    else:
        words = (
            f"開始月の末日（{day_text(due)}）を過ぎて提出されています。全額が本人の負担になるおそれがあります"
        )
        yield Check("提出の期限", "mind", words, ("T-16",))


def _risk(situation: Situation) -> Iterator[Check]:
    if report_lacking(situation.case, situation.agency, situation.today):
        words = f"{RISK}。居宅から区への報告がまだありません"
        yield Check("リスク対応策の報告", "mind", words, ("T-67",))


def _only_one(situation: Situation, notification: Notification) -> Check:
    what = "ほかの届出との重なり"
    if second_current(situation, notification):
        words = "開始日が同じか後の、別の事業所の届出書をすでに受理しています"
        return Check(what, "mind", words, ("decision 22",))
    return Check(what, "holds", "重なる届出は受理していません", ("decision 22",))
