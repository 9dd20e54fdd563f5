"""What a form is made from: a case as one agency knows it, and what was said of it.

Nothing here and in the forms' own modules reads a clock, a database or a file: the same matter gives the same fields.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final, NamedTuple

from shared.care.agency import AgencyState
from shared.care.documents import Document
from shared.care.parts import Certification
from shared.care.state import Case
from shared.eventlog.model import UNREADABLE, Event
from shared.policy.dates import day_text, month_text
from shared.policy.parameters import ParameterError, parameters

BLANK_DAY: Final = "　　　　年　　月　　日"
"""Where a date is written by hand."""
_NUMBERS: Final = {"telephone": "電話", "fax": "FAX"}


class Said(NamedTuple):
    """An event with all its fields in one mapping; a personal field that can't be read is empty."""

    event: Event
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Matter:
    """A case as ``me`` knows it ``today``: its state, its events with personal fields, the register of agencies.

    ``titles`` names types of events in Japanese.
    """

    me: str
    today: date
    case: Case
    events: tuple[Event, ...]
    agencies: AgencyState
    titles: Mapping[str, str] = field(default_factory=dict)

    def said(self, *types: str) -> Iterator[Said]:
        """The events of these types in the order in which they became known, but those that contradict ours."""
        held = {(each.event.sender, each.event.id) for each in self.case.held_events.values()}
        for event in self.events:
            if event.type in types and (event.sender, event.id) not in held:
                yield Said(event, {**event.data, **_readable(event.personal or {})})

    def last_said(self, *types: str, **wanted: Any) -> Mapping[str, Any]:
        """The fields of the newest event of these types in which the ``wanted`` fields are so; empty without one."""
        found: Mapping[str, Any] = {}
        for each in self.said(*types):
            if all(each.fields.get(name) == value for name, value in wanted.items()):
                found = each.fields
        return found

    @cached_property
    def person(self) -> Mapping[str, Any]:
        """Name, kana, birth date, sex, address, telephone and insured number, as the case was opened with them."""
        return self.last_said("CaseOpened")

    def person_on_paper(self) -> dict[str, Any]:
        """The person as most forms begin with: texts that may be empty, the birth date as papers write it."""
        names = ("name", "kana", "insured_number", "address", "telephone")
        sexes = {name: self.person.get("sex") == name for name in ("male", "female")}
        written = {name: self.person.get(name) or "" for name in names}
        return {**written, **sexes, "birth_date": day(self.person.get("birth_date"))}

    def stated(self, name: str, on: date) -> Any:
        """What the insurer has published under a parameter's name for ``on``; None where it has published nothing."""
        try:
            return parameters(self.case.insurer).entry(name, on).value
        except ParameterError:
            return None

    @property
    def insurer_name(self) -> str:
        """The municipality that insures the person; empty while its parameters are not there."""
        try:
            return parameters(self.case.insurer).insurer.name
        except ParameterError:
            return ""

    def name_of(self, agency: str | None) -> str:
        """An agency's name in the directory; its number while it is not listed, and nothing for nobody."""
        return self.agencies.name_of(agency) if agency else ""

    def contact_of(self, agency: str | None) -> dict[str, str]:
        """Where people reach an agency, as the directory tells; texts that may be empty, ``reached`` is all of it."""
        return contact_on_paper(self.agencies, agency)

    def document_of(self, event: Event, kind: str) -> Document | None:
        """The document of a kind that an event made known, or None."""
        return next(
            (each for each in self.case.documents if each.kind == kind and event.id in each.events), None
        )


def _readable(personal: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: None if isinstance(value, str) and value in UNREADABLE else value
        for name, value in personal.items()
    }


def contact_on_paper(agencies: AgencyState, agency: str | None) -> dict[str, str]:
    """Address, telephone and telefax of an agency as papers write them, ``reached`` with all that is known of them."""
    told = agencies.contact_of(agency or "")
    numbers = [f"{title} {told[name]}" for name, title in _NUMBERS.items() if told[name]]
    reached = [each for each in (told["address"], "　".join(numbers)) if each]
    return {**told, "reached": "\n".join(reached)}


def certification_on_paper(certified: Certification | None) -> dict[str, str]:
    """The period of a certification; that of 事業対象者 has no end (A-Q21a)."""
    endless = certified is not None and certified.status == "project_eligible" and certified.valid_to is None
    return {
        "certified_from": day(certified.valid_from if certified else None),
        "certified_to": "（期限なし）" if endless else day(certified.valid_to if certified else None),
    }


def day(value: date | str | None, blank: str = BLANK_DAY) -> str:
    """A day as papers write it, 令和6年10月1日; where there is none, the room to write it."""
    if not value:
        return blank
    return day_text(value if isinstance(value, date) else date.fromisoformat(value))


def month(value: str | None) -> str:
    """A month as papers write it, 令和6年10月."""
    return month_text(value) if value else "　　　　年　　月"
