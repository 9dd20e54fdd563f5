"""What was asked of a partner: still without an answer, or come back to be done again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from contracts.codes import DESKS, RETURN_REASONS
from shared.console.reading import words_said
from shared.node.node import Node

_REQUESTS: Final = """
select r.case_id, r.what, r.key, r.asked_on, r.answered_on, r.answer, r.detail, c.insurer, c.centre
from view_awaiting_partner.requests r left join view_case_list.cases c using (case_id)
where r.asked_by = %(me)s and (r.answered_by is null or r.answer = 'NotificationReturned')
    and not exists (select from view_awaiting_partner.requests later
        where later.case_id = r.case_id and later.what = r.what and later.asked_by is not null
          and r.what = 'notification' and split_part(later.key, '/', 1) = split_part(r.key, '/', 1)
          and nullif(split_part(later.key, '/', 2), '')::int > nullif(split_part(r.key, '/', 2), '')::int)
    and not exists (select from events where events.case_id = r.case_id and events.type = 'PersonErased')
order by coalesce(r.answered_on, r.asked_on)
"""
_TITLES: Final = {
    "notification": "届出書の受理",
    "simultaneous_contract": "同時契約の承諾",
    "records": "資料の提供",
    "draft": "計画原案の事前確認",
}
_RETURNED: Final = {"notification": "届出書"}
"""What came back, not the answer that was hoped for."""
_WORDS: Final = ("reason_code", "field", "reason")
"""What a return says, as far as it says it: the kind of reason, the field, the desk's own words."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request of ours, ``key`` being its number. ``detail`` names the desk while it waits, and the reason when it
    came back."""

    case_id: UUID
    title: str
    partner: str
    since: date
    detail: str
    returned: bool
    key: str = ""


def own_requests(node: Node) -> list[Request]:
    """Our requests that wait for an answer or were returned, the oldest first."""
    with node.database.connection() as connection:
        rows = connection.execute(_REQUESTS.encode(), {"me": node.agency}).fetchall()
    found = []
    for case_id, what, key, asked_on, answered_on, answer, detail, insurer, centre in rows:
        returned = answer == "NotificationReturned"
        words = RETURN_REASONS if returned else DESKS
        found.append(
            Request(
                case_id,
                (_RETURNED if returned else _TITLES).get(what, what),
                (centre if what in ("simultaneous_contract", "draft") else insurer) or "",
                answered_on if returned else asked_on,
                words.get(detail or "", detail or ""),
                returned,
                key.partition("/")[0],
            )
        )
    return found


def with_reasons(node: Node, returned: Sequence[Request]) -> list[Request]:
    """What came back, with everything that the desk said of it: kind of reason, field and its own words (T-12)."""
    kind = node.event_types.get("NotificationReturned")
    cases = list({each.case_id for each in returned})
    rows = node.log.of_type("NotificationReturned", cases) if cases else []
    said = {
        str(event.data["notification_id"]): words_said(kind, event, _WORDS)
        for event in node.with_persons(rows)
    }
    return [replace(each, detail=said.get(each.key, each.detail)) for each in returned]
