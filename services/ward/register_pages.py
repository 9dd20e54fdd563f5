"""The ward's registers: beneficiaries (受給者台帳), certifications, cards, notifications; each also as a CSV file.

A page and a file are recorded under each person who stands on them; a search is recorded without its words.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request, url_for

from contracts.codes import CARDS, DESKS, STATUSES, TRACKS, TYPES
from services.ward.reading import accepted_notifications, moved_cases
from services.ward.register import contradicting, current
from services.ward.registers import (
    CARD_STATES,
    ENDS,
    OPEN_CARDS,
    SUPPORT,
    Beneficiary,
    Narrowed,
    Notified,
    awaited_results,
    beneficiaries,
    cards,
    counts,
    ending_soon,
    narrow_notified,
    result_due,
)
from shared.console.frame import console, names_shown, node, offers, record_view
from shared.console.paging import csv_answer, in_parts, paged

CARD_COLOURS: Final = "cards.colours"
"""The parameter of a ward whose cards tell a person's state by their colour (A-Q21c)."""
NOTIFIED: Final = {
    "": "すべて",
    "now": "現在の届出がある人",
    "none": "現在の届出がない人",
    "doubled": "二つ目の届出がある人",
}


def add_pages(blueprint: Blueprint) -> None:
    """Give a blueprint the registers' pages."""
    blueprint.add_url_rule("/beneficiaries", endpoint="beneficiaries", view_func=beneficiaries_page)
    blueprint.add_url_rule("/certifications", endpoint="certifications", view_func=certifications_page)
    blueprint.add_url_rule("/cards", endpoint="cards", view_func=cards_page)
    blueprint.add_url_rule("/register", endpoint="register", view_func=register_page)


def tabs() -> list[tuple[str, str]]:
    """The registers that this ward has: endpoint and title."""
    known = [
        ("ward.beneficiaries", "受給者台帳"),
        ("ward.register", "届出の台帳"),
        ("ward.certifications", "認定の申請と結果"),
    ]
    return [*known, *([("ward.cards", "被保険者証")] if offers(CARD_COLOURS) else [])]


def _searched() -> tuple[str, Collection[UUID] | None]:
    """What is searched for, and whom it finds; None where nobody is searched for."""
    wanted = request.args.get("q", "").strip()
    return wanted, set(console().names.search(wanted)) if wanted else None


def _one_of(name: str, known: Mapping[str, str]) -> str:
    value = request.args.get(name, "")
    return value if value in known else ""


def _asked(*names: str) -> dict[str, Any]:
    """The parts of the address that go on from page to page."""
    return {name: request.args[name] for name in names if request.args.get(name)}


def beneficiaries_page() -> str | Response:
    """Everybody with certification or registration, narrowed; with ``csv`` as a file (A-Q12b)."""
    wanted, among = _searched()
    narrowed = Narrowed(
        _one_of("support", SUPPORT),
        _one_of("status", STATUSES),
        _one_of("ends", ENDS),
        "waits" in request.args,
        among,
    )
    today = node().today()
    everybody = beneficiaries(node())
    found = [each for each in everybody if narrowed.shows(each, today)]
    if "csv" in request.args:
        return _beneficiaries_file(found)
    what = "受給者台帳（検索）" if wanted else "受給者台帳"
    record_view(None, what)
    page = paged(found, request.args.get("page", ""))
    shown = [each.case_id for each in page.rows]
    kept = _asked("q", "support", "status", "ends", "waits")
    return render_template(
        "ward/beneficiaries.html",
        tabs=tabs(),
        page=page,
        left_out=len(everybody) - len(found),
        names=names_shown(shown, what),
        numbers=console().names.numbers(shown),
        asked=narrowed,
        wanted=wanted,
        choices={
            "support": ("支援", SUPPORT),
            "status": ("状態区分", {"": "すべて", **STATUSES}),
            "ends": ("認定の終了", ENDS),
        },
        address=lambda number: url_for("ward.beneficiaries", **{**kept, "page": number}),
        file_address=url_for("ward.beneficiaries", **{**kept, "csv": 1}),
        today_is=today,
    )


def _beneficiaries_file(found: list[Beneficiary]) -> Response:
    header = (
        "被保険者番号",
        "氏名",
        "状態区分",
        "有効期間の開始",
        "有効期間の終了",
        "認定日",
        "登録日（事業対象者）",
        "負担割合",
        "申請日（結果待ち）",
        "居宅介護支援事業所",
        "地域包括支援センター",
        "支援の最終日",
    )
    return csv_answer("beneficiaries", header, _beneficiaries_lines(found))


def _beneficiaries_lines(found: list[Beneficiary]) -> Iterator[Sequence[object]]:
    for part in in_parts(found):
        names, numbers = _told("受給者台帳（CSV）", part)
        for each in part:
            yield (
                numbers[each.case_id],
                names[each.case_id],
                each.status_title,
                each.valid_from,
                each.valid_to,
                each.decided_on,
                each.registered_on,
                each.share_title,
                each.applied_on if each.waits else None,
                each.office,
                each.centre,
                each.ended_on,
            )


