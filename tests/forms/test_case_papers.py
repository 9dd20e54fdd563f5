"""Basic information, progress, use sheets, requests, contracts, review and timeline on paper, field by field."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from contracts.catalogue import CROSSING
from contracts.codes import STARRED
from contracts.events.sample import BILLING, CENTRE, DAY_SERVICE, OFFICE, PERSON, RENTAL
from services.billing.events import BILLING_EVENTS
from shared.care.events import CARE_EVENTS
from shared.forms.catalogue import printouts
from shared.forms.matter import Matter
from shared.forms.planner import planner_name
from tests.care.stage import ADACHI, ADACHI_CENTRE, NEIGHBOURS, desk, made, model, opened, signed_by_both
from tests.forms.reading import fields_of, made_pdf, matter_of, only, plain, played, sheets, text_of

NAME = plain(str(PERSON["name"]))


@pytest.fixture(scope="module")
def at_office() -> Matter:
    """Toshima's case as the office knows it at the end of March 2025."""
    return played("toshima_model", "office")


@pytest.fixture(scope="module")
def at_adachi_centre() -> Matter:
    return played("adachi_checklist", "adachi_centre")


def test_each_assessment_s_basic_information_is_its_document_and_the_rest_is_room_to_write_t_19(
    at_office: Matter,
) -> None:
    printout = only(at_office, "basic-information", dated=date(2024, 10, 15))
    assert printout.document is not None
    assert printout.document.kind == "basic_information"
    text = text_of(made_pdf(at_office, printout))
    assert "アセスメントの日令和6年10月15日" in text
    assert f"性別□男■女本人氏名{NAME}様生年月日昭和17年5月3日" in text
    assert f"住所{PERSON['address']}電話番号FAX番号{PERSON['telephone']}" in text
    assert "計画の種類■介護予防支援□介護予防ケアマネジメント委託の有無■自ら作成□委託" in text
    assert "保険者番号131169被保険者番号0000000001" in text
    assert "要支援2有効期間令和6年9月12日〜令和7年3月31日" in text
    assert "アセスメントの内容屋外の歩行に不安がある。" in text
    blank = fields_of(at_office, only(at_office, "basic-information", of="blank"))
    assert (blank["findings"], blank["assessed_on"].strip()) == ("", "年　　月　　日")


def test_the_consultation_stands_on_the_basic_information_a_q8(at_adachi_centre: Matter) -> None:
    text = text_of(made_pdf(at_adachi_centre, only(at_adachi_centre, "basic-information", of="blank")))
    assert "相談日令和元年5月10日相談方法■来所□電話□相談者宅の訪問" in text
    assert "相談回数■初回□再来" in text
    assert "続柄家族・親族" in text
    assert "相談の内容母は入院中" in text


def test_the_checklist_s_verdict_stands_on_the_basic_information(at_adachi_centre: Matter) -> None:
    fields = fields_of(at_adachi_centre, only(at_adachi_centre, "basic-information", of="blank"))
    assert (fields["check_positive"], fields["check_negative"]) == (True, False)
    assert fields["checked_on"] == "令和元年5月10日"
    assert fields["status"] == "事業対象者"


def test_the_progress_record_tells_the_course_in_order_with_what_was_written(at_office: Matter) -> None:
    text = text_of(made_pdf(at_office, only(at_office, "progress", of="all")))
    told = [
        "令和6年10月15日アセスメント屋外の歩行に不安がある",
        "令和6年11月20日モニタリング（令和6年11月分・面接（通所先など））",
        "令和6年12月27日利用終了（介護予防福祉用具貸与）",
        "令和6年12月27日類型の変更（令和7年1月1日から）",
    ]
    assert [text.index(each) for each in told] == sorted(text.index(each) for each in told)


def test_a_switch_has_its_own_progress_record_for_the_centre_t_15d(at_office: Matter) -> None:
    [printout] = [
        each
        for each in printouts(at_office)
        if each.form == "progress"
        and each.document is not None
        and (each.document.kind, each.dated) == ("progress_record", date(2024, 12, 27))
    ]
    fields = fields_of(at_office, printout)
    assert [each["kind"] for each in fields["lines"]] == ["支援経過記録"]
    assert "歩行器を返却" in fields["lines"][0]["text"]


