"""What a person does at a console: follow links, fill in a form by the labels they read, press its button."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator
from playwright.sync_api import Page as Window

Answers = Mapping[str, Any]
"""By label: words, the words of a choice, whether a box is ticked, several choices, or the rows of a table."""


@dataclass
class Person:
    """Somebody at a browser. Before they look at a page, what others have sent has ``arrived``."""

    window: Window
    arrived: Callable[[], None]

    @property
    def main(self) -> Locator:
        return self.window.locator("main")

    def goes_to(self, entry: str) -> None:
        self.arrived()
        menu(self.window, entry)

    def opens(self, person: str) -> None:
        """Somebody's case from the list of cases."""
        self.arrived()
        case_of(self.window, person)

    def follows(self, link: str) -> None:
        """A link of the page by its words, unfolding what it lies in."""
        found = self.main.locator("a", has_text=re.compile(rf"^\s*{re.escape(link)}\s*$")).first
        unfold(found)
        follow(found)

    def unfolds(self, *words: str) -> None:
        """What lies folded under a heading that holds all these words."""
        found = self.main.locator("summary")
        for each in words:
            found = found.filter(has_text=each)
        found.last.click()

    def presses(self, button: str) -> None:
        follow(self.main.get_by_role("button", name=button, exact=True).first)

    def fills(self, answers: Answers, form: Locator | None = None) -> None:
        fill(form or self.main, answers)

    def chooses(self, label: str, answer: str) -> None:
        """One answer of a list, by how its label begins."""
        box = self.main.get_by_label(re.compile(rf"^\s*{re.escape(label)}")).first
        box.select_option(label=answer)

    def does(self, link: str, answers: Answers | None = None, title: str = "") -> None:
        """What a link of the page offers, by its form: the page then says that it is recorded.

        ``title`` is what the form calls it where the link says more than that.
        """
        self.tries(link, answers)
        assert outcome_shown(self.window) == f"記録しました：{title or link}", self.reads()[:2000]

    def tries(self, link: str, answers: Answers | None = None) -> None:
        """What a link of the page offers, by its form, whatever becomes of it."""
        self.follows(link)
        self.fills(answers or {})
        self.presses("記録する")

    def reads(self) -> str:
        return self.main.inner_text()

    def sees(self, *words: str) -> None:
        text = self.reads()
        for each in words:
            assert each in text, f"{each!r} is not on {self.window.url}:\n{text[:4000]}"

    def misses(self, *words: str) -> None:
        text = self.reads()
        for each in words:
            assert each not in text, f"{each!r} is on {self.window.url}:\n{text}"

    def row(self, *words: str) -> str:
        """The row of a table of the page that holds all these words."""
        return " ".join(self.row_of(*words).inner_text().split())

    def row_of(self, *words: str) -> Locator:
        found = self.main.locator("tr")
        for each in words:
            found = found.filter(has_text=each)
        assert found.count(), f"no row with {words} on {self.window.url}:\n{self.reads()}"
        unfold(found.first)
        return found.first

    def follows_in_row(self, link: str, *words: str) -> None:
        """A link that begins so, in the row of a table that holds all these words."""
        begins = re.compile(rf"^\s*{re.escape(link)}")
        follow(self.row_of(*words).get_by_role("link", name=begins).first)

    def row_of_field(self, label: str) -> Locator:
        """The row of a table in which the field stands that is read out so."""
        return self.main.locator("tr", has=self.window.get_by_label(_titled(label)))


def menu(window: Window, name: str) -> None:
    follow(window.get_by_role("navigation", name="メニュー").get_by_role("link", name=name, exact=True))


def case_of(window: Window, person: str) -> None:
    """Open somebody's case from the list of cases."""
    menu(window, "利用者・ケース")
    follow(window.locator("main").get_by_role("link", name=person, exact=True).first)


def open_form(window: Window, command: str) -> None:
    """Follow the page's link to a command's form, unfolding what it lies in."""
    link = window.locator(f'main a[href*="/commands/{command}"]').first
    unfold(link)
    follow(link)


def unfold(link: Locator) -> None:
    for folded in link.locator("xpath=ancestor::details[not(@open)]/summary").all():
        folded.click()


def follow(link: Locator) -> None:
    """Click what leads to another page, and wait for it."""
    with link.page.expect_navigation(wait_until="domcontentloaded"):
        link.click()


def fill(form: Locator, answers: Answers) -> None:
    """Fill in by label."""
    for label, answer in answers.items():
        if isinstance(answer, Sequence) and not isinstance(answer, str):
            group = form.get_by_role("group", name=_titled(label)).first
            if answer and isinstance(answer[0], Mapping):
                _fill_rows(group, label, answer)
            else:
                _tick(group, answer)
            continue
        box = form.get_by_label(_titled(label)).first
        if isinstance(answer, bool):
            box.set_checked(answer)
        elif box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(label=answer)
        else:
            box.fill(answer)


def _fill_rows(group: Locator, label: str, rows: Sequence[Answers]) -> None:
    for number, row in enumerate(rows):
        if group.locator("> fieldset").count() == number:
            follow(group.get_by_role("button", name=f"{label}の行を追加する"))
        fill(group.locator("> fieldset").nth(number), row)


def _tick(group: Locator, chosen: Sequence[str]) -> None:
    for each in group.get_by_role("checkbox").all():
        each.set_checked(False)
    for each in chosen:
        group.get_by_label(each, exact=True).set_checked(True)


def _titled(label: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{re.escape(label)}(必須)?\s*$")


def record(window: Window) -> str:
    """Press the button of a form; what the next page says became of it."""
    follow(window.get_by_role("button", name="記録する", exact=True))
    return outcome_shown(window)


def outcome_shown(window: Window) -> str:
    return window.locator(".message h2").first.inner_text()
