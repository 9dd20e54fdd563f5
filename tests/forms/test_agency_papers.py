"""The data medium's slip and receipt, the settlement statement, the entrustment contract's cover, field by field."""

from dataclasses import replace
from datetime import date
from typing import Any

from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from shared.forms.agency_matter import AgencyMatter
from shared.forms.catalogue import AGENCY_FORMS, agency_printouts
from shared.forms.rendering import pdf
from tests.care.stage import desk, directory, made
from tests.forms.reading import (
    LONG_ADDRESS,
    LONG_AGENCY,
    LONG_NAME,
    beyond_the_edge,
    lengthened_register,
    sheets,
    text_of,
)

ADACHI_WARD = "131219"
CASES = [f"7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d{number:04}" for number in range(60)]


def matter_of(*events: Any, persons: dict[str, str] | None = None) -> AgencyMatter:
    situation = desk(BILLING, *directory(), *events).situation(None)
    return AgencyMatter(BILLING, situation.today, situation.agency, persons or {})


def content_of(matter: AgencyMatter, form: str) -> bytes:
    """The PDF of the one printout of a form."""
    [printout] = [each for each in agency_printouts(matter) if each.form == form]
    return pdf(AGENCY_FORMS[form].template, AGENCY_FORMS[form].fields(matter, printout))


def submitted(**changes: Any) -> Any:
    """Claim data on a medium that a centre sent by courier on the published day."""
    fields = {
        "claimant": CENTRE,
        "insurer": ADACHI_WARD,
        "route": "ward",
        "examination_month": "2017-10",
        "submitted_on": "2017-10-05",
        "means": "courier",
        "contents": ["medium", "receipt_slip"],
        "brought_at": None,
        **changes,
    }
    return made("ClaimSubmitted", BILLING, date(2017, 10, 5), **fields)


def test_the_medium_s_slip_names_both_things_in_the_bag_and_what_the_bag_says_a_s1_a_s2() -> None:
    text = text_of(content_of(matter_of(submitted()), "data-medium"))
    assert text.startswith(
        "総合事業（介護予防ケアマネジメント費請求）用USB送付書足立区介護保険課介護給付係あて"
    )
    assert "文書交換便の『内容物』総合事業（介護予防ケアマネジメント費請求）用USB同封したもの" in text
    assert "■総合事業ケアマネジメント費請求受取確認書／受領書" in text
    assert "審査月平成29年10月交換便の発送締切日平成29年10月5日" in text
    assert "■文書交換便□持参" in text
    assert "受取確認書／受領書" in text.split("円")[-1]


def test_a_bag_that_lacks_the_receipt_slip_shows_so() -> None:
    text = text_of(content_of(matter_of(submitted(contents=["medium"])), "data-medium"))
    assert "■総合事業（介護予防ケアマネジメント費請求）用USB□総合事業ケアマネジメント費請求" in text


def test_a_year_without_a_table_has_no_dispatch_day_a_s12() -> None:
    later = submitted(examination_month="2019-10", submitted_on="2019-10-03")
    assert "交換便の発送締切日年月日" in text_of(content_of(matter_of(later), "data-medium"))


def test_the_receipt_says_when_it_came_whether_it_counts_and_that_the_medium_went_back_a_s9() -> None:
    sent = submitted()
    received = made(
        "SubmissionReceived",
        ADACHI_WARD,
        date(2017, 10, 10),
        submission_id=sent.data["submission_id"],
        ward=ADACHI_WARD,
        claimant=CENTRE,
        received_at="2017-10-10T10:05:00+09:00",
        counted=True,
        contents=["medium", "receipt_slip"],
        medium_returned_on="2017-10-12",
    )
    text = text_of(content_of(matter_of(sent, received), "data-medium"))
    assert "受け取った日時平成29年10月10日10時05分この審査月の請求■になる□にならない" in text
    assert "空のUSBの返送日平成29年10月12日" in text


def test_what_goes_over_the_wire_to_the_federation_has_no_slip() -> None:
    sent = submitted(route="federation", means="transmission", contents=[])
    assert agency_printouts(matter_of(sent)) == []


def stated(**changes: Any) -> Any:
    return made("SettlementStated", BILLING, date(2025, 3, 5), **changes)


def line(case: str, **changes: Any) -> dict[str, Any]:
    shares = {"yen": 5038, "office_yen": 4535, "centre_yen": 503}
    claim = {"kind": "claim", "claim_id": case, "service_month": "2025-01"}
    return {"case": case, **claim, **shares, **changes}


def test_a_statement_lists_each_person_s_month_with_shares_that_sum_to_the_fee() -> None:
    lines = [line(CASES[0]), line(CASES[1], kind="cancellation", service_month="2024-12")]
    matter = matter_of(
        stated(lines=lines, yen=0, office_yen=0, centre_yen=0, split_assumed=True),
        persons={CASES[0]: "見本 はな", CASES[1]: "見本 はる"},
    )
    text = text_of(content_of(matter, "settlement"))
    assert "1令和7年1月見本はな請求5,0384,535503" in text
    assert "2令和6年12月見本はる取消▲5,038▲4,535▲503" in text
    assert "合計（2件）000" in text
    assert "配分は、区の資料に定めがないため仮定" in text


def test_a_statement_below_zero_is_owed_back() -> None:
    lines = [line(CASES[0], kind="cancellation")]
    matter = matter_of(stated(lines=lines, yen=-5038, office_yen=-4535, centre_yen=-503, split_assumed=False))
    text = text_of(content_of(matter, "settlement"))
    assert "お返しいただく額4,535円" in text
    assert "仮定" not in text


def test_a_statement_of_sixty_long_names_goes_on_to_more_sheets() -> None:
    sums = {"yen": 5038 * 60, "office_yen": 4535 * 60, "centre_yen": 503 * 60}
    matter = matter_of(
        stated(lines=[line(each) for each in CASES], **sums), persons=dict.fromkeys(CASES, LONG_NAME)
    )
    content = content_of(matter, "settlement")
    assert len(sheets(content)) > 1
    assert beyond_the_edge(content) == []
    assert text_of(content).count("令和7年1月") == 60
    assert "合計（60件）302,280272,10030,180" in text_of(content)


def test_an_entrustment_contract_has_a_cover_with_both_parties_and_its_period_t_06r() -> None:
    signed = made("EntrustmentContractSigned", CENTRE, date(2024, 9, 20))
    text = text_of(content_of(matter_of(signed), "entrustment-contract"))
    assert text.startswith("介護予防支援業務等委託契約書")
    assert f"事業所{CENTRE}（{CENTRE}）" in text
    assert f"事業所{OFFICE}（{OFFICE}）" in text
    assert "契約日令和6年9月20日" in text
    assert WARD not in text


def test_the_longest_names_and_addresses_of_agencies_stay_in_their_boxes() -> None:
    signed = made("EntrustmentContractSigned", CENTRE, date(2024, 9, 20))
    lines = [line(CASES[0])]
    matter = matter_of(submitted(), stated(lines=lines), signed, persons={CASES[0]: LONG_NAME})
    matter = replace(matter, agencies=lengthened_register(matter.agencies))
    for form, reached in (("data-medium", False), ("settlement", True), ("entrustment-contract", True)):
        content = content_of(matter, form)
        assert beyond_the_edge(content) == [], form
        text = text_of(content)
        assert LONG_AGENCY in text, form
        assert (LONG_ADDRESS in text) == reached, form