def test_a_month_s_monitoring_is_a_progress_record_of_its_own_t_28(at_office: Matter) -> None:
    [printout] = [
        each for each in printouts(at_office) if "令和6年11月分" in each.title and each.form == "progress"
    ]
    assert printout.document is not None
    assert (printout.document.kind, printout.document.month) == ("monitoring", "2024-11")
    assert len(fields_of(at_office, printout)["lines"]) == 1


def test_the_use_sheet_has_limit_days_and_the_month_s_services_t_25(at_office: Matter) -> None:
    text = text_of(made_pdf(at_office, only(at_office, "use-sheet", of="2024-10")))
    assert "令和6年10月分サービス利用票" in text
    assert "保険者番号131169保険者名豊島区" in text
    assert "区分支給限度基準額10,531単位／月" in text
    assert "届出年月日令和6年10月15日" in text
    assert "1火2水3木" in text
    assert "31木合計回数" in text
    assert "介護予防福祉用具貸与見本福祉用具" in text


def test_the_use_sheet_has_the_planned_units_and_what_they_exceed_the_limit_by_a_q37() -> None:
    rows = [
        {"service": "67", "provider": RENTAL, "starts_on": "2024-10-21", "ends_on": None, "units": 700},
        {
            "service": "A6",
            "provider": DAY_SERVICE,
            "starts_on": "2024-10-22",
            "ends_on": None,
            "units": 10000,
        },
    ]
    drafted = [
        made("PlanDrafted", OFFICE, date(2024, 10, 18), kinds=CARE_EVENTS, services=rows),
        made("PlanDelivered", OFFICE, date(2024, 10, 18), kinds=CARE_EVENTS),
        made("UseSheetIssued", OFFICE, date(2024, 10, 18), kinds=CARE_EVENTS, month="2024-10"),
    ]
    matter = matter_of(desk(OFFICE, *model(), opened(), *drafted))
    fields = fields_of(matter, only(matter, "use-sheet", of="2024-10"))
    assert [each["planned"] for each in fields["services"]] == ["700", "10,000"]
    assert (fields["planned_total"], fields["limit"], fields["excess"]) == ("10,700", "10,531", "169")
    text = text_of(made_pdf(matter, only(matter, "use-sheet", of="2024-10")))
    assert "10,700" in text
    assert "169" in text


def test_a_month_that_a_service_has_left_has_a_use_sheet_without_it(at_office: Matter) -> None:
    january, march = (
        fields_of(at_office, only(at_office, "use-sheet", of=each)) for each in ("2025-01", "2025-03")
    )
    assert (len(january["days"]), len(march["days"])) == (31, 31)
    assert DAY_SERVICE in {each["number"] for each in january["services"]}
    assert {RENTAL, DAY_SERVICE} == {each["number"] for each in march["services"]}


def used(*days: date) -> Matter:
    """A case whose day service told of which days it was used in October 2024."""
    drafted = [
        made(name, OFFICE, date(2024, 10, 18), kinds=CARE_EVENTS)
        for name in ("PlanDrafted", "PlanDelivered", "UseSheetIssued")
    ]
    received = made(
        "ProviderPerformanceReceived",
        OFFICE,
        date(2024, 11, 1),
        kinds=CARE_EVENTS,
        service_month="2024-10",
        provider=DAY_SERVICE,
        service="A6",
        units=3621,
        days=list(days),
    )
    return matter_of(desk(OFFICE, *model(), opened(), *drafted, received))


def test_the_days_on_which_a_service_was_used_stand_in_its_line_of_the_use_sheet_t_32() -> None:
    matter = used(date(2024, 10, 22), date(2024, 10, 29))
    rental, day_service = fields_of(matter, only(matter, "use-sheet", of="2024-10"))["services"]
    assert [at for at, each in enumerate(day_service["days"], start=1) if each] == [22, 29]
    assert (day_service["times"], rental["times"]) == ("2", "")
    assert set(rental["days"]) == {""}
    assert "実績112" in text_of(made_pdf(matter, only(matter, "use-sheet", of="2024-10")))


