"""What changed in a case between two replays of it, and what two agencies hold of it as far as this log can tell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Any, Final

from shared.console.dossier import Dossier
from shared.console.timeline import Step, Travel
from shared.console.wareki import wareki, wareki_month
from shared.policy.dates import TOKYO

Facts = Mapping[str, Mapping[str, str]]
"""Group → title → text."""

HOLDS: Final[Mapping[str, tuple[str, str]]] = {
    "both": ("双方にある", "mark-good"),
    "way": ("相手に向けて送信中", "mark-wait"),
    "waiting": ("相手で待機", "mark-wait"),
    "refused": ("相手が拒否", "mark-bad"),
    "own": ("こちらだけにある（相手に送るものではない）", ""),
    "unknown": ("相手にあるかは、ここでは分からない", ""),
}
"""Who holds an event → its words and the look of its mark."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact of a case that is not the same: empty where it was not there (yet, any more)."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Held:
    """One step of a case beside what is known of the partner's record of it.

    ``reached_at`` is when its arrival was known here, ``late`` the days from the act to its being known at the one who
    learned of it. ``reason`` is why it waits or was refused.
    """

    step: Step
    holds: str
    reached_at: datetime | None
    late: int | None
    reason: str = ""


def changes(before: Dossier | None, after: Dossier | None) -> list[tuple[str, list[Change]]]:
    """What differs between two replays of a case, group by group; groups without a difference are left out."""
    old, new = _facts(before), _facts(after)
    found = []
    for group in dict.fromkeys([*old, *new]):
        was, now = old.get(group, {}), new.get(group, {})
        differing = [
            Change(title, was.get(title, ""), now.get(title, ""))
            for title in dict.fromkeys([*was, *now])
            if was.get(title, "") != now.get(title, "")
        ]
        if differing:
            found.append((group, differing))
    return found


def held_by_both(steps: Sequence[Step], partner: str, partner_name: str) -> list[Held]:
    """Each step of a case with what this log knows of the partner's record: its own events and the partner's receipts.

    ``partner_name`` is how steps name the partner.
    """
    return [_held(each, partner, partner_name) for each in steps]


def _held(step: Step, partner: str, partner_name: str) -> Held:
    event = step.event
    if event.sender == partner:
        return Held(step, "both", event.recorded_at, _days(event.occurred_on, event.recorded_at))
    if not step.own:
        return Held(step, "unknown", None, None)
    travel = next((each for each in step.travels if each.partner == partner_name), None)
    if travel is None:
        return Held(step, "own", None, None)
    reached = travel.reached_at if travel.state == "stored" else None
    return Held(
        step,
        _STATES.get(travel.state, "way"),
        reached,
        _days(event.occurred_on, reached) if reached else None,
        _reason(travel),
    )


_STATES: Final = {"stored": "both", "waiting": "waiting", "refused": "refused"}


def _reason(travel: Travel) -> str:
    return travel.reason if travel.state in ("waiting", "refused") else ""


def _days(done: date, known: datetime) -> int:
    return (known.astimezone(TOKYO).date() - done).days


def _facts(dossier: Dossier | None) -> Facts:
    if dossier is None:
        return {}
    return {
        "状態": {_without_month(title): text for title, text in (*dossier.standing, *dossier.further)},
        "本人": dict(dossier.person),
        "関係する事業所": _numbered((role, name) for role, name, _ in dossier.parties),
        "契約": _numbered(
            (f"{row['contract']}　{row['agency']}", _contract(row)) for row in dossier.contracts
        ),
        "届出書": _numbered(
            (f"{row['occasion']}　{row['type']}　{row['filer']}", _notification(row))
            for row in dossier.notifications
        ),
        "計画": _numbered((row["title"], _plan(row)) for row in reversed(dossier.plans)),
        "サービス": _numbered(
            (f"{row['service']}　{row['provider']}", _service(row)) for row in dossier.services
        ),
        "請求": _numbered(
            (
                f"{wareki_month(row['month'])}　{row['claimant']}",
                f"{row['type']}　{row['units']:,}単位　{row['yen']:,}円",
            )
            for row in dossier.claims
        ),
    }


def _without_month(title: str) -> str:
    """The type of the month is one fact, whichever month it is asked for."""
    return "その月の類型" if title.endswith("の類型") and "月" in title else title


def _numbered(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Rows as facts; those with the same title are told apart by their number."""
    found: dict[str, str] = {}
    for title, text in rows:
        key = next(
            name
            for number in count(1)
            if (name := title if number == 1 else f"{title}（{number}）") not in found
        )
        found[key] = text
    return found


def _contract(row: Mapping[str, Any]) -> str:
    parts = [("契約", row["signed_on"]), ("発効", row["effective_from"])]
    return _dated(parts) + ("、同時契約" if row["simultaneous"] else "")


def _notification(row: Mapping[str, Any]) -> str:
    dated = _dated(
        [("作成・提出", row["made_on"]), ("開始日", row["start_date"]), ("決定", row["decided_on"])]
    )
    return "、".join(each for each in (row["state"], dated, row["reason"]) if each)


def _plan(row: Mapping[str, Any]) -> str:
    return "、".join(
        each
        for each in (
            row["period"],
            row["services"],
            _dated(row["milestones"]),
            "有効" if row["in_force"] else "",
        )
        if each
    )


def _service(row: Mapping[str, Any]) -> str:
    return _dated([("開始", row["started_on"]), ("最終利用", row["last_used_on"])])


def _dated(parts: Iterable[tuple[str, date | None]]) -> str:
    return "、".join(f"{title} {wareki(day)}" for title, day in parts if day)
