"""The basic checklist (基本チェックリスト) with its score; where a ward registers by it, form 1 (A-Q4, A-Q12a).

An answer that counts is the one printed with 1. One that is not answered yet can be printed to be filled in by hand.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from contracts.events.intake import CHECKLIST_ITEMS, CHECKLIST_OUTCOMES
from shared.forms.form import Fields, Form, Printout
from shared.forms.matter import BLANK_DAY, Matter, day
from shared.policy.checklist import BMI_ITEM, ITEMS, ChecklistFacts, bmi, points_of

BLANK: Final = "blank"
CRITERIA: Final = ("社会生活", "運動", "低栄養", "口腔", "閉じこもり", "認知機能", "うつ")
"""What the seven criteria are about, as the form names them (A-Q4)."""


def _printouts(matter: Matter) -> Sequence[Printout]:
    found = []
    if matter.me in (matter.case.office, matter.case.centre):
        found.append(Printout("checklist", BLANK, "基本チェックリスト（これから記入するもの）"))
    for each in matter.case.checklists:
        document = next(
            (
                one
                for one in matter.case.documents
                if (one.kind, one.made_on) == ("basic_checklist", each.checked_on)
            ),
            None,
        )
        found.append(
            Printout("checklist", each.id, "基本チェックリスト（回答と判定）", each.checked_on, document)
        )
    return found


def _fields(matter: Matter, printout: Printout) -> Fields:
    said = matter.last_said("ChecklistRecorded", "ChecklistSubmitted", checklist_id=printout.of)
    on = printout.dated or matter.today
    facts = _facts(said, on)
    criteria: Any = matter.stated("checklist.criteria", on) or ()
    positive: Any = matter.stated("checklist.positive", on)
    points = _points(matter, facts)
    # A-Q12a: where a ward takes it together with a notification, it is an application.
    application = bool(matter.stated("notification.attachments", on))
    return {
        "title": "基本チェックリスト【申請】" if application else "基本チェックリスト",
        "number": "様式1" if application else "",
        "person": matter.person_on_paper(),
        "checked_on": day(said.get("checked_on")),
        "centre": matter.name_of(matter.case.centre),
        "items": [_item(item, positive, facts, points) for item in ITEMS],
        "height": said.get("height_cm") or "",
        "weight": said.get("weight_kg") or "",
        "bmi": str(bmi(facts.height_cm, facts.weight_kg) or ""),
        "criteria": [_criterion(number, each, points, said) for number, each in enumerate(criteria, start=1)],
        "outcomes": [
            {"on": bool(said) and said.get("outcome") == code, "title": title}
            for code, title in CHECKLIST_OUTCOMES.items()
        ],
        "blank_day": BLANK_DAY,
    }


def points_on_paper(matter: Matter, said: Mapping[str, Any]) -> Mapping[int, bool | None]:
    """Item → whether it counts, of a recorded checklist; None where nothing was answered (A-Q4)."""
    return _points(matter, _facts(said, date.fromisoformat(said["checked_on"])))


def _points(matter: Matter, facts: ChecklistFacts) -> Mapping[int, bool | None]:
    positive: Any = matter.stated("checklist.positive", facts.on)
    if not positive:
        return dict.fromkeys(ITEMS)  # nothing is published for the day
    return points_of(facts, positive, Decimal(str(matter.stated("checklist.bmi_below", facts.on))))


def _facts(said: Mapping[str, Any], on: date) -> ChecklistFacts:
    answers = said.get("answers") or {}
    given = {item: answers.get(f"q{item}") for item in CHECKLIST_ITEMS}
    return ChecklistFacts(on, 65, given, _measure(said, "height_cm"), _measure(said, "weight_kg"))


def _measure(said: Mapping[str, Any], name: str) -> Decimal | None:
    try:
        return Decimal(said[name]) if said.get(name) else None
    except InvalidOperation:
        return None


def _item(
    item: int, positive: Mapping[str, str], facts: ChecklistFacts, points: Mapping[int, bool | None]
) -> dict[str, Any]:
    """One line: which answer is printed with 1, which was given, and its point."""
    if item == BMI_ITEM:
        return {"item": item, "bmi": True, "point": _point(points[item])}
    answer = facts.answers.get(item)
    return {
        "item": item,
        "bmi": False,
        "question": CHECKLIST_ITEMS[item],
        "yes_counts": positive[str(item)] == "yes",
        "yes": answer == "yes",
        "no": answer == "no",
        "point": _point(points[item]),
    }


def _point(counts: bool | None) -> str:
    return "" if counts is None else str(int(counts))


def _criterion(
    number: int, each: Mapping[str, int], points: Mapping[int, bool | None], said: Mapping[str, Any]
) -> dict[str, Any]:
    """One criterion with its items, how many of them count, and whether the person meets it."""
    items = range(each["first"], each["last"] + 1)
    return {
        "title": CRITERIA[number - 1],
        "items": f"No.{each['first']}〜{each['last']}" if len(items) > 1 else f"No.{each['first']}",
        "of": len(items),
        "at_least": each["at_least"],
        "score": str(sum(points[item] is True for item in items)) if said else "",
        "met": number in (said.get("criteria") or ()),
    }


CHECKLIST: Final = Form("checklist", "基本チェックリスト", "checklist", _printouts, _fields)
