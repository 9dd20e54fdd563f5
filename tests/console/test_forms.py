"""Forms come from schemas; what people type arrives as the schema wants it."""

from typing import Any

import pytest
from marshmallow import Schema
from werkzeug.datastructures import MultiDict

from contracts.fields import (
    Agency,
    Code,
    Count,
    Day,
    Flag,
    Identifier,
    Items,
    LongText,
    Moment,
    Month,
    Row,
    Text,
)
from shared.console.forms import Control, controls, faults, raw_fields


class Used(Schema):
    service = Code("サービス種類", {"67": "福祉用具貸与", "A6": "通所型サービス"})
    provider = Agency("サービス事業所")
    units = Count("単位数")
    last_used_on = Day("最終利用日", required=False, null=True)


class Period(Schema):
    starts_on = Day("開始")
    ends_on = Day("終了", null=True)


class Report(Schema):
    service_month = Month("サービス提供月")
    reported_on = Day("報告日", help="報告した日")
    signed = Flag("自署")
    sheets = Items("計画書", Code("計画書", {"A": "A表", "B": "B表"}), least=1)
    services = Items("実績", Used)
    period = Row(Period, "期間")
    receipt_on = Day("受付日", null=True)
    note = LongText("内容", required=False, null=True)
    title = Text("題名")


def sent(**values: Any) -> dict[str, list[str]]:
    return MultiDict({name.replace("__", "."): value for name, value in values.items()}).to_dict(flat=False)


def by_name(found: list[Control]) -> dict[str, Control]:
    return {each.name: each for each in found}


def test_each_field_gets_its_control_with_its_japanese_name() -> None:
    found = by_name(controls(Report))
    kinds = {name: each.kind for name, each in found.items()}
    assert kinds == {
        "service_month": "month",
        "reported_on": "date",
        "signed": "check",
        "sheets": "choices",
        "services": "rows",
        "period": "group",
        "receipt_on": "date",
        "note": "long",
        "title": "text",
    }
    assert found["sheets"].options == [("A", "A表"), ("B", "B表")]
    assert found["reported_on"].title == "報告日"
    assert found["reported_on"].hint == "報告した日"
    assert found["title"].required
    assert not found["receipt_on"].required


@pytest.mark.parametrize(
    "typed", ["20241001", "2024-10-01", "令和6年10月1日", "R6.10.1", "２０２４−１０−０１"]
)
def test_a_day_may_be_typed_in_any_way(typed: str) -> None:
    assert raw_fields(Report, sent(reported_on=typed))["reported_on"] == "2024-10-01"


@pytest.mark.parametrize("typed", ["202410", "2024-10", "令和6年10月", "Ｒ６．１０"])
def test_a_month_may_be_typed_in_any_way(typed: str) -> None:
    assert raw_fields(Report, sent(service_month=typed))["service_month"] == "2024-10"


def test_a_filled_form_loads_into_the_schema() -> None:
    raw = raw_fields(
        Report,
        sent(
            service_month="令和6年10月",
            reported_on="R6.11.5",
            signed="yes",
            sheets=["A", "B"],
            services__0__service="67",
            services__0__provider="１３７１６０００２２",
            services__0__units="1,200",
            services__1__service="",
            services__1__units=" ",
            period__starts_on="20241001",
            receipt_on="",
            note=" 一行目\r\n二行目 ",
            title="題",
        ),
    )
    loaded = Report().load(raw)
    assert raw["services"] == [{"service": "67", "provider": "1371600022", "units": 1200}]
    assert raw["receipt_on"] is None
    assert loaded["note"] == "一行目\n二行目"
    assert loaded["signed"] is True


def test_an_empty_form_is_refused_field_by_field_and_nothing_is_made_up() -> None:
    errors = Report().validate(raw_fields(Report, {}))
    assert {"service_month", "reported_on", "sheets", "title"} <= set(errors)
    assert "note" not in errors
    assert "receipt_on" not in errors


def test_what_cannot_be_read_comes_back_as_typed_with_the_message_beside_it() -> None:
    raw = raw_fields(Report, sent(reported_on="きのう", services__0__units="たくさん"))
    errors = Report().validate(raw)
    found = by_name(controls(Report, raw, errors))
    assert found["reported_on"].value == "きのう"
    assert found["reported_on"].errors
    units = by_name(list(found["services"].rows[0]))["services.0.units"]
    assert units.value == "たくさん"
    assert units.errors


def test_a_row_can_be_added_without_losing_what_was_typed() -> None:
    raw = raw_fields(Report, sent(services__0__service="67", title="題"))
    found = by_name(controls(Report, raw, spare={"services": 1}))
    assert len(found["services"].rows) == 2
    assert found["services"].rows[0][0].value == "67"
    assert found["title"].value == "題"


def test_a_day_is_read_back_in_the_years_of_the_era() -> None:
    found = by_name(controls(Report, {"reported_on": "2024-10-01"}))
    assert found["reported_on"].reading == "令和6年10月1日（火）"


class Person(Schema):
    name = Text("氏名")
    kana = Text("フリガナ")
    address = Text("住所")


@pytest.mark.parametrize("typed", ["ミホン ハナ", "ﾐﾎﾝ ﾊﾅ", "みほん はな"])
def test_a_reading_is_kept_in_katakana_however_it_was_typed(typed: str) -> None:
    assert raw_fields(Person, sent(kana=typed))["kana"] == "ミホン ハナ"