def weekly(what: str, *, revised: bool = False, **changes: Any) -> Mapping[str, Any]:
    """What October's use sheet says of the day service, where sheet D has these words on Tuesdays and Fridays."""
    example = CARE_EVENTS["PlanDrafted"].example
    line = {"days": ["tue", "fri"], "begins": "09:30", "ends": "12:00", "what": what, "kind": "insured"}
    drafted = {"paper": {**example["paper"], "week": [{**line, **changes}]}}
    events = [
        made("PlanDrafted", OFFICE, date(2024, 10, 18), kinds=CARE_EVENTS, **drafted),
        made("PlanDelivered", OFFICE, date(2024, 10, 18), kinds=CARE_EVENTS),
        made("UseSheetIssued", OFFICE, date(2024, 10, 18), kinds=CARE_EVENTS),
    ]
    if revised:
        other = {
            "paper": {
                **example["paper"],
                "week": [{**line, "days": ["thu"], "begins": "13:00", "ends": "15:30"}],
            }
        }
        version: dict[str, Any] = {"plan_version": 2}
        delivered = {**version, "delivered_on": "2024-10-29"}
        events += [
            made("PlanDrafted", OFFICE, date(2024, 10, 29), kinds=CARE_EVENTS, **version, **other),
            made("PlanDelivered", OFFICE, date(2024, 10, 29), kinds=CARE_EVENTS, **delivered),
        ]
    matter = matter_of(desk(OFFICE, *model(), opened(), *events))
    found: Mapping[str, Any] = fields_of(matter, only(matter, "use-sheet", of="2024-10"))["services"][1]
    assert found["number"] == DAY_SERVICE
    return found


def planned_on(service: Mapping[str, Any]) -> list[int]:
    return [at for at, each in enumerate(service["planned_days"], start=1) if each]


@pytest.mark.parametrize(
    "what", ["通所型サービス", "通所型サービス（体操・交流）", "デイサービス", "ﾃﾞｲｻｰﾋﾞｽ", "通所での運動"]
)
def test_what_the_week_plans_stands_on_its_days_from_the_first_one_of_the_service_t_25(what: str) -> None:
    """T-24: the service begins on Tuesday the 22nd, in a plan that was delivered on the 18th."""
    found = weekly(what)
    assert planned_on(found) == [22, 25, 29]
    assert (found["planned_times"], found["hours"]) == ("3", ("09:30〜12:00",))


@pytest.mark.parametrize(
    ("what", "changes"), [("体操", {}), ("訪問型サービス", {}), ("通所型サービス", {"kind": "self"})]
)
def test_a_week_that_does_not_name_the_service_leaves_its_planned_days_to_be_drawn(
    what: str, changes: dict[str, Any]
) -> None:
    found = weekly(what, **changes)
    assert (planned_on(found), found["planned_times"], found["hours"]) == ([], "", ())


def test_a_plan_that_is_revised_in_the_month_plans_the_days_from_its_delivery_on() -> None:
    found = weekly("通所型サービス", revised=True)
    assert planned_on(found) == [22, 25, 31]
    assert found["hours"] == ("09:30〜12:00", "13:00〜15:30")


def test_planned_days_and_hours_are_printed_above_those_used_t_25(at_office: Matter) -> None:
    text = text_of(made_pdf(at_office, only(at_office, "use-sheet", of="2024-10")))
    assert "09:30〜12:30" in text
    assert "予定112" in text


def test_a_service_that_told_of_no_days_leaves_them_to_be_drawn() -> None:
    matter = used()
    assert fields_of(matter, only(matter, "use-sheet", of="2024-10"))["services"][1]["times"] == ""


