"""Parameters: validity, inheritance, sources, and a third ward that is nothing but a folder."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from shared.policy.dates import Month, day_text
from shared.policy.fees import FeeFacts, fee
from shared.policy.parameters import (
    FOLDER,
    Entry,
    MalformedParameters,
    ParameterError,
    digest,
    insurers,
    load,
    parameters,
)

TOSHIMA = parameters("131169")
ADACHI = parameters("131219")
ONE_DAY = timedelta(days=1)

BOTH = [pytest.param(each, id=each.insurer.folder) for each in (TOSHIMA, ADACHI)]


def every_value() -> list[Entry]:
    return [each for known in (TOSHIMA, ADACHI) for name in known.names for each in known.history(name)]


def test_both_wards_are_known_by_their_insurer_numbers() -> None:
    assert {number: folder.name for number, folder in insurers().items()} == {
        "131169": "toshima",
        "131219": "adachi",
    }


def test_an_unknown_insurer_is_refused() -> None:
    with pytest.raises(ParameterError) as caught:
        parameters("131045")
    assert (caught.value.code, caught.value.name) == ("unknown_insurer", "131045")
    assert "131169" in caught.value.message


@pytest.mark.parametrize(
    "entry", every_value(), ids=lambda each: f"{each.folder} {each.name} {each.valid_from}"
)
def test_every_value_has_a_source_and_a_title(entry: Entry) -> None:
    assert entry.title
    assert entry.unit
    assert entry.source.document
    assert entry.source.passage


@pytest.mark.parametrize("known", BOTH)
def test_each_value_holds_from_its_first_to_its_last_day_and_no_longer(known: object) -> None:
    assert known in (TOSHIMA, ADACHI)
    own = TOSHIMA if known is TOSHIMA else ADACHI
    for name, values in {**own.inherited, **own.own}.items():
        for each in values:
            assert own.entry(name, each.valid_from) == each
            if each.valid_to is not None:
                assert own.entry(name, each.valid_to) == each
                assert own.find(name, each.valid_to + ONE_DAY) != each
            assert own.find(name, each.valid_from - ONE_DAY) != each


CHANGES = {
    "the fee, the day before": ("fee.preventive_support.centre", date(2024, 3, 31), 438),
    "the fee, the day": ("fee.preventive_support.centre", date(2024, 4, 1), 442),
    "the fee, the day after": ("fee.preventive_support.centre", date(2024, 4, 2), 442),
    "the limit, the day before": ("limit.support2", date(2019, 9, 30), 10473),
    "the limit, the day": ("limit.support2", date(2019, 10, 1), 10531),
    "promptly": ("notification.promptly_open_days", date(2024, 10, 1), 3),
    "closing time": ("office.closing_time", date(2024, 10, 1), "17:15"),
    "same-day contact at a switch": ("switch.contact_open_days", date(2025, 1, 1), 0),
    "the day of the performance report": ("performance_report.day", date(2025, 1, 1), 5),
    "the model's centres": ("model.centres", date(2024, 10, 1), ("1301600019",)),
    "permitted designation dates of 2024": (
        "designation.permitted_dates",
        date(2024, 10, 1),
        (date(2024, 10, 1),),
    ),
    "permitted designation dates of 2025": (
        "designation.permitted_dates",
        date(2025, 4, 1),
        (date(2025, 4, 1),),
    ),
}


@pytest.mark.parametrize(("name", "on", "value"), CHANGES.values(), ids=CHANGES)
def test_value_on_a_day(name: str, on: date, value: object) -> None:
    assert TOSHIMA.value(name, on) == value


CONTACTS = {
    "on 2025-03-31": (date(2025, 3, 31), "高齢者福祉課 基幹型センターグループ"),
    "on 2025-04-01": (date(2025, 4, 1), "高齢者福祉課 包括支援グループ"),
}


@pytest.mark.parametrize(("on", "group"), CONTACTS.values(), ids=CONTACTS)
def test_the_contact_group_changes_on_2025_04_01(on: date, group: str) -> None:
    """T-70."""
    contact = TOSHIMA.value("model.contact", on)
    assert contact["group"] == group
    assert contact["telephone"] == "03-4566-2431"


NOT_PUBLISHED = {
    "before the first value": ("addition.linkage", date(2021, 3, 31)),
    "after the last value": ("unit_price.area_1", date(2027, 4, 1)),
    "a year whose table was never published": ("designation.permitted_dates", date(2026, 4, 1)),
    "before the model": ("model.programme", date(2024, 9, 30)),
    "after a value that ended": ("fee.preventive_support.supplement_permille", date(2021, 10, 1)),
}


@pytest.mark.parametrize(("name", "on"), NOT_PUBLISHED.values(), ids=NOT_PUBLISHED)
def test_nothing_is_extrapolated(name: str, on: date) -> None:
    with pytest.raises(ParameterError) as caught:
        TOSHIMA.value(name, on)
    assert (caught.value.code, caught.value.name) == ("not_published", name)
    assert day_text(on) in caught.value.message
    assert "登録されていません" in caught.value.message
    assert TOSHIMA.find(name, on) is None


def test_a_parameter_that_does_not_exist_is_named() -> None:
    with pytest.raises(ParameterError) as caught:
        TOSHIMA.value("fee.unheard_of", date(2025, 1, 1))
    assert (caught.value.code, caught.value.name) == ("unknown_parameter", "fee.unheard_of")


def test_an_insurers_value_covers_its_own_period_and_the_national_one_the_rest() -> None:
    """Decision 14: Adachi's figures hold to the day before the national figure changed."""
    on_its_last_day = ADACHI.entry("fee.care_management_a", date(2019, 9, 30))
    on_the_next = ADACHI.entry("fee.care_management_a", date(2019, 10, 1))
    assert (on_its_last_day.folder, on_its_last_day.value) == ("adachi", 430)
    assert (on_the_next.folder, on_the_next.value) == ("national", 431)
    assert ADACHI.entry("fee.care_management_a", date(2016, 9, 30)).folder == "national"


