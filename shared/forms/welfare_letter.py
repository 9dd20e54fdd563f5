"""The covering letter of a provisional plan for the welfare office (福祉事務所への送付状), one for each plan (T-40)."""

from collections.abc import Sequence
from typing import Final

from shared.care.welfare_letter import welfare_letter
from shared.forms.form import Fields, Form, Printout
from shared.forms.matter import Matter, day
from shared.forms.planner import planner_name, planning_agency


def _printouts(matter: Matter) -> Sequence[Printout]:
    return [
        Printout("welfare-letter", each.plan_id, "福祉事務所への送付状（暫定プラン）", each.applied_on)
        for each in matter.case.provisional_plans
        if welfare_letter(matter.case, matter.events, each.plan_id) is not None
    ]


def _fields(matter: Matter, printout: Printout) -> Fields:
    letter = welfare_letter(matter.case, matter.events, printout.of)
    assert letter is not None  # only such plans have a printout
    contact = matter.last_said("WelfareOfficeContacted", plan_id=printout.of)
    return {
        "title": "暫定プランの送付について（生活保護を受けている方）",
        "sender": matter.name_of(matter.me),
        "sender_reached": matter.contact_of(matter.me)["reached"],
        "planner_name": planner_name(matter, matter.today)
        if matter.me == planning_agency(matter, matter.today)
        else "",
        "person": matter.person_on_paper(),
        "applied_on": day(letter.provisional.applied_on),
        "contacted_on": day(letter.contacted_on),
        "note": contact.get("note") or "",
        "papers": [{"title": title, "given": given} for title, given in letter.papers],
        "submitted_on": day(letter.submitted_on),
        "period_from": day(letter.provisional.period_from),
        "period_to": day(letter.period_to),
        "services": [
            {
                "title": title,
                "provider": matter.name_of(provider),
                "starts_on": day(starts_on) if starts_on else "",
            }
            for title, provider, starts_on in letter.services
        ],
    }


WELFARE_LETTER: Final = Form("welfare-letter", "福祉事務所への送付状", "welfare_letter", _printouts, _fields)