def _told(what: str, part: Sequence[Beneficiary | Notified]) -> tuple[dict[UUID, str], dict[UUID, str]]:
    """Names and numbers of persons for a file, once it is recorded under each of them that they are taken away."""
    cases = [each.case_id for each in part]
    return names_shown(cases, what), console().names.numbers(cases)


def certifications_page() -> str:
    """Applications that wait for a result, the oldest first, and certifications that end without one (A-Q41)."""
    what = "認定の申請と結果"
    record_view(None, what)
    today, me, everybody = node().today(), node().agency, beneficiaries(node())
    waiting = paged(awaited_results(everybody), request.args.get("page", ""))
    ending = paged(ending_soon(everybody, today), request.args.get("ending", ""))
    return render_template(
        "ward/certifications.html",
        tabs=tabs(),
        waiting=waiting,
        due={each.case_id: result_due(me, each.applied_on) for each in waiting.rows if each.applied_on},
        ending=ending,
        names=names_shown((each.case_id for each in (*waiting.rows, *ending.rows)), what),
        waiting_address=lambda number: url_for("ward.certifications", page=number),
        ending_address=lambda number: url_for("ward.certifications", ending=number),
        today_is=today,
    )


def cards_page() -> str:
    """Cards by colour: to be issued, lost, to come back, issued, back (A-Q21b, A-Q21c, A-Q22, A-Q23)."""
    if not offers(CARD_COLOURS):
        abort(404)
    what = "被保険者証"
    record_view(None, what)
    everything = cards(node())
    card, state = _one_of("card", CARDS), _one_of("state", CARD_STATES)
    found = [
        each
        for each in everything
        if card in ("", each.card) and (each.state == state or (not state and each.state in OPEN_CARDS))
    ]
    page = paged(found, request.args.get("page", ""))
    kept = _asked("card", "state")
    return render_template(
        "ward/cards.html",
        tabs=tabs(),
        page=page,
        counts=counts(everything),
        colours=CARDS,
        states=CARD_STATES,
        card=card,
        state=state,
        names=names_shown((each.case_id for each in page.rows), what),
        address=lambda number: url_for("ward.cards", **{**kept, "page": number}),
        today_is=node().today(),
    )


def register_page() -> str | Response:
    """The register of notifications: which is current for each person, and where a second one is (decision 22)."""
    today, entries = node().today(), console().memory.of(accepted_notifications)
    moves = {each: move for each, move in moved_cases(node()).items() if move[0] <= today}
    now = {
        case_id: chosen
        for case_id, each in entries.items()
        if case_id not in moves and (chosen := current(each, today))
    }
    clashing = {case_id: contradicting(entries[case_id], each) for case_id, each in now.items()}
    doubled = console().names.same_person(now)
    everything = [
        Notified(case_id, each, now.get(case_id), bool(clashing.get(case_id) or doubled.get(case_id)))
        for case_id, each in entries.items()
    ]
    wanted, among = _searched()
    found = narrow_notified(everything, request.args, among)
    if "csv" in request.args:
        return _register_file(found)
    what = "届出の台帳（検索）" if wanted else "届出の台帳"
    record_view(None, what)
    page = paged(found, request.args.get("page", ""))
    kept = _asked("q", "state", "type", "track", "filer")
    shown = {each.case_id for each in page.rows}
    beside = {one for each in shown for one in doubled.get(each, ())}
    return render_template(
        "ward/register.html",
        tabs=tabs(),
        page=page,
        left_out=len(everything) - len(found),
        now=now,
        moves=moves,
        contradicting=clashing,
        doubled=doubled,
        names=names_shown(shown | beside, what),
        types=TYPES,
        tracks=TRACKS,
        desk_titles=DESKS,
        wanted=wanted,
        asked=request.args,
        choices={
            "state": ("届出", NOTIFIED),
            "type": ("類型", {"": "すべて", **TYPES}),
            "track": ("区分", {"": "すべて", **TRACKS}),
        },
        filers=sorted({each.filer for each in now.values()}),
        address=lambda number: url_for("ward.register", **{**kept, "page": number}),
        file_address=url_for("ward.register", **{**kept, "csv": 1}),
    )


def _register_file(found: list[Notified]) -> Response:
    header = (
        "被保険者番号",
        "氏名",
        "類型",
        "区分",
        "届け出た事業所",
        "窓口",
        "開始日",
        "受理日",
        "現在の届出",
    )
    return csv_answer("notifications", header, _register_lines(found))


def _register_lines(found: list[Notified]) -> Iterator[Sequence[object]]:
    for part in in_parts(found):
        names, numbers = _told("届出の台帳（CSV）", part)
        for each in part:
            for one in each.entries:
                now = each.now is not None and one.notification_id == each.now.notification_id
                yield (
                    numbers[each.case_id],
                    names[each.case_id],
                    TYPES.get(one.type, one.type),
                    TRACKS.get(one.track, one.track),
                    one.filer,
                    DESKS.get(one.desk, one.desk),
                    one.start_date,
                    one.accepted_on,
                    "はい" if now else "",
                )
