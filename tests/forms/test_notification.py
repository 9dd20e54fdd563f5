"""The request and change notification (届出書) on paper: T-12 to T-17, A-Q12a, A-Q31a, A-Q31b, field by field."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from contracts.events.sample import CENTRE, OFFICE, PERSON, WARD
from shared.forms.catalogue import printouts
from shared.forms.matter import Matter
from tests.care.stage import (
    ADACHI,
    ADACHI_CENTRE,
    NEIGHBOURS,
    desk,
    directory,
    made,
    model,
    opened,
    signed_by_both,
)
from tests.forms.reading import (
    LONG_NAME,
    beyond_the_edge,
    fields_of,
    lengthened,
    made_pdf,
    matter_of,
    only,
    plain,
    played,
    text_of,
)

BLANK = "年月日"
RED = b"0.8156863 0 0 "


@pytest.fixture(scope="module")
def at_centre() -> Matter:
    """Toshima's case as the centre knows it at the end of March 2025."""
    return played("toshima_model", "centre")


@pytest.fixture
def held() -> Matter:
    """The centre has made its notification at contract time and keeps it."""
    prepared = made("NotificationPrepared", CENTRE, date(2024, 10, 10))
    return matter_of(desk(CENTRE, *model(), opened(), *signed_by_both(), prepared))


def test_what_the_centre_filed_at_the_switch_stands_on_its_paper(at_centre: Matter) -> None:
    printout = only(at_centre, "notification", dated=date(2025, 1, 6))
    text = text_of(made_pdf(at_centre, printout))
    for written in (
        "介護予防サービス計画作成・介護予防ケアマネジメント依頼（変更）届出書",
        "□新規■変更",
        f"被保険者番号{PERSON['insured_number']}",
        plain(f"被保険者氏名{PERSON['name']}生年月日昭和17年5月3日"),
        "□男■女",
        "事業所名見本地域包括支援センター（モデル）事業所番号1301600019",
        "所在地〒東京都豊島区見本町二丁目1番1号電話番号03-0000-0101",
        "開始（変更）年月日令和7年1月1日",
        "受託する居宅介護支援事業者",
        "事業所名見本居宅介護支援事業所事業所番号1371600014",
        "所在地〒東京都豊島区見本町二丁目2番1号電話番号03-0000-0102",
        "ケアマネジメントAへの変更令和7年1月1日",
        "豊島区長あて",
        "届出年月日令和7年1月6日",
        "受付日令和7年1月6日担当窓口高齢者福祉課総合事業グループ",
    ):
        assert written in text, written


def test_both_parties_notifications_bear_the_red_mark_at_the_top_right_t_13d(at_centre: Matter) -> None:
    for day in (date(2024, 10, 15), date(2025, 1, 6), date(2025, 3, 3)):
        content = made_pdf(at_centre, only(at_centre, "notification", dated=day))
        assert text_of(content).startswith("同時契約")
        assert red_in(content)


def test_without_a_simultaneous_contract_there_is_no_mark_and_nothing_red() -> None:
    filed = made(
        "NotificationFiled", CENTRE, date(2025, 1, 6), simultaneous_mark=False, simultaneous_contract=False
    )
    matter = matter_of(desk(CENTRE, *model(), opened(), filed))
    content = made_pdf(matter, only(matter, "notification", dated=date(2025, 1, 6)))
    assert "同時契約" not in text_of(content)
    assert not red_in(content)


def red_in(content: bytes) -> bool:
    found = PdfReader(BytesIO(content)).pages[0].get_contents()
    return found is not None and RED in found.get_data()


def test_a_held_copy_has_neither_receipt_date_nor_start_date_t_14d(held: Matter) -> None:
    printout = only(held, "notification", dated=date(2024, 10, 10))
    assert "保管" in printout.title
    text = text_of(made_pdf(held, printout))
    assert text.startswith("同時契約")
    assert f"開始（変更）年月日{BLANK}" in text
    assert f"受付日{BLANK}担当窓口保険者確認欄" in text
    assert f"届出年月日{BLANK}" in text
    assert "ケアマネジメントAへの変更" in text
    assert PERSON["insured_number"] in text