def test_a_state_that_changes_within_a_month_stands_on_its_use_sheet_with_the_day() -> None:
    matter = used()
    [first] = matter.case.certifications
    later = replace(first, status="support1", valid_from=date(2024, 10, 16))
    ended = replace(first, valid_to=date(2024, 10, 15))
    changed = replace(matter, case=matter.case.but(certifications=(ended, later)))
    fields = fields_of(changed, only(changed, "use-sheet", of="2024-10"))
    assert (fields["status"], fields["status_after"]) == ("要支援2", "要支援1")
    assert fields["changed_on"] == "令和6年10月16日"
    assert fields_of(matter, only(matter, "use-sheet", of="2024-10"))["status_after"] == ""


def test_who_plans_and_where_they_are_stands_on_the_month_s_sheet(at_office: Matter) -> None:
    text = text_of(made_pdf(at_office, only(at_office, "use-sheet", of="2024-10")))
    assert "計画作成事業者担当者名見本居宅介護支援事業所見本花子" in text
    assert "事業者の連絡先東京都豊島区見本町二丁目2番1号電話03-0000-0102FAX03-0000-0202" in text
    assert "限度額適用期間令和6年9月〜令和7年3月" in text
    assert "通所型サービス（独自）見本デイサービス13A1600017" in text


def test_a_sheet_that_is_made_before_its_month_names_who_plans_in_the_month() -> None:
    matter = played("entrusted_support", "office_undesignated", form="provision-sheet")
    printout = next(each for each in printouts(matter) if each.form == "provision-sheet")
    assert printout.dated is not None
    assert printout.dated < date(2025, 4, 1)
    assert fields_of(matter, printout)["planner"] == matter.name_of(matter.me)


def test_a_planner_s_name_is_unknown_again_once_another_goes_on_a_q43(at_office: Matter) -> None:
    changed = made("PlannerChanged", OFFICE, date(2024, 12, 1), kinds={**CROSSING, **CARE_EVENTS})
    known = [each for each in at_office.events if each.occurred_on < date(2024, 12, 1)]
    matter = replace(at_office, events=(*known, changed))
    assert planner_name(matter, date(2024, 11, 30)) == "見本 花子"
    assert planner_name(matter, date(2024, 12, 1)) == ""


def test_a_report_of_a_service_office_is_a_line_of_the_progress_record_with_its_tick_t_29() -> None:
    received = made(
        "ProviderDocumentReceived", OFFICE, date(2024, 11, 5), kinds=CARE_EVENTS, content="休まず通う"
    )
    matter = matter_of(desk(OFFICE, *model(), opened(), received))
    text = text_of(made_pdf(matter, only(matter, "progress", of="all")))
    assert f"事業所の報告（個別サービス計画書）{DAY_SERVICE}休まず通う■" in text


def test_a_provision_sheet_is_for_one_service_office_and_lists_its_services_only_t_26() -> None:
    drafted = [
        made(name, OFFICE, date(2024, 10, 18), kinds=CARE_EVENTS)
        for name in ("PlanDrafted", "PlanDelivered", "ProvisionSheetIssued")
    ]
    received = made(
        "ProviderPerformanceReceived",
        OFFICE,
        date(2024, 11, 1),
        kinds=CARE_EVENTS,
        service_month="2024-10",
        provider=DAY_SERVICE,
        service="A6",
        units=3621,
    )
    matter = matter_of(desk(OFFICE, *model(), opened(), *drafted, received))
    fields = fields_of(matter, only(matter, "provision-sheet", of=f"2024-10-{DAY_SERVICE}"))
    assert [each["number"] for each in fields["services"]] == [DAY_SERVICE]
    assert fields["services"][0]["units"] == "3,621"
    text = text_of(made_pdf(matter, only(matter, "provision-sheet", of=f"2024-10-{RENTAL}")))
    assert f"サービス提供票{RENTAL}御中" in text
    assert "通所型サービス" not in text


def test_the_viewing_request_names_who_asks_for_what_with_whose_consent_t_18n(at_office: Matter) -> None:
    [printout] = [each for each in printouts(at_office) if each.form == "viewing-request"]
    text = text_of(made_pdf(at_office, printout))
    assert "豊島区長あて申請年月日令和6年10月" in text
    assert f"事業所番号{OFFICE}" in text
    assert "所在地・電話番号〒東京都豊島区見本町二丁目2番1号電話03-0000-0102" in text
    assert "■認定調査票■主治医意見書" in text
    assert "個人情報使用の同意を得た日令和6年10月10日" in text


