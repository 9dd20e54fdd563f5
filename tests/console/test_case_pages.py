"""The page of a case as each role sees it: what can be done, the risk, ledger, matrix, procedure."""

import re
from collections.abc import Callable
from datetime import date, datetime
from uuid import uuid4

import pytest

from contracts.events.sample import CENTRE, OFFICE, PERSON, WARD
from shared.care.events import CARE_EVENTS
from shared.console.offering import subject_of
from shared.console.papers import matrix_of
from shared.eventlog.model import NewEvent
from shared.node.recording import Cause
from tests.console.conftest import AGENCIES, Console, event, take_in


def actions(page: str) -> tuple[str, str]:
    """What can be done, and what can't with its reason, as the case page says."""
    found = page.split('<h2 id="commands">', 1)[1].split('<h2 id="timeline">', 1)[0]
    refused = re.findall(r'<div class="not-now">.*?</dl></div>', found, re.DOTALL)
    return re.sub(r'<div class="not-now">.*?</dl></div>', "", found, flags=re.DOTALL), "".join(refused)


def turn(page: str) -> str:
    """Whose turn it is and what to do next, as the case page says."""
    return page.split('<section class="turn"', 1)[1].split("</section>", 1)[0]


def test_actions_are_folded_by_subject_and_what_the_state_refuses_stands_there_with_the_reason(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("hokatsu")
    possible, refused = actions(browser.get(f"/cases/{case_id}").text)
    assert (
        possible.index("<summary>契約") < possible.index("契約を記録する") < possible.index("<summary>届出書")
    )
    assert "<details open" not in possible
    assert "同時契約を断る" not in possible
    assert "同時契約を断る" in refused
    assert "T-08" in refused.split("同時契約を断る", 1)[1].split("</dd>", 1)[0]
    before = node.log.head().position
    take_in(node, OFFICE, event("SimultaneousContractRequested", case_id))
    possible, refused = actions(browser.get(f"/cases/{case_id}").text)
    assert "同時契約を断る" in possible
    assert "同時契約を断る" not in refused
    assert node.log.head().position == before + 1  # asking recorded nothing


def test_what_to_do_next_stands_first_with_its_button_and_since_when_it_is_whose_turn(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("hokatsu")
    take_in(node, OFFICE, event("SimultaneousContractRequested", case_id))
    page = browser.get(f"/cases/{case_id}").text
    next_to_do = turn(page)
    assert "自分の事業所の番" in next_to_do
    assert "同時契約の依頼に返事をする" in next_to_do
    for command in ("AgreeToSimultaneousContract", "DeclineSimultaneousContract"):
        assert f'class="button" href="/cases/{case_id}/commands/{command}"' in next_to_do
    assert page.index('<section class="turn"') < page.index('<h2 id="duties">') < page.index('id="commands"')


def test_today_s_work_leads_to_the_form_where_it_is_done(console_of: Callable[[str], Console]) -> None:
    node, browser, case_id = console_of("hokatsu")
    take_in(node, OFFICE, event("SimultaneousContractRequested", case_id))
    own = browser.get("/").text.split('<h2 id="own">', 1)[1].split("<h2", 1)[0]
    assert f'/cases/{case_id}/commands/AgreeToSimultaneousContract">同時契約を承諾する' in own


def test_what_another_has_to_do_has_no_button_here(console_of: Callable[[str], Console]) -> None:
    node, browser, case_id = console_of("kyotaku")
    take_in(node, OFFICE, event("SimultaneousContractRequested", case_id))
    others = turn(browser.get(f"/cases/{case_id}").text).rsplit("の番", 1)[1]
    assert "同時契約の依頼に返事をする" in others
    assert "commands/" not in others


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("契約書類を補う", "契約"),
        ("届出書を差し戻す", "届出書"),
        ("サービス担当者会議を記録する", "アセスメントと計画"),
        ("サービスの利用終了を記録する", "サービス・モニタリング・実績"),
        ("支援経過記録を包括に提出する", "類型の変更と委託"),
        ("基本チェックリストを実施する", "相談・資格・被保険者証"),
        ("受給者台帳に登録する（事業対象者）", "相談・資格・被保険者証"),
        ("暫定プランについて包括に事前相談する", "アセスメントと計画"),
        ("支援を終える", "認定・状況の変化・支援の終了"),
        ("まだ知らないことをする", "その他"),
    ],
)
def test_a_command_s_subject_follows_from_its_title(title: str, subject: str) -> None:
    assert subject_of(title) == subject


