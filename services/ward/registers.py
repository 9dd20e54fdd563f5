"""What the registers' pages read: persons and their certifications, notifications, cards; narrowed and in order."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from contracts.codes import CARDS, CERTIFICATION_OCCASIONS, SHARES, STATUSES
from services.ward.register import Entry
from shared.console.case_filter import supports
from shared.node.node import Node
from shared.policy.parameters import ParameterError, parameters

SUPPORT: Final = {"": "続いている人", "over": "終わった人", "all": "すべて"}
ENDS: Final = {
    "": "すべて",
    "over": "期限切れ",
    "30": "30日以内に終わる",
    "60": "60日以内に終わる",
    "none": "期限なし",
}
CARD_STATES: Final = {
    "issue": "発行する",
    "lost": "紛失・再交付する",
    "return": "返還を待つ",
    "issued": "発行済み",
    "returned": "返還済み",
}
OPEN_CARDS: Final = ("issue", "lost", "return")
"""States of a card in which something is to be done."""

_PERSONS: Final = """
select p.case_id, p.status, p.valid_from, p.valid_to, p.decided_on, p.registered_on, p.share, p.share_from,
    p.applied_on, p.application, p.applied_by, p.answered_for, coalesce(c.ended_on, m.moved_on - 1), c.office, c.centre
  from view_beneficiaries.persons p join view_case_list.cases c using (case_id)
  left join view_moved_cases.moves m using (case_id)
  where c.opened_on is not null order by c.opened_on, p.case_id
"""
_CARDS: Final = """
select case_id, card, issue_since, issued_on, return_since, returned_on, lost_on from view_cards.cards
"""


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """One line of the register of beneficiaries (受給者台帳). ``ended_on`` is the last day of the support."""

    case_id: UUID
    status: str | None
    valid_from: date | None
    valid_to: date | None
    decided_on: date | None
    registered_on: date | None
    share: str | None
    share_from: date | None
    applied_on: date | None
    application: str | None
    applied_by: str | None
    answered_for: date | None
    ended_on: date | None
    office: str | None
    centre: str | None

    @property
    def status_title(self) -> str:
        """The state in Japanese: 非該当 where a result says it, 認定なし where nothing is decided yet."""
        if self.status == "none" and self.decided_on is not None:
            return STATUSES["none"]
        return "認定なし" if self.status == "none" else STATUSES.get(self.status or "", self.status or "未着")

    @property
    def share_title(self) -> str:
        """The share of the costs in Japanese; empty while none was set."""
        return SHARES.get(self.share or "", "")

    @property
    def application_title(self) -> str:
        """The kind of the application in Japanese."""
        return CERTIFICATION_OCCASIONS.get(self.application or "", self.application or "")

    @property
    def waits(self) -> bool:
        """Whether an application waits for its result."""
        if self.applied_on is None:
            return False
        return self.answered_for is None or self.applied_on > self.answered_for


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What is asked of the register of beneficiaries; empty where it does not matter. ``among``: who was found."""

    support: str = ""
    status: str = ""
    ends: str = ""
    waits: bool = False
    among: Collection[UUID] | None = None

    def shows(self, each: Beneficiary, today: date) -> bool:
        """Whether a person is one of those that are asked for."""
        over = each.ended_on is not None and each.ended_on < today
        return (
            supports(self.support, over, searching=self.among is not None)
            and (self.among is None or each.case_id in self.among)
            and self.status in ("", each.status)
            and (not self.waits or each.waits)
            and _ends(self.ends, each.valid_to, today)
        )


def _ends(asked: str, valid_to: date | None, today: date) -> bool:
    if asked in ("", "none"):
        return not asked or valid_to is None
    if valid_to is None:
        return False
    if asked == "over":
        return valid_to < today
    return today <= valid_to <= today + timedelta(days=int(asked))


def beneficiaries(node: Node) -> list[Beneficiary]:
    """Everybody whose case this ward knows, in the order in which the cases were opened."""
    return [Beneficiary(*row) for row in _rows(node, _PERSONS)]


