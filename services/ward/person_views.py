"""Views of a ward about persons: what each is certified as or registered for, and the cards that changed hands."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Final

from shared.eventlog.model import Event
from shared.eventlog.views import Statement, View


class Beneficiaries(View):
    """What is each person certified as or registered for, until when, and does an application wait (受給者台帳)?

    ``answered_for`` is the day of the application that the last result answered: a later one waits.
    """

    NAME: ClassVar[str] = "beneficiaries"
    TITLE: ClassVar[str] = "受給者台帳"
    VERSION: ClassVar[str] = "2"
    TABLES: ClassVar[tuple[str, ...]] = (
        """create table {view}.persons (
            case_id uuid primary key,
            status text,
            valid_from date,
            valid_to date,
            decided_on date,
            eligible_from date,
            registered_on date,
            share text,
            share_from date,
            applied_on date,
            application text,
            applied_by text,
            answered_for date
        )""",
    )
    TYPES: ClassVar[frozenset[str] | None] = frozenset(
        {
            "CaseOpened",
            "CertificationApplied",
            "CertificationResult",
            "ProjectEligibilityRegistered",
            "CopaymentShareSet",
        }
    )

    def fold(self, event: Event) -> Iterable[Statement]:
        known = _KNOWN[event.type](event)
        # A result that overtook the opening of its case is the newer of the two.
        kept = "coalesce(persons.{0}, excluded.{0})" if event.type == "CaseOpened" else "excluded.{0}"
        changes = ", ".join(f"{name} = {kept.format(name)}" for name in known)
        yield (
            f"insert into {{view}}.persons (case_id, {', '.join(known)})"  # noqa: S608 (constants of this module)
            f" values (%s{', %s' * len(known)}) on conflict (case_id) do update set {changes}",
            (event.case_id, *known.values()),
        )


def _opened(event: Event) -> dict[str, Any]:
    card = event.data["certification"] or {}
    return {
        "status": event.data["status"],
        "valid_from": card.get("valid_from"),
        "valid_to": card.get("valid_to"),
    }


def _applied(event: Event) -> dict[str, Any]:
    data = event.data
    return {
        "applied_on": data["applied_on"],
        "application": data["occasion"],
        "applied_by": data["agency"],
    }


def _result(event: Event) -> dict[str, Any]:
    """Who was found not to need care has no period, whatever the result tells of one."""
    data = event.data
    certified = data["status"] != "none"
    return {
        **{name: data[name] for name in ("status", "decided_on")},
        **{name: data[name] if certified else None for name in ("valid_from", "valid_to")},
        "answered_for": data["applied_on"],
    }


def _registered(event: Event) -> dict[str, Any]:
    data = event.data
    return {
        "status": "project_eligible",
        "valid_from": data["eligible_from"],
        "valid_to": None,
        "eligible_from": data["eligible_from"],
        "registered_on": data["registered_on"],
    }


def _shared(event: Event) -> dict[str, Any]:
    return {"share": event.data["percent"], "share_from": event.data["valid_from"]}


_KNOWN: Final = {
    "CaseOpened": _opened,
    "CertificationApplied": _applied,
    "CertificationResult": _result,
    "ProjectEligibilityRegistered": _registered,
    "CopaymentShareSet": _shared,
}
"""Type of an event → what it says of the person."""


class Cards(View):
    """Which card of whom is to be issued, with the person, to come back, back, or lost (A-Q21b to A-Q24)?"""

    NAME: ClassVar[str] = "cards"
    TITLE: ClassVar[str] = "被保険者証・負担割合証"
    VERSION: ClassVar[str] = "1"
    TABLES: ClassVar[tuple[str, ...]] = (
        """create table {view}.cards (
            case_id uuid not null,
            card text not null,
            issue_since date,
            issued_on date,
            return_since date,
            returned_on date,
            lost_on date,
            primary key (case_id, card)
        )""",
        "create index on {view}.cards (card, issue_since)",
    )
    TYPES: ClassVar[frozenset[str] | None] = frozenset(
        {
            "CertificationApplied",
            "CertificationResult",
            "ProjectEligibilityRegistered",
            "CopaymentShareSet",
            "CardsIssued",
            "CardsReturned",
            "CardLost",
        }
    )

    def fold(self, event: Event) -> Iterable[Statement]:
        data = event.data
        if event.type == "CardsIssued":
            yield from _set(event, data["cards"], _ISSUED, "issued_on")
        elif event.type == "CardsReturned":
            yield from _set(event, data["cards"], _RETURNED, "returned_on")
        elif event.type == "CardLost":
            yield from _set(event, [data["colour"]], "lost_on = excluded.lost_on", "lost_on")
        else:
            to_issue, to_return = (data.get(f"cards_to_{what}") or () for what in ("issue", "return"))
            yield from _set(event, to_issue, "issue_since = excluded.issue_since", "issue_since")
            yield from _set(event, to_return, "return_since = excluded.return_since", "return_since")


_ISSUED: Final = "issued_on = excluded.issued_on, issue_since = null, lost_on = null, returned_on = null"
_RETURNED: Final = "returned_on = excluded.returned_on, return_since = null, lost_on = null"


def _set(event: Event, cards: Sequence[str], changes: str, column: str) -> Iterable[Statement]:
    for card in cards:
        yield (
            f"insert into {{view}}.cards (case_id, card, {column}) values (%s, %s, %s)"  # noqa: S608 (constants)
            f" on conflict (case_id, card) do update set {changes}",
            (event.case_id, card, event.occurred_on),
        )


PERSON_VIEWS: Final[tuple[type[View], ...]] = (Beneficiaries, Cards)
"""The views of this module."""
