"""What was asked of a partner: still without an answer, or come back to be done again."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from contracts.codes import DESKS, RETURN_REASONS
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


@dataclass(frozen=True, slots=True)
class Request:
    """One request of ours. ``detail`` names the desk while it waits, and the reason when it came back."""

    case_id: UUID
    title: str
    partner: str
    since: date
    detail: str
    returned: bool


def own_requests(node: Node) -> list[Request]:
    """Our requests that wait for an answer or were returned, the oldest first."""
    with node.database.connection() as connection:
        rows = connection.execute(_REQUESTS.encode(), {"me": node.agency}).fetchall()
    found = []
    for case_id, what, _, asked_on, answered_on, answer, detail, insurer, centre in rows:
        returned = answer == "NotificationReturned"
        words = RETURN_REASONS if returned else DESKS
        found.append(
            Request(
                case_id,
                _TITLES.get(what, what),
                (centre if what in ("simultaneous_contract", "draft") else insurer) or "",
                answered_on if returned else asked_on,
                words.get(detail or "", detail or ""),
                returned,
            )
        )
    return found