ASSUMED = {
    "promptly is three open days": (TOSHIMA, "notification.promptly_open_days"),
    "closing time": (TOSHIMA, "office.closing_time"),
    "Toshima's split": (TOSHIMA, "fee_split.centre_percent"),
    "Toshima's claim route of A": (TOSHIMA, "claim.route.care_management_a"),
    "the rounding of the split": (ADACHI, "fee_split.rounding"),
    "the model centres' numbers": (TOSHIMA, "model.centres"),
    "the designation dates": (TOSHIMA, "designation.permitted_dates"),
    "the record id of the claim": (ADACHI, "claim.record_id.preventive_support"),
}


@pytest.mark.parametrize(("known", "name"), ASSUMED.values(), ids=ASSUMED)
def test_a_choice_of_ours_is_marked_as_assumed(known: object, name: str) -> None:
    assert (TOSHIMA if known is TOSHIMA else ADACHI).entry(name, date(2025, 3, 1)).assumed


def test_what_the_documents_say_is_not_assumed() -> None:
    for name in ("fee_split.centre_percent", "claim.route.care_management_a", "claim.cost_code"):
        assert not ADACHI.entry(name, date(2019, 4, 1)).assumed


def test_values_cannot_be_changed_by_a_reader() -> None:
    contact = TOSHIMA.value("model.contact", date(2025, 1, 1))
    with pytest.raises(TypeError):
        contact["group"] = "x"


def test_the_digest_is_stable_and_differs_between_insurers() -> None:
    assert load(FOLDER / "toshima").digest == TOSHIMA.digest
    assert TOSHIMA.digest != ADACHI.digest
    assert re.fullmatch(r"[0-9a-f]{64}", digest())


# --- a third ward -----------------------------------------------------------------------------------------

WARD = """\
insurer: "131045"
name: 架空区
folder: kakuu
inherits: national
"""

CLAIMS = """\
- name: unit_price.area
  title: 地域区分
  unit: 級地
  source: {document: 告示, passage: 1級地}
  values:
    - {from: 2012-04-01, value: area_1}
- name: fee_split.centre_percent
  title: 委託料の包括分
  unit: ％
  source: {document: 架空区の要綱, passage: 第5条}
  values:
    - {from: 2024-04-01, value: 20}
- name: fee_split.rounding
  title: 委託料の端数処理
  unit: 方法
  source: {document: 架空区の要綱, passage: 第6条}
  values:
    - {from: 2025-04-01, value: office_half_up}
"""


@pytest.fixture
def ward(tmp_path: Path) -> Path:
    folder = tmp_path / "kakuu"
    folder.mkdir()
    (folder / "insurer.yaml").write_text(WARD, encoding="utf-8")
    (folder / "claims.yaml").write_text(CLAIMS, encoding="utf-8")
    return folder