KNOWN = {
    "131169": "豊島区",
    "1371600014": "見本居宅介護支援事業所",
    "1371600022": "見本第二居宅介護支援事業所",
    "1301600018": "見本地域包括支援センター",
}


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1371600014", "1371600014"),
        ("１３７１６００９９９", "1371600999"),
        ("見本居宅介護支援事業所", "1371600014"),
        ("見本居宅介護支援事業所（1371600014）", "1371600014"),
        ("第二", "1371600022"),
        ("ﾎｳｶﾂ", "ホウカツ"),
        ("見本 地域包括", "1301600018"),
        ("豊島区", "131169"),
        ("居宅介護", "居宅介護"),
        ("どこにもない", "どこにもない"),
    ],
)
def test_an_agency_is_given_by_number_or_by_a_name_that_only_one_has(typed: str, number: str) -> None:
    """What fits none or several stays as it was typed; the schema's message then says what to do."""
    raw = raw_fields(Used, sent(service="67", provider=typed, units="1"), agencies=KNOWN)
    assert raw["provider"] == number


class Brought(Schema):
    brought_at = Moment("持参した日時")


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("令和6年11月11日 12:00", "2024-11-11T12:00:00+09:00"),
        ("令和6年11月11日（月） 12:00", "2024-11-11T12:00:00+09:00"),
        ("令和６年１１月１１日９時５分", "2024-11-11T09:05:00+09:00"),
        ("R6.11.11 午後3時", "2024-11-11T15:00:00+09:00"),
        ("20241111 9:30", "2024-11-11T09:30:00+09:00"),
        ("2024-11-11T09:30", "2024-11-11T09:30:00+09:00"),
        ("2024-11-11T00:30:00+00:00", "2024-11-11T00:30:00+00:00"),
    ],
)
def test_a_moment_may_be_typed_in_any_way_and_is_japans(typed: str, moment: str) -> None:
    raw = raw_fields(Brought, sent(brought_at=typed))
    assert raw == {"brought_at": moment}
    (shown,) = controls(Brought, raw)
    again = raw_fields(Brought, sent(brought_at=shown.value))
    assert Brought().load(again) == Brought().load(raw)


@pytest.mark.parametrize("typed", ["令和6年11月31日 9:00", "きのう", "2024-11-11", "令和6年11月11日 25:00"])
def test_a_moment_without_a_time_or_that_never_was_is_refused_as_typed(typed: str) -> None:
    raw = raw_fields(Brought, sent(brought_at=typed))
    wrong = Brought().validate(raw)
    (shown,) = controls(Brought, raw, wrong)
    assert shown.errors
    assert shown.value == raw["brought_at"]


class Visit(Schema):
    means = Code("方法", {"visit": "居宅訪問", "meet": "面接"})
    reason = Code("理由", {"moved": "転居", "other": "その他"}, null=True)
    sheets = Items("計画書", Code("計画書", {"A": "A表", "B": "B表"}), least=1)
    services = Items("実績", Used)


def test_who_has_not_chosen_is_told_to_choose_and_a_system_is_told_the_codes() -> None:
    raw = raw_fields(Visit, sent(reason="none", services__0__units="1"))
    wrong = Visit().validate(raw)
    found = {each.title: each.message for each in faults(controls(Visit, raw, wrong))}
    assert found.pop("実績 1件目のサービス事業所").startswith("「サービス事業所」がありません")
    assert found == {
        "方法": "方法を選んでください",
        "理由": "理由を選んでください",
        "計画書": "計画書を選んでください",
        "実績 1件目のサービス種類": "サービス種類を選んでください",
    }
    assert "visit（居宅訪問）" in str(wrong["means"])


def test_a_rule_s_own_words_stay_beside_a_choice() -> None:
    said = ["転居のときは、新しい住所を届け出てください"]
    (shown,) = [each for each in controls(Visit, {}, {"reason": said}) if each.name == "reason"]
    assert shown.errors == said


class Closing(Schema):
    cases = Items("ケース", Identifier("ケース"), load_default=list, help="空欄なら、届いている人すべて")


def test_numbers_of_cases_are_not_asked_for_and_everybody_is_meant() -> None:
    (shown,) = controls(Closing)
    assert (shown.kind, shown.hint) == ("everybody", "空欄なら、届いている人すべて")
    assert Closing().load(raw_fields(Closing, sent())) == {"cases": []}


def test_an_agency_is_given_by_name_in_a_row_too() -> None:
    raw = raw_fields(Report, sent(services__0__provider="見本第二", services__0__units="1"), agencies=KNOWN)
    assert raw["services"][0]["provider"] == "1371600022"


def test_widths_are_made_one_and_characters_of_names_stay() -> None:
    raw = raw_fields(Person, sent(name="髙﨑 塚", address="見本町１−２−３ ﾒｿﾞﾝＡ（２階）"))
    assert raw == {"name": "髙﨑 塚", "address": "見本町1-2-3 メゾンA（2階）"}


def test_every_wrong_input_is_in_the_summary_with_its_place_in_the_form() -> None:
    raw = raw_fields(Report, sent(reported_on="きのう", services__0__units="たくさん", title="題"))
    found = faults(controls(Report, raw, Report().validate(raw)))
    titles = {each.id: each.title for each in found}
    assert titles["f-reported_on"] == "報告日"
    assert titles["f-services-0-units"] == "実績 1件目の単位数"
    assert "f-title" not in titles
    assert all(each.message for each in found)


def test_a_reading_knows_the_name_that_it_reads() -> None:
    found = by_name(controls(Person))
    assert found["kana"].name_read == "f-name"
    assert found["name"].name_read == ""