def test_adachis_correction_application_has_code_and_address_and_toshima_has_none_a_q54a(
    at_adachi_centre: Matter, at_office: Matter
) -> None:
    text = text_of(made_pdf(at_adachi_centre, only(at_adachi_centre, "correction-application", of="blank")))
    assert (
        "郵送先〒120-8510足立区中央本町一丁目17番1号足立区役所高齢施策推進室介護保険課保険給付係（北館1階）"
        in text
    )
    assert "申立事由コード1002様式10（総合事業は共通）申立理由02" in text
    assert "□通所型サービス（旧：予防通所介護）□訪問型サービス（旧：予防訪問介護）" in text
    assert not [each for each in printouts(at_office) if each.form == "correction-application"]


def test_a_correction_that_was_applied_for_stands_filled_in_a_q54d() -> None:
    there = made("CaseOpened", ADACHI_CENTRE, date(2019, 4, 3), insurer=ADACHI, parties=NEIGHBOURS)
    applied = made("ProjectCorrectionApplied", BILLING, date(2019, 7, 2), kinds=BILLING_EVENTS)
    matter = matter_of(desk(BILLING, there, applied, today=date(2019, 7, 2)))
    text = text_of(made_pdf(matter, only(matter, "correction-application", dated=date(2019, 7, 2))))
    assert "申立年月日令和元年7月2日" in text
    assert f"事業所番号{DAY_SERVICE}" in text
    assert "サービス提供年月令和元年5月" in text
    assert "■通所型サービス（旧：予防通所介護）□訪問型サービス" in text
    assert "申立ての理由単位数の誤り給付の決定日令和元年6月28日" in text


def test_both_contracts_have_a_cover_and_a_consent_sheet_t_07n_t_10_t_11() -> None:
    matter = matter_of(desk(OFFICE, *model(), opened(), *signed_by_both()))
    covers = [each for each in printouts(matter) if each.form == "contract"]
    assert [each.document.kind for each in covers if each.document] == ["office_contract", "centre_contract"]
    text = text_of(made_pdf(matter, covers[1]))
    assert text.startswith("介護予防支援・介護予防ケアマネジメント利用契約書")
    assert "契約日令和6年10月10日■居宅と包括の同時契約" in text
    consents = [each for each in printouts(matter) if each.form == "consent"]
    assert [each.document.number for each in consents if each.document] == [OFFICE, CENTRE]
    assert f"利用者{NAME}様私と私の家族の個人情報を" in text_of(made_pdf(matter, consents[0]))
    assert "同意日令和6年10月10日" in text_of(made_pdf(matter, consents[0]))


def test_a_plan_review_has_a_contents_page_of_the_nine_documents_with_purpose_and_result_t_50_t_52() -> None:
    matter = played("plan_review", "office")
    printout = next(each for each in printouts(matter) if each.form == "review")
    fields = fields_of(matter, printout)
    assert len(fields["documents"]) == 9
    text = text_of(made_pdf(matter, printout))
    assert "目的居宅と包括が一定のルールに基づき" in text
    assert "1利用者基本情報令和6年11月15日■あり□なし" in text
    assert "元気はつらつ報告会の日令和7年10月15日" in text
    assert "次の計画に体操の会への参加を加えることを提案する" in text


def test_the_nine_documents_of_a_plan_review_are_bound_behind_a_contents_page_with_their_pages() -> None:
    """T-50, T-51, T-55."""
    matter = played("plan_review", "office")
    printout = next(each for each in printouts(matter) if each.form == "review-bundle")
    content = made_pdf(matter, printout)
    contents, *bound = sheets(content)
    starts = {1: 2, 2: 4, 3: 5, 4: 6, 5: 7, 6: 10, 7: 11, 8: 12, 9: 13}
    for number, each in enumerate(fields_of(matter, printout)["documents"], start=1):
        assert plain(f"{number}{each['title']}{each['of']}■あり□なし{starts[number]}") in contents
    assert len(bound) == 12
    assert bound[0].startswith("利用者基本情報")
    assert "アセスメント書類の日付・対象令和6年11月15日" in bound[3], (
        "the office's own paper has a sheet to go behind"
    )
    assert [each[:2] for each in bound[5:9]] == ["A表", "介護", "介護", "D表"]
    assert bound[9].startswith("E表サービス担当者会議の要点")
    assert "令和7年8月20日モニタリング（令和7年8月分・居宅訪問）" in bound[10]
    assert bound[11].startswith("F表")
    assert [each[-3:] for each in bound[9:]] == ["式11", "式12", "式13"], (
        "each sheet bears the page of the bundle"
    )
    pages = PdfReader(BytesIO(content)).pages
    assert [page.mediabox.width > page.mediabox.height for page in pages[6:12]] == [True] * 4 + [False] * 2


