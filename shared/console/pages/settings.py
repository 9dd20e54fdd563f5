"""設定: this office as its partners know it, keys, training mode, and the way to people and values.

It reads the node's configuration and the directories. Nothing is changed here: each action is a command or, for what
touches the machine, a command line that is told in words.
"""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template

from contracts.definition import ROLES
from shared.care.agency import Listing
from shared.console.acting import may
from shared.console.frame import OVERSEERS, account, node, record_view
from shared.console.key_list import KEY_EVENTS, STATES, USES, ShownKey, listed_keys, own_unlisted
from shared.console.problems import NotAllowed
from shared.eventlog.log import event_of

blueprint = Blueprint("settings", __name__)

LIST_AGENCY: Final = "ListAgency"
COMPROMISED: Final = "ReportCompromisedKey"


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of the settings, for those who may see it."""

    endpoint: str
    title: str


def tabs() -> list[Tab]:
    """The pages of the settings that the person who asks may open."""
    found = [Tab("settings.page", "事業所")]
    found += [Tab("settings.keys", "鍵")] if sees_keys() else []
    found += [Tab("settings.training", "研修モード"), Tab("parameters.page", "決まりの変わる日")]
    return found + ([Tab("people.page", "人と役割")] if account().role == "administrator" else [])


def sees_keys() -> bool:
    """Whether the person who asks has to do with keys: who oversees the node, and who keeps a ward's directory."""
    return account().role in OVERSEERS or _may(LIST_AGENCY)


def _may(command: str) -> bool:
    spec = node().service.commands.get(command)
    return spec is not None and may(account(), spec)


@blueprint.get("/settings")
def page() -> str:
    """What the directories say of this office and of the others, and what this node tells others."""
    record_view(None, "設定（事業所）")
    listings = node().situation().agency.listings.values()
    return render_template(
        "settings.html",
        tabs=tabs(),
        own=[each for each in listings if each.agency == node().agency],
        others=sorted(
            (each for each in listings if each.agency != node().agency),
            key=lambda each: (each.agency, each.insurer),
        ),
        roles_of=_roles,
        config=node().config,
        may_list=_may(LIST_AGENCY),
    )


def _roles(listing: Listing) -> str:
    return "、".join(ROLES.get(each, each) for each in listing.roles)


@blueprint.get("/settings/keys")
def keys() -> str:
    """Public keys with fingerprints and periods: our own and our partners', and how a key is renewed."""
    if not sees_keys():
        raise NotAllowed("role_not_allowed", "鍵を見る権限がありません。")
    record_view(None, "設定（鍵）")
    listed = listed_keys(event_of(row) for row in node().log.register(0, KEY_EVENTS))
    return render_template(
        "settings_keys.html",
        tabs=tabs(),
        own=[*(each for each in listed if each.agency == node().agency), *_unlisted(listed)],
        partners=[each for each in listed if each.agency != node().agency],
        uses=USES,
        states=STATES,
        now=node().now(),
        may_report=_may(COMPROMISED),
        config=node().config,
        is_ward=node().service.role == "ward",
    )


def _unlisted(listed: list[ShownKey]) -> list[ShownKey]:
    return own_unlisted(node().agency_keys, listed)


@blueprint.get("/settings/training")
def training() -> str:
    """Whether this node is for training, what that means, and how work in earnest begins."""
    record_view(None, "設定（研修モード）")
    return render_template("settings_training.html", tabs=tabs(), config=node().config, now=node().now())
