"""Working with the keyboard alone, without scripts, with a nervous finger, with the back button, on paper, in audit."""

import unicodedata
from io import BytesIO
from uuid import UUID

from playwright.sync_api import Page as Window
from pypdf import PdfReader

from tests.browser.by_hand import case_of, fill, follow, menu, open_form, outcome_shown, record
from tests.browser.conftest import Lived

MONITORING = {"方法": "居宅訪問", "モニタリングの内容": "玄関の段差を確かめた"}
FOCUS = """() => {
  const it = document.activeElement, style = getComputedStyle(it);
  const seen = style.outlineStyle !== "none" && style.outlineWidth !== "0px";
  return [it.tagName, (it.innerText || it.name || "").trim(), seen];
}"""
SEEN = "found => found.some(each => each.checkVisibility({visibilityProperty: true}))"


def monitored(lived: Lived, month: str) -> int:
    """How often the office has recorded that month's monitoring of the demo's case."""
    node = lived.town.consoles["office"].node
    events = node.replay(UUID(lived.played.cases["hana"])).events
    return sum(each.type == "MonitoringRecorded" and each.data["month"] == month for each in events)


def monitoring_form(window: Window, month: str) -> None:
    case_of(window, "見本 はな")
    open_form(window, "RecordMonitoring")
    fill(window.locator("main form"), MONITORING | {"対象月": month})


def test_a_day_s_work_is_done_without_scripts(lived: Lived) -> None:
    window = lived.town.somebody("office", "care_manager", scripts=False)
    monitoring_form(window, "令和7年4月")
    assert record(window) == "記録しました：モニタリングを記録する"
    assert monitored(lived, "2025-04") == 1
    window.context.close()


def tab_to(window: Window, tag: str, text: str) -> None:
    """Press Tab until what is named has the focus; on the way the focus is always to be seen."""
    for _ in range(150):
        window.keyboard.press("Tab")
        found, name, seen = window.evaluate(FOCUS)
        if found == "BODY":
            continue
        assert seen, f"the focus on {found} {name!r} can't be seen"
        if (found, text) == (tag, name):
            return
    raise AssertionError(f"no {tag} {text!r} is reached by Tab")


def enter(window: Window) -> None:
    with window.expect_navigation(wait_until="domcontentloaded"):
        window.keyboard.press("Enter")


def test_a_day_s_work_is_done_with_the_keyboard_alone(lived: Lived) -> None:
    window = lived.town.somebody("office", "care_manager")
    tab_to(window, "A", "本文へ移動")
    window.keyboard.press("Enter")
    assert window.evaluate("() => document.activeElement.id") == "main"
    menu(window, "利用者・ケース")
    tab_to(window, "A", "見本 はな")
    enter(window)
    tab_to(window, "A", "操作の一覧")
    window.keyboard.press("Enter")
    subject = window.locator("summary", has_text="サービス・モニタリング・実績").inner_text().strip()
    tab_to(window, "SUMMARY", subject)
    window.keyboard.press("Enter")
    tab_to(window, "A", "モニタリングを記録する")
    enter(window)
    tab_to(window, "INPUT", "month")
    window.keyboard.type("R7.5")
    tab_to(window, "SELECT", window.locator("select[name=means]").inner_text().strip())
    window.keyboard.press("ArrowDown")
    tab_to(window, "TEXTAREA", "findings")
    window.keyboard.type("keyboard")
    tab_to(window, "BUTTON", "記録する")
    enter(window)
    assert outcome_shown(window) == "記録しました：モニタリングを記録する"
    assert monitored(lived, "2025-05") == 1
    window.context.close()


def test_two_clicks_and_a_way_back_record_once(lived: Lived) -> None:
    window = lived.town.somebody("office", "care_manager")
    monitoring_form(window, "令和7年6月")
    with window.expect_navigation(wait_until="domcontentloaded"):
        window.get_by_role("button", name="記録する").dblclick()
    window.wait_for_url("**/cases/*done=*")
    assert monitored(lived, "2025-06") == 1
    window.go_back(wait_until="domcontentloaded")
    if window.locator("[name=findings]").input_value():
        follow(window.get_by_role("button", name="記録する"))
    assert monitored(lived, "2025-06") == 1
    window.context.close()


def test_a_case_on_paper_has_its_words_and_nothing_to_click(lived: Lived) -> None:
    window = lived.town.somebody("office", "care_manager")
    window.goto(f"{lived.town.consoles['office'].url}/cases/{lived.played.cases['hana']}")
    window.emulate_media(media="print")
    for what in ("nav.menu", ".who", "button", ".button", ".skip", "footer"):
        assert not window.locator(what).evaluate_all(SEEN), what
    paper = PdfReader(BytesIO(window.pdf(format="A4")))
    # Some glyphs come out of a PDF as radicals that only look like their characters.
    words = unicodedata.normalize("NFKC", "".join(page.extract_text() for page in paper.pages))
    text = "".join(words.split())
    assert "見本はなさん" in text
    assert "サインアウト" not in text
    sides = {tuple(round(float(side) / 72 * 2.54, 1) for side in page.mediabox[2:]) for page in paper.pages}
    assert sides == {(21.0, 29.7)}
    window.context.close()


def test_an_auditor_sees_what_was_known_on_a_day(lived: Lived) -> None:
    window = lived.town.somebody("office", "auditor")
    case_of(window, "見本 はな")
    assert window.get_by_role("link", name="モニタリングを記録する").count() == 0
    follow(window.locator("main").get_by_role("link", name="履歴の再現").first)
    window.get_by_label("いつまでに知っていたか").fill("R6.12.27 12:00")
    follow(window.get_by_role("button", name="再現する"))
    told = window.locator("main").inner_text()
    assert "令和6年12月27日 12:00まで" in told
    assert "次の変更" in window.locator(".facts").first.inner_text()
    window.context.close()


def test_guessing_a_password_ends_in_a_wait_and_says_so(lived: Lived) -> None:
    window = lived.town.browser.new_page(locale="ja-JP")
    window.goto(lived.town.consoles["centre_outside"].url)
    for _ in range(5):
        window.get_by_label("利用者名").fill("staff")
        window.get_by_label("パスワード").fill("ちがう合言葉です2024")
        follow(window.get_by_role("button", name="サインイン"))
    window.get_by_label("利用者名").fill("staff")
    window.get_by_label("パスワード").fill("とてもながい合言葉-2024")
    follow(window.get_by_role("button", name="サインイン"))
    assert window.get_by_role("button", name="サインイン").count() == 1
    assert "使えなくなります" in window.locator("main").inner_text()
    window.close()
