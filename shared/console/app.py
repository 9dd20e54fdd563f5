"""Makes the Flask application of one node's web process."""

import hashlib
import json
import logging
import secrets
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any, Final
from uuid import uuid4

from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared.console import api, policy_api, problems, security, signin
from shared.console.access_check import AccessCheck
from shared.console.accounts import Accounts
from shared.console.arrivals import Arrivals
from shared.console.case_rows import CaseRows
from shared.console.files import InMemoryRequest
from shared.console.frame import (
    OVERSEERS,
    Console,
    ExchangeState,
    MenuEntry,
    RolePages,
    console,
    offers,
    public,
)
from shared.console.guides import GUIDES
from shared.console.kept import KeptInput
from shared.console.metrics import WebMetrics, web_metrics
from shared.console.names import Names
from shared.console.once import Once
from shared.console.open_duties import OpenDuties
from shared.console.pages import (
    accesses,
    arrivals,
    case,
    case_parts,
    caseload,
    cases,
    command,
    comparing,
    exchange,
    kept,
    ledger,
    matrix,
    own_claims,
    parameters,
    people,
    plans,
    printouts,
    procedure,
    provider_files,
    replay,
    review,
    settings,
    switching,
    today,
    welfare_letter,
)
from shared.console.reading import named
from shared.console.remembered import Memory
from shared.console.sessions import Sessions
from shared.console.throttle import AddressThrottle
from shared.console.wareki import wareki, wareki_moment, wareki_month
from shared.node.health import look
from shared.node.node import Node
from shared.policy.obligations import STATES, due_text, rest_text
from shared.policy.rules import written

logger = logging.getLogger("renkei.console")

_LARGEST_REQUEST: Final = 1024 * 1024
_PAGES: Final = (
    today,
    arrivals,
    cases,
    caseload,
    case,
    case_parts,
    command,
    comparing,
    exchange,
    kept,
    ledger,
    printouts,
    matrix,
    replay,
    accesses,
    parameters,
    people,
    settings,
    plans,
    procedure,
    review,
    switching,
    welfare_letter,
    provider_files,
    own_claims,
)
_MENU: Final = (
    MenuEntry("today.page", "今日の仕事"),
    MenuEntry("cases.page", "利用者・ケース"),
)
_FILES: Final = MenuEntry("provider_files.page", "事業所のファイル", frozenset({"care_manager", "staff"}))
_OWN_CLAIMS: Final = MenuEntry("own_claims.page", "請求", within=frozenset({"own_claims.own_worksheet"}))
_SETTINGS: Final = frozenset(
    {"settings.keys", "settings.training", "parameters.page", "people.page", "people.password_form"}
)
_MENU_END: Final = (
    MenuEntry("printouts.agency_page", "事業所の様式"),
    MenuEntry("exchange.page", "送受信"),
    MenuEntry("accesses.page", "閲覧記録", OVERSEERS),
    MenuEntry("settings.page", "設定", within=_SETTINGS),
)


