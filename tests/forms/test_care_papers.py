"""Checklist, plan, week, meeting and evaluation on paper, field by field (A-Q4, A-Q12a, T-23, T-24, T-27, T-30)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from contracts.catalogue import CROSSING
from contracts.events.plan_paper import PAPER_EXAMPLE
from contracts.events.sample import CENTRE, OFFICE, PERSON
from shared.care.events import CARE_EVENTS
from shared.forms.catalogue import printouts
from shared.forms.form import Printout
from shared.forms.matter import Matter
from tests.care.stage import desk, made, model, opened
from tests.forms.reading import (
    LONG_NOTE,
    beyond_the_edge,
    fields_of,
    made_pdf,
    matter_of,
    only,
    plain,
    played,
    sheets,
    text_of,
)


@pytest.fixture(scope="module")
def at_office() -> Matter:
    """Toshima's case as the office knows it at the end of March 2025."""
    return played("toshima_model", "office")


@pytest.fixture(scope="module")
def at_adachi_centre() -> Matter:
    return played("adachi_checklist", "adachi_centre")


def test_the_checklist_that_is_filed_is_form_1_with_every_answer_and_its_score(
    at_adachi_centre: Matter,
) -> None:
    [checked] = at_adachi_centre.case.checklists
    content = made_pdf(at_adachi_centre, only(at_adachi_centre, "checklist", of=checked.id))
    text = text_of(content)
    assert len(sheets(content)) == 1
    assert text.startswith("様式1基本チェックリスト【申請】記入日令和元年5月10日")
    assert "1バスや電車で1人で外出している□0.はい■1.いいえ1" in text
    assert "2日用品の買物をしている■0.はい□1.いいえ0" in text
    assert "9この1年間に転んだことがある□1.はい■0.いいえ0" in text
    assert "身長150cm体重48kg（BMI=21.3333）" in text
    assert "2運動No.6〜105項目のうち3項目以上3／5■該当" in text
    assert "1社会生活No.1〜2020項目のうち10項目以上4／20□該当" in text
    assert "判定■該当□非該当" in text


@pytest.mark.parametrize(
    ("weight", "point"),
    [("47.35", "1"), ("47.36", "0")],
)
def test_item_12_is_judged_by_the_exact_bmi_decision_18(
    at_adachi_centre: Matter, weight: str, point: str
) -> None:
    events = tuple(
        each._replace(personal={**(each.personal or {}), "height_cm": "160", "weight_kg": weight})
        if each.type in ("ChecklistRecorded", "ChecklistSubmitted")
        else each
        for each in at_adachi_centre.events
    )
    matter = Matter(CENTRE, date(2019, 6, 1), at_adachi_centre.case, events, at_adachi_centre.agencies)
    fields = fields_of(matter, only(matter, "checklist", of=matter.case.checklists[0].id))
    assert fields["items"][11]["point"] == point
    assert Decimal(fields["bmi"]) <= Decimal("18.5")


def test_toshimas_checklist_is_no_application_and_one_to_be_filled_in_has_no_answer(
    at_office: Matter,
) -> None:
    printout = only(at_office, "checklist", of="blank")
    text = text_of(made_pdf(at_office, printout))
    assert text.startswith("基本チェックリスト記入日年月日")
    assert plain(str(PERSON["name"])) in text
    assert "■" not in text
    assert "／20" in text


def test_a_renewal_s_plan_names_the_certification_under_which_it_begins(at_office: Matter) -> None:
    """It is drafted while the old one still runs, after the result has come."""
    a, *_ = sheets(made_pdf(at_office, only(at_office, "plan", dated=date(2025, 3, 27))))
    assert "認定の有効期間令和7年4月1日〜令和8年3月31日" in a
    assert "計画の期間令和7年4月1日〜" in a


def test_the_plan_has_three_sheets_with_what_was_recorded_and_room_for_the_rest(at_office: Matter) -> None:
    printout = only(at_office, "plan", dated=date(2024, 10, 18))
    assert printout.document is not None
    assert printout.document.kind == "plan"
    a, b, c = sheets(made_pdf(at_office, printout))
    assert "A表No.介護予防サービス・支援計画書■初回□紹介□継続" in a
    assert "認定■認定済□申請中状態区分□要支援1■要支援2□地域支援事業" in a
    assert "認定の有効期間令和6年9月12日〜令和7年3月31日" in a
    assert "計画作成（変更）日令和6年10月16日初回作成日令和6年10月16日" in a
    assert "計画の期間令和6年10月21日〜令和7年3月31日（初回・第1版）" in a
    assert (
        "計画作成事業者見本居宅介護支援事業所所在地・連絡先東京都豊島区見本町二丁目2番1号電話03-0000-0102"
        in a
    )
    assert "アセスメントの内容屋外の歩行に不安がある" in a
    assert "近所の公園まで一人で歩いて行く" in b
    assert "介護予防福祉用具貸与見本福祉用具令和6年10月21日〜" in c
    assert "通所型サービス（独自）見本デイサービス令和6年10月22日〜" in c
    assert "転倒に注意しながら外出の機会を増やす" in c
    assert "上記計画について、同意いたします。令和6年10月18日（署名：本人）" in c
    assert "交付日令和6年10月18日" in c


