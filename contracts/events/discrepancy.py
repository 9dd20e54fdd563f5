"""Events about a discrepancy (食い違い): one agency's event contradicts what another one knows."""

from marshmallow import Schema

from contracts.codes import DISCREPANCIES, DISCREPANCY_OUTCOMES
from contracts.definition import ROLES, EventType, personal
from contracts.events.sample import CENTRE, NOTIFICATION, OFFICE
from contracts.fields import Agency, Code, Day, Identifier, LongText

_EVERYBODY = frozenset(ROLES)


class DiscrepancyFound(Schema):
    """``finder`` has received the event ``event_id`` of ``about`` and keeps it, but does not act on it yet."""

    finder = Agency("食い違いを見つけた事業所")
    about = Agency("食い違う記録の事業所")
    event_id = Identifier("食い違う記録の番号")
    code = Code("食い違い", DISCREPANCIES)
    found_on = Day("見つけた日")


class DiscrepancySettled(Schema):
    """How the two agencies settled it. Whoever was wrong corrects its own record by a further act."""

    agency = Agency("記録した事業所")
    finder = Agency("食い違いを見つけた事業所")
    about = Agency("食い違う記録の事業所")
    event_id = Identifier("食い違う記録の番号")
    outcome = Code("解決", DISCREPANCY_OUTCOMES)
    settled_on = Day("解決した日")
    note = personal(LongText("確かめたこと"))


EVENTS = (
    EventType(
        "DiscrepancyFound",
        1,
        DiscrepancyFound,
        "case",
        "食い違いの発見",
        senders=_EVERYBODY,
        recipients=_EVERYBODY,
        speaks_for="finder",
        example={
            "finder": CENTRE,
            "about": OFFICE,
            "event_id": NOTIFICATION,
            "code": "contract_not_held",
            "found_on": "2024-12-27",
        },
    ),
    EventType(
        "DiscrepancySettled",
        1,
        DiscrepancySettled,
        "case",
        "食い違いの解決",
        senders=_EVERYBODY,
        recipients=_EVERYBODY,
        speaks_for="agency",
        example={
            "agency": CENTRE,
            "finder": CENTRE,
            "about": OFFICE,
            "event_id": NOTIFICATION,
            "outcome": "event_void",
            "settled_on": "2024-12-28",
            "note": "居宅に電話し、別の方の報告だったことを確かめた",
        },
    ),
)