def test_the_centre_sees_on_the_sheet_which_of_the_nine_documents_are_missing(
    console_of: Callable[[str], Console],
) -> None:
    """T-50, T-51."""
    node, browser, case_id = console_of("hokatsu")
    take_in(node, WARD, event("ReviewRequested", case_id))
    take_in(node, OFFICE, event("ReviewDocumentsSubmitted", case_id))
    sheet = re.search(r'href="(/cases/[^"]*/reviews/[^"]*)"', browser.get(f"/cases/{case_id}/plans").text)
    assert sheet is not None
    text = browser.get(sheet[1]).text
    assert (text.count(">あり</span>"), text.count(">不足</span>")) == (2, 7)
    assert "残りの書類は来週お届けします" in text


def test_what_the_case_could_not_take_in_is_told_above_its_state(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("kyotaku")
    pages = (f"/cases/{case_id}", f"/cases/{case_id}/replay")
    assert not any("反映できない" in browser.get(page).text for page in pages)
    again = event("CaseOpened", case_id, parties={CENTRE: "hokatsu"})
    take_in(node, CENTRE, again, again)
    for page in pages:
        text = browser.get(page).text
        assert "<strong>内容を反映できない記録があります</strong>　ケースの開始 2件</p>" in text


@pytest.mark.parametrize("service", ["kyotaku", "hokatsu"])
def test_the_risk_of_full_self_payment_stands_on_the_case_until_the_ward_has_the_report_and_after(
    console_of: Callable[[str], Console], service: str
) -> None:
    """T-67."""
    node, browser, case_id = console_of(service)
    take_in(node, WARD, event("OfficeDesignated", case_id, designated_from="2024-10-01"))
    text = browser.get(f"/cases/{case_id}").text
    assert "全額本人負担のおそれ" in text
    assert "区へのリスク対応策の報告がまだありません" in text
    take_in(node, OFFICE, event("RiskReported", case_id))
    take_in(node, WARD, event("RiskReportAccepted", case_id))
    text = browser.get(f"/cases/{case_id}").text
    assert "リスク対応策は区へ報告済みです（令和7年5月12日報告、令和7年5月14日受理）" in text
    take_in(node, WARD, event("ModelEnrolled", case_id))
    assert "全額本人負担のおそれ" not in browser.get(f"/cases/{case_id}").text


def test_the_ledger_of_a_case_shows_where_each_document_is(console_of: Callable[[str], Console]) -> None:
    """T-31, T-35."""
    node, browser, case_id = console_of("hokatsu")
    assert "書類の記録はまだありません" in browser.get(f"/cases/{case_id}/documents").text
    take_in(
        node,
        OFFICE,
        event("ContractSigned", case_id),
        event("PlanSubmitted", case_id),
        event("DocumentHandedOver", case_id),
    )
    case_page = browser.get(f"/cases/{case_id}").text
    assert f"/cases/{case_id}/documents" in case_page
    text = browser.get(f"/cases/{case_id}/documents").text
    for shown in (
        "介護予防支援利用契約書",
        "★",
        "本人の署名",
        "同時契約",
        "モニタリングの記録",
        "令和7年1月分",
    ):
        assert shown in text
    assert "評価表にコメントする" in text


@pytest.mark.parametrize("service", ["kyotaku", "hokatsu", "ward"])
def test_the_process_matrix_of_a_case_opens_from_its_page(
    console_of: Callable[[str], Console], service: str
) -> None:
    """T-06 to T-35: rows are the documents, the column is the case's track, each cell has a word and a reason."""
    node, browser, case_id = console_of(service)
    assert f"/cases/{case_id}/matrix" in browser.get(f"/cases/{case_id}").text
    take_in(node, OFFICE, event("ContractSigned", case_id, signed_on="2024-10-07", explained_on="2024-10-07"))
    text = browser.get(f"/cases/{case_id}/matrix").text
    for shown in (
        "受託・指定準備",
        "利用者基本情報",
        "★",
        "済み",
        "いまは不要",
        "T-27N",
        'scope="rowgroup"',
        "<caption>",
    ):
        assert shown in text
    assert "契約の締結" in text
    assert browser.get(f"/cases/{uuid4()}/matrix").status_code == 404


@pytest.mark.parametrize(
    ("asked", "shown", "hidden"),
    [
        ("2024-10-06", "令和6年10月6日（日）", "書類の記録はまだありません"),
        ("R6.10.4", "この日には", "利用契約書</th>"),
        ("2024-10-08", "今日（令和6年10月7日）以前の日付にしてください", "の時点です"),
        ("きのう", "「きのう」は日付として読めません", "の時点です"),
    ],
)
def test_matrix_and_ledger_can_be_seen_as_of_an_earlier_day(
    console_of: Callable[[str], Console], asked: str, shown: str, hidden: str
) -> None:
    """The day may be typed like any other; what was done later is not there, and a day to come can't be seen."""
    node, browser, case_id = console_of("hokatsu")
    take_in(node, OFFICE, event("ContractSigned", case_id), on=date(2024, 10, 5))
    for page in ("matrix", "documents"):
        text = browser.get(f"/cases/{case_id}/{page}", query_string={"as_of": asked}).text
        assert shown in text, page
        if page == "documents":
            assert hidden not in text


@pytest.mark.parametrize(("as_of", "state"), [(date(2024, 10, 5), "unseen"), (date(2024, 10, 6), "done")])
def test_the_matrix_of_an_earlier_day_knows_the_agencies_as_they_were_that_day(
    console_of: Callable[[str], Console], as_of: date, state: str
) -> None:
    """T-06N: a designation of the next day is not there yet, though it reaches back."""
    node, _, _ = console_of("hokatsu")
    case_id = uuid4()
    take_in(node, OFFICE, event("CaseOpened", case_id), on=date(2024, 10, 4))
    designated = event("OfficeDesignated", case_id, designated_from="2024-10-01")
    take_in(node, WARD, designated, on=date(2024, 10, 6))
    found, _ = matrix_of(node, case_id, as_of)
    assert [each.state for each in found.places if each.document == "designation"] == [state]


def test_the_timeline_says_who_recorded_in_words(console_of: Callable[[str], Console]) -> None:
    """Not the name of an account, and not a role's code."""
    node, browser, case_id = console_of("kyotaku")
    for actor in ("hanako", "command-line", "gone"):
        opened = NewEvent(
            "AssessmentRecorded", dict(CARE_EVENTS["AssessmentRecorded"].example), case_id=case_id
        )
        cause = uuid4()
        records = node.recorder.records([opened], Cause(cause, cause, actor, date(2024, 10, 7)))
        with node.log.write() as writing:
            writing.append(records)
    text = browser.get(f"/cases/{case_id}").text
    assert "記録者 見本 花子（介護支援専門員）" in text
    assert "記録者 コマンド" in text
    assert "記録者 gone" in text
    assert "記録者 hanako" not in text


def test_a_ledger_of_an_earlier_day_offers_nothing_to_do(console_of: Callable[[str], Console]) -> None:
    node, browser, case_id = console_of("hokatsu")
    take_in(node, OFFICE, event("ContractSigned", case_id), on=date(2024, 10, 5))
    now = browser.get(f"/cases/{case_id}/documents").text
    then = browser.get(f"/cases/{case_id}/documents?as_of=2024-10-05").text
    assert "/commands/" in now
    assert "利用契約書</th>" in then
    assert "/commands/" not in then


def test_a_due_date_that_no_document_states_is_shown_as_assumed_with_the_passage(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("hokatsu")
    take_in(node, OFFICE, event("SimultaneousContractRequested", case_id))
    passage = "返事の期限の記載はなく、日数は仮定"
    for page in ("/", f"/cases/{case_id}"):
        text = browser.get(page).text
        assert ">仮定</span>" in text
        assert passage in text


@pytest.mark.parametrize("service", sorted(AGENCIES))
def test_the_version_of_the_procedure_and_the_contact_of_the_day_stand_on_the_case_and_on_their_own_page(
    console_of: Callable[[str], Console], service: str
) -> None:
    """T-05, T-70."""
    node, browser, case_id = console_of(service)
    take_in(node, WARD, event("AgencyListed", case_id))
    for day, version, group in (
        ("2025-03-31", "（令和7年3月10日一部変更）", "基幹型センターグループ"),
        ("2025-04-01", "（令和7年3月10日一部変更）", "包括支援グループ"),
    ):
        node.set_clock(datetime.fromisoformat(f"{day}T09:00:00+09:00"))
        assert browser.sign_in("hanako").status_code == 302
        for page in (f"/cases/{case_id}", "/procedure"):
            text = browser.get(page).text
            for shown in (version, group, "03-4566-2431"):
                assert shown in text, (page, day)
    assert "仮定" in browser.get("/procedure").text
    assert 'href="/procedure"' in browser.get("/").text


def test_what_changes_when_is_shown_for_each_insurer_that_is_known(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("hokatsu")
    take_in(node, WARD, event("AgencyListed", case_id))
    node.set_clock(datetime.fromisoformat("2026-05-31T09:00:00+09:00"))
    assert browser.sign_in("hanako").status_code == 302
    assert 'href="/parameters"' in browser.get("/").text
    text = browser.get("/parameters").text
    ahead = text[text.index("これから変わるもの") : text.index("いまの値")]
    assert "令和8年6月1日" in ahead
    assert "処遇改善" in ahead
    assert "定めが終わる（次の値は登録されていません）" in ahead
    past = text[text.index("これまでに変わったもの") :]
    assert past.index("令和6年4月1日") < past.index("令和3年4月1日")
    for shown in ("豊島区（131169）", "438", "442", "単位／月"):
        assert shown in past or shown in text
    assert browser.get("/parameters?insurer=999999").status_code == 200


def test_a_person_is_taken_in_with_the_names_of_the_agencies_and_not_their_numbers(
    console_of: Callable[[str], Console],
) -> None:
    """The only ward of the directory stands in the form already; a part of the centre's name is enough."""
    node, browser, case_id = console_of("kyotaku")
    take_in(
        node,
        WARD,
        event("AgencyListed", case_id, agency=WARD, name="見本区", roles=["ward"]),
        event("AgencyListed", case_id, agency=CENTRE, name="見本地域包括", roles=["hokatsu"]),
    )
    assert f'name="insurer" value="{WARD}"' in browser.get("/commands/OpenCase").text
    person = {key: str(value) for key, value in PERSON.items() if value is not None}
    told = {"contact_agreed_on": "R6.10.1", "status": "project_eligible", **person}
    told |= {"sex": "female", "insurer": "見本区"}
    refused = browser.post("/commands/OpenCase", {**told, "centre": "どこかの包括"})
    assert refused.status_code == 400
    assert 'value="どこかの包括"' in refused.text
    assert "名前の一部でも入力できます" in refused.text
    opened = browser.send("/commands/OpenCase", {**told, "centre": "地域"})
    assert opened.status_code == 200, opened.text
    assert f"見本地域包括（{CENTRE}）" in opened.text


def test_only_a_result_says_that_a_person_needs_nothing(console_of: Callable[[str], Console]) -> None:
    """Who has applied and has no result yet is not called 非該当."""
    node, browser, _ = console_of("ward")
    case_id = uuid4()
    take_in(node, CENTRE, event("CaseOpened", case_id, status="none", certification=None))
    take_in(node, CENTRE, event("CertificationApplied", case_id, agency=CENTRE))
    for page in (f"/cases/{case_id}", "/cases", "/certifications"):
        text = browser.get(page).text.partition('id="timeline"')[0]
        assert "認定なし" in text, page
        assert "非該当" not in text, page
    nothing = event("CertificationResult", case_id, status="none", valid_from=None, valid_to=None)
    take_in(node, WARD, nothing)
    assert "<dd>非該当</dd>" in browser.get(f"/cases/{case_id}").text.partition('id="timeline"')[0]