def test_a_third_ward_is_a_folder(ward: Path) -> None:
    known = load(ward)
    assert (known.insurer.number, known.insurer.name) == ("131045", "架空区")
    asked = FeeFacts(month=Month(2025, 1), type="preventive_support", provider="centre", entrusted=True)
    found = fee(asked, known)
    assert found.split is not None
    assert (found.yen, found.split.office, found.split.centre) == (5038, 4031, 1007)
    later = fee(FeeFacts(Month(2025, 4), "preventive_support", "centre", entrusted=True), known)
    assert later.split is not None
    assert (later.split.office, later.split.centre) == (4030, 1008)


def test_what_a_third_ward_has_not_stated_is_not_borrowed_from_another(ward: Path) -> None:
    with pytest.raises(ParameterError, match=r"claim\.route\.care_management_a"):
        load(ward).value("claim.route.care_management_a", date(2025, 1, 1))


def test_a_changed_value_changes_the_digest(ward: Path) -> None:
    before = load(ward).digest
    (ward / "claims.yaml").write_text(CLAIMS.replace("value: 20", "value: 10"), encoding="utf-8")
    assert load(ward).digest != before


MALFORMED = {
    "no insurer": ("insurer.yaml", "", "expected exactly the keys"),
    "a number that is no text": ("insurer.yaml", WARD.replace('"', ""), "must be text"),
    "another folder": ("insurer.yaml", WARD.replace("kakuu", "kakku"), "says folder kakku"),
    "inherits from nowhere": ("insurer.yaml", WARD.replace("national", "nowhere"), "is not a folder"),
    "no YAML": ("claims.yaml", "- [", "claims.yaml"),
    "not a list": ("claims.yaml", "name: x", "expected a list"),
    "an entry without a name": ("claims.yaml", "- title: x", "without a name"),
    "a misspelt key": ("claims.yaml", CLAIMS.replace("unit: ％", "unti: ％"), "unknown keys ['unti']"),
    "no source": (
        "claims.yaml",
        CLAIMS.replace("  source: {document: 架空区の要綱, passage: 第5条}\n", ""),
        "has no `source`",
    ),
    "half a source": (
        "claims.yaml",
        CLAIMS.replace(", passage: 第5条", ""),
        "needs `document` and `passage`",
    ),
    "no unit": ("claims.yaml", CLAIMS.replace("  unit: ％\n", ""), "`unit` is missing"),
    "no values": ("claims.yaml", "- {name: x, title: x, unit: x, values: []}", "not empty"),
    "no first day": ("claims.yaml", CLAIMS.replace("from: 2024-04-01, ", ""), "needs `from`"),
    "no value": ("claims.yaml", CLAIMS.replace(", value: 20", ""), "has no `value`"),
    "a binary fraction": ("claims.yaml", CLAIMS.replace("value: 20", "value: 11.40"), "quote it"),
    "a last day before the first": (
        "claims.yaml",
        CLAIMS.replace("value: 20", "to: 2024-03-31, value: 20"),
        "not a later date",
    ),
    "values that overlap": (
        "claims.yaml",
        CLAIMS.replace("value: 20}", "to: 2024-05-01, value: 20}\n    - {from: 2024-05-01, value: 30}"),
        "overlaps",
    ),
    "values out of order": (
        "claims.yaml",
        CLAIMS.replace("value: 20}", "value: 20}\n    - {from: 2023-05-01, value: 30}"),
        "out of order",
    ),
    "the same name twice": ("claims.yaml", CLAIMS + CLAIMS, "already used"),
}


@pytest.mark.parametrize(("file", "text", "problem"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_folder_is_refused_naming_the_problem(
    ward: Path, file: str, text: str, problem: str
) -> None:
    (ward / file).write_text(text, encoding="utf-8")
    with pytest.raises(MalformedParameters, match=re.escape(problem)) as caught:
        load(ward)
    assert file in str(caught.value) or "nowhere" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("unit_price.area", "1級地（特別区）"),
        ("claim.route.care_management_a", "区"),
        ("claim.route.preventive_support", "国保連"),
        ("notification.promptly_open_days", "3"),
    ],
)
def test_a_code_is_written_by_the_word_that_its_unit_gives_it(name: str, word: str) -> None:
    entry = parameters("131169").entry(name, date(2025, 1, 6))
    assert entry.term(entry.value) == word