def test_a_bundle_says_of_a_document_that_is_not_there_that_it_is_not() -> None:
    """T-51: nothing is made up for it."""
    matter = played("plan_review", "office")
    reviews = {
        name: replace(each, documents=(), missing=tuple(STARRED)) if each.submitted_on else each
        for name, each in matter.case.reviews.items()
    }
    bare = replace(matter, case=matter.case.but(reviews=reviews))
    printout = next(each for each in printouts(bare) if each.form == "review-bundle")
    contents, *bound = sheets(made_pdf(bare, printout))
    assert contents.count("□あり■なし") == 9
    assert ["この書類はありません" in each for each in bound] == [True] * 9


def test_the_same_bundle_has_the_same_bytes_and_a_training_one_says_so_on_every_sheet() -> None:
    matter = played("plan_review", "office")
    printout = next(each for each in printouts(matter) if each.form == "review-bundle")
    assert made_pdf(matter, printout) == made_pdf(matter, printout)
    assert all(
        "研修用（提出できません）" in each for each in sheets(made_pdf(matter, printout, training=True))
    )


def test_the_letter_for_the_welfare_office_tells_of_contact_papers_and_services() -> None:
    """T-40, decision 26."""
    matter = played("provisional_plan", "office", form="welfare-letter")
    text = text_of(made_pdf(matter, only(matter, "welfare-letter")))
    assert text.startswith("福祉事務所御中送付日年月日見本居宅介護支援事業所担当者暫定プランの送付について")
    assert "認定の申請令和7年6月2日（結果待ち）" in text
    assert "連絡した日令和7年6月6日連絡の内容担当の現業員に電話した" in text
    assert "利用票別表■提出済み□この送付状に添える" in text
    assert "暫定プランの期間令和7年6月5日〜令和7年8月31日" in text
    assert "介護予防福祉用具貸与1371600022令和7年6月5日" in text


def test_before_anything_was_handed_in_every_paper_goes_with_the_letter() -> None:
    """T-40: and the day of the contact is left to be written."""
    matter = played("provisional_plan", "office", form="welfare-letter")
    told = ("WelfareOfficeContacted", "WelfarePapersSubmitted")
    plans = tuple(replace(each, papers_missing=None) for each in matter.case.provisional_plans)
    early = replace(
        matter,
        case=matter.case.but(provisional_plans=plans),
        events=tuple(each for each in matter.events if each.type not in told),
    )
    text = text_of(made_pdf(early, only(early, "welfare-letter")))
    assert text.count("□提出済み■この送付状に添える") == 3
    assert "連絡した日年月日連絡の内容書類" in text


def test_without_public_assistance_there_is_no_letter_to_print() -> None:
    """T-40."""
    matter = played("provisional_plan", "office")
    assert [each for each in printouts(matter) if each.form == "welfare-letter"] == []


def test_the_audit_timeline_lists_every_event_with_both_clocks(at_office: Matter) -> None:
    titled = replace(at_office, titles={"CaseOpened": "ケースの開始"})
    content = made_pdf(titled, only(titled, "timeline"))
    assert len(sheets(content)) > 1
    fields = fields_of(titled, only(titled, "timeline"))
    assert len(fields["lines"]) == fields["number"] == len(at_office.events)
    assert "令和6年10月7日令和6年10月7日9:00ケースの開始" in text_of(content)
