"""Reads back what stands on a form, as whoever receives the PDF would."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from unicodedata import east_asian_width
from uuid import UUID

from pypdf import PageObject, PdfReader, mult

from deploy.play.player import play
from deploy.play.scenario import load_scenario
from shared.care.agency import AgencyState
from shared.care.provider_register import ProviderRegister
from shared.forms.catalogue import FORMS, printed, printouts
from shared.forms.form import Fields, Printout
from shared.forms.matter import Matter
from tests.care.stage import CASE, Desk
from tests.scenarios.in_memory import AGENCIES, InMemory

LONG_NAME: Final = "見本" + "長" * 58
LONG_NOTE: Final = "".join(f"{number:04}番目の文。" for number in range(250))
"""2,000 characters, each sentence findable."""

EDGE: Final = 20.0
"""Points of a sheet that printers may not reach."""
_GAPS: Final = re.compile(r"[\s\u200b]+")


def plain(text: str) -> str:
    """Without the gaps that boxes and line ends make."""
    return _GAPS.sub("", text)


def sheets(content: bytes) -> list[str]:
    """The text of each sheet, without gaps."""
    return [plain(page.extract_text()) for page in PdfReader(BytesIO(content)).pages]


def text_of(content: bytes) -> str:
    """The text of all sheets, without gaps and without their headers and page numbers."""
    found = []
    for number, sheet in enumerate(sheets(content), start=1):
        last = len(PdfReader(BytesIO(content)).pages)
        found.append(sheet.removesuffix(f"{number}/{last}"))
    return "".join(found)


def matter_of(desk: Desk, case_id: UUID = CASE) -> Matter:
    """What a desk knows of a case, as forms are made from it."""
    situation = desk.situation(case_id)
    events = tuple(each for each in desk.events if each.case_id == case_id)
    return Matter(desk.me, desk.today, situation.case, events, situation.agency)


@cache
def played(flow: str, node: str, case: str | None = None, form: str | None = None) -> Matter:
    """What an agency knows of the first case at the end of a scenario, or of the first that has a form."""
    stage = InMemory()
    play(load_scenario(Path(f"deploy/scenarios/{flow}.yaml")), stage)
    desk = stage.town.desks[AGENCIES[node]]
    known = list(dict.fromkeys(each.case_id for each in desk.events if each.case_id))
    if form is not None:
        matters = (matter_of(desk, each) for each in known)
        return next(each for each in matters if any(one.form == form for one in printouts(each)))
    return matter_of(desk, UUID(case) if case else known[0])


def only(matter: Matter, form: str, **wanted: Any) -> Printout:
    """The one printout of a form with these properties."""
    [one] = [
        each
        for each in printouts(matter)
        if each.form == form and all(getattr(each, name) == value for name, value in wanted.items())
    ]
    return one


def fields_of(matter: Matter, printout: Printout) -> Fields:
    """What stands on a printout."""
    return FORMS[printout.form].fields(matter, printout)


def made_pdf(matter: Matter, printout: Printout, training: bool = False) -> bytes:
    """The PDF of a printout."""
    return printed(FORMS[printout.form], matter, printout, training=training)


LONG_AGENCY: Final = "見本居宅介護支援事業所" + "名" * 49
LONG_ADDRESS: Final = "東京都見本区" + "見本町" * 64

_LENGTHS: Final = {
    "name": LONG_NAME,
    "planner": LONG_NAME,
    "kana": "ミホン" + "ナガ" * 28,
    "address": "東京都見本区" + "見本町" * 60,
    "telephone": "0" * 20,
    "what": LONG_NOTE[:100],
    "goal": LONG_NOTE[:300],
}
_AS_THEY_ARE: Final = (
    *(f"q{item}" for item in range(1, 26)),
    *("course", "issue_present", "service", "provider", "starts_on", "ends_on", "programmes"),
    *("days", "begins", "ends", "kind", "at", "achieved"),
    "birth_date",
    "sex",
    "insured_number",
    "height_cm",
    "weight_kg",
    "file_name",
    "telephone",
)


def lengthened(matter: Matter) -> Matter:
    """The same matter of a person with a name of 60 characters, and with notes of 2,000 wherever people write.

    The names of agencies have 60 characters too, and their addresses 200.
    """
    events = tuple(each._replace(personal=_longer(each.personal or {})) for each in matter.events)
    return replace(matter, events=events, agencies=lengthened_register(matter.agencies))


def lengthened_register(agencies: AgencyState) -> AgencyState:
    """The same agencies and service offices with the longest names and addresses."""
    listings = {
        key: replace(each, name=LONG_AGENCY, address=LONG_ADDRESS, telephone="0" * 20, fax="0" * 20)
        for key, each in agencies.listings.items()
    }
    entries = {key: replace(each, name=LONG_AGENCY) for key, each in agencies.providers.entries.items()}
    names = dict.fromkeys(agencies.providers.names, LONG_AGENCY)
    return replace(agencies, listings=listings, providers=ProviderRegister(entries, names))


def _longer(written: Any, name: str = "") -> Any:
    """What people wrote, at its longest; codes, days and numbers stay."""
    if isinstance(written, Mapping):
        return {name: _longer(each, name) for name, each in written.items()}
    if isinstance(written, (list, tuple)):
        return [_longer(each, name) for each in written]
    if not isinstance(written, str) or name in _AS_THEY_ARE:
        return written
    return _LENGTHS.get(name, LONG_NOTE)


def beyond_the_edge(content: bytes) -> list[str]:
    """Texts that end outside a sheet's margins: what would be cut off on paper."""
    found: list[str] = []
    for page in PdfReader(BytesIO(content)).pages:
        right, top = float(page.mediabox.width) - EDGE, float(page.mediabox.height) - EDGE
        for text, x, y, size in _placed(page):
            wide = sum(1.0 if east_asian_width(each) in "WFA" else 0.55 for each in text) * size
            if not (x >= EDGE and x + wide <= right and EDGE <= y <= top):
                found.append(text)
    return found


def _placed(page: PageObject) -> list[tuple[str, float, float, float]]:
    """Each text of a sheet with its place and its size, in points."""
    found: list[tuple[str, float, float, float]] = []

    def see(text: str, cm: Any, tm: Any, _: Any, size: float) -> None:
        at, shown = mult(tm, cm), text.strip("\n").replace("\u200b", "")
        if shown.strip():
            found.append((shown, at[4], at[5], size * abs(at[0])))

    page.extract_text(visitor_text=see)
    return found