def test_the_first_is_signed_by_hand_and_a_later_one_written_by_staff_t_17d(at_centre: Matter) -> None:
    first = fields_of(at_centre, only(at_centre, "notification", dated=date(2025, 1, 6)))
    assert (first["signature"], first["signature_note"]) == ("", "（自署）")
    later = fields_of(at_centre, only(at_centre, "notification", dated=date(2025, 3, 3)))
    assert (later["signature"], later["signature_note"]) == (PERSON["name"], "（担当者が記入・自署不要）")


def test_a_designated_office_s_paper_leaves_the_entrusted_lines_empty(at_centre: Matter) -> None:
    fields = fields_of(at_centre, only(at_centre, "notification", dated=date(2025, 3, 3)))
    assert fields["provider"]["number"] == OFFICE
    assert fields["entrusted"] == {"name": "", "number": "", "address": "", "telephone": ""}


def test_one_to_be_signed_first_has_the_person_s_data_and_no_choice_made(held: Matter) -> None:
    printout = only(held, "notification", of="new")
    assert printout.document is None
    fields = fields_of(held, printout)
    assert (fields["new"], fields["changed"], fields["reason"]) == (False, False, "")
    assert fields["person"]["insured_number"] == PERSON["insured_number"]
    assert fields["provider"]["number"] == CENTRE
    assert "□新規□変更" in text_of(made_pdf(held, printout))


def test_only_a_centre_and_a_designated_office_have_one_to_be_signed_t_03() -> None:
    known = [opened(), *signed_by_both()]
    with_it = [desk(OFFICE, *model(), *known), desk(CENTRE, *model(), *known)]
    without = [desk(OFFICE, *directory(), *known), desk(WARD, *model(), *known)]
    for each in with_it:
        assert only(matter_of(each), "notification", of="new")
    for each in without:
        assert [one for one in printouts(matter_of(each)) if one.of == "new"] == []


def test_adachi_has_form_2_for_a_new_project_eligible_person_with_its_checklist_a_q12a_a_q31a() -> None:
    matter = played("adachi_checklist", "adachi_centre")
    filed = [each for each in matter.case.notifications.values() if each.form == "care_management_request"]
    content = made_pdf(matter, only(matter, "notification", of=filed[0].id))
    text = text_of(content)
    assert text.startswith("様式2介護予防ケアマネジメント依頼（変更）届出書【総合事業】")
    assert "■新規□変更" in text
    assert "■基本チェックリスト【申請】（様式1）" in text
    assert "足立区長あて" in text


def test_adachi_has_the_national_form_for_support_levels_a_q31b() -> None:
    there = made("CaseOpened", ADACHI_CENTRE, date(2019, 6, 3), insurer=ADACHI, parties=NEIGHBOURS)
    filed = made(
        "NotificationFiled",
        ADACHI_CENTRE,
        date(2019, 6, 4),
        form="planning_request",
        desk="insurance",
        filer=ADACHI_CENTRE,
        occasion="first",
        simultaneous_mark=False,
    )
    matter = matter_of(desk(ADACHI_CENTRE, there, filed))
    text = text_of(made_pdf(matter, only(matter, "notification", of=filed.data["notification_id"])))
    assert text.startswith("介護予防サービス計画作成依頼（変更）届出書")
    assert "介護予防ケアマネジメントを依頼" not in text


def test_long_names_and_addresses_flow_inside_their_boxes(at_centre: Matter) -> None:
    long = lengthened(at_centre)
    for day in (date(2024, 10, 15), date(2025, 1, 6), date(2025, 3, 3)):
        content = made_pdf(long, only(long, "notification", dated=day))
        assert beyond_the_edge(content) == []
        text = text_of(content)
        assert LONG_NAME in text
        assert "東京都見本区" + "見本町" * 60 in text


def test_a_field_that_was_erased_is_left_empty(held: Matter) -> None:
    events = tuple(
        each._replace(personal=dict.fromkeys(each.personal or {}, "［消去済み］")) for each in held.events
    )
    erased = Matter(held.me, held.today, held.case, events, held.agencies)
    fields = fields_of(erased, only(erased, "notification", dated=date(2024, 10, 10)))
    assert fields["person"]["name"] == ""
    assert fields["person"]["birth_date"].strip().startswith("年")