def create_app(
    node: Node, *, exchange_state: ExchangeState | None = None, role_pages: Sequence[RolePages] = ()
) -> Flask:
    """The web application of ``node``, which must be open.

    ``exchange_state`` tells what was sent, received, waits and is parked; ``role_pages`` are what the node's service
    adds for its role.
    """
    app = Flask(__name__)
    app.request_class = InMemoryRequest
    app.config.update(
        SECRET_KEY=secrets.token_hex(
            32
        ),  # signs nothing that outlives the process: only the sign-in form's token
        MAX_CONTENT_LENGTH=_LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=_LARGEST_REQUEST,
        MAX_FORM_PARTS=2000,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    role_menu = tuple(entry for each in role_pages for entry in each.menu)
    if all(name in node.service.commands for name in provider_files.NEEDED):
        role_menu = (_FILES, _OWN_CLAIMS, *role_menu)
    app.extensions["renkei"] = Console(
        node=node,
        accounts=Accounts(node.database),
        sessions=Sessions(node.database),
        throttle=AddressThrottle(),
        names=Names(node),
        open_duties=OpenDuties(node),
        case_rows=CaseRows(node),
        memory=Memory(node),
        access_check=AccessCheck(node.access),
        kept=KeptInput(node.database),
        once=Once(),
        arrivals=Arrivals(node.database),
        exchange_state=exchange_state,
        menu=(*_MENU, *role_menu, *_MENU_END),
        guides={**GUIDES, **{name: guide for each in role_pages for name, guide in each.guides.items()}},
        own_pages={name: page for each in role_pages for name, page in each.own_pages.items()},
    )
    problems.install(app)
    _measure(app, web_metrics(node))
    security.install(app)
    for module in (signin, api, policy_api, *_PAGES):
        app.register_blueprint(module.blueprint)
    for pages in role_pages:
        app.register_blueprint(pages.blueprint)
    _add_health(app)
    _equip_templates(app)
    return app


def _add_health(app: Flask) -> None:
    @app.get("/healthz")
    @public
    def healthz() -> Response:
        health = look(console().node)
        body = json.dumps(health.as_json())
        return Response(body, 200 if health.working else 503, mimetype="application/json")


def _measure(app: Flask, metrics: WebMetrics) -> None:
    @app.before_request
    def start() -> None:
        g.started = perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        route = str(request.url_rule or "unknown")
        metrics.requests.labels(route, request.method, str(response.status_code)).inc()
        seconds = perf_counter() - g.started
        metrics.seconds.labels(route).observe(seconds)
        if route not in ("/healthz", "/metrics", "/static/<path:filename>"):
            facts = {"route": route, "method": request.method, "status": response.status_code}
            logger.info("request", extra={"facts": {**facts, "milliseconds": round(seconds * 1000)}})
        return response

    @app.get("/metrics")
    @public
    def metrics_page() -> Response:
        return Response(generate_latest(metrics.registry), content_type=CONTENT_TYPE_LATEST)


def _equip_templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        wareki=_shown_day,
        wareki_month=wareki_month,
        rule=written,
        wareki_moment=lambda moment: moment and wareki_moment(moment),
    )
    stamp = _digest_of_static(app)

    @app.url_defaults
    def style_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["v"] = stamp

    @app.context_processor
    def shared_values() -> dict[str, Any]:
        node = console().node
        session = getattr(g, "session", None)
        return {
            "training": node.training,
            "me": node.agency,
            "service_title": node.service.title,
            "today": node.today,
            "agency_name": _agency_name,
            "party_name": _party_name,
            "actor_name": _actor_name,
            "duty_states": STATES,
            "due_text": due_text,
            "rest_text": rest_text,
            "event_titles": node.titles,
            "account": session.account if session else None,
            "csrf": session.csrf if session else "",
            "kept": g.get("kept_id"),
            "new_key": uuid4,
            "menu": _menu_for(session.account.role) if session else (),
            "current": request.endpoint,
            "menu_place": _menu_place(request.endpoint, request.path),
            "has_page": app.view_functions.__contains__,
        }


_ACTORS: Final = {"command-line": "コマンド", "system": "自動", "partner": "相手の事業所"}
"""Who acts without an account of this node."""


def _actor_name(actor: str) -> str:
    """Who recorded something: the name that colleagues read, with the role where the name does not say it."""
    if "accounts" not in g:
        g.accounts = {each.name: each for each in console().accounts.all()}
    found = g.accounts.get(actor)
    if found is None:
        return _ACTORS.get(actor, actor)
    return found.display if found.role_title == found.display else f"{found.display}（{found.role_title}）"


def _agency_name(agency: str) -> str:
    """An agency's name in the directory and its number; its number alone when it is not listed."""
    if "agency_state" not in g:
        g.agency_state = console().node.situation().agency
    return named(agency, {agency: str(g.agency_state.name_of(agency))})


def _party_name(party: str) -> str:
    """A party of an obligation: an agency, or the person."""
    return {"person": "本人"}.get(party) or _agency_name(party)


def _menu_for(role: str) -> list[MenuEntry]:
    return [entry for entry in console().menu if role in entry.roles and offers(entry.parameter)]


def _menu_place(endpoint: str | None, path: str) -> str | None:
    """The endpoint of the menu's entry that a page belongs to: its own, or the one that it is reached from."""
    entries = console().menu
    if any(entry.endpoint == endpoint for entry in entries):
        return endpoint
    found = next((entry.endpoint for entry in entries if endpoint in entry.within), None)
    return found or ("cases.page" if path.startswith(("/cases/", "/caseload")) else None)


def _shown_day(day: date | str | None, weekday: bool = False) -> str:
    if not day:
        return ""
    return wareki(date.fromisoformat(day) if isinstance(day, str) else day, weekday)


def _digest_of_static(app: Flask) -> str:
    """A stamp of what browsers keep: a change of one of the files is another address of each."""
    content = [each.read_bytes() for each in sorted(Path(str(app.static_folder)).iterdir())]
    return hashlib.sha256(b"".join(content)).hexdigest()[:12]
