"""What every page of a console can reach: the node, who may sign in, who is asking, and what was looked at."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, cast
from uuid import UUID

from flask import Blueprint, abort, current_app, g, request

from shared.console.access_check import AccessCheck
from shared.console.accounts import Account, Accounts
from shared.console.arrivals import Arrivals
from shared.console.case_rows import CaseRows
from shared.console.guides import Guide
from shared.console.kept import KeptInput
from shared.console.names import Names
from shared.console.once import Once
from shared.console.open_duties import OpenDuties
from shared.console.remembered import Memory
from shared.console.sessions import Session, Sessions
from shared.console.throttle import AddressThrottle
from shared.node.node import Node
from shared.policy.parameters import parameters

View = TypeVar("View", bound=Callable[..., Any])
ExchangeState = Callable[[Node], Any]

EVERYBODY: Final = frozenset(
    {"care_manager", "staff", "dementia_specialist", "clerk", "billing", "administrator", "auditor"}
)
OVERSEERS: Final = frozenset({"administrator", "auditor"})
PURPOSES: Final[Mapping[str, str]] = {
    "care": "支援",
    "desk": "窓口事務",
    "billing": "請求事務",
    "administration": "管理",
    "audit": "監査",
    "disclosure": "本人・家族からの照会",
}
"""Why somebody looks at a case: code → what the access log says."""
_USUAL_PURPOSE: Final = {
    "care_manager": "care",
    "staff": "care",
    "dementia_specialist": "care",
    "clerk": "desk",
    "billing": "billing",
    "administrator": "administration",
    "auditor": "audit",
}


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One entry of the menu: the endpoint it leads to, its title, the account roles that see it.

    A ward that does not publish ``parameter`` has no use for the page and does not see the entry. ``within`` are the
    endpoints of pages that are reached from it and have no entry of their own.
    """

    endpoint: str
    title: str
    roles: frozenset[str] = EVERYBODY
    parameter: str | None = None
    within: frozenset[str] = frozenset()


@dataclass(frozen=True)
class RolePages:
    """What a service adds to the console: a blueprint with its templates, its menu entries, guides to its forms.

    ``own_pages`` are the endpoints of the pages that take the place of a command's form.
    """

    blueprint: Blueprint
    menu: Sequence[MenuEntry] = ()
    guides: Mapping[str, Guide] = field(default_factory=dict)
    own_pages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Console:
    """The parts of one node's console."""

    node: Node
    accounts: Accounts
    sessions: Sessions
    throttle: AddressThrottle
    names: Names
    open_duties: OpenDuties
    case_rows: CaseRows
    memory: Memory
    access_check: AccessCheck
    kept: KeptInput
    once: Once
    arrivals: Arrivals
    exchange_state: ExchangeState | None = None
    menu: Sequence[MenuEntry] = field(default_factory=tuple)
    guides: Mapping[str, Guide] = field(default_factory=dict)
    own_pages: Mapping[str, str] = field(default_factory=dict)


def console() -> Console:
    """The console that answers the present request."""
    return cast(Console, current_app.extensions["renkei"])


def node() -> Node:
    """The node that answers the present request."""
    return console().node


def offers(parameter: str | None) -> bool:
    """Whether what needs a parameter is of use here: everywhere but at a ward that does not publish it."""
    return parameter is None or node().service.role != "ward" or parameter in parameters(node().agency).names


def account() -> Account:
    """Who is asking. Only where a session is required."""
    return cast(Session, g.session).account


def public(view: View) -> View:
    """Mark a view that needs no session; every other one does."""
    view.needs_no_session = True  # type: ignore[attr-defined]
    return view


def only(roles: frozenset[str]) -> Callable[[View], View]:
    """Mark a view that only accounts of these roles may open."""

    def mark(view: View) -> View:
        view.only_roles = roles  # type: ignore[attr-defined]
        return view

    return mark


def shown_again(show: Callable[..., Any]) -> Callable[[View], View]:
    """Mark a view that takes a form: ``show`` gets the fields of one that came after its session had ended, and the
    view's arguments, and shows the form filled with them without recording anything."""

    def mark(view: View) -> View:
        view.shows_again = show  # type: ignore[attr-defined]
        return view

    return mark


def record_view(case_id: UUID | None, what: str) -> None:
    """Record that the person who asks is about to see a case, or a list of persons when ``case_id`` is ``None``.

    It is recorded before the answer is given; an answer that can't be recorded is not given.
    """
    node().access.record(account().name, case_id, what, purpose())


def record_views(case_ids: Iterable[UUID], what: str) -> None:
    """Record that the person who asks is about to see each of these cases in one list: under every person's case."""
    node().access.record_each(account().name, case_ids, what, purpose())


def names_shown(case_ids: Iterable[UUID], what: str) -> dict[UUID, str]:
    """The names of the persons who stand on one page of a list, once it is recorded that each of them is seen.

    Pages ask for names here and not of :class:`Names`, so that no list shows whom the access log does not know of.
    """
    shown = list(dict.fromkeys(case_ids))
    record_views(shown, what)
    return console().names.of(shown)


def purpose() -> str:
    """Why the person looks: as the request says, else what the account's role usually does."""
    asked = request.args.get("purpose") or request.headers.get("Renkei-Purpose") or ""
    return PURPOSES.get(asked) or PURPOSES[_USUAL_PURPOSE.get(account().role, "care")]


def case_id_of(text: str) -> UUID:
    """The case id in an address; any other text is not found."""
    try:
        return UUID(text)
    except ValueError:
        abort(404)