def awaited_results(everybody: Iterable[Beneficiary]) -> list[Beneficiary]:
    """Those whose application waits for its result, the oldest application first."""
    waiting = [each for each in everybody if each.waits]
    return sorted(waiting, key=lambda each: (each.applied_on or date.max, str(each.case_id)))


def ending_soon(everybody: Iterable[Beneficiary], today: date, days: int = 60) -> list[Beneficiary]:
    """Those whose certification ends within so many days, or has ended, with no application, the nearest end first."""
    found = [
        each
        for each in everybody
        if each.valid_to is not None
        and each.valid_to <= today + timedelta(days=days)
        and not each.waits
        and (each.ended_on is None or each.ended_on >= today)
    ]
    return sorted(found, key=lambda each: (each.valid_to or date.max, str(each.case_id)))


def result_due(insurer: str, applied_on: date) -> date | None:
    """By when the law wants the result of an application; None where no number of days is known."""
    try:
        days = parameters(insurer).find("certification.decision_days", applied_on)
    except ParameterError:
        return None
    return None if days is None else applied_on + timedelta(days=int(days.value))


@dataclass(frozen=True, slots=True)
class Card:
    """One card of one person, and the days of what happened to it last."""

    case_id: UUID
    card: str
    issue_since: date | None
    issued_on: date | None
    return_since: date | None
    returned_on: date | None
    lost_on: date | None

    @property
    def title(self) -> str:
        """The card in Japanese."""
        return CARDS.get(self.card, self.card)

    @property
    def state(self) -> str:
        """``issue``, ``lost``, ``return``, ``returned`` or ``issued``: what is to be done comes first."""
        if self.issue_since is not None:
            return "issue"
        if self.lost_on is not None:
            return "lost"
        if self.return_since is not None:
            return "return"
        return "returned" if self.returned_on is not None else "issued"

    @property
    def since(self) -> date | None:
        """Since when it is in that state."""
        days = {
            "issue": self.issue_since,
            "lost": self.lost_on,
            "return": self.return_since,
            "returned": self.returned_on,
        }
        return days.get(self.state, self.issued_on)


def cards(node: Node) -> list[Card]:
    """Every card of which something is recorded: what is to be done first, the oldest first; then the newest."""
    found = [Card(*row) for row in _rows(node, _CARDS)]

    def order(each: Card) -> tuple[bool, int, str, str]:
        days = (each.since or date.max).toordinal()
        waits = each.state in OPEN_CARDS
        return (not waits, days if waits else -days, str(each.case_id), each.card)

    return sorted(found, key=order)


def counts(found: Iterable[Card]) -> dict[tuple[str, str], int]:
    """Card and state → how many."""
    counted: dict[tuple[str, str], int] = {}
    for each in found:
        counted[each.card, each.state] = counted.get((each.card, each.state), 0) + 1
    return counted


@dataclass(frozen=True, slots=True)
class Notified:
    """One case of the register of notifications: all accepted ones, and the one that is current, if any."""

    case_id: UUID
    entries: Sequence[Entry]
    now: Entry | None
    doubled: bool


def narrow_notified(
    found: Iterable[Notified], asked: Mapping[str, str], among: Collection[UUID] | None
) -> list[Notified]:
    """Those that are asked for: ``type``, ``track``, ``filer`` of the current one; ``state`` now, none or doubled."""
    states: Mapping[str, Callable[[Notified], bool]] = {
        "now": lambda each: each.now is not None,
        "none": lambda each: each.now is None,
        "doubled": lambda each: each.doubled,
    }
    state = states.get(asked.get("state", ""))
    return [
        each
        for each in found
        if (among is None or each.case_id in among)
        and (state is None or state(each))
        and all(
            not asked.get(name) or (each.now is not None and getattr(each.now, name) == asked[name])
            for name in ("type", "track", "filer")
        )
    ]


def _rows(node: Node, query: str) -> Sequence[tuple[Any, ...]]:
    with node.database.connection() as connection:
        return connection.execute(query.encode()).fetchall()
