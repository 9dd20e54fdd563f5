"""The request and change notification (届出書) in the forms that the wards want (T-12 to T-17, A-Q12a, A-Q31a, A-Q31b).

One paper for both types in Toshima; in Adachi the national one for support levels, and form 2 for 事業対象者. A filled
in one is printed for each notification that is held or filed; an empty one with the person's data to be signed.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from contracts.codes import DESKS, FORMS, OCCASIONS
from shared.care.parts import Notification
from shared.forms.form import Fields, Form, Printout
from shared.forms.matter import BLANK_DAY, Matter, day
from shared.policy.notification_filings import form_at

NEW: Final = "new"
"""The printout that is no notification yet: it is signed first, and filed then."""

_FIRST: Final = ("first", "new_project_eligible")
_SEX: Final = ("male", "female")

_PLANNER: Final = "介護予防サービス計画の作成を依頼（変更）する介護予防支援事業者"
_MANAGER: Final = "介護予防ケアマネジメントを依頼（変更）する地域包括支援センター"
_LABELS: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "combined_request": (
        "",
        f"{_PLANNER}／{_MANAGER}",
        "介護予防支援又は介護予防ケアマネジメントを受託する居宅介護支援事業者",
        "上記の事業者に介護予防サービス計画の作成又は介護予防ケアマネジメントを依頼することを届け出ます。",
    ),
    "planning_request": (
        "",
        _PLANNER,
        "介護予防支援を受託する居宅介護支援事業者",
        "上記の事業者に介護予防サービス計画の作成を依頼することを届け出ます。",
    ),
    "care_management_request": (
        "様式2",
        _MANAGER,
        "介護予防ケアマネジメントを受託する居宅介護支援事業者",
        "上記の地域包括支援センターに介護予防ケアマネジメントを依頼することを届け出ます。",
    ),
}
"""Form → its number, who is asked, who does it for them, and what the person declares."""


def _printouts(matter: Matter) -> Sequence[Printout]:
    """An empty one where this agency files, and every notification of the case."""
    case, found = matter.case, []
    if _files(matter) and _form_wanted(matter):
        found.append(Printout("notification", NEW, "届出書（これから自署・提出するもの）"))
    for each in case.notifications.values():
        if not each.form:
            continue  # its filing is not here, only what the desk decided
        on = each.filed_on or each.prepared_on
        document = next((one for one in case.documents if one.number == each.id), None)
        state = (
            "保管" if each.state == "held" else f"{each.revision}回目の提出" if each.revision > 1 else "提出"
        )
        title = f"届出書（{matter.name_of(each.filer)}・{state}）"
        found.append(Printout("notification", each.id, title, on, document))
    return found


def _files(matter: Matter) -> bool:
    """Whether this agency files notifications in the case: a centre, and an office with its own designation (T-03)."""
    case = matter.case
    designated = case.office is not None and matter.agencies.designated(
        case.office, case.insurer, matter.today
    )
    return matter.me == case.centre or (matter.me == case.office and designated)


def _form_wanted(matter: Matter) -> str:
    """The form of a first notification today; empty where the ward has published none."""
    eligible = matter.case.standing_on(matter.today) == "project_eligible"
    forms = matter.stated("notification.form", matter.today)
    return form_at(forms, _FIRST[1] if eligible else _FIRST[0]) if forms else ""


def _fields(matter: Matter, printout: Printout) -> Fields:
    found = matter.case.notifications.get(printout.of)
    return _empty(matter) if found is None else _filled(matter, found)


def _empty(matter: Matter) -> Fields:
    """Only what is known whatever is notified; the rest is written by hand."""
    case = matter.case
    by_office = matter.me == case.office
    entrusted = None if by_office or case.done_by_centre(matter.today) else case.office
    return {
        **_paper(_form_wanted(matter), matter, matter.person),
        "mark": "同時契約" if case.simultaneous_contract else "",
        "new": False,
        "changed": False,
        "provider": _agency(matter, matter.me),
        "entrusted": _agency(matter, entrusted),
        "reason": "",
        **dict.fromkeys(("changed_on", "start_date", "filed_on", "receipt_on"), BLANK_DAY),
        "signature": "",
        "signature_note": "（自署）",
        "desk": "",
        "with_checklist": False,
    }


def _filled(matter: Matter, each: Notification) -> Fields:
    """As it was made or filed; a held one has neither receipt date nor start date (T-14D)."""
    said = matter.last_said("NotificationPrepared", "NotificationFiled", notification_id=each.id)
    changed = each.occasion not in _FIRST
    office, centre = (said.get(name) or getattr(matter.case, name) for name in ("office", "centre"))
    designated = each.track == "designated"
    attached = said.get("attachments") or ()
    return {
        **_paper(each.form, matter, said),
        "mark": "同時契約" if each.simultaneous_mark else "",
        "new": not changed,
        "changed": changed,
        "provider": _agency(matter, office if designated else centre),
        "entrusted": _agency(matter, office if each.track == "entrusted" else None),
        "reason": OCCASIONS[each.occasion] if changed else "",
        "changed_on": day(each.start_date if changed else None),
        "start_date": day(each.start_date),
        "filed_on": day(each.filed_on),
        "receipt_on": day(each.receipt_on),
        # T-17: from the second time on staff writes it; before, only the person's own hand does.
        "signature": "" if each.signature_needed else said.get("name") or "",
        "signature_note": "（自署）" if each.signature_needed else "（担当者が記入・自署不要）",
        "desk": DESKS.get(each.desk or "", ""),
        "with_checklist": "basic_checklist" in attached,
    }


def _paper(form: str, matter: Matter, person: Mapping[str, Any]) -> dict[str, Any]:
    number, provider, entrusted, request = _LABELS[form]
    written = {
        name: person.get(name) or "" for name in ("name", "kana", "insured_number", "address", "telephone")
    }
    sexes = {name: matter.person.get("sex") == name for name in _SEX}
    project = "【総合事業】" if form == "care_management_request" else ""
    return {
        "title": FORMS[form] + project,
        "number": number,
        "provider_label": provider,
        "entrusted_label": entrusted,
        "request": request,
        "addressee": f"{matter.insurer_name}長" if matter.insurer_name else "　　　　　　　区長",
        "person": {**written, **sexes, "birth_date": day(person.get("birth_date"))},
        "blank_day": BLANK_DAY,
    }


def _agency(matter: Matter, agency: str | None) -> dict[str, str]:
    """Name, number, and where the directory says that it is; what it does not tell is written by hand or stamped."""
    contact = matter.contact_of(agency)
    told = {name: contact[name] for name in ("address", "telephone")}
    return {"name": matter.name_of(agency), "number": agency or "", **told}


NOTIFICATION: Final = Form("notification", "届出書", "notification", _printouts, _fields)
