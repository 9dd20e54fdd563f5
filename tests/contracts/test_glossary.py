"""One word for one thing: the glossary, the catalogue and the codes say the same."""

import re
from collections import Counter
from pathlib import Path

import pytest

from contracts import codes
from contracts.catalogue import CROSSING
from contracts.definition import ROLES
from services.hokatsu.events import CENTRE_EVENTS
from services.ward.events import WARD_EVENTS
from shared.care.events import CARE_EVENTS

TEXT = Path("contracts/GLOSSARY.md").read_text(encoding="utf-8")


def section(title: str) -> dict[str, str]:
    """English → Japanese of one section."""
    body = TEXT.split(f"## {title}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|[^|]*\|$", body, re.MULTILINE)
    headings = ("", "English")
    return {one.strip(): other.strip() for one, other in rows if one.strip("- ") not in headings}


WORDS = ("People and agencies", "A case", "Agreements", "Papers", "Messages between nodes", "Money and time")


def test_no_english_and_no_japanese_word_stands_for_two_things() -> None:
    english, japanese = Counter[str](), Counter[str]()
    for title in WORDS:
        english.update(section(title).keys())
        japanese.update(section(title).values())
    assert [word for word, number in english.items() if number > 1] == []
    assert [word for word, number in japanese.items() if number > 1] == []


def test_the_words_that_were_agreed_upon_stand() -> None:
    words = {english: japanese for title in WORDS for english, japanese in section(title).items()}
    assert words["entrusted"] == "再委託"
    assert words["notification"] == "届出書"
    assert words["service month"] == "サービス提供月"
    assert words["examination month"] == "審査月"
    assert words["copayment certificate"] == "負担割合証"
    assert (words["receipted"], words["accepted"], words["returned"]) == ("到達", "受理", "差戻し")
    assert (words["case"], words["held"]) == ("ケース", "保管")
    assert (words["held message"], words["waiting"], words["parked"]) == ("順番待ち", "待機", "要確認")


OTHER_WORDS = {
    "事例": "ケース",
    "保留": "待機 or 要確認",
    "前提待ち": "待機",
    "受け取らず": "拒否",
    "受け取れず": "拒否",
    "本人確認不能": "署名・暗号を確かめられないもの",
}
WHERE_PEOPLE_READ = [
    path
    for room in ("contracts", "shared", "services", "deploy")
    for path in sorted(Path(room).rglob("*"))
    if path.suffix in (".py", ".html", ".md", ".yaml", ".json") and not path.name.startswith("rules")
]


@pytest.mark.parametrize(("word", "instead"), OTHER_WORDS.items(), ids=OTHER_WORDS)
def test_no_second_word_stands_in_messages_and_screens(word: str, instead: str) -> None:
    """The catalogue of rules quotes the documents, which say 事例 of plan reviews; national records have own words."""
    written_here = [
        each for each in WHERE_PEOPLE_READ if Path("services/billing/formats") not in each.parents
    ]
    found = [str(path) for path in written_here if word in path.read_text(encoding="utf-8")]
    assert found == [], f"say {instead}"


def test_every_event_that_crosses_is_explained_under_its_title() -> None:
    assert section("Events that cross between agencies") == {n: kind.title for n, kind in CROSSING.items()}


def test_every_event_that_stays_is_explained_under_its_title() -> None:
    internal = {**CARE_EVENTS, **CENTRE_EVENTS, **WARD_EVENTS}
    assert section("Events that stay on a node") == {n: kind.title for n, kind in internal.items()}


@pytest.mark.parametrize(
    "codes_of",
    [codes.TYPES, codes.PROCEDURES, codes.PLAN_OCCASIONS, codes.DESKS],
    ids=["types", "procedures", "occasions", "desks"],
)
def test_codes_are_explained_by_their_japanese_terms(codes_of: codes.Codes) -> None:
    told = section("Codes")
    for code, term in codes_of.items():
        assert told[code] == term


def test_roles_are_explained_by_their_japanese_terms() -> None:
    terms = set(section("People and agencies").values())
    assert set(ROLES.values()) <= terms