def test_sheet_c_counts_the_checklist_s_answers_for_each_programme_the_bmi_with_them(
    at_adachi_centre: Matter,
) -> None:
    [printout] = [each for each in printouts(at_adachi_centre) if each.form == "plan"]
    fields = fields_of(at_adachi_centre, printout)
    assert [(each["score"], each["of"]) for each in fields["programmes"]] == [
        ("3", 5),
        ("0", 2),
        ("0", 3),
        ("0", 2),
        ("0", 3),
        ("0", 5),
    ]


def test_a_project_eligible_person_s_card_has_no_end_a_q21a(at_adachi_centre: Matter) -> None:
    [printout] = [each for each in printouts(at_adachi_centre) if each.form == "plan"]
    text = text_of(made_pdf(at_adachi_centre, printout))
    assert "認定の有効期間令和元年5月10日〜（期限なし）" in text


def test_a_plan_that_goes_on_after_a_minor_change_bears_its_date_t_68(at_office: Matter) -> None:
    printout = only(at_office, "plan", dated=date(2024, 10, 18))
    assert all("軽微な変更令和7年1月1日" in each for each in sheets(made_pdf(at_office, printout)))


def test_the_centre_s_check_of_a_draft_stands_in_its_box_t_23r() -> None:
    drafted = made("PlanSubmitted", OFFICE, date(2024, 10, 18))
    checked = made("DraftChecked", CENTRE, date(2024, 10, 16), plan_id=drafted.data["plan_id"])
    matter = matter_of(desk(CENTRE, *model(), opened(), drafted, checked))
    [printout] = [each for each in printouts(matter) if each.form == "plan"]
    assert fields_of(matter, printout)["opinion"] == "外出の目標が具体的でよい"
    assert "転倒に注意しながら" in text_of(made_pdf(matter, printout))


def test_the_week_is_there_to_be_drawn_with_the_plan_s_services_below_t_24(at_office: Matter) -> None:
    printout = only(at_office, "weekly-plan", dated=date(2024, 10, 18))
    assert printout.document is not None
    assert printout.document.kind == "weekly_plan"
    [text] = sheets(made_pdf(at_office, printout))
    assert "時刻月火水木金土日主な日常生活上の活動" in text
    assert "介護予防福祉用具貸与見本福祉用具令和6年10月21日〜" in text


def test_each_meeting_has_its_record_with_who_attended_t_27(at_office: Matter) -> None:
    first = only(at_office, "meeting", dated=date(2024, 10, 17))
    assert first.document is not None
    assert first.document.kind == "meeting_record"
    text = text_of(made_pdf(at_office, first))
    assert "開催日令和6年10月17日" in text
    assert "開催回数1回目開催の理由初回" in text
    assert "■本人□家族■担当の介護支援専門員■サービス事業所□地域包括支援センター" in text
    assert "歩行器を使い、週1回の通所と毎日の散歩を続けることに合意した" in text


def test_the_evaluation_has_goal_finding_course_and_the_centre_s_comment_t_30r() -> None:
    matter = played("entrusted_support", "office_undesignated")
    [printout] = [each for each in printouts(matter) if each.form == "evaluation"][-1:]
    assert printout.document is not None
    fields = fields_of(matter, printout)
    text = text_of(made_pdf(matter, printout))
    [row] = fields["goals"]
    assert row["goal"]
    assert plain(row["goal"]) in text
    assert row["situation"]
    assert plain(row["situation"]) in text
    assert [each["on"] for each in fields["outcomes"]].count(True) == 1
    assert fields["opinion"]
    assert plain(f"{fields['opinion']}記入日{fields['commented_on']}") in text
    assert "令和" in fields["commented_on"]


def drawn(form: str, **changes: Any) -> tuple[Matter, Printout]:
    """A case whose plan, meeting and evaluation were written as on paper, and the printout of a form."""
    paper = {**PAPER_EXAMPLE, **changes}
    kinds = {**CROSSING, **CARE_EVENTS}
    drafted = made("PlanDrafted", OFFICE, date(2024, 10, 16), kinds=kinds, paper=paper, notes="外へ出る")
    met = made(
        "MeetingHeld",
        OFFICE,
        date(2024, 10, 17),
        kinds=kinds,
        place="自宅",
        held_at="10時から11時",
        present=[{"affiliation": "通所（相談員）", "name": "見本 次郎"}],
        topics="歩行器の使い方",
        conclusion="週1回通う",
        remaining="3か月後に見直す",
        planner="見本 花子",
    )
    evaluated = made(
        "EvaluationRecorded",
        OFFICE,
        date(2025, 3, 24),
        kinds=kinds,
        planner="見本 花子",
        policy="散歩を続ける",
        services_after=["project"],
        goals=[
            {"goal": "公園まで歩く", "situation": "週2回歩いた", "achieved": "yes", "onward": "続ける"},
            {
                "goal": "友人に会う",
                "achieved": "no",
                "cause_person": "雨が多い",
                "cause_planner": "誘いがない",
            },
        ],
    )
    matter = matter_of(desk(OFFICE, *model(), opened(), drafted, met, evaluated, today=date(2025, 3, 24)))
    return matter, [each for each in printouts(matter) if each.form == form][-1]


