"""The version of the procedure and the contact are those of the day (T-05, T-70)."""

from datetime import date

import pytest

from shared.policy.procedure import procedure_on, value_text

TOSHIMA, ADACHI = "131169", "131219"
NUMBERS = ("03-4566-2431", "03-3980-5040", "A0029294@city.toshima.lg.jp")


@pytest.mark.parametrize(
    ("on", "group"),
    [
        (date(2024, 10, 1), "高齢者福祉課 基幹型センターグループ"),
        (date(2025, 3, 31), "高齢者福祉課 基幹型センターグループ"),
        (date(2025, 4, 1), "高齢者福祉課 包括支援グループ"),
        (date(2030, 1, 1), "高齢者福祉課 包括支援グループ"),
    ],
)
def test_the_contact_is_another_group_from_april_2025_on_under_the_same_numbers_t_70(
    on: date, group: str
) -> None:
    """T-70."""
    found = procedure_on(TOSHIMA, on)
    assert found is not None
    assert found.contact is not None
    assert found.contact.group == group
    assert (found.contact.telephone, found.contact.fax, found.contact.mail) == NUMBERS
    for shown in (group, *NUMBERS):
        assert shown in str(found.contact)


@pytest.mark.parametrize(
    ("on", "version"),
    [
        (date(2024, 10, 29), None),
        (date(2024, 10, 30), "令和6年10月30日作成"),
        (date(2025, 3, 9), "令和6年10月30日作成"),
        (date(2025, 3, 10), "令和6年10月30日作成（令和7年3月10日一部変更）"),
    ],
)
def test_the_version_is_the_one_that_was_written_by_that_day(on: date, version: str | None) -> None:
    """T-05: before the document was written there is no version, though the model had begun."""
    found = procedure_on(TOSHIMA, on)
    assert found is not None
    assert found.version == version


def test_before_the_model_nobody_is_named() -> None:
    found = procedure_on(TOSHIMA, date(2024, 9, 30))
    assert found is not None
    assert (found.version, found.contact) == (None, None)


def test_an_insurer_without_such_a_document_has_no_procedure_to_show() -> None:
    assert procedure_on(ADACHI, date(2025, 4, 1)) is None
    assert procedure_on("999999", date(2025, 4, 1)) is None


def test_each_setting_comes_with_its_source_and_says_when_it_is_assumed() -> None:
    found = procedure_on(TOSHIMA, date(2025, 4, 1))
    assert found is not None
    named = {each.name: each for each in found.settings}
    assert value_text(named["model.centre_names"].value).startswith("菊かおる園、東部、")
    assert value_text(named["designation.permitted_dates"].value) == "令和7年4月1日"
    assert named["designation.permitted_dates"].assumed
    assert not named["model.centre_names"].assumed
    assert not {"model.contact", "model.document_version"} & set(named)
    for each in found.settings:
        assert each.source.document