def test_sheets_a_to_c_have_in_each_box_what_was_written_there_t_23() -> None:
    text = text_of(made_pdf(*drawn("plan")))
    for found in (
        "■初回□紹介□継続",
        "計画作成者氏名見本花子",
        "1日午前中に近所を歩く1年友人と公園まで出かける",
        "運動・移動について屋内は伝い歩き、屋外は歩行器を使う公園まで一人で歩きたい■有□無下肢の筋力が落ち",
        "外出の機会が減り、筋力が落ちている歩行器で外出し、通所で体操をする休まず通いたい近所の公園まで",
        "（目標1）転倒に注意しながら距離を延ばす毎朝の体操歩行器の貸与介護予防福祉用具貸与",
        "令和6年10月22日〜週1回",
        "■運動不足／5□栄養改善",
        "外へ出る",
    ):
        assert plain(found) in text, found


def test_sheet_d_has_the_week_at_its_hours_and_as_a_list_t_24() -> None:
    matter, printout = drawn("weekly-plan")
    [entry] = fields_of(matter, printout)["week"]
    assert (entry["places"], entry["from"], entry["to"]) == ([1], 570, 720)
    text = text_of(made_pdf(matter, printout))
    assert text.count("09:30〜12:00") == 2
    assert "火09:30〜12:00通所型サービス介護保険・総合事業のサービス" in text
    assert "07:00起床・体操" in text
    assert "週単位以外のサービス福祉用具貸与（歩行器）" in text


def test_what_a_person_does_all_day_stays_in_its_column_and_stands_whole_in_a_list() -> None:
    at = ("06:00", "06:10", "21:30", "23:50")
    activities = [{"at": each, "what": f"{each}から{LONG_NOTE[:90]}"} for each in reversed(at)]
    content = made_pdf(*drawn("weekly-plan", activities=activities))
    assert beyond_the_edge(content) == []
    text = text_of(content)
    assert [text.count(f"{each}から") for each in at] == [2, 2, 2, 1]
    assert all(plain(each["what"]) in text for each in activities)
    short = text_of(made_pdf(*drawn("weekly-plan", activities=[{"at": "07:00", "what": "起床・体操"}])))
    assert short.count("主な日常生活上の活動") == 1


def test_what_happens_at_the_same_time_stands_side_by_side_in_the_week() -> None:
    def entry(begins: str, ends: str, *days: str) -> dict[str, Any]:
        return {"days": list(days), "begins": begins, "ends": ends, "what": "体操"}

    week = [
        entry("09:00", "12:00", "tue", "thu"),
        entry("10:00", "11:00", "tue"),
        entry("11:00", "13:00", "tue"),
        entry("13:00", "14:00", "tue"),
    ]
    matter, printout = drawn("weekly-plan", week=week)
    lanes = [each["lanes"] for each in fields_of(matter, printout)["week"]]
    assert lanes == [[[0, 2], [0, 1]], [[1, 2]], [[1, 2]], [[0, 1]]]


def test_sheet_e_has_place_time_names_and_what_remains_t_27() -> None:
    text = text_of(made_pdf(*drawn("meeting")))
    for found in (
        "開催場所自宅開催時間10時から11時",
        "通所（相談員）見本次郎",
        "検討した項目歩行器の使い方",
        "結論週1回通う",
        "残された課題（次回の開催時期）3か月後に見直す",
        "計画作成者氏名見本花子",
    ):
        assert found in text, found


def test_sheet_f_has_a_line_for_each_goal_t_30() -> None:
    text = text_of(made_pdf(*drawn("evaluation")))
    assert "公園まで歩く令和6年10月21日〜令和7年3月31日週2回歩いた○達成続ける" in text
    assert "友人に会う令和6年10月21日〜令和7年3月31日×未達成雨が多い誘いがない" in text
    assert "散歩を続ける" in text
    assert "□介護給付□予防給付■介護予防・生活支援サービス事業" in text


def test_the_fullest_sheets_go_on_to_further_ones_and_lose_nothing() -> None:
    long = LONG_NOTE[:1000]
    goals = [dict.fromkeys(("synthesis", "proposal", "wish"), long) | {"goal": LONG_NOTE[:300]}] * 4
    supports = [{**each, "points": long, "own_care": long} for each in PAPER_EXAMPLE["supports"]] * 2
    area = {"current": long, "wish": long, "issue": long, "issue_present": "yes"}
    week = [{"days": ["mon", "sun"], "begins": "00:00", "ends": "24:00", "what": long[:100]}] * 8
    changes = {"goals": goals, "supports": supports, "week": week, "movement": area, "health": area}
    for form in ("plan", "weekly-plan"):
        matter, printout = drawn(form, **changes)
        content = made_pdf(matter, printout)
        assert beyond_the_edge(content) == []
        wanted = long[:100] if form == "weekly-plan" else long
        text = text_of(content)
        assert [each for each in wanted.split("。")[:-1] if each not in text] == []
